package points

import (
	"fmt"
	"math"
	"math/big"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/internal/fixed"
)

// Vintage is the points issued in one month and how many of them expired unspent since.
type Vintage struct {
	// Month is a label, such as "2025-01".
	Month string `json:"month"`
	// Issued are the points of the month, without what was clawed back.
	Issued int64 `json:"issued"`
	// Expired are the points of it that expired in the month of issue, in the next, and so on, as far
	// as whole months have been seen. A zero counts: it says that the month was seen.
	Expired []int64 `json:"expired"`
}

// Estimate is the share of issued points that expires unspent.
type Estimate struct {
	Share decimal.Decimal `json:"share"`
	// Low and High bound the share with 95 % confidence, within 0 and 1.
	Low  decimal.Decimal `json:"low"`
	High decimal.Decimal `json:"high"`
	// ByAge is the share that has expired by the end of each month of age; its last is Share.
	ByAge []decimal.Decimal `json:"by_age"`
}

// Breakage estimates from a programme's own vintages how many points expire unspent, to six
// decimals. In each month of age it counts, of the vintages that have reached it, what expired among
// the points that had not expired before, and chains these shares: young vintages help where they
// can, and the result stays within 1 (Kaplan and Meier, J. Am. Stat. Assoc. 53 (1958) 457). An age
// that only one vintage has reached is left out, so the estimate says nothing about points older than
// ByAge is long. The interval is that of ratio estimators with vintages as clusters (Cochran, Sampling
// Techniques, 3rd ed., 6.3), carried along the chain, and Student's t. A vintage of which no whole
// month was seen, or that issued nothing, does not count; at least four others are needed.
func Breakage(vintages []Vintage) (Estimate, error) {
	const least = 4
	seen := make([]Vintage, 0, len(vintages))
	for _, v := range vintages {
		if err := v.check(); err != nil {
			return Estimate{}, err
		}
		if len(v.Expired) > 0 && v.Issued > 0 {
			seen = append(seen, v)
		}
	}
	if len(seen) < least {
		return Estimate{}, fmt.Errorf("%w: breakage needs %d vintages with points and a whole month seen, has %d", ErrAmount, least, len(seen))
	}
	var out Estimate
	kept := big.NewRat(1, 1) // the share that has not expired yet
	residuals := make([]float64, len(seen))
	left := make([]int64, len(seen)) // what of each vintage has not
	for i := range seen {
		left[i] = seen[i].Issued
	}
	for age := 0; ; age++ {
		var exposed, expired int64
		reached := 0
		for i, v := range seen {
			if age >= len(v.Expired) {
				continue
			}
			reached++
			var err error
			if exposed, err = fixed.Add(exposed, left[i]); err != nil {
				return Estimate{}, fmt.Errorf("%w: points issued", ErrOverflow)
			}
			expired += v.Expired[age] // at most exposed
		}
		if reached < 2 || exposed == 0 {
			break
		}
		lapse := big.NewRat(expired, exposed)
		s, _ := lapse.Float64()
		before, _ := kept.Float64()
		for i, v := range seen {
			residuals[i] *= 1 - s
			if age < len(v.Expired) {
				residuals[i] += before * (float64(v.Expired[age]) - s*float64(left[i])) / float64(exposed)
				left[i] -= v.Expired[age]
			}
		}
		kept.Mul(kept, lapse.Sub(big.NewRat(1, 1), lapse))
		share, err := rounded(new(big.Rat).Sub(big.NewRat(1, 1), kept), shareDecimals)
		if err != nil {
			return Estimate{}, err
		}
		out.ByAge = append(out.ByAge, share)
	}
	out.Share = out.ByAge[len(out.ByAge)-1]
	rest, _ := kept.Float64()
	margin := spread95(residuals)
	out.Low, out.High = shareOf(1-rest-margin), shareOf(1-rest+margin)
	return out, nil
}

const shareDecimals = 6

func (v *Vintage) check() error {
	var sum int64
	for _, n := range v.Expired {
		if n < 0 || n > v.Issued-sum {
			return fmt.Errorf("%w: vintage %.20q expires more than it issued", ErrAmount, v.Month)
		}
		sum += n
	}
	if v.Issued < 0 {
		return fmt.Errorf("%w: vintage %.20q issued %d", ErrAmount, v.Month, v.Issued)
	}
	return nil
}

// spread95 is half the width of the interval.
func spread95(residuals []float64) float64 {
	n := float64(len(residuals))
	var squares float64
	for _, r := range residuals {
		squares += r * r
	}
	return student975(n-1) * math.Sqrt(squares*n/(n-1))
}

// student975 approximates the 97.5 % quantile of Student's t (Abramowitz and Stegun 26.7.5), to a
// hundredth from four degrees of freedom on.
func student975(df float64) float64 {
	const z = 1.959963984540054
	z3, z5, z7 := z*z*z, math.Pow(z, 5), math.Pow(z, 7)
	return z + (z3+z)/(4*df) + (5*z5+16*z3+3*z)/(96*df*df) + (3*z7+19*z5+17*z3-15*z)/(384*df*df*df)
}

// shareOf brings a statistic back to a decimal between 0 and 1.
func shareOf(x float64) decimal.Decimal {
	d, err := decimal.NewFromString(strconv.FormatFloat(min(1, max(0, x)), 'f', shareDecimals, 64))
	if err != nil { // not a number
		return decimal.Decimal{}
	}
	return d
}
