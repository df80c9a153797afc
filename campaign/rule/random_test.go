package rule

import (
	"math/rand/v2"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// world makes random customers and rules over small domains, in which conditions often meet and facts
// are often missing.
type world struct {
	*rand.Rand
	zones []*time.Location
	now   time.Time
}

func newWorld(seed uint64) *world {
	w := &world{Rand: rand.New(rand.NewPCG(seed, 1)), now: time.Date(2025, 6, 15, 12, 0, 0, 0, time.UTC)}
	for _, name := range []string{"UTC", "Asia/Shanghai", "America/Los_Angeles", "Pacific/Apia", "America/Sao_Paulo", "Australia/Lord_Howe"} {
		z, err := time.LoadLocation(name)
		if err != nil {
			panic(err)
		}
		w.zones = append(w.zones, z)
	}
	return w
}

var (
	regions = []string{"", "GD", "gd", "ZJ", "上海"}
	ranks   = []string{"bronze", "silver", "gold"}
	words   = []string{"vip", "VIP", "vip ", "plus-size", "gift", "a\"b\\c\n"}
	amounts = []string{"0", "-1.5", "500", "500.00", "500.01", "499.9999", "1e18", "-7e17", "99999999999999999999.000000000000000001", "1e-18"}
)

func one2[T any](w *world, list []T) T { return list[w.IntN(len(list))] }

func some[T any](w *world, list []T) []T {
	out := make([]T, 1+w.IntN(3))
	for i := range out {
		out[i] = one2(w, list)
	}
	return out
}

// fact returns v three times in four.
func fact[T any](w *world, v T) *T {
	if w.IntN(4) == 0 {
		return nil
	}
	return &v
}

func (w *world) zone() *time.Location { return one2(w, w.zones) }

func (w *world) instant() time.Time {
	step := one2(w, []time.Duration{time.Microsecond, time.Hour, 24 * time.Hour, 24 * time.Hour, 365 * 24 * time.Hour})
	return w.now.Add(time.Duration(w.IntN(9)-6) * step)
}

func (w *world) span() time.Duration {
	return time.Duration(1+w.IntN(5)) * one2(w, []time.Duration{time.Microsecond, time.Second, time.Minute, time.Hour, 24 * time.Hour})
}

func (w *world) date() Date {
	d := one2(w, []Date{{1988, 2, 29}, {0, 2, 29}, {0, 2, 28}, {0, 3, 1}, {1990, 6, 15}, {1990, 6, 16}, {0, 6, 12}, {0, 12, 31}, {2000, 1, 2}, {0, 1, 1}})
	return d
}

func (w *world) customer() *customer {
	c := &customer{
		region: fact(w, one2(w, regions)), orders: fact(w, int64(w.IntN(5))), spend: fact(w, dec(one2(w, amounts))),
		tier: fact(w, one2(w, append([]string{"unheard of"}, ranks...))), last: fact(w, w.instant()),
		birthday: fact(w, w.date()), consent: fact(w, w.IntN(2) == 0),
	}
	if w.IntN(4) > 0 {
		c.tags = []string{}
		if w.IntN(4) > 0 {
			c.tags = some(w, words)
		}
	}
	return c
}

func (w *world) leaf() Expr[*customer] {
	number := int64(w.IntN(5))
	amount := func() decimal.Decimal { return dec(one2(w, amounts)) }
	switch w.IntN(32) {
	case 0:
		return Region.Eq(one2(w, regions))
	case 1:
		return Region.Ne(one2(w, regions))
	case 2:
		return Region.In(some(w, regions)...)
	case 3:
		return Region.NotIn(some(w, regions)...)
	case 4:
		return one2(w, []Expr[*customer]{Orders.Eq(number), Orders.Ne(number), Orders.Over(number), Orders.Under(number)})
	case 5:
		return Orders.AtLeast(number)
	case 6:
		return Orders.AtMost(number)
	case 7:
		return Orders.Between(number, number+int64(w.IntN(3)))
	case 8:
		return one2(w, []Expr[*customer]{Spend.Eq(amount()), Spend.Ne(amount())})
	case 9:
		return Spend.Over(amount())
	case 10:
		return Spend.Under(amount())
	case 11:
		return one2(w, []Expr[*customer]{Spend.AtLeast(amount()), Spend.AtMost(amount())})
	case 12:
		a, b := amount(), amount()
		return Spend.Between(decimal.Min(a, b), decimal.Max(a, b))
	case 13:
		return Tier.AtLeast(one2(w, ranks))
	case 14:
		return Tier.AtMost(one2(w, ranks))
	case 15:
		return one2(w, []Expr[*customer]{Tier.Eq(one2(w, ranks)), Tier.Ne(one2(w, ranks))})
	case 16:
		return one2(w, []Expr[*customer]{Tier.In(some(w, ranks)...), Tier.NotIn(some(w, ranks)...)})
	case 17:
		return Last.Within(w.span())
	case 18:
		return Last.OlderThan(w.span())
	case 19:
		return Last.WithinNext(w.span())
	case 20:
		return Last.WithinDays(1+w.IntN(5), w.zone())
	case 21:
		return Last.OlderThanDays(1+w.IntN(5), w.zone())
	case 22:
		return one2(w, []Expr[*customer]{Last.Before(w.instant()), Last.After(w.instant())})
	case 23:
		from := w.instant()
		return Last.Between(from, from.Add(w.span()))
	case 24:
		return Birthday.Near(w.IntN(8), w.IntN(8), Leap(w.IntN(3)), w.zone())
	case 25:
		return Birthday.ThisMonth(w.zone())
	case 26:
		return Birthday.Month(some(w, []time.Month{1, 2, 6, 12})...)
	case 27:
		return one2(w, []Expr[*customer]{
			Birthday.Before(Date{1990, 6, 16}), Birthday.After(Date{1990, 6, 15}), Birthday.Between(Date{1990, 6, 15}, Date{1990, 6, 16}),
		})
	case 28:
		return OptIn.Is(w.IntN(2) == 0)
	case 29:
		return one2(w, []Expr[*customer]{Tags.Any(some(w, words)...), Tags.None(some(w, words)...)})
	case 30:
		return Tags.All(some(w, words)...)
	default:
		return one2(w, []Expr[*customer]{
			Region.Known(), Orders.Missing(), Spend.Known(), Tier.Known(), Last.Missing(), Birthday.Known(), OptIn.Known(), Tags.Missing(),
			frequent.Holds(), weekend.Holds(),
		})
	}
}

func (w *world) expr(depth int) Expr[*customer] {
	if depth == 0 || w.IntN(4) == 0 {
		return w.leaf()
	}
	switch w.IntN(6) {
	case 0, 1:
		return All(w.exprs(depth)...)
	case 2, 3:
		return Any(w.exprs(depth)...)
	case 4:
		return Not(w.expr(depth - 1))
	default:
		return w.expr(depth - 1).OrElse(w.IntN(2) == 0)
	}
}

func (w *world) exprs(depth int) []Expr[*customer] {
	out := make([]Expr[*customer], 1+w.IntN(3))
	for i := range out {
		out[i] = w.expr(depth - 1)
	}
	return out
}

var (
	frequent = shop.Func("frequent", 2, func(c *customer) Truth {
		if c.orders == nil {
			return Unknown
		}
		return Of(*c.orders >= 3)
	}, Title("buys often", "经常购买"))
	// weekend depends on the time alone.
	weekend = shop.TimedFunc("weekend", 1,
		func(_ *customer, at time.Time) Truth {
			return Of(at.Weekday() == time.Saturday || at.Weekday() == time.Sunday)
		},
		func(_ *customer, at time.Time) (time.Time, bool) {
			day := at.Truncate(24 * time.Hour)
			days := map[time.Weekday]int{time.Saturday: 2, time.Sunday: 1}[at.Weekday()]
			if days == 0 {
				days = int(time.Saturday - at.Weekday())
			}
			return day.AddDate(0, 0, days), true
		})
)

// naive is the rule language once more, written for nothing but to be evidently right: it asks the facts
// and package time directly.
func naive(n *Node, c *customer, at time.Time) Truth {
	var kids []Truth
	for _, k := range n.Kids {
		kids = append(kids, naive(k, c, at))
	}
	switch n.Kind {
	case KindAll:
		return slices.Min(kids)
	case KindAny:
		return slices.Max(kids)
	case KindNot:
		return []Truth{True, Unknown, False}[kids[0]]
	case KindOrElse:
		if kids[0] == Unknown {
			return map[bool]Truth{true: True, false: False}[n.Value]
		}
		return kids[0]
	case KindFunc:
		return map[string]func() Truth{
			"frequent": func() Truth { return shop.functions[funcKey{"frequent", 2}].test(c, at) },
			"weekend":  func() Truth { return shop.functions[funcKey{"weekend", 1}].test(c, at) },
		}[n.Name]()
	case KindField:
	}
	held, known := naiveLeaf(n, c, at)
	switch {
	case n.Op == OpKnown:
		return map[bool]Truth{true: True, false: False}[known == n.Bool]
	case !known:
		return Unknown
	default:
		return map[bool]Truth{true: True, false: False}[held]
	}
}

func naiveLeaf(n *Node, c *customer, at time.Time) (held, known bool) {
	switch n.Name {
	case "region":
		if c.region == nil {
			return false, false
		}
		return slices.Contains(n.Texts, *c.region) == (n.Op == OpEq || n.Op == OpIn), true
	case "orders":
		if c.orders == nil {
			return false, false
		}
		var ds []decimal.Decimal
		for _, i := range n.Ints {
			ds = append(ds, decimal.NewFromInt(i))
		}
		return naiveOrder(n.Op, decimal.NewFromInt(*c.orders), ds), true
	case "spend":
		if c.spend == nil {
			return false, false
		}
		return naiveOrder(n.Op, *c.spend, n.Decimals), true
	case "tier":
		if c.tier == nil || !slices.Contains(ranks, *c.tier) {
			return false, false
		}
		if n.Op == OpAtLeast || n.Op == OpAtMost {
			rank := decimal.NewFromInt(int64(slices.Index(ranks, *c.tier)))
			return naiveOrder(n.Op, rank, []decimal.Decimal{decimal.NewFromInt(int64(slices.Index(ranks, n.Texts[0])))}), true
		}
		return slices.Contains(n.Texts, *c.tier) == (n.Op == OpEq || n.Op == OpIn), true
	case "last_order":
		if c.last == nil {
			return false, false
		}
		return naiveInstant(n, *c.last, at), true
	case "birthday":
		if c.birthday == nil {
			return false, false
		}
		return naiveDate(n, *c.birthday, at)
	case "consent":
		if c.consent == nil {
			return false, false
		}
		return *c.consent == n.Bool, true
	default: // tags
		if c.tags == nil {
			return false, false
		}
		has := func(s string) bool { return slices.Contains(c.tags, s) }
		lacks := func(s string) bool { return !has(s) }
		switch n.Op {
		case OpAny:
			return slices.ContainsFunc(n.Texts, has), true
		case OpAll:
			return !slices.ContainsFunc(n.Texts, lacks), true
		default:
			return !slices.ContainsFunc(n.Texts, has), true
		}
	}
}

func naiveOrder(op Op, v decimal.Decimal, k []decimal.Decimal) bool {
	switch op {
	case OpEq:
		return v.Equal(k[0])
	case OpNe:
		return !v.Equal(k[0])
	case OpUnder:
		return v.LessThan(k[0])
	case OpAtMost:
		return v.LessThanOrEqual(k[0])
	case OpOver:
		return v.GreaterThan(k[0])
	case OpAtLeast:
		return v.GreaterThanOrEqual(k[0])
	case OpBetween:
		return v.GreaterThanOrEqual(k[0]) && v.LessThanOrEqual(k[1])
	default:
		return false
	}
}

func naiveInstant(n *Node, t, at time.Time) bool {
	// Calendar days are counted on the clock of the zone; the zones of these tests skip and repeat hours,
	// and one of them a day, but never repeat midnight.
	days := func() int {
		day := func(t time.Time) time.Time {
			y, m, d := t.In(n.Zone).Date()
			return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
		}
		return int(day(at).Sub(day(t)).Hours() / 24)
	}
	switch n.Op {
	case OpBefore:
		return t.Before(n.Times[0])
	case OpAfter:
		return t.After(n.Times[0])
	case OpBetween:
		return !t.Before(n.Times[0]) && t.Before(n.Times[1])
	case OpWithin:
		return t.After(at.Add(-n.Span)) && !t.After(at)
	case OpOlderThan:
		return !t.After(at.Add(-n.Span))
	case OpWithinNext:
		return !t.Before(at) && t.Before(at.Add(n.Span))
	case OpWithinDays:
		return !t.After(at) && days() < n.Days
	case OpOlderThanDays:
		return days() >= n.Days
	default:
		return false
	}
}

func naiveDate(n *Node, d Date, at time.Time) (held, known bool) {
	number := func(d Date) decimal.Decimal {
		return decimal.NewFromInt(int64(d.Year*10000 + int(d.Month)*100 + d.Day))
	}
	switch n.Op {
	case OpMonthIn:
		return slices.Contains(n.Ints, int64(d.Month)), true
	case OpThisMonth:
		return at.In(n.Zone).Month() == d.Month, true
	case OpNear:
		// Walk the window and look for the birthday on each of its days.
		for i := -n.After; i <= n.Before; i++ {
			y, m, day := at.In(n.Zone).Date()
			x := time.Date(y, m, day+i, 12, 0, 0, 0, time.UTC)
			common := time.Date(x.Year(), 2, 29, 0, 0, 0, 0, time.UTC).Day() == 1
			kept := Date{Month: d.Month, Day: d.Day}
			if d.Month == 2 && d.Day == 29 && common {
				switch n.Leap {
				case LeapMar1:
					kept = Date{Month: 3, Day: 1}
				case LeapFeb28:
					kept = Date{Month: 2, Day: 28}
				default:
					continue
				}
			}
			if x.Month() == kept.Month && x.Day() == kept.Day {
				return true, true
			}
		}
		return false, true
	case OpKnown:
		return false, true
	default:
	}
	if d.Year == 0 {
		return false, false
	}
	switch n.Op {
	case OpBefore:
		return number(d).LessThan(number(n.Dates[0])), true
	case OpAfter:
		return number(d).GreaterThan(number(n.Dates[0])), true
	default:
		return number(d).GreaterThanOrEqual(number(n.Dates[0])) && number(d).LessThan(number(n.Dates[1])), true
	}
}
