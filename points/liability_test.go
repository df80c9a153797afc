package points

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var _ = spec("G02", func(t *testing.T) {
	money, err := Liability{Outstanding: 1_000_000, Value: dec("0.01"), Breakage: dec("0.2")}.Money(2)
	require.NoError(t, err)
	assert.Equal(t, "8000.00", money.StringFixed(2))
	money, err = Liability{Outstanding: 1_000_000, Pending: 100_000, Value: dec("0.01"), Breakage: dec("0.2"), Conversion: dec("0.9")}.Money(2)
	require.NoError(t, err)
	assert.Equal(t, "8720.00", money.StringFixed(2))
})

var _ = spec("G03", func(t *testing.T) {
	second, err := Release(dec("9000"), 4500, 9700, 2)
	require.NoError(t, err)
	assert.Equal(t, "4175.26", second.String())
	third, err := Release(dec("9000"), 8500, 9900, 2)
	require.NoError(t, err)
	assert.Equal(t, "7727.27", third.String())
	assert.Equal(t, "3552.01", third.Sub(second).String())
})

var _ = spec("G05", func(t *testing.T) {
	goods, points, err := Allocate(dec("800"), 2000, dec("0.012"), dec("0.8"), 2)
	require.NoError(t, err)
	assert.Equal(t, "18.75", points.String(), "800 × 19.20 ÷ 819.20")
	assert.Equal(t, "781.25", goods.String())
})

func TestLiabilityRefusals(t *testing.T) {
	ok := Liability{Outstanding: 1, Value: dec("1")}
	for _, change := range []func(*Liability){
		func(l *Liability) { l.Outstanding = -1 }, func(l *Liability) { l.Pending = -1 }, func(l *Liability) { l.Value = dec("0") },
		func(l *Liability) { l.Breakage = dec("1.01") }, func(l *Liability) { l.Conversion = dec("-0.1") }, func(l *Liability) { l.Value = dec("1e99") },
	} {
		l := ok
		change(&l)
		_, err := l.Money(2)
		require.ErrorIs(t, err, ErrAmount)
	}
	for range 20 { // of several mistakes the first is told
		_, err := Liability{Outstanding: 1, Value: dec("1"), Breakage: dec("2"), Conversion: dec("2")}.Money(2)
		require.ErrorContains(t, err, "breakage")
	}
	_, err := ok.Money(-1)
	require.ErrorIs(t, err, ErrAmount)
	_, err = Release(dec("100"), 11, 10, 2)
	require.ErrorIs(t, err, ErrAmount)
	_, err = Release(dec("-100"), 1, 10, 2)
	require.ErrorIs(t, err, ErrAmount)
	_, _, err = Allocate(dec("0"), 1, dec("1"), dec("1"), 2)
	require.ErrorIs(t, err, ErrAmount)
	_, _, err = Allocate(dec("10"), -1, dec("1"), dec("1"), 2)
	require.ErrorIs(t, err, ErrAmount)
}
