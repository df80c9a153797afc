package tiers

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/internal/civil"
	"github.com/regulars-go/regulars/internal/fixed"
)

// value is a measured metric, exactly: sum / by, at the scale of its node. Only means have a by other
// than one.
type value struct{ sum, by int64 }

// value measures a metric. It is not ok where there is nothing to measure: a member yet to join, no order
// yet, no piece to take a mean over, or fewer orders than the condition asks for.
func (v *view) value(n *node) (value, bool) {
	if !v.begun(n) {
		return value{}, false
	}
	var t totals
	if n.measure.windowed() {
		t = v.total(n.list, n.span.first(v.day, v.joined.day, v.entered))
	}
	switch n.measure {
	case sinceJoin:
		return value{int64(v.day - v.joined.day), 1}, true
	case sinceOrder:
		return v.sinceOrder()
	case sumPieces:
		return value{t.pieces, 1}, true
	case countOrders:
		return value{t.orders, 1}, true
	case amountByOrders:
		return value{t.amount, t.orders}, t.orders > 0 && t.orders >= n.minOrders
	case amountByPieces:
		return value{t.amount, t.pieces}, t.pieces > 0 && t.orders >= n.minOrders
	default:
		return value{t.amount, 1}, true
	}
}

// begun reports whether what a comparison counts from has come to pass.
func (v *view) begun(n *node) bool { return !n.fromJoining() || v.joined.at <= v.at }

type totals struct{ amount, pieces, orders int64 }

// total sums what counts from a day on and is known by now. [Activity.seal] made sure that it fits.
func (v *view) total(list int, first civil.Day) totals {
	facts := v.lists[list]
	i, _ := slices.BinarySearchFunc(facts, first, func(f fact, d civil.Day) int { return cmp.Compare(f.day, d) })
	var t totals
	for ; i < len(facts) && facts[i].day <= v.day; i++ {
		f := &facts[i]
		if f.at > v.at {
			continue
		}
		t.amount += f.amount
		t.pieces += f.pieces
		if f.order && v.at < f.gone {
			t.orders++
		}
	}
	return t
}

func (v *view) sinceOrder() (value, bool) {
	for _, f := range slices.Backward(v.lists[listSpend]) {
		if f.order && f.at <= v.at && v.at < f.gone {
			return value{int64(v.day - f.day), 1}, true
		}
	}
	return value{}, false
}

// meets compares with the bound by multiplying: no mean is ever rounded to be compared. Bounds are
// never negative and by is positive.
func (x value) meets(n *node) bool {
	if x.sum < 0 {
		return n.atMost
	}
	hi, lo := bits.Mul64(uint64(n.bound), uint64(x.by))
	c := cmp.Compare(uint64(x.sum), lo)
	if hi > 0 {
		c = -1
	}
	return c == 0 || n.atMost == (c < 0)
}

// decimal shows the value at the scale of its node. A mean is rounded away from meeting its bound, down
// for at least and up for at most, so what is shown agrees with the verdict.
func (x value) decimal(n *node) decimal.Decimal {
	q, rest := x.sum/x.by, x.sum%x.by
	switch {
	case rest > 0 && n.atMost:
		q++
	case rest < 0 && !n.atMost:
		q--
	}
	return fixed.Decimal(q, n.scale)
}
