package rfm

import (
	"math"
	"math/big"
	"math/bits"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/internal/fixed"
)

// ratio is an exact value: num/den, where den is 1 or more.
type ratio struct {
	num int64
	den uint32
}

// point is where a ratio lies on the number line, in steps of 2^-64, rounded down. Two different ratios
// are at least 1/(den×den) > 2^-64 apart, so points compare exactly as the ratios do.
type point struct {
	hi int64
	lo uint64
}

func (r ratio) point() point {
	if r.den == 1 {
		return point{hi: r.num}
	}
	d := int64(r.den)
	q, rest := r.num/d, r.num%d
	if rest < 0 {
		q, rest = q-1, rest+d
	}
	lo, _ := bits.Div64(uint64(rest), 0, uint64(d))
	return point{q, lo}
}

// less subtracts, for a branch on a value could not be foreseen.
func (p point) less(o point) bool {
	const sign = 1 << 63
	_, borrow := bits.Sub64(p.lo, o.lo, 0)
	_, borrow = bits.Sub64(uint64(p.hi)^sign, uint64(o.hi)^sign, borrow)
	return borrow != 0
}

// next returns the next point, which no ratio's neighbour lies below.
func (p point) next() point {
	p.lo++
	return p
}

func (r ratio) floor() int64 { return r.point().hi }

func (r ratio) ceil() int64 {
	p := r.point()
	if p.lo > 0 {
		p.hi++
	}
	return p.hi
}

// ratioOf returns amount/per in units of 10^-scale, in lowest terms. Per zero means one.
func ratioOf(amount decimal.Decimal, per int64, scale int) (ratio, error) {
	if per <= 1 {
		if n, err := fixed.Minor(amount, scale); err == nil && per >= 0 && n > math.MinInt64 {
			return ratio{n, 1}, nil
		}
	}
	if err := fixed.Check(amount); err != nil || per < 0 {
		return ratio{}, fixed.ErrRange
	}
	num, den := amount.Coefficient(), big.NewInt(max(per, 1))
	shift := int64(amount.Exponent()) + int64(scale)
	power := new(big.Int).Exp(big.NewInt(10), big.NewInt(max(shift, -shift)), nil)
	if shift >= 0 {
		num.Mul(num, power)
	} else {
		den.Mul(den, power)
	}
	r, ok := ratioOfRat(new(big.Rat).SetFrac(num, den))
	if !ok {
		return ratio{}, fixed.ErrRange
	}
	return r, nil
}

// mostWhole is the greatest number of days or orders: steps beside it do not overflow.
const mostWhole = 1 << 53

// ratio is ratioOf for a value or a cut of a dimension.
func (s *Scheme) ratio(d Dimension, amount decimal.Decimal, per int64) (ratio, error) {
	r, err := ratioOf(amount, per, s.scale(d))
	if err != nil || d == Monetary {
		return r, err
	}
	if whole := r.floor(); whole > mostWhole || whole < -mostWhole {
		return ratio{}, fixed.ErrRange
	}
	return r, nil
}

// scale returns the decimals of a dimension: days and orders have none.
func (s *Scheme) scale(d Dimension) int {
	if d == Monetary {
		return s.config.Scale
	}
	return 0
}

// ratioOfRat is false where a ratio cannot be written, or could not be with the other sign.
func ratioOfRat(r *big.Rat) (ratio, bool) {
	if r.Num().CmpAbs(mostNum) > 0 || !r.Denom().IsInt64() || r.Denom().Int64() > math.MaxUint32 {
		return ratio{}, false
	}
	return ratio{r.Num().Int64(), uint32(r.Denom().Int64())}, true
}

// reduced returns the ratio in lowest terms.
func (r ratio) reduced() ratio {
	if r.den == 1 {
		return r
	}
	v, _ := ratioOfRat(r.rat())
	return v
}

func (r ratio) rat() *big.Rat { return big.NewRat(r.num, int64(r.den)) }

// amount returns the ratio as an amount in major units and what it is divided by, zero for one.
func (r ratio) amount(scale int) (amount decimal.Decimal, per int64) {
	if r.den > 1 {
		per = int64(r.den)
	}
	return fixed.Decimal(r.num, scale), per
}

// beside returns the ratio next to x that no value can lie between: the largest not above it, or, going
// up, the smallest not below it. Comparing with it is then the same as comparing with x. It is false
// where x is beyond all values.
func beside(x *big.Rat, up bool) (ratio, bool) {
	if r, ok := ratioOfRat(x); ok {
		return r, true
	}
	if up {
		r, ok := beside(new(big.Rat).Neg(x), false)
		return ratio{-r.num, r.den}, ok
	}
	if new(big.Int).Quo(x.Num(), x.Denom()).CmpAbs(mostNum) >= 0 {
		return ratio{}, false
	}
	return ratioOfRat(below(x))
}

var mostNum, mostDen = big.NewInt(math.MaxInt64), big.NewInt(math.MaxUint32)

// below returns the largest ratio not above x, by walking down the Stern-Brocot tree in strides.
func below(x *big.Rat) *big.Rat {
	n, d := x.Num(), x.Denom()
	a := new(big.Int).Div(n, d) // lo = a/b <= x < p/q = hi
	b, p, q := big.NewInt(1), big.NewInt(1), big.NewInt(0)
	for {
		under := diff(n, b, a, d) // n·b - a·d, how far lo is below x
		over := diff(p, d, n, q)  // how far hi is above x
		up := least(new(big.Int).Div(under, over), strides(a, p, mostNum), strides(b, q, mostDen))
		a.Add(a, new(big.Int).Mul(up, p))
		b.Add(b, new(big.Int).Mul(up, q))
		under = diff(n, b, a, d)
		if under.Sign() == 0 {
			return new(big.Rat).SetFrac(a, b)
		}
		down := new(big.Int).Div(new(big.Int).Sub(over, big.NewInt(1)), under)
		down = least(down, strides(p, a, mostNum), strides(q, b, mostDen))
		p.Add(p, new(big.Int).Mul(down, a))
		q.Add(q, new(big.Int).Mul(down, b))
		if up.Sign() == 0 && down.Sign() == 0 {
			return new(big.Rat).SetFrac(a, b)
		}
	}
}

// strides returns how many steps surely lead from one number no further from zero than most, nil for no end.
func strides(from, step, most *big.Int) *big.Int {
	if step.Sign() == 0 {
		return nil
	}
	left := new(big.Int).Sub(most, new(big.Int).Abs(from))
	return left.Div(left, new(big.Int).Abs(step))
}

func diff(a, b, c, d *big.Int) *big.Int {
	return new(big.Int).Sub(new(big.Int).Mul(a, b), new(big.Int).Mul(c, d))
}

func least(first *big.Int, others ...*big.Int) *big.Int {
	for _, o := range others {
		if o != nil && o.Cmp(first) < 0 {
			first = o
		}
	}
	return first
}
