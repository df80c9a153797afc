package tags

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func holders(t *testing.T, seq func(func(string, error) bool)) []string {
	t.Helper()
	var out []string
	for h, err := range seq {
		require.NoError(t, err)
		out = append(out, h)
	}
	return out
}

func TestKeys(t *testing.T) {
	ctx, m := context.Background(), new(MemStore)
	b := NewBook(house, m)
	first, err := b.Apply(ctx, "lin", "k1", assign("vip", Manual, "2025-01-01"))
	require.NoError(t, err)
	assert.Equal(t, int64(1), first.Version)
	assert.Len(t, first.Change.Added, 1)

	_, err = b.Apply(ctx, "lin", "k2", remove("vip", Manual, "2025-02-01"))
	require.NoError(t, err)
	again, err := b.Apply(ctx, "lin", "k1", assign("vip", Manual, "2025-03-01")) // the instant is no part of the request
	require.NoError(t, err)
	first.Replayed = true
	assert.Equal(t, first, again)
	assert.Empty(t, must(b.At(ctx, "lin", on("2025-03-01"))))

	_, err = b.Apply(ctx, "lin", "k1", assign("gift", "manual:anna", "2025-01-01", "2025-06-01"))
	require.ErrorIs(t, err, ErrKeyReused)
	e, ok := errors.AsType[*KeyReusedError](err)
	require.True(t, ok)
	assert.Equal(t, []string{"tag", "source", "until"}, e.Fields)
	_, err = b.Apply(ctx, "lin", "k1", remove("vip", Manual, "2025-03-01"))
	require.ErrorContains(t, err, "another request: action")

	_, err = b.Apply(ctx, "mei", "k1", assign("gift", Manual, "2025-01-01")) // keys are the holder's own
	require.NoError(t, err)
	assert.Empty(t, must(m.Load(ctx, "lin")).Records)
	assert.Len(t, must(m.Load(ctx, "lin", "k1", "k9", "k2")).Records, 2)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestKeysOfWhatChangesNothing(t *testing.T) {
	ctx, m := context.Background(), new(MemStore)
	b := NewBook(house, m)
	give := assign("counter", "rule:a", "2025-02-01", "2025-03-01")
	must(b.Apply(ctx, "lin", "", assign("online", Manual, "2025-01-01", "2025-03-01")))
	r := must(b.Apply(ctx, "lin", "k", give))
	assert.Equal(t, Occupied, r.Change.Refused[0].Why)
	assert.Equal(t, int64(1), must(m.Load(ctx, "lin", "k")).Version, "a refusal is not stored")
	give.At, give.Until = on("2025-03-01"), on("2025-04-01")
	r = must(b.Apply(ctx, "lin", "k", give))
	assert.Len(t, r.Change.Added, 1, "and leaves the key free")

	r = must(b.Apply(ctx, "lin", "", give))
	assert.True(t, r.Change.Empty())
	assert.Equal(t, int64(2), must(m.Load(ctx, "lin")).Version, "what changes nothing is not written")
	must(b.Apply(ctx, "lin", "k2", give))
	must(b.Apply(ctx, "lin", "", remove("counter", "rule:a", "2025-03-05")))
	r = must(b.Apply(ctx, "lin", "k2", give))
	assert.True(t, r.Replayed, "but a key is used up by what was carried out in vain")
	assert.Empty(t, must(b.At(ctx, "lin", on("2025-03-06"))))
}

func TestBookRefuses(t *testing.T) {
	ctx, m := context.Background(), new(MemStore)
	b := NewBook(house, m)
	good := assign("vip", Manual, "2025-01-01")
	for _, err := range []error{
		second(b.Apply(ctx, "", "", good)), second(b.Apply(ctx, "a\x00", "", good)), second(b.Apply(ctx, "lin", "\xff", good)),
		second(b.Apply(ctx, "lin", "", Request{Action: "give", Tag: "vip", Source: Manual})),
	} {
		require.ErrorIs(t, err, ErrInvalid)
	}
	require.ErrorIs(t, second(b.Apply(ctx, "lin", "k", assign("nobody", Manual, "2025-01-01"))), ErrUnknownTag)
	gone, cancel := context.WithCancel(ctx)
	cancel()
	require.ErrorIs(t, second(b.Apply(gone, "lin", "", good)), context.Canceled)
	require.ErrorIs(t, second(b.At(gone, "lin", on("2025-01-01"))), context.Canceled)
	for _, err := range b.Under(gone, m, "vip", on("2025-01-01")) {
		require.NoError(t, err, "nobody is there")
	}
	assert.Empty(t, must(m.Load(ctx, "lin", "k")).Version)
}

func second[T any](_ T, err error) error { return err }

func TestZeroAtIsNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, b := context.Background(), NewBook(house, new(MemStore))
		r := must(b.Apply(ctx, "lin", "", Request{Action: Assign, Tag: "vip", Source: Manual}))
		midnight := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // when the clock of a bubble starts
		assert.True(t, r.At.Equal(midnight))
		assert.Equal(t, []string{"vip"}, must(b.At(ctx, "lin", time.Time{})))
		time.Sleep(time.Hour)
		must(b.Apply(ctx, "lin", "", Request{Action: Remove, Tag: "vip", Source: Manual}))
		assert.Empty(t, must(b.At(ctx, "lin", time.Time{})))
		assert.Equal(t, []string{"vip"}, must(b.At(ctx, "lin", midnight.Add(59*time.Minute))), "an hour ago it was there")
	})
}

// contested lets a rival commit between the first loads and commits.
type contested struct {
	*MemStore
	rivals int
}

func (c *contested) Load(ctx context.Context, holder string, keys ...string) (Card, error) {
	card, err := c.MemStore.Load(ctx, holder, keys...)
	if c.rivals > 0 {
		c.rivals--
		rival := must(c.MemStore.Load(ctx, holder))
		rival.Version++
		err = errors.Join(err, c.Commit(ctx, rival))
	}
	return card, err
}

func TestLostRaces(t *testing.T) {
	ctx := context.Background()
	c := &contested{new(MemStore), 3}
	r, err := NewBook(house, c).Apply(ctx, "lin", "k", assign("vip", Manual, "2025-01-01"))
	require.NoError(t, err)
	assert.Equal(t, int64(4), r.Version)

	c = &contested{new(MemStore), 1}
	_, err = NewBook(house, new(MemStore)).With(c).Apply(ctx, "lin", "k", assign("vip", Manual, "2025-01-01"))
	require.ErrorIs(t, err, ErrConflict, "a Book in the caller's transaction tries once")
	c = &contested{new(MemStore), 1000}
	_, err = NewBook(house, c).Apply(ctx, "lin", "k", assign("vip", Manual, "2025-01-01"))
	require.ErrorIs(t, err, ErrConflict)
}

func TestConcurrentBook(t *testing.T) {
	ctx, m := context.Background(), new(MemStore)
	b := NewBook(house, m)
	var mu sync.Mutex
	var wg sync.WaitGroup
	added, replayed := 0, 0
	for i := range 16 {
		wg.Go(func() {
			for k := range 20 {
				key := fmt.Sprint("k", k)
				r, err := b.Apply(ctx, "lin", key, assign("vip", Source(key), "2025-01-01"))
				for errors.Is(err, ErrConflict) {
					r, err = b.Apply(ctx, "lin", key, assign("vip", Source(key), "2025-01-01"))
				}
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				if added++; r.Replayed {
					added--
					replayed++
				}
				mu.Unlock()
				if _, err = b.At(ctx, fmt.Sprint(i), on("2025-01-01")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	assert.Equal(t, []int{20, 300}, []int{added, replayed})
	card := must(m.Load(ctx, "lin"))
	assert.Equal(t, int64(20), card.Version)
	assert.Len(t, card.Set, 20)
}

func TestBulk(t *testing.T) {
	ctx, m := context.Background(), new(MemStore)
	b := NewBook(house, m)
	lost := errors.New("list lost")
	var report Report
	for r, err := range b.ApplyAll(ctx, then(each("lin", "", "mei", "\xff"), lost), "batch-1", assign("vip", "import", "2025-01-01", "2025-12-31")) {
		report.AddReceipt(r, err)
	}
	assert.Equal(t, []int{5, 2, 0}, []int{report.Holders, report.Changed, report.Unchanged})
	require.Len(t, report.Failed, 3)
	require.ErrorIs(t, report.Failed[0].Err, ErrInvalid)
	assert.Equal(t, "\xff", report.Failed[1].Holder)
	assert.Equal(t, Failure{"", lost}, report.Failed[2])
	assert.Equal(t, []TagCount{{"vip", 2, 0, 0, 0}}, report.Tags)
	for r, err := range b.ApplyAll(ctx, each("lin", "mei"), "batch-1", assign("vip", "import", "2025-01-05", "2025-12-31")) {
		require.NoError(t, err)
		assert.True(t, r.Replayed)
		report.AddReceipt(r, err)
	}
	assert.Equal(t, []int{7, 2, 2}, []int{report.Holders, report.Changed, report.Unchanged}, "a replay changes nothing")
	must(b.Apply(ctx, "bo", "", assign("vip", "import", "2025-01-01", "2025-12-31")))
	for range b.ApplyAll(ctx, each("lin", "mei"), "", assign("gift", "import", "2025-01-01")) {
		break
	}
	assert.Equal(t, []string{"gift", "vip"}, must(b.At(ctx, "lin", on("2025-02-01"))))

	assert.Equal(t, []string{"bo", "lin", "mei"}, holders(t, b.Under(ctx, m, "vip", on("2025-02-01"))))
	assert.Empty(t, holders(t, b.Under(ctx, m, "vip", on("2025-12-31"))))
	assert.Equal(t, []string{"lin"}, holders(t, b.Find(ctx, m, And(Is("vip"), Is("gift")), on("2025-02-01"))))
	assert.Equal(t, []string{"bo", "mei"}, holders(t, b.Find(ctx, m, And(Or(Is("vip"), Is("gift")), Not(Is("gift"))), on("2025-02-01"))))
	for _, bad := range []Expr{Is("VIP"), {}, And(), Not(Or())} {
		for _, err := range b.Find(ctx, m, bad, on("2025-02-01")) {
			require.Error(t, err)
		}
	}
	for range b.Under(ctx, m, "vip", on("2025-02-01")) {
		break
	}
}

func TestSettle(t *testing.T) {
	ctx, m := context.Background(), new(MemStore)
	b := NewBook(house, m)
	must(b.Apply(ctx, "lin", "", assign("双11", "rule:a", "2025-11-01", "2025-11-12")))
	must(b.Apply(ctx, "lin", "", assign("vip", "rule:a", "2025-11-01", "2025-12-01")))
	must(b.Apply(ctx, "mei", "", assign("vip", "rule:a", "2025-11-01")))
	told := func(until string) []string {
		var out []string
		for r, err := range b.Settle(ctx, on(until)) {
			require.NoError(t, err)
			for _, a := range r.Change.Closed {
				out = append(out, r.Holder+":"+a.Tag)
			}
		}
		return out
	}
	assert.Empty(t, told("2025-11-11T23:59:59.999999"))
	assert.Equal(t, []string{"lin:双11"}, told("2025-11-12"))
	assert.Empty(t, told("2025-11-12"), "no end is told twice")
	must(b.Apply(ctx, "mei", "", remove("vip", "rule:a", "2025-11-20")))
	assert.Equal(t, []string{"lin:vip", "mei:vip"}, told("2026-01-01"))
}

func TestLogValue(t *testing.T) {
	ctx, b := context.Background(), NewBook(house, new(MemStore))
	must(b.Apply(ctx, "lin", "", assign("growing", Manual, "2025-01-01")))
	must(b.Apply(ctx, "lin", "", assign("vip", Manual, "2025-01-01", "2025-02-01")))
	var out strings.Builder
	log := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
	log.Info("tagged", "receipt", must(b.Apply(ctx, "lin", "", assign("stable", "rule:a", "2025-01-02"))))
	log.Info("tagged", "receipt", must(b.Apply(ctx, "lin", "", assign("stable", "manual:anna", "2025-01-02"))))
	log.Info("tagged", "receipt", must(b.Apply(ctx, "lin", "", assign("vip", Manual, "2025-01-02", "2025-03-01"))))
	assert.Equal(t, `level=INFO msg=tagged receipt.holder=lin receipt.at=2025-01-01T16:00:00.000Z receipt.version=2 receipt.replayed=false `+
		`receipt.change.added="" receipt.change.extended="" receipt.change.closed="" receipt.change.refused=stable
level=INFO msg=tagged receipt.holder=lin receipt.at=2025-01-01T16:00:00.000Z receipt.version=3 receipt.replayed=false `+
		`receipt.change.added=stable receipt.change.extended="" receipt.change.closed=growing receipt.change.refused=""
level=INFO msg=tagged receipt.holder=lin receipt.at=2025-01-01T16:00:00.000Z receipt.version=4 receipt.replayed=false `+
		`receipt.change.added="" receipt.change.extended=vip receipt.change.closed="" receipt.change.refused=""
`, out.String())
}

func TestMemStoreYieldsWhileCommitting(t *testing.T) {
	ctx, m := context.Background(), new(MemStore)
	b := NewBook(house, m)
	for _, h := range []string{"a", "b", "c"} {
		must(b.Apply(ctx, h, "", assign("vip", "rule:a", "2025-01-01", "2025-02-01")))
	}
	var seen []string
	for h, err := range m.Due(ctx, on("2025-03-01")) {
		require.NoError(t, err)
		seen = append(seen, h)
		must(b.Apply(ctx, h+"x", "", assign("vip", "rule:a", "2025-01-01", "2025-02-01")))
	}
	assert.Equal(t, []string{"a", "b", "c"}, seen)
	gone, cancel := context.WithCancel(ctx)
	cancel()
	for _, err := range m.Due(gone, on("2025-03-01")) {
		require.ErrorIs(t, err, context.Canceled)
	}
	assert.True(t, slices.IsSorted(holders(t, b.Under(ctx, m, "vip", on("2025-01-15")))))
}
