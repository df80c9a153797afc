package points

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func (b *bench) refund(account, id, order, amount, at string) Receipt {
	b.t.Helper()
	r := RefundRequest{Account: account, Refund: id, Order: order, At: b.on(at)}
	if amount == "" {
		r.Everything = true
	} else {
		r.Amount = dec(amount)
	}
	return b.must(b.Refund(ctx, r))
}

// refunds books order "1" and returns what each refund of it claws.
func refunds(t *testing.T, alter func(*Config), amount string, parts ...string) []int64 {
	t.Helper()
	b := newBench(t, alter)
	b.order("a", "1", amount, "2025-01-01")
	var claws []int64
	for i, part := range parts {
		claws = append(claws, b.refund("a", fmt.Sprint(i), "1", part, "2025-01-02").Points)
	}
	return claws
}

// tens gives one point for every full 10.00.
func tens(c *Config) {
	c.Rules = []Rule{{ID: "base", Step: &Step{Points: 1, Per: dec("10")}}}
}

func mode(m RefundMode) func(*Config) { return func(c *Config) { c.Terms.Refund = m } }

var (
	_ = spec("R01", func(t *testing.T) {
		parts := []string{"9", "9", "9", "9", "9", "9", "9", "9", "9", "9", "9", "1"}
		assert.Equal(t, []int64{1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 0}, refunds(t, tens, "100", parts...))
	})

	_ = spec("R03", func(t *testing.T) {
		assert.Equal(t, []int64{4, 3, 3}, refunds(t, tens, "100", "33.33", "33.33", "33.34"))
	})

	_ = spec("R05", func(t *testing.T) {
		for keep, want := range map[bool]int64{false: 80, true: 30} {
			bonus := func(c *Config) {
				c.Bonuses = []Bonus{{ID: "over", Points: 50, Keep: keep, When: When{Spend: dec("100")}}}
			}
			assert.Equal(t, []int64{want}, refunds(t, bonus, "120", "30"))
		}
	})

	_ = spec("R06", func(t *testing.T) {
		double := func(c *Config) {
			c.Modifiers = []Modifier{{ID: "birthday", Factor: dec("2"), When: When{Birthday: true}}}
		}
		b := newBench(t, double)
		r := b.orderRequest("a", "1", "100", "2025-03-10")
		r.Order.Birthday = MonthDay{3, 10}
		assert.EqualValues(t, 200, b.must(b.Earn(ctx, r)).Points)
		today := must(New(b.store, MustCompile(programP(nil))))
		got, err := today.Refund(ctx, RefundRequest{Account: "a", Refund: "1", Order: "1", At: b.on("2025-06-01"), Return: Return{Everything: true}})
		require.NoError(t, err)
		assert.EqualValues(t, 200, got.Points)
	})

	_ = spec("R08", func(t *testing.T) {
		b := spentEighty(t, nil)
		r := b.refund("a", "1", "1", "", "2025-01-03")
		assert.Equal(t, []int64{20, 80, 0}, []int64{r.Points, r.Owed, r.Shortfall})
		assert.Equal(t, Balance{Debt: 80}, r.Balance)
		assert.Equal(t, Balance{Debt: 30}, b.earn("a", "e1", 50, "2025-01-04", "").Balance)
		assert.Equal(t, Balance{Available: 20}, b.earn("a", "e2", 50, "2025-01-05", "").Balance)
	})

	_ = spec("R09", func(t *testing.T) {
		b := spentEighty(t, mode(WithinBalance))
		r := b.refund("a", "1", "1", "", "2025-01-03")
		assert.Equal(t, []int64{20, 0, 80}, []int64{r.Points, r.Owed, r.Shortfall})
		assert.Equal(t, "0.8", r.ShortfallMoney.String())
		assert.Equal(t, Balance{}, r.Balance)
	})

	_ = spec("R10", func(t *testing.T) {
		for _, m := range []RefundMode{AllowDebt, WithinBalance, OnlyPending} {
			b := newBench(t, mode(m))
			b.earn("a", "other", 40, "2025-01-01", "")
			b.pendingOrder("a", "1", "100", "2025-01-01")
			require.Equal(t, Balance{Available: 40, Pending: 100}, b.balance("a", "2025-01-02"))
			b.refund("a", "1", "1", "", "2025-01-02")
			assert.Equal(t, Balance{Available: 40}, b.balance("a", "2025-01-02"))
			assert.Equal(t, Balance{Available: 40}, b.balance("a", "2025-03-02"))
		}
	})

	_ = spec("R12", func(t *testing.T) {
		start := func() *bench {
			b := newBench(t, nil)
			b.earn("a", "register", 50, "2025-01-01", "")
			b.must(b.Redeem(ctx, RedeemRequest{Account: "a", Key: "r", Points: 50, At: b.on("2025-01-02"), Spend: Spend{Order: "1"}}))
			b.order("a", "1", "21", "2025-01-02")
			return b
		}
		b := start()
		r := b.must(b.Cancel(ctx, CancelRequest{Account: "a", Order: "1", At: b.on("2025-01-03")}))
		assert.Equal(t, []int64{21, 50}, []int64{r.Points, r.Reinstated})
		assert.Equal(t, Balance{Available: 50}, r.Balance)

		give := func(b *bench) {
			b.must(b.Reinstate(ctx, ReinstateRequest{Account: "a", Key: "i", Redemption: "r", At: b.on("2025-01-03")}))
		}
		b = start()
		give(b)
		b.refund("a", "1", "1", "", "2025-01-03")
		assert.Equal(t, Balance{Available: 50}, b.balance("a", "2025-01-03"))
		b = start()
		b.refund("a", "1", "1", "", "2025-01-03")
		give(b)
		assert.Equal(t, Balance{Available: 50}, b.balance("a", "2025-01-03"))
	})

	_ = spec("R13", func(t *testing.T) {
		again := func(alter func(*Config)) *bench {
			b := newBench(t, alter)
			three(b)
			b.redeem("a", "r", 150, "2025-01-10")
			b.must(b.Reinstate(ctx, ReinstateRequest{Account: "a", Key: "i", Redemption: "r", At: b.on("2025-04-01")}))
			return b
		}
		b := again(func(c *Config) { c.Terms.Reinstate = OriginalExpiry })
		assert.Equal(t, map[string]int64{"X": 100, "Z": 100}, b.lots("a", "2025-04-01"))
		_, err := b.Reinstate(ctx, ReinstateRequest{Account: "a", Key: "j", Redemption: "r", Points: 1, At: b.on("2025-04-01")})
		require.ErrorIs(t, err, ErrAmount, "nothing is left to give back")

		b = again(nil)
		assert.Equal(t, map[string]int64{"X": 100, "Z": 100, "i": 100}, b.lots("a", "2025-04-01"))
		acc, err := b.Account(ctx, "a", b.on("2025-04-01"))
		require.NoError(t, err)
		assert.Equal(t, "Y", acc.Lots[0].Parent)
		assert.EqualValues(t, 300, b.balance("a", "2025-05-01 23:59").Available)
		assert.EqualValues(t, 200, b.balance("a", "2025-05-02").Available)
	})

	_ = spec("R15", func(t *testing.T) {
		b := newBench(t, nil)
		b.earn("a", "e", 2000, "2025-01-01", "")
		b.must(b.Redeem(ctx, RedeemRequest{Account: "a", Key: "r", Points: 2000, At: b.on("2025-01-02"), Spend: Spend{Order: "1", Money: dec("20")}}))
		r := b.orderRequest("a", "1", "50", "2025-01-02")
		r.Order.Lines = append(r.Order.Lines, Line{Price: dec("50")})
		r.Order.PaidWithPoints, r.Order.PointsSpent = dec("20"), 2000
		assert.EqualValues(t, 80, b.must(b.Earn(ctx, r)).Points)
		got := b.must(b.Refund(ctx, RefundRequest{Account: "a", Refund: "1", Order: "1", At: b.on("2025-01-03"), Return: Return{Lines: []LineReturn{{ID: "1"}}}}))
		assert.EqualValues(t, 1000, got.Reinstated)
		assert.Equal(t, "40", got.Money.String())
		assert.EqualValues(t, 40, got.Points)
	})

	_ = spec("R16", func(t *testing.T) {
		b := newBench(t, nil)
		b.order("a", "1", "100", "2025-01-01")
		b.refund("a", "1", "1", "40", "2025-01-02")
		assert.True(t, b.refund("a", "1", "1", "40", "2025-01-05").Replayed)
		assert.EqualValues(t, 60, b.balance("a", "2025-01-05").Available)
	})

	_ = spec("R17", func(t *testing.T) {
		b := newBench(t, nil)
		early := b.refund("a", "1", "O", "100", "2025-01-01")
		assert.Equal(t, []Reason{AwaitsOrder}, early.Reasons)
		r := b.order("a", "O", "100", "2025-01-02")
		assert.EqualValues(t, 0, r.Points)
		assert.Contains(t, r.Reasons, NetOfEarlierRefund)
		assert.Equal(t, Balance{}, r.Balance)
	})

	_ = spec("R19", func(t *testing.T) {
		b := newBench(t, func(c *Config) { c.Expiry = Expiry{Days: 10} })
		b.order("a", "1", "100", "2025-01-01")
		r := b.refund("a", "1", "1", "", "2025-03-01")
		assert.Equal(t, []int64{0, 0, 100}, []int64{r.Points, r.Owed, r.Lapsed})
		assert.Equal(t, Balance{}, r.Balance)
	})

	_ = spec("R20", func(t *testing.T) {
		b := newBench(t, nil)
		b.order("a", "1", "100", "2025-01-01")
		edit := func(id, amount string) Receipt {
			return b.must(b.Edit(ctx, EditRequest{Account: "a", Edit: id, At: b.on("2025-01-02"), Order: b.orderRequest("a", "1", amount, "2025-01-01").Order}))
		}
		assert.EqualValues(t, 30, edit("e1", "130").Points)
		assert.EqualValues(t, 130, b.balance("a", "2025-01-02").Available)
		assert.EqualValues(t, -40, edit("e2", "90").Points)
		assert.EqualValues(t, 90, b.balance("a", "2025-01-02").Available)
		assert.EqualValues(t, 90, b.refund("a", "1", "1", "", "2025-01-03").Points)
	})

	_ = spec("R21", func(t *testing.T) {
		b := newBench(t, nil)
		b.order("a", "1", "100", "2025-01-01")
		b.refund("a", "1", "1", "60", "2025-01-02")
		before := b.raw("a")
		_, err := b.Refund(ctx, RefundRequest{Account: "a", Refund: "2", Order: "1", At: b.on("2025-01-03"), Return: Return{Amount: dec("50")}})
		require.ErrorIs(t, err, ErrRefundExceedsOrder)
		assert.Equal(t, before, b.raw("a"))
	})

	_ = spec("R22", func(t *testing.T) {
		b := newBench(t, nil)
		b.order("a", "1", "100", "2025-01-01")
		b.redeem("a", "r", 100, "2025-01-02")
		b.must(b.Chargeback(ctx, ChargebackRequest{Account: "a", Chargeback: "c", Order: "1", At: b.on("2025-01-03")}))
		assert.Equal(t, Balance{Debt: 100}, b.balance("a", "2025-01-03"))
		_, err := b.Redeem(ctx, RedeemRequest{Account: "a", Key: "s", Points: 1, At: b.on("2025-01-03")})
		require.ErrorIs(t, err, ErrFrozen)
		b.must(b.Win(ctx, WinRequest{Account: "a", Chargeback: "c", Order: "1", At: b.on("2025-01-04")}))
		assert.Equal(t, Balance{}, b.balance("a", "2025-01-04"))
		acc, err := b.Account(ctx, "a", b.on("2025-01-04"))
		require.NoError(t, err)
		assert.Empty(t, acc.Frozen)
		assert.EqualValues(t, 100, b.refund("a", "1", "1", "", "2025-01-05").Owed, "the order counts again")
	})

	_ = spec("R24", func(t *testing.T) {
		b := indebted(t)
		r := b.earn("a", "e", 100, "2025-01-10", "2025-01-20")
		assert.Equal(t, Balance{Available: 70}, r.Balance)
		assert.Equal(t, Balance{}, b.balance("a", "2025-01-21"))
	})

	_ = spec("R25", func(t *testing.T) {
		b := indebted(t)
		b.must(b.Earn(ctx, EarnRequest{Account: "a", Key: "e", Points: 100, At: b.on("2025-01-10"), Pending: &Pending{Days: 14}}))
		assert.Equal(t, Balance{Pending: 100, Debt: 30}, b.balance("a", "2025-01-10"))
		assert.Equal(t, Balance{Available: 70}, b.balance("a", "2025-01-25"))
	})

	_ = spec("A16", func(t *testing.T) {
		b := newBench(t, nil)
		r := b.must(b.Adjust(ctx, AdjustRequest{Account: "a", Key: "k", Points: 16_777_217, At: b.on("2025-01-01"), By: By{"ann", "opening"}}))
		assert.EqualValues(t, 16_777_217, r.Balance.Available)
		assert.EqualValues(t, 16_777_217, b.balance("a", "2025-01-01").Available)
	})

	_ = spec("A01", func(t *testing.T) {
		b := newBench(t, nil)
		sale := func(id, amount, at, channel string) EarnRequest {
			r := b.orderRequest("a", id, amount, at)
			r.Order.Channel = channel
			return r
		}
		b.must(b.Earn(ctx, sale("1", "100.00", "2025-01-01", "offline")))
		assert.EqualValues(t, 300, b.must(b.Earn(ctx, sale("2", "200.00", "2025-01-02", "online"))).Balance.Available)
		b.must(b.Hold(ctx, HoldRequest{Account: "a", Hold: "h", Points: 300, At: b.on("2025-01-03"), TTL: 3600e9, Spend: Spend{Order: "3", Cash: dec("9.90")}}))
		b.must(b.Capture(ctx, CaptureRequest{Account: "a", Hold: "h", At: b.on("2025-01-03")}))
		addOn := sale("3", "12.90", "2025-01-03", "online")
		addOn.Order.PaidWithPoints, addOn.Order.PointsSpent = dec("3.00"), 300
		r := b.must(b.Earn(ctx, addOn))
		assert.EqualValues(t, 9, r.Points)
		assert.EqualValues(t, 9, r.Balance.Available)
		s, err := b.Statement(ctx, "a", b.on("2025-01-01"), b.on("2025-01-04"))
		require.NoError(t, err)
		var channels []string
		for _, l := range s.Lines {
			if l.Channel != "" {
				channels = append(channels, l.Channel)
			}
		}
		assert.Equal(t, []string{"offline", "online", "online"}, channels)
	})

	_ = spec("G01", func(t *testing.T) {
		b := newBench(t, nil)
		b.earn("a", "o", 80, "2025-01-01", "")
		b.earn("a", "x", 20, "2025-01-01", "2025-02-10")
		b.order("a", "1", "50", "2025-02-01")
		b.must(b.Redeem(ctx, RedeemRequest{Account: "a", Key: "r", Points: 30, Prefer: nil, At: b.on("2025-02-11")}))
		b.must(b.Reinstate(ctx, ReinstateRequest{Account: "a", Key: "i", Redemption: "r", Points: 10, At: b.on("2025-02-12")}))
		b.refund("a", "1", "1", "5", "2025-02-13")
		s, err := b.Statement(ctx, "a", b.on("2025-02-01"), b.on("2025-03-01"))
		require.NoError(t, err)
		assert.EqualValues(t, 100, s.Opening.Net())
		assert.Equal(t, map[Kind]int64{KindEarn: 50, KindRedeem: -30, KindExpire: -20, KindReinstate: 10, KindClaw: -5}, s.Totals)
		assert.EqualValues(t, 105, s.Closing.Net())
	})
)

func spentEighty(t *testing.T, alter func(*Config)) *bench {
	t.Helper()
	b := newBench(t, alter)
	b.order("a", "1", "100", "2025-01-01")
	b.redeem("a", "r", 80, "2025-01-02")
	return b
}

// indebted owes 30.
func indebted(t *testing.T) *bench {
	t.Helper()
	b := newBench(t, nil)
	b.order("a", "1", "30", "2025-01-01")
	b.redeem("a", "r", 30, "2025-01-02")
	b.refund("a", "1", "1", "", "2025-01-03")
	require.Equal(t, Balance{Debt: 30}, b.balance("a", "2025-01-03"))
	return b
}

// pendingOrder books an order under a policy that lets points wait 14 days.
func (b *bench) pendingOrder(account, id, amount, at string) {
	b.t.Helper()
	waits := b.Policy().Config()
	waits.Pending = Pending{Days: 14}
	l := must(New(b.store, MustCompile(waits)))
	_, err := l.Earn(ctx, b.orderRequest(account, id, amount, at))
	require.NoError(b.t, err)
}

// raw is what the store holds of an account, to the byte.
func (b *bench) raw(account string) string {
	b.t.Helper()
	acc, err := b.store.Load(ctx, account)
	require.NoError(b.t, err)
	state, err := json.Marshal(acc)
	require.NoError(b.t, err)
	out := string(state)
	for c, err := range b.store.Changes(ctx, account, 0) {
		require.NoError(b.t, err)
		line, err := json.Marshal(c)
		require.NoError(b.t, err)
		out += "\n" + string(line)
	}
	return out
}
