package points

import (
	"context"
	"iter"
	"time"

	"github.com/regulars-go/regulars/internal/civil"
	"github.com/regulars-go/regulars/internal/fixed"
)

// Outstanding is what a programme owes its members at an instant. Months are local, "2026-01"; points
// that never expire, or whose expiry waits for an event, stand under "never".
type Outstanding struct {
	At       time.Time `json:"at"`
	Accounts int64     `json:"accounts"` // that have or owe points
	Balance  Balance   `json:"balance"`
	// Earned, Expiring and Colors divide available, held and pending points by the month they were
	// earned in, by the month they end in, and by colour.
	Earned   map[string]int64 `json:"earned"`
	Expiring map[string]int64 `json:"expiring"`
	Colors   map[string]int64 `json:"colors"`
}

// Outstanding adds up all accounts as they stood at an instant, zero for now. It reads every account
// once, and the changes of those that have changed since; so it may run beside writers and can answer
// for the end of a month later. It needs a store with [History].
func (l *Ledger) Outstanding(ctx context.Context, at time.Time) (Outstanding, error) {
	at = moment(at)
	o := Outstanding{At: at, Earned: map[string]int64{}, Expiring: map[string]int64{}, Colors: map[string]int64{}}
	clock := civil.NewClock(l.policy.Zone())
	for acc, err := range l.Accounts(ctx, at) {
		if err != nil {
			return Outstanding{}, err
		}
		if err := o.add(&acc, &clock); err != nil {
			return Outstanding{}, err
		}
	}
	return o, nil
}

// Accounts yields every account that had come into being by an instant, zero for now, as it stood
// then, in ascending order of names and without those that had been merged into another. An account
// that has changed since is answered from its entries: it comes with its lots, its debt, and the
// version and instant of its latest change by then, and with nothing else. It needs a store with [History].
func (l *Ledger) Accounts(ctx context.Context, at time.Time) iter.Seq2[Account, error] {
	at = moment(at)
	return func(yield func(Account, error) bool) {
		h, ok := l.store.(History)
		if !ok {
			yield(Account{}, ErrNoHistory)
			return
		}
		for name, err := range h.Accounts(ctx, "") {
			if err != nil {
				yield(Account{}, err)
				return
			}
			acc, err := l.stood(ctx, name, at)
			if err == nil && (acc.ID != name || acc.Version == 0 && len(acc.Lots) == 0) {
				continue
			}
			if !yield(acc, err) || err != nil {
				return
			}
		}
	}
}

// stood returns an account as it stood at an instant, or the one that it was merged into by then.
func (l *Ledger) stood(ctx context.Context, name string, at time.Time) (Account, error) {
	b, err := l.past(ctx, name, at)
	switch {
	case err != nil:
		return Account{}, err
	case b.acc.ID == name && at.Before(b.acc.At):
		return b.accountAt(ctx, l.store, at)
	}
	return b.whole(), nil
}

func (o *Outstanding) add(acc *Account, clock *civil.Clock) error {
	b := acc.Balance()
	if b == (Balance{}) {
		return nil
	}
	o.Accounts++
	sums := []struct {
		sum *int64
		n   int64
	}{{&o.Balance.Available, b.Available}, {&o.Balance.Pending, b.Pending}, {&o.Balance.Held, b.Held}, {&o.Balance.Debt, b.Debt}}
	var err error
	for _, s := range sums {
		if *s.sum, err = fixed.Add(*s.sum, s.n); err != nil {
			return ErrOverflow
		}
	}
	for i := range acc.Lots {
		l := &acc.Lots[i]
		n := l.Available + l.Pending + l.Held
		ends := "never"
		if !l.ExpiresAt.IsZero() {
			ends = month(clock, l.ExpiresAt.Add(-time.Microsecond)) // the last month in which they can be spent
		}
		for _, part := range []struct {
			by   map[string]int64
			name string
		}{{o.Earned, month(clock, l.EarnedAt)}, {o.Expiring, ends}, {o.Colors, l.Color}} {
			if part.by[part.name], err = fixed.Add(part.by[part.name], n); err != nil {
				return ErrOverflow
			}
		}
	}
	return nil
}

func month(clock *civil.Clock, t time.Time) string { return clock.Day(t).String()[:7] }
