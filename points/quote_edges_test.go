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
