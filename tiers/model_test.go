package tiers

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
)

// The model answers the same questions the long way round: it walks the conditions of the Config, asks
// of every fact and every day separately, and calculates in fractions.

type model struct {
	cfg  Config
	f    Facts
	at   time.Time
	held Held
}

// date is the local day of an instant, counted from some day or other.
func (m *model) date(t time.Time) time.Time {
	y, mo, d := t.In(shanghai).Date() // no zone tricks here: Shanghai has no clock changes since 1991
	return time.Date(y, mo, d, 0, 0, 0, 0, time.UTC)
}

// back returns the day n months before, clamped.
func back(d time.Time, n int) time.Time {
	first := time.Date(d.Year(), d.Month()-time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1)
	return first.AddDate(0, 0, min(d.Day(), last.Day())-1)
}

func (m *model) within(w Window, day time.Time) bool {
	today := m.date(m.at)
	if day.After(today) {
		return false
	}
	switch w.Kind {
	case KindRolling:
		if w.Days > 0 {
			return today.Sub(day) < time.Duration(w.Days)*24*time.Hour
		}
		return day.After(back(today, w.Months))
	case KindCalendar:
		months := map[Period]int{Month: 1, Quarter: 3, Year: 12}[w.Period]
		return day.Year() == today.Year() && (int(day.Month())-1)/months == (int(today.Month())-1)/months
	case KindFixedYear:
		return !day.Before(m.latest(w.Start, today))
	case KindAnniversary:
		return !day.Before(m.latest(m.date(m.f.Joined).Format("01-02"), today))
	case KindSinceEntry:
		return m.held.Since.IsZero() || !day.Before(m.date(m.held.Since))
	default:
		return true
	}
}

// latest walks back from a day to the first one that is the yearly return of MM-DD.
func (m *model) latest(start string, d time.Time) time.Time {
	for {
		leap := d.AddDate(0, 0, 1).Day() == 1 && d.Month() == time.February
		if d.Format("01-02") == start || leap && start == "02-29" {
			return d
		}
		d = d.AddDate(0, 0, -1)
	}
}

func (m *model) order(id string) Order {
	return m.f.Orders[slices.IndexFunc(m.f.Orders, func(o Order) bool { return o.ID == id })]
}

// gone reports whether an order is refunded in full by now.
func (m *model) gone(o Order) bool {
	left, pieces := o.Net, o.Pieces
	for _, r := range m.f.Refunds {
		if r.Order == o.ID && !r.At.After(m.at) {
			left, pieces = left.Sub(r.Amount), pieces-r.Pieces
		}
	}
	if o.Net.IsZero() {
		return o.Pieces > 0 && pieces == 0
	}
	return left.IsZero()
}

func (m *model) totals(w Window) (spend *big.Rat, orders, pieces int64) {
	spend = new(big.Rat)
	for _, o := range m.f.Orders {
		if o.At.After(m.at) || !m.within(w, m.date(o.At)) {
			continue
		}
		spend.Add(spend, o.Net.Rat())
		if m.gone(o) {
			for _, r := range m.f.Refunds {
				if r.Order == o.ID && !r.At.After(m.at) {
					pieces += r.Pieces // they are taken off again below
				}
			}
			continue
		}
		orders++
		pieces += o.Pieces
	}
	for _, r := range m.f.Refunds {
		day := m.date(r.At)
		if r.Order != "" {
			day = m.date(m.order(r.Order).At)
		}
		if !r.At.After(m.at) && m.within(w, day) {
			spend.Sub(spend, r.Amount.Rat())
			pieces -= r.Pieces
		}
	}
	return spend, orders, pieces
}

// value is the metric as a fraction, or nil.
func (m *model) value(c Condition) *big.Rat {
	if (c.Metric == DaysSinceJoin || c.Window.Kind == KindAnniversary) && m.f.Joined.After(m.at) {
		return nil
	}
	spend, orders, pieces := m.totals(c.Window)
	sum := new(big.Rat)
	switch c.Metric {
	case NetSpend:
		return spend
	case Orders:
		return sum.SetInt64(orders)
	case Pieces:
		return sum.SetInt64(pieces)
	case MeanOrder, MeanPiece:
		by := map[Metric]int64{MeanOrder: orders, MeanPiece: pieces}[c.Metric]
		if by <= 0 || orders < c.MinOrders {
			return nil
		}
		return spend.Quo(spend, sum.SetInt64(by))
	case Growth:
		for _, e := range m.f.Growth {
			if !e.At.After(m.at) && m.within(c.Window, m.date(e.At)) {
				sum.Add(sum, new(big.Rat).SetInt64(e.Points))
			}
		}
		return sum
	case Custom:
		for _, n := range m.f.Numbers {
			if n.Name == c.Number && !n.At.After(m.at) && m.within(c.Window, m.date(n.At)) {
				sum.Add(sum, n.Value.Rat())
			}
		}
		return sum
	case DaysSinceJoin:
		return sum.SetInt64(int64(m.date(m.at).Sub(m.date(m.f.Joined)) / (24 * time.Hour)))
	default:
		var latest *big.Rat
		for _, o := range m.f.Orders {
			if n := int64(m.date(m.at).Sub(m.date(o.At)) / (24 * time.Hour)); !o.At.After(m.at) && !m.gone(o) {
				if d := new(big.Rat).SetInt64(n); latest == nil || d.Cmp(latest) < 0 {
					latest = d
				}
			}
		}
		return latest
	}
}

func (m *model) holds(c *Condition) bool {
	of, need := c.All, len(c.All)
	if c.Any != nil {
		of, need = c.Any, max(1, c.N)
	}
	if of == nil {
		v := m.value(*c)
		return v != nil && (c.AtLeast != nil && v.Cmp(c.AtLeast.Rat()) >= 0 || c.AtMost != nil && v.Cmp(c.AtMost.Rat()) <= 0)
	}
	for i := range of {
		if m.holds(&of[i]) {
			need--
		}
	}
	return need <= 0
}

func (m *model) decide() string {
	held := max(0, slices.IndexFunc(m.cfg.Levels, func(v Level) bool { return v.ID == m.held.Level }))
	for i, v := range slices.Backward(m.cfg.Levels) {
		if i == 0 || m.holds(&v.Enter) || i <= held && !v.Keep.none() && m.holds(&v.Keep) {
			return v.ID
		}
	}
	return ""
}

type dice struct{ *rand.Rand }

func (r dice) instant() time.Time {
	at := time.Date(2023, 1, 1, 0, 0, 0, 0, shanghai).Add(time.Duration(r.Int64N(3*365*24)) * time.Hour)
	return at.Add(time.Duration(r.IntN(3)-1) * time.Microsecond) // around the edges of days too
}

func (r dice) window() Window {
	starts := []string{"01-01", "02-29", "04-01", "12-31"}
	return []Window{
		Rolling(1 + r.IntN(14)), RollingDays(1 + r.IntN(100)), Calendar(Month), Calendar(Quarter), Calendar(Year),
		FixedYear(starts[r.IntN(len(starts))]), Anniversary(), SinceEntry(), Lifetime(),
	}[r.IntN(9)]
}

func (r dice) condition(depth int) Condition {
	if depth > 0 && r.IntN(3) == 0 {
		of := make([]Condition, 1+r.IntN(3))
		for i := range of {
			of[i] = r.condition(depth - 1)
		}
		if r.IntN(2) == 0 {
			return All(of...)
		}
		return AnyN(r.IntN(len(of)+1), of...)
	}
	kinds := []Metric{NetSpend, Orders, Pieces, MeanOrder, MeanPiece, Growth, DaysSinceOrder, DaysSinceJoin, Custom}
	c := Condition{Metric: kinds[r.IntN(len(kinds))]}
	bound := decimal.NewFromInt(r.Int64N(4) + 1)
	switch c.Metric {
	case NetSpend, MeanOrder, MeanPiece:
		bound = decimal.New(r.Int64N(20_000)+1, -2)
	case DaysSinceOrder, DaysSinceJoin:
		bound = decimal.NewFromInt(r.Int64N(400) + 1)
	case Orders, Pieces, Growth:
	case Custom:
		c.Number, bound = "hours", decimal.New(r.Int64N(30)+1, -1)
	}
	if c.Metric != DaysSinceOrder && c.Metric != DaysSinceJoin {
		c.Window = r.window()
	}
	if (c.Metric == MeanOrder || c.Metric == MeanPiece) && r.IntN(2) == 0 {
		c.MinOrders = r.Int64N(4)
	}
	if c.AtLeast = &bound; r.IntN(4) == 0 {
		c.AtLeast, c.AtMost = nil, &bound
	}
	return c
}

func (r dice) facts() Facts {
	f := Facts{Joined: r.instant()}
	for i := range r.IntN(8) {
		o := Order{ID: fmt.Sprint(i), At: r.instant(), Net: decimal.New(r.Int64N(10_000)*min(1, r.Int64N(6)), -2), Pieces: r.Int64N(4)}
		f.Orders = append(f.Orders, o)
		money, pieces := o.Net.CoefficientInt64(), o.Pieces
		for range r.IntN(3) {
			part, some := r.Int64N(money+1), r.Int64N(pieces+1)
			if r.IntN(2) == 0 {
				part = money
			}
			money, pieces = money-part, pieces-some // pieces may come back after the last money went
			late := time.Duration(r.IntN(60)) * 24 * time.Hour
			f.Refunds = append(f.Refunds, Refund{o.ID, o.At.Add(late), decimal.New(part, -2), some})
		}
	}
	for range r.IntN(3) {
		f.Refunds = append(f.Refunds, Refund{At: r.instant(), Amount: decimal.New(r.Int64N(3000), -2), Pieces: r.Int64N(2)})
		f.Growth = append(f.Growth, Earned{r.instant(), r.Int64N(6) - 1})
		f.Numbers = append(f.Numbers, Counted{"hours", r.instant(), decimal.New(r.Int64N(30), -1)})
	}
	r.Shuffle(len(f.Orders), func(i, j int) { f.Orders[i], f.Orders[j] = f.Orders[j], f.Orders[i] })
	r.Shuffle(len(f.Refunds), func(i, j int) { f.Refunds[i], f.Refunds[j] = f.Refunds[j], f.Refunds[i] })
	return f
}

// agree asks ladder and model the same about a random programme and a random member.
func agree(t *testing.T, seed uint64) (compiled bool) {
	t.Helper()
	r := dice{rand.New(rand.NewPCG(seed, 1))}
	cfg := Config{Zone: "Asia/Shanghai", Scale: 2, Numbers: []Number{{Name: "hours", Scale: 1}}, Levels: []Level{{ID: "base"}}}
	for i := range 1 + r.IntN(4) {
		v := Level{ID: fmt.Sprint("level", i), Enter: r.condition(2)}
		if r.IntN(2) == 0 {
			v.Keep = r.condition(2)
		}
		cfg.Levels = append(cfg.Levels, v)
	}
	l, err := New(cfg)
	if err != nil {
		return false
	}
	f := r.facts()
	a := activity(t, l, f)
	for range 20 {
		m := model{cfg, f, r.instant(), Held{}}
		if r.IntN(3) > 0 {
			m.held = Held{cfg.Levels[r.IntN(len(cfg.Levels))].ID, r.instant()}
		}
		d, err := l.Decide(a, m.at, m.held)
		if err != nil {
			t.Fatal(err)
		}
		if want := m.decide(); d.Level != want {
			t.Fatalf("seed %d: %s at %v with %+v, the model says %s\nconfig %+v\nfacts %+v", seed, d.Level, m.at, m.held, want, cfg, f)
		}
		consistent(t, l, a, &m, d)
	}
	return true
}

// consistent checks that Explain and Progress tell the same story as Decide.
func consistent(t *testing.T, l *Ladder, a *Activity, m *model, d Decision) {
	t.Helper()
	e, err := l.Explain(a, m.at, m.held)
	if err != nil || e.Decision != d {
		t.Fatalf("explained %+v, %v; decided %+v", e.Decision, err, d)
	}
	first := slices.IndexFunc(e.Levels, func(r Ruling) bool { return r.Finding.Holds })
	if first < 0 && d.Rank != 0 || first >= 0 && e.Levels[first].Level != d.Level {
		t.Fatalf("decided %+v, explained %+v", d, e)
	}
	for _, r := range e.Levels {
		honest(t, r.Finding)
	}
	p, err := l.Progress(a, m.at, m.held)
	if err != nil || p.From != d.Level || (p.To == "") != (d.Rank == len(m.cfg.Levels)-1) {
		t.Fatalf("progress %+v, %v; decided %+v", p, err, d)
	}
	met := 0
	for _, g := range p.Goals {
		if g.Holds {
			met++
		}
		if g.Needs.IsNegative() || g.Holds && g.Needs.IsPositive() ||
			!g.AtMost && !g.Missing && g.Holds != g.Whole.Percent(0).Equal(decimal.NewFromInt(100)) {
			t.Fatalf("goal %+v", g)
		}
	}
	if p.To != "" && (p.Need < 1 || p.Need > len(p.Goals)) {
		t.Fatalf("progress %+v", p)
	}
	if all := len(p.Goals); all > 0 && met == all {
		t.Fatalf("every goal of %s is met, but the level is %s", p.To, d.Level)
	}
}

// honest checks that what is shown supports the verdict.
func honest(t *testing.T, f Finding) {
	t.Helper()
	held := 0
	for _, part := range f.Of {
		honest(t, part)
		if part.Holds {
			held++
		}
	}
	if f.Evidence == nil {
		if f.Holds != (held >= f.Need) {
			t.Fatalf("finding %+v", f)
		}
		return
	}
	e := f.Evidence
	c := e.Value.Cmp(e.Bound)
	if shown := !e.Missing && (c == 0 || e.AtMost == (c < 0)); shown != e.Holds || f.Holds != e.Holds {
		t.Fatalf("evidence %+v says %q", e, e.Text("en"))
	}
}

func TestModel(t *testing.T) {
	compiled := 0
	for seed := range uint64(1000) {
		if agree(t, seed) {
			compiled++
		}
	}
	if compiled < 700 {
		t.Fatalf("only %d of 1000 programmes compile", compiled)
	}
}

func FuzzDecide(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) { agree(t, seed) })
}
