package fixed

import (
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMinor(t *testing.T) {
	for _, c := range []struct {
		in    string
		scale int
		want  int64
		err   error
	}{
		{"0", 2, 0, nil},
		{"12.34", 2, 1234, nil},
		{"-12.34", 2, -1234, nil},
		{"1.230", 2, 123, nil},
		{"1.234", 2, 0, ErrScale},
		{"1e3", 2, 100000, nil},
		{"1e18", 0, 1_000_000_000_000_000_000, nil},
		{"1e18", 1, 0, ErrRange},
		{"92233720368547758.07", 2, math.MaxInt64, nil},
		{"-92233720368547758.08", 2, math.MinInt64, nil},
		{"92233720368547758.08", 2, 0, ErrRange},
		{"1e9999", 2, 0, ErrRange},
		{"0e9999", 2, 0, ErrRange},
		{"1e-9999", 2, 0, ErrRange},
		{"100000000000000000000000e-22", 2, 1000, ErrRange}, // 10, but written beyond the door's limits
		{"1000000000000000000e-18", 2, 100, nil},
		{"1234567890123456789012345678901234567890", 0, 0, ErrRange},
	} {
		d, err := decimal.NewFromString(c.in)
		require.NoError(t, err)
		got, err := Minor(d, c.scale)
		require.ErrorIs(t, err, c.err, c.in)
		if c.err == nil {
			assert.Equal(t, c.want, got, c.in)
			assert.True(t, Decimal(got, c.scale).Equal(d), c.in)
		}
	}
	got, err := Minor(decimal.Decimal{}, 2)
	require.NoError(t, err)
	assert.Zero(t, got)
}

func TestCheck(t *testing.T) {
	for in, ok := range map[string]bool{
		"1e18": true, "1e19": false, "1e-18": true, "1e-19": false, "1e9999": false,
		"99999999999999999999999999999999999999":  true,
		"999999999999999999999999999999999999999": false,
	} {
		d, err := decimal.NewFromString(in)
		require.NoError(t, err)
		assert.Equal(t, ok, Check(d) == nil, in)
	}
}

func TestMinorDoesNotAllocate(t *testing.T) {
	d := decimal.New(1999, -2)
	assert.Zero(t, testing.AllocsPerRun(100, func() { _, _ = Minor(d, 3) }))
}

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		total   int64
		weights []int64
		want    []int64
	}{
		{1000, []int64{3333, 3333, 3334}, []int64{333, 333, 334}},
		{29, []int64{999, 999, 999}, []int64{10, 10, 9}},
		{-29, []int64{999, 999, 999}, []int64{-10, -10, -9}},
		{1300, []int64{8000, 5000}, []int64{800, 500}},
		{5, []int64{0, 0}, []int64{5, 0}},
		{0, []int64{1, 2}, []int64{0, 0}},
		{math.MinInt64, []int64{7}, []int64{math.MinInt64}},
	} {
		got, err := Split(c.total, c.weights)
		require.NoError(t, err)
		assert.Equal(t, c.want, got)
	}
	for _, bad := range [][]int64{nil, {1, -1}, {math.MaxInt64, 1}} {
		_, err := Split(10, bad)
		require.ErrorIs(t, err, ErrRange)
	}
}

// TestSplitOverMany: zeros at the end change nothing, also where there are so many that the remainders are sorted.
func TestSplitOverMany(t *testing.T) {
	weights := []int64{3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8}
	for total := int64(-99); total < 100; total++ {
		few, err := Split(total, weights)
		require.NoError(t, err)
		many, err := Split(total, slices.Concat(weights, make([]int64, 20)))
		require.NoError(t, err)
		assert.Equal(t, few, many[:len(few)], total)
	}
}

func FuzzArithmetic(f *testing.F) {
	for _, n := range []int64{0, 1, -1, math.MaxInt64, math.MinInt64, 1 << 32} {
		f.Add(n, n)
		f.Add(n, int64(-1))
	}
	f.Fuzz(func(t *testing.T, a, b int64) {
		x, y := big.NewInt(a), big.NewInt(b)
		for _, op := range []struct {
			name  string
			exact *big.Int
			got   func(a, b int64) (int64, error)
		}{
			{"+", new(big.Int).Add(x, y), Add},
			{"-", new(big.Int).Sub(x, y), Sub},
			{"*", new(big.Int).Mul(x, y), Mul},
		} {
			got, err := op.got(a, b)
			if (err == nil) != op.exact.IsInt64() || err == nil && got != op.exact.Int64() {
				t.Fatalf("%d %s %d = %d, %v; want %v", a, op.name, b, got, err, op.exact)
			}
		}
	})
}

func FuzzSplit(f *testing.F) {
	f.Add(int64(100), []byte{1, 2, 3})
	f.Add(int64(math.MaxInt64), []byte{255, 0, 255})
	f.Fuzz(func(t *testing.T, total int64, raw []byte) {
		if len(raw) == 0 || len(raw) > 50 {
			return
		}
		weights, sum := make([]int64, len(raw)), int64(0)
		for i, b := range raw {
			weights[i] = int64(b)
			sum += int64(b)
		}
		parts, err := Split(total, weights)
		if err != nil {
			t.Fatal(err)
		}
		back := new(big.Int)
		for i, p := range parts {
			back.Add(back, big.NewInt(p))
			if sum == 0 {
				continue
			}
			// Every part lies within one unit of its exact share.
			exact := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(total), big.NewInt(weights[i])), big.NewInt(sum))
			if diff := exact.Sub(exact, new(big.Rat).SetInt64(p)); diff.Abs(diff).Cmp(big.NewRat(1, 1)) >= 0 {
				t.Fatalf("part %d of %d over %v is %d", i, total, weights, p)
			}
		}
		if back.Cmp(big.NewInt(total)) != 0 {
			t.Fatalf("%v sum to %v, not %d", parts, back, total)
		}
	})
}

// FuzzMinor compares the fast conversion with arithmetic on rationals.
func FuzzMinor(f *testing.F) {
	f.Add(int64(1234), int32(-2), 2)
	f.Add(int64(math.MinInt64), int32(0), 0)
	f.Add(int64(1), int32(17), 3)
	f.Fuzz(func(t *testing.T, c int64, exp int32, scale int) {
		exp %= 25
		scale = int(uint(scale) % 19)
		d := decimal.New(c, exp)
		got, err := Minor(d, scale)
		exact := new(big.Rat).Mul(d.Rat(), new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)))
		fits := exact.IsInt() && exact.Num().IsInt64()
		if err == nil && (!fits || exact.Num().Int64() != got) {
			t.Fatalf("%v at scale %d is %d, want %v", d, scale, got, exact)
		}
		if err != nil && fits && Check(d) == nil {
			t.Fatalf("%v at scale %d refused: %v", d, scale, err)
		}
	})
}
