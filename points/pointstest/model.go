package pointstest

import (
	"slices"
	"strings"
	"time"

	"github.com/regulars-go/regulars/points"
)

// book is a naive model of one account: a list of lots, walked event by event. It follows the
// defaults of [points.Terms]; for a policy with others, or with lots that wait for an event or move
// with activity, it is not sure and only the invariants are checked.
type book struct {
	sure  bool
	debt  int64
	lots  []*parcel
	holds map[string]*pinned
	// lapsed counts what of an order has expired unspent and was not let off by a refund yet.
	lapsed map[string]int64
}

type parcel struct {
	id, of                   string
	active, ends             time.Time
	pending, available, held int64
}

type pinned struct {
	ends  time.Time
	parts []part
}

type part struct {
	lot *parcel
	n   int64
}

func newBook(policy *points.Policy) *book {
	t := policy.Terms()
	sure := (t.Refund == "" || t.Refund == points.AllowDebt) && t.DebtCap == 0 && t.RegraceDays == 0
	return &book{sure: sure, holds: map[string]*pinned{}, lapsed: map[string]int64{}}
}

func (b *book) earn(order string, grants []points.Grant, at time.Time) {
	for i, g := range grants {
		if g.Awaits != "" || g.Timing.Moves() || !g.ExpiresAt.IsZero() && !g.ExpiresAt.After(at) {
			b.sure = false
		}
		id := "order:" + order
		if i > 0 {
			id += "#" + string(rune('1'+i))
		}
		p := &parcel{id: id, of: order, active: g.ActiveFrom, ends: g.ExpiresAt}
		b.lots = append(b.lots, p)
		if g.ActiveFrom.After(at) {
			p.pending = g.Points
			continue
		}
		p.available = g.Points
		b.repay(p)
	}
}

func (b *book) repay(p *parcel) {
	n := min(b.debt, p.available)
	b.debt -= n
	p.available -= n
}

// pass walks the events up to an instant, one at a time.
func (b *book) pass(until time.Time) {
	for {
		var at time.Time
		var rank int
		var do func()
		see := func(t time.Time, r int, f func()) {
			if !t.IsZero() && !t.After(until) && (do == nil || t.Before(at) || t.Equal(at) && r < rank) {
				at, rank, do = t, r, f
			}
		}
		for _, p := range b.lots {
			if p.pending > 0 {
				see(p.active, 0, func() {
					p.available, p.pending = p.available+p.pending, 0
					b.repay(p)
				})
			}
			if p.pending+p.available > 0 {
				see(p.ends, 2, func() {
					b.lapsed[p.of] += p.pending + p.available
					p.pending, p.available = 0, 0
				})
			}
		}
		for id, h := range b.holds {
			see(h.ends, 1, func() { b.finish(id, true, h.ends) })
		}
		if do == nil {
			return
		}
		do()
	}
}

// sort puts the lots in consumption order.
func (b *book) sort() {
	slices.SortStableFunc(b.lots, func(x, y *parcel) int {
		switch {
		case x.ends.IsZero() && !y.ends.IsZero():
			return 1
		case y.ends.IsZero() && !x.ends.IsZero():
			return -1
		case !x.ends.Equal(y.ends):
			return x.ends.Compare(y.ends)
		case !x.active.Equal(y.active):
			return x.active.Compare(y.active)
		}
		return strings.Compare(x.id, y.id)
	})
}

func (b *book) take(n int64, of string) (parts []part) {
	b.sort()
	for _, p := range b.lots {
		if of != "" && p.of != of {
			continue
		}
		if m := min(n, p.available); m > 0 {
			p.available -= m
			n -= m
			parts = append(parts, part{p, m})
		}
	}
	return parts
}

func (b *book) spend(hold string, n int64, ends time.Time) {
	parts := b.take(n, "")
	if hold == "" {
		return
	}
	for _, x := range parts {
		x.lot.held += x.n
	}
	b.holds[hold] = &pinned{ends: ends, parts: parts}
}

// finish closes a hold: it is given up, or spent.
func (b *book) finish(hold string, void bool, at time.Time) {
	h := b.holds[hold]
	delete(b.holds, hold)
	if h == nil {
		return
	}
	for _, x := range h.parts {
		x.lot.held -= x.n
		switch {
		case !void:
		case !x.lot.ends.IsZero() && !x.lot.ends.After(at):
			b.lapsed[x.lot.of] += x.n
		default:
			x.lot.available += x.n
			b.repay(x.lot)
		}
	}
}

func (b *book) claw(of string, n int64) {
	b.sort()
	for _, p := range b.lots {
		if m := min(n, p.pending); p.of == of && m > 0 {
			p.pending -= m
			n -= m
		}
	}
	for _, x := range b.take(n, of) {
		n -= x.n
	}
	let := min(n, b.lapsed[of])
	b.lapsed[of] -= let
	n -= let
	for _, x := range b.take(n, "") {
		n -= x.n
	}
	b.debt += n
}

func (b *book) available() (n int64) {
	for _, p := range b.lots {
		n += p.available
	}
	return n
}

func (b *book) balance() points.Balance {
	s := points.Balance{Debt: b.debt}
	for _, p := range b.lots {
		s.Available += p.available
		s.Pending += p.pending
		s.Held += p.held
	}
	return s
}
