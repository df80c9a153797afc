package points

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLotsOfOrdersWhoseIDsLookLikeLots(t *testing.T) {
	b := newBench(t, func(c *Config) {
		c.Bonuses = []Bonus{{ID: "b", Points: 10, Color: "x"}}
		c.Expiry = Expiry{Months: 1}
	})
	for _, id := range []string{"7", "7#2", "7#1", "7#", "7#2#1", "7#x"} {
		b.order("a", id, "100", "2025-01-02")
	}
	assert.Len(t, b.lots("a", "2025-01-05"), 12)
	b.verified("a")
	for lot := range b.lots("a", "2025-01-05") {
		r, err := b.Extend(ctx, ExtendRequest{Account: "a", Key: "x" + lot, Lot: lot, Days: 1, At: b.on("2025-01-06"), By: By{"ann", "kind"}})
		require.NoError(t, err, lot)
		assert.Contains(t, []int64{10, 100}, r.Points)
	}
	assert.Equal(t, Balance{}, b.balance("a", "2025-02-04"))
	for _, key := range []string{"order:7", "order:7#2", "order:7#", "order:7#2#1"} {
		for n := range 3 {
			assert.Equal(t, key, lotKey(lotID(key, n)), lotID(key, n))
		}
	}
}
