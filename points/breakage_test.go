package points

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBreakage(t *testing.T) {
	e, err := Breakage([]Vintage{
		{"2025-01", 1000, []int64{0, 100, 100}}, {"2025-02", 2000, []int64{0, 200, 200}},
		{"2025-03", 1000, []int64{0, 100}}, {"2025-04", 500, []int64{0}},
	})
	require.NoError(t, err)
	assert.Equal(t, []string{"0.00", "0.10", "0.20"}, words(e.ByAge))
	assert.Equal(t, "0.2", e.Share.String())
	assert.True(t, e.Low.Equal(e.Share) && e.High.Equal(e.Share), "the vintages agree to the point")

	// Only one vintage has seen the fourth month: it says too little.
	e, err = Breakage([]Vintage{{"a", 10, []int64{1, 1, 1, 7}}, {"b", 10, []int64{2, 0, 1}}, {"c", 10, []int64{0, 0}}, {"d", 10, []int64{1}}})
	require.NoError(t, err)
	assert.Equal(t, []string{"0.10", "0.13", "0.24"}, words(e.ByAge))
	assert.True(t, e.Low.LessThan(e.Share) && e.High.GreaterThan(e.Share))
}

// TestBreakageCovers draws vintages around a known share; the interval must hold it about 95 times in 100.
func TestBreakageCovers(t *testing.T) {
	const truth, rounds = 0.25, 2000
	r := rand.New(rand.NewPCG(7, 7))
	held := 0
	for range rounds {
		var list []Vintage
		for range 8 {
			issued := 1000 + r.Int64N(4000)
			share := truth/2 + 0.05*r.NormFloat64()
			n := min(issued/2, max(0, int64(share*float64(issued))))
			m := min(issued/2, max(0, int64((truth-truth/2+0.02*r.NormFloat64())*float64(issued))))
			list = append(list, Vintage{"", issued, []int64{n, m}})
		}
		e, err := Breakage(list)
		require.NoError(t, err)
		if !e.Low.GreaterThan(dec("0.25")) && !e.High.LessThan(dec("0.25")) {
			held++
		}
	}
	assert.InDelta(t, 0.945, float64(held)/rounds, 0.025)
}

func TestStudent(t *testing.T) { // from the usual table
	for df, want := range map[float64]float64{4: 2.776, 5: 2.571, 10: 2.228, 30: 2.042} {
		assert.InDelta(t, want, student975(df), 0.01)
	}
}

func TestBreakageRefusals(t *testing.T) {
	three := []Vintage{{"a", 10, []int64{1}}, {"b", 10, []int64{1}}, {"c", 10, []int64{1}}}
	for _, list := range [][]Vintage{
		three, append(three[:3:3], Vintage{"d", 10, []int64{6, 5}}), append(three[:3:3], Vintage{"d", 10, []int64{-1}}),
		append(three[:3:3], Vintage{"d", -1, nil}), {{}, {}, {}, {}},
	} {
		_, err := Breakage(list)
		require.ErrorIs(t, err, ErrAmount)
	}
}

// The chained shares never add up to more than everything.
func TestBreakageStaysWithinOne(t *testing.T) {
	e, err := Breakage([]Vintage{
		{"2025-01", 10, []int64{0, 10}}, {"2025-02", 10, []int64{0, 10}},
		{"2025-03", 100, []int64{100}}, {"2025-04", 100, []int64{100}},
	})
	require.NoError(t, err)
	assert.Equal(t, "1", e.Share.String())
	assert.Equal(t, []string{"0.91", "1.00"}, words(e.ByAge))
	assert.False(t, e.High.GreaterThan(dec("1")))
	_, err = Liability{Outstanding: 1, Value: dec("1"), Breakage: e.Share}.Money(2)
	require.NoError(t, err)

	r := rand.New(rand.NewPCG(3, 3))
	for range 500 {
		var list []Vintage
		for range 4 + r.IntN(6) {
			v := Vintage{Issued: 1 + r.Int64N(200)}
			left := v.Issued
			for range 1 + r.IntN(5) {
				n := r.Int64N(left + 1)
				v.Expired = append(v.Expired, n)
				left -= n
			}
			list = append(list, v)
		}
		e, err := Breakage(list)
		require.NoError(t, err)
		last := dec("0")
		for _, share := range e.ByAge {
			require.False(t, share.LessThan(last) || share.GreaterThan(dec("1")), "%v", list)
			last = share
		}
		require.False(t, e.Low.GreaterThan(e.Share) || e.Share.GreaterThan(e.High), "%v", list)
	}
}

// Months that say nothing about expiry make an estimate neither possible nor narrower.
func TestBreakageIgnoresVintagesUnseen(t *testing.T) {
	seen := []Vintage{{"a", 1000, []int64{100}}, {"b", 1000, []int64{300}}, {"c", 1000, []int64{200}}}
	_, err := Breakage(append(seen[:3:3], Vintage{"now", 500, nil}, Vintage{"idle", 0, []int64{0}}))
	require.ErrorIs(t, err, ErrAmount)
	seen = append(seen, Vintage{"d", 1000, []int64{250}})
	want, err := Breakage(seen)
	require.NoError(t, err)
	got, err := Breakage(append(seen, Vintage{"now", 500, nil}, Vintage{"idle", 0, []int64{0}}))
	require.NoError(t, err)
	assert.Equal(t, want, got)
}
