package points

import (
	"context"
	"errors"
	"time"
)

// Swept counts what a sweep has written.
type Swept struct {
	Accounts int
	Changes  int
}

// Sweep writes down what time has done to all accounts up to an instant, zero for now: activations,
// holds that ran out, expiries. Nothing depends on it, because every operation and every question
// does the same for its own account; it keeps a store's columns fresh for other readers. It may be
// run at any time, by anyone, any number of times, and continues where it was interrupted.
func (l *Ledger) Sweep(ctx context.Context, until time.Time) (Swept, error) {
	until = moment(until)
	var sum Swept
	for account, err := range l.store.Due(ctx, until) {
		if err != nil {
			return sum, err
		}
		n, err := l.sweep(ctx, account, until)
		if err != nil {
			return sum, err
		}
		if n > 0 {
			sum.Accounts++
			sum.Changes += n
		}
	}
	return sum, nil
}

func (l *Ledger) sweep(ctx context.Context, account string, until time.Time) (int, error) {
	for try := 0; ; try++ {
		s := &session{ctx: ctx, store: l.store, policy: l.policy}
		b, _, err := s.load(account, nil)
		if err != nil {
			return 0, err
		}
		if err := b.settle(until); err != nil {
			return 0, err
		}
		n := len(b.posted)
		if err = s.commit(); err == nil {
			return n, nil
		}
		if l.once || !errors.Is(err, ErrConflict) || try == attempts {
			return 0, err
		}
		if err := pause(ctx, try); err != nil {
			return 0, err
		}
	}
}
