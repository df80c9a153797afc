package campaign

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var key = []byte("0123456789abcdef")

func audience(t *testing.T, matched, others int) Audience {
	t.Helper()
	var cs []*customer
	for i := range matched + others {
		c := &customer{fmt.Sprintf("secret-%03d", i), "GD", 5}
		if i >= matched {
			c.orders = int64(-(i % 2)) // rejected and undecided by turns
		}
		cs = append(cs, c)
	}
	a, err := Select(each(cs...), criteria(MustHoldOut("summer-2025", 100_000)))
	require.NoError(t, err)
	return a
}

func TestBlindProtectsBothSides(t *testing.T) {
	for _, tc := range []struct {
		matched, others int
		ok              bool
	}{
		{10, 10, true},
		{9, 100, false},
		{100, 9, false},
		{0, 100, false}, // that nobody matches tells of everybody
		{100, 0, false}, // and so does that everybody does
		{0, 0, false},
	} {
		b, err := audience(t, tc.matched, tc.others).Blind(10, key)
		if !tc.ok {
			require.ErrorIs(t, err, ErrTooFew, "%+v", tc)
			assert.Zero(t, b)
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, tc.matched, b.Matched)
		assert.Equal(t, tc.matched+tc.others, b.Customers)
	}
}

func TestBlindShowsNoID(t *testing.T) {
	a := audience(t, 50, 50)
	b, err := a.Blind(10, key)
	require.NoError(t, err)
	stored, err := json.Marshal(b)
	require.NoError(t, err)
	for _, shown := range []string{fmt.Sprintf("%+v", b), fmt.Sprintf("%#v", b), string(stored), a.LogValue().String()} {
		assert.NotContains(t, shown, "secret-")
	}
	assert.NotContains(t, string(stored), a.Trace(), "a trace could be guessed at")
}

func TestHandle(t *testing.T) {
	a := audience(t, 50, 50)
	first, err := a.Blind(10, key)
	require.NoError(t, err)
	again, err := audience(t, 50, 50).Blind(20, key)
	require.NoError(t, err)
	assert.Equal(t, first.Handle, again.Handle, "the same audience has the same handle")
	other, err := audience(t, 51, 49).Blind(10, key)
	require.NoError(t, err)
	assert.NotEqual(t, first.Handle, other.Handle)
	other, err = a.Blind(10, []byte("another key than before"))
	require.NoError(t, err)
	assert.NotEqual(t, first.Handle, other.Handle)
}

func TestBlindRefuses(t *testing.T) {
	a := audience(t, 50, 50)
	for _, k := range []int{-1, 0, 1} {
		_, err := a.Blind(k, key)
		require.ErrorContains(t, err, "campaign: blind: k is")
	}
	_, err := a.Blind(10, key[:15])
	require.ErrorContains(t, err, "a key has 16 bytes or more, not 15")
}
