package rfm

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

// bigShop is 10 million orders of 2 million customers in memory: a few customers buy often, amounts have a
// long tail, and orders stand in the order in which they came.
var bigShop = sync.OnceValue(func() []Order[int64] { return shopOf(10_000_000, 2_000_000) })

func shopOf(orders, customers int) []Order[int64] {
	r := rand.New(rand.NewPCG(1, 2))
	out := make([]Order[int64], orders)
	start := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	step := 730 * 24 * time.Hour / time.Duration(orders)
	for i := range out {
		c := i // everybody once, then by weight
		if i >= customers {
			c = int(float64(customers) * math.Pow(r.Float64(), 3))
		}
		id := int64(uint64(c)*0x9e3779b97f4a7c15>>1) % 1_000_000_007_000
		cents := int64(math.Exp(r.NormFloat64()*1.1+8)) + 1
		out[i] = Order[int64]{Customer: id, At: start.Add(time.Duration(i) * step), Amount: decimal.New(cents, -2)}
	}
	// Everybody's one order is spread over time as well.
	for i := range customers {
		j := r.IntN(orders)
		out[i].Customer, out[j].Customer = out[j].Customer, out[i].Customer
	}
	return out
}

var bigWindow = Before(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))

func bigScheme(tb testing.TB) *Scheme {
	tb.Helper()
	s, err := Compile(Config{Zone: "Asia/Shanghai", Scale: 2})
	require.NoError(tb, err)
	return s
}

// scoreAll is the whole way from orders to scores.
func scoreAll[K comparable](b *testing.B, customers *Customers[K], err error) (scored int) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
	model, err := customers.Fit()
	if err != nil {
		b.Fatal(err)
	}
	scores, err := customers.Scores(model)
	if err != nil {
		b.Fatal(err)
	}
	for _, score := range scores {
		if !score.IsZero() {
			scored++
		}
	}
	return scored
}

func benchSummarize[K comparable](b *testing.B, orders []Order[K], summarize func(*Scheme) (*Customers[K], error)) {
	b.Helper()
	s := bigScheme(b)
	b.ReportAllocs()
	n := 0
	runtime.GC()
	for b.Loop() {
		customers, err := summarize(s)
		n = scoreAll(b, customers, err)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(orders)), "ns/order")
	b.ReportMetric(float64(n), "customers")
}

func needBig(b *testing.B) {
	b.Helper()
	if testing.Short() {
		b.Skip("10 million orders take 2 GB and some seconds")
	}
}

func BenchmarkSummarize10M(b *testing.B) {
	needBig(b)
	orders := bigShop()
	benchSummarize(b, orders, func(s *Scheme) (*Customers[int64], error) { return SummarizeSlice(s, bigWindow, orders) })
}

func BenchmarkSummarize10MTwoWorkers(b *testing.B) {
	needBig(b)
	orders := bigShop()
	benchSummarize(b, orders, func(s *Scheme) (*Customers[int64], error) {
		return SummarizeSlice(s, bigWindow, orders, Workers(2))
	})
}

func BenchmarkSummarize10MStream(b *testing.B) {
	needBig(b)
	orders := bigShop()
	seq := iter.Seq2[Order[int64], error](func(yield func(Order[int64], error) bool) {
		for i := range orders {
			if !yield(orders[i], nil) {
				return
			}
		}
	})
	benchSummarize(b, orders, func(s *Scheme) (*Customers[int64], error) { return Summarize(s, bigWindow, seq, Ordered()) })
}

var bigStrings = sync.OnceValue(func() []Order[string] {
	orders, names := bigShop(), map[int64]string{}
	out := make([]Order[string], len(orders))
	for i, o := range orders {
		if names[o.Customer] == "" {
			names[o.Customer] = fmt.Sprintf("cus-%016d", o.Customer)
		}
		out[i] = Order[string]{Customer: names[o.Customer], At: o.At, Amount: o.Amount}
	}
	return out
})

func BenchmarkSummarize10MStrings(b *testing.B) {
	needBig(b)
	orders := bigStrings()
	benchSummarize(b, orders, func(s *Scheme) (*Customers[string], error) { return SummarizeSlice(s, bigWindow, orders) })
}

func BenchmarkFit(b *testing.B) {
	s := bigScheme(b)
	customers, err := SummarizeSlice(s, bigWindow, shopOf(2_000_000, 1_000_000))
	require.NoError(b, err)
	p, err := customers.Population()
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Fit(bigWindow.At, p); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(customers.Len()), "ns/customer")
}

func BenchmarkScore(b *testing.B) {
	s := bigScheme(b)
	customers, err := SummarizeSlice(s, bigWindow, shopOf(100_000, 20_000))
	require.NoError(b, err)
	m, err := customers.Fit()
	require.NoError(b, err)
	var summaries []Summary
	for _, sum := range customers.All() {
		summaries = append(summaries, sum)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if _, err := m.Score(summaries[i%len(summaries)], m.AsOf()); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
