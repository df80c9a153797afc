package rfm

import (
	"math/big"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRetain(t *testing.T) {
	money := decimal.RequireFromString
	for _, c := range []struct {
		name                 string
		value, cost, reward  string
		back, anyway         *big.Rat
		retain               bool
		retained, letGo, pay string
	}{
		{"worth a call", "200", "5", "20", big.NewRat(1, 5), big.NewRat(1, 10), true, "31", "20", "90"},
		{"just not worth it", "90", "5", "20", big.NewRat(1, 5), big.NewRat(1, 10), false, "9", "9", "90"},
		{"just worth it", "90.01", "5", "20", big.NewRat(1, 5), big.NewRat(1, 10), true, "4501/500", "9001/1000", "90"},
		{"thirds stay exact", "3", "0.5", "0", big.NewRat(1, 3), big.NewRat(1, 6), false, "1/2", "1/2", "3"},
		{"costs the shop money", "-30", "1", "0", big.NewRat(1, 2), big.NewRat(1, 4), false, "-16", "-15/2", "4"},
		{"better left alone", "500", "0", "0", big.NewRat(1, 10), big.NewRat(1, 5), false, "50", "100", ""},
		{"would come anyway", "500", "0", "50", big.NewRat(1, 1), big.NewRat(1, 1), false, "450", "500", ""},
		{"free and certain", "1", "0", "0", big.NewRat(1, 1), new(big.Rat), true, "1", "0", "0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := Approach{Value: money(c.value), Cost: money(c.cost), Reward: money(c.reward), Return: c.back, Anyway: c.anyway}
			got, err := Retain(Dormant, a)
			require.NoError(t, err)
			assert.Equal(t, c.retain, got.Retain)
			assert.Equal(t, c.retained, got.Retained.RatString())
			assert.Equal(t, c.letGo, got.LetGo.RatString())
			if c.pay == "" {
				assert.Nil(t, got.BreakEven)
			} else {
				assert.Equal(t, c.pay, got.BreakEven.RatString())
			}
		})
	}
}

func TestRetainRefused(t *testing.T) {
	good := Approach{Return: big.NewRat(1, 2), Anyway: new(big.Rat)}
	for _, s := range []State{Prospect, New, WonBack, Growing, Stable, State(99)} {
		_, err := Retain(s, good)
		require.ErrorContains(t, err, "not in decline")
	}
	_, err := Retain(Lost, Approach{
		Value: decimal.New(1, 30_000_000), Cost: decimal.New(-1, 0), Reward: decimal.New(-1, -2), Anyway: big.NewRat(3, 2),
	})
	require.EqualError(t, err, `rfm: approach: value: out of range
rfm: approach: cost: -1 is negative
rfm: approach: reward: -0.01 is negative
rfm: approach: return: want a probability from 0 to 1, not <nil>
rfm: approach: anyway: want a probability from 0 to 1, not 3/2`)
}
