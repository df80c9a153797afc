package sqlrule

import (
	"math/big"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/campaign/rule"
)

func (c column) money(ref string, n *rule.Node, _ time.Time) (fragment, bool) {
	op, ok := comparisons[n.Op]
	switch {
	case c.As == Minor:
		return c.minor(ref, n)
	case n.Op == rule.OpBetween:
		return cat(ref, " BETWEEN ", c.amount(n.Decimals[0]), " AND ", c.amount(n.Decimals[1])), true
	case ok:
		return cat(ref, op, c.amount(n.Decimals[0])), true
	}
	return fragment{}, false
}

// amount is an exact argument: text, with a cast to a decimal wide enough for it.
func (c column) amount(d decimal.Decimal) fragment {
	scale := max(0, -int(d.Exponent()))
	text := d.StringFixed(int32(scale))
	if c.dialect == Postgres {
		return cat("CAST(", bound(text), " AS numeric)")
	}
	digits := max(d.NumDigits()+max(0, int(d.Exponent())), scale) // at most 38 + 18, and MariaDB has 65
	return cat("CAST(", bound(text), " AS ", decimalType(digits, scale), ")")
}

// minor compares a column of minor units: an amount between two of them is on neither.
func (c column) minor(ref string, n *rule.Node) (fragment, bool) {
	floor, exact := units(n.Decimals[0], c.Scale)
	one := big.NewInt(1)
	ceil := floor
	if !exact {
		ceil = new(big.Int).Add(floor, one)
	}
	low, high := big.NewInt(lowest), big.NewInt(highest)
	switch n.Op {
	case rule.OpEq, rule.OpNe:
		in := c.span(ref, ceil, floor) // nothing, if the amount is between two units
		if n.Op == rule.OpNe {
			in = not(in)
		}
		return in, true
	case rule.OpUnder:
		return c.span(ref, low, new(big.Int).Sub(ceil, one)), true
	case rule.OpAtMost:
		return c.span(ref, low, floor), true
	case rule.OpOver:
		return c.span(ref, new(big.Int).Add(floor, one), high), true
	case rule.OpAtLeast:
		return c.span(ref, ceil, high), true
	case rule.OpBetween:
		top, _ := units(n.Decimals[1], c.Scale)
		return c.span(ref, ceil, top), true
	default:
		return fragment{}, false
	}
}

// span is within for bounds of any size.
func (c column) span(ref string, lo, hi *big.Int) fragment {
	low, high := big.NewInt(lowest), big.NewInt(highest)
	if lo.Cmp(hi) > 0 || lo.Cmp(high) > 0 || hi.Cmp(low) < 0 {
		return never(ref)
	}
	if lo.Cmp(low) < 0 {
		lo = low
	}
	if hi.Cmp(high) > 0 {
		hi = high
	}
	return c.within(ref, lo.Int64(), hi.Int64())
}

// units returns the largest number of minor units that is at most d, and whether it is d exactly.
func units(d decimal.Decimal, scale int) (floor *big.Int, exact bool) {
	n := d.Coefficient()
	shift := int64(d.Exponent()) + int64(scale)
	power := new(big.Int).Exp(big.NewInt(10), big.NewInt(max(shift, -shift)), nil)
	if shift >= 0 {
		return n.Mul(n, power), true
	}
	rest := new(big.Int)
	n.DivMod(n, power, rest) // Euclidean: rounds down below zero as well
	return n, rest.Sign() == 0
}
