package rule

import (
	"math/big"
	"sync/atomic"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/internal/fixed"
)

// MoneyField is a field of exact decimals. 500, 500.0 and 500.00 are the same amount.
type MoneyField[C any] struct{ handle[C] }

// Eq is the condition that the amount is d.
func (f MoneyField[C]) Eq(d decimal.Decimal) Expr[C] { return f.compare(OpEq, d) }

// Ne is the condition that the amount is known and not d.
func (f MoneyField[C]) Ne(d decimal.Decimal) Expr[C] { return f.compare(OpNe, d) }

// Under is the condition that the amount is less than d.
func (f MoneyField[C]) Under(d decimal.Decimal) Expr[C] { return f.compare(OpUnder, d) }

// AtMost is the condition that the amount is d or less.
func (f MoneyField[C]) AtMost(d decimal.Decimal) Expr[C] { return f.compare(OpAtMost, d) }

// Over is the condition that the amount is more than d.
func (f MoneyField[C]) Over(d decimal.Decimal) Expr[C] { return f.compare(OpOver, d) }

// AtLeast is the condition that the amount is d or more.
func (f MoneyField[C]) AtLeast(d decimal.Decimal) Expr[C] { return f.compare(OpAtLeast, d) }

// Between is the condition that the amount is from lo to hi, both included.
func (f MoneyField[C]) Between(lo, hi decimal.Decimal) Expr[C] { return f.compare(OpBetween, lo, hi) }

func (f MoneyField[C]) compare(op Op, ds ...decimal.Decimal) Expr[C] {
	return f.leaf(Node{Op: op, Decimals: ds})
}

// fits says whether a fact is an amount that can be compared in bounded time.
func fits(d decimal.Decimal) bool {
	return uint32(d.Exponent()+fixed.MaxExponent) <= 2*fixed.MaxExponent
}

// amount is a constant that compares without allocating: decimals of equal exponents do, so it keeps
// itself at each exponent it has met.
type amount struct {
	d  decimal.Decimal
	at [2*fixed.MaxExponent + 1]atomic.Pointer[rescaled]
}

// rescaled is an amount rounded down to a multiple of a power of ten; more says that something was cut off.
type rescaled struct {
	d    decimal.Decimal
	more bool
}

// cmp compares a fact, which must fit, with the constant: -1, 0 or 1.
func (a *amount) cmp(v decimal.Decimal) int {
	r := a.at[v.Exponent()+fixed.MaxExponent].Load()
	if r == nil {
		r = a.rescale(v.Exponent())
	}
	order := v.Cmp(r.d)
	if order == 0 && r.more {
		return -1
	}
	return order
}

func (a *amount) rescale(exponent int32) *rescaled {
	n, more := a.floor(exponent)
	r := &rescaled{decimal.NewFromBigInt(n, exponent), more}
	a.at[exponent+fixed.MaxExponent].Store(r)
	return r
}

// floor returns the largest n with n * 10^exponent <= the constant, and whether they differ.
func (a *amount) floor(exponent int32) (n *big.Int, more bool) {
	n = a.d.Coefficient()
	shift := int64(a.d.Exponent() - exponent)
	p := new(big.Int).Exp(big.NewInt(10), big.NewInt(max(shift, -shift)), nil)
	if shift >= 0 {
		return n.Mul(n, p), false
	}
	rest := new(big.Int)
	n.DivMod(n, p, rest) // Euclidean, so below zero it rounds down as well
	return n, rest.Sign() != 0
}

// verdicts of an operator for a fact that is less than, equal to or more than the constant.
var compared = map[Op][3]Truth{
	OpEq:      {False, True, False},
	OpNe:      {True, False, True},
	OpUnder:   {True, False, False},
	OpAtMost:  {True, True, False},
	OpOver:    {False, False, True},
	OpAtLeast: {False, True, True},
}

func bindMoney[C any](n *Node, get func(C) (decimal.Decimal, bool)) leaf[C] {
	first := &amount{d: n.Decimals[0]}
	if n.Op == OpBetween {
		last := &amount{d: n.Decimals[1]}
		return leaf[C]{test: func(c C, _ int64) Truth {
			v, ok := get(c)
			if !ok || !fits(v) {
				return Unknown
			}
			return Of(first.cmp(v) >= 0 && last.cmp(v) <= 0)
		}}
	}
	verdict := compared[n.Op]
	return leaf[C]{test: func(c C, _ int64) Truth {
		v, ok := get(c)
		if !ok || !fits(v) {
			return Unknown
		}
		return verdict[first.cmp(v)+1]
	}}
}
