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
	life     int  // of what the policy gives, in days; 0 is for ever
	idle     bool // it counts from the last activity
	wait     int  // days after their event, for points of orders
	accounts map[string]*naiveAccount
	alias    map[string]string
}

type naiveAccount struct {
	at       time.Time
	active   time.Time // the last activity
	visit    time.Time // the day of the last check-in
	streak   int
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
	earned, active, expires  time.Time
	pending, available, held int64
	awaits                   bool      // its event
	wait, life               int       // in days: until it is active, and from then
	idle, fixed              bool      // it lives from the last activity, or to a day that was set by hand
	least                    time.Time // an end that was set by hand, which activity may still move on
	longer                   time.Time // the latest end that was set by hand, until the second merge after it
	merges                   int
}

type naiveHold struct {
	id, of  string
	key     string // in its account
	expires time.Time
	pins    []naivePin
}

type naivePin struct {
	lot *naiveLot
	n   int64
	was naiveLot // when they left
}

type naiveSpend struct {
	key, of string
	pins    []naivePin // in the order of consumption
	back    int64
}

type naiveOrder struct {
	earned         bool
	paid, received time.Time
	cents          int64
	returns        []naiveReturn
	lapsed, letOff int64 // its points that expired unspent, and how many of them a refund has let off
	lost           bool  // to a charge-back, once
}

type naiveReturn struct {
	cents int64
	all   bool
	loss  *naiveLoss // for a charge-back
}

// naiveLoss is what a charge-back took.
type naiveLoss struct {
	pins         []naivePin
	took         int64 // of the order, whichever way
	owed, letOff int64
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

// rest is what is left of an order, or, without its charge-backs, of what was paid for it.
func (o *naiveOrder) rest(chargebacks bool) int64 {
	left := o.cents
	for _, r := range o.returns {
		switch {
		case r.loss != nil && !chargebacks:
		case r.all:
			left = 0
		default:
			left -= min(r.cents, left)
		}
	}
	return left
}

// worth is what an order deserves.
func (o *naiveOrder) worth() int64 { return o.rest(true) / 100 }

// acts notes an activity, on which some points live longer.
func (m *naive) acts(a *naiveAccount, at time.Time) {
	a.active = later(a.active, at)
	for _, l := range a.lots {
		if l.expires.IsZero() || l.expires.After(at) {
			m.follow(a, l)
		}
	}
}

func (m *naive) follow(a *naiveAccount, l *naiveLot) {
	if l.idle {
		l.expires = later(l.least, m.endOf(later(l.earned, a.active), l.life))
	}
}

// awake gives a lot its dates once its event has happened.
func (m *naive) awake(a *naiveAccount, l *naiveLot, event time.Time) {
	l.awaits, l.active = false, event
	if l.wait > 0 {
		l.active = m.endOf(event, l.wait)
	}
	if l.life > 0 && !l.fixed {
		l.expires = m.endOf(l.active, l.life)
	}
	m.follow(a, l)
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
				for i, p := range h.pins {
					m.release(a, h, i, p.n, h.expires)
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

// release gives n points of a hold's ith pin back: to their lot, or, with grace, to one of their own.
func (m *naive) release(a *naiveAccount, h *naiveHold, i int, n int64, at time.Time) {
	l := h.pins[i].lot
	l.held -= n
	if !l.expires.IsZero() && !l.expires.After(at) {
		if m.regrace == 0 {
			if l.of != "" {
				a.order(l.of).lapsed += n
			}
			return
		}
		l = &naiveLot{id: lotID(h.key, i), of: l.of, earned: l.earned, active: at}
		l.until(m.endOf(at, m.regrace))
		a.lots = append(a.lots, l)
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
			pins = append(pins, naivePin{l, part, *l})
		}
	}
	return pins
}

// until sets the end of a lot by hand.
func (l *naiveLot) until(end time.Time) { l.expires, l.idle, l.fixed = end, false, true }

// given is a lot under the policy's terms.
func (m *naive) given(id string, at time.Time) *naiveLot {
	return &naiveLot{id: id, earned: at, life: m.life, idle: m.idle}
}

// earn issues a lot, which counts from the instant it was earned or its event happened.
func (m *naive) earn(a *naiveAccount, l *naiveLot, n int64, at, event time.Time) {
	if l.awaits = event.IsZero(); l.awaits {
		m.follow(a, l)
	} else {
		m.awake(a, l, event)
	}
	a.lots = append(a.lots, l)
	switch {
	case !l.expires.IsZero() && !l.expires.After(at): // born expired
		if l.of != "" {
			a.order(l.of).lapsed += n
		}
	case l.awaits || l.active.After(at):
		l.pending = n
	default:
		l.available = n
		a.repay(l)
	}
}

// earnOrder issues points of an order, which may wait until it was received.
func (m *naive) earnOrder(a *naiveAccount, id, of string, n int64, at time.Time) {
	o, l := a.order(of), m.given(id, a.order(of).paid)
	l.of, l.wait = of, m.wait
	event := o.paid
	if m.wait > 0 {
		event = o.received
	}
	m.earn(a, l, n, at, event)
}

// claw takes n points of an order back and says from where, for a charge-back that may be won.
func (m *naive) claw(a *naiveAccount, of string, n int64) (loss naiveLoss) {
	loss.took = n
	a.sort()
	for _, l := range a.lots {
		if part := min(l.pending, n); l.of == of && part > 0 {
			l.pending -= part
			n -= part
			loss.pins = append(loss.pins, naivePin{l, part, *l})
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
func (m *naive) restore(a *naiveAccount, p naivePin, n int64, at time.Time, id string) {
	l := p.lot
	if l.pending+l.available+l.held == 0 { // a new life for an empty lot: as it was, with the account as it stands
		if !l.longer.After(p.was.expires) { // else it has been given more life since
			l.expires, l.idle, l.fixed, l.least = p.was.expires, p.was.idle, p.was.fixed, p.was.least
		}
		if p.was.awaits && !l.awaits {
			m.awake(a, l, a.order(l.of).received)
		}
		m.follow(a, l)
	}
	if !l.expires.IsZero() && !l.expires.After(at) {
		fresh := &naiveLot{id: id, of: l.of, earned: l.earned, active: at, expires: m.endOf(at, 30), available: n}
		a.lots = append(a.lots, fresh)
		a.repay(fresh)
		return
	}
	if l.awaits || l.active.After(at) {
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
			m.restore(a, p, part, at, id())
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
