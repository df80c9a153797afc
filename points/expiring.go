package points

import (
	"context"
	"slices"
	"time"
)

// Expiring is what ends at one instant.
type Expiring struct {
	At     time.Time `json:"at"`
	Points int64     `json:"points"`
	// Held ends with the rest unless its hold is captured, or ends later by the programme's grace.
	Held int64 `json:"held,omitempty"`
}

// Expiring lists what an account will lose within a number of local days after an instant (zero for
// now) if nothing is spent, the earliest first. Pending points count: they may end before they are
// spent. An instant before the latest change is answered from the entries as [Ledger.Balance] is, with
// the ends that the points had then, which needs a store with [History].
func (l *Ledger) Expiring(ctx context.Context, account string, at time.Time, days int) ([]Expiring, error) {
	at = moment(at)
	if days < 0 || days > maxExtension {
		return nil, fieldError{"days", ErrAmount}
	}
	b, err := l.past(ctx, account, at)
	if err != nil {
		return nil, err
	}
	lots := b.lots.lots()
	if at.Before(b.acc.At) {
		if lots, err = b.lotsAt(ctx, l.store, at, func(*Change) {}); err != nil {
			return nil, err
		}
	}
	last := b.through(at, days)
	var list []Expiring
	for _, lot := range lots {
		if lot.ExpiresAt.IsZero() || lot.ExpiresAt.After(last) || !lot.ExpiresAt.After(at) {
			continue
		}
		i, found := slices.BinarySearchFunc(list, lot.ExpiresAt, func(e Expiring, t time.Time) int { return e.At.Compare(t) })
		if !found {
			list = slices.Insert(list, i, Expiring{At: lot.ExpiresAt})
		}
		list[i].Points += lot.Available + lot.Pending
		list[i].Held += lot.Held
	}
	return list, nil
}
