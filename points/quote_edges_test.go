package points

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestQuoteUsesTheLastMinorUnitOfALimit(t *testing.T) {
	for name, c := range map[string]struct {
		goods  string
		change func(*Redeem)
		points int64
		money  string
		limits []Note
	}{
		"half":     {"1.45", func(r *Redeem) { r.MaxPercent = dec("50") }, 87, "0.72", []Note{{Reason: MaxPercent, Need: 72}}},
		"amount":   {"9", func(r *Redeem) { r.MaxAmount = dec("0.72") }, 87, "0.72", []Note{{Reason: MaxAmount, Need: 72}}},
		"goods":    {"0.72", func(*Redeem) {}, 87, "0.72", []Note{{Reason: OrderTotal, Need: 72}}},
		"no waste": {"1.45", func(*Redeem) {}, 174, "1.45", []Note{{Reason: OrderTotal, Need: 145}}},
		"in fives": {"1.45", func(r *Redeem) { r.Step = 5 }, 175, "1.45", []Note{{Reason: OrderTotal, Need: 145}}},
		"in ones":  {"0.73", func(r *Redeem) { r.Step = 1 }, 88, "0.73", []Note{{Reason: OrderTotal, Need: 73}}},
		"minimum":  {"1.45", func(r *Redeem) { r.Min = 175 }, 175, "1.45", []Note{{Reason: OrderTotal, Need: 145}}},
		"closed":   {"1.44", func(r *Redeem) { r.RoundUpToClose = true }, 172, "1.44", []Note{{Reason: OrderTotal, Need: 144}}},
		"may not close": {"1.44", func(r *Redeem) { r.RoundUpToClose, r.MaxAmount = true, dec("1.43") }, 172, "1.43",
			[]Note{{Reason: MaxAmount, Need: 143}}},
	} {
		t.Run(name, func(t *testing.T) {
			p := redeeming(t, func(r *Redeem) { r.Points, r.Money = 12, dec("0.10"); c.change(r) })
			q := quote(t, p, Ask{Order: sale(c.goods), Balance: 9999})
			assert.Equal(t, c.points, q.Points)
			assert.Equal(t, c.money, q.Money.String())
			assert.Equal(t, c.limits, q.Limits)
		})
	}
}

// What points paid of an order before counts against the limits of money.
func TestQuoteAfterAQuoteKeepsToTheLimits(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Redeem)
		paid   string
		money  string
		limits []Note
	}{
		"half":                {func(r *Redeem) { r.MaxPercent = dec("50") }, "0", "50", []Note{{Reason: MaxPercent, Need: 5000}}},
		"half is paid":        {func(r *Redeem) { r.MaxPercent = dec("50") }, "50", "0", []Note{{Reason: MaxPercent}}},
		"part of it is paid":  {func(r *Redeem) { r.MaxPercent = dec("50") }, "20", "30", []Note{{Reason: MaxPercent, Need: 3000}}},
		"more is paid":        {func(r *Redeem) { r.MaxPercent = dec("50") }, "60", "0", []Note{{Reason: MaxPercent}}},
		"amount":              {func(r *Redeem) { r.MaxAmount = dec("40") }, "0", "40", []Note{{Reason: MaxAmount, Need: 4000}}},
		"amount is paid":      {func(r *Redeem) { r.MaxAmount = dec("40") }, "40", "0", []Note{{Reason: MaxAmount}}},
		"part of the amount":  {func(r *Redeem) { r.MaxAmount = dec("40") }, "15", "25", []Note{{Reason: MaxAmount, Need: 2500}}},
		"no limit":            {func(*Redeem) {}, "60", "40", []Note{{Reason: OrderTotal, Need: 4000}}},
		"of an excluded line": {func(r *Redeem) { r.MaxPercent, r.ExcludeTags = dec("50"), []string{"sale"} }, "30", "0", []Note{{Reason: MaxPercent}, {Reason: ExcludedLine, Line: 2}}},
	} {
		t.Run(name, func(t *testing.T) {
			o := sale("60", "40")
			o.Lines[1].Tags = []string{"sale"}
			o.PaidWithPoints = dec(c.paid)
			q := quote(t, redeeming(t, c.change), Ask{Order: o, Balance: 99_999})
			assert.Equal(t, c.money, q.Money.String())
			assert.Equal(t, c.limits, q.Limits)
		})
	}
}

// A limit of money that no number of points reaches does not bind.
func TestQuoteOfPointsWorthNextToNothing(t *testing.T) {
	p := compiled(t)
	for _, times := range []string{"1e-12", "1e-17", "1e-18"} {
		for _, balance := range []int64{100, 1 << 62} {
			q := quote(t, p, Ask{Order: sale("100"), Balance: balance, Times: dec(times)})
			assert.LessOrEqual(t, q.Points, balance)
			if balance == 100 {
				assert.Zero(t, q.Points)
				assert.True(t, q.Money.IsZero())
				assert.Equal(t, []Note{{Reason: BalanceLimit, Need: 100}, {Reason: RoundedAway, Have: 100}}, q.Limits)
			}
		}
	}
}

func TestQuoteOfAFrozenAccount(t *testing.T) {
	b := newBench(t, nil)
	b.earn("a", "k", 500, "2025-01-02", "")
	b.must(b.Freeze(ctx, FreezeRequest{Account: "a", Key: "f", At: b.on("2025-01-03"), By: By{"ann", "why"}}))
	q, err := b.Quote(ctx, "a", Ask{Order: sale("100"), At: b.on("2025-01-04")})
	require.NoError(t, err)
	assert.Zero(t, q.Points)
	assert.Equal(t, []Note{{Reason: FrozenLimit}}, q.Limits)
	assert.Equal(t, "the account is frozen and cannot spend points", q.Limits[0].Text(English))
	assert.Equal(t, "账户已冻结，暂不能使用积分", q.Limits[0].Text(Chinese))
}

// TestQuoteIsTheMostThatEnumerationFinds tries every number of points and takes the most money, and
// of those the fewest points.
func TestQuoteIsTheMostThatEnumerationFinds(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 5))
	maybe := func(n int) int64 { return int64(r.IntN(2) * r.IntN(n)) }
	one := func(words ...string) decimal.Decimal { return dec(words[r.IntN(len(words))]) }
	for n := range 1500 {
		redeem := Redeem{
			Points: int64(1 + r.IntN(12)), Money: one("0.01", "0.03", "0.1", "1", "0.07"), Min: maybe(60), Step: maybe(20),
			MaxPercent: one("0", "50", "33.3", "10", "99.9"), MaxAmount: decimal.New(maybe(300), -2), RoundUpToClose: r.IntN(2) == 0,
		}
		goods := 1 + r.Int64N(400)
		ask := Ask{Order: sale(decimal.New(goods, -2).String()), Balance: r.Int64N(400), Wanted: maybe(300), Times: one("0", "1.5", "1.1")}
		times := big.NewRat(1, 1)
		if !ask.Times.IsZero() {
			times = ask.Times.Rat()
		}
		floor := func(x *big.Rat) int64 { return new(big.Int).Quo(x.Num(), x.Denom()).Int64() }
		most := goods
		if !redeem.MaxPercent.IsZero() {
			most = min(most, floor(new(big.Rat).Mul(big.NewRat(goods, 100), redeem.MaxPercent.Rat())))
		}
		if redeem.MaxAmount.IsPositive() {
			most = min(most, floor(redeem.MaxAmount.Mul(dec("100")).Rat()))
		}
		var points, money int64
		for k := int64(1); k <= ask.Balance; k++ {
			worth := new(big.Rat).Mul(big.NewRat(k*100, redeem.Points), redeem.Money.Rat())
			worth.Mul(worth, times)
			pays := floor(worth)
			if pays > most || ask.Wanted > 0 && k > ask.Wanted || k < redeem.Min || redeem.Step > 0 && k%redeem.Step != 0 {
				continue
			}
			if redeem.RoundUpToClose && most == goods && pays == goods-1 && !worth.IsInt() {
				pays = goods
			}
			if pays > money {
				points, money = k, pays
			}
		}
		p := redeeming(t, func(k *Redeem) { *k = redeem })
		q := quote(t, p, ask)
		about := fmt.Sprintf("seed %d, quote %d: goods %d, %+v, balance %d, wanted %d, times %v", seed, n, goods, redeem, ask.Balance, ask.Wanted, ask.Times)
		require.Equal(t, decimal.New(money, -2).String(), q.Money.String(), about)
		require.Equal(t, points, q.Points, about)
	}
}
