package points

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// rotten is a store of which some accounts cannot be read as what they were.
type rotten struct {
	*MemStore
	broken func(account string) bool
	loads  int
}

func (s *rotten) Load(ctx context.Context, account string, keys ...string) (Account, error) {
	s.loads++
	a, err := s.MemStore.Load(ctx, account, keys...)
	if s.broken(account) {
		a.ID = "another"
	}
	return a, err
}

func TestSweepGoesOnPastAnAccountThatFails(t *testing.T) {
	fresh := func(accounts ...string) (*bench, *rotten, *Ledger) {
		b := newBench(t, nil)
		for _, account := range accounts {
			b.earn(account, "k", 10, "2025-01-02", "2025-01-31")
		}
		s := &rotten{MemStore: b.store, broken: func(account string) bool { return strings.HasPrefix(account, "b") }}
		return b, s, must(New(s, b.Policy()))
	}
	swept := func(b *bench, account string) bool {
		acc, err := b.store.Load(ctx, account)
		require.NoError(t, err)
		return acc.Due.IsZero()
	}

	b, s, l := fresh("a", "b1", "b2", "c")
	before := b.raw("b1") + b.raw("b2")
	sum, err := l.Sweep(ctx, b.on("2025-02-10"))
	assert.Equal(t, Swept{Accounts: 2, Changes: 2, Failed: 2}, sum)
	require.ErrorIs(t, err, ErrCorrupt)
	joined, ok := err.(interface{ Unwrap() []error })
	require.True(t, ok)
	var names []string
	for _, err := range joined.Unwrap() {
		var failed *SweepError
		require.ErrorAs(t, err, &failed)
		names = append(names, failed.Account)
		assert.NotContains(t, err.Error(), failed.Account)
	}
	assert.Equal(t, []string{"b1", "b2"}, names)
	assert.True(t, swept(b, "a") && swept(b, "c"))
	assert.Equal(t, before, b.raw("b1")+b.raw("b2"))

	s.broken = func(string) bool { return false }
	sum, err = l.Sweep(ctx, b.on("2025-02-10"))
	require.NoError(t, err)
	assert.Equal(t, Swept{Accounts: 2, Changes: 2}, sum)

	b, s, l = fresh("a", "b", "c")
	sum, err = l.With(s).Sweep(ctx, b.on("2025-02-10"))
	require.ErrorIs(t, err, ErrCorrupt)
	assert.Equal(t, Swept{Accounts: 1, Changes: 1, Failed: 1}, sum, "a transaction must be run again")
	assert.False(t, swept(b, "c"))

	b, s, l = fresh("a", "b", "c")
	cancelled, cancel := context.WithCancel(ctx)
	s.broken = func(account string) bool {
		if account == "b" {
			cancel()
		}
		return false
	}
	_, err = l.Sweep(cancelled, b.on("2025-02-10"))
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, 2, s.loads)

	var many []string
	for i := range 3 * sweepErrors {
		many = append(many, key("b", i))
	}
	b, _, l = fresh(append(many, "c")...)
	sum, err = l.Sweep(ctx, b.on("2025-02-10"))
	assert.Equal(t, Swept{Accounts: 1, Changes: 1, Failed: 3 * sweepErrors}, sum)
	require.ErrorAs(t, err, &joined)
	assert.Len(t, joined.Unwrap(), sweepErrors)
	assert.True(t, errors.Is(err, ErrCorrupt) && swept(b, "c"))
}

// An operation that moves nothing has no entries, the first time and when it is repeated.
func TestReceiptWithoutMovementsHasNoEntries(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Terms.Refund = WithinBalance })
	b.order("a", "7", "100", "2025-01-02")
	b.redeem("a", "r", 100, "2025-01-03")
	for range 2 {
		r := b.refund("a", "1", "7", "100", "2025-01-04")
		assert.EqualValues(t, 100, r.Shortfall)
		assert.Nil(t, r.Entries)
	}
	for c, err := range b.store.Changes(ctx, "a", 2) {
		require.NoError(t, err)
		assert.Nil(t, c.Entries)
	}
	_, err := b.Statement(ctx, "a", time.Time{}, b.on("2025-02-01"))
	require.NoError(t, err)
}

// What a sweep has written is settled: a debit dated before it is late, and leaves no trace.
func TestSweepSettles(t *testing.T) {
	for _, swept := range []bool{false, true} {
		b := newBench(t, nil)
		b.earn("a", "k", 100, "2025-01-01", "")
		b.earn("a", "short", 10, "2025-01-01", "2025-01-31")
		if swept {
			_, err := b.Sweep(ctx, b.on("2025-02-02"))
			require.NoError(t, err)
		}
		before := b.raw("a")
		_, err := b.Redeem(ctx, RedeemRequest{Account: "a", Key: "r", Points: 5, At: b.on("2025-01-31 12:00")})
		if !swept {
			require.NoError(t, err)
			continue
		}
		require.ErrorIs(t, err, ErrOutOfOrder)
		require.Equal(t, before, b.raw("a"))
	}
}
