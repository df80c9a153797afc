// Package together_test shows packages that never import each other at work on one shop: what belongs
// together is joined in the shop's own code.
package together_test

import (
	"context"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regulars-go/regulars/points"
	"github.com/regulars-go/regulars/tiers"
)

// growing gives growth value (成长值): a programme of its own, with nothing to spend.
var growing = points.MustCompile(points.Config{
	Format: 1, ID: "growth", Revision: 1, Zone: "Asia/Shanghai", Currency: "CNY", Growth: true,
	Rules: []points.Rule{{ID: "spend", Linear: &points.Linear{Points: 1, Per: decimal.NewFromInt(1)}}},
})

// spending gives points to spend, on the same orders.
var spending = points.MustCompile(points.Config{
	Format: 1, ID: "points", Revision: 1, Zone: "Asia/Shanghai", Currency: "CNY",
	Rules: []points.Rule{{ID: "spend", Linear: &points.Linear{Points: 1, Per: decimal.NewFromInt(1)}}},
})

var ladder = tiers.MustNew(tiers.Config{Zone: "Asia/Shanghai", Scale: 2, Levels: []tiers.Level{
	{ID: "bronze"},
	{ID: "silver", Enter: tiers.AtLeast(tiers.Growth, decimal.NewFromInt(1000), tiers.Rolling(12))},
}})

// programme is one kind of points with its ledger and its history.
type programme struct {
	*points.Ledger
	store *points.MemStore
}

func start(t *testing.T, policy *points.Policy) programme {
	t.Helper()
	p := programme{store: &points.MemStore{}}
	var err error
	p.Ledger, err = points.New(p.store, policy)
	require.NoError(t, err)
	return p
}

func (p programme) earn(t *testing.T, account, order, amount string, at time.Time) {
	t.Helper()
	_, err := p.Earn(context.Background(), points.EarnRequest{Account: account, At: at, Order: &points.Order{
		ID: order, Paid: at, Lines: []points.Line{{Price: decimal.RequireFromString(amount)}},
	}})
	require.NoError(t, err)
}

// earned joins the two packages: the growth that the accounts of one member earned, an order that was
// imported for two of them once. Spending is no fact of growth.
func (p programme) earned(t *testing.T, accounts ...string) (facts tiers.Facts) {
	t.Helper()
	seen := map[string]bool{}
	for _, account := range accounts {
		for c, err := range p.store.Changes(context.Background(), account, 0) {
			require.NoError(t, err)
			if c.Kind == points.KindEarn && !seen[c.Key] {
				seen[c.Key] = true
				facts.Growth = append(facts.Growth, tiers.Earned{At: c.At, Points: c.Receipt.Points})
			}
		}
	}
	return facts
}

func level(t *testing.T, facts tiers.Facts, at time.Time) string {
	t.Helper()
	a, err := ladder.Activity(facts)
	require.NoError(t, err)
	d, err := ladder.Decide(a, at, tiers.Held{})
	require.NoError(t, err)
	return d.Level
}

func TestSpec(t *testing.T) {
	ctx := context.Background()
	day := func(d int) time.Time { return time.Date(2025, time.March, d, 12, 0, 0, 0, time.UTC) }

	t.Run("F13", func(t *testing.T) {
		growth, money := start(t, growing), start(t, spending)
		for _, p := range []programme{growth, money} {
			p.earn(t, "ann", "1", "1200.00", day(1))
		}
		_, err := money.Redeem(ctx, points.RedeemRequest{Account: "ann", Key: "r", Points: 1000, At: day(2)})
		require.NoError(t, err)
		left, err := money.Balance(ctx, "ann", day(3))
		require.NoError(t, err)
		assert.Equal(t, int64(200), left.Available)
		assert.Equal(t, "silver", level(t, growth.earned(t, "ann"), day(3)))
	})

	t.Run("T15", func(t *testing.T) {
		for both, want := range map[string]string{"100.00": "silver", "300.00": "bronze"} {
			growth := start(t, growing)
			amount := decimal.RequireFromString(both)
			rest := func(whole int64) string { return decimal.NewFromInt(whole).Sub(amount).String() }
			growth.earn(t, "a", "a1", rest(800), day(1))
			growth.earn(t, "b", "b1", rest(400), day(1))
			growth.earn(t, "a", "both", both, day(2)) // the same order is in both imports
			growth.earn(t, "b", "both", both, day(2))
			assert.Equal(t, "bronze", level(t, growth.earned(t, "a"), day(3)))
			_, err := growth.Merge(ctx, points.MergeRequest{Account: "b", Into: "a", At: day(3)})
			require.NoError(t, err)
			// 800 + 400, less the order that would count twice: 1,100, or 900.
			assert.Equal(t, want, level(t, growth.earned(t, "a", "b"), day(4)), "with %s in both", both)
		}
	})
}
