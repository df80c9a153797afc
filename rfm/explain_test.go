package rfm

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// randomModel fits one of many schemes to a random story.
func randomModel(t *testing.T, r *rand.Rand, round int) (*Customers[int], *Model) {
	t.Helper()
	c := Config{Zone: "UTC", Scale: 2, Nested: round%4 == 0, Monetary: MonetaryMeasure(round % 2)}
	c.R = Binning{Bins: 2 + r.IntN(8), Ties: Ties(round % 3)}
	c.F = Binning{Bins: 2 + r.IntN(8), Ties: Ties(round / 3 % 3)}
	c.M = Binning{Bins: 2 + r.IntN(8), Ties: Ties(round / 9 % 3)}
	if round%5 == 0 {
		c.R, c.F, c.M = Binning{Rule: MeanRule}, Binning{Rule: MeanRule}, Binning{Rule: MeanRule}
	}
	if round%7 == 0 {
		c.R = Binning{Rule: FixedCuts, Cuts: []decimal.Decimal{dec("5"), dec("20.5"), dec("60")}}
		c.M = Binning{Rule: FixedCuts, Cuts: []decimal.Decimal{dec("-1"), dec("0.005"), dec("50")}}
	}
	customers, err := SummarizeSlice(MustCompile(c), Before(time.Date(2024, 4, 1, 0, 0, 0, 0, time.UTC)), story(r, 300, 60))
	require.NoError(t, err)
	m, err := customers.Fit()
	require.NoError(t, err)
	return customers, m
}

// What an explanation says must come true: with what is missing the score is reached, with a little less it
// is not, and the share that is worse can be counted.
func TestExplainComesTrue(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	cent := dec("0.01")
	for round := range 60 {
		customers, m := randomModel(t, r, round)
		s, asOf := m.Scheme(), customers.AsOf()
		var all []Values
		for _, sum := range customers.All() {
			if v, ok, err := s.Values(sum, asOf); ok {
				require.NoError(t, err)
				all = append(all, v)
			}
		}
		for _, sum := range customers.All() {
			e, err := m.Explain(sum, asOf, nil)
			require.NoError(t, err)
			score, err := m.Score(sum, asOf)
			require.NoError(t, err)
			require.Equal(t, score, e.Score)
			if score.IsZero() {
				require.Equal(t, Explanation{Model: m.ID(), On: asOf}, e)
				continue
			}
			v, _, err := s.Values(sum, asOf)
			require.NoError(t, err)
			scoreOf := func(v Values) Score {
				score, err := m.ScoreValues(v)
				require.NoError(t, err)
				return score
			}
			if d := e.Recency.Missing; d != nil {
				less := v
				less.Recency -= d.Amount.BigInt().Int64()
				require.Equal(t, d.Score, int(scoreOf(less).R))
				less.Recency++
				require.Equal(t, score.R, scoreOf(less).R)
			}
			if d := e.Frequency.Missing; d != nil {
				more := v
				more.Frequency += d.Amount.BigInt().Int64()
				require.Equal(t, d.Score, int(scoreOf(more).F))
				more.Frequency--
				require.Equal(t, score.F, scoreOf(more).F)
			}
			if d := e.Monetary.Missing; d != nil && s.config.Monetary == NetSpend {
				require.False(t, d.Beyond)
				more := v
				more.Monetary = v.Monetary.Add(d.Amount)
				require.Equal(t, d.Score, int(scoreOf(more).M))
				more.Monetary = more.Monetary.Sub(cent)
				require.Equal(t, score.M, scoreOf(more).M)
			}
			if d := e.Monetary.Missing; d != nil && s.config.Monetary == MeanOrder {
				cut := e.Monetary.Below
				away := new(big.Rat).Quo(d.Amount.Rat(), big.NewRat(max(d.Per, 1), 1))
				own := new(big.Rat).Quo(v.Monetary.Rat(), big.NewRat(max(v.Per, 1), 1))
				require.Equal(t, new(big.Rat).Quo(cut.Value.Rat(), big.NewRat(max(cut.Per, 1), 1)), away.Add(away, own))
				want := d.Score
				if d.Beyond {
					want = e.Monetary.Score
				}
				there := v
				there.Monetary, there.Per = cut.Value, cut.Per
				require.Equal(t, want, int(scoreOf(there).M))
			}
			if !s.config.Nested {
				worse := int64(0)
				for _, other := range all {
					if other.Recency > v.Recency {
						worse++
					}
				}
				require.Equal(t, Fraction{worse, int64(len(all))}, e.Recency.Worse)
			}
			trimmed, err := m.Trim().Explain(sum, asOf, nil)
			require.NoError(t, err)
			require.Zero(t, trimmed.Monetary.Worse)
			require.Equal(t, e.Monetary.Missing, trimmed.Monetary.Missing)
		}
	}
}

// Two cuts with no whole number between them are passed together, and the distance says so.
func TestExplainDistanceOverCutsThatMeanTheSame(t *testing.T) {
	s := MustCompile(Config{Zone: "UTC", F: Binning{Ties: Mid}})
	p := s.NewPopulation()
	for _, f := range []int64{1, 2, 2, 3, 3, 3, 4, 4} {
		require.NoError(t, p.Add(Values{Frequency: f}))
	}
	m, err := s.Fit(at(t, "UTC", "2024-01-01"), p)
	require.NoError(t, err)
	e, err := m.ExplainValues(Values{Frequency: 3}, nil)
	require.NoError(t, err)
	assertJSON(t, Distance{Score: 5, Amount: dec("1")}, e.Frequency.Missing)
}

// Everybody bought today: there is no better day.
func TestExplainAsksForNothingImpossible(t *testing.T) {
	s := MustCompile(Config{Zone: "UTC"})
	p := s.NewPopulation()
	require.NoError(t, p.Add(Values{Frequency: 1}))
	m, err := s.Fit(at(t, "UTC", "2024-01-01"), p)
	require.NoError(t, err)
	e, err := m.ExplainValues(Values{Frequency: 1}, nil)
	require.NoError(t, err)
	assert.Equal(t, 1, e.Recency.Score)
	assert.NotNil(t, e.Recency.Below)
	assert.Nil(t, e.Recency.Missing)
}

// Means of many different numbers of orders have a mean with an enormous denominator.
func TestExplainDistanceToFineMeans(t *testing.T) {
	mean := Binning{Rule: MeanRule}
	s := MustCompile(Config{Zone: "UTC", Scale: 2, Monetary: MeanOrder, R: mean, F: mean, M: mean})
	p := s.NewPopulation()
	for i := int64(1); i < 60; i++ {
		require.NoError(t, p.Add(Values{Frequency: i, Monetary: decimal.New(1000+i*37, -2), Per: i}))
	}
	m, err := s.Fit(at(t, "UTC", "2024-01-01"), p)
	require.NoError(t, err)
	for _, per := range []int64{59, 1<<32 - 5, 1<<32 - 1} {
		v := Values{Frequency: 59, Monetary: decimal.New(1001, -2), Per: per}
		e, err := m.ExplainValues(v, nil)
		require.NoError(t, err)
		d, cut := e.Monetary.Missing, e.Monetary.Below
		require.NotNil(t, d)
		assert.Equal(t, 2, d.Score)
		sum := new(big.Rat).Quo(d.Amount.Rat(), big.NewRat(max(d.Per, 1), 1))
		sum.Add(sum, new(big.Rat).Quo(v.Monetary.Rat(), big.NewRat(per, 1)))
		sum.Sub(sum, new(big.Rat).Quo(cut.Value.Rat(), big.NewRat(max(cut.Per, 1), 1)))
		assert.Equal(t, d.Beyond, sum.Sign() == 0, "exact, or beyond")
		assert.GreaterOrEqual(t, sum.Sign(), 0)
		assert.Negative(t, sum.Cmp(big.NewRat(1, 1<<62)))
	}
}

// The next change is the first day on which the score differs, found by trying every day.
func TestNextChangeComesTrue(t *testing.T) {
	r := rand.New(rand.NewPCG(33, 34))
	for round := range 40 {
		customers, m := randomModel(t, r, round)
		for _, sum := range customers.All() {
			asOf := customers.AsOf()
			change, ok, err := m.NextChange(sum, asOf)
			require.NoError(t, err)
			now, err := m.Score(sum, asOf)
			require.NoError(t, err)
			if !ok {
				change.On = asOf + 500
			}
			for day := asOf; day < change.On; day++ {
				score, err := m.Score(sum, day)
				require.NoError(t, err)
				require.Equal(t, now.R, score.R)
			}
			if ok {
				then, err := m.Score(sum, change.On)
				require.NoError(t, err)
				require.Less(t, then.R, now.R)
				require.Equal(t, then, change.Score)
			}
		}
	}
}

// A cut so far away that no calendar reaches it is never lost, and one that no number of days is is refused.
func TestNextScoreBeyondTheCalendar(t *testing.T) {
	far := func(days int64) Config {
		return Config{Zone: "UTC", R: Binning{Rule: FixedCuts, Cuts: []decimal.Decimal{decimal.NewFromInt(days)}}}
	}
	s := MustCompile(far(mostWhole))
	m, err := s.Fit(at(t, "UTC", "2024-01-01"), s.NewPopulation())
	require.NoError(t, err)
	sum := Summary{Orders: 1, ActiveDays: 1, First: 100, Last: 100, Net: dec("1")}
	_, ok, err := m.NextChange(sum, 200)
	require.NoError(t, err)
	assert.False(t, ok)
	_, _, ok, err = m.NextSegment(sum, 200, MustSegments(SegmentConfig{R: 2, Segments: everything()}))
	require.NoError(t, err)
	assert.False(t, ok)
	for _, days := range []int64{mostWhole + 1, math.MaxInt64, math.MinInt64} {
		_, err = Compile(far(days))
		require.ErrorContains(t, err, "rfm: r: cuts[0]: ")
	}
}

func TestNextSegment(t *testing.T) {
	cuts := []decimal.Decimal{dec("30"), dec("60"), dec("90"), dec("180")}
	s := MustCompile(Config{Zone: "UTC", R: Binning{Rule: FixedCuts, Cuts: cuts}})
	m, err := s.Fit(at(t, "UTC", "2024-01-01"), s.NewPopulation())
	require.NoError(t, err)
	last := Date(2024, 1, 1)
	sum := Summary{Orders: 1, ActiveDays: 1, First: last, Last: last, Net: dec("10")}
	// F and M have no cuts: 5-1-1 is a new customer of the grid, 4-1-1 promising, 3-1-1 about to sleep,
	// 2-1-1 and 1-1-1 hibernating.
	var got []string
	for day := last; ; {
		change, segment, ok, err := m.NextSegment(sum, day, Grid())
		require.NoError(t, err)
		if !ok {
			break
		}
		got = append(got, change.On.String()+" "+segment.Key)
		day = change.On
	}
	assert.Equal(t, []string{"2024-02-01 promising", "2024-03-02 about_to_sleep", "2024-04-01 hibernating"}, got)
	_, _, ok, err := m.NextSegment(Summary{}, last, Grid())
	require.NoError(t, err)
	assert.False(t, ok)
}

func TestSegmentsOfOtherScoresAreRefused(t *testing.T) {
	s := MustCompile(Config{Zone: "UTC"})
	m, err := s.Fit(at(t, "UTC", "2024-01-01"), s.NewPopulation())
	require.NoError(t, err)
	sum := Summary{Orders: 1, ActiveDays: 1, First: 9, Last: 9, Net: dec("10")}
	const want = "rfm: segments: the map is not for the scores of this model"
	for _, sum := range []Summary{sum, {}} {
		_, err = m.Explain(sum, 10, Eight())
		require.EqualError(t, err, want)
		for _, segments := range []*Segments{Eight(), nil, {}} {
			_, _, _, err = m.NextSegment(sum, 10, segments)
			require.EqualError(t, err, want)
		}
	}
	_, err = m.ExplainValues(Values{Frequency: 1}, Eight())
	require.EqualError(t, err, want)
}

func TestExplainValuesOfOneOwnMeasure(t *testing.T) {
	s := MustCompile(Config{Zone: "UTC", Scale: 2, Monetary: OwnMeasure})
	p := s.NewPopulation()
	for i := range int64(10) {
		require.NoError(t, p.Add(Values{Recency: i, Frequency: 1, Monetary: decimal.New(i, -1), Per: 3}))
	}
	m, err := s.Fit(at(t, "UTC", "2024-01-01"), p)
	require.NoError(t, err)
	e, err := m.ExplainValues(Values{Recency: 2, Frequency: 1, Monetary: dec("0.5"), Per: 3}, Eleven())
	require.NoError(t, err)
	assert.Equal(t, Fraction{5, 10}, e.Monetary.Worse)
	assert.Equal(t, Fraction{1, 10}, e.Monetary.Equal)
	assert.Equal(t, Score{R: 4, F: 1, M: 3}, e.Score)
	assert.NotEmpty(t, e.Segment.Key)
	assertJSON(t, Distance{Score: 4, Amount: dec("0"), Beyond: true}, e.Monetary.Missing)

	_, err = m.Score(Summary{Orders: 1, ActiveDays: 1}, 0)
	require.ErrorContains(t, err, "own measure")
	v, ok, err := s.Values(Summary{Orders: 2, Last: 3, First: 3, ActiveDays: 1}, 9)
	require.NoError(t, err)
	assert.True(t, ok)
	assert.Equal(t, Values{Recency: 6, Frequency: 2}, v)
}
