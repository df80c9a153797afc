package rfm

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMeasureDrift(t *testing.T) {
	const seed = 5
	r := rand.New(rand.NewPCG(seed, 0))
	for _, config := range []Config{
		{Zone: "UTC", Scale: 2},
		{Zone: "UTC", Scale: 2, Nested: true, R: Binning{Bins: 3}, Monetary: MeanOrder},
	} {
		s := MustCompile(config)
		orders := trade(r, 150, 400)
		then, err := Summarize(s, Before(Day(200).Start(time.UTC)), each(orders...))
		require.NoError(t, err)
		now, err := Summarize(s, Before(Day(390).Start(time.UTC)), each(orders...))
		require.NoError(t, err)
		old, err := then.Fit()
		require.NoError(t, err)
		fitted, err := now.Fit()
		require.NoError(t, err)

		got, err := MeasureDrift(old, fitted, now)
		require.NoError(t, err)
		var want Drift
		counts := func(of *Customers[int]) (counts [3][]int64) {
			for d := range counts {
				counts[d] = make([]int64, s.Bins(Dimension(d)))
			}
			for _, sum := range of.All() {
				score, err := old.Score(sum, of.AsOf())
				require.NoError(t, err)
				counts[0][score.R-1]++
				counts[1][score.F-1]++
				counts[2][score.M-1]++
			}
			return counts
		}
		was, is := counts(then), counts(now)
		for d, dimension := range []*DimensionDrift{&want.R, &want.F, &want.M} {
			dimension.Then, dimension.Now = was[d], is[d]
			var n, m float64
			for i := range was[d] {
				n, m = n+float64(was[d][i])+0.5, m+float64(is[d][i])+0.5
			}
			for i := range was[d] {
				p, q := (float64(was[d][i])+0.5)/n, (float64(is[d][i])+0.5)/m
				dimension.Index += (q - p) * math.Log(q/p)
			}
		}
		for _, sum := range now.All() {
			a, err := old.Score(sum, now.AsOf())
			require.NoError(t, err)
			b, err := fitted.Score(sum, now.AsOf())
			require.NoError(t, err)
			want.Customers++
			for _, c := range []struct {
				to      *int64
				changed bool
			}{{&want.R.Changed, a.R != b.R}, {&want.F.Changed, a.F != b.F}, {&want.M.Changed, a.M != b.M}, {&want.Changed, a != b}} {
				if c.changed {
					*c.to++
				}
			}
		}
		for _, c := range [][2]*float64{{&want.R.Index, &got.R.Index}, {&want.F.Index, &got.F.Index}, {&want.M.Index, &got.M.Index}} {
			assert.InDelta(t, *c[0], *c[1], 1e-12)
			*c[0] = *c[1]
		}
		assert.Equal(t, &want, got)
		assert.Positive(t, got.Changed)
		assert.Positive(t, got.F.Index)

		same, err := MeasureDrift(old, old, then)
		require.NoError(t, err)
		assert.Zero(t, same.Changed)
		assert.InDelta(t, 0, same.R.Index+same.F.Index+same.M.Index, 1e-12)

		_, err = MeasureDrift(old.Trim(), fitted, now)
		require.EqualError(t, err, "rfm: drift: the old model was trimmed of its population")
		_, err = MeasureDrift(old, fitted, book{on: 390})
		require.ErrorContains(t, err, "empty")
		_, err = MeasureDrift(old, fitted, book{3, map[string]Summary{"ann": bought(9)}})
		require.ErrorContains(t, err, "rfm: drift: ")
		for what, other := range map[string]*Model{"currency": fitOf(t, Config{Zone: "UTC", Scale: 2, Currency: "EUR"}), "scale": fitOf(t, Config{Zone: "UTC"})} {
			_, err = MeasureDrift(old, other, now)
			require.ErrorContains(t, err, "rfm: drift: rfm: "+what+": ")
		}
		four, err := MustCompile(Config{Zone: "UTC", Scale: 2, M: Binning{Bins: 4}}).Fit(now.Window().At, fitted.Population())
		if err == nil {
			_, err = MeasureDrift(old, four, now)
		}
		require.Error(t, err)
	}
}

// fitOf fits a scheme to nobody.
func fitOf(t *testing.T, c Config) *Model {
	t.Helper()
	s := MustCompile(c)
	m, err := s.Fit(Day(390).Start(time.UTC), s.NewPopulation())
	require.NoError(t, err)
	return m
}
