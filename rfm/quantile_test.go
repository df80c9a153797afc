package rfm

import (
	"cmp"
	"encoding/binary"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regulars-go/regulars/internal/fixed"
)

// cross compares small ratios by their products.
func cross(a, b ratio) int { return cmp.Compare(a.num*int64(b.den), b.num*int64(a.den)) }

// oracle scores a value by the definition, over a sorted population, worst first.
func oracle(sorted []ratio, v ratio, bins int, ties Ties, fewer bool) int {
	n, worse, equal := int64(len(sorted)), int64(0), int64(0)
	for _, x := range sorted {
		switch c := cross(x, v); {
		case c == 0:
			equal++
		case (c < 0) != fewer:
			worse++
		}
	}
	b := int64(bins)
	var score int64
	switch ties {
	case Low:
		score = 1 + b*worse/n
	case Mid:
		score = 1 + b*(2*worse+equal)/(2*n)
	default:
		score = (b*(worse+equal) + n - 1) / n
	}
	return int(min(max(score, 1), b))
}

// FuzzQuantiles compares cuts found by counting and selection with the definition over a sort, for values
// of the population and for values between them.
func FuzzQuantiles(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5}, 5, uint8(0), uint8(1), false)
	f.Add([]byte{1, 1, 1, 1, 1, 1, 2, 2, 3, 3}, 5, uint8(1), uint8(1), true)
	f.Add([]byte("some text with many equal letters"), 100, uint8(2), uint8(7), false)
	f.Add(binary.BigEndian.AppendUint64(nil, math.MaxUint64/3), 12, uint8(1), uint8(3), true)
	f.Fuzz(func(t *testing.T, data []byte, bins int, ties, den uint8, fewer bool) {
		b, how := 2+int(uint(bins)%99), Ties(ties%3)
		var column column
		var tally tally
		var all []ratio
		for i, c := range data[:min(len(data), 100)] {
			v := ratio{int64(int8(c)) << (den & 31), 1 + uint32(i)%(1+uint32(den)%4)}
			column.add(v, 1)
			all = append(all, v)
			tally.add(int64(c), 1)
		}
		if len(all) == 0 {
			return
		}
		probes := slices.Clone(all)
		for _, v := range all {
			probes = append(probes, ratio{v.num*2 + 1, v.den * 2}, ratio{v.num - 1, v.den})
		}
		checkQuantiles(t, &column, all, probes, b, how, fewer)
		whole := make([]ratio, 0, len(all))
		for _, c := range data[:len(all)] {
			whole = append(whole, ratio{int64(c), 1})
		}
		checkQuantiles(t, &tally, whole, append(slices.Clone(whole), ratio{0, 1}, ratio{256, 1}), b, how, fewer)
	})
}

func checkQuantiles(t *testing.T, d dist, all, probes []ratio, bins int, ties Ties, fewer bool) {
	t.Helper()
	sorted := slices.SortedFunc(slices.Values(all), cross)
	cuts := quantiles(d, bins, ties, fewer)
	for _, v := range probes {
		got := 1
		for _, c := range cuts {
			better := cross(v, c.at)
			if fewer {
				better = -better
			}
			if better > 0 || better == 0 && c.inclusive {
				got++
			}
		}
		if want := oracle(sorted, v, bins, ties, fewer); got != want {
			t.Fatalf("%v scores %d of %d (%v, fewer is better: %v), by definition %d", v, got, bins, ties, fewer, want)
		}
	}
}

func TestSelectRanks(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	shapes := map[string]func(i int) int64{
		"uniform":  func(int) int64 { return r.Int64N(1000) - 500 },
		"wide":     func(int) int64 { return int64(r.Uint64()) },
		"skewed":   func(int) int64 { return int64(math.Exp(r.NormFloat64()*3 + 8)) },
		"equal":    func(int) int64 { return -7 },
		"extremes": func(i int) int64 { return []int64{math.MinInt64, math.MaxInt64, 0}[i%3] },
		"rising":   func(i int) int64 { return int64(i) << 20 },
	}
	for name, shape := range shapes {
		for _, n := range []int{1, 2, 3, 100, 20_000} {
			values, counts := make([]int64, n), make([]int64, n)
			var all []int64
			for i := range values {
				values[i], counts[i] = shape(i), 1+r.Int64N(3)
				all = append(all, slices.Repeat(values[i:i+1], int(counts[i]))...)
			}
			check := func(values, counts, sorted []int64) {
				slices.Sort(sorted)
				ranks := []int64{1, int64(len(sorted)+1) / 2, int64(len(sorted)+1) / 2, int64(len(sorted))}
				for i, s := range selectRanks(values, counts, ranks) {
					want := sorted[ranks[i]-1]
					below, _ := slices.BinarySearch(sorted, want)
					upto, _ := slices.BinarySearchFunc(sorted, want, func(v, want int64) int { return cmp.Or(cmp.Compare(v, want), -1) })
					require.Equal(t, stat[int64]{want, int64(below), int64(upto - below)}, s, "%s %d", name, n)
				}
			}
			check(values, counts, all)
			check(values, nil, slices.Clone(values))
		}
	}
}

// A mean is replaced by the value beside it; no value may lie between the two.
func TestBeside(t *testing.T) {
	third := big.NewRat(1, 3)
	got, ok := beside(third, false)
	require.True(t, ok)
	assert.Equal(t, ratio{1, 3}, got)

	r := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		x := new(big.Rat).SetFrac(big.NewInt(r.Int64()), new(big.Int).Mul(big.NewInt(1+r.Int64N(1<<40)), big.NewInt(1+r.Int64N(1<<30))))
		if r.IntN(2) == 0 {
			x.Neg(x)
		}
		for _, up := range []bool{false, true} {
			got, ok := beside(x, up)
			require.True(t, ok)
			side := got.rat().Cmp(x)
			assert.False(t, up && side < 0 || !up && side > 0, "%v beside %v", got, x)
			// A value that is nearer would be a fraction found by its denominator; try many.
			for range 200 {
				den := int64(1 + r.Uint32N(math.MaxUint32-1))
				num := new(big.Int).Quo(new(big.Int).Mul(x.Num(), big.NewInt(den)), x.Denom())
				for step := int64(-1); step <= 1; step++ {
					near := new(big.Rat).SetFrac(new(big.Int).Add(num, big.NewInt(step)), big.NewInt(den))
					if up && near.Cmp(x) >= 0 {
						assert.LessOrEqual(t, got.rat().Cmp(near), 0)
					}
					if !up && near.Cmp(x) <= 0 {
						assert.GreaterOrEqual(t, got.rat().Cmp(near), 0)
					}
				}
			}
		}
	}
}

// Where numerators end, denominators do before theirs do: every value there is can be tried.
func TestBesideTheLargest(t *testing.T) {
	const most = math.MaxInt64
	r := rand.New(rand.NewPCG(9, 10))
	for range 300 {
		den := int64(2 + r.IntN(40)) // values near most/den, of which the better ones have a denominator of about den
		x := new(big.Rat).SetFrac(big.NewInt(most-r.Int64N(1000)), big.NewInt(den))
		x.Add(x, big.NewRat(r.Int64N(1<<40)-1<<39, 1<<41))
		for _, negative := range []bool{false, true} {
			if negative {
				x.Neg(x)
			}
			best := (*big.Rat)(nil)
			for d := int64(1); d <= den+2; d++ {
				num := new(big.Int).Mul(x.Num(), big.NewInt(d))
				num.Div(num, x.Denom())
				if num.CmpAbs(big.NewInt(most)) > 0 {
					continue
				}
				if v := new(big.Rat).SetFrac(num, big.NewInt(d)); best == nil || v.Cmp(best) > 0 {
					best = v
				}
			}
			got, ok := beside(x, false)
			require.True(t, ok)
			assert.Equal(t, best.RatString(), got.rat().RatString(), "below %v", x)
		}
	}
	_, ok := beside(new(big.Rat).SetFrac(new(big.Int).Lsh(big.NewInt(1), 70), big.NewInt(3)), false)
	assert.False(t, ok)
	x := new(big.Rat).SetFrac(new(big.Int).Lsh(big.NewInt(1), 63), big.NewInt(3)) // -x could be written, x could not
	got, ok := beside(x, true)
	require.True(t, ok)
	assert.GreaterOrEqual(t, got.rat().Cmp(x), 0)
	p := MustCompile(Config{Zone: "UTC"}).NewPopulation()
	lowest := decimal.NewFromInt(math.MinInt64)
	require.ErrorIs(t, p.Add(Values{Recency: 1, Frequency: 1, Monetary: lowest}), fixed.ErrRange)
	require.ErrorIs(t, p.Add(Values{Recency: 1, Frequency: 1, Monetary: lowest, Per: 7}), fixed.ErrRange)
}

func TestRatioPoints(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 20_000 {
		a := ratio{r.Int64N(1<<40) - 1<<39, 1 + r.Uint32N(math.MaxUint32-1)}
		b := ratio{a.num + r.Int64N(3) - 1, a.den - min(a.den-1, r.Uint32N(2))}
		want := a.rat().Cmp(b.rat())
		assert.Equal(t, want, a.compare(b), "%v %v", a, b)
		floor := new(big.Int).Div(big.NewInt(a.num), big.NewInt(int64(a.den)))
		assert.Equal(t, floor.Int64(), a.floor())
	}
}
