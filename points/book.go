package points

import (
	"cmp"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/regulars-go/regulars/internal/civil"
	"github.com/regulars-go/regulars/internal/fixed"
)

// book is one account open for planning: the loaded state, altered step by step, and the changes
// that led there. Nothing is stored until the ledger commits them; a refused operation is a book thrown away.
type book struct {
	acc     Account // but for its lots
	lots    shelf
	policy  *Policy
	posted  []Change
	entries []Entry // of the change that is being planned
	lapses  []lapse // that follow it
	sum     Balance // of the lots, once it is known
	known   bool
	moved   bool // an end may be out of order
	emptied bool // a lot may hold nothing

	shard  *memShard   // if the store is a MemStore,
	lender *memAccount // and what it lent
}

// lot returns an open lot, or one that this operation emptied; nil if there is none.
func (b *book) lot(id string) *Lot {
	if i := b.lots.find(id); i >= 0 {
		return b.lots.at(i)
	}
	return nil
}

// resort restores consumption order if an end moved.
func (b *book) resort() {
	if b.moved {
		b.lots.sort()
		b.moved = false
	}
}

// bucket returns the place of a lot's open points, or nil for one that the state does not keep.
func (l *Lot) bucket(b Bucket) *int64 {
	switch b {
	case InPending:
		return &l.Pending
	case InAvailable:
		return &l.Available
	case InHeld:
		return &l.Held
	default:
		return nil
	}
}

// enter starts an entry, or goes on with the latest one if it is the same movement; move adds slices to it.
func (b *book) enter(kind Kind, at time.Time, from, to Bucket) {
	if last := len(b.entries) - 1; last >= 0 {
		e := &b.entries[last]
		if e.Kind == kind && e.From == from && e.To == to && e.Of == "" && e.At.Equal(at) {
			return
		}
	}
	e := Entry{Kind: kind, At: at, From: from, To: to}
	if b.entries == nil { // mostly there is one entry, of one lot
		room := new(struct {
			entries [1]Entry
			slices  [1]Slice
		})
		b.entries, e.Slices = room.entries[:0], room.slices[:0]
	}
	b.entries = append(b.entries, e)
}

// move carries n points of a lot along the latest entry.
func (b *book) move(lot *Lot, n int64) {
	e := &b.entries[len(b.entries)-1]
	if from := lot.bucket(e.From); from != nil {
		*from -= n
		*b.sum.bucket(e.From) -= n
	}
	if to := lot.bucket(e.To); to != nil {
		*to += n
		*b.sum.bucket(e.To) += n
	}
	e.Points += n
	e.Slices = append(e.Slices, Slice{Points: n, Lot: *lot})
	b.emptied = b.emptied || !lot.open()
}

// drop removes the latest entry if nothing moved.
func (b *book) drop() {
	if last := len(b.entries) - 1; b.entries[last].Points == 0 {
		b.entries = b.entries[:last]
	}
}

// lapse ends n points of a lot, in a change of its own that follows the one being planned and refers
// to what earned the points: a refund of that must find it.
func (b *book) lapse(lot *Lot, n int64, from Bucket) {
	b.lapses = append(b.lapses, lapse{lot, n, from})
}

type lapse struct {
	lot    *Lot
	points int64
	from   Bucket
}

// balance returns the sums of the open lots, which are added up once.
func (b *book) balance() Balance {
	if !b.known {
		b.sum, b.known = b.lots.sum(), true
	}
	s := b.sum
	s.Debt = b.acc.Debt
	return s
}

// Balance returns the sums of the account's open lots, as they stand in it. See [Ledger.Account] for
// an account at an instant.
func (a Account) Balance() Balance {
	s := Balance{Debt: a.Debt}
	for i := range a.Lots {
		l := &a.Lots[i]
		s.Available += l.Available // the ledger keeps the sum of all lots within int64
		s.Pending += l.Pending
		s.Held += l.Held
	}
	return s
}

// room refuses a credit that would take the account's points beyond int64.
func (b *book) room(n int64) error {
	s := b.balance()
	if n > math.MaxInt64-s.Available-s.Pending-s.Held {
		return ErrOverflow
	}
	return nil
}

// take moves up to n points of lots for which want holds along the latest entry, in consumption order.
func (b *book) take(n int64, want func(*Lot) bool) (taken int64) {
	return b.pick(n, func(i int) bool { return want == nil || want(b.lots.at(i)) })
}

// pick is take of lots that are told by their places, so that those nobody wants stay packed.
func (b *book) pick(n int64, want func(i int) bool) (taken int64) {
	from := b.entries[len(b.entries)-1].From
	for i := 0; i < b.lots.len() && taken < n; i++ {
		if part := min(b.lots.in(i, from), n-taken); part > 0 && want(i) {
			b.move(b.lots.at(i), part)
			taken += part
		}
	}
	return taken
}

// repay lets points that just became available pay the debt.
func (b *book) repay(lot *Lot, at time.Time) {
	n := min(b.acc.Debt, lot.Available)
	if n == 0 {
		return
	}
	b.enter(KindRepay, at, InAvailable, InRepaid)
	b.move(lot, n)
	b.acc.Debt -= n
}

// owe adds to the debt, as far as the programme's cap allows, and returns what it did not allow.
func (b *book) owe(n, limit int64, at time.Time) (short int64, err error) {
	if limit > 0 {
		if allowed := max(limit-b.acc.Debt, 0); n > allowed {
			n, short = allowed, n-allowed
		}
	}
	if n == 0 {
		return short, nil
	}
	if b.acc.Debt, err = fixed.Add(b.acc.Debt, n); err != nil {
		return 0, ErrOverflow
	}
	b.entries = append(b.entries, Entry{Kind: KindDebt, At: at, To: InDebt, Points: n})
	return short, nil
}

// post closes the change being planned, with the lapses that follow it, and returns it.
func (b *book) post(c *Change) *Change {
	b.acc.Version++
	c.Account, c.Version = b.acc.ID, b.acc.Version
	if len(b.entries) > 0 { // else nil, as a store that writes JSON returns it
		c.Entries = b.entries
	}
	b.entries = nil
	if c.At.After(b.acc.At) {
		b.acc.At = c.At
	}
	at := len(b.posted)
	b.posted = append(b.posted, *c)
	lapses := b.lapses
	b.lapses = nil
	for _, x := range lapses {
		b.enter(KindExpire, c.At, x.from, InExpired)
		b.move(x.lot, x.points)
		b.post(&Change{Kind: KindExpire, Of: x.lot.Of, Cause: keyOr(c.Key, c.Cause), At: c.At})
	}
	return &b.posted[at]
}

// tidy drops the lots that hold nothing and finds the next instant at which something happens by itself.
func (b *book) tidy() {
	b.resort()
	if b.emptied {
		b.lots.drop()
		b.emptied = false
	}
	due := b.lots.due(b.balance().Pending)
	for i := range b.acc.Holds {
		due = min(due, microsOf(b.acc.Holds[i].ExpiresAt))
	}
	b.acc.Due = due.time()
}

// whole returns the account with its lots.
func (b *book) whole() Account {
	b.acc.Lots = b.lots.lots()
	return b.acc
}

// loaded returns the version at which the account was loaded.
func (b *book) loaded() int64 { return b.acc.Version - int64(len(b.posted)) }

// revision returns the policy in force at an instant; before the first, the latest.
func (b *book) revision(at time.Time) *Policy {
	if p := b.policy.At(at); p != nil {
		return p
	}
	return b.policy
}

// terms returns the programme's choices in force at an instant.
func (b *book) terms(at time.Time) *Terms { return &b.revision(at).cfg.Terms }

// ended reports whether a lot's points are gone at an instant, but for those that a hold protects.
func (l *Lot) ended(at time.Time) bool { return !l.ExpiresAt.IsZero() && !l.ExpiresAt.After(at) }

// end sets the end of a lot, the first instant of a day, for good: neither activity nor the event that
// it may still await moves it.
func (b *book) end(l *Lot, at time.Time) {
	l.ExpiresAt, b.moved = at, true
	if l.Awaits == "" {
		l.Timing = nil
		return
	}
	t := *l.Timing
	t.Zone, t.Expiry = b.policy.Zone().String(), Expiry{Through: (civil.Of(at, b.policy.Zone()) - 1).String()}
	l.Timing = &t
}

// through returns the first instant after n further days of the policy's zone.
func (b *book) through(at time.Time, days int) time.Time {
	zone := b.policy.Zone()
	return (civil.Of(at, zone) + civil.Day(days) + 1).Start(zone).UTC()
}

// active records a counting activity and moves the expiries that hang on it.
func (b *book) active(at time.Time) error {
	if !at.After(b.acc.Active) {
		return nil
	}
	b.acc.Active = at
	if !b.lots.timed {
		return nil
	}
	for l := range b.lots.all() {
		if l.ended(at) { // activity revives nothing
			continue
		}
		if err := b.follow(l); err != nil {
			return err
		}
	}
	b.resort()
	return nil
}

// follow lets the end of a lot hang on the account's last activity, if that is in its terms.
func (b *book) follow(l *Lot) error {
	if l.Timing == nil || !l.Timing.Moves() || l.Awaits != "" && l.Timing.Expiry.needsActive() {
		return nil
	}
	end, err := l.Timing.ExpiresAt(Anchors{Earned: l.EarnedAt, Active: l.ActiveFrom, Activity: b.acc.Active})
	if err != nil {
		return err
	}
	l.ExpiresAt, b.moved = instant(end), true
	return nil
}

// lotID names the nth lot of a change. A key that ends like a number of a lot keeps its own apart.
func lotID(key string, n int) string {
	if n == 0 && lotKey(key) == key {
		return key
	}
	return key + "#" + strconv.Itoa(n+1)
}

// lotKey returns the key of the change that issued a lot.
func lotKey(id string) string {
	at := strings.LastIndexByte(id, '#')
	if at < 0 || at == len(id)-1 || strings.Trim(id[at+1:], "0123456789") != "" {
		return id
	}
	return id[:at]
}

// instant truncates to whole microseconds in UTC; zero stays zero.
func instant(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	t = t.UTC()
	if beyond := t.Nanosecond() % 1000; beyond != 0 {
		t = t.Add(-time.Duration(beyond))
	}
	return t
}

func latest(a, b time.Time) time.Time {
	if cmp.Compare(a.UnixMicro(), b.UnixMicro()) < 0 {
		return b
	}
	return a
}
