package points

import (
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"sort"
	"testing"

	"github.com/shopspring/decimal"
)

// The oracle works an award out the long way, on fractions, from the Config itself: no terms, no
// minor units, nothing shared with the code it judges. It knows the rules, not the conditions on the
// order as a whole.

type oracle struct {
	c    Config
	o    Order
	over bool // some number of points is beyond int64
}

// sum adds numbers of points.
func (w *oracle) sum(a, b int64) int64 {
	n := new(big.Int).Add(big.NewInt(a), big.NewInt(b))
	w.over = w.over || !n.IsInt64()
	return n.Int64()
}

func rat(d decimal.Decimal) *big.Rat { return d.Rat() }

func ratSum(list []*big.Rat) *big.Rat {
	sum := new(big.Rat)
	for _, r := range list {
		sum.Add(sum, r)
	}
	return sum
}

func floorRat(r *big.Rat) int64 { return new(big.Int).Div(r.Num(), r.Denom()).Int64() }

// largest rounds exact parts so that they sum to total.
func largest(exact []*big.Rat, total int64) []int64 {
	parts, order := make([]int64, len(exact)), make([]int, len(exact))
	for i, r := range exact {
		parts[i], order[i] = floorRat(r), i
		total -= parts[i]
	}
	rest := func(i int) *big.Rat { return new(big.Rat).Sub(exact[i], new(big.Rat).SetInt64(parts[i])) }
	sort.SliceStable(order, func(a, b int) bool { return rest(order[a]).Cmp(rest(order[b])) > 0 })
	bump := order[:max(0, total)]
	for _, i := range bump {
		parts[i]++
	}
	return parts
}

// spreadCents divides cents over weights.
func spreadCents(total int64, weights []int64) []int64 {
	var sum int64
	for _, w := range weights {
		sum += w
	}
	exact := make([]*big.Rat, len(weights))
	for i, w := range weights {
		exact[i] = new(big.Rat)
		if sum > 0 {
			exact[i].SetFrac(new(big.Int).Mul(big.NewInt(total), big.NewInt(w)), big.NewInt(sum))
		}
	}
	return largest(exact, total)
}

func cents(d decimal.Decimal) int64 { return floorRat(rat(d.Mul(decimal.NewFromInt(100)))) }

// nets returns what each line costs after all discounts, in cents.
func (w *oracle) nets() []int64 {
	amounts := make([]int64, len(w.o.Lines))
	for i, l := range w.o.Lines {
		amounts[i] = cents(l.Price)*max(1, l.Quantity) - cents(l.Discount)
	}
	nets := slices.Clone(amounts)
	for i, off := range spreadCents(cents(w.o.Discount), amounts) {
		nets[i] -= off
	}
	return nets
}

// basis returns what earns of each line of which gone cents were returned, in the policy's currency.
func (w *oracle) basis(gone []int64) []*big.Rat {
	rate := big.NewRat(1, 100)
	if !w.o.Rate.IsZero() {
		rate.Mul(rate, rat(w.o.Rate))
	}
	out := make([]*big.Rat, len(w.o.Lines))
	for i, net := range w.nets() {
		out[i] = new(big.Rat)
		if l := w.o.Lines[i]; !l.GiftCard && !slices.Contains(l.Tags, "out") {
			out[i].Mul(big.NewRat(net-gone[i], 1), rate)
		}
	}
	return out
}

func chosen(w When, l Line) bool {
	for _, tag := range l.Tags {
		if slices.Contains(w.WithoutTags, tag) {
			return false
		}
	}
	return len(w.Tags) == 0 || slices.ContainsFunc(w.Tags, func(t string) bool { return slices.Contains(l.Tags, t) })
}

func (w *oracle) reached(c When, basis []*big.Rat) bool {
	sum := new(big.Rat)
	for i, b := range basis {
		if chosen(c, w.o.Lines[i]) {
			sum.Add(sum, b)
		}
	}
	return sum.Cmp(rat(c.Spend)) >= 0
}

// factor of a line, or of the order for line -1.
func (w *oracle) factor(line int, family string, basis []*big.Rat) *big.Rat {
	stacks := map[string][]*big.Rat{}
	if !w.o.Times.IsZero() {
		stacks[""] = append(stacks[""], rat(w.o.Times))
	}
	for _, m := range w.c.Modifiers {
		scoped := len(m.When.Tags)+len(m.When.WithoutTags) > 0
		switch {
		case scoped && (line < 0 || !chosen(m.When, w.o.Lines[line])), !w.reached(m.When, basis),
			len(m.Families) > 0 && !slices.Contains(m.Families, family):
		default:
			stacks[m.StackGroup] = append(stacks[m.StackGroup], rat(m.Factor))
		}
	}
	how := map[string]Stack{"": w.c.Stack}
	for _, g := range w.c.StackGroups {
		how[g.Name] = g.Stack
	}
	one := big.NewRat(1, 1)
	total := big.NewRat(1, 1)
	for name, factors := range stacks {
		group := big.NewRat(1, 1)
		switch how[name] {
		case Product:
			for _, f := range factors {
				group.Mul(group, f)
			}
		case Best:
			group = slices.MaxFunc(factors, func(a, b *big.Rat) int { return a.Cmp(b) })
		default:
			for _, f := range factors {
				group.Add(group, new(big.Rat).Sub(f, one))
			}
		}
		total.Add(total, new(big.Rat).Sub(group, one))
	}
	if total.Sign() < 0 {
		return new(big.Rat)
	}
	return total
}

func times(n, points int64) *big.Rat {
	return new(big.Rat).Mul(big.NewRat(n, 1), big.NewRat(points, 1))
}

type oracleCell struct {
	source, line int
	value, plain *big.Rat
}

// award returns base and bonus points after caps, and what they were before.
func (w *oracle) award(gone []int64) (base, bonus, desired int64) {
	w.over = false
	basis, full := w.basis(gone), w.basis(make([]int64, len(gone)))
	if ratSum(basis).Sign() == 0 {
		return 0, 0, 0
	}
	var cells []oracleCell
	var ids []string
	add := func(source, line int, plain *big.Rat, family string) {
		cells = append(cells, oracleCell{source, line, new(big.Rat).Mul(plain, w.factor(line, family, basis)), plain})
	}
	owned := map[string][]int{} // family -> lines that have a rule
	for s, r := range w.c.Rules {
		ids = append(ids, r.ID)
		if !w.reached(r.When, basis) {
			continue
		}
		whole := new(big.Rat)
		for i, l := range w.o.Lines {
			if basis[i].Sign() == 0 || !chosen(r.When, l) || slices.Contains(owned[r.Family], i) {
				continue
			}
			owned[r.Family] = append(owned[r.Family], i)
			switch {
			case r.Linear != nil:
				n := new(big.Rat).Quo(basis[i], rat(r.Linear.Per))
				add(s, i, n.Mul(n, big.NewRat(r.Linear.Points, 1)), r.Family)
			case r.Unit != nil:
				left := new(big.Rat).SetFrac64(w.nets()[i]-gone[i], w.nets()[i])
				add(s, i, times(floorRat(left.Mul(left, big.NewRat(max(1, l.Quantity), 1))), r.Unit.Points), r.Family)
			case r.Step.Of == PerLine:
				add(s, i, times(floorRat(new(big.Rat).Quo(basis[i], rat(r.Step.Per))), r.Step.Points), r.Family)
			default:
				whole.Add(whole, basis[i])
			}
		}
		if whole.Sign() > 0 {
			add(s, -1, times(floorRat(whole.Quo(whole, rat(r.Step.Per))), r.Step.Points), r.Family)
		}
	}
	extras := make([]int64, len(w.c.Rules)+len(w.c.Bonuses))
	bases := make([]int64, len(extras))
	for i, b := range w.c.Bonuses {
		s := len(ids)
		ids = append(ids, b.ID)
		tested := basis
		if b.Keep {
			tested = full
		}
		some := new(big.Rat)
		for j, l := range w.o.Lines {
			if chosen(b.When, l) {
				some.Add(some, tested[j])
			}
		}
		switch {
		case !w.reached(b.When, tested) || some.Sign() == 0:
		case b.MultiplyMe:
			add(s, -1, big.NewRat(b.Points, 1), b.Family)
			cells[len(cells)-1].plain = new(big.Rat)
		default:
			extras[len(w.c.Rules)+i] = b.Points
		}
	}
	whole := w.round(ids, cells, func(c oracleCell) *big.Rat { return c.value })
	plain := w.round(ids, cells, func(c oracleCell) *big.Rat { return c.plain })
	for i, c := range cells {
		extras[c.source] = w.sum(extras[c.source], whole[i])
		bases[c.source] = w.sum(bases[c.source], plain[i])
	}
	for s := range extras {
		desired = w.sum(desired, extras[s])
		bases[s] = min(bases[s], extras[s])
		extras[s] -= bases[s]
	}
	if w.over {
		return 0, 0, 0
	}
	w.cut(ids, bases, extras)
	for s := range extras {
		base, bonus = base+bases[s], bonus+extras[s]
	}
	return base, bonus, desired
}

func (w *oracle) round(ids []string, cells []oracleCell, of func(oracleCell) *big.Rat) []int64 {
	out := make([]int64, len(cells))
	groups := map[[2]int][]int{} // by line, and by source where it has a cap of its own
	for i, c := range cells {
		var at [2]int
		if w.c.RoundAt == PerLine {
			at[0] = c.line
		}
		if slices.ContainsFunc(w.c.Caps, func(k Cap) bool { return k.Of == ids[c.source] }) {
			at[1] = c.source + 1
		}
		groups[at] = append(groups[at], i)
	}
	for _, group := range groups {
		var exact []*big.Rat
		for _, i := range group {
			exact = append(exact, of(cells[i]))
		}
		sum := ratSum(exact)
		whole := new(big.Int).Div(sum.Num(), sum.Denom())
		rest := new(big.Rat).Sub(sum, new(big.Rat).SetInt(whole))
		if w.c.Rounding == Up && rest.Sign() > 0 || w.c.Rounding == HalfUp && rest.Cmp(big.NewRat(1, 2)) >= 0 {
			whole.Add(whole, big.NewInt(1))
		}
		if w.over = w.over || !whole.IsInt64(); w.over {
			return out
		}
		total := whole.Int64()
		for j, n := range largest(exact, total) {
			out[group[j]] = n
		}
	}
	return out
}

func (w *oracle) cut(ids []string, bases, extras []int64) {
	rank := func(c Cap) int {
		switch period := c.Per == EachMonth; {
		case c.Of != "" && !period:
			return 0
		case c.Of != "":
			return 1
		case !period:
			return 2
		}
		return 3
	}
	for r := range 4 {
		for _, c := range w.c.Caps {
			if rank(c) != r {
				continue
			}
			var sum int64
			for s, id := range ids {
				if c.Of == "" || c.Of == id {
					sum += bases[s] + extras[s]
				}
			}
			for _, part := range [][]int64{extras, bases} {
				for s := len(ids) - 1; s >= 0; s-- {
					if take := min(sum-c.Points, part[s]); take > 0 && (c.Of == "" || c.Of == ids[s]) {
						part[s] -= take
						sum -= take
					}
				}
			}
		}
	}
}

// dice turns fuzz bytes into choices; when they run out it always says 0.
type dice struct{ bytes []byte }

func (d *dice) roll(n int) int {
	if len(d.bytes) == 0 {
		return 0
	}
	b := d.bytes[0]
	d.bytes = d.bytes[1:]
	return int(b) % n
}

func pick[T any](d *dice, from ...T) T { return from[d.roll(len(from))] }

func (d *dice) money() decimal.Decimal {
	return decimal.New(int64(d.roll(256))*int64(pick(d, 1, 7, 100, 333)), -2)
}

// points are a few; now and then so many that two lines, or a step more, are beyond int64.
func (d *dice) points() int64 {
	n := int64(1 + d.roll(9))
	return n * pick[int64](d, 1, 1, 1, 1, 1, 1, 1, 1, 1_000_000, 1e15, math.MaxInt64/9)
}

func (d *dice) when() (w When) {
	w.Tags = pick(d, nil, nil, []string{"a"}, []string{"a", "b"})
	w.WithoutTags = pick(d, nil, nil, nil, []string{"c"})
	w.Spend = pick(d, dec("0"), dec("0"), dec("0"), dec("50"), dec("123.45"))
	return w
}

// programme makes a policy that compiles.
func (d *dice) programme() Config {
	c := house()
	c.Basis.ExcludeTags = []string{"out"}
	c.Rounding, c.RoundAt = pick(d, Down, HalfUp, Up), pick(d, PerOrder, PerLine)
	c.Stack = pick(d, Sum, Product, Best)
	c.StackGroups = []StackGroup{{Name: "g", Stack: pick(d, Product, Best, Sum)}}
	c.Rules = nil
	steps, done := false, map[string]bool{} // families that have a rule without conditions
	for i := range 1 + d.roll(3) {
		r := Rule{ID: key("r", i), Family: pick(d, "", "x"), Color: pick(d, "", "red"), When: d.when()}
		if done[r.Family] {
			continue
		}
		done[r.Family] = len(r.When.Tags)+len(r.When.WithoutTags) == 0 && r.When.Spend.IsZero()
		per := pick(d, dec("1"), dec("0.3"), dec("7"), dec("10"), dec("0.07"))
		points := d.points()
		switch d.roll(4) {
		case 0:
			r.Linear = &Linear{Points: points, Per: per}
		case 1:
			r.Step, steps = &Step{Points: points, Per: per}, true
		case 2:
			r.Step = &Step{Points: points, Per: per, Of: PerLine}
		case 3:
			r.Unit = &Unit{Points: points}
		}
		c.Rules = append(c.Rules, r)
	}
	for i := range d.roll(4) {
		m := Modifier{ID: key("m", i), Factor: pick(d, dec("1.5"), dec("2"), dec("1.1"), dec("0.25"), dec("1"), dec("3.3333")), StackGroup: pick(d, "", "g")}
		if m.When = d.when(); steps {
			m.When.Tags, m.When.WithoutTags = nil, nil
		}
		m.Families = pick(d, nil, nil, []string{c.Rules[0].Family})
		c.Modifiers = append(c.Modifiers, m)
	}
	for i := range d.roll(3) {
		c.Bonuses = append(c.Bonuses, Bonus{ID: key("b", i), Points: int64(1 + d.roll(99)), When: d.when(), MultiplyMe: d.roll(2) == 1, Keep: d.roll(3) == 1})
	}
	for i := range d.roll(3) {
		c.Caps = append(c.Caps, Cap{ID: key("c", i), Of: pick(d, "", "", "r0"), Per: pick(d, EachOrder, EachMonth), Points: int64(d.roll(256)) * 3})
	}
	return c
}

func (d *dice) order() Order {
	o := sale()
	o.Times = pick(d, dec("0"), dec("0"), dec("0"), dec("1.5"), dec("1.25"), dec("1.5"), dec("1.25"), dec("1e17"))
	total := int64(0)
	for range 1 + d.roll(5) {
		l := Line{Price: d.money(), Quantity: int64(d.roll(4)), Tags: pick(d, nil, []string{"a"}, []string{"b", "c"}, []string{"out"}), GiftCard: d.roll(8) == 7}
		total += cents(l.Price) * max(1, l.Quantity)
		o.Lines = append(o.Lines, l)
	}
	o.Discount = decimal.New(total*int64(d.roll(5))/7, -2)
	if d.roll(4) == 3 {
		o.Currency, o.Rate = "EUR", dec("7.8312")
	}
	return o
}

// FuzzAward compares awards, and what is left of them after a refund, with the oracle.
func FuzzAward(f *testing.F) {
	f.Add([]byte{})
	for i := range byte(24) {
		seed := make([]byte, 120)
		for j := range seed {
			seed[j] = byte(j)*(2*i+1) + i*i + byte(j*j/7)
		}
		f.Add(seed)
	}
	f.Fuzz(checkAward)
}

func TestAwardAgainstOracle(t *testing.T) { throw(t, checkAward) }

// throw runs a check on many random dice.
func throw(t *testing.T, check func(*testing.T, []byte)) {
	t.Helper()
	for seed := range uint64(800) {
		data := make([]byte, 200)
		r := rand.New(rand.NewPCG(seed, 4))
		for i := range data {
			data[i] = byte(r.Uint32())
		}
		if check(t, data); t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func checkAward(t *testing.T, data []byte) {
	d := dice{data}
	c, o := d.programme(), d.order()
	p, err := Compile(c)
	if err != nil {
		t.Fatal(err)
	}
	w := oracle{c: c, o: o}
	gone := make([]int64, len(o.Lines))
	a, err := p.Award(o)
	if w.award(gone); w.over || err != nil {
		if !w.over || !errors.Is(err, ErrOverflow) {
			t.Fatalf("%d points and %v, beyond int64: %v\npolicy %+v\norder %+v", a.Points, err, w.over, c, o)
		}
		return
	}
	a = award(t, p, o)
	compare := func(a Award) {
		t.Helper()
		base, bonus, desired := w.award(gone)
		if a.Base != base || a.Bonus != bonus || a.Desired != desired {
			t.Fatalf("base %d bonus %d desired %d, want %d %d %d\npolicy %+v\norder %+v\ngone %v", a.Base, a.Bonus, a.Desired, base, bonus, desired, c, o, gone)
		}
	}
	compare(a)
	nets := w.nets()
	var r Return
	for i, net := range nets {
		if gone[i] = net * int64(d.roll(4)) / 3; gone[i] > 0 {
			r.Lines = append(r.Lines, LineReturn{ID: key("", i+1), Amount: decimal.New(gone[i], -2)})
		}
	}
	after, err := a.Evidence.After(r)
	base, bonus, _ := w.award(gone)
	if err != nil {
		if !errors.Is(err, ErrOverflow) || !w.over {
			t.Fatal(err)
		}
		return
	}
	if base+bonus > a.Points { // a return never makes an order worth more
		gone = make([]int64, len(gone))
	}
	compare(after)
}
