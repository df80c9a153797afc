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
	// Failed is how many accounts could not be swept; they stay as they were.
	Failed int
}

// SweepError is what went wrong with one account of a [Ledger.Sweep]. Its text does not name the account.
type SweepError struct {
	Account string
	Err     error
}

func (e *SweepError) Error() string { return e.Err.Error() }

// Unwrap returns what went wrong.
func (e *SweepError) Unwrap() error { return e.Err }

// sweepErrors bounds how many errors of accounts a sweep returns.
const sweepErrors = 100

// Sweep writes down what time has done to all accounts up to an instant, zero for now: activations,
// holds that ran out, expiries. Nothing depends on it, because every operation and every question
// does the same for its own account; it keeps a store's columns fresh for other readers. It may be
// run at any time, by anyone, any number of times, and continues where it was interrupted.
//
// What is written is settled. An operation dated earlier that comes after it is late: a debit is refused
// with [ErrOutOfOrder], a credit becomes known when the sweep's last change did. So sweep up to now, or up
// to an instant before which nothing will be dated any more.
//
// An account that fails does not keep the others waiting: the sweep goes on, and returns the errors of the
// first hundred joined, each a [SweepError], with Failed counting all. It ends early, with what it has
// done so far, if the context does or the store cannot tell which accounts are due. A ledger from
// [Ledger.With] stops at the first error, because its transaction must be run again.
func (l *Ledger) Sweep(ctx context.Context, until time.Time) (Swept, error) {
	until = moment(until)
	var sum Swept
	var failed []error
	for account, err := range l.store.Due(ctx, until) {
		if err != nil {
			return sum, errors.Join(append(failed, err)...)
		}
		n, err := l.sweep(ctx, account, until)
		if err != nil {
			if sum.Failed++; len(failed) < sweepErrors {
				failed = append(failed, &SweepError{account, err})
			}
			if l.once || ctx.Err() != nil {
				break
			}
			continue
		}
		if n > 0 {
			sum.Accounts++
			sum.Changes += n
		}
	}
	return sum, errors.Join(failed...)
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
