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

func TestEditNeverPrintsPoints(t *testing.T) {
	for _, refund := range []RefundMode{OnlyPending, WithinBalance, AllowDebt} {
		b := newBench(t, mode(refund))
		b.order("a", "7", "100", "2025-01-02")
		b.redeem("a", "r", 100, "2025-01-02")
		for _, id := range []string{"1", "2", "3"} {
			b.edit("a", "down"+id, "7", "1", "2025-01-03")
			b.edit("a", "up"+id, "7", "100", "2025-01-03")
			assert.Equal(t, Balance{}, b.sound("a", "2025-01-04"), "%s, round %s", refund, id)
		}
		r := b.edit("a", "more", "7", "130", "2025-01-03")
		assert.EqualValues(t, 30, r.Balance.Available, refund)
	}
	b := newBench(t, mode(WithinBalance))
	b.order("a", "7", "100", "2025-01-02")
	b.redeem("a", "r", 100, "2025-01-02")
	down := b.edit("a", "1", "7", "40", "2025-01-03")
	assert.EqualValues(t, 60, down.Shortfall)
	assert.Equal(t, "0.6", down.ShortfallMoney.String())
	up := b.edit("a", "2", "7", "50", "2025-01-03")
	assert.EqualValues(t, -10, up.Shortfall)
	assert.Equal(t, "-0.1", up.ShortfallMoney.String())
	assert.EqualValues(t, 10, up.Points)
}

// funders gives red points for lines with the tag r and blue ones for those with b.
func funders(c *Config) {
	c.Rules = []Rule{
		{ID: "r", Linear: &Linear{Points: 1, Per: dec("1")}, When: When{Tags: []string{"r"}}, Color: "red"},
		{ID: "b", Linear: &Linear{Points: 1, Per: dec("1")}, When: When{Tags: []string{"b"}}, Color: "blue"},
	}
}

func TestPointsGoBackToWhoFundedThem(t *testing.T) {
	colors := func(b *bench) map[string]int64 {
		acc, err := b.Account(ctx, "a", b.on("2025-01-09"))
		require.NoError(t, err)
		sums := map[string]int64{}
		for _, l := range acc.Lots {
			sums[l.Color] += l.Available
		}
		return sums
	}
	b := newBench(t, funders)
	r := b.orderRequest("a", "7", "100", "2025-01-02")
	r.Order.Lines = []Line{{ID: "x", Price: dec("100"), Tags: []string{"r"}}, {ID: "y", Price: dec("50"), Tags: []string{"b"}}}
	b.must(b.Earn(ctx, r))
	edited := r.Order.clone()
	edited.Lines[0].Tags = []string{"b"}
	b.must(b.Edit(ctx, EditRequest{Account: "a", Edit: "e", Order: &edited, At: b.on("2025-01-03")}))
	assert.Equal(t, map[string]int64{"blue": 150}, colors(b))

	b = newBench(t, funders)
	b.must(b.Earn(ctx, r))
	for i, line := range []string{"y", "x"} {
		b.must(b.Refund(ctx, RefundRequest{Account: "a", Refund: line, Order: "7", At: b.on("2025-01-03"), Return: Return{Lines: []LineReturn{{ID: line}}}}))
		assert.Equal(t, []map[string]int64{{"red": 100}, {}}[i], colors(b))
	}
}

// tender is an order of 100.00 in two lines, of which 2,000 points paid 20.00.
func (b *bench) tender(stated bool) EarnRequest {
	r := b.orderRequest("a", "7", "50", "2025-01-04")
	r.Order.Lines = []Line{{ID: "x", Price: dec("50")}, {ID: "y", Price: dec("50")}}
	if stated {
		r.Order.PaidWithPoints, r.Order.PointsSpent = dec("20"), 2000
	}
	return r
}

func TestRedeemedPointsComeBackWhicheverIsPostedFirst(t *testing.T) {
	half := Return{Lines: []LineReturn{{ID: "x"}}}
	rest := Return{Lines: []LineReturn{{ID: "y"}}}
	for _, stated := range []bool{true, false} {
		start := func() (*bench, func(id string, r Return) Receipt) {
			b := newBench(t, nil)
			b.earn("a", "k", 2000, "2025-01-01", "")
			return b, func(id string, r Return) Receipt {
				return b.must(b.Refund(ctx, RefundRequest{Account: "a", Refund: id, Order: "7", At: b.on("2025-01-04"), Return: r}))
			}
		}
		b, refund := start()
		b.redeemFor("a", "7", 2000, "2025-01-02")
		refund("1", half)
		r := b.must(b.Earn(ctx, b.tender(stated)))
		assert.EqualValues(t, 1000, r.Reinstated)
		assert.Contains(t, r.Reasons, NetOfEarlierRefund)
		assert.EqualValues(t, 1000, refund("2", rest).Reinstated)
		assert.Equal(t, Balance{Available: 2000}, b.sound("a", "2025-01-05"))

		b, refund = start()
		b.must(b.Hold(ctx, HoldRequest{Account: "a", Hold: "h", Points: 2000, At: b.on("2025-01-03"), TTL: 48 * time.Hour, Spend: Spend{Order: "7"}}))
		b.must(b.Earn(ctx, b.tender(stated)))
		assert.Zero(t, refund("1", half).Reinstated)
		r = b.must(b.Capture(ctx, CaptureRequest{Account: "a", Hold: "h", At: b.on("2025-01-04")}))
		assert.EqualValues(t, 1000, r.Reinstated)
		assert.EqualValues(t, 1000, refund("2", rest).Reinstated)
		assert.EqualValues(t, 2000, b.sound("a", "2025-01-05").Available)
	}
}

func TestEarlyReturnsNeverKeepAnOrderOut(t *testing.T) {
	b := newBench(t, nil)
	b.refund("a", "1", "7", "100", "2025-01-02")
	b.refund("a", "2", "7", "10.005", "2025-01-02")
	b.refund("a", "9", "7", "1000000000000000000000000000000", "2025-01-02")
	b.must(b.Refund(ctx, RefundRequest{Account: "a", Refund: "3", Order: "7", At: b.on("2025-01-02"), Return: Return{Lines: []LineReturn{{ID: "gone", Amount: dec("5")}}}}))
	assert.Zero(t, b.order("a", "7", "100", "2025-01-03").Points)
	b.must(b.Chargeback(ctx, ChargebackRequest{Account: "a", Chargeback: "c", Order: "8", At: b.on("2025-01-03")}))
	b.refund("a", "4", "8", "", "2025-01-03")
	assert.Zero(t, b.order("a", "8", "100", "2025-01-03").Points)
	b.refund("a", "5", "9", "30", "2025-01-03")
	assert.EqualValues(t, 70, b.order("a", "9", "100", "2025-01-03").Points)
	_, err := b.Refund(ctx, RefundRequest{Account: "a", Refund: "6", Order: "9", At: b.on("2025-01-03"), Return: Return{Amount: dec("71")}})
	require.ErrorIs(t, err, ErrRefundExceedsOrder)
	assert.Equal(t, Balance{Available: 70}, b.sound("a", "2025-01-05"))
}

func TestCancelGivesUpTheOrdersHolds(t *testing.T) {
	b := newBench(t, nil)
	b.earn("a", "k", 100, "2025-01-02", "")
	b.must(b.Hold(ctx, HoldRequest{Account: "a", Hold: "h", Points: 40, At: b.on("2025-01-03"), TTL: 48 * time.Hour, Spend: Spend{Order: "7"}}))
	b.must(b.Hold(ctx, HoldRequest{Account: "a", Hold: "i", Points: 10, At: b.on("2025-01-03"), TTL: 48 * time.Hour, Spend: Spend{Order: "8"}}))
	b.must(b.Cancel(ctx, CancelRequest{Account: "a", Order: "7", At: b.on("2025-01-03 01:00")}))
	_, err := b.Capture(ctx, CaptureRequest{Account: "a", Hold: "h", At: b.on("2025-01-03 02:00")})
	var closed *HoldClosedError
	require.ErrorAs(t, err, &closed)
	assert.Equal(t, KindCancel, closed.By)
	assert.Equal(t, Balance{Available: 90, Held: 10}, b.sound("a", "2025-01-04"))
}

func TestGiftForAnOrderFollowsItsRefunds(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Actions = []Action{{ID: "review", Points: 20}} })
	b.order("a", "7", "100", "2025-01-02")
	gift, err := b.Policy().Action("review", "7", b.on("2025-01-02"))
	require.NoError(t, err)
	b.must(b.Earn(ctx, EarnRequest{Account: "a", Award: &gift, For: "7", At: b.on("2025-01-02")}))
	b.must(b.Refund(ctx, RefundRequest{Account: "a", Refund: "1", Order: "7", At: b.on("2025-01-03"), Return: Return{Lines: []LineReturn{{ID: "1", Amount: dec("30")}}}}))
	assert.EqualValues(t, 90, b.sound("a", "2025-01-04").Available)
	b.refund("a", "2", "7", "70", "2025-01-04")
	assert.EqualValues(t, 0, b.sound("a", "2025-01-05").Available)
}

func TestReferralFollowsTheOrdersEdits(t *testing.T) {
	b := newBench(t, func(c *Config) {
		c.Referral = &Referral{Friend: &Gift{Points: 50}, AnyOrder: true, Spend: dec("100")}
	})
	r := b.orderRequest("a", "7", "100", "2025-01-02")
	b.must(b.Earn(ctx, r))
	_, friend, err := b.Policy().Referral("a", *r.Order)
	require.NoError(t, err)
	b.must(b.Earn(ctx, EarnRequest{Account: "a", Award: &friend, For: "7", At: b.on("2025-01-02")}))
	edit := func(id string, lines ...Line) {
		o := r.Order.clone()
		o.Lines = lines
		b.must(b.Edit(ctx, EditRequest{Account: "a", Edit: id, Order: &o, At: b.on("2025-01-03")}))
	}
	edit("1", Line{Price: dec("99")})
	assert.EqualValues(t, 99, b.sound("a", "2025-01-04").Available, "below the least spend")
	edit("2", Line{Price: dec("100")}, Line{ID: "x", Price: dec("50")})
	assert.EqualValues(t, 200, b.sound("a", "2025-01-04").Available)
	b.must(b.Refund(ctx, RefundRequest{Account: "a", Refund: "1", Order: "7", At: b.on("2025-01-04"), Return: Return{Lines: []LineReturn{{ID: "x"}}}}))
	assert.EqualValues(t, 150, b.sound("a", "2025-01-05").Available)
	b.refund("a", "2", "7", "1", "2025-01-05")
	assert.EqualValues(t, 99, b.sound("a", "2025-01-06").Available)
}

func TestChargebackOfARefundedOrderFreezes(t *testing.T) {
	b := newBench(t, nil)
	b.order("a", "7", "100", "2025-01-02")
	b.refund("a", "1", "7", "", "2025-01-03")
	b.must(b.Chargeback(ctx, ChargebackRequest{Account: "a", Chargeback: "c", Order: "7", At: b.on("2025-01-04")}))
	_, err := b.Redeem(ctx, RedeemRequest{Account: "a", Key: "r", Points: 1, At: b.on("2025-01-04")})
	require.ErrorIs(t, err, ErrFrozen)
	b.must(b.Win(ctx, WinRequest{Account: "a", Chargeback: "c", Order: "7", At: b.on("2025-01-05")}))
	assert.Equal(t, Balance{}, b.sound("a", "2025-01-06"))
}

func TestWinGivesWhatTheOrderIsWorthByThen(t *testing.T) {
	win := func(before, after func(b *bench)) int64 {
		b := newBench(t, nil)
		before(b)
		b.must(b.Chargeback(ctx, ChargebackRequest{Account: "a", Chargeback: "c", Order: "7", At: b.on("2025-01-03")}))
		after(b)
		r := b.must(b.Win(ctx, WinRequest{Account: "a", Chargeback: "c", Order: "7", At: b.on("2025-01-05")}))
		assert.Equal(t, r.Balance, b.sound("a", "2025-01-06"))
		assert.Equal(t, r.Points, r.Balance.Available)
		return r.Points
	}
	none := func(*bench) {}
	order := func(b *bench) { b.order("a", "7", "100", "2025-01-02") }
	edit := func(amount string) func(*bench) {
		return func(b *bench) { b.edit("a", "e", "7", amount, "2025-01-04") }
	}
	assert.EqualValues(t, 100, win(order, none))
	assert.EqualValues(t, 100, win(none, order), "the charge-back came first")
	assert.EqualValues(t, 40, win(order, edit("40")))
	assert.EqualValues(t, 130, win(order, edit("130")))
}

func TestWinNeverRepeatsAWriteOff(t *testing.T) {
	lost := func() *bench {
		b := newBench(t, nil)
		b.order("a", "7", "100", "2025-01-02")
		b.redeem("a", "r", 100, "2025-01-03")
		b.must(b.Chargeback(ctx, ChargebackRequest{Account: "a", Chargeback: "c", Order: "7", At: b.on("2025-01-04")}))
		return b
	}
	writeOff := func(b *bench, n int64) {
		b.must(b.WriteOff(ctx, WriteOffRequest{Account: "a", Key: key("w", int(n)), Points: n, By: By{"ann", "kindness"}, At: b.on("2025-01-06")}))
	}
	win := func(b *bench) Balance {
		b.must(b.Win(ctx, WinRequest{Account: "a", Chargeback: "c", Order: "7", At: b.on("2025-01-07")}))
		return b.sound("a", "2025-01-08")
	}
	b := lost()
	writeOff(b, 0)
	assert.Equal(t, Balance{}, win(b))

	b = lost()
	b.earn("a", "k", 60, "2025-01-05", "")
	writeOff(b, 30)
	assert.Equal(t, Balance{Available: 60}, win(b), "what was repaid comes back, what was forgiven does not")

	b = lost()
	b.order("a", "8", "50", "2025-01-04")
	b.refund("a", "1", "8", "", "2025-01-05")
	writeOff(b, 50)
	assert.Equal(t, Balance{}, win(b))

	b = lost()
	b.must(b.Merge(ctx, MergeRequest{Account: "a", Into: "z", At: b.on("2025-01-05")}))
	writeOff(b, 100)
	assert.Equal(t, Balance{}, win(b))
}

func TestAwardForAnOrderIsNetOfItsRefunds(t *testing.T) {
	b := newBench(t, func(c *Config) {
		c.Referral = &Referral{Friend: &Gift{Points: 50}, AnyOrder: true, Spend: dec("100")}
		c.Actions = []Action{{ID: "review", Points: 20}}
	})
	r := b.orderRequest("a", "7", "100", "2025-01-02")
	b.must(b.Earn(ctx, r))
	_, friend, err := b.Policy().Referral("a", *r.Order)
	require.NoError(t, err)
	gift, err := b.Policy().Action("review", "7", b.on("2025-01-02"))
	require.NoError(t, err)
	b.refund("a", "1", "7", "30", "2025-01-03")
	late := b.must(b.Earn(ctx, EarnRequest{Account: "a", Award: &friend, For: "7", At: b.on("2025-01-03")}))
	assert.Zero(t, late.Points)
	assert.Equal(t, NetOfEarlierRefund, late.Reasons[0])
	late = b.must(b.Earn(ctx, EarnRequest{Account: "a", Award: &gift, For: "7", At: b.on("2025-01-03")}))
	assert.EqualValues(t, 20, late.Points)
	assert.Equal(t, Balance{Available: 90}, b.sound("a", "2025-01-04"))
}

func TestEditBelowWhatWasRefundedLeavesNothing(t *testing.T) {
	b := newBench(t, nil)
	b.order("a", "7", "100", "2025-01-02")
	b.refund("a", "1", "7", "60", "2025-01-03")
	assert.Equal(t, Balance{}, b.edit("a", "1", "7", "50", "2025-01-04").Balance)
	assert.Equal(t, Balance{Available: 30}, b.edit("a", "2", "7", "90", "2025-01-05").Balance)
	assert.EqualValues(t, 30, b.sound("a", "2025-01-06").Available)
}

func TestEditAfterTheEventWasTold(t *testing.T) {
	for days, active := range map[int]string{0: "2025-02-01", 14: "2025-02-16"} {
		b := newBench(t, func(c *Config) { c.Pending, c.Expiry = Pending{Event: "received", Days: days}, Expiry{Days: 90} })
		b.order("a", "7", "100", "2025-01-02")
		b.must(b.Confirm(ctx, ConfirmRequest{Account: "a", Of: "order:7", Event: "received", At: b.on("2025-02-01")}))
		edited := *b.orderRequest("a", "7", "130", "2025-01-02").Order
		b.must(b.Edit(ctx, EditRequest{Account: "a", Edit: "1", At: b.on("2025-02-01 01:00"), Order: &edited}))
		assert.Equal(t, Balance{Available: 130}, b.balance("a", active+" 01:00"), "nobody will tell it again")
		assert.Equal(t, Balance{}, b.balance("a", "2025-06-01"), "one end for all of the order")
		assert.Len(t, b.expired("a", "2025-06-01"), 2)
		b.verified("a")
	}
}

func TestWinAfterTheEventWasTold(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Pending, c.Expiry = Pending{Event: "received"}, Expiry{Days: 90} })
	b.order("a", "7", "100", "2025-01-02")
	b.must(b.Chargeback(ctx, ChargebackRequest{Account: "a", Chargeback: "c", Order: "7", At: b.on("2025-01-03")}))
	b.must(b.Confirm(ctx, ConfirmRequest{Account: "a", Of: "order:7", Event: "received", At: b.on("2025-02-01")}))
	r := b.must(b.Win(ctx, WinRequest{Account: "a", Chargeback: "c", Order: "7", At: b.on("2025-02-02")}))
	assert.Equal(t, Balance{Available: 100}, r.Balance)
	assert.Equal(t, Balance{Available: 100}, b.balance("a", "2025-05-02"))
	assert.Equal(t, Balance{}, b.balance("a", "2025-05-03"))
	b.verified("a")
}

func TestWinOfAnOrderThatIsWorthLessAndHasExpired(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Expiry = Expiry{Days: 10} })
	b.order("a", "7", "100", "2025-01-02")
	r := b.must(b.Chargeback(ctx, ChargebackRequest{Account: "a", Chargeback: "c", Order: "7", At: b.on("2025-02-01")}))
	assert.EqualValues(t, 100, r.Lapsed)
	edited := *b.orderRequest("a", "7", "50", "2025-01-02").Order
	b.must(b.Edit(ctx, EditRequest{Account: "a", Edit: "1", At: b.on("2025-02-02"), Order: &edited}))
	r = b.must(b.Win(ctx, WinRequest{Account: "a", Chargeback: "c", Order: "7", At: b.on("2025-02-03")}))
	assert.Equal(t, Balance{}, r.Balance, "no debt for points that nobody had")
	assert.EqualValues(t, -50, r.Lapsed, "half of what the charge-back let off stays so")
	r = b.refund("a", "1", "7", "", "2025-02-04")
	assert.EqualValues(t, 50, r.Lapsed)
	assert.Equal(t, Balance{}, r.Balance)
	b.verified("a")
}

// TestRedemptionAfterItsRefund has a refund come before, between or after the steps of what it pays back.
func TestRedemptionAfterItsRefund(t *testing.T) {
	hold := func(b *bench) {
		b.must(b.Hold(ctx, HoldRequest{Account: "a", Hold: "h", Points: 60, At: b.on("2025-01-05"), TTL: 99 * time.Hour, Spend: Spend{Order: "7"}}))
	}
	capture := func(b *bench) {
		b.must(b.Capture(ctx, CaptureRequest{Account: "a", Hold: "h", Points: 50, At: b.on("2025-01-05")}))
	}
	redeem := func(b *bench) {
		b.must(b.Redeem(ctx, RedeemRequest{Account: "a", Key: "r", Points: 50, At: b.on("2025-01-05"), Spend: Spend{Order: "7"}}))
	}
	for amount, want := range map[string]int64{"": 200, "40": 200 + 60 - 50 + 20, "100": 200} {
		refund := func(b *bench) { b.refund("a", "1", "7", amount, "2025-01-05") }
		for name, steps := range map[string][]func(*bench){
			"captured, refunded":       {hold, capture, refund},
			"held, refunded, captured": {hold, refund, capture},
			"refunded, held, captured": {refund, hold, capture},
			"redeemed, refunded":       {redeem, refund},
			"refunded, redeemed":       {refund, redeem},
		} {
			for _, merged := range []bool{false, true} {
				t.Run(name+" "+amount+" "+key("", len(steps)), func(t *testing.T) {
					b := newBench(t, nil)
					b.earn("a", "k", 200, "2025-01-01", "2025-06-30")
					b.order("a", "7", "100", "2025-01-02")
					for i, step := range steps {
						step(b)
						if merged && i == 0 {
							b.merge("a", "b", "2025-01-05")
						}
					}
					assert.Equal(t, Balance{Available: want}, b.balance("a", "2025-01-05"))
					b.verified("a", "b")
					if amount == "40" {
						r := b.must(b.Cancel(ctx, CancelRequest{Account: "a", Order: "7", At: b.on("2025-01-06")}))
						assert.Equal(t, Balance{Available: 200}, r.Balance, "all of it came back once")
					}
				})
			}
		}
	}
}
