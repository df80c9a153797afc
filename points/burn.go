package points

import (
	"fmt"
	"math/big"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/internal/fixed"
)

// burn is the compiled Redeem.
type burn struct {
	points                       int64
	money                        num
	min, step, perDay, maxAmount int64
	maxPercent                   num
	close                        bool
	payable                      Basis // which lines points may pay
}

func (c *compiler) redeem(r *Redeem, growth bool) {
	if r == nil {
		return
	}
	if growth {
		c.bad("redeem", "a growth value cannot be redeemed")
	}
	c.points("redeem.points", r.Points)
	c.atLeastZero("redeem.min", r.Min)
	c.atLeastZero("redeem.step", r.Step)
	c.atLeastZero("redeem.max_per_day", r.MaxPerDay)
	b := &burn{
		points: r.Points, money: c.number("redeem.money", r.Money, false),
		min: r.Min, step: r.Step, perDay: r.MaxPerDay, close: r.RoundUpToClose,
		maxAmount:  c.money("redeem.max_amount", r.MaxAmount, true),
		maxPercent: c.number("redeem.max_percent", r.MaxPercent, true),
		payable: Basis{
			GiftCards:   r.GiftCards,
			ExcludeTags: c.words("redeem.exclude_tags", r.ExcludeTags), ExcludeSKUs: c.words("redeem.exclude_skus", r.ExcludeSKUs),
		},
	}
	if b.maxPercent.cmp(num{m: 100}) > 0 {
		c.bad("redeem.max_percent", "must be 0 to 100")
	}
	if r.MaxPerDay > 0 && r.Min > r.MaxPerDay {
		c.bad("redeem.min", "is more than max_per_day, so nothing can be redeemed")
	}
	c.p.burn = b
}

var errNotRedeemable = fmt.Errorf("%w: the policy redeems nothing", ErrUnknown)

// Worth returns the money that points are worth, rounded down to the minor unit. A policy that redeems
// nothing is [ErrUnknown].
func (p *Policy) Worth(points int64) (decimal.Decimal, error) {
	if p.burn == nil {
		return decimal.Decimal{}, errNotRedeemable
	}
	if points < 0 {
		return decimal.Decimal{}, fmt.Errorf("%w: %d points", ErrAmount, points)
	}
	minor, err := p.burn.worth(points, one, p.decimals, false)
	return fixed.Decimal(minor, p.decimals), err
}

// Needed returns the points that money costs, rounded up to a whole point. A policy that redeems
// nothing is [ErrUnknown].
func (p *Policy) Needed(money decimal.Decimal) (int64, error) {
	if p.burn == nil {
		return 0, errNotRedeemable
	}
	r := reader{decimals: p.decimals}
	minor := r.amount(money, 0, "money")
	if r.err != nil {
		return 0, r.err
	}
	return p.burn.needed(minor, one, p.decimals, true)
}

// worth returns the minor units that n points are worth.
func (b *burn) worth(n int64, times num, decimals int, up bool) (int64, error) {
	x := num{m: n}.mul(b.money).mul(times)
	return quotient(scaled(x.int(), decimals), scaled(big.NewInt(b.points), x.e), up)
}

// needed returns the points that are worth an amount in minor units.
func (b *burn) needed(minor int64, times num, decimals int, up bool) (int64, error) {
	y := b.money.mul(times)
	return quotient(scaled(new(big.Int).Mul(big.NewInt(minor), big.NewInt(b.points)), y.e), scaled(y.int(), decimals), up)
}

func scaled(n *big.Int, e int) *big.Int { return new(big.Int).Mul(n, bigPow10(e)) }

func quotient(a, b *big.Int, up bool) (int64, error) {
	q, r := new(big.Int).QuoRem(a, b, new(big.Int))
	if up && r.Sign() > 0 {
		q.Add(q, big.NewInt(1))
	}
	if !q.IsInt64() {
		return 0, fmt.Errorf("%w: points against money", ErrOverflow)
	}
	return q.Int64(), nil
}
