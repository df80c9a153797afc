package points

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func quote(t *testing.T, p *Policy, a Ask) Quote {
	t.Helper()
	a.At = clock("2025-03-10T10:00:00+08:00")
	q, err := p.Quote(a)
	require.NoError(t, err)
	sum := decimal.Decimal{}
	for _, l := range q.Lines {
		sum = sum.Add(l)
	}
	assert.True(t, sum.Equal(q.Money), "%v of lines, %v in all", sum, q.Money)
	assert.LessOrEqual(t, q.Points, a.Balance)
	return q
}

func redeeming(t *testing.T, change func(*Redeem)) *Policy {
	t.Helper()
	return compiled(t, func(k *Config) { change(k.Redeem) })
}

func words(list []decimal.Decimal) (out []string) {
	for _, d := range list {
		out = append(out, d.StringFixed(2))
	}
	return out
}

var _ = spec("B01", func(t *testing.T) {
	p := redeeming(t, func(r *Redeem) { r.MaxPercent, r.Min, r.Step = dec("50"), 500, 100 })
	q := quote(t, p, Ask{Order: sale("199"), Balance: 12_345})
	assert.EqualValues(t, 9900, q.Points)
	assert.Equal(t, "99", q.Money.String())
	assert.Equal(t, []Note{{Reason: MaxPercent, Need: 9950}, {Reason: StepLimit, Have: 9950, Need: 100}}, q.Limits)
})

var _ = spec("B02", func(t *testing.T) {
	p := redeeming(t, func(r *Redeem) { r.Min = 500 })
	q := quote(t, p, Ask{Order: sale("199"), Balance: 480})
	assert.Zero(t, q.Points)
	assert.True(t, q.Money.IsZero())
	assert.Equal(t, []Note{{Reason: BalanceLimit, Need: 480}, {Reason: BelowMinimum, Have: 480, Need: 500}}, q.Limits)
	assert.Equal(t, "480 points are below the minimum of 500", q.Limits[1].Text(English))
})

var _ = spec("B13", func(t *testing.T) {
	q := quote(t, compiled(t), Ask{Order: sale("33.33", "33.33", "33.34"), Wanted: 1000, Balance: 5000})
	assert.EqualValues(t, 1000, q.Points)
	assert.Equal(t, []string{"3.33", "3.33", "3.34"}, words(q.Lines))
	assert.Empty(t, q.Limits)
})

func TestQuoteLimits(t *testing.T) {
	o := sale("60", "40", "50")
	o.Lines[1].Tags, o.Lines[2].GiftCard = []string{"sale"}, true
	o.PaidWithGiftCard = dec("30") // 12, 8 and 10 of the lines
	for name, c := range map[string]struct {
		change func(*Redeem)
		ask    Ask
		points int64
		money  string
		limits []Note
	}{
		"all of it": {func(*Redeem) {}, Ask{Balance: 99_999}, 8000, "80",
			[]Note{{Reason: OrderTotal, Need: 8000}, {Reason: ExcludedLine, Line: 3}}},
		"excluded tag": {func(r *Redeem) { r.ExcludeTags = []string{"sale"} }, Ask{Balance: 99_999}, 4800, "48",
			[]Note{{Reason: OrderTotal, Need: 4800}, {Reason: ExcludedLine, Line: 2}, {Reason: ExcludedLine, Line: 3}}},
		"gift cards too": {func(r *Redeem) { r.GiftCards = true }, Ask{Balance: 99_999}, 12_000, "120", []Note{{Reason: OrderTotal, Need: 12_000}}},
		"wanted":         {func(*Redeem) {}, Ask{Balance: 99_999, Wanted: 700}, 700, "7", nil},
		"amount":         {func(r *Redeem) { r.MaxAmount = dec("25.50") }, Ask{Balance: 99_999}, 2550, "25.5", []Note{{Reason: MaxAmount, Need: 2550}}},
		"day": {func(r *Redeem) { r.MaxPerDay = 1000 }, Ask{Balance: 99_999, UsedToday: 400}, 600, "6",
			[]Note{{Reason: DayLimit, Have: 400, Need: 1000}}},
		"day is over": {func(r *Redeem) { r.MaxPerDay = 1000 }, Ask{Balance: 99_999, UsedToday: 1400}, 0, "0",
			[]Note{{Reason: DayLimit, Have: 1400, Need: 1000}}},
		"two at once": {func(r *Redeem) { r.MaxPerDay = 1000 }, Ask{Balance: 1000}, 1000, "10",
			[]Note{{Reason: BalanceLimit, Need: 1000}, {Reason: DayLimit, Need: 1000}}},
		"burn rate": {func(*Redeem) {}, Ask{Balance: 99_999, Times: dec("1.25")}, 6400, "80",
			[]Note{{Reason: OrderTotal, Need: 8000}, {Reason: ExcludedLine, Line: 3}, {Reason: BurnRate, Of: "1.25"}}},
		"the step takes it below the minimum": {func(r *Redeem) { r.Step, r.Min = 1000, 1500 }, Ask{Balance: 1700}, 0, "0",
			[]Note{{Reason: BalanceLimit, Need: 1700}, {Reason: StepLimit, Have: 1700, Need: 1000}, {Reason: BelowMinimum, Have: 1000, Need: 1500}}},
	} {
		t.Run(name, func(t *testing.T) {
			c.ask.Order = o
			q := quote(t, redeeming(t, c.change), c.ask)
			assert.Equal(t, c.points, q.Points)
			assert.Equal(t, c.money, q.Money.String())
			assert.Equal(t, c.limits, q.Limits)
		})
	}
}

func TestQuoteRounding(t *testing.T) {
	// 7 points are 0.02: points never buy less than what they are worth needs, money rounds down.
	p := redeeming(t, func(r *Redeem) { r.Points, r.Money = 7, dec("0.02") })
	q := quote(t, p, Ask{Order: sale("10"), Balance: 6})
	assert.EqualValues(t, 4, q.Points, "6 points are 0.0171, and 0.01 costs 3.5")
	assert.Equal(t, "0.01", q.Money.String())
	assert.Equal(t, []Note{{Reason: BalanceLimit, Need: 6}, {Reason: RoundedAway, Have: 6, Need: 4}}, q.Limits)
	assert.Zero(t, quote(t, p, Ask{Order: sale("10"), Balance: 3}).Points)

	// 30 points are 1.00, an order of 0.34 leaves two thirds of a cent open.
	for _, closes := range []bool{false, true} {
		p := redeeming(t, func(r *Redeem) { r.Points, r.RoundUpToClose = 30, closes })
		q := quote(t, p, Ask{Order: sale("0.34"), Balance: 100})
		assert.EqualValues(t, 10, q.Points)
		assert.Equal(t, map[bool]string{false: "0.33", true: "0.34"}[closes], q.Money.String())
	}
}

func TestQuoteRefusals(t *testing.T) {
	p := compiled(t)
	at := clock("2025-03-10")
	foreign := sale("10")
	foreign.Currency, foreign.Rate = "EUR", dec("7")
	broken := sale("10")
	broken.Lines[0].Price = dec("1e9999")
	for name, a := range map[string]Ask{
		"no instant": {Order: sale("10")}, "negative": {Order: sale("10"), Wanted: -1, At: at}, "balance": {Order: sale("10"), Balance: -1, At: at},
		"currency": {Order: foreign, At: at}, "amount": {Order: broken, At: at}, "times": {Order: sale("10"), Times: dec("-1"), At: at},
	} {
		_, err := p.Quote(a)
		require.Error(t, err, name)
	}
}

func TestWorthAndNeeded(t *testing.T) {
	p := redeeming(t, func(r *Redeem) { r.Points, r.Money = 3, dec("1") })
	money, err := p.Worth(10)
	require.NoError(t, err)
	assert.Equal(t, "3.33", money.String())
	n, err := p.Needed(dec("3.34"))
	require.NoError(t, err)
	assert.EqualValues(t, 11, n)
	dear := redeeming(t, func(r *Redeem) { r.Points = 1000 })
	_, err = dear.Needed(dec("92233720368547758.07"))
	require.ErrorIs(t, err, ErrOverflow)
	_, err = p.Needed(dec("-1"))
	require.ErrorIs(t, err, ErrAmount)
	_, err = p.Worth(-1)
	require.ErrorIs(t, err, ErrAmount)
	none := compiled(t, func(k *Config) { k.Redeem = nil })
	_, err = none.Worth(1)
	require.ErrorIs(t, err, ErrUnknown)
}

// TestQuoteNeverExceeds throws random limits at quotes.
func TestQuoteNeverExceeds(t *testing.T) {
	throw(t, func(t *testing.T, data []byte) {
		d := dice{data}
		o := d.order()
		o.Currency, o.Rate = "", decimal.Decimal{}
		p := redeeming(t, func(r *Redeem) {
			r.Points, r.Money = int64(1+d.roll(200)), pick(&d, dec("1"), dec("0.03"), dec("7"))
			r.Min, r.Step, r.MaxPerDay = int64(d.roll(100)), int64(d.roll(50)), int64(d.roll(256)*10+100)
			r.MaxPercent, r.MaxAmount, r.RoundUpToClose = decimal.NewFromInt(int64(d.roll(101))), d.money(), d.roll(2) == 1
			r.ExcludeTags = []string{"a"}
		})
		a := Ask{Order: o, Balance: int64(d.roll(256) * 40), Wanted: int64(d.roll(3) * d.roll(256)), UsedToday: int64(d.roll(100))}
		q := quote(t, p, a)
		r := p.Config().Redeem
		worth, err := p.Worth(q.Points)
		require.NoError(t, err)
		require.False(t, q.Money.Sub(worth).GreaterThan(dec("0.01")), "%v for points worth %v", q.Money, worth)
		if q.Points > 0 {
			require.GreaterOrEqual(t, q.Points, r.Min)
			require.True(t, r.Step == 0 || q.Points%r.Step == 0)
			require.LessOrEqual(t, q.Points, r.MaxPerDay-a.UsedToday)
			require.True(t, a.Wanted == 0 || q.Points <= a.Wanted)
			require.True(t, r.MaxAmount.IsZero() || !q.Money.GreaterThan(r.MaxAmount))
		}
		for i, off := range q.Lines {
			l := o.Lines[i]
			require.False(t, off.IsNegative() || off.GreaterThan(l.Price.Mul(decimal.NewFromInt(max(1, l.Quantity)))))
			require.True(t, off.IsZero() || !l.GiftCard && !overlap(l.Tags, r.ExcludeTags))
		}
	})
}
