package points

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/regulars-go/regulars/internal/fixed"
)

// Verify recomputes an account from its entries and checks the invariants of the books:
//
//   - Versions follow one another, instants do not run backwards, a key is used once.
//   - Every lot's points are the sum of its buckets and none is ever negative. An entry is the sum of
//     its slices, comes no earlier than the birth of its lots, and goes where its kind says; points
//     are redeemed and held only before they end.
//   - Available points and debt are never both positive, and a receipt tells the balance of its time.
//   - No more is reinstated than was redeemed, and no more taken back for an order than was given for
//     it, but for debt that staff forgave. What an erased account brought along is not known any more.
//   - The stored version, instant, balance and lots are those of the entries, what is held is what the
//     open holds say, and the account falls due when something happens next.
//
// Freezes, disputes, counters of caps, streaks and the terms of holds lie in no entry and are not
// checked, nor are requests and evidence. The error matches [ErrCorrupt] and names the first version
// that is wrong. It needs a store with [History].
func (l *Ledger) Verify(ctx context.Context, account string) error {
	if err := checkID("account", account); err != nil {
		return err
	}
	h, ok := l.store.(History)
	if !ok {
		return ErrNoHistory
	}
	_, err := l.replay(ctx, h, account)
	return err
}

func (l *Ledger) replay(ctx context.Context, h History, account string) (*replayer, error) {
	acc, err := l.store.Load(ctx, account)
	if err != nil {
		return nil, err
	}
	a := &replayer{
		account: account, keys: map[string]bool{}, lots: map[string]*trail{}, spent: map[string]int64{}, joined: map[string]bool{},
		given: map[string]int64{}, taken: map[string]int64{},
	}
	for c, err := range h.Changes(ctx, account, 0) {
		if err != nil {
			return nil, err
		}
		if c.Version > acc.Version {
			break // written since
		}
		if c.Kind == KindMerge {
			if err := l.join(ctx, h, a, account, &c); err != nil {
				return nil, err
			}
		}
		if err := a.change(&c); err != nil {
			return nil, fmt.Errorf("%w: version %d: %w", ErrCorrupt, c.Version, err)
		}
	}
	if err := a.state(&acc); err != nil {
		return nil, fmt.Errorf("%w: state: %w", ErrCorrupt, err)
	}
	return a, nil
}

// join takes over what a merged account had redeemed, which comes back here from now on.
func (l *Ledger) join(ctx context.Context, h History, a *replayer, account string, c *Change) error {
	alias := ""
	if c.Request != nil {
		alias = c.Request.Op.head().account
	}
	for hops := 0; ; hops++ { // the request may have named an alias of the account that was merged
		if alias == "" || hops > maxHops {
			a.blind = true // erased, or taken out again
			return nil
		}
		from, err := l.store.Load(ctx, alias)
		if err != nil {
			return err
		}
		if from.MergedInto == account {
			break
		}
		if alias = from.MergedInto; from.ID == account {
			return nil // this account's own merge into another
		}
	}
	if a.joined[alias] {
		return nil
	}
	a.joined[alias] = true
	was, err := l.replay(ctx, h, alias)
	if err != nil {
		return fmt.Errorf("merged account: %w", err)
	}
	for redemption, n := range was.spent {
		a.spent[scoped(alias, redemption)] += n
	}
	for order, n := range was.given {
		a.given[scoped(alias, order)] += n
	}
	for order, n := range was.taken {
		a.taken[scoped(alias, order)] += n
	}
	a.forgiven += was.forgiven
	a.blind = a.blind || was.blind
	return nil
}

// trail is a lot as the entries tell it.
type trail struct {
	born    time.Time
	issued  int64
	buckets map[Bucket]int64
	last    Lot // as the latest movement left it
}

// replayer replays an account.
type replayer struct {
	account string
	version int64
	at      time.Time
	keys    map[string]bool
	lots    map[string]*trail
	sum     Balance
	told    *Balance         // by the latest receipt, of the account after it and what lapsed with it
	spent   map[string]int64 // by redemption, less what came back
	given   map[string]int64 // by order
	taken   map[string]int64 // by order, in points and in debt, less what came back
	// forgiven is the debt that staff has written off, which may be owed for an order once more.
	forgiven int64
	joined   map[string]bool // accounts that were merged into this one
	blind    bool            // one of which is no longer known
}

func (a *replayer) change(c *Change) error {
	if a.version++; c.Version != a.version {
		return fmt.Errorf("follows version %d", a.version-1)
	}
	if c.Account != a.account {
		return fmt.Errorf("is of another account")
	}
	if c.Key != "" && a.keys[c.Key] {
		return fmt.Errorf("key %q was used before", c.Key)
	}
	a.keys[c.Key] = true
	if c.Kind != KindExpire || c.Key != "" || !c.At.Equal(a.at) {
		if err := a.heard(); err != nil {
			return err
		}
	}
	switch {
	case c.At.Before(a.at):
		return fmt.Errorf("dated before the version that it follows")
	case c.At.After(a.at): // within an instant, points may come back only to lapse
		if a.sum.Available > 0 && a.sum.Debt > 0 {
			return fmt.Errorf("available points beside debt %+v", a.sum)
		}
		a.at = c.At
	}
	for i, e := range c.Entries {
		if err := a.entry(c, e); err != nil {
			return fmt.Errorf("entry %d: %w", i+1, err)
		}
	}
	if min(a.sum.Available, a.sum.Pending, a.sum.Held, a.sum.Debt) < 0 {
		return fmt.Errorf("negative balance %+v", a.sum)
	}
	// A merge tells the balance of the account that it led to, and the account that receives is told nothing.
	if c.Receipt.Version == c.Version && c.Kind != KindMerge {
		a.told = &c.Receipt.Balance
	}
	if n := a.taken[c.Of] - a.given[c.Of]; c.Of != "" && n > a.forgiven && !a.blind {
		return fmt.Errorf("%d points more taken back for %q than it was given", n, c.Of)
	}
	return nil
}

// heard compares the balance of the latest receipt with that of the entries.
func (a *replayer) heard() error {
	if a.told != nil && *a.told != a.sum {
		return fmt.Errorf("receipt of version %d: balance %+v, entries say %+v", a.version-1, *a.told, a.sum)
	}
	a.told = nil
	return nil
}

// destinations are where entries of a kind may go, for the kinds that do not leave it open.
var destinations = map[Kind]Bucket{
	KindActivate: InAvailable, KindHold: InHeld, KindRedeem: InRedeemed, KindExpire: InExpired,
	KindClaw: InClawed, KindDebt: InDebt, KindRepay: InRepaid, KindTransfer: InTransferred,
}

// sources are the kinds of entries that may go to a bucket, for those that points do not come back from.
var sources = map[Bucket][]Kind{
	InRedeemed: {KindRedeem}, InExpired: {KindExpire, KindForget}, InClawed: {KindClaw, KindAdjust}, InRepaid: {KindRepay},
	InTransferred: {KindTransfer, KindMerge, KindUnmerge, KindRelease}, InHeld: {KindHold, KindMerge, KindUnmerge},
}

// check checks what an entry says by itself.
func (e *Entry) check(c *Change) error {
	if e.Points < 0 {
		return fmt.Errorf("moves %d points", e.Points)
	}
	if e.At.After(c.At) {
		return fmt.Errorf("dated after its change")
	}
	to, bound := destinations[e.Kind]
	from, closed := sources[e.To]
	if bound && e.To != to || closed && !slices.Contains(from, e.Kind) {
		return fmt.Errorf("%s from %q to %q", e.Kind, e.From, e.To)
	}
	return nil
}

func (a *replayer) entry(c *Change, e Entry) error {
	if err := e.check(c); err != nil {
		return err
	}
	var sum int64
	for _, s := range e.Slices {
		var err error
		if sum, err = fixed.Add(sum, s.Points); err != nil {
			return err
		}
		if err := a.slice(e, s); err != nil {
			return fmt.Errorf("lot %q: %w", s.Lot.ID, err)
		}
	}
	if debt := e.From == InDebt || e.To == InDebt; sum != e.Points && !debt || sum != 0 && debt {
		return fmt.Errorf("%d points in slices of %d", e.Points, sum)
	}
	a.sum.apply(e)
	a.order(c, e)
	switch {
	case e.Of != "":
		if a.spent[e.Of] -= e.Points; a.spent[e.Of] < 0 && (!a.blind || e.From != Outside) {
			return fmt.Errorf("reinstates more than %q redeemed", e.Of)
		}
	case e.To == InRedeemed:
		a.spent[c.Key] += e.Points
	}
	return nil
}

// order counts what was given and taken back for the order that a change is about.
func (a *replayer) order(c *Change, e Entry) {
	of := keyOr(c.Of, c.Key)
	switch {
	case e.Kind == KindEarn:
		a.given[of] += e.Points
	case e.Kind == KindClaw, e.Kind == KindDebt:
		a.taken[of] += e.Points
	case c.Kind == KindWin && (e.Kind == KindUnclaw || e.Kind == KindWriteOff):
		a.taken[of] -= e.Points
	case e.Kind == KindWriteOff:
		a.forgiven += e.Points
	}
}

func (a *replayer) slice(e Entry, s Slice) error {
	if s.Points < 0 || s.Points == 0 && e.Kind != KindExtend {
		return fmt.Errorf("moves %d points", s.Points)
	}
	t := a.lots[s.Lot.ID]
	if t == nil {
		t = &trail{born: e.At, buckets: map[Bucket]int64{}}
		a.lots[s.Lot.ID] = t
	}
	if e.At.Before(t.born) {
		return fmt.Errorf("moves before its birth")
	}
	if e.From == Outside {
		t.issued += s.Points
	} else {
		t.buckets[e.From] -= s.Points
	}
	if e.Kind != KindExtend {
		t.buckets[e.To] += s.Points
	}
	var kept int64
	for b, n := range t.buckets {
		if n < 0 {
			return fmt.Errorf("%d points %s", n, b)
		}
		kept += n
	}
	if kept != t.issued {
		return fmt.Errorf("issued %d, in buckets %d", t.issued, kept)
	}
	if e.From == InPending && e.To == InAvailable && e.At.Before(s.Lot.ActiveFrom) {
		return fmt.Errorf("active before its time")
	}
	if e.From == InAvailable && (e.To == InRedeemed || e.To == InHeld) && s.Lot.ended(e.At) {
		return fmt.Errorf("spent after its end")
	}
	if open := [3]int64{t.buckets[InPending], t.buckets[InAvailable], t.buckets[InHeld]}; open != [3]int64{s.Lot.Pending, s.Lot.Available, s.Lot.Held} {
		return fmt.Errorf("recorded with %d, %d, %d points open, has %v", s.Lot.Pending, s.Lot.Available, s.Lot.Held, open)
	}
	t.last = s.Lot
	return nil
}

// follows reports whether an open lot is the one that its latest movement left. An event and an
// activity move the instants of a lot that lives under terms of its own, without a movement.
func (l *Lot) follows(last *Lot) bool {
	x, y := *l, *last
	for _, lot := range []*Lot{&x, &y} {
		lot.EarnedAt, lot.ActiveFrom, lot.ExpiresAt = time.Time{}, time.Time{}, time.Time{}
		if lot.Timing = nil; last.Timing != nil {
			lot.Awaits = ""
		}
	}
	return x == y && l.EarnedAt.Equal(last.EarnedAt) &&
		(last.Timing != nil || l.Timing == nil && l.ActiveFrom.Equal(last.ActiveFrom) && l.ExpiresAt.Equal(last.ExpiresAt))
}

// state compares what the store holds with what the entries add up to.
func (a *replayer) state(acc *Account) error {
	if acc.Version != a.version {
		return fmt.Errorf("version %d after %d changes", acc.Version, a.version)
	}
	if err := a.heard(); err != nil {
		return err
	}
	if !acc.At.Equal(a.at) {
		return fmt.Errorf("at %v, the latest change is of %v", acc.At, a.at)
	}
	if got := acc.Balance(); got != a.sum {
		return fmt.Errorf("balance %+v, entries say %+v", got, a.sum)
	}
	if a.sum.Available > 0 && a.sum.Debt > 0 {
		return fmt.Errorf("available points beside debt %+v", a.sum)
	}
	held := map[string]int64{}
	for _, h := range acc.Holds {
		var sum int64
		for _, pin := range h.Pins {
			held[pin.Lot] += pin.Points
			sum += pin.Points
		}
		if sum != h.Points {
			return fmt.Errorf("hold of %d pins %d", h.Points, sum)
		}
	}
	seen := map[string]bool{}
	for i := range acc.Lots {
		l := &acc.Lots[i]
		t := a.lots[l.ID]
		switch {
		case t == nil || seen[l.ID]:
			return fmt.Errorf("lot %q was never issued, or is there twice", l.ID)
		case !l.follows(&t.last):
			return fmt.Errorf("lot %q differs from its entries", l.ID)
		case l.Held != held[l.ID]:
			return fmt.Errorf("lot %q has %d held, open holds pin %d", l.ID, l.Held, held[l.ID])
		}
		seen[l.ID] = true
	}
	if !slices.IsSortedFunc(acc.Lots, func(x, y Lot) int { return before(&x, &y) }) {
		return fmt.Errorf("lots are not in consumption order")
	}
	b := book{acc: *acc}
	b.lots.pack(acc.Lots)
	if b.tidy(); !acc.Due.Equal(b.acc.Due) {
		return fmt.Errorf("due %v, should be %v", acc.Due, b.acc.Due)
	}
	return nil
}
