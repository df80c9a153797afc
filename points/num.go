package points

import (
	"errors"
	"fmt"
	"math/big"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/internal/fixed"
)

// num is an exact decimal m·10^-e, e >= 0. Where int64 is too narrow for m it continues in wide, so no
// result is ever rounded or wrapped; the usual order never gets there and allocates nothing.
type num struct {
	m    int64
	e    int
	wide *big.Int
}

var one = num{m: 1}

const maxPow10 = 18

var pow10 = func() (p [maxPow10 + 1]int64) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = p[i-1] * 10
	}
	return p
}()

func bigPow10(n int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
}

// toNum takes a decimal at the door. Beyond the limits of [fixed.Check] or 18 digits it is an error,
// so a term always fits one word.
func toNum(d decimal.Decimal) (num, error) {
	if err := fixed.Check(d); err != nil {
		return num{}, err
	}
	scale := max(0, -int(d.Exponent()))
	m, err := fixed.Minor(d, scale)
	for err != nil && scale > 0 { // a long coefficient may end in zeros
		scale--
		if m, err = fixed.Minor(d, scale); errors.Is(err, fixed.ErrScale) {
			return num{}, fixed.ErrRange
		}
	}
	if err != nil {
		return num{}, err
	}
	for scale > 0 && m%10 == 0 {
		m, scale = m/10, scale-1
	}
	return num{m: m, e: scale}, nil
}

func (n num) int() *big.Int {
	if n.wide != nil {
		return n.wide
	}
	return big.NewInt(n.m)
}

func (n num) sign() int {
	switch {
	case n.wide != nil:
		return n.wide.Sign()
	case n.m > 0:
		return 1
	case n.m < 0:
		return -1
	}
	return 0
}

func (n num) mul(by num) num {
	if n.wide == nil && by.wide == nil {
		if m, err := fixed.Mul(n.m, by.m); err == nil {
			return num{m: m, e: n.e + by.e}
		}
	}
	return num{wide: new(big.Int).Mul(n.int(), by.int()), e: n.e + by.e}
}

// to writes the same number with e decimals, at least as many as it has.
func (n num) to(e int) num {
	d := e - n.e
	if d == 0 {
		return n
	}
	if n.wide == nil && d <= maxPow10 {
		if m, err := fixed.Mul(n.m, pow10[d]); err == nil {
			return num{m: m, e: e}
		}
	}
	return num{wide: new(big.Int).Mul(n.int(), bigPow10(d)), e: e}
}

func (n num) add(by num) num {
	e := max(n.e, by.e)
	a, b := n.to(e), by.to(e)
	if a.wide == nil && b.wide == nil {
		if m, err := fixed.Add(a.m, b.m); err == nil {
			return num{m: m, e: e}
		}
	}
	return num{wide: new(big.Int).Add(a.int(), b.int()), e: e}
}

// excess returns n - 1.
func (n num) excess() num {
	if n.wide == nil && n.e <= maxPow10 && n.m >= 0 {
		return num{m: n.m - pow10[n.e], e: n.e}
	}
	return n.sub(one)
}

func (n num) sub(by num) num { return n.add(by.mul(num{m: -1})) }

func (n num) cmp(to num) int { return n.sub(to).sign() }

// MarshalText writes the plain decimal; only numbers of one word are ever stored.
func (n num) MarshalText() ([]byte, error) {
	if n.wide != nil {
		return nil, fmt.Errorf("points: %w", ErrOverflow)
	}
	return []byte(fixed.Decimal(n.m, n.e).String()), nil
}

// UnmarshalText reads what MarshalText wrote.
func (n *num) UnmarshalText(text []byte) error {
	if len(text) > 64 {
		return fmt.Errorf("points: a number of %s characters", strconv.Itoa(len(text)))
	}
	d, err := decimal.NewFromString(string(text))
	if err != nil {
		return fmt.Errorf("points: %q is not a number", text)
	}
	*n, err = toNum(d)
	return err
}

func (n num) IsZero() bool { return n.wide == nil && n.m == 0 }

// share returns floor(total·part/whole) for 0 <= total, 0 <= part <= whole; 0 of nothing is 0.
func share(total, part, whole int64) int64 {
	if total == 0 || part == 0 || whole == 0 {
		return 0
	}
	return mulDiv(total, part, whole)
}

// String returns the plain decimal.
func (n num) String() string { return decimal.NewFromBigInt(n.int(), -int32(n.e)).String() }
