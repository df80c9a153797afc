package rule

import (
	"math"
	"time"

	"github.com/regulars-go/regulars/internal/civil"
)

// InstantField is a field of points in time. Facts, constants and the instant of the evaluation are
// truncated to microseconds. All windows are half open.
type InstantField[C any] struct{ handle[C] }

// Before is the condition that the instant is before t.
func (f InstantField[C]) Before(t time.Time) Expr[C] {
	return f.leaf(Node{Op: OpBefore, Times: []time.Time{t}})
}

// After is the condition that the instant is after t.
func (f InstantField[C]) After(t time.Time) Expr[C] {
	return f.leaf(Node{Op: OpAfter, Times: []time.Time{t}})
}

// Between is the condition that the instant is from from, included, until until, excluded.
func (f InstantField[C]) Between(from, until time.Time) Expr[C] {
	return f.leaf(Node{Op: OpBetween, Times: []time.Time{from, until}})
}

// Within is the condition that the instant lies in the elapsed time d up to now: at-d < t <= at. An
// instant exactly d ago, or in the future, is not within the last d. A day is 24 hours here.
func (f InstantField[C]) Within(d time.Duration) Expr[C] { return f.leaf(Node{Op: OpWithin, Span: d}) }

// OlderThan is the condition that the instant is d or longer ago: t <= at-d.
func (f InstantField[C]) OlderThan(d time.Duration) Expr[C] {
	return f.leaf(Node{Op: OpOlderThan, Span: d})
}

// WithinNext is the condition that the instant lies in the elapsed time d from now on: at <= t < at+d.
func (f InstantField[C]) WithinNext(d time.Duration) Expr[C] {
	return f.leaf(Node{Op: OpWithinNext, Span: d})
}

// WithinDays is the condition that the instant lies in the n calendar days of a zone that end with
// today, and not in the future. WithinDays(1, zone) is today so far.
func (f InstantField[C]) WithinDays(n int, zone *time.Location) Expr[C] {
	return f.leaf(Node{Op: OpWithinDays, Days: n, Zone: zone})
}

// OlderThanDays is the condition that the instant lies before the n calendar days of a zone that end
// with today.
func (f InstantField[C]) OlderThanDays(n int, zone *time.Location) Expr[C] {
	return f.leaf(Node{Op: OpOlderThanDays, Days: n, Zone: zone})
}

// Window returns, for a condition on an instant field evaluated at at, the bounds between which it
// holds: from <= t < until. A zero bound is no bound. The bounds are whole microseconds, and facts
// must be truncated to microseconds before they are compared with them. It is only for the operators
// of instants other than [OpKnown].
func (n *Node) Window(at time.Time) (from, until time.Time) {
	in := n.window(micro(at))
	if in.lo > -farthest {
		from = instant(in.lo)
	}
	if in.hi < farthest {
		until = instant(in.hi + 1)
	}
	return from, until
}

// window returns the microseconds for which a condition on an instant holds.
func (n *Node) window(at int64) interval {
	d := n.Span.Microseconds()
	switch n.Op {
	case OpBefore:
		return span(math.MinInt64, micro(n.Times[0])-1)
	case OpAfter:
		return span(micro(n.Times[0])+1, math.MaxInt64)
	case OpBetween:
		return span(micro(n.Times[0]), micro(n.Times[1])-1)
	case OpWithin:
		return span(at-d+1, at)
	case OpOlderThan:
		return span(math.MinInt64, at-d)
	case OpWithinNext:
		return span(at, at+d-1)
	case OpWithinDays:
		return span(n.firstDay(civil.Of(instant(at), n.Zone)), at)
	default: // older_than_days
		return span(math.MinInt64, n.firstDay(civil.Of(instant(at), n.Zone))-1)
	}
}

// firstDay returns the first instant of the Days days that end today.
func (n *Node) firstDay(today civil.Day) int64 {
	return micro((today - civil.Day(n.Days) + 1).Start(n.Zone))
}

// turns returns the instants at which the verdict on a fact changes, in no order; unused ones are noTime.
func (n *Node) turns(t int64) (first, second int64) {
	d := n.Span.Microseconds()
	switch n.Op {
	case OpWithin:
		return t, t + d
	case OpOlderThan:
		return noTime, t + d
	case OpWithinNext:
		return t - d + 1, t + 1
	case OpWithinDays, OpOlderThanDays:
		end := micro((civil.Of(instant(t), n.Zone) + civil.Day(n.Days)).Start(n.Zone))
		if n.Op == OpWithinDays {
			return t, end
		}
		return noTime, end
	default: // before, after, between
		return noTime, noTime
	}
}

// instantFact returns a fact in microseconds.
func instantFact[C any](get func(C) (time.Time, bool)) func(C) (int64, bool) {
	return func(c C) (int64, bool) {
		t, ok := get(c)
		if !ok || t.IsZero() {
			return 0, false
		}
		return micro(t), true
	}
}

func bindInstant[C any](n *Node, get func(C) (time.Time, bool)) leaf[C] {
	fact := instantFact(get)
	l := leaf[C]{next: func(c C, at int64) int64 {
		next := int64(never)
		if t, ok := fact(c); ok {
			first, second := n.turns(t)
			for _, turn := range [2]int64{first, second} {
				if turn > at && turn < next {
					next = turn
				}
			}
		}
		return next
	}}
	switch n.Op {
	case OpBefore, OpAfter, OpBetween:
		in := n.window(0)
		l.next = nil
		l.test = func(c C, _ int64) Truth {
			t, ok := get(c)
			if !ok || t.IsZero() {
				return Unknown
			}
			return Of(in.has(micro(t)))
		}
	case OpWithinDays, OpOlderThanDays:
		start := &daily[int64]{zone: n.Zone, derive: n.firstDay}
		older := n.Op == OpOlderThanDays
		l.test = func(c C, at int64) Truth {
			t, ok := get(c)
			if !ok || t.IsZero() || at == noTime {
				return Unknown
			}
			us, first := micro(t), *start.at(at)
			if older {
				return Of(us < first)
			}
			return Of(first <= us && us <= at)
		}
	default:
		in := n.window(0) // relative to now; an open side stays open
		l.test = func(c C, at int64) Truth {
			t, ok := get(c)
			if !ok || t.IsZero() || at == noTime {
				return Unknown
			}
			return Of(in.has(micro(t) - at))
		}
	}
	return l
}

// relative says whether the verdict on a known fact depends on the time.
func (n *Node) relative() bool {
	switch n.Op {
	case OpWithin, OpOlderThan, OpWithinNext, OpWithinDays, OpOlderThanDays, OpNear, OpThisMonth:
		return true
	default:
		return false
	}
}
