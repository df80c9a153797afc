package points

import (
	"fmt"
	"math/big"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/internal/fixed"
)

// Liability is what a programme owes its members: outstanding points × value × (1 − breakage), with
// pending points weighted by the share of them that becomes active.
type Liability struct {
	// Outstanding are points that can be spent or are held, Pending those that cannot yet.
	Outstanding int64
	Pending     int64
	// Value is what one point is expected to cost when it is redeemed.
	Value decimal.Decimal
	// Breakage is the share of points that is expected never to be redeemed, 0 to 1; see [Breakage].
	Breakage decimal.Decimal
	// Conversion is the share of pending points that becomes active, 0 to 1; zero leaves them out.
	Conversion decimal.Decimal
}

// Money returns the liability at a number of minor digits, rounded half away from zero, once.
func (l Liability) Money(decimals int) (decimal.Decimal, error) {
	if l.Outstanding < 0 || l.Pending < 0 {
		return decimal.Decimal{}, fmt.Errorf("%w: points outstanding", ErrAmount)
	}
	for _, err := range []error{isShare("breakage", l.Breakage), isShare("conversion", l.Conversion), positive("value", l.Value)} {
		if err != nil {
			return decimal.Decimal{}, err
		}
	}
	count := new(big.Rat).SetInt64(l.Pending)
	count.Mul(count, l.Conversion.Rat()).Add(count, new(big.Rat).SetInt64(l.Outstanding))
	kept := new(big.Rat).Sub(big.NewRat(1, 1), l.Breakage.Rat())
	return rounded(count.Mul(count, l.Value.Rat()).Mul(count, kept), decimals)
}

// Release returns the part of a contract liability that may be shown as revenue by now:
// allocated × redeemed ÷ expected, where redeemed counts all points redeemed so far, as
// [Ledger.Redeemed] does from the beginning, and expected is today's estimate of all that ever will
// be. It rounds half away from zero; what one period releases is the difference to what was released
// before it, so a changed estimate catches up by itself (IFRS 15.B44 to B47, ASC 606-10-55-46 to 48).
func Release(allocated decimal.Decimal, redeemed, expected int64, decimals int) (decimal.Decimal, error) {
	if err := fixed.Check(allocated); err != nil || allocated.IsNegative() {
		return decimal.Decimal{}, fmt.Errorf("%w: allocated", ErrAmount)
	}
	if expected <= 0 || redeemed < 0 || redeemed > expected {
		return decimal.Decimal{}, fmt.Errorf("%w: %d of %d points redeemed", ErrAmount, redeemed, expected)
	}
	return rounded(new(big.Rat).Mul(allocated.Rat(), big.NewRat(redeemed, expected)), decimals)
}

// Allocate divides the price of a sale between the goods and the points they earned, in proportion
// to their stand-alone prices: the price itself, and points × value × the share expected to be
// redeemed. The part of the points rounds half away from zero; the two sum to the price.
func Allocate(price decimal.Decimal, points int64, value, redeemed decimal.Decimal, decimals int) (toGoods, toPoints decimal.Decimal, err error) {
	for _, err := range []error{positive("price", price), positive("value", value), isShare("share redeemed", redeemed)} {
		if err != nil {
			return decimal.Decimal{}, decimal.Decimal{}, err
		}
	}
	if points < 0 {
		return decimal.Decimal{}, decimal.Decimal{}, fmt.Errorf("%w: %d points", ErrAmount, points)
	}
	alone := new(big.Rat).SetInt64(points)
	alone.Mul(alone, value.Rat()).Mul(alone, redeemed.Rat())
	both := new(big.Rat).Add(alone, price.Rat())
	toPoints, err = rounded(alone.Mul(alone, price.Rat()).Quo(alone, both), decimals)
	return price.Sub(toPoints), toPoints, err
}

func positive(name string, d decimal.Decimal) error {
	if err := fixed.Check(d); err != nil || d.Sign() <= 0 {
		return fmt.Errorf("%w: %s must be a positive number", ErrAmount, name)
	}
	return nil
}

func isShare(name string, d decimal.Decimal) error {
	if err := fixed.Check(d); err != nil || d.IsNegative() || d.GreaterThan(decimal.NewFromInt(1)) {
		return fmt.Errorf("%w: %s must be 0 to 1", ErrAmount, name)
	}
	return nil
}

// rounded returns a fraction that is not negative as money, half away from zero.
func rounded(r *big.Rat, decimals int) (decimal.Decimal, error) {
	if decimals < 0 || decimals > fixed.MaxExponent {
		return decimal.Decimal{}, fmt.Errorf("%w: %d decimals", ErrAmount, decimals)
	}
	n := new(big.Int).Mul(r.Num(), bigPow10(decimals))
	n.Lsh(n, 1).Add(n, r.Denom()).Quo(n, new(big.Int).Lsh(r.Denom(), 1))
	return decimal.NewFromBigInt(n, -int32(decimals)), nil
}
