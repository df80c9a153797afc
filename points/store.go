package points

import (
	"context"
	"iter"
	"time"
)

// Store keeps the accounts of one programme. It never computes, never reads a clock and never
// decides: it hands out what it was given and refuses a change that comes too late. [MemStore] is
// its executable specification and the suite in pointstest checks any other.
//
// A Store is safe for concurrent use, unless it is bound to a transaction.
type Store interface {
	// Load returns the account with its latest version, or a zero account with only its ID set if it
	// was never written, and in Account.Changes, in order of version, those of its changes up to that
	// version whose Key or Of is among keys. The caller owns what it gets.
	Load(ctx context.Context, account string, keys ...string) (Account, error)

	// Commit applies all changes or none. Each applies only if its account is at Version-1 and no
	// earlier change of the account has its Key (the empty key is never taken); otherwise nothing is
	// applied and the error is [ErrConflict]. Several changes of one account carry consecutive
	// versions and apply in order; only the last of them carries State. The store keeps no
	// reference to what it was given.
	Commit(ctx context.Context, changes ...Change) error

	// Due yields, at least once, every account whose Due is set and not after until. It may
	// over-report; the consumer may stop early and may Commit while ranging.
	Due(ctx context.Context, until time.Time) iter.Seq2[string, error]
}

// History reads what a [Store] has recorded. A ledger needs it for balances in the past, statements
// and reports, never to earn or to redeem.
type History interface {
	// Changes yields the changes of an account with a version above after, in order of version, none
	// lost and none twice, also while writers append. Their State is nil.
	Changes(ctx context.Context, account string, after int64) iter.Seq2[Change, error]

	// Accounts yields the name of every account that was ever written and is above after, in
	// ascending order of bytes.
	Accounts(ctx context.Context, after string) iter.Seq2[string, error]
}
