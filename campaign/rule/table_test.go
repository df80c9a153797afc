package rule

import (
	"errors"
	"iter"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func rowsOf[C any](rows []C) iter.Seq2[C, error] {
	return func(yield func(C, error) bool) {
		for _, c := range rows {
			if !yield(c, nil) {
				return
			}
		}
	}
}

// TestSelectAgreesWithTest holds the columns against the rows, on random rules and tables of every
// length around a word. One table in three has amounts that fit no column.
func TestSelectAgreesWithTest(t *testing.T) {
	const seed = 5
	w := newWorld(seed)
	for i := range 300 {
		customers := make([]*customer, w.IntN(200))
		for j := range customers {
			customers[j] = w.customer()
			if i%3 > 0 && customers[j].spend != nil {
				customers[j].spend = new(dec(one2(w, []string{"500", "500.0", "500.01", "-1.5", "0.001", "92233720368547"})))
			}
		}
		table, err := NewTable(shop, rowsOf(customers))
		require.NoError(t, err)
		if i%3 > 0 {
			require.False(t, table.columns["spend"].rows, "small amounts fit a column")
		}
		for range 20 {
			r, at := shop.MustCompile(w.expr(3)), w.instant()
			if w.IntN(10) == 0 {
				at = time.Time{}
			}
			s, err := r.Select(table, at)
			require.NoError(t, err)
			var selected []int
			var counts [3]int
			for j, c := range customers {
				want := r.Test(c, at)
				if got := s.Verdict(j); got != want {
					t.Fatalf("seed %d, table %d, row %d: %v, want %v: %s\n%v", seed, i, j, got, want, mustJSON(t, r), r.Explain(c, at))
				}
				counts[want]++
				if want == True {
					selected = append(selected, j)
				}
			}
			require.Equal(t, selected, slices.Collect(s.All()))
			yes, no, unknown := s.Count()
			require.Equal(t, [3]int{no, unknown, yes}, counts)
		}
	}
}

// TestAmounts holds the range of minor units against the comparison of decimals, at and around the ends
// of what a column can hold.
func TestAmounts(t *testing.T) {
	constants := []string{
		"0", "1", "1.005", "-1.005", "1.01", "-1.01", "92233720368547758.07", "92233720368547758.08", "92233720368547758.075",
		"-92233720368547758.08", "-92233720368547758.09", "-92233720368547758.085", "1e18", "-1e18", "1e-18", "-1e-18",
	}
	facts := []int64{math.MinInt64, math.MinInt64 + 1, -102, -101, -100, -1, 0, 1, 100, 101, 102, math.MaxInt64 - 1, math.MaxInt64}
	for _, k := range constants {
		for _, e := range []Expr[*customer]{Spend.Eq(dec(k)), Spend.Ne(dec(k)), Spend.Over(dec(k)), Spend.Under(dec(k)), Spend.AtLeast(dec(k)), Spend.AtMost(dec(k))} {
			for _, v := range facts {
				d := decimal.New(v, -2)
				assert.Equal(t, naiveOrder(e.node.Op, d, e.node.Decimals), inUnit(e.node, 2).has(v), "%v %s %s", d, e.node.Op, k)
			}
		}
		for _, last := range constants {
			if dec(k).GreaterThan(dec(last)) {
				continue
			}
			for _, v := range facts {
				n, d := Spend.Between(dec(k), dec(last)).node, decimal.New(v, -2)
				assert.Equal(t, naiveOrder(n.Op, d, n.Decimals), inUnit(n, 2).has(v), "%v from %s to %s", d, k, last)
			}
		}
	}
}

func TestNewTableStopsAtAnError(t *testing.T) {
	broken := errors.New("broken")
	_, err := NewTable(shop, func(yield func(*customer, error) bool) {
		_ = yield(&customer{}, nil) && yield(nil, broken)
	})
	require.ErrorIs(t, err, broken)

	other := NewSchema[*customer]("other", 1)
	foreign, err := NewTable(other, rowsOf([]*customer{{}}))
	require.NoError(t, err)
	_, err = shop.MustCompile(OptIn.Is(true)).Select(foreign, time.Time{})
	require.Equal(t, CodeOtherSchema, Problems(err)[0].Code)
}

// BenchmarkSelect8 measures the rule of eight conditions over columns, per customer.
func BenchmarkSelect8(b *testing.B) {
	r, _, now, _ := bench8(b)
	customers := benchShoppers(1<<16, now)
	pointers := make([]*shopper, len(customers))
	for i := range customers {
		pointers[i] = &customers[i]
	}
	table, err := NewTable(shoppers, rowsOf(pointers))
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		s, err := r.Select(table, now)
		require.NoError(b, err)
		sink += s.Len()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(customers)), "ns/customer")
}
