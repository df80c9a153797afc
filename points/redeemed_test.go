package points

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func (b *bench) redeemed(from, until string) map[string]int64 {
	b.t.Helper()
	var since time.Time
	if from != "" {
		since = b.on(from)
	}
	r, err := b.Redeemed(ctx, since, b.on(until))
	require.NoError(b.t, err)
	var sum int64
	for _, n := range r.Colors {
		sum += n
	}
	require.Equal(b.t, sum, r.Points)
	return r.Colors
}

// The programme's part of G08: who has to pay for what was redeemed.
func TestRedeemed(t *testing.T) {
	b := newBench(t, nil)
	for _, who := range []string{"a", "b"} {
		for _, color := range []string{"red", "blue"} {
			b.must(b.Earn(ctx, EarnRequest{Account: who, Key: color, Points: 100, Color: color, At: b.on("2025-01-01")}))
		}
	}
	b.must(b.Redeem(ctx, RedeemRequest{Account: "a", Key: "r", Points: 150, Prefer: []string{"blue"}, At: b.on("2025-01-02")}))
	assert.Equal(t, map[string]int64{"red": 50, "blue": 100}, b.redeemed("", "2025-01-03"))
	b.must(b.Redeem(ctx, RedeemRequest{Account: "b", Key: "r", Points: 7, Prefer: []string{"red"}, At: b.on("2025-02-02")}))
	b.merge("a", "b", "2025-02-03")
	b.must(b.Reinstate(ctx, ReinstateRequest{Account: "a", Key: "back", Redemption: "r", Points: 60, At: b.on("2025-03-01")}))
	assert.Equal(t, map[string]int64{"red": 50, "blue": 100}, b.redeemed("2025-01-01", "2025-02-01"))
	assert.Equal(t, map[string]int64{"red": 7}, b.redeemed("2025-02-01", "2025-03-01"))
	assert.Equal(t, map[string]int64{"red": -50, "blue": -10}, b.redeemed("2025-03-01", "2025-04-01"), "what was consumed last comes back first")
	assert.Equal(t, map[string]int64{"red": 7, "blue": 90}, b.redeemed("", "2025-04-01"))

	for _, who := range []string{"c", "d"} {
		b.earn(who, "e", math.MaxInt64, "2025-05-01", "")
		b.redeem(who, "r", math.MaxInt64, "2025-05-01")
	}
	_, err := b.Redeemed(ctx, time.Time{}, b.on("2025-06-01"))
	require.ErrorIs(t, err, ErrOverflow)
	_, err = must(New(struct{ Store }{b.store}, b.Policy())).Redeemed(ctx, time.Time{}, b.on("2025-06-01"))
	require.ErrorIs(t, err, ErrNoHistory)
}
