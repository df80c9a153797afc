package points

import (
	"context"
	"iter"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// unknownToShop is a shop that has no orders.
func unknownToShop(string) bool { return false }

func (b *bench) unmatched(account string, most int) (ids []string) {
	b.t.Helper()
	for id, err := range b.Unmatched(ctx, account, unknownToShop) {
		require.NoError(b.t, err)
		if ids = append(ids, id); len(ids) == most {
			break
		}
	}
	return ids
}

func TestUnmatchedOfMergedAccounts(t *testing.T) {
	b := newBench(t, nil)
	b.order("a", "1", "100", "2025-01-01")
	b.order("c", "3", "100", "2025-01-01")
	b.order("bob", "2", "100", "2025-01-01")
	b.merge("c", "a", "2025-01-02")
	b.merge("a", "bob", "2025-01-03")
	b.order("a", "4", "100", "2025-01-04")
	for _, name := range []string{"a", "bob", "c"} {
		assert.Equal(t, []string{"3", "1", "2", "4"}, b.unmatched(name, 0), name)
	}
	assert.Equal(t, []string{"3", "1"}, b.unmatched("bob", 2))
}

// A consumer that has seen enough costs no more reading.
func TestUnmatchedStopsEarly(t *testing.T) {
	b := newBench(t, nil)
	for i := range 50 {
		b.order("a", key("", i), "1", "2025-01-01")
	}
	s := &counting{MemStore: b.store}
	b.Ledger = must(New(s, b.Policy()))
	assert.Len(t, b.unmatched("a", 1), 1)
	assert.Equal(t, 51, s.read, "all once to find merged accounts, and then the first")
}

// counting counts the changes that were read.
type counting struct {
	*MemStore
	read int
}

func (s *counting) Changes(ctx context.Context, account string, after int64) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		for c, err := range s.MemStore.Changes(ctx, account, after) {
			if s.read++; !yield(c, err) {
				return
			}
		}
	}
}

func TestReconcileLeavesErasedAccountsOut(t *testing.T) {
	b := newBench(t, nil)
	b.order("a", "1", "100", "2025-01-01")
	b.must(b.Forget(ctx, ForgetRequest{Account: "a", Key: "f", At: b.on("2025-01-03"), By: By{"ann", "asked"}}))
	o := ShopOrder{Account: "a", Order: *b.orderRequest("a", "1", "100", "2025-01-01").Order, Refunds: map[string]Return{"x": {Amount: dec("1")}}}
	for m, err := range b.Reconcile(ctx, func(yield func(ShopOrder, error) bool) { yield(o, nil) }) {
		require.NoError(t, err)
		t.Errorf("%+v", m)
	}
}
