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
// decimals. Each month of age counts the vintages that have reached it, so young ones help where
// they can; an age that only one vintage has reached is left out, so the estimate says nothing about
// points older than ByAge is long. The interval is that of a ratio estimator with vintages as
// clusters (Cochran, Sampling Techniques, 3rd ed., 6.3) and Student's t. At least four vintages are needed.
func Breakage(vintages []Vintage) (Estimate, error) {
	const least = 4
	if len(vintages) < least {
		return Estimate{}, fmt.Errorf("%w: breakage needs %d vintages, has %d", ErrAmount, least, len(vintages))
	}
	for _, v := range vintages {
		if err := v.check(); err != nil {
			return Estimate{}, err
		}
	}
	var out Estimate
	total := new(big.Rat)
	residuals := make([]float64, len(vintages))
	for age := 0; ; age++ {
		var issued, expired, seen int64
		for _, v := range vintages {
			if age >= len(v.Expired) {
				continue
			}
			seen++
			var err error
			if issued, err = fixed.Add(issued, v.Issued); err != nil {
				return Estimate{}, fmt.Errorf("%w: points issued", ErrOverflow)
			}
			expired += v.Expired[age] // at most issued
		}
		if seen < 2 || issued == 0 {
			break
		}
		share := big.NewRat(expired, issued)
		total.Add(total, share)
		cumulative, err := rounded(total, shareDecimals)
		if err != nil {
			return Estimate{}, err
		}
		out.ByAge = append(out.ByAge, cumulative)
		s, _ := share.Float64()
		for i, v := range vintages {
			if age < len(v.Expired) {
				residuals[i] += (float64(v.Expired[age]) - s*float64(v.Issued)) / float64(issued)
			}
		}
	}
	if len(out.ByAge) == 0 {
		return Estimate{}, fmt.Errorf("%w: breakage needs two vintages with points and a whole month seen", ErrAmount)
	}
	out.Share = out.ByAge[len(out.ByAge)-1]
	centre, _ := total.Float64()
	margin := spread95(residuals)
	out.Low, out.High = shareOf(centre-margin), shareOf(centre+margin)
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
