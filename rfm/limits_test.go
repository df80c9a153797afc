package rfm

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLimitsRefused(t *testing.T) {
	_, err := NewLifecycle(Limits{AtRisk: 90, Dormant: 90, Prior: -1, Hysteresis: Fraction{1, 1}})
	require.EqualError(t, err, `rfm: limits: dormant: want 91 to 1048576 days, not 90
rfm: limits: lost: want 91 to 1048576 days, not 0
rfm: limits: mean_gap: want a positive fraction with terms up to 2^45, not 0/0
rfm: limits: prior: want 1 to 1000, not -1
rfm: limits: hysteresis: want a fraction from 0 to less than 1 with terms up to 10000, not 1/1`)
	for _, bad := range []Limits{
		{AtRisk: 0, Dormant: 2, Lost: 3, MeanGap: Fraction{1, 1}},
		{AtRisk: 1, Dormant: 2, Lost: mostDays + 1, MeanGap: Fraction{1, 1}},
		{AtRisk: 1, Dormant: 2, Lost: 3, MeanGap: Fraction{mostGaps + 1, 1}},
		{AtRisk: 1, Dormant: 2, Lost: 3, MeanGap: Fraction{1, -1}},
		{AtRisk: 1, Dormant: 2, Lost: 3, MeanGap: Fraction{1, 1}, Hysteresis: Fraction{1, mostParts + 1}},
		{AtRisk: 1, Dormant: 2, Lost: 3, MeanGap: Fraction{1, 1}, Hysteresis: Fraction{-1, 10}},
	} {
		_, err := NewLifecycle(bad)
		require.Error(t, err, bad)
	}
	assert.Panics(t, func() { MustLifecycle(Limits{}) })
	assert.Equal(t, Limits{AtRisk: 60, Dormant: 90, Lost: 120, MeanGap: Fraction{30, 1}, Prior: 2, Hysteresis: Fraction{1, 10}},
		MustLifecycle(house).Limits())
}

// life is the active days of one customer.
type life []Day

func gapsOf(t *testing.T, on Day, lives ...life) Gaps {
	t.Helper()
	var g Gaps
	for _, days := range lives {
		require.NoError(t, g.Add(bought(days...), on))
	}
	return g
}

func TestFitLimits(t *testing.T) {
	var closed life // gaps of 1 to 20 days and nobody waiting but the last
	day := Day(0)
	for gap := range Day(21) {
		day += gap
		closed = append(closed, day)
	}
	for _, c := range []struct {
		name  string
		on    Day
		lives []life
		want  Limits
	}{
		{"all three reached", day, []life{closed},
			Limits{AtRisk: 16, Dormant: 18, Lost: 19, MeanGap: Fraction{210, 20}}},
		{"half are silent", 1000, []life{{0, 10}, {0, 10, 30}, {0}, {0}},
			Limits{AtRisk: 20, Dormant: 21, Lost: 22, MeanGap: Fraction{40, 3}, NotIdentified: true}},
		{"percentiles coincide", 7, []life{{0, 7}, {0, 7}},
			Limits{AtRisk: 7, Dormant: 8, Lost: 9, MeanGap: Fraction{14, 2}}},
		// Of 10 and 20 one of each: S(10) = 1 - 2/3, S(20) = 0 with the silent one censored at 15.
		{"the silent leave in between", 25, []life{{0, 10}, {0, 10}, {5, 25}, {10}}, Limits{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.want == (Limits{}) {
				got, err := FitLimits(gapsOf(t, c.on, c.lives...), Percentiles{AtRisk: 30, Dormant: 60, Lost: 90})
				require.NoError(t, err)
				// Waiting: gaps 10 10 20 and silences 15 15 0 15. S(10) = 4/6, S(20) = 0.
				assert.Equal(t, Limits{10, 20, 21, Fraction{40, 3}, 2, Fraction{1, 10}, false}, got)
				return
			}
			c.want.Prior, c.want.Hysteresis = 2, Fraction{1, 10}
			got, err := FitLimits(gapsOf(t, c.on, c.lives...), Percentiles{})
			require.NoError(t, err)
			assert.Equal(t, c.want, got)
			slices.Reverse(c.lives)
			got, err = FitLimits(gapsOf(t, c.on, c.lives...), Percentiles{})
			require.NoError(t, err)
			assert.Equal(t, c.want, got, "the order of customers must not matter")
		})
	}
	_, err := FitLimits(gapsOf(t, 9, life{1}, life{2}), Percentiles{})
	require.EqualError(t, err, "rfm: no customer bought on a second day, so limits cannot be fitted")
	_, err = FitLimits(Gaps{}, Percentiles{AtRisk: 90, Dormant: 90, Lost: 95})
	require.ErrorContains(t, err, "rfm: percentiles: ")
	_, err = FitLimits(Gaps{Closed: []GapCount{{5, 1}, {5, 1}}}, Percentiles{})
	require.EqualError(t, err, "rfm: gaps: closed[1].days: want 6 to 1048576, rising, not 5")
	_, err = FitLimits(Gaps{Closed: []GapCount{{5, 1 << 44}}}, Percentiles{})
	require.ErrorContains(t, err, "rfm: gaps: closed[0].count: ")
}

// TestPercentileNaive compares percentiles with the definition, over lists of single waits.
func TestPercentileNaive(t *testing.T) {
	const seed = 7
	r := rand.New(rand.NewPCG(seed, 0))
	for round := range 400 {
		var g Gaps
		var closed, open []int
		for range r.IntN(40) {
			days := 1 + r.IntN(15)
			if r.IntN(3) == 0 {
				open = append(open, days-1)
				g.Open = count(g.Open, GapCount{days - 1, 1})
			} else {
				closed = append(closed, days)
				g.Closed = count(g.Closed, GapCount{days, 1})
			}
		}
		stay := func(after, until int) *big.Rat {
			s := big.NewRat(1, 1)
			for d := after + 1; d <= until; d++ {
				ended, waiting := int64(0), int64(0)
				for _, c := range closed {
					if c == d {
						ended++
					}
				}
				for _, w := range slices.Concat(closed, open) {
					if w >= d {
						waiting++
					}
				}
				if waiting > 0 {
					s.Mul(s, big.NewRat(waiting-ended, waiting))
				}
			}
			return s
		}
		for _, percent := range []int{1, 20, 50, 80, 95, 99} {
			want, reached := 0, false
			for d := 0; d <= 15 && !reached; d++ {
				if stay(0, d).Cmp(big.NewRat(int64(100-percent), 100)) <= 0 {
					want, reached = d, true
				}
			}
			got, ok := g.Percentile(percent)
			require.Equal(t, reached, ok, "seed %d, round %d, %+v at %d%%", seed, round, g, percent)
			require.Equal(t, want, got, "seed %d, round %d, %+v at %d%%", seed, round, g, percent)
		}
		silent, within := r.IntN(16), r.IntN(16)
		p, ok := g.Return(silent, within)
		longest := slices.Max(slices.Concat(closed, open, []int{0}))
		require.Equal(t, silent < longest, ok, "seed %d, round %d, %+v", seed, round, g)
		if ok {
			want := new(big.Rat).Sub(big.NewRat(1, 1), stay(silent, silent+within))
			require.Zero(t, want.Cmp(p), "seed %d, round %d, %+v: %v in %d after %d", seed, round, g, p, within, silent)
		}
	}
	_, ok := Gaps{Closed: []GapCount{{1, 1}}}.Percentile(100)
	assert.False(t, ok)
	_, ok = Gaps{Closed: []GapCount{{1, 1}}}.Return(-1, 5)
	assert.False(t, ok)
}

func TestGapsMerge(t *testing.T) {
	lives := []life{{0, 10}, {0, 10, 30}, {0}, {}, {5, 6, 7}}
	whole := gapsOf(t, 40, lives...)
	shop := book{40, map[string]Summary{}}
	for i, days := range lives {
		shop.customers[fmt.Sprint(i)] = bought(days...)
	}
	bulk, err := GapsOf(shop)
	require.NoError(t, err)
	assert.Equal(t, whole, bulk)
	for cut := range lives {
		a, b := gapsOf(t, 40, lives[:cut]...), gapsOf(t, 40, lives[cut:]...)
		require.NoError(t, a.Merge(b))
		assert.Equal(t, whole.Closed, a.Closed)
		assert.Equal(t, whole.Open, a.Open)
	}
	full := Gaps{Closed: []GapCount{{1, mostGaps}}}
	require.Error(t, full.Merge(whole))
	assert.Equal(t, Gaps{Closed: []GapCount{{1, mostGaps}}}, full, "a refused merge changes nothing")
	require.Error(t, whole.Merge(Gaps{Open: []GapCount{{-1, 1}}}))
}

func TestGapsRefused(t *testing.T) {
	good := bought(0, 10, 30)
	for name, spoil := range map[string]func(*Summary){
		"no list":        func(s *Summary) { s.Days = nil },
		"short list":     func(s *Summary) { s.Days = s.Days[1:] },
		"another first":  func(s *Summary) { s.Days = []Day{1, 10, 30} },
		"another last":   func(s *Summary) { s.Days = []Day{0, 10, 20} },
		"out of order":   func(s *Summary) { s.Days = []Day{0, 0, 30} },
		"last too late":  func(s *Summary) { s.Last = 50 },
		"another number": func(s *Summary) { s.Orders, s.ActiveDays = 2, 2 },
	} {
		s := good
		spoil(&s)
		var g Gaps
		require.Error(t, g.Add(s, 40), name)
		assert.Equal(t, Gaps{}, g, name)
	}
	var g Gaps
	require.Error(t, g.Add(good, mostDays+31))
	_, err := GapsOf(book{5, map[string]Summary{"ann": good}})
	require.ErrorContains(t, err, "rfm: last: ")
	require.NoError(t, g.Add(Summary{}, 40))
	assert.Equal(t, Gaps{}, g)
}

// readLives reads the active days of every customer of one of the shared data sets.
func readLives(t *testing.T, name, customer, date, amount string) map[string]Summary {
	t.Helper()
	lives := map[string]life{}
	for _, row := range rows(t, name) {
		if who := row[customer]; who != "" && dec(row[amount]).IsPositive() {
			day, err := ParseDay(row[date][:10])
			require.NoError(t, err)
			lives[who] = append(lives[who], day)
		}
	}
	summaries := map[string]Summary{}
	for who, days := range lives {
		slices.Sort(days)
		summaries[who] = bought(slices.Compact(days)...)
	}
	return summaries
}

func TestFitRealShops(t *testing.T) {
	for _, c := range []struct {
		file, customer, date, amount string
		on                           Day
		customers                    int
		median, closedMedian         int
		want                         Limits
		states                       map[State]int
	}{
		{"cdnow_sample.csv.gz", "customer_id", "date", "amount", Date(1998, 6, 30), 2349, 93, 34,
			Limits{117, 196, 279, Fraction{307464, 4339}, 2, Fraction{1, 10}, true}, nil},
		{"online_retail_orders.csv.gz", "customer_id", "invoice_time", "amount", Date(2011, 12, 9), 4338, 40, 28,
			Limits{70, 110, 155, Fraction{567287, 12425}, 2, Fraction{1, 10}, true},
			map[State]int{Lost: 947, Dormant: 250, AtRisk: 395, New: 543, WonBack: 496, Growing: 287, Stable: 1420}},
		{"rfm_orders.csv.gz", "customer_id", "order_date", "revenue", Date(2006, 12, 31), 995, 142, 101,
			Limits{358, 539, 751, Fraction{567907, 3900}, 2, Fraction{1, 10}, false}, nil},
	} {
		t.Run(c.file, func(t *testing.T) {
			summaries := readLives(t, c.file, c.customer, c.date, c.amount)
			assert.Len(t, summaries, c.customers)
			g, err := GapsOf(book{c.on, summaries})
			require.NoError(t, err)
			got, err := FitLimits(g, Percentiles{})
			require.NoError(t, err)
			assert.Equal(t, c.want, got)
			median, _ := g.Percentile(50)
			assert.Equal(t, c.median, median)
			median, _ = Gaps{Closed: g.Closed}.Percentile(50)
			assert.Equal(t, c.closedMedian, median)
			l := MustLifecycle(got)
			states := map[State]int{}
			for _, s := range summaries {
				states[stateOf(t, l, s.Days, c.on)]++
			}
			if c.states != nil { // won back are 11% of them
				assert.Equal(t, c.states, states)
			}
			for who, s := range summaries {
				for on := c.on; on < c.on+400; on += 50 {
					require.Equal(t, naiveState(got, s.Days, on), stateOf(t, l, s.Days, on), who)
				}
			}
		})
	}
}

// BenchmarkFitLimits fits five years of a large shop: every length of gap there can be, each many times.
func BenchmarkFitLimits(b *testing.B) {
	var g Gaps
	for days := range 5 * 365 {
		g.Closed = append(g.Closed, GapCount{days + 1, int64(1_000_000 / (days + 1))})
		g.Open = append(g.Open, GapCount{days, 1_000})
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := FitLimits(g, Percentiles{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGapsOf(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	shop := book{1500, map[string]Summary{}}
	for i := range 1000 {
		days := []Day{0}
		for range 5 {
			days = append(days, days[len(days)-1]+1+Day(r.IntN(200)))
		}
		shop.customers[fmt.Sprint(i)] = bought(days...)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := GapsOf(shop); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/customer")
}
