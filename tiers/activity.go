package tiers

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/internal/civil"
	"github.com/regulars-go/regulars/internal/fixed"
)

// Facts are what is known of one member. Their order does not matter. Instants are truncated to
// microseconds; a fact dated after a decision plays no part in it.
type Facts struct {
	// Joined is when the member joined. It may be zero where no condition asks for it. Before it, a
	// condition that counts from it holds for nobody.
	Joined  time.Time
	Orders  []Order
	Refunds []Refund
	// Growth is growth value or points as earned, never as spent.
	Growth  []Earned
	Numbers []Counted
}

// Order is one qualified order.
type Order struct {
	// ID lets refunds name the order; it is unique in the Facts or empty.
	ID string
	// At is the qualification date: when the order was paid, or received, as the shop decides.
	At time.Time
	// Net is the money that counts, zero or more.
	Net    decimal.Decimal
	Pieces int64
}

// Refund takes back part of an order or all of it, from At on. The refunds of an order never exceed it.
// The one that takes back the last of its money ends the order, and takes its remaining pieces too, whether
// they are sent back later or never. An order that was free ends with its last piece.
type Refund struct {
	// Order is the id of the order, whose own day loses the money. Without it the refund lowers net
	// spend and pieces at its own instant, and neither the count of orders nor the day of the last one.
	Order  string
	At     time.Time
	Amount decimal.Decimal
	Pieces int64
}

// Earned is growth value or points of one event; taken back it is negative.
type Earned struct {
	At     time.Time
	Points int64
}

// Counted is one event of a [Number], with its value: 1 for a review, the hours of a course.
type Counted struct {
	Name  string
	At    time.Time
	Value decimal.Decimal
}

// Activity is the facts of one member, checked and laid out for the ladder that made it. It does not
// change and is safe for concurrent use.
type Activity struct {
	ladder *Ladder
	joined fact
	lists  [][]fact // spend, growth, then the numbers in the order of the Config
	byID   []orderID
}

const (
	listSpend = iota
	listGrowth
	listNumbers
)

// fact counts on day, and is known from the instant at until gone, in microseconds since 1970.
type fact struct {
	at, gone       int64
	amount, pieces int64
	day            civil.Day
	order          bool
}

type orderID struct {
	id string
	at int // its index in Facts.Orders and, until sorted, in the list of spend
}

const never = math.MaxInt64

// Activity checks the facts of a member. An error names the fact, as in orders[3].net. It sorts a copy:
// the caller's slices stay as they are.
func (l *Ladder) Activity(f Facts) (*Activity, error) {
	a := l.scratch()
	if err := a.fill(f); err != nil {
		return nil, err
	}
	return a, nil
}

func (a *Activity) fill(f Facts) error {
	l := a.ladder
	if l.zone == nil {
		return errors.New("tiers: a ladder is made by New")
	}
	clock := civil.NewClock(l.zone)
	for i := range a.lists {
		a.lists[i] = a.lists[i][:0]
	}
	a.joined = fact{}
	if f.Joined.IsZero() && l.needsJoined {
		return fmt.Errorf("tiers: joined is zero, but a condition counts from it")
	} else if !f.Joined.IsZero() {
		var err error
		if a.joined.at, a.joined.day, err = instant(&clock, f.Joined); err != nil {
			return fmt.Errorf("tiers: joined: %w", err)
		}
	}
	if err := a.orders(&clock, f.Orders); err != nil {
		return err
	}
	if err := a.refunds(&clock, f.Refunds); err != nil {
		return err
	}
	for i, e := range f.Growth {
		if err := a.add(&clock, listGrowth, e.At, e.Points); err != nil {
			return fmt.Errorf("tiers: growth[%d].%w", i, err)
		}
	}
	for i, n := range f.Numbers {
		k := slices.IndexFunc(l.numbers, func(d Number) bool { return d.Name == n.Name })
		if k < 0 {
			return fmt.Errorf("tiers: numbers[%d].name: %q is not declared", i, n.Name)
		}
		v, err := fixed.Minor(n.Value, l.numbers[k].Scale)
		if err != nil {
			return fmt.Errorf("tiers: numbers[%d].value: %w", i, err)
		}
		if err := a.add(&clock, listNumbers+k, n.At, v); err != nil {
			return fmt.Errorf("tiers: numbers[%d].%w", i, err)
		}
	}
	return a.seal()
}

func (a *Activity) add(c *civil.Clock, list int, at time.Time, value int64) error {
	micro, day, err := instant(c, at)
	if err != nil {
		return fmt.Errorf("at: %w", err)
	}
	a.lists[list] = append(a.lists[list], fact{at: micro, gone: never, amount: value, day: day})
	return nil
}

func (a *Activity) orders(c *civil.Clock, orders []Order) error {
	a.byID = a.byID[:0]
	for i, o := range orders {
		net, err := a.money("net", o.Net, o.Pieces)
		if err != nil {
			return fmt.Errorf("tiers: orders[%d].%w", i, err)
		}
		micro, day, err := instant(c, o.At)
		if err != nil {
			return fmt.Errorf("tiers: orders[%d].at: %w", i, err)
		}
		a.lists[listSpend] = append(a.lists[listSpend],
			fact{at: micro, gone: never, amount: net, pieces: o.Pieces, day: day, order: true})
		if o.ID != "" {
			a.byID = append(a.byID, orderID{o.ID, i})
		}
	}
	slices.SortFunc(a.byID, func(x, y orderID) int {
		return cmp.Or(cmp.Compare(x.id, y.id), cmp.Compare(x.at, y.at))
	})
	for i := 1; i < len(a.byID); i++ {
		if a.byID[i].id == a.byID[i-1].id {
			return fmt.Errorf("tiers: orders[%d].id: %q stands twice", a.byID[i].at, a.byID[i].id)
		}
	}
	return nil
}

func (a *Activity) refunds(c *civil.Clock, refunds []Refund) error {
	var named []refund
	for i, r := range refunds {
		amount, err := a.money("amount", r.Amount, r.Pieces)
		if err != nil {
			return fmt.Errorf("tiers: refunds[%d].%w", i, err)
		}
		micro, day, err := instant(c, r.At)
		if err != nil {
			return fmt.Errorf("tiers: refunds[%d].at: %w", i, err)
		}
		f := fact{at: micro, gone: never, amount: -amount, pieces: -r.Pieces, day: day}
		if r.Order == "" {
			a.lists[listSpend] = append(a.lists[listSpend], f)
			continue
		}
		k, ok := slices.BinarySearchFunc(a.byID, r.Order, func(o orderID, id string) int { return cmp.Compare(o.id, id) })
		if !ok {
			return fmt.Errorf("tiers: refunds[%d].order: there is no order %q", i, r.Order)
		}
		named = append(named, refund{f, a.byID[k].at, i})
	}
	return a.takeBack(named)
}

// refund is a refund of the order at that index of the list of spend.
type refund struct {
	fact
	order, index int
}

// takeBack dates each refund on its order's day and marks the order gone with the one that empties it.
func (a *Activity) takeBack(refunds []refund) error {
	slices.SortStableFunc(refunds, func(x, y refund) int {
		return cmp.Or(cmp.Compare(x.order, y.order), cmp.Compare(x.at, y.at))
	})
	var left fact
	for i, r := range refunds {
		order := &a.lists[listSpend][r.order]
		if i == 0 || refunds[i-1].order != r.order {
			left = *order
		}
		if r.at < order.at {
			return fmt.Errorf("tiers: refunds[%d].at: before its order", r.index)
		}
		left.amount += r.amount
		left.pieces += r.pieces
		free := order.amount == 0 && r.pieces != 0 && left.pieces == 0
		switch {
		case left.amount < 0 || left.pieces < 0:
			return fmt.Errorf("tiers: refunds[%d]: more than was left of its order", r.index)
		case order.gone != never: // its pieces are taken back already
			r.pieces = 0
		case left.amount == 0 && (r.amount != 0 || free):
			order.gone = r.at
			r.pieces -= left.pieces
		}
		r.day = order.day
		// The order itself stays a fact of its day; what changes is that it no longer counts as one.
		a.lists[listSpend] = append(a.lists[listSpend], r.fact)
	}
	return nil
}

func (a *Activity) money(field string, amount decimal.Decimal, pieces int64) (int64, error) {
	n, err := fixed.Minor(amount, a.ladder.scale)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%s: %w", field, err)
	case n < 0:
		return 0, fmt.Errorf("%s: negative", field)
	case pieces < 0:
		return 0, fmt.Errorf("pieces: negative")
	}
	return n, nil
}

// seal sorts the lists by day and makes sure that no sum over any of their facts can overflow.
func (a *Activity) seal() error {
	for _, list := range a.lists {
		slices.SortFunc(list, func(x, y fact) int { return cmp.Or(cmp.Compare(x.day, y.day), cmp.Compare(x.at, y.at)) })
		var amounts, pieces uint64
		for _, f := range list {
			amounts += magnitude(f.amount)
			pieces += magnitude(f.pieces)
			if amounts > math.MaxInt64 || pieces > math.MaxInt64 {
				return fmt.Errorf("tiers: the sum of the facts: %w", fixed.ErrRange)
			}
		}
	}
	return nil
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

func instant(c *civil.Clock, t time.Time) (int64, civil.Day, error) {
	if t.IsZero() {
		return 0, 0, fmt.Errorf("zero")
	}
	if y := t.UTC().Year(); y < 1 || y > 9999 {
		return 0, 0, fmt.Errorf("the year %d is not within 1 to 9999", y)
	}
	return t.UnixMicro(), c.Day(t), nil
}
