// Package fixed carries exact amounts from the decimals of the public signatures to the int64 minor
// units of the inner loops and back. Every conversion and sum is checked: a result is exact or an
// error, never a wrapped or rounded number nobody asked for.
package fixed

import (
	"cmp"
	"errors"
	"math"
	"math/big"
	"math/bits"
	"slices"

	"github.com/shopspring/decimal"
)

// The limits of a decimal at the door. Inside them every sum, product and comparison is cheap; a
// decimal beyond them (1e30000000 parses) could cost minutes or gigabytes.
const (
	MaxDigits   = 38
	MaxExponent = 18
)

var (
	// ErrRange reports a number too large for its place.
	ErrRange = errors.New("out of range")
	// ErrScale reports a number with more decimals than the declared scale.
	ErrScale = errors.New("more decimals than the scale allows")
)

var pow10 = func() (p [MaxExponent + 1]int64) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = p[i-1] * 10
	}
	return p
}()

// Check refuses a decimal beyond [MaxDigits] or [MaxExponent]. It costs less than parsing the decimal did.
func Check(d decimal.Decimal) error {
	e := d.Exponent()
	if e < -MaxExponent || e > MaxExponent || d.NumDigits() > MaxDigits {
		return ErrRange
	}
	return nil
}

// Minor returns d in units of 10^-scale, scale 0 to 18: 12.34 at scale 2 is 1234. It never rounds: a
// decimal with more places than the scale is [ErrScale] (1.230 at scale 2 is fine), one that does not
// fit an int64, or is beyond the limits of [Check], is [ErrRange]. It does not allocate for amounts of up to 18 digits.
func Minor(d decimal.Decimal, scale int) (int64, error) {
	e := int(d.Exponent())
	if e < -MaxExponent || e > MaxExponent {
		return 0, ErrRange
	}
	if d.NumDigits() > 18 { // CoefficientInt64 is only defined for a coefficient that fits
		return minorBig(d, scale)
	}
	c := d.CoefficientInt64()
	shift := e + scale
	switch {
	case c == 0 || shift == 0:
		return c, nil
	case shift > MaxExponent:
		return 0, ErrRange
	case shift > 0:
		return Mul(c, pow10[shift])
	case c%pow10[-shift] != 0:
		return 0, ErrScale
	default:
		return c / pow10[-shift], nil
	}
}

func minorBig(d decimal.Decimal, scale int) (int64, error) {
	if err := Check(d); err != nil {
		return 0, err
	}
	shift := int64(d.Exponent()) + int64(scale)
	n := d.Coefficient()
	p := new(big.Int).Exp(big.NewInt(10), big.NewInt(max(shift, -shift)), nil)
	if shift >= 0 {
		n.Mul(n, p)
	} else if _, rest := n.QuoRem(n, p, new(big.Int)); rest.Sign() != 0 {
		return 0, ErrScale
	}
	if !n.IsInt64() {
		return 0, ErrRange
	}
	return n.Int64(), nil
}

// Decimal returns minor units as a decimal with exactly scale places, 0 to 18.
func Decimal(minor int64, scale int) decimal.Decimal {
	return decimal.New(minor, -int32(scale))
}

// Add returns a+b, or [ErrRange].
func Add(a, b int64) (int64, error) {
	s := a + b
	if (a^s)&(b^s) < 0 {
		return 0, ErrRange
	}
	return s, nil
}

// Sub returns a-b, or [ErrRange].
func Sub(a, b int64) (int64, error) {
	s := a - b
	if (a^b)&(a^s) < 0 {
		return 0, ErrRange
	}
	return s, nil
}

// Mul returns a*b, or [ErrRange].
func Mul(a, b int64) (int64, error) {
	hi, lo := bits.Mul64(abs(a), abs(b))
	negative := (a < 0) != (b < 0)
	switch {
	case hi != 0:
		return 0, ErrRange
	case !negative && lo <= math.MaxInt64:
		return int64(lo), nil
	case negative && lo <= 1<<63:
		return -int64(lo), nil
	}
	return 0, ErrRange
}

func abs(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

// Split divides total over weights by largest remainder: every part is its exact share rounded
// towards zero, and the units left over go one each to the largest remainders, ties to the earlier
// part. Parts always sum to total. Weights are zero or more; where they sum to zero the first part
// takes everything. A negative weight, no weight at all, or a sum beyond int64 is [ErrRange].
func Split(total int64, weights []int64) ([]int64, error) {
	parts := make([]int64, len(weights))
	return parts, SplitInto(parts, total, weights)
}

// SplitInto is Split into parts, of which there are as many as weights.
func SplitInto(parts []int64, total int64, weights []int64) error {
	var sum int64
	for _, w := range weights {
		var err error
		if sum, err = Add(sum, w); err != nil || w < 0 {
			return ErrRange
		}
	}
	if len(weights) == 0 {
		return ErrRange
	}
	if sum == 0 {
		clear(parts)
		parts[0] = total
		return nil
	}
	var few [16]uint64 // enough for most, and not on the heap
	rests := few[:]
	if len(weights) > len(few) {
		rests = make([]uint64, len(weights))
	}
	rests = rests[:len(weights)]
	size, left := abs(total), abs(total)
	for i, w := range weights {
		hi, lo := bits.Mul64(size, uint64(w))
		q, r := bits.Div64(hi, lo, uint64(sum)) // w <= sum, so the quotient fits
		parts[i], rests[i] = int64(q), r
		left -= q
	}
	if len(weights) > len(few) { // looking for the largest each time would take the square of their number
		for _, i := range largestFirst(rests)[:left] {
			parts[i]++
		}
		left = 0
	}
	for ; left > 0; left-- { // fewer than len(weights) units are left
		best := 0
		for i, r := range rests {
			if r > rests[best] {
				best = i
			}
		}
		parts[best]++
		rests[best] = 0
	}
	if total < 0 {
		for i := range parts {
			parts[i] = -parts[i]
		}
	}
	return nil
}

// largestFirst returns the places of a list, those of its largest elements first.
func largestFirst(list []uint64) []int {
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(list[b], list[a]) })
	return order
}
