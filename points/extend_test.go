package points

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A lot that was extended lives so long for points that come back, spent as it may be meanwhile.
func TestReinstateIntoAnExtendedLot(t *testing.T) {
	for _, spent := range []bool{false, true} {
		for _, when := range []string{"2025-02-10", "2025-03-10"} {
			b := newBench(t, func(c *Config) { c.Terms.Reinstate = OriginalExpiry })
			b.earn("a", "X", 100, "2025-01-01", "2025-02-28")
			b.redeemFor("a", "7", 60, "2025-01-10")
			b.must(b.Extend(ctx, ExtendRequest{Account: "a", Key: "x", Lot: "X", Through: "2025-05-31", At: b.on("2025-01-20"), By: By{"ann", "n"}}))
			left := int64(40)
			if spent {
				b.redeem("a", "s", 40, "2025-02-01")
				left = 0
			}
			b.must(b.Cancel(ctx, CancelRequest{Account: "a", Order: "7", At: b.on(when)}))
			assert.Equal(t, left+60, b.balance("a", "2025-05-31 23:59").Available)
			assert.Zero(t, b.balance("a", "2025-06-01").Available)
			b.sound("a", "2025-06-01")
		}
	}
}

// An extension never shortens: what activity keeps alive it still does, and no less long than was promised.
func TestExtendWhatActivityKeepsAlive(t *testing.T) {
	b := newBench(t, idle)
	b.earnIdle("a", "e", 500, "2025-01-15")
	extend := func(key, through string) {
		b.must(b.Extend(ctx, ExtendRequest{Account: "a", Key: key, Lot: "e", Through: through, At: b.on("2025-12-01"), By: By{"ann", "goodwill"}}))
	}
	extend("x", "2026-02-10")
	extend("y", "2026-02-14")
	assert.EqualValues(t, 500, b.balance("a", "2026-02-14 23:59").Available)
	assert.Zero(t, b.balance("a", "2026-02-15").Available)
	b.order("a", "1", "1.00", "2025-12-31")
	assert.EqualValues(t, 501, b.balance("a", "2026-12-31 23:59").Available)
	assert.Zero(t, b.balance("a", "2027-01-01").Available)
}

// Under the name of a merged account it is its own lot that is extended.
func TestExtendUnderAnAlias(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Expiry = Expiry{Days: 30} })
	b.order("a", "7", "10", "2025-01-01")
	b.order("b", "7", "500", "2025-01-01")
	b.order("b", "8", "3", "2025-01-01")
	b.merge("b", "a", "2025-01-02")
	b.must(b.Refund(ctx, RefundRequest{Account: "b", Refund: "1", Order: "8", At: b.on("2025-01-02"), Return: Return{Everything: true}}))
	extend := func(account, key, lot string) (Receipt, error) {
		return b.Extend(ctx, ExtendRequest{Account: account, Key: key, Lot: lot, Days: 30, At: b.on("2025-01-03"), By: By{"ann", "n"}})
	}
	assert.EqualValues(t, 500, b.must(extend("b", "x", "order:7")).Points)
	_, err := extend("b", "y", "order:8")
	require.ErrorIs(t, err, ErrExpired)
	assert.EqualValues(t, 500, b.balance("a", "2025-02-10").Available)
	acc, err := b.Account(ctx, "b", b.on("2025-02-10"))
	require.NoError(t, err)
	assert.EqualValues(t, 500, b.must(b.Extend(ctx, ExtendRequest{
		Account: "b", Key: "z", Lot: acc.Lots[0].ID, Days: 1, At: b.on("2025-02-10"), By: By{"ann", "n"},
	})).Points)
}

// An extension goes along with a merge.
func TestReinstateAfterExtensionAndMerge(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Terms.Reinstate = OriginalExpiry })
	b.earn("b", "e", 100, "2025-01-01", "2025-02-28")
	b.redeem("b", "r1", 60, "2025-01-02")
	b.must(b.Extend(ctx, ExtendRequest{Account: "b", Key: "x", Lot: "e", Through: "2025-12-31", At: b.on("2025-01-03"), By: By{"ann", "n"}}))
	b.redeem("b", "r2", 40, "2025-01-04")
	b.earn("a", "k", 1, "2025-01-01", "")
	b.merge("b", "a", "2025-01-05")
	b.must(b.Reinstate(ctx, ReinstateRequest{Account: "b", Key: "i", Redemption: "r1", At: b.on("2025-04-01")}))
	assert.EqualValues(t, 61, b.balance("a", "2025-12-31 23:59").Available)
	assert.EqualValues(t, 1, b.balance("a", "2026-01-01").Available)
	b.verified("a", "b")
}

// A lot that activity keeps alive counts the days of its own zone, whatever the policy's is by now.
func TestExtendInTheZoneOfTheLot(t *testing.T) {
	b := newBench(t, idle)
	b.earnIdle("a", "e", 500, "2025-01-15")
	b.Ledger = must(New(b.store, MustCompile(programP(func(c *Config) { idle(c); c.Zone, c.Revision = "America/New_York", 2 }))))
	b.must(b.Extend(ctx, ExtendRequest{Account: "a", Key: "x", Lot: "e", Through: "2026-03-01", At: b.on("2025-12-01"), By: By{"ann", "n"}}))
	acc, err := b.Account(ctx, "a", b.on("2025-12-02"))
	require.NoError(t, err)
	assert.Equal(t, time.Date(2026, 3, 1, 16, 0, 0, 0, time.UTC), acc.Lots[0].ExpiresAt)
}
