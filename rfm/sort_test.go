package rfm

import (
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regulars-go/regulars/internal/fixed"
)

// A table that is in order but for late arrivals is counted again where that matters.
func TestLateArrivals(t *testing.T) {
	w := Before(time.Date(2024, 4, 1, 0, 0, 0, 0, time.UTC))
	orders := story(rand.New(rand.NewPCG(23, 24)), 60_000, 700)
	slices.SortStableFunc(orders, func(a, b Order[int]) int { return a.At.Compare(b.At) })
	for i := 30 + 5*61; i < len(orders); i += 7 * 61 { // between the pairs looked at
		orders[i], orders[i-5*61] = orders[i-5*61], orders[i]
	}
	require.True(t, likelyOrdered(orders), "the pairs looked at are in order")
	require.False(t, slices.IsSortedFunc(orders, func(a, b Order[int]) int { return a.At.Compare(b.At) }))
	for _, keep := range []bool{false, true} {
		s := MustCompile(Config{Zone: "UTC", Scale: 2, KeepDays: keep})
		want, err := Summarize(s, w, each(orders...))
		require.NoError(t, err)
		for _, workers := range []int{1, 2, 100} {
			got, err := SummarizeSlice(s, w, orders, Workers(workers))
			require.NoError(t, err)
			assert.Equal(t, maps.Collect(want.All()), maps.Collect(got.All()))
			assert.Equal(t, want.Report(), got.Report())
		}
	}
}

// Of orders in no order the days are settled when they are first asked for, by whoever asks first.
func TestDaysWhenAsked(t *testing.T) {
	w := Before(time.Date(2024, 4, 1, 0, 0, 0, 0, time.UTC))
	r := rand.New(rand.NewPCG(31, 32))
	orders := story(r, 40_000, 900)
	r.Shuffle(len(orders), func(i, j int) { orders[i], orders[j] = orders[j], orders[i] })
	require.False(t, likelyOrdered(orders))
	oldest := slices.Clone(orders)
	slices.SortStableFunc(oldest, func(a, b Order[int]) int { return a.At.Compare(b.At) })
	for _, count := range []FrequencyMeasure{CountOrders, CountDays} {
		s := MustCompile(Config{Zone: "UTC", Scale: 2, Frequency: count})
		reference, err := SummarizeSlice(s, w, oldest)
		require.NoError(t, err)
		want := maps.Collect(reference.All())
		model, err := reference.Fit()
		require.NoError(t, err)
		wantScores, err := reference.Scores(model)
		require.NoError(t, err)

		got, err := SummarizeSlice(s, w, orders, Workers(2))
		require.NoError(t, err)
		own, err := got.Fit()
		require.NoError(t, err)
		scores, err := got.Scores(own)
		require.NoError(t, err)
		assert.Equal(t, maps.Collect(wantScores), maps.Collect(scores), "before the days are asked for")
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				again, err := got.Fit()
				if assert.Equal(t, []any{own.ID(), error(nil)}, []any{again.ID(), err}, "while the days are settled") {
					scores, _ := got.Scores(again)
					assert.Equal(t, maps.Collect(wantScores), maps.Collect(scores))
				}
			})
			all.Go(func() { assert.Equal(t, want, maps.Collect(got.All())) })
			all.Go(func() {
				for k, sum := range want {
					one, ok := got.Of(k)
					assert.True(t, ok)
					assert.Equal(t, sum, one)
				}
			})
		}
		all.Wait()

		half := len(orders) / 2
		a, err := SummarizeSlice(s, w, orders[:half])
		require.NoError(t, err)
		b, err := SummarizeSlice(s, w, orders[half:])
		require.NoError(t, err)
		require.ErrorIs(t, a.Merge(b), ErrDays, "the days lie among each other and were not kept")
	}
}

// Two stretches of time, each in no order and of days that nobody asked for, merge either way round.
func TestMergeWhatNobodyAskedFor(t *testing.T) {
	w := Before(time.Date(2024, 4, 1, 0, 0, 0, 0, time.UTC))
	r := rand.New(rand.NewPCG(33, 34))
	orders := story(r, 90_000, 900)
	slices.SortStableFunc(orders, func(a, b Order[int]) int { return a.At.Compare(b.At) })
	day := orders[len(orders)/2].At.Truncate(24 * time.Hour)
	half := slices.IndexFunc(orders, func(o Order[int]) bool { return !o.At.Before(day) })
	s := MustCompile(Config{Zone: "UTC", Scale: 2})
	whole, err := SummarizeSlice(s, w, orders)
	require.NoError(t, err)
	shuffled := func(orders []Order[int]) *Customers[int] {
		orders = slices.Clone(orders)
		r.Shuffle(len(orders), func(i, j int) { orders[i], orders[j] = orders[j], orders[i] })
		c, err := SummarizeSlice(s, w, orders)
		require.NoError(t, err)
		return c
	}
	for _, first := range []bool{true, false} {
		a, b := shuffled(orders[:half]), shuffled(orders[half:])
		if !first {
			a, b = b, a
		}
		require.NoError(t, a.Merge(b))
		require.Equal(t, maps.Collect(whole.All()), maps.Collect(a.All()))
		require.Equal(t, whole.Report(), a.Report())
	}
}

// What does not fit into few bytes, days far away, large amounts, many pieces, crowds of customers, counts
// like everything else.
func TestWide(t *testing.T) {
	type key struct{ n int }
	r := rand.New(rand.NewPCG(41, 42))
	w := Before(time.Date(2400, 1, 1, 0, 0, 0, 0, time.UTC))
	cents := []int64{0, 1, 999, 1<<37 - 1, 1 << 37, 1<<37 + 1, 1 << 50, -5, -(1 << 40)}
	units := []int32{0, 1, 2, 2043, 2044, 2045, 2046, 2047, 1 << 30}
	days := []int{-90 * 365, -32769, -32768, -32767, 0, 20_000, 32766, 32767, 32768, 60_000}
	orders := make([]Order[key], 90_000)
	for i := range orders {
		o := &orders[i]
		o.Customer.n = r.IntN(70_000)
		o.At = time.Unix(int64(days[r.IntN(len(days))]+r.IntN(3))*24*60*60, 0).UTC()
		c := cents[r.IntN(len(cents))]
		o.Amount = dec("0.01").Mul(decimal.NewFromInt(c))
		if c > 0 {
			o.Units = units[r.IntN(len(units))]
		}
		if c > 1<<37 && r.IntN(2) == 0 {
			o.Refunds = []Refund{{At: o.At, Amount: dec("1374389534.72"), Units: o.Units / 2}}
		}
	}
	minor := func(d decimal.Decimal) int64 {
		n, err := fixed.Minor(d, 2)
		require.NoError(t, err)
		return n
	}
	s := MustCompile(Config{Zone: "UTC", Scale: 2})
	got, err := Summarize(s, w, each(orders...))
	require.NoError(t, err)
	type sums struct {
		gross, refunds, orders, units int64
		days                          map[Day]bool
	}
	want := map[key]*sums{}
	numbers := make([]Order[int], len(orders))
	for i, o := range orders {
		numbers[i] = Order[int]{o.Customer.n, o.At, o.Amount, o.Units, o.Refunds}
		a := want[o.Customer]
		if a == nil {
			a = &sums{days: map[Day]bool{}}
			want[o.Customer] = a
		}
		c := minor(o.Amount)
		a.gross += max(c, 0)
		a.refunds += max(-c, 0)
		left := c
		for _, back := range o.Refunds {
			a.refunds += minor(back.Amount)
			left -= minor(back.Amount)
			o.Units -= back.Units
		}
		if left > 0 {
			a.orders++
			a.units += int64(o.Units)
			a.days[DayOf(o.At, time.UTC)] = true
		}
	}
	sorted, err := SummarizeSlice(s, w, numbers, Workers(2))
	require.NoError(t, err)
	for k, a := range want {
		one, ok := got.Of(k)
		require.True(t, ok)
		assert.Equal(t, []int64{a.gross, a.refunds}, []int64{minor(one.Gross), minor(one.Refunds)})
		assert.Equal(t, []int64{a.orders, a.units, int64(len(a.days))}, []int64{one.Orders, one.Units, one.ActiveDays})
		all := slices.Sorted(maps.Keys(a.days))
		if n := len(all); n > 0 {
			assert.Equal(t, []Day{all[0], all[n-1]}, []Day{one.First, one.Last})
		}
		if n := len(all); n > 1 {
			assert.Equal(t, int32(all[n-1]-all[n-2]), one.LastGap)
		}
		other, ok := sorted.Of(k.n)
		require.True(t, ok)
		require.Equal(t, one, other)
	}
}

// Orders in memory that come oldest first are counted a stretch at a time, with the same result.
func TestOrderedInMemory(t *testing.T) {
	s := MustCompile(Config{Zone: "UTC", Scale: 2})
	w := Before(time.Date(2024, 4, 1, 0, 0, 0, 0, time.UTC))
	orders := story(rand.New(rand.NewPCG(25, 26)), 4*stretch+1000, 9000)
	slices.SortStableFunc(orders, func(a, b Order[int]) int { return a.At.Compare(b.At) })
	want, err := SummarizeSlice(s, w, orders)
	require.NoError(t, err)
	for _, workers := range []int{1, 3} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		got, err := SummarizeSlice(s, w, orders, Workers(workers), Ordered())
		require.NoError(t, err)
		runtime.ReadMemStats(&after)
		assert.Less(t, int(after.TotalAlloc-before.TotalAlloc), 20*len(orders), "rows of 16 bytes are used again")
		require.Equal(t, want.Report(), got.Report())
		next, stop := iter.Pull2(got.All())
		defer stop()
		for k, sum := range want.All() {
			other, one, _ := next()
			require.Equal(t, k, other, "the same order of customers")
			require.Equal(t, sum, one)
		}
	}
	orders[len(orders)-1] = Order[int]{Customer: orders[0].Customer, At: w.At.AddDate(0, -1, -3), Amount: dec("1")}
	orders[len(orders)-2].Amount = dec("0.001")
	_, err = SummarizeSlice(s, w, orders, Workers(2), Ordered())
	require.ErrorContains(t, err, fmt.Sprintf("rfm: orders[%d].amount: more decimals", len(orders)-2))
	orders[len(orders)-2].Amount = dec("1")
	_, err = SummarizeSlice(s, w, orders, Workers(2), Ordered())
	require.ErrorIs(t, err, ErrDays)
}

// Keys that are alike at both ends all meet in one part; the others must not make room for as many.
func TestOnePartTakesAll(t *testing.T) {
	s := MustCompile(Config{Zone: "UTC"})
	at := time.Date(2024, 1, 1, 12, 0, 0, 0, time.UTC)
	orders := make([]Order[string], 40_000)
	for i := range orders {
		orders[i] = Order[string]{Customer: fmt.Sprintf("customer%05dof berlin", i), At: at, Amount: dec("1")}
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	c, err := SummarizeSlice(s, Before(at.AddDate(0, 1, 0)), orders)
	require.NoError(t, err)
	runtime.ReadMemStats(&after)
	assert.Equal(t, len(orders), c.Len())
	assert.Less(t, int(after.TotalAlloc-before.TotalAlloc), 200*len(orders))
	last, ok := c.Of(orders[len(orders)-1].Customer)
	assert.True(t, ok)
	assert.EqualValues(t, 1, last.Orders)
}
