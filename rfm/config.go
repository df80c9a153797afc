package rfm

import "github.com/shopspring/decimal"

// Config says what counts and how it is scored. It is plain data, in Go or JSON; [Compile] compiles it. The
// zero value of every field but Zone is a sensible default: five tie-fair quantile bins of days since
// the last order, number of orders, and net spend.
type Config struct {
	// Zone is the IANA name of the shop's time zone, in which civil days are counted. It is required.
	Zone string `json:"zone"`
	// Currency labels the money. It is compared where populations meet and never converted.
	Currency string `json:"currency,omitempty"`
	// Scale is the number of decimals of money, 0 to 18: 2 for cents, 0 for yen. An amount with more
	// decimals is refused, never rounded.
	Scale int `json:"scale"`
	// KeepRefunded lets a fully refunded order count in recency and frequency all the same.
	KeepRefunded bool `json:"keep_refunded,omitzero"`
	// KeepDays keeps the list of active days in every [Summary], at 4 bytes a day.
	KeepDays bool `json:"keep_days,omitzero"`
	// Frequency is what is counted; zero is [CountOrders].
	Frequency FrequencyMeasure `json:"frequency,omitzero"`
	// Monetary is what money means; zero is [NetSpend].
	Monetary MonetaryMeasure `json:"monetary,omitzero"`
	// R, F and M say how each dimension is cut into scores.
	R Binning `json:"r,omitzero"`
	F Binning `json:"f,omitzero"`
	M Binning `json:"m,omitzero"`
	// Nested cuts F within each R score and M within each pair of R and F scores.
	Nested bool `json:"nested,omitzero"`
	// Weights are the weights of [Model.Composite]; zero for all three means equal weights.
	Weights Weights `json:"weights,omitzero"`
}

// FrequencyMeasure is what frequency counts.
type FrequencyMeasure uint8

// The frequency measures.
const (
	CountOrders FrequencyMeasure = iota // qualifying orders
	CountDays                           // distinct civil days with a qualifying order
)

// MonetaryMeasure is what monetary value means.
type MonetaryMeasure uint8

// The monetary measures.
const (
	NetSpend   MonetaryMeasure = iota // sum of net
	MeanOrder                         // net per qualifying order (客单价), exact
	MeanPiece                         // net per piece (件单价), exact
	OwnMeasure                        // the caller's own, handed over as [Values]
)

// Binning says how one dimension is cut into scores 1 (worst) to Bins.
type Binning struct {
	// Rule is how the cuts are found; zero is [Quantiles].
	Rule Rule `json:"rule,omitzero"`
	// Bins is the number of scores, 2 to 100; zero means 5 for quantiles, 2 for [MeanRule], and one more
	// than the cuts for [FixedCuts].
	Bins int `json:"bins,omitzero"`
	// Ties says which score customers with equal values share; zero is [Low]. Quantiles alone read it.
	Ties Ties `json:"ties,omitzero"`
	// Cuts are the fixed cuts, strictly rising: orders or money from which a higher score begins, or the
	// days up to and including which a recency still has the higher score.
	Cuts []decimal.Decimal `json:"cuts,omitempty"`
}

// Rule is how cuts are found.
type Rule uint8

// The rules.
const (
	Quantiles Rule = iota // tie-fair quantiles of the population
	FixedCuts             // cuts given beforehand
	MeanRule              // 2 when strictly better than the mean, else 1
)

// Ties is the score that customers with equal values share, where a quantile boundary falls among them.
type Ties uint8

// The three choices.
const (
	Low  Ties = iota // 1 + ⌊bins × worse / n⌋: the bottom group is always 1
	Mid              // 1 + ⌊bins × (2 × worse + equal) / 2n⌋
	High             // ⌈bins × (worse + equal) / n⌉: the top group always has the highest score
)

// Weights are the weights of the three scores in [Model.Composite], each zero or more.
type Weights struct {
	R int64 `json:"r"`
	F int64 `json:"f"`
	M int64 `json:"m"`
}

// Cut is one boundary between two scores: values better than Value/Per earn the higher one, and Value/Per
// itself does so where Inclusive. Better is fewer days, more orders, more money.
type Cut struct {
	Value     decimal.Decimal `json:"value"`
	Per       int64           `json:"per,omitzero"` // zero means one
	Inclusive bool            `json:"inclusive,omitzero"`
}
