package points

import (
	"context"
	"slices"
	"time"

	"github.com/regulars-go/regulars/internal/fixed"
)

var _ = register(MergeRequest{})

// MergeRequest makes an account an alias of another.
type MergeRequest struct {
	Account string `json:"account"`
	Into    string `json:"into"`
	// Key names the merge; empty means "merge:" and Into. One that was undone and is done again needs
	// another, or it is a replay of the first.
	Key string    `json:"key,omitempty"`
	At  time.Time `json:"at,omitzero"`
}

// Merge moves everything an account has into another: lots, holds, debt and freezes. Whatever comes
// for the old account later (refunds, captures, repeated requests) finds its way under the keys it
// always had. Points that end by inactivity share one deadline from now on: the later activity of the
// two counts for all of them. With [Terms].DedupeOnce an award that both were given is taken back once,
// and none that either was given is given again to the other, for which the store must keep [History].
// Merging twice is a replay.
func (l *Ledger) Merge(ctx context.Context, r MergeRequest) (Receipt, error) { return l.Do(ctx, r) }

// Kind implements [Op].
func (MergeRequest) Kind() Kind { return KindMerge }

func (r MergeRequest) head() head      { return head{r.Account, keyOr(r.Key, "merge:"+r.Into), r.At} }
func (r MergeRequest) refs() []string  { return nil }
func (r MergeRequest) backDates() bool { return true }

func (r MergeRequest) check() error {
	if r.Key != "" {
		if err := checkID("key", r.Key); err != nil {
			return err
		}
	}
	if err := checkID("into", r.Into); err != nil {
		return err
	}
	if r.Into == r.Account {
		return ErrSameAccount
	}
	return nil
}

func (r MergeRequest) plan(p *plan) error {
	peer, err := p.s.open(r.Into, nil)
	if err != nil {
		return err
	}
	to := peer.book
	switch {
	case to.acc.Forgotten:
		return ErrForgotten
	case to != p.book:
	case len(peer.hops) > 0:
		return ErrMergeCycle
	default: // merged before, under another key
		p.receipt.Replayed, p.receipt.Balance = true, p.balance()
		return nil
	}
	p.at = latest(p.at, to.acc.At)
	p.receipt.At = p.at
	if err := p.settle(p.at); err != nil {
		return err
	}
	if err := to.settle(p.at); err != nil {
		return err
	}
	once, twice, err := p.once(to)
	if err != nil {
		return err
	}
	p.receipt.Points = p.balance().Available
	if err := p.absorb(to); err != nil {
		return err
	}
	own := p.acc.ID
	into := &plan{desk: &desk{book: to, hops: []string{own}}, s: p.s, op: p.op, at: p.at, receipt: &Receipt{}}
	for _, g := range twice {
		if g.left == 0 { // it has expired unspent
			continue
		}
		if err := into.clawBack(g.of, g.left); err != nil {
			return err
		}
		p.receipt.Reasons = append(p.receipt.Reasons, AlreadyGranted)
	}
	p.receipt.Owed, p.receipt.Shortfall = into.receipt.Owed, into.receipt.Shortfall
	p.receipt.ShortfallMoney = into.receipt.ShortfallMoney
	p.receipt.Balance, p.receipt.Version = to.balance(), p.acc.Version+1
	key := p.name(p.receipt.Key)
	c := p.post(&Change{Key: key, Kind: KindMerge, At: p.at, Request: p.request, Receipt: *p.receipt})
	p.receipt.Entries = c.Entries
	to.post(&Change{Key: scoped(own, key), Kind: KindMerge, At: p.at, Request: p.request})
	for _, g := range once {
		to.note(KindMerge, grantedOnce{g.key, scoped(own, g.of), scoped(own, key), g.left}, p.at, p.request)
	}
	return nil
}

// absorb moves everything of the plan's book into another. What is no points stays with the alias as
// well, for a merge that is undone.
func (p *plan) absorb(to *book) error {
	own, have := p.acc.ID, p.balance()
	if err := to.room(have.Available + have.Pending + have.Held); err != nil { // of one account they fit together
		return err
	}
	active := p.acc.Active
	if p.counts() {
		active = p.at
	}
	if err := to.enliven(active, p.at); err != nil {
		return err
	}
	for l := range p.lots.all() {
		lot := *l
		lot.ID, lot.Parent, lot.Of = scoped(own, l.ID), l.ID, scoped(own, l.Of)
		if !lot.ended(p.at) {
			if err := to.follow(&lot); err != nil {
				return err
			}
		}
		p.carry(to, l, lot, KindMerge)
	}
	for _, h := range p.acc.Holds {
		h.ID, h.Of = scoped(own, h.ID), scoped(own, h.Of)
		h.Pins = slices.Clone(h.Pins)
		for i := range h.Pins {
			h.Pins[i].Lot = scoped(own, h.Pins[i].Lot)
		}
		to.acc.Holds = append(to.acc.Holds, h)
	}
	slices.SortStableFunc(to.acc.Holds, func(a, b Hold) int { return a.At.Compare(b.At) })
	if err := p.carryDebt(to, p.acc.Debt, KindMerge); err != nil {
		return err
	}
	for l := range to.lots.all() {
		to.repay(l, p.at)
	}
	for _, key := range p.acc.Frozen {
		to.acc.Frozen = append(to.acc.Frozen, scoped(own, key))
	}
	into := &plan{desk: &desk{book: to}, at: p.at}
	if err := into.use(p.acc.Uses, 1); err != nil {
		return err
	}
	if p.acc.Streak.Last > to.acc.Streak.Last || p.acc.Streak.Last == to.acc.Streak.Last && p.acc.Streak.Days > to.acc.Streak.Days {
		to.acc.Streak = p.acc.Streak
	}
	to.acc.Extended = to.acc.Extended || p.acc.Extended
	for _, d := range p.acc.Disputes {
		to.acc.Disputes = append(to.acc.Disputes, Dispute{scoped(own, d.Chargeback), d.Points})
	}
	p.lots.clear()
	p.acc.Holds, p.acc.MergedInto = nil, to.acc.ID
	return nil
}

// enliven lets an activity elsewhere count here, and enters which lots live longer for it.
func (b *book) enliven(active, at time.Time) error {
	b.acc.Active = latest(b.acc.Active, active)
	longer := Entry{Kind: KindExtend, At: at}
	for l := range b.lots.all() {
		was := l.ExpiresAt
		if l.ended(at) {
			continue
		}
		if err := b.follow(l); err != nil {
			return err
		}
		if !l.ExpiresAt.Equal(was) {
			longer.Slices = append(longer.Slices, Slice{Lot: *l})
		}
	}
	if len(longer.Slices) > 0 {
		b.entries = append(b.entries, longer)
		b.resort()
	}
	return nil
}

// carry moves all open points of a lot into a lot of another book, entering both sides.
func (p *plan) carry(to *book, l *Lot, as Lot, kind Kind) {
	parts := map[Bucket]int64{InPending: l.Pending, InAvailable: l.Available, InHeld: l.Held}
	as.Pending, as.Available, as.Held = 0, 0, 0
	there := to.lots.add(as)
	for _, b := range []Bucket{InPending, InAvailable, InHeld} {
		if n := parts[b]; n > 0 {
			p.enter(kind, p.at, b, InTransferred)
			p.move(l, n)
			to.enter(kind, p.at, Outside, b)
			to.move(there, n)
		}
	}
}

func (p *plan) carryDebt(to *book, n int64, kind Kind) error {
	if n == 0 {
		return nil
	}
	sum, err := fixed.Add(to.acc.Debt, n)
	if err != nil {
		return ErrOverflow
	}
	to.acc.Debt = sum
	p.acc.Debt -= n
	p.entries = append(p.entries, Entry{Kind: kind, At: p.at, From: InDebt, Points: n})
	to.entries = append(to.entries, Entry{Kind: kind, At: p.at, To: InDebt, Points: n})
	return nil
}
