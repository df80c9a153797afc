package rfm

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// specs holds the worked examples by their number; files add their own with spec.
var specs = map[string]func(*testing.T){}

func spec(id string, f func(*testing.T)) struct{} {
	specs[id] = f
	return struct{}{}
}

func TestSpec(t *testing.T) {
	ids := slices.SortedFunc(maps.Keys(specs), func(a, b string) int {
		x, _ := strconv.Atoi(a[1:])
		y, _ := strconv.Atoi(b[1:])
		return cmp.Compare(x, y)
	})
	for _, id := range ids {
		t.Run(id, specs[id])
	}
}

func at(t testing.TB, zone, s string) time.Time {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	require.NoError(t, err)
	for _, layout := range []string{time.DateTime, "2006-01-02 15:04", time.DateOnly} {
		if v, err := time.ParseInLocation(layout, s, loc); err == nil {
			return v
		}
	}
	t.Fatalf("no instant: %q", s)
	return time.Time{}
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func each[T any](items ...T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, item := range items {
			if !yield(item, nil) {
				return
			}
		}
	}
}

// one summarizes the orders of a single customer, in all the ways there are.
func one(t *testing.T, c Config, w Window, orders ...Order[string]) (Summary, Report) {
	t.Helper()
	s, err := Compile(c)
	require.NoError(t, err)
	for i := range orders {
		orders[i].Customer = "c"
	}
	customers, err := Summarize(s, w, each(orders...))
	require.NoError(t, err)
	sum, _ := customers.Of("c")

	sliced, err := SummarizeSlice(s, w, orders)
	require.NoError(t, err)
	again, _ := sliced.Of("c")
	assert.Equal(t, sum, again)
	assert.Equal(t, customers.Report(), sliced.Report())

	var added Summary
	for _, o := range orders {
		added, err = Add(s, w, added, o)
		require.NoError(t, err)
	}
	assertJSON(t, sum, added)
	return sum, customers.Report()
}

func recency(t *testing.T, zone, last, asOf string) int64 {
	t.Helper()
	w := Before(at(t, zone, asOf))
	sum, _ := one(t, Config{Zone: zone}, w, Order[string]{At: at(t, zone, last), Amount: dec("1")})
	s := MustCompile(Config{Zone: zone})
	v, ok, err := s.Values(sum, s.Day(w.At))
	require.NoError(t, err)
	require.True(t, ok)
	return v.Recency
}

var (
	_ = spec("Q1", func(t *testing.T) {
		assert.EqualValues(t, 2, recency(t, "Asia/Shanghai", "2024-02-28 10:00", "2024-03-01"))
		assert.EqualValues(t, 1, recency(t, "Asia/Shanghai", "2023-02-28 10:00", "2023-03-01"))
	})
	_ = spec("Q2", func(t *testing.T) {
		assert.EqualValues(t, 365, recency(t, "Asia/Shanghai", "2024-02-29 12:00", "2025-02-28"))
	})
	_ = spec("Q3", func(t *testing.T) {
		assert.EqualValues(t, 1, recency(t, "UTC", "2024-02-29 23:59:59", "2024-03-01"))
		now := at(t, "UTC", "2024-03-01")
		sum, report := one(t, Config{Zone: "UTC"}, Before(now), Order[string]{At: now, Amount: dec("1")})
		assert.True(t, sum.Prospect())
		assert.EqualValues(t, 1, report.Future)
	})
	_ = spec("Q4", func(t *testing.T) {
		for zone, want := range map[string]int64{"Asia/Shanghai": 1, "UTC": 0, "America/New_York": 0} {
			s := MustCompile(Config{Zone: zone})
			last, now := at(t, "UTC", "2024-06-30 15:30"), at(t, "UTC", "2024-06-30 16:00")
			sum, err := Add(s, Before(now), Summary{}, Order[int]{At: last, Amount: dec("1")})
			require.NoError(t, err)
			v, _, err := s.Values(sum, s.Day(now))
			require.NoError(t, err)
			assert.Equal(t, want, v.Recency, zone)
		}
	})
	_ = spec("Q5", func(t *testing.T) {
		assert.EqualValues(t, 2, recency(t, "America/New_York", "2017-03-11 23:30", "2017-03-13"))
	})
	_ = spec("Q7", func(t *testing.T) {
		assert.EqualValues(t, 1, recency(t, "Europe/London", "2011-03-27 23:30", "2011-03-28"))
		utc := MustCompile(Config{Zone: "UTC"})
		now := at(t, "Europe/London", "2011-03-28")
		sum, err := Add(utc, Before(now), Summary{}, Order[int]{At: at(t, "Europe/London", "2011-03-27 23:30"), Amount: dec("1")})
		require.NoError(t, err)
		v, _, err := utc.Values(sum, utc.Day(now))
		require.NoError(t, err)
		assert.Zero(t, v.Recency)
	})
	_ = spec("Q8", func(t *testing.T) {
		assert.Zero(t, recency(t, "Asia/Shanghai", "2024-05-05 08:00", "2024-05-05 17:00"))
	})
	_ = spec("Q9", func(t *testing.T) {
		sum, report := one(t, Config{Zone: "UTC"}, Before(at(t, "UTC", "2024-03-01")), Order[string]{At: at(t, "UTC", "2024-03-05"), Amount: dec("10")})
		assert.True(t, sum.Prospect())
		assert.Equal(t, Report{Orders: 1, Future: 1}, report)
	})
	_ = spec("Q10", func(t *testing.T) {
		w := Before(at(t, "UTC", "2024-06-01"))
		order := func(s string) Order[string] { return Order[string]{At: at(t, "UTC", s), Amount: dec("5")} }
		sum, _ := one(t, Config{Zone: "UTC"}, w, order("2024-05-01 10:00"), order("2024-05-01 18:00"))
		assert.EqualValues(t, 2, sum.Orders)
		assert.EqualValues(t, 1, sum.ActiveDays)
		assert.Zero(t, sum.LastGap)
		sum, _ = one(t, Config{Zone: "UTC"}, w, order("2024-05-01 23:50"), order("2024-05-02 00:10"))
		assert.EqualValues(t, 2, sum.ActiveDays)
		assert.EqualValues(t, 1, sum.LastGap)
	})
	_ = spec("Q11", func(t *testing.T) {
		w := Before(at(t, "UTC", "2024-06-01"))
		for refunded, want := range map[string]string{"2024-05-20": "70", "2024-06-01": "100", "2024-07-01": "100"} {
			sum, report := one(t, Config{Zone: "UTC"}, w, Order[string]{
				At: at(t, "UTC", "2024-05-01"), Amount: dec("100"),
				Refunds: []Refund{{At: at(t, "UTC", refunded), Amount: dec("30")}},
			})
			assert.EqualValues(t, 1, sum.Orders)
			assert.True(t, sum.Net.Equal(dec(want)), "%v is not %v", sum.Net, want)
			assert.Equal(t, want == "100", report.FutureRefunds == 1)
		}
	})
	_ = spec("Q12", func(t *testing.T) {
		order := Order[string]{
			At: at(t, "UTC", "2024-05-01"), Amount: dec("100"),
			Refunds: []Refund{{At: at(t, "UTC", "2024-05-02"), Amount: dec("100")}},
		}
		w := Before(at(t, "UTC", "2024-06-01"))
		sum, report := one(t, Config{Zone: "UTC"}, w, order)
		assert.True(t, sum.Prospect())
		assert.Zero(t, sum.Orders)
		assert.True(t, sum.Net.IsZero())
		assert.Equal(t, Report{Orders: 1, Refunded: 1, Customers: 1, Prospects: 1}, report)
		sum, _ = one(t, Config{Zone: "UTC", KeepRefunded: true}, w, order)
		assert.EqualValues(t, 1, sum.Orders)
	})
	_ = spec("Q14", func(t *testing.T) {
		w := Before(at(t, "UTC", "2024-06-01"))
		bad := Order[string]{
			At: at(t, "UTC", "2024-05-01"), Amount: dec("50"),
			Refunds: []Refund{{At: at(t, "UTC", "2024-05-02"), Amount: dec("80")}},
		}
		sum, _ := one(t, Config{Zone: "UTC"}, w, bad, Order[string]{At: at(t, "UTC", "2024-05-03"), Amount: dec("200")})
		assert.EqualValues(t, 1, sum.Orders)
		assert.True(t, sum.Net.Equal(dec("170")))
		sum, _ = one(t, Config{Zone: "UTC"}, w, bad)
		assert.True(t, sum.Prospect())
		assert.True(t, sum.Net.Equal(dec("-30")))
	})
)

// byQuantiles returns the scores of money values under each way with ties.
func byQuantiles(t *testing.T, bins int, values ...string) map[Ties][]int {
	t.Helper()
	out := map[Ties][]int{}
	for _, ties := range []Ties{Low, Mid, High} {
		m := fitMoney(t, Binning{Bins: bins, Ties: ties}, values...)
		for _, v := range values {
			s, err := m.ScoreValues(Values{Frequency: 1, Monetary: dec(v)})
			require.NoError(t, err)
			out[ties] = append(out[ties], int(s.M))
		}
	}
	return out
}

func fitMoney(t *testing.T, b Binning, values ...string) *Model {
	t.Helper()
	s := MustCompile(Config{Zone: "UTC", Scale: 2, M: b})
	p := s.NewPopulation()
	for _, v := range values {
		require.NoError(t, p.Add(Values{Frequency: 1, Monetary: dec(v)}))
	}
	m, err := s.Fit(at(t, "UTC", "2024-01-01"), p)
	require.NoError(t, err)
	return m
}

var (
	_ = spec("Q16", func(t *testing.T) {
		want := []int{1, 2, 3, 4, 5}
		assert.Equal(t, map[Ties][]int{Low: want, Mid: want, High: want}, byQuantiles(t, 5, "10", "20", "30", "40", "50"))
	})
	_ = spec("Q17", func(t *testing.T) {
		assert.Equal(t, map[Ties][]int{
			Low: {1, 1, 1, 1, 1, 1, 4, 4, 5, 5}, Mid: {2, 2, 2, 2, 2, 2, 4, 4, 5, 5}, High: {3, 3, 3, 3, 3, 3, 4, 4, 5, 5},
		}, byQuantiles(t, 5, "1", "1", "1", "1", "1", "1", "2", "2", "3", "3"))
	})
	_ = spec("Q19", func(t *testing.T) {
		for ties, want := range map[Ties]uint8{Low: 1, Mid: 3, High: 5} {
			b := Binning{Ties: ties}
			s := MustCompile(Config{Zone: "UTC", R: b, F: b, M: b})
			p, v := s.NewPopulation(), Values{Recency: 7, Frequency: 2, Monetary: dec("9")}
			for range 6 {
				require.NoError(t, p.Add(v))
			}
			m, err := s.Fit(at(t, "UTC", "2024-01-01"), p)
			require.NoError(t, err)
			score, err := m.ScoreValues(v)
			require.NoError(t, err)
			assert.Equal(t, Score{want, want, want}, score)
		}
	})
	_ = spec("Q20", func(t *testing.T) {
		assert.Equal(t, map[Ties][]int{Low: {1, 2, 4}, Mid: {1, 3, 5}, High: {2, 4, 5}}, byQuantiles(t, 5, "1", "2", "3"))
	})
	_ = spec("Q21", func(t *testing.T) {
		assert.Equal(t, map[Ties][]int{Low: {1}, Mid: {3}, High: {5}}, byQuantiles(t, 5, "12.34"))
		m := fitMoney(t, Binning{})
		assert.Equal(t, Cuts{Recency: []Cut{}, Frequency: [][]Cut{{}}, Monetary: [][]Cut{{}}}, m.Cuts())
		assert.Zero(t, m.Customers())
	})
	_ = spec("Q23", func(t *testing.T) {
		assert.Equal(t, []int{1, 2, 2, 4, 5}, byQuantiles(t, 5, "-30", "0", "0", "20", "170")[Low])
	})
	_ = spec("Q25", func(t *testing.T) {
		s := MustCompile(Config{Zone: "UTC"})
		shard := func(counts map[int64]int64) *Population {
			p := s.NewPopulation()
			n := int64(0)
			for v, k := range counts {
				require.NoError(t, p.Count(Frequency, decimal.NewFromInt(v), 0, k))
				n += k
			}
			require.NoError(t, p.Count(Recency, decimal.Zero, 0, n))
			require.NoError(t, p.Count(Monetary, decimal.Zero, 0, n))
			return p
		}
		p := shard(map[int64]int64{1: 3, 2: 1})
		require.NoError(t, p.Merge(shard(map[int64]int64{1: 2, 3: 1})))
		assertJSON(t, shard(map[int64]int64{1: 5, 2: 1, 3: 1}), p)
		m, err := s.Fit(at(t, "UTC", "2024-01-01"), p)
		require.NoError(t, err)
		for f, want := range map[int64]uint8{1: 1, 2: 4, 3: 5} {
			score, err := m.ScoreValues(Values{Frequency: f})
			require.NoError(t, err)
			assert.Equal(t, want, score.F)
		}
	})
	_ = spec("Q26", func(t *testing.T) {
		s := MustCompile(Config{Zone: "UTC", F: Binning{Rule: FixedCuts, Cuts: []decimal.Decimal{dec("2"), dec("3"), dec("5"), dec("10")}}})
		m, err := s.Fit(at(t, "UTC", "2024-01-01"), s.NewPopulation())
		require.NoError(t, err)
		for f, want := range map[int64]uint8{1: 1, 2: 2, 3: 3, 4: 3, 5: 4, 9: 4, 10: 5} {
			score, err := m.ScoreValues(Values{Frequency: f})
			require.NoError(t, err)
			assert.Equal(t, want, score.F, "%d orders", f)
		}
	})
	_ = spec("Q27", func(t *testing.T) {
		s := MustCompile(Config{Zone: "UTC", R: Binning{Rule: FixedCuts, Cuts: []decimal.Decimal{dec("30"), dec("60"), dec("90"), dec("180")}}})
		m, err := s.Fit(at(t, "UTC", "2024-01-01"), s.NewPopulation())
		require.NoError(t, err)
		for days, want := range map[int64]uint8{0: 5, 30: 5, 31: 4, 60: 4, 61: 3, 90: 3, 180: 2, 181: 1} {
			score, err := m.ScoreValues(Values{Recency: days, Frequency: 1})
			require.NoError(t, err)
			assert.Equal(t, want, score.R, "%d days", days)
		}
	})
	_ = spec("Q28", func(t *testing.T) {
		s := MustCompile(Config{Zone: "UTC", Weights: Weights{R: 3, F: 2, M: 1}})
		m, err := s.Fit(at(t, "UTC", "2024-01-01"), s.NewPopulation())
		require.NoError(t, err)
		assert.Equal(t, Fraction{25, 30}, m.Composite(Score{5, 3, 4}))
		assert.Equal(t, "0.8333", m.Composite(Score{5, 3, 4}).Round(4).String())
	})
	_ = spec("Q29", func(t *testing.T) {
		b := Binning{Bins: 12}
		s := MustCompile(Config{Zone: "UTC", R: b, F: b, M: b})
		m, err := s.Fit(at(t, "UTC", "2024-01-01"), s.NewPopulation())
		require.NoError(t, err)
		for want, score := range map[string]Score{"1-1-11": {1, 1, 11}, "1-11-1": {1, 11, 1}, "11-1-1": {11, 1, 1}} {
			assert.Equal(t, want, m.Code(score))
			assert.Equal(t, want, score.String())
		}
		assert.Equal(t, "534", fitMoney(t, Binning{}).Code(Score{5, 3, 4}))
	})
	_ = spec("Q30", func(t *testing.T) {
		b := Binning{Rule: MeanRule}
		s := MustCompile(Config{Zone: "UTC", R: b, F: b, M: b})
		p := s.NewPopulation()
		buyers := []Values{
			{Recency: 10, Frequency: 5, Monetary: dec("900")}, {Recency: 20, Frequency: 1, Monetary: dec("50")},
			{Recency: 60, Frequency: 1, Monetary: dec("400")},
		}
		for _, v := range buyers {
			require.NoError(t, p.Add(v))
		}
		m, err := s.Fit(at(t, "UTC", "2024-01-01"), p)
		require.NoError(t, err)
		assertJSON(t, Cuts{
			Recency:   []Cut{{Value: dec("30")}},
			Frequency: [][]Cut{{{Value: dec("7"), Per: 3}}},
			Monetary:  [][]Cut{{{Value: dec("450")}}},
		}, m.Cuts())
		for i, want := range []string{"重要价值", "一般发展", "一般挽留"} {
			score, err := m.ScoreValues(buyers[i])
			require.NoError(t, err)
			assert.Equal(t, want, Eight().Of(score).ZH)
		}
		score, err := m.ScoreValues(Values{Recency: 30, Frequency: 2, Monetary: dec("450")})
		require.NoError(t, err)
		assert.Equal(t, Score{1, 1, 1}, score, "a value equal to the mean counts as low")
	})
	_ = spec("Q31", func(t *testing.T) {
		for measure, first := range map[MonetaryMeasure]uint8{NetSpend: 2, MeanPiece: 1} {
			s := MustCompile(Config{Zone: "UTC", Scale: 2, Monetary: measure, M: Binning{Bins: 2}})
			w := Before(at(t, "UTC", "2024-01-01"))
			customers, err := Summarize(s, w, each(
				Order[string]{Customer: "pens", At: at(t, "UTC", "2023-12-01"), Amount: dec("297.00"), Units: 30},
				Order[string]{Customer: "bags", At: at(t, "UTC", "2023-12-01"), Amount: dec("198.00"), Units: 2},
			))
			require.NoError(t, err)
			m, err := customers.Fit()
			require.NoError(t, err)
			scores, err := customers.Scores(m)
			require.NoError(t, err)
			for id, score := range scores {
				want := first
				if id == "bags" {
					want = 3 - first
				}
				assert.Equal(t, want, score.M, "%v of %s", measure, id)
			}
		}
	})
)

func assertJSON(t testing.TB, want, got any) {
	t.Helper()
	assert.Equal(t, string(mustJSON(t, want)), string(mustJSON(t, got)))
}
