package points

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A cancellation is never too late: it gives up the holds and gives back what paid, whatever was
// refunded or charged back before, and whichever way a refund was written.
func TestCancelIsNeverRefused(t *testing.T) {
	before := map[string]func(b *bench){
		"everything refunded": func(b *bench) { b.refund("a", "1", "7", "", "2025-01-03") },
		"all of the amount":   func(b *bench) { b.refund("a", "1", "7", "100", "2025-01-03") },
		"charged back": func(b *bench) {
			b.must(b.Chargeback(ctx, ChargebackRequest{Account: "a", Chargeback: "c", Order: "7", At: b.on("2025-01-03")}))
		},
		"charged back and refunded": func(b *bench) {
			b.must(b.Chargeback(ctx, ChargebackRequest{Account: "a", Chargeback: "c", Order: "7", At: b.on("2025-01-03")}))
			b.refund("a", "1", "7", "40", "2025-01-03")
		},
	}
	for name, first := range before {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, nil)
			b.earn("a", "k", 100, "2025-01-01", "")
			b.must(b.Hold(ctx, HoldRequest{Account: "a", Hold: "h", Points: 40, At: b.on("2025-01-02"), TTL: 999 * time.Hour, Spend: Spend{Order: "7"}}))
			b.redeemFor("a", "7", 30, "2025-01-02")
			b.order("a", "7", "100", "2025-01-02")
			first(b)
			b.must(b.Cancel(ctx, CancelRequest{Account: "a", Order: "7", At: b.on("2025-01-04")}))
			assert.Equal(t, Balance{Available: 100}, b.sound("a", "2025-01-05"))
		})
	}
}

// What is refunded while a charge-back is open counts once the case is won, and is bounded by the order.
func TestRefundDuringChargeback(t *testing.T) {
	b := newBench(t, nil)
	b.order("a", "7", "100", "2025-01-02")
	b.must(b.Chargeback(ctx, ChargebackRequest{Account: "a", Chargeback: "c", Order: "7", At: b.on("2025-01-03")}))
	r := b.refund("a", "1", "7", "40", "2025-01-04")
	assert.Equal(t, "40", r.Money.String())
	assert.Zero(t, r.Points)
	_, err := b.Refund(ctx, RefundRequest{Account: "a", Refund: "2", Order: "7", At: b.on("2025-01-04"), Return: Return{Amount: dec("61")}})
	require.ErrorIs(t, err, ErrRefundExceedsOrder)
	b.must(b.Win(ctx, WinRequest{Account: "a", Chargeback: "c", Order: "7", At: b.on("2025-01-05")}))
	assert.Equal(t, Balance{Available: 60}, b.sound("a", "2025-01-06"))
}

// Each account is told of the cash that it paid, and of no other's.
func TestOnlyTheBuyerIsPaidBack(t *testing.T) {
	b := newBench(t, func(c *Config) {
		c.Referral = &Referral{Referrer: &Gift{Points: 30}, Friend: &Gift{Points: 50}, AnyOrder: true, Spend: dec("100")}
	})
	o := b.orderRequest("friend", "7", "100", "2025-01-02")
	b.must(b.Earn(ctx, o))
	referrer, friend, err := b.Policy().Referral("friend", *o.Order)
	require.NoError(t, err)
	b.must(b.Earn(ctx, EarnRequest{Account: "referrer", Award: &referrer, For: "7", At: b.on("2025-01-02")}))
	b.must(b.Earn(ctx, EarnRequest{Account: "friend", Award: &friend, For: "7", At: b.on("2025-01-02")}))
	assert.Equal(t, "40", b.refund("friend", "1", "7", "40", "2025-01-03").Money.String())
	assert.Equal(t, "0", b.refund("referrer", "1", "7", "40", "2025-01-03").Money.String())
}

func TestShortfallMoney(t *testing.T) {
	t.Run("at the rate in force", func(t *testing.T) {
		first := programP(func(c *Config) { c.Terms.Refund = WithinBalance })
		then := first
		then.Revision, then.Since, then.Redeem = 2, "2026-01-01", &Redeem{Points: 50, Money: dec("1")}
		policy, err := Versions(MustCompile(first), MustCompile(then))
		require.NoError(t, err)
		b := newBench(t, nil)
		b.Ledger = must(New(b.store, policy))
		b.order("a", "1", "100", "2025-01-01")
		b.redeem("a", "r", 80, "2025-01-02")
		assert.Equal(t, "0.8", b.refund("a", "1", "1", "", "2025-01-03").ShortfallMoney.String())
	})
	t.Run("beyond all money", func(t *testing.T) {
		b := newBench(t, func(c *Config) {
			c.Redeem, c.Terms.Refund = &Redeem{Points: 1, Money: dec("1000000")}, WithinBalance
			c.Rules[0].Linear.Points = 1_000_000_000
		})
		b.order("a", "1", "100000", "2025-01-01")
		b.redeem("a", "r", 100_000_000_000_000, "2025-01-02")
		r := b.refund("a", "1", "1", "", "2025-01-03")
		assert.Equal(t, int64(100_000_000_000_000), r.Shortfall)
		assert.True(t, r.ShortfallMoney.IsZero())
	})
}

// An order that points paid in full is worth nothing, and all of them come back with it.
func TestRefundOfAnOrderThatPointsPaid(t *testing.T) {
	b := newBench(t, nil)
	b.earn("a", "k", 300, "2025-01-01", "")
	b.redeemFor("a", "7", 300, "2025-01-02")
	o := b.orderRequest("a", "7", "3", "2025-01-02")
	o.Order.Discount = dec("3")
	b.must(b.Earn(ctx, o))
	assert.EqualValues(t, 300, b.refund("a", "1", "7", "", "2025-01-03").Reinstated)
	assert.Equal(t, Balance{Available: 300}, b.sound("a", "2025-01-04"))
}

// A request that says nothing, or in words that no store could keep, leaves no trace.
func TestReturnsAreCheckedAtTheDoor(t *testing.T) {
	b := newBench(t, nil)
	b.earn("a", "k", 100, "2025-01-01", "")
	b.order("a", "7", "100", "2025-01-02")
	at, bad := b.on("2025-01-03"), "\xff\x00"
	o := b.orderRequest("a", "8", "1", "2025-01-02").Order
	tagged, grouped, sold, stocked := o.clone(), o.clone(), o.clone(), o.clone()
	tagged.Lines[0].Tags, grouped.Groups, sold.Channel, stocked.Lines[0].SKU = []string{bad}, []string{bad}, bad, bad
	before := b.raw("a")
	for _, op := range []Op{
		RefundRequest{Account: "a", Refund: "1", Order: "7", At: at},
		RefundRequest{Account: "a", Refund: "1", Order: "7", At: at, Return: Return{Lines: []LineReturn{{Amount: dec("1")}}}},
		RefundRequest{Account: "a", Refund: "1", Order: "9", At: at, Return: Return{Lines: []LineReturn{{ID: bad, Amount: dec("1")}}}},
		EarnRequest{Account: "a", Key: "c", Points: 1, Color: bad, At: at},
		EarnRequest{Account: "a", Key: "c", Points: 1, Family: bad, At: at},
		EarnRequest{Account: "a", Order: &tagged, At: at},
		EarnRequest{Account: "a", Order: &grouped, At: at},
		EarnRequest{Account: "a", Order: &sold, At: at},
		EditRequest{Account: "a", Edit: "e", Order: &stocked, At: at},
		AdjustRequest{Account: "a", Key: "c", Points: 1, At: at, By: By{"ann", bad}},
		AdjustRequest{Account: "a", Key: "c", Points: 1, At: at, By: By{"ann", "n"}, Color: bad},
		TransferRequest{Account: "a", To: "b", Key: "c", Points: 1, At: at, Colors: []string{bad}},
		RedeemRequest{Account: "a", Key: "c", Points: 1, At: at, Prefer: []string{bad}},
		HoldRequest{Account: "a", Hold: "c", Points: 1, TTL: time.Hour, At: at, Prefer: []string{bad}},
		OpenRequest{Account: "z", Key: "c", At: at, By: By{"ann", "n"}, Lots: []OpeningLot{{Points: 1, EarnedAt: at, Color: bad}}},
	} {
		_, err := b.Do(ctx, op)
		require.Error(t, err, "%+v", op)
	}
	assert.Equal(t, before, b.raw("a"))
	b.refund("a", "1", "7", "100", "2025-01-04") // its id is still free
}

// The lines of a refund come in any order.
func TestRefundLinesInAnyOrder(t *testing.T) {
	b := newBench(t, nil)
	o := b.orderRequest("a", "7", "0", "2025-01-02")
	o.Order.Lines = []Line{{ID: "x", Price: dec("30")}, {ID: "y", Price: dec("70")}}
	b.must(b.Earn(ctx, o))
	refund := func(lines ...LineReturn) (Receipt, error) {
		return b.Refund(ctx, RefundRequest{Account: "a", Order: "7", Refund: "1", At: b.on("2025-01-03"), Return: Return{Lines: lines}})
	}
	b.must(refund(LineReturn{ID: "x"}, LineReturn{ID: "y", Amount: dec("5")}))
	assert.True(t, b.must(refund(LineReturn{ID: "y", Amount: dec("5")}, LineReturn{ID: "x"})).Replayed)
	_, err := refund(LineReturn{ID: "y", Amount: dec("6")}, LineReturn{ID: "x"})
	require.ErrorIs(t, err, ErrKeyReused)
}

// However a refund is split, what is left of each colour is what the order deserves of it.
func TestRefundLeavesTheColoursOfTheEvidence(t *testing.T) {
	for _, parts := range [][]string{{"40"}, {"20", "20"}, {"10", "10", "10", "10"}} {
		b := newBench(t, func(c *Config) {
			c.Rules = append(c.Rules, Rule{ID: "blue", Linear: &Linear{Points: 1, Per: dec("1")}, Family: "b", Color: "blue"})
			c.Caps = []Cap{{ID: "order", Points: 150}}
		})
		b.order("a", "1", "100", "2025-01-01")
		taken := int64(0)
		for i, amount := range parts {
			taken += b.refund("a", key("r", i), "1", amount, "2025-01-02").Points
		}
		assert.EqualValues(t, 30, taken)
		acc, err := b.Account(ctx, "a", b.on("2025-01-03"))
		require.NoError(t, err)
		got := map[string]int64{}
		for _, l := range acc.Lots {
			got[l.Color] += l.Available
		}
		assert.Equal(t, map[string]int64{"": 60, "blue": 60}, got, "%v", parts)
		b.sound("a", "2025-01-03")
	}
}

// Points that come back under a new deadline count it from then on, after a merge too.
func TestFreshLifeByActivity(t *testing.T) {
	b := newBench(t, func(c *Config) {
		c.Expiry, c.Terms.Reinstate = Expiry{Days: 30, From: FromActivity}, FreshTTL
	})
	b.must(b.Earn(ctx, EarnRequest{Account: "a", Key: "k", Points: 100, At: b.on("2025-01-01")}))
	b.redeemFor("a", "7", 100, "2025-01-02")
	b.order("a", "7", "0", "2025-01-02")
	b.must(b.Cancel(ctx, CancelRequest{Account: "a", Order: "7", At: b.on("2025-03-01")}))
	b.earn("z", "k", 1, "2025-01-01", "2025-12-31")
	b.merge("a", "z", "2025-03-02")
	assert.EqualValues(t, 101, b.balance("z", "2025-03-31 23:59").Available)
	assert.EqualValues(t, 1, b.balance("z", "2025-04-01").Available)
}

// Sums over several redemptions are checked, too.
func TestReinstateOverflow(t *testing.T) {
	b := newBench(t, nil)
	b.order("a", "7", "10", "2025-01-01")
	for i := range 2 {
		b.earn("a", key("k", i), math.MaxInt64-100, "2025-01-01", "")
		b.must(b.Redeem(ctx, RedeemRequest{Account: "a", Key: key("r", i), Points: math.MaxInt64 - 100, At: b.on("2025-01-02"), Spend: Spend{Order: "7"}}))
	}
	before := b.raw("a")
	_, err := b.Refund(ctx, RefundRequest{Account: "a", Refund: "1", Order: "7", At: b.on("2025-01-03"), Return: Return{Amount: dec("7.5")}})
	require.ErrorIs(t, err, ErrOverflow)
	assert.Equal(t, before, b.raw("a"))
}

// A late credit is the activity of its own day, whether or not anything has been swept since.
func TestLateActivity(t *testing.T) {
	for _, swept := range []bool{false, true} {
		b := newBench(t, idle)
		b.earnIdle("a", "idle", 100, "2025-01-15")
		b.earn("a", "fixed", 7, "2025-01-15", "2025-03-09")
		if swept {
			_, err := b.Sweep(ctx, b.on("2025-03-11"))
			require.NoError(t, err)
		}
		b.must(b.Earn(ctx, EarnRequest{Account: "a", Key: "late", Points: 5, At: b.on("2025-03-05")}))
		assert.EqualValues(t, 105, b.balance("a", "2026-03-05 23:59").Available)
		assert.Zero(t, b.balance("a", "2026-03-06").Available)
	}
}

// Of two cases about one order, winning one gives nothing back while the other is open.
func TestWinOneOfTwoCases(t *testing.T) {
	for _, m := range []RefundMode{AllowDebt, WithinBalance, OnlyPending} {
		b := newBench(t, mode(m))
		b.pendingOrder("a", "1", "100", "2025-01-01")
		settle := func(id, at string, win bool) Receipt {
			if win {
				return b.must(b.Win(ctx, WinRequest{Account: "a", Chargeback: id, Order: "1", At: b.on(at)}))
			}
			return b.must(b.Chargeback(ctx, ChargebackRequest{Account: "a", Chargeback: id, Order: "1", At: b.on(at)}))
		}
		settle("c1", "2025-01-02", false)
		settle("c2", "2025-01-02", false)
		assert.Zero(t, settle("c1", "2025-02-02", true).Points, m)
		assert.Equal(t, Balance{}, b.sound("a", "2025-02-03"), m)
		assert.EqualValues(t, 100, settle("c2", "2025-02-04", true).Points, m)
		assert.Equal(t, Balance{Available: 100}, b.sound("a", "2025-02-05"), m)
	}
}

// An order that is worth as much as before leaves no debt, though it would be made of other points that
// have ended by now.
func TestRefundThatChangesNothing(t *testing.T) {
	b := newBench(t, func(c *Config) {
		c.Expiry = Expiry{Days: 30}
		c.Bonuses = []Bonus{{ID: "big", Points: 50, When: When{Spend: dec("100")}, Family: "bonus"}}
		c.Caps = []Cap{{ID: "m", Per: EachMonth, Points: 300}}
	})
	require.EqualValues(t, 300, b.order("a", "1", "359", "2025-01-02").Points)
	b.redeem("a", "r", 300, "2025-01-03")
	r := b.refund("a", "1", "1", "71.03", "2025-03-03")
	assert.Zero(t, r.Points)
	assert.Equal(t, Balance{}, b.sound("a", "2025-03-04"))
}

// A refund of nobody knows what order takes no bonus back, however often it comes.
func TestRefundWithoutAnOrderLeavesBonuses(t *testing.T) {
	b := newBench(t, func(c *Config) {
		c.Bonuses = []Bonus{{ID: "each", Points: 50}}
		c.Modifiers = []Modifier{{ID: "double", Factor: dec("2")}}
	})
	require.EqualValues(t, 250, b.order("a", "1", "100", "2025-01-02").Points)
	for i := range 2 {
		r := b.must(b.Refund(ctx, RefundRequest{Account: "a", Refund: key("r", i), At: b.on("2025-01-03"), Return: Return{Amount: dec("1")}}))
		assert.EqualValues(t, 2, r.Points)
	}
}
