package points

import (
	"context"
	"slices"
	"time"
)

// accountAt returns what the entries tell of an account at an instant before its latest change.
func (b *book) accountAt(ctx context.Context, store Store, at time.Time) (Account, error) {
	acc := Account{ID: b.acc.ID}
	var sum Balance
	lots, err := b.lotsAt(ctx, store, at, func(c *Change) {
		if !c.At.After(at) {
			acc.Version, acc.At = c.Version, c.At
		}
		for _, e := range c.Entries {
			if !e.At.After(at) {
				sum.apply(e)
			}
		}
	})
	acc.Lots, acc.Debt = lots, sum.Debt
	return acc, err
}

// lotsAt returns the open lots of an account as they stood at an instant before its latest change, in
// consumption order, and shows each of its changes. Every movement tells the lot that it left; what
// moves an end without a movement, an event that was confirmed and an activity, is done again.
func (b *book) lotsAt(ctx context.Context, store Store, at time.Time, see func(*Change)) ([]Lot, error) {
	then := &book{policy: b.policy}
	lots := map[string]*Lot{}
	err := b.changes(ctx, store, func(c *Change) error {
		see(c)
		for _, e := range c.Entries {
			if e.At.After(at) {
				continue
			}
			for _, s := range e.Slices {
				if lots[s.Lot.ID] = &s.Lot; !s.Lot.open() {
					delete(lots, s.Lot.ID)
				}
			}
		}
		if c.Request == nil || c.Request.Op.Kind() != c.Kind || c.At.After(at) {
			return nil
		}
		if op, ok := c.Request.Op.(ConfirmRequest); ok {
			if err := then.confirmed(lots, c, op); err != nil {
				return err
			}
		}
		if op := (&plan{desk: &desk{book: then}, op: c.Request.Op, at: c.At}); !op.counts() {
			return nil
		}
		then.acc.Active = c.At
		for _, l := range lots {
			if l.ended(c.At) {
				continue
			}
			if err := then.follow(l); err != nil {
				return err
			}
		}
		return nil
	})
	list := make([]Lot, 0, len(lots))
	for _, l := range lots {
		list = append(list, *l)
	}
	slices.SortFunc(list, func(x, y Lot) int { return before(&x, &y) })
	return list, err
}

// confirmed gives the lots that awaited an event their instants.
func (b *book) confirmed(lots map[string]*Lot, c *Change, op ConfirmRequest) error {
	for _, l := range lots {
		if l.Awaits == op.Event && (l.Of == c.Of || l.ID == c.Of) {
			if err := b.awaken(l, op.happened(c)); err != nil {
				return err
			}
		}
	}
	return nil
}
