package pointstest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/regulars-go/regulars/points"
)

// book is a naive model of one account: a list of lots, walked event by event, with the days and
// counters of its own calendar. It follows the defaults of [points.Terms]; for a policy with others, or
// with lots that wait for an event or whose end is not plain and moves with activity, it is not sure
// and only the invariants are checked.
type book struct {
	sure  bool
	zone  *time.Location
	debt  int64
	lots  []*parcel
	holds map[string]*pinned
	// lapsed counts what of an order has expired unspent and was not let off by a refund yet.
	lapsed map[string]int64
	// uses counts what caps have granted, by cap and first instant of the period.
	uses map[period]int64
	// spent is what was redeemed on a local day, and limit how much may be, 0 for no bound.
	day          string
	spent, limit int64
}

type parcel struct {
	id, of                   string
	earned, active, ends     time.Time
	life                     *points.Expiry // that activity moves
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

func (h *pinned) points() (n int64) {
	for _, x := range h.parts {
		n += x.n
	}
	return n
}

func newBook(policy *points.Policy) *book {
	t := policy.Terms()
	sure := (t.Refund == "" || t.Refund == points.AllowDebt) && t.DebtCap == 0 && t.RegraceDays == 0 && len(t.Activity) == 0
	b := &book{sure: sure, zone: policy.Zone(), holds: map[string]*pinned{}, lapsed: map[string]int64{}, uses: map[period]int64{}}
	if r := policy.Config().Redeem; r != nil {
		b.limit = r.MaxPerDay
	}
	return b
}

// earn books the lots of an award. It returns what their dates should have been where they are not.
func (b *book) earn(order string, grants []points.Grant, at time.Time) string {
	for i, g := range grants {
		id := "order:" + order
		if i > 0 {
			id += "#" + strconv.Itoa(i+1)
		}
		p := &parcel{id: id, of: order, earned: at, active: g.ActiveFrom, ends: g.ExpiresAt}
		if g.Awaits == "" {
			p.active = waited(g.Timing.Pending, at, b.zone)
			if e := g.Timing.Expiry; plain(e) {
				p.ends = lastDay(e, p.anchor(e, at), b.zone)
				if e.From == points.FromActivity {
					p.life = &e
				}
			}
			if !p.active.Equal(g.ActiveFrom) || !p.ends.Equal(g.ExpiresAt) {
				return fmt.Sprintf("lot %s lives from %v to %v, by the calendar from %v to %v", id, g.ActiveFrom, g.ExpiresAt, p.active, p.ends)
			}
		}
		if g.Awaits != "" || g.Timing.Moves() && p.life == nil || !p.ends.IsZero() && !p.ends.After(at) {
			b.sure = false
		}
		b.lots = append(b.lots, p)
		if p.active.After(at) {
			p.pending = g.Points
			continue
		}
		p.available = g.Points
		b.repay(p)
	}
	b.acts(at)
	return ""
}

// acts moves the ends that hang on activity.
func (b *book) acts(at time.Time) {
	for _, p := range b.lots {
		if p.life != nil && p.ends.After(at) {
			p.ends = lastDay(*p.life, at, b.zone)
		}
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

func (b *book) spend(hold string, n int64, at, ends time.Time) {
	parts := b.take(n, "")
	if hold == "" {
		b.redeemed(n, at)
		b.acts(at)
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
	if !void {
		defer b.acts(at)
		b.redeemed(h.points(), at)
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
