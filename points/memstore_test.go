package points

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What an account once had does not keep memory from what it has now.
func TestMemStoreLetsGo(t *testing.T) {
	b := newBench(t, nil)
	manyLots(t, b, 20_000)
	at := b.on("2025-02-01")
	room := func() int {
		acc := b.store.shard("a").accounts["a"]
		return acc.gone + cap(acc.lots)
	}
	require.GreaterOrEqual(t, room(), 20_000)
	for i, n := range []int64{12_000, 7_000, 900, 95} {
		b.must(b.Redeem(ctx, RedeemRequest{Account: "a", Key: fmt.Sprint("r", i), Points: n, At: at}))
		acc := b.store.shard("a").accounts["a"]
		assert.LessOrEqual(t, room(), 4*len(acc.lots)+16)
		assert.Zero(t, acc.readers)
	}
	for i := range 50 {
		b.must(b.Earn(ctx, EarnRequest{Account: "a", Key: fmt.Sprint("e", i), Points: 1, At: at}))
		b.must(b.Redeem(ctx, RedeemRequest{Account: "a", Key: fmt.Sprint("s", i), Points: 1, At: at}))
	}
	assert.LessOrEqual(t, room(), 4*5+16)
}

// A lot that comes back does not keep the whole of the change that it left by.
func TestMemStoreKeepsNoMoreThanALot(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Terms.Reinstate = FreshTTL })
	manyLots(t, b, 4000)
	at := b.on("2025-02-01")
	b.must(b.Redeem(ctx, RedeemRequest{Account: "a", Key: "all", Points: 4000, At: at}))
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	for i := range 200 {
		b.must(b.Reinstate(ctx, ReinstateRequest{Account: "a", Key: fmt.Sprint("back", i), At: at, Redemption: "all", Points: 1}))
	}
	assert.Less(t, heap(), before+5<<20) // the redemption takes 150 KB once read
	runtime.KeepAlive(b)
}

// Erasing again what was erased takes no room.
func TestEraseTwice(t *testing.T) {
	b := newBench(t, nil)
	for i := range 30 {
		b.must(b.Earn(ctx, EarnRequest{Account: "a", Key: fmt.Sprint("k", i), Points: 1, At: b.on("2025-01-02")}))
	}
	size := func() (n int) {
		for _, row := range b.store.shard("a").log.records {
			n += len(row)
		}
		return n
	}
	require.NoError(t, b.store.Erase(ctx, "a"))
	once := size()
	require.Equal(t, 60, once)
	for i := range 3 {
		require.NoError(t, b.store.Erase(ctx, "a"))
		require.Equal(t, once+2*i, size())
		b.must(b.Earn(ctx, EarnRequest{Account: "a", Key: fmt.Sprint("more", i), Points: 1, At: b.on("2025-01-03")}))
		require.NoError(t, b.store.Erase(ctx, "a"))
		acc, err := b.store.Load(ctx, "a", "k7", fmt.Sprint("more", i), "k3")
		require.NoError(t, err)
		require.Len(t, acc.Changes, 3)
		require.True(t, inOrder(acc.Changes, acc.Version))
		version := int64(0)
		for c, err := range b.store.Changes(ctx, "a", 0) {
			require.NoError(t, err)
			require.Nil(t, c.Request)
			require.Equal(t, version+1, c.Version)
			version++
		}
		require.Equal(t, acc.Version, version)
	}
}

// A store that is handed nonsense says so and keeps nothing of it.
func TestMemStoreRefusesForeignState(t *testing.T) {
	m := new(MemStore)
	err := m.Commit(ctx,
		Change{Account: "a", Version: 1, State: &Account{ID: "b", Version: 1}},
		Change{Account: "b", Version: 2, State: &Account{ID: "b", Version: 2}})
	require.Error(t, err)
	for name := range m.Accounts(ctx, "") {
		t.Error("kept", name)
	}
}

// A request that was handed over by pointer is kept as it was.
func TestCommitCopiesPointers(t *testing.T) {
	m := new(MemStore)
	op := &VoidRequest{Account: "a", Hold: "h"}
	require.NoError(t, m.Commit(ctx, Change{Account: "a", Version: 1, Key: "k", Request: &Request{op}, State: &Account{ID: "a", Version: 1}}))
	op.Hold = "altered"
	acc, err := m.Load(ctx, "a", "k")
	require.NoError(t, err)
	require.Equal(t, VoidRequest{Account: "a", Hold: "h"}, acc.Changes[0].Request.Op)
}

// Many changes of one commit are checked in one pass.
func TestCommitOfManyChanges(t *testing.T) {
	m := new(MemStore)
	var changes []Change
	for i := range int64(100_000) {
		changes = append(changes, Change{Account: "a", Version: i + 1, Key: strings.Repeat("k", int(i%2)) + fmt.Sprint(i)})
	}
	last := len(changes) - 1
	changes[last].State = &Account{ID: "a", Version: int64(last) + 1}
	key := changes[last].Key
	changes[last].Key = changes[5].Key
	require.ErrorIs(t, m.Commit(ctx, changes...), ErrConflict)
	changes[last].Key = key
	require.NoError(t, m.Commit(ctx, changes...))
}

// Points that end within a microsecond end.
func TestSettleNanoseconds(t *testing.T) {
	b := newBench(t, nil)
	end := time.Date(2025, 2, 1, 0, 0, 0, 1500, time.UTC)
	born := end.AddDate(0, -1, 0)
	state := Account{ID: "a", Version: 1, Due: end, Lots: []Lot{{ID: "l", EarnedAt: born, ActiveFrom: born, ExpiresAt: end, Available: 5}}}
	require.NoError(t, b.store.Commit(ctx, Change{Account: "a", Version: 1, Kind: KindAdjust, At: born, State: &state}))
	got, err := b.Balance(ctx, "a", end.AddDate(1, 0, 0))
	require.NoError(t, err)
	require.Equal(t, Balance{}, got)
}
