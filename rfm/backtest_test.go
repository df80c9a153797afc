package rfm

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var trialScheme = MustCompile(Config{Zone: "UTC", Scale: 2, Weights: Weights{R: 3, F: 2, M: 1}})

// trade draws the orders of a shop whose frequent customers are the likelier to come back.
func trade(r *rand.Rand, customers, days int) []Order[int] {
	var orders []Order[int]
	for c := range customers {
		wait := 5 + r.IntN(120)
		for day := r.IntN(days); day < days; day += 1 + r.IntN(2*wait) {
			at := Day(day).Start(time.UTC).Add(time.Duration(r.IntN(24)) * time.Hour)
			orders = append(orders, Order[int]{Customer: c, At: at, Amount: decimal.New(int64(1+r.IntN(99999)), -2)})
		}
	}
	return orders
}

func TestBacktestNaive(t *testing.T) {
	const seed = 3
	r := rand.New(rand.NewPCG(seed, 0))
	at, until := Day(300).Start(time.UTC), Day(360).Start(time.UTC)
	for round := range 10 {
		orders := trade(r, 20+r.IntN(80), 400)
		segment := func(s Score) string { return fmt.Sprint("of ", s.R/2) }
		got, err := BacktestOrders(trialScheme, each(orders...), at, until, segment)
		require.NoError(t, err)

		customers, err := Summarize(trialScheme, Before(at), each(orders...))
		require.NoError(t, err)
		m, err := customers.Fit()
		require.NoError(t, err)
		type one struct {
			score    Score
			returned bool
		}
		var all []one
		for key, sum := range customers.All() {
			score, err := m.Score(sum, 300)
			require.NoError(t, err)
			all = append(all, one{score, slices.ContainsFunc(orders, func(o Order[int]) bool {
				return o.Customer == key && !o.At.Before(at) && o.At.Before(until)
			})})
		}
		require.EqualValues(t, len(all), got.Customers)
		for name, c := range map[string]struct {
			auc    Fraction
			groups []Group
			of     func(Score) (int64, string)
		}{
			"r": {got.AUC.R, got.R, func(s Score) (int64, string) { return int64(s.R), fmt.Sprint(s.R) }},
			"f": {got.AUC.F, got.F, func(s Score) (int64, string) { return int64(s.F), fmt.Sprint(s.F) }},
			"m": {got.AUC.M, got.M, func(s Score) (int64, string) { return int64(s.M), fmt.Sprint(s.M) }},
			"composite": {got.AUC.Composite, got.Segments, func(s Score) (int64, string) {
				return 3*int64(s.R) + 2*int64(s.F) + int64(s.M), segment(s)
			}},
		} {
			var halves, pairs int64
			for _, a := range all {
				for _, b := range all {
					if a.returned && !b.returned {
						x, _ := c.of(a.score)
						y, _ := c.of(b.score)
						pairs++
						if x > y {
							halves += 2
						} else if x == y {
							halves++
						}
					}
				}
			}
			require.Equal(t, Fraction{halves, 2 * pairs}, c.auc, "seed %d, round %d, %s", seed, round, name)
			want := map[string]outcome{}
			for _, a := range all {
				_, group := c.of(a.score)
				sum := want[group]
				sum.count(a.returned)
				want[group] = sum
			}
			require.Len(t, c.groups, len(want))
			require.True(t, slices.IsSortedFunc(c.groups, func(a, b Group) int { return int(a.Name[len(a.Name)-1]) - int(b.Name[len(b.Name)-1]) }))
			for _, g := range c.groups {
				counted := outcome{g.Customers, g.Returned}
				require.Equal(t, want[g.Name], counted, "seed %d, round %d, %s %s", seed, round, name, g.Name)
				require.Equal(t, Fraction{g.Returned * got.Customers, g.Customers * got.Returned}, g.Lift)
			}
		}
	}
}

func TestBacktestEdges(t *testing.T) {
	day := func(n Day) time.Time { return n.Start(time.UTC).Add(time.Hour) }
	one := decimal.NewFromInt(1)
	orders := []Order[string]{
		{Customer: "ann", At: day(1), Amount: one},
		{Customer: "bob", At: day(2), Amount: one},
		{Customer: "bob", At: day(20), Amount: one, Refunds: []Refund{{At: day(21), Amount: one}}}, // gave it all back
		{Customer: "cyd", At: day(3), Amount: one.Neg()},                                           // a credit, never an order
		{Customer: "dan", At: day(12), Amount: one},                                                // new, not returned
	}
	got, err := BacktestOrders(trialScheme, each(orders...), Day(10).Start(time.UTC), Day(30).Start(time.UTC), nil)
	require.NoError(t, err)
	assert.EqualValues(t, 2, got.Customers)
	assert.EqualValues(t, 1, got.Prospects)
	assert.Zero(t, got.Returned)
	assert.Zero(t, got.AUC.R.Den, "nobody returned, so there is nothing to rank")
	assert.Zero(t, got.R[0].Lift.Den)
	assert.Nil(t, got.Segments)

	got, err = BacktestOrders(trialScheme, each(orders...), Day(10).Start(time.UTC), day(21), nil)
	require.NoError(t, err)
	assert.EqualValues(t, 1, got.Returned, "the refund had not happened yet")

	m, err := trialScheme.Fit(day(10), trialScheme.NewPopulation())
	require.NoError(t, err)
	_, err = Backtest(m, book{on: 6}, book{on: 5}, nil)
	require.ErrorContains(t, err, "rfm: backtest: ")
	_, err = Backtest(m, book{5, map[string]Summary{"ann": bought(9)}}, book{on: 9}, nil)
	require.ErrorContains(t, err, "rfm: backtest: ")
	_, err = BacktestOrders(trialScheme, each(orders...), day(10), day(10), nil)
	require.Error(t, err)
	_, err = BacktestOrders(trialScheme, each(orders...), time.Time{}, day(10), nil)
	require.Error(t, err)
}

// Whoever bought before the scores were made has not returned.
func TestBacktestRefusesWindowsThatDoNotMeet(t *testing.T) {
	orders := trade(rand.New(rand.NewPCG(4, 0)), 20, 60)
	customers := func(w Window) *Customers[int] {
		c, err := SummarizeSlice(trialScheme, w, orders)
		require.NoError(t, err)
		return c
	}
	day := func(n Day) time.Time { return n.Start(time.UTC) }
	before := customers(Before(day(30)))
	m, err := before.Fit()
	require.NoError(t, err)
	for _, w := range []Window{Before(day(60)), {From: day(29), At: day(60)}, {From: day(31), At: day(60)}} {
		_, err = Backtest(m, before, customers(w), nil)
		require.ErrorContains(t, err, "rfm: backtest: the window of the purchases begins at ")
	}
	_, err = Backtest(m, before, customers(Window{From: day(30).In(time.FixedZone("", 3600)), At: day(60)}), nil)
	require.NoError(t, err)
}

// TestBacktestRealShop holds nine months of a shop against the nine months after; the figures were worked
// out apart from this code.
func TestBacktestRealShop(t *testing.T) {
	orders := ordersOf(t, "cdnow_sample.csv.gz", func(row map[string]string) (Order[string], bool) {
		return Order[string]{Customer: row["customer_id"], At: at(t, "UTC", row["date"]), Amount: dec(row["amount"])}, true
	})
	s := MustCompile(Config{Zone: "UTC", Scale: 2})
	got, err := BacktestOrders(s, each(orders...), at(t, "UTC", "1997-10-01"), at(t, "UTC", "1998-07-01"), Eleven().Key)
	require.NoError(t, err)
	assert.EqualValues(t, 2349, got.Customers)
	assert.EqualValues(t, 684, got.Returned)
	assert.Equal(t, AUC{
		R: Fraction{1719938, 2277720}, F: Fraction{1712573, 2277720}, M: Fraction{1634915, 2277720},
		Composite: Fraction{1763741, 2277720}, // 0.774
	}, got.AUC)
	for i, want := range []outcome{{476, 54}, {475, 68}, {478, 84}, {455, 172}, {465, 306}} {
		assert.Equal(t, want, outcome{got.R[i].Customers, got.R[i].Returned})
	}
	var customers int64
	for _, g := range got.Segments {
		customers += g.Customers
	}
	assert.Equal(t, got.Customers, customers)
}
