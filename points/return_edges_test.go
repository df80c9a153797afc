package points

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
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
		assert.EqualValues(t, 100_000_000_000_000, r.Shortfall)
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

// What a line was worth when it was refunded stays what was refunded, whatever an edit makes of it.
func TestRefundedLinesThroughAnEdit(t *testing.T) {
	cases := map[string]struct {
		back   LineReturn
		line   Line // as edited
		want   int64
		money  string // of the rest
		before string
	}{
		"all of it":    {LineReturn{ID: "x"}, Line{ID: "x", Price: dec("50")}, 90, "90", "30"},
		"one of units": {LineReturn{ID: "x", Quantity: 1}, Line{ID: "x", Price: dec("10"), Quantity: 3}, 90, "90", "10"},
		"dearer units": {LineReturn{ID: "x", Quantity: 1}, Line{ID: "x", Price: dec("20"), Quantity: 3}, 120, "120", "10"},
		"an amount":    {LineReturn{ID: "x", Amount: dec("12")}, Line{ID: "x", Price: dec("20")}, 78, "78", "12"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, nil)
			o := b.orderRequest("a", "7", "0", "2025-01-02")
			o.Order.Lines = []Line{{ID: "x", Price: dec("10"), Quantity: 3}, {ID: "y", Price: dec("70")}}
			b.must(b.Earn(ctx, o))
			r := b.must(b.Refund(ctx, RefundRequest{Account: "a", Order: "7", Refund: "1", At: b.on("2025-01-03"), Return: Return{Lines: []LineReturn{c.back}}}))
			assert.Equal(t, c.before, r.Money.String())
			e := o.Order.clone()
			e.Lines[0] = c.line
			b.must(b.Edit(ctx, EditRequest{Account: "a", Edit: "e", Order: &e, At: b.on("2025-01-04")}))
			assert.Equal(t, Balance{Available: c.want}, b.sound("a", "2025-01-04"))
			assert.Equal(t, c.money, b.refund("a", "2", "7", "", "2025-01-05").Money.String())
			assert.Equal(t, Balance{}, b.sound("a", "2025-01-06"))
		})
	}
}

// An edit takes no more from the period of a cap than it has left, so that small orders cannot be grown past it.
func TestEditWithinTheCap(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Caps = []Cap{{ID: "m", Per: EachMonth, Points: 1000}} })
	b.order("a", "1", "100", "2025-01-01")
	b.order("a", "2", "850", "2025-01-02")
	assert.EqualValues(t, 50, b.edit("a", "e1", "1", "1000", "2025-01-03").Points)
	assert.Equal(t, Balance{Available: 1000}, b.sound("a", "2025-01-03"))
	b.refund("a", "1", "2", "", "2025-01-04")
	assert.EqualValues(t, -130, b.edit("a", "e2", "1", "20", "2025-01-05").Points)
	assert.Equal(t, Balance{Available: 20}, b.sound("a", "2025-01-06"))
}

// A correction is born expired rather than refused, even where late credits are.
func TestEditOfPointsThatHaveExpired(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Expiry, c.Terms.BackDated = Expiry{Days: 30}, RejectExpired })
	b.order("a", "1", "100", "2025-01-02")
	assert.EqualValues(t, 30, b.edit("a", "e", "1", "130", "2025-03-01").Points)
	assert.Equal(t, Balance{}, b.sound("a", "2025-03-02"))
	r := b.refund("a", "1", "1", "130", "2025-03-03")
	assert.EqualValues(t, 130, r.Lapsed)
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

// An account stays small however long its caps have counted.
func TestCapCountersAreForgotten(t *testing.T) {
	b := newBench(t, func(c *Config) {
		c.Expiry = Expiry{Days: 1}
		c.Caps = []Cap{{ID: "day", Per: EachDay, Points: 500}, {ID: "week", Per: EachWeek, Points: 900}, {ID: "ever", Per: Ever, Points: 1 << 40}}
	})
	day := b.on("2025-01-01")
	for i := range 500 {
		at := day.AddDate(0, 0, i)
		o := Order{ID: key("o", i), Paid: at, Lines: []Line{{Price: dec("1")}}}
		b.must(b.Earn(ctx, EarnRequest{Account: "a", Order: &o, At: at}))
	}
	acc, err := b.store.Load(ctx, "a")
	require.NoError(t, err)
	assert.LessOrEqual(t, len(acc.Uses), 93+53+1)
	assert.Equal(t, Use{Cap: "ever", Points: 500}, acc.Uses[slices.IndexFunc(acc.Uses, func(u Use) bool { return u.Cap == "ever" })])
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

// A refund pays a line back as it was paid: points never become cash, nor cash points.
func TestRefundOfLinesThatPointsCouldNotPay(t *testing.T) {
	for back, want := range map[string]struct {
		points int64
		cash   string
	}{"a": {5000, "0"}, "b": {0, "50"}} {
		b := newBench(t, func(c *Config) { c.Redeem.ExcludeTags = []string{"sale"} })
		b.earn("m", "k", 9000, "2025-01-01", "")
		o := b.orderRequest("m", "7", "0", "2025-01-02")
		o.Order.Lines = []Line{{ID: "a", Price: dec("50")}, {ID: "b", Price: dec("50"), Tags: []string{"sale"}}}
		q, err := b.Policy().Quote(Ask{Order: *o.Order, Balance: 9000, At: b.on("2025-01-02")})
		require.NoError(t, err)
		require.EqualValues(t, 5000, q.Points)
		b.redeemFor("m", "7", q.Points, "2025-01-02")
		o.Order.PaidWithPoints, o.Order.PointsSpent = q.Money, q.Points
		for i, part := range q.Lines {
			o.Order.Lines[i].PaidWithPoints = part
		}
		require.EqualValues(t, 50, b.must(b.Earn(ctx, o)).Points)
		r := b.must(b.Refund(ctx, RefundRequest{Account: "m", Refund: "1", Order: "7", At: b.on("2025-01-03"), Return: Return{Lines: []LineReturn{{ID: back}}}}))
		assert.Equal(t, want.points, r.Reinstated, back)
		assert.Equal(t, want.cash, r.Money.String(), back)
		b.refund("m", "2", "7", "", "2025-01-04")
		assert.Equal(t, Balance{Available: 9000}, b.sound("m", "2025-01-05"))
	}
}

// What points paid of the lines must fit the lines and the order.
func TestLinesPaidWithPoints(t *testing.T) {
	p := compiled(t)
	for name, c := range map[string]struct {
		order, first, second, shipping string
		want                           int64 // points, or -1 if it is refused
	}{
		"spread":            {"30", "", "", "0", 70},
		"named":             {"30", "30", "", "0", 70},
		"both":              {"30", "10", "20", "0", 70},
		"rest is shipping":  {"30", "25", "", "5", 75},
		"more than shipped": {"30", "24", "", "5", -1},
		"more than a line":  {"60", "51", "9", "0", -1},
		"more than all":     {"30", "20", "20", "0", -1},
		"none of the order": {"", "20", "", "0", -1},
	} {
		o := sale("50", "50")
		o.PaidWithPoints, o.Shipping = money(c.order), money(c.shipping)
		o.Lines[0].PaidWithPoints, o.Lines[1].PaidWithPoints = money(c.first), money(c.second)
		a, err := p.Award(o)
		if c.want < 0 {
			require.ErrorIs(t, err, ErrAmount, name)
			continue
		}
		require.NoError(t, err, name)
		assert.Equal(t, c.want, a.Points, name)
	}
}

func money(s string) decimal.Decimal {
	if s == "" {
		return decimal.Decimal{}
	}
	return dec(s)
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

// What was paid back while a case was open stays paid back when it is won, whatever edits came between.
func TestRefundEditAndWin(t *testing.T) {
	b := newBench(t, nil)
	o := b.orderRequest("a", "7", "0", "2025-01-02")
	o.Order.Lines = []Line{{ID: "x", Price: dec("50")}, {ID: "y", Price: dec("50")}}
	b.must(b.Earn(ctx, o))
	b.must(b.Chargeback(ctx, ChargebackRequest{Account: "a", Chargeback: "c", Order: "7", At: b.on("2025-01-03")}))
	b.must(b.Refund(ctx, RefundRequest{Account: "a", Refund: "1", Order: "7", At: b.on("2025-01-04"), Return: Return{Lines: []LineReturn{{ID: "x"}}}}))
	b.must(b.Edit(ctx, EditRequest{Account: "a", Edit: "e", Order: o.Order, At: b.on("2025-01-05")}))
	b.must(b.Win(ctx, WinRequest{Account: "a", Chargeback: "c", Order: "7", At: b.on("2025-01-06")}))
	assert.Equal(t, Balance{Available: 50}, b.sound("a", "2025-01-06"))
	b.refund("a", "2", "7", "", "2025-01-07")
	assert.Equal(t, Balance{}, b.sound("a", "2025-01-08"))
}

// A slip in an edit that the next one mends forgets nothing of what was paid back, and a line that is
// gone takes its refund with it.
func TestEditsRememberRefunds(t *testing.T) {
	for _, c := range []struct {
		back   LineReturn
		prices []string // of x, edit by edit; "" is an order without it
		want   int64    // points in the end, of which 10 are for y
		money  string   // of the rest
	}{
		{LineReturn{ID: "x"}, []string{"1", "100"}, 10, "10"},
		{LineReturn{ID: "x"}, []string{"0", "100"}, 10, "10"},
		{LineReturn{ID: "x"}, []string{"", "100"}, 10, "10"},
		{LineReturn{ID: "x", Amount: dec("50")}, []string{"1", "100"}, 60, "60"},
		{LineReturn{ID: "x"}, []string{""}, 10, "0"},
		{LineReturn{ID: "x"}, []string{"130"}, 40, "40"},
	} {
		b := newBench(t, nil)
		o := b.orderRequest("a", "7", "0", "2025-01-02")
		o.Order.Lines = []Line{{ID: "x", Price: dec("100")}, {ID: "y", Price: dec("10")}}
		b.must(b.Earn(ctx, o))
		b.must(b.Refund(ctx, RefundRequest{Account: "a", Refund: "1", Order: "7", At: b.on("2025-01-03"), Return: Return{Lines: []LineReturn{c.back}}}))
		for i, price := range c.prices {
			e := o.Order.clone()
			if price == "" {
				e.Lines = e.Lines[1:]
			} else {
				e.Lines[0].Price = dec(price)
			}
			b.must(b.Edit(ctx, EditRequest{Account: "a", Edit: key("e", i), Order: &e, At: b.on("2025-01-04")}))
		}
		assert.Equal(t, Balance{Available: c.want}, b.sound("a", "2025-01-05"), "%+v", c)
		r := b.refund("a", "2", "7", "", "2025-01-06")
		assert.Equal(t, c.money, r.Money.String(), "%+v", c)
		assert.Equal(t, Balance{}, b.sound("a", "2025-01-07"))
	}
}

// The cash of all refunds is the cash that was paid, as the last edit says, or what was paid back before it.
func TestCashThroughEdits(t *testing.T) {
	for _, c := range []struct{ amount, points, want string }{
		{"150", "100", "50"}, {"200", "150", "50"}, {"300", "100", "200"}, {"200", "100", "100"},
	} {
		b := newBench(t, nil)
		o := b.orderRequest("a", "7", "200", "2025-01-02")
		o.Order.PaidWithPoints = dec("100")
		b.must(b.Earn(ctx, o))
		sum := b.refund("a", "1", "7", "100", "2025-01-03").Money
		e := b.orderRequest("a", "7", c.amount, "2025-01-02").Order
		e.PaidWithPoints = dec(c.points)
		b.must(b.Edit(ctx, EditRequest{Account: "a", Edit: "e", Order: e, At: b.on("2025-01-04")}))
		sum = sum.Add(b.refund("a", "2", "7", "", "2025-01-05").Money)
		assert.Equal(t, c.want, sum.String(), "%+v", c)
	}
}

// Room that a refund has freed in the period of a cap is there for the next edit.
func TestEditIntoFreedRoom(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Caps = []Cap{{ID: "m", Per: EachMonth, Points: 1000}} })
	b.order("a", "1", "100", "2025-01-01")
	b.order("a", "2", "900", "2025-01-02")
	assert.Zero(t, b.edit("a", "e1", "1", "200", "2025-01-03").Points)
	b.refund("a", "1", "2", "", "2025-01-04")
	assert.EqualValues(t, 100, b.edit("a", "e2", "1", "200", "2025-01-05").Points)
	assert.EqualValues(t, 100, b.edit("a", "e3", "1", "300", "2025-01-06").Points)
	assert.EqualValues(t, 700, b.order("a", "3", "900", "2025-01-07").Points)
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

// Gift cards pay what points left of the lines.
func TestGiftCardBesideNamedPoints(t *testing.T) {
	o := sale("50", "50", "50")
	o.PaidWithPoints, o.PaidWithGiftCard = dec("50"), dec("50")
	o.Lines[0].PaidWithPoints = dec("50")
	e := award(t, compiled(t), o).Evidence
	for i, want := range []string{"0", "25", "25"} {
		r, err := e.Returned(Return{Lines: []LineReturn{{ID: key("", i+1)}}})
		require.NoError(t, err)
		assert.Equal(t, want, r.Cash.String(), i)
		assert.Equal(t, want, r.GiftCard.String(), i)
	}
}
