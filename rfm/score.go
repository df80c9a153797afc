package rfm

import (
	"strconv"

	"github.com/shopspring/decimal"
)

// Dimension is one of the three letters of RFM.
type Dimension uint8

// The three dimensions.
const (
	Recency Dimension = iota
	Frequency
	Monetary
)

// Values are the three measured values of one customer.
type Values struct {
	// Recency is the number of civil days since the last qualifying order, zero or more.
	Recency int64 `json:"recency"`
	// Frequency is the number of qualifying orders, or of active days.
	Frequency int64 `json:"frequency"`
	// Monetary, in major units, is divided by Per to give the exact value: a mean order value of 140.00
	// over 3 orders is 140.00 per 3. Per zero means one.
	Monetary decimal.Decimal `json:"monetary"`
	Per      int64           `json:"per,omitzero"`
}

// Score is the three scores of one customer, each from 1 (worst) to the number of bins of its
// dimension. The zero Score is no score: that of a prospect.
type Score struct {
	R uint8 `json:"r"`
	F uint8 `json:"f"`
	M uint8 `json:"m"`
}

// IsZero reports whether there is no score.
func (s Score) IsZero() bool { return s == Score{} }

// String returns the scores with separators, as 5-3-4, which stays unambiguous with more than nine bins.
func (s Score) String() string {
	return strconv.Itoa(int(s.R)) + "-" + strconv.Itoa(int(s.F)) + "-" + strconv.Itoa(int(s.M))
}

// Fraction is an exact ratio of two whole numbers.
type Fraction struct {
	Num int64 `json:"num"`
	Den int64 `json:"den"`
}

// String returns the fraction as 25/30.
func (f Fraction) String() string {
	return strconv.FormatInt(f.Num, 10) + "/" + strconv.FormatInt(f.Den, 10)
}

// Round returns the fraction with a number of decimals, halves away from zero; zero where Den is zero.
func (f Fraction) Round(places int32) decimal.Decimal {
	if f.Den == 0 {
		return decimal.Zero
	}
	return decimal.NewFromInt(f.Num).DivRound(decimal.NewFromInt(f.Den), places)
}
