package campaigntest

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/campaign/rule"
)

// source makes rules from a seed.
type source struct {
	*rand.Rand
	fields []*facts
	also   []*rule.Node // conditions of the caller's own
	at     time.Time
	zones  []*time.Location
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// tree is a random expression of a depth of at most deep.
func (s *source) tree(deep int) *rule.Node {
	if deep <= 1 || s.IntN(4) == 0 {
		return s.leaf()
	}
	kids := func(n int) (out []*rule.Node) {
		for range n {
			out = append(out, s.tree(deep-1))
		}
		return out
	}
	switch s.IntN(8) {
	case 0, 1:
		return &rule.Node{Kind: rule.KindNot, Kids: kids(1)}
	case 2:
		return &rule.Node{Kind: rule.KindOrElse, Value: s.IntN(2) == 0, Kids: kids(1)}
	case 3, 4, 5:
		return &rule.Node{Kind: rule.KindAll, Kids: kids(1 + s.IntN(3))}
	default:
		return &rule.Node{Kind: rule.KindAny, Kids: kids(1 + s.IntN(3))}
	}
}

// operators returns a condition for each operator of each field, and those of the caller.
func (s *source) operators() []*rule.Node {
	out := slices.Clone(s.also)
	for _, f := range s.fields {
		for _, op := range rule.Operators(f.Type) {
			n := f.node(op)
			s.arguments(n, f)
			out = append(out, n)
		}
	}
	return out
}

func (s *source) leaf() *rule.Node {
	i := s.IntN(len(s.fields) + len(s.also))
	if i >= len(s.fields) {
		return s.also[i-len(s.fields)]
	}
	f := s.fields[i]
	n := f.node(pick(s.Rand, rule.Operators(f.Type)))
	s.arguments(n, f)
	return n
}

// arguments fills in what the operator takes.
func (s *source) arguments(n *rule.Node, f *facts) {
	switch n.Op {
	case rule.OpKnown, rule.OpIs:
		n.Bool = s.IntN(2) == 0
	case rule.OpIn, rule.OpNotIn, rule.OpAny, rule.OpAll, rule.OpNone:
		for range 1 + s.IntN(4) {
			n.Texts = append(n.Texts, s.text(f))
		}
	case rule.OpWithin, rule.OpOlderThan, rule.OpWithinNext:
		n.Span = s.span()
	case rule.OpWithinDays, rule.OpOlderThanDays:
		n.Days, n.Zone = 1+s.IntN(400), pick(s.Rand, s.zones)
	case rule.OpNear:
		n.Before, n.After = s.near(), s.near()
		n.Leap, n.Zone = rule.Leap(s.IntN(3)), pick(s.Rand, s.zones)
	case rule.OpThisMonth:
		n.Zone = pick(s.Rand, s.zones)
	case rule.OpMonthIn:
		for range 1 + s.IntN(3) {
			n.Ints = append(n.Ints, int64(1+s.IntN(12)))
		}
	default:
		s.compared(n, f)
	}
}

// compared fills in the constants of a comparison, in order where there are two.
func (s *source) compared(n *rule.Node, f *facts) {
	switch n.Type {
	case rule.TypeText, rule.TypeRanked:
		n.Texts = []string{s.text(f)}
	case rule.TypeInt:
		n.Ints = []int64{s.int(f)}
		if n.Op == rule.OpBetween {
			b := s.int(f)
			n.Ints = []int64{min(n.Ints[0], b), max(n.Ints[0], b)}
		}
	case rule.TypeMoney:
		n.Decimals = []decimal.Decimal{s.decimal(f)}
		if n.Op == rule.OpBetween {
			a, b := n.Decimals[0], s.decimal(f)
			n.Decimals = []decimal.Decimal{decimal.Min(a, b), decimal.Max(a, b)}
		}
	case rule.TypeInstant:
		a := s.instant(f)
		n.Times = []time.Time{a}
		if n.Op == rule.OpBetween {
			n.Times = append(n.Times, a.Add(s.span()))
		}
	default:
		a := s.date(f)
		n.Dates = []rule.Date{a}
		if n.Op == rule.OpBetween {
			n.Dates = append(n.Dates, rule.Date{Year: a.Year + 1 + s.IntN(20), Month: a.Month, Day: min(a.Day, 28)})
		}
	}
}

// text is one of the facts, or one that a careless engine takes for it.
func (s *source) text(f *facts) string {
	if len(f.Ranks) > 0 {
		return pick(s.Rand, f.Ranks)
	}
	if len(f.texts) == 0 {
		return "GD"
	}
	t := pick(s.Rand, f.texts)
	if len(t) > rule.MaxText-8 {
		return ""
	}
	switch s.IntN(8) {
	case 0:
		return strings.ToUpper(t)
	case 1:
		return t + " "
	case 2:
		return t + "'%_\\\""
	}
	return t
}

func (s *source) int(f *facts) int64 {
	if len(f.ints) == 0 || s.IntN(20) == 0 {
		return pick(s.Rand, []int64{math.MinInt64, -1, 0, 1, math.MaxInt32 + 1, math.MaxInt64})
	}
	n := pick(s.Rand, f.ints)
	if d := int64(s.IntN(3)) - 1; n < math.MaxInt64 && n > math.MinInt64 {
		n += d
	}
	return n
}

func (s *source) decimal(f *facts) decimal.Decimal {
	if len(f.decimals) == 0 || s.IntN(20) == 0 {
		return decimal.New(int64(s.IntN(2001)-1000), int32(s.IntN(37)-18))
	}
	d := pick(s.Rand, f.decimals)
	if places := int32(s.IntN(4)); places >= 2 {
		if near := d.Add(decimal.New(int64(s.IntN(3)-1), -places)); near.NumDigits() <= maxDigits {
			return near
		}
	}
	return d
}

// instant is one of the facts or now, or a microsecond off.
func (s *source) instant(f *facts) time.Time {
	t := s.at
	if len(f.times) > 0 && s.IntN(8) > 0 {
		t = pick(s.Rand, f.times)
	}
	t = t.Add(time.Duration(s.IntN(3)-1) * time.Microsecond)
	if t.Year() < 2 || t.Year() > 9000 {
		return s.at
	}
	return t
}

// span is the distance of now from one of the facts, or a round one.
func (s *source) span() time.Duration {
	d := time.Duration(1+s.IntN(400)) * 24 * time.Hour
	if s.IntN(2) == 0 {
		for range 8 {
			f := pick(s.Rand, s.fields)
			if len(f.times) > 0 {
				d = s.at.Sub(pick(s.Rand, f.times)).Abs() + time.Duration(s.IntN(3)-1)*time.Microsecond
			}
		}
	}
	if d = d.Truncate(time.Microsecond); d <= 0 {
		return time.Microsecond
	}
	return d
}

func (s *source) near() int {
	if s.IntN(10) == 0 {
		return s.IntN(367)
	}
	return s.IntN(10)
}

func (s *source) date(f *facts) rule.Date {
	d := rule.Date{Year: 1990, Month: 2, Day: 28}
	if len(f.dates) > 0 {
		d = pick(s.Rand, f.dates)
	}
	if d.Year == 0 || d.Year > 9900 {
		d.Year = 2000
	}
	return d
}
