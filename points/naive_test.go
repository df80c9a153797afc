package points

import (
	"slices"
	"strings"
	"time"
)

// naive is an independent model of a programme that gives one point per whole 1.00, in a zone where
// every midnight exists. It knows nothing of changes, entries, versions or sweeps: it keeps lots in a
// plain list, walks time event by event, and computes what a refund takes from first principles.
type naive struct {
	zone     *time.Location
	regrace  int
	accounts map[string]*naiveAccount
	alias    map[string]string
}

type naiveAccount struct {
	at       time.Time
	debt     int64
	frozen   map[string]bool
	disputes []*naiveLoss // of charge-backs that may yet be won
	lots     []*naiveLot
	holds    []*naiveHold
	spent    []*naiveSpend
	orders   map[string]*naiveOrder
}

type naiveLot struct {
	id, of                   string
	active, expires          time.Time
	pending, available, held int64
}

type naiveHold struct {
	id, of  string
	expires time.Time
	pins    []naivePin
}

type naivePin struct {
	lot *naiveLot
	n   int64
}

type naiveSpend struct {
	key, of string
	pins    []naivePin // in the order of consumption
	back    int64
}

type naiveOrder struct {
	earned          bool
	cents, returned int64
	lapsed, letOff  int64 // its points that expired unspent, and how many of them a refund has let off
	lost            *naiveLoss
}

// naiveLoss is what a charge-back took.
type naiveLoss struct {
	pins         []naivePin
	owed, letOff int64
	cents        int64
}

func (m *naive) account(name string) *naiveAccount {
	for m.alias[name] != "" {
		name = m.alias[name]
	}
	a := m.accounts[name]
	if a == nil {
		a = &naiveAccount{frozen: map[string]bool{}, orders: map[string]*naiveOrder{}}
		m.accounts[name] = a
	}
	return a
}

// endOf is the first instant after n further days.
func (m *naive) endOf(t time.Time, n int) time.Time {
	y, mo, d := t.In(m.zone).Date()
	return time.Date(y, mo, d+n+1, 0, 0, 0, 0, m.zone)
}

func (a *naiveAccount) sort() {
	slices.SortStableFunc(a.lots, func(x, y *naiveLot) int {
		switch {
		case !x.expires.Equal(y.expires) && x.expires.IsZero():
			return 1
		case !x.expires.Equal(y.expires) && y.expires.IsZero():
			return -1
		case !x.expires.Equal(y.expires):
			return x.expires.Compare(y.expires)
		case !x.active.Equal(y.active):
			return x.active.Compare(y.active)
		}
		return strings.Compare(x.id, y.id)
	})
}

func (a *naiveAccount) order(id string) *naiveOrder {
	if a.orders[id] == nil {
		a.orders[id] = &naiveOrder{}
	}
	return a.orders[id]
}

// pass lets time pass, one event after the other.
func (m *naive) pass(a *naiveAccount, until time.Time) {
	for {
		var next func()
		var when time.Time
		rank := 0
		consider := func(t time.Time, r int, do func()) {
			if t.IsZero() || t.After(until) {
				return
			}
			if next == nil || t.Before(when) || t.Equal(when) && r < rank {
				next, when, rank = do, t, r
			}
		}
		for _, l := range a.lots {
			if l.pending > 0 {
				consider(l.active, 0, func() {
					l.available, l.pending = l.available+l.pending, 0
					a.repay(l)
				})
			}
			if l.pending+l.available > 0 {
				consider(l.expires, 2, func() {
					if l.of != "" {
						a.order(l.of).lapsed += l.pending + l.available
					}
					l.pending, l.available = 0, 0
				})
			}
		}
		for i, h := range a.holds {
			consider(h.expires, 1, func() {
				a.holds = slices.Delete(slices.Clone(a.holds), i, i+1)
				for _, p := range h.pins {
					m.release(a, p.lot, p.n, h.expires)
				}
			})
		}
		if next == nil {
			a.at = later(a.at, until)
			return
		}
		next()
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (m *naive) release(a *naiveAccount, l *naiveLot, n int64, at time.Time) {
	l.held -= n
	if !l.expires.IsZero() && !l.expires.After(at) {
		if m.regrace == 0 {
			if l.of != "" {
				a.order(l.of).lapsed += n
			}
			return
		}
		l.expires = m.endOf(at, m.regrace)
	}
	l.available += n
	a.repay(l)
}

func (a *naiveAccount) repay(l *naiveLot) {
	n := min(l.available, a.debt)
	l.available -= n
	a.debt -= n
}

func (a *naiveAccount) available() (n int64) {
	for _, l := range a.lots {
		n += l.available
	}
	return n
}

// take removes n available points and says which.
func (a *naiveAccount) take(n int64, want func(*naiveLot) bool) (pins []naivePin) {
	a.sort()
	for _, l := range a.lots {
		if part := min(l.available, n); part > 0 && (want == nil || want(l)) {
			l.available -= part
			n -= part
			pins = append(pins, naivePin{l, part})
		}
	}
	return pins
}

func (m *naive) earn(a *naiveAccount, id, of string, n int64, at time.Time, wait int, life int) {
	l := &naiveLot{id: id, of: of, active: at}
	if wait > 0 {
		l.active = m.endOf(at, wait)
	}
	if life > 0 {
		l.expires = m.endOf(l.active, life)
	}
	a.lots = append(a.lots, l)
	if wait > 0 {
		l.pending = n
		return
	}
	l.available = n
	a.repay(l)
}

// worth is what an order deserves.
func (o *naiveOrder) worth() int64 { return max(o.cents-o.returned, 0) / 100 }

// claw takes n points of an order back and says from where, for a charge-back that may be won.
func (m *naive) claw(a *naiveAccount, of string, n int64) (loss naiveLoss) {
	a.sort()
	for _, l := range a.lots {
		if part := min(l.pending, n); l.of == of && part > 0 {
			l.pending -= part
			n -= part
			loss.pins = append(loss.pins, naivePin{l, part})
		}
	}
	own := a.take(n, func(l *naiveLot) bool { return l.of == of })
	for _, p := range own {
		n -= p.n
	}
	o := a.order(of)
	let := min(n, o.lapsed-o.letOff)
	o.letOff += let
	n -= let
	loss.letOff = let
	other := a.take(n, nil)
	for _, p := range other {
		n -= p.n
	}
	a.debt += n
	loss.owed = n
	loss.pins = append(append(loss.pins, own...), other...)
	return loss
}

// restore puts points back into a lot that they left.
func (m *naive) restore(a *naiveAccount, l *naiveLot, n int64, at time.Time, id string) {
	if !l.expires.IsZero() && !l.expires.After(at) {
		fresh := &naiveLot{id: id, of: l.of, active: at, expires: m.endOf(at, 30), available: n}
		a.lots = append(a.lots, fresh)
		a.repay(fresh)
		return
	}
	if l.active.After(at) {
		l.pending += n
		return
	}
	l.available += n
	a.repay(l)
}

// giveBack returns n points of a spending, the last consumed first.
func (m *naive) giveBack(a *naiveAccount, s *naiveSpend, n int64, at time.Time, id func() string) {
	skip := s.back
	s.back += n
	for _, p := range slices.Backward(s.pins) {
		gone := min(skip, p.n)
		skip -= gone
		if part := min(p.n-gone, n); part > 0 {
			n -= part
			m.restore(a, p.lot, part, at, id())
		}
	}
}

func (s *naiveSpend) total() (n int64) {
	for _, p := range s.pins {
		n += p.n
	}
	return n
}

func (a *naiveAccount) balance() Balance {
	b := Balance{Debt: a.debt}
	for _, l := range a.lots {
		b.Available += l.available
		b.Pending += l.pending
		b.Held += l.held
	}
	return b
}
