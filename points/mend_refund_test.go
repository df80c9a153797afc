package points

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sound checks the books of an account and returns its balance.
func (b *bench) sound(account, at string) Balance {
	b.t.Helper()
	require.NoError(b.t, b.Verify(ctx, account))
	_, err := b.Statement(ctx, account, time.Time{}, b.on(at))
	require.NoError(b.t, err)
	return b.balance(account, at)
}

// edit sets an order's amount anew.
func (b *bench) edit(account, id, order, amount, at string) Receipt {
	b.t.Helper()
	return b.must(b.Edit(ctx, EditRequest{Account: account, Edit: id, At: b.on(at), Order: b.orderRequest(account, order, amount, at).Order}))
}

func (b *bench) redeemFor(account, order string, n int64, at string) Receipt {
	b.t.Helper()
	return b.must(b.Redeem(ctx, RedeemRequest{Account: account, Key: "for " + order, Points: n, At: b.on(at), Spend: Spend{Order: order}}))
}

func TestClawBackLeavesPointsThatLapse(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Terms.Reinstate = OriginalExpiry })
	b.earn("a", "x", 50, "2025-01-01", "2025-01-31")
	b.redeemFor("a", "7", 50, "2025-01-20")
	b.order("a", "7", "100", "2025-01-20")
	b.redeem("a", "r", 100, "2025-01-21")
	r := b.must(b.Cancel(ctx, CancelRequest{Account: "a", Order: "7", At: b.on("2025-02-05")}))
	assert.EqualValues(t, 50, r.Reinstated)
	assert.Equal(t, Balance{Debt: 100}, b.sound("a", "2025-02-06"))
}

// shrinking is a programme under which a smaller order would be worth more.
func shrinking(c *Config) {
	c.Rules = []Rule{
		{ID: "big", Linear: &Linear{Points: 1, Per: dec("1")}, When: When{Spend: dec("100")}},
		{ID: "small", Linear: &Linear{Points: 5, Per: dec("1")}},
	}
}

func TestOrderIsNeverWorthMoreForBeingReturned(t *testing.T) {
	assert.Equal(t, []int64{0, 0, 100}, refunds(t, shrinking, "100", "10", "40", "50"))
	halved := func(c *Config) {
		c.Modifiers = []Modifier{{ID: "half", Factor: dec("0.5"), When: When{Spend: dec("100")}}}
	}
	assert.Equal(t, []int64{0, 0, 50}, refunds(t, halved, "100", "10", "40", "50"))
	a := award(t, compiled(t, shrinking), sale("100"))
	for _, returns := range [][]Return{amounts("10"), amounts("10", "40")} {
		after, err := a.Evidence.After(returns...)
		require.NoError(t, err)
		assert.EqualValues(t, 100, after.Points)
	}
}
