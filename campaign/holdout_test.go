package campaign

import (
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// each yields the items without an error.
func each[T any](items ...T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range items {
			if !yield(v, nil) {
				return
			}
		}
	}
}

func numbered(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = "c" + strconv.Itoa(i+1)
	}
	return ids
}

func TestGoldenBuckets(t *testing.T) {
	for salt, buckets := range map[string]map[string]int{
		"summer-2025": {"c1": 338308, "c2": 53155, "c3": 219712, "c5": 143160, "c6": 6374, "c8": 97950, "c12": 817147, "c19": 26506, "c20": 3554},
		"winter-2025": {"c1": 417364, "c2": 974355, "c6": 823819, "c17": 19772, "c20": 576126},
	} {
		for id, want := range buckets {
			got, err := Bucket(salt, id)
			require.NoError(t, err)
			assert.Equal(t, want, got, "%s %s", salt, id)
		}
	}
}

func TestHeldIsTheBucketBelowTheShare(t *testing.T) {
	for ppm, want := range map[int]bool{0: false, 6374: false, 6375: true, Buckets: true} {
		held, err := MustHoldOut("summer-2025", ppm).Held("c6")
		require.NoError(t, err)
		assert.Equal(t, want, held, "%d", ppm)
	}
	held, err := HoldOut{}.Held("c6")
	require.NoError(t, err)
	assert.False(t, held, "the zero HoldOut holds nobody out")
}

func TestMalformedIDs(t *testing.T) {
	for _, id := range []string{"", "a\x00b", "\xff", strings.Repeat("x", 256), strings.Repeat("客", 86)} {
		for _, h := range []HoldOut{{}, MustHoldOut("s", 0), MustHoldOut("s", 1000)} {
			_, err := h.Held(id)
			require.ErrorIs(t, err, ErrID, "%q", id)
		}
		_, err := Bucket("s", id)
		require.ErrorIs(t, err, ErrID)
		_, err = Bucket(id, "c1")
		require.ErrorIs(t, err, ErrSalt)
		_, _, err = Delta(MustHoldOut("s", 1), MustHoldOut("s", 2), each("c1", id))
		require.ErrorIs(t, err, ErrID)
	}
	longest := strings.Repeat("客", 85)
	_, err := MustHoldOut(longest, 1).Held(longest)
	require.NoError(t, err)
}

func TestNewHoldOutRefuses(t *testing.T) {
	for _, ppm := range []int{-1, Buckets + 1} {
		_, err := NewHoldOut("s", ppm)
		require.ErrorIs(t, err, ErrShare)
	}
	_, err := NewHoldOut("spring/variant", 1) // would deal as the variants of "spring"
	require.ErrorIs(t, err, ErrSalt)
	assert.Panics(t, func() { MustHoldOut("", 1) })
}

func TestDelta(t *testing.T) {
	five, ten := MustHoldOut("summer-2025", 50_000), MustHoldOut("summer-2025", 100_000)
	held, released, err := Delta(five, ten, each(numbered(20)...))
	require.NoError(t, err)
	assert.Equal(t, []string{"c2", "c8"}, held)
	assert.Empty(t, released)

	held, released, err = Delta(ten, five, each(numbered(20)...))
	require.NoError(t, err)
	assert.Empty(t, held)
	assert.Equal(t, []string{"c2", "c8"}, released)

	held, _, err = Delta(HoldOut{}, five, each(numbered(20)...))
	require.NoError(t, err)
	assert.Equal(t, []string{"c6", "c19", "c20"}, held)
	_, released, err = Delta(five, HoldOut{}, each(numbered(20)...))
	require.NoError(t, err)
	assert.Equal(t, []string{"c6", "c19", "c20"}, released)

	_, _, err = Delta(five, MustHoldOut("winter-2025", 50_000), each("c1"))
	require.ErrorIs(t, err, ErrSalt)
	lost := errors.New("connection lost")
	_, _, err = Delta(five, ten, func(yield func(string, error) bool) { yield("", lost) })
	require.ErrorIs(t, err, lost)
}

// Any larger share holds out everyone a smaller one does.
func TestHoldOutsAreNested(t *testing.T) {
	for i := range 2000 {
		id := fmt.Sprint("cust-", i)
		b, err := Bucket("nested", id)
		require.NoError(t, err)
		was := false
		for _, ppm := range []int{0, 1, 9_999, 50_000, 500_000, Buckets} {
			is, err := MustHoldOut("nested", ppm).Held(id)
			require.NoError(t, err)
			assert.Equal(t, b < ppm, is)
			assert.False(t, was && !is)
			was = is
		}
	}
}

func TestVariants(t *testing.T) {
	v, err := NewVariants("summer-2025", Variant{"coupon", 333_334}, Variant{"gift", 333_333}, Variant{"letter", 333_333})
	require.NoError(t, err)
	count := map[string]int{}
	for _, id := range numbered(30_000) {
		name, err := v.Of(id)
		require.NoError(t, err)
		count[name]++

		// The deal is that of the salt with /variant behind it, whatever is held out.
		b := bucket("summer-2025/variant", "", id)
		want := "letter"
		switch {
		case b < 333_334:
			want = "coupon"
		case b < 666_667:
			want = "gift"
		}
		assert.Equal(t, want, name)
	}
	for name, n := range count {
		assert.InDelta(t, 10_000, n, 400, name)
	}
	_, err = v.Of("")
	require.ErrorIs(t, err, ErrID)
	_, err = Variants{}.Of("c1")
	require.ErrorIs(t, err, ErrShare)
}

func TestNewVariantsRefuses(t *testing.T) {
	for _, c := range []struct {
		list []Variant
		want error
	}{
		{nil, ErrShare},
		{[]Variant{{"a", 999_999}}, ErrShare},
		{[]Variant{{"a", -1}, {"b", 1_000_001}}, ErrShare},
		{[]Variant{{"", Buckets}}, ErrID},
	} {
		_, err := NewVariants("s", c.list...)
		require.ErrorIs(t, err, c.want, "%v", c.list)
	}
	_, err := NewVariants("s", Variant{"a", 500_000}, Variant{"a", 500_000})
	require.ErrorContains(t, err, "twice")
	_, err = NewVariants("", Variant{"a", Buckets})
	require.ErrorIs(t, err, ErrSalt)
}

func TestHeldDoesNotAllocate(t *testing.T) {
	h := MustHoldOut("summer-2025", 50_000)
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		if _, err := h.Held("cust-1"); err != nil {
			t.Error(err)
		}
	}))
}

func BenchmarkHeld(b *testing.B) {
	h := MustHoldOut("summer-2025", 50_000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := h.Held("cust-123456"); err != nil {
			b.Fatal(err)
		}
	}
}
