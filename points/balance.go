package points

import (
	"context"
	"slices"
	"time"
)

// Account returns an account as it stands at an instant, zero for now: settled up to it, with its
// open lots in consumption order and its open holds, under the name of the account it was merged
// into, if it was. Nothing is stored. An instant before the account's latest change is
// [ErrOutOfOrder]; ask [Ledger.Balance], [Ledger.Expiring], [Ledger.Accounts] or a statement for the past.
func (l *Ledger) Account(ctx context.Context, account string, at time.Time) (Account, error) {
	b, err := l.view(ctx, account, at)
	if err != nil {
		return Account{}, err
	}
	if moment(at).Before(b.acc.At) && !at.IsZero() {
		return Account{}, ErrOutOfOrder
	}
	return b.whole(), nil
}

// open reads an account and those it was merged into, in that order.
func (l *Ledger) open(ctx context.Context, account string) ([]*book, error) {
	if err := checkID("account", account); err != nil {
		return nil, err
	}
	s := &session{ctx: ctx, store: l.store, policy: l.policy}
	_, err := s.open(account, nil)
	return s.books, err
}

// view settles a copy of an account, which is thrown away.
func (l *Ledger) view(ctx context.Context, account string, at time.Time) (*book, error) {
	books, err := l.open(ctx, account)
	if err != nil {
		return nil, err
	}
	b := books[len(books)-1]
	return b, b.settle(moment(at))
}

// past is view for an instant before which the account may not have been merged yet: it is then what
// the account itself was.
func (l *Ledger) past(ctx context.Context, account string, at time.Time) (*book, error) {
	books, err := l.open(ctx, account)
	if err != nil {
		return nil, err
	}
	b := books[len(books)-1]
	if i := slices.IndexFunc(books, func(b *book) bool { return at.Before(b.acc.At) }); i >= 0 {
		b = books[i] // what happened last to a merged account is its merge
	}
	return b, b.settle(at)
}

// moment is an instant at the door of the ledger, where zero means now.
func moment(at time.Time) time.Time {
	if at.IsZero() {
		at = time.Now() //nolint:forbidigo // a zero instant means now, read once at the top of the call
	}
	return instant(at)
}

// Balance returns what an account has at an instant, zero for now. It is a function of time: lots
// become active, expire and holds run out without any job. An instant before the latest change is
// answered from the entries, which needs a store with [History]; for a merged account it is what the
// account itself had before the merge.
func (l *Ledger) Balance(ctx context.Context, account string, at time.Time) (Balance, error) {
	at = moment(at)
	b, err := l.past(ctx, account, at)
	if err != nil {
		return Balance{}, err
	}
	if !at.Before(b.acc.At) {
		return b.balance(), nil
	}
	var sum Balance
	err = b.changes(ctx, l.store, func(c *Change) error {
		for _, e := range c.Entries {
			if !e.At.After(at) {
				sum.apply(e)
			}
		}
		return nil
	})
	if err != nil {
		return Balance{}, err
	}
	return sum, nil
}

// apply adds a movement to a balance.
func (s *Balance) apply(e Entry) {
	if sum := s.bucket(e.From); sum != nil {
		*sum -= e.Points
	}
	if sum := s.bucket(e.To); sum != nil {
		*sum += e.Points
	}
	if e.To == InRepaid {
		s.Debt -= e.Points
	}
}

func (s *Balance) bucket(b Bucket) *int64 {
	switch b {
	case InPending:
		return &s.Pending
	case InAvailable:
		return &s.Available
	case InHeld:
		return &s.Held
	case InDebt:
		return &s.Debt
	default:
		return nil
	}
}
