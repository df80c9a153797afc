package points

import (
	"context"
	"slices"
	"time"
)

var _ = register(UnmergeRequest{})

// UnmergeRequest undoes a merge.
type UnmergeRequest struct {
	Account string    `json:"account"`
	Key     string    `json:"key"`
	At      time.Time `json:"at,omitzero"`
	// Merge is the key of the merge; empty means "merge:" and Into.
	Merge string `json:"merge,omitempty"`
	Into  string `json:"into"`
}

// Unmerge takes an account out of the one it was merged into, as long as nothing has happened since
// to what it brought, nor under its name or that of an account merged into it before. Otherwise the error is a [NotCleanError] that lists what stands in the way.
// Points that the merge lets live longer keep their days: what a member was promised stands.
// The store must keep [History].
func (l *Ledger) Unmerge(ctx context.Context, r UnmergeRequest) (Receipt, error) { return l.Do(ctx, r) }

// Kind implements [Op].
func (UnmergeRequest) Kind() Kind { return KindUnmerge }

func (r UnmergeRequest) head() head      { return head{r.Account, r.Key, r.At} }
func (r UnmergeRequest) refs() []string  { return []string{keyOr(r.Merge, "merge:"+r.Into)} }
func (r UnmergeRequest) backDates() bool { return true }

func (r UnmergeRequest) check() error {
	if err := checkID("into", r.Into); err != nil {
		return err
	}
	return checkID("key", r.Key)
}

func (r UnmergeRequest) plan(p *plan) error {
	if len(p.hops) == 0 || p.hops[0] != r.Account || p.byKey(r.refs()[0]) == nil {
		return fieldError{"merge", ErrUnknown}
	}
	alias, own, err := p.s.load(r.Account, r.refs())
	if err != nil {
		return err
	}
	left := (&desk{found: own}).byKey(r.refs()[0])
	if left == nil {
		return fieldError{"merge", ErrUnknown}
	}
	since, err := p.since(alias, left)
	if err != nil {
		return err
	}
	if len(since.blocks) > 0 {
		return &NotCleanError{Blocks: since.blocks}
	}
	debt := int64(0)
	for _, e := range left.Entries {
		if e.From == InDebt {
			debt += e.Points
			continue
		}
		for _, s := range e.Slices {
			l := p.lot(scoped(r.Account, s.Lot.ID))
			if l == nil || !l.open() {
				continue // the lot's other bucket took it along
			}
			lot := *l
			lot.ID, lot.Parent, lot.Of = s.Lot.ID, s.Lot.Parent, s.Lot.Of
			p.carry(alias, l, lot, KindUnmerge)
		}
	}
	if err := p.carryDebt(alias, debt, KindUnmerge); err != nil {
		return err
	}
	if err := p.use(alias.acc.Uses, -1); err != nil {
		return err
	}
	p.acc.Frozen = slices.DeleteFunc(p.acc.Frozen, func(key string) bool {
		return slices.ContainsFunc(alias.acc.Frozen, func(own string) bool { return scoped(r.Account, own) == key })
	})
	p.acc.Disputes = slices.DeleteFunc(p.acc.Disputes, func(d Dispute) bool {
		return slices.ContainsFunc(alias.acc.Disputes, func(own Dispute) bool { return scoped(r.Account, own.Chargeback) == d.Chargeback })
	})
	if alias.acc.Streak != (Streak{}) {
		p.acc.Streak = since.streak
	}
	alias.acc.MergedInto, alias.acc.Active = "", latest(alias.acc.Active, p.acc.Active)
	p.receipt.Points = alias.balance().Available
	p.receipt.Balance, p.receipt.Version = alias.balance(), alias.acc.Version+1
	c := alias.post(&Change{Key: r.Key, Of: r.refs()[0], Kind: KindUnmerge, At: p.at, Request: p.request, Receipt: *p.receipt})
	p.receipt.Entries = c.Entries
	p.post(&Change{Kind: KindUnmerge, Cause: scoped(r.Account, r.Key), At: p.at, Request: p.request})
	for _, award := range since.awards {
		p.note(KindUnmerge, grantedOnce{key: award, from: scoped(alias.acc.ID, left.Key)}, p.at, p.request)
	}
	return nil
}

// sinceMerge is what an unmerge must know of the time since the merge.
type sinceMerge struct {
	blocks []string // what stands in the way
	awards []string // the once-only awards that were noted with the merge
	streak Streak   // the check-ins under the survivor's own names
}

// since reads what has happened since the merge to what the alias brought.
func (p *plan) since(alias *book, left *Change) (s sinceMerge, err error) {
	if alias.acc.MergedInto != p.acc.ID {
		return sinceMerge{blocks: []string{"merged on"}}, nil
	}
	brought, debt := map[string]bool{}, false
	for _, e := range left.Entries {
		debt = debt || e.From == InDebt
		for _, s := range e.Slices {
			brought[scoped(alias.acc.ID, s.Lot.ID)] = true
		}
	}
	block := func(why string) {
		if !slices.Contains(s.blocks, why) {
			s.blocks = append(s.blocks, why)
		}
	}
	if slices.Contains(left.Receipt.Reasons, AlreadyGranted) { // something was taken for it, wherever it was
		block(string(KindClaw))
	}
	for _, hold := range p.acc.Holds {
		for _, pin := range hold.Pins {
			if brought[pin.Lot] {
				block("open hold")
			}
		}
	}
	merged := scoped(alias.acc.ID, left.Key)
	since := false
	from := origin{p.s, alias.acc.ID, map[string]bool{}}
	err = p.changes(p.s.ctx, p.s.store, func(c *Change) error {
		if c.noted(KindMerge) && c.Receipt.Key == merged {
			s.awards = append(s.awards, c.Of)
			return nil
		}
		arrived := c.Key == merged && c.Kind == KindMerge
		led := false
		if c.Request != nil && !arrived && (since || c.Kind == KindCheckIn) {
			var err error
			if led, err = from.led(c.Request.Op); err != nil {
				return err
			}
		}
		if c.Kind == KindCheckIn && !led {
			if next, _, err := p.policy.CheckIn(s.streak, c.At); err == nil {
				s.streak = next
			}
		}
		if since = since || arrived; !since {
			return nil
		}
		if led {
			block(string(c.Kind))
		}
		for _, e := range c.Entries {
			if arrived && e.Kind == KindMerge {
				continue
			}
			if debt && (e.From == InDebt || e.To == InDebt || e.To == InRepaid) {
				block(string(e.Kind))
			}
			for _, s := range e.Slices {
				if brought[s.Lot.ID] {
					block(string(e.Kind))
				}
			}
		}
		return nil
	})
	return s, err
}

// origin tells which names lead to an account, by itself or through merges.
type origin struct {
	s       *session
	account string
	known   map[string]bool
}

// led reports whether an operation came under such a name, or was meant for one.
func (o *origin) led(op Op) (bool, error) {
	names := []string{op.head().account}
	switch op := op.(type) {
	case TransferRequest:
		names = append(names, op.To)
	case MergeRequest:
		names = append(names, op.Into)
	}
	for _, name := range names {
		if leads, err := o.leads(name, 0); leads || err != nil {
			return leads, err
		}
	}
	return false, nil
}

func (o *origin) leads(name string, hops int) (bool, error) {
	if name == o.account || name == "" || hops > maxHops {
		return name == o.account, nil
	}
	if leads, known := o.known[name]; known {
		return leads, nil
	}
	b, _, err := o.s.load(name, nil)
	if err != nil {
		return false, err
	}
	o.known[name], err = o.leads(b.acc.MergedInto, hops+1)
	return o.known[name], err
}
