package points

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/regulars-go/regulars/internal/fixed"
)

// Verify recomputes an account from its entries and checks the invariants of the books: every lot's
// points are the sum of its buckets and none is ever negative; an entry is the sum of its slices and
// comes no earlier than the birth of its lots; what is held is what the open holds say; available
// points and debt are never both positive; no more is reinstated than was redeemed; and the stored
// state is what the entries add up to. The error matches [ErrCorrupt] and names the first version
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
	a := &replayer{lots: map[string]*trail{}, spent: map[string]int64{}, joined: map[string]bool{}}
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
	return nil
}

// trail is a lot as the entries tell it.
type trail struct {
	born    time.Time
	issued  int64
	buckets map[Bucket]int64
}

// replayer replays an account.
type replayer struct {
	version int64
	at      time.Time
	lots    map[string]*trail
	sum     Balance
	spent   map[string]int64 // by redemption, less what came back
	joined  map[string]bool  // accounts that were merged into this one
	blind   bool             // one of which is no longer known
}

func (a *replayer) change(c *Change) error {
	if a.version++; c.Version != a.version {
		return fmt.Errorf("follows version %d", a.version-1)
	}
	if c.At.After(a.at) { // within an instant, points may come back only to lapse
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
	return nil
}

func (a *replayer) entry(c *Change, e Entry) error {
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
	if sum != e.Points && e.From != InDebt && e.To != InDebt {
		return fmt.Errorf("%d points in slices of %d", e.Points, sum)
	}
	a.sum.apply(e)
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
	if open := [3]int64{t.buckets[InPending], t.buckets[InAvailable], t.buckets[InHeld]}; open != [3]int64{s.Lot.Pending, s.Lot.Available, s.Lot.Held} {
		return fmt.Errorf("recorded with %d, %d, %d points open, has %v", s.Lot.Pending, s.Lot.Available, s.Lot.Held, open)
	}
	return nil
}

// state compares what the store holds with what the entries add up to.
func (a *replayer) state(acc *Account) error {
	if acc.Version != a.version {
		return fmt.Errorf("version %d after %d changes", acc.Version, a.version)
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
		case l.Pending != t.buckets[InPending] || l.Available != t.buckets[InAvailable] || l.Held != t.buckets[InHeld]:
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
