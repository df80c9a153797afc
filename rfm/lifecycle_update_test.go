package rfm

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestUpdate(t *testing.T) {
	wide := Limits{AtRisk: 100, Dormant: 200, Lost: 300, MeanGap: Fraction{30, 1}}
	stable := bought(0, 30, 60)
	for _, c := range []struct {
		name   string
		before State
		s      Summary
		on     Day
		limits Limits
		want   State
	}{
		{"exactly a tenth within the new limit", AtRisk, bought(0), 90, wide, New},
		{"a day short of that", AtRisk, bought(0), 91, wide, AtRisk},
		{"up by one step of two", Lost, bought(0), 180, wide, AtRisk},
		{"up, but not as far as the limits say", Lost, bought(0), 95, wide, AtRisk},
		{"no step is safe", Dormant, bought(0), 181, wide, Dormant},
		{"between the steps", Lost, bought(0), 190, wide, Dormant},
		{"down at once", New, bought(0), 61, house, AtRisk},
		{"down by two at once", New, bought(0), 121, house, Lost},
		{"growing to stable, well within", Growing, stable, 60 + 54, house, Stable},
		{"growing to stable, near the limit", Growing, stable, 60 + 55, house, Growing},
		{"stable to growing", Stable, bought(0, 30, 59), 59, house, Growing},
		{"sideways", WonBack, bought(0, 30), 30, house, Growing},
		{"no hysteresis wanted", AtRisk, bought(0), 100,
			Limits{AtRisk: 100, Dormant: 200, Lost: 300, MeanGap: Fraction{30, 1}, Hysteresis: Fraction{0, 1}}, New},
		{"a third", AtRisk, bought(0), 66,
			Limits{AtRisk: 100, Dormant: 200, Lost: 300, MeanGap: Fraction{30, 1}, Hysteresis: Fraction{1, 3}}, New},
		{"more than a third", AtRisk, bought(0), 67,
			Limits{AtRisk: 100, Dormant: 200, Lost: 300, MeanGap: Fraction{30, 1}, Hysteresis: Fraction{1, 3}}, AtRisk},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := Standing{c.before, c.s.ActiveDays, c.s.Last}
			got, err := MustLifecycle(c.limits).Update(before, c.s, c.on)
			require.NoError(t, err)
			assert.Equal(t, Standing{c.want, c.s.ActiveDays, c.s.Last}, got)
		})
	}

	l := MustLifecycle(wide)
	got, err := l.Update(Standing{Lost, 2, 80}, bought(0), 95)
	require.NoError(t, err)
	assert.Equal(t, New, got.State, "an order was taken back, so the state is told anew")
	got, err = l.Update(Standing{}, bought(0), 95)
	require.NoError(t, err)
	assert.Equal(t, New, got.State, "never seen before")
	got, err = l.Update(Standing{Stable, 3, 80}, Summary{}, 95)
	require.NoError(t, err)
	assert.Equal(t, Standing{}, got, "everything was taken back")
}

// TestUpdateSmall compares Update after a re-fit with the sentence that defines it, over all small lives.
func TestUpdateSmall(t *testing.T) {
	oldLimits := Limits{AtRisk: 3, Dormant: 5, Lost: 7, MeanGap: Fraction{4, 1}}
	newLimits := Limits{AtRisk: 6, Dormant: 9, Lost: 14, MeanGap: Fraction{3, 1}, Hysteresis: Fraction{1, 4}}
	was, is := MustLifecycle(oldLimits), MustLifecycle(newLimits)
	height := map[State]int{Lost: 0, Dormant: 1, AtRisk: 2, New: 3, WonBack: 3, Growing: 3, Stable: 4}
	moves := map[string]int{}
	for set := 1; set < 1<<8; set++ {
		var days []Day
		for d := range Day(8) {
			if set>>d&1 == 1 {
				days = append(days, 2*d)
			}
		}
		s := bought(days...)
		for on := s.Last; on < s.Last+50; on++ {
			before := Standing{stateOf(t, was, days, on), s.ActiveDays, s.Last}
			now, err := is.Update(before, s, on)
			require.NoError(t, err)
			free := stateOf(t, is, days, on)
			if height[free] <= height[before.State] {
				require.Equal(t, free, now.State, "%v on %d", days, on)
				moves["not up"]++
			} else {
				require.LessOrEqual(t, height[now.State], height[free])
				require.GreaterOrEqual(t, height[now.State], height[before.State])
				course, err := is.Explain(s, on)
				require.NoError(t, err)
				best := before.State
				for _, step := range []struct {
					to    State
					limit int // whose three quarters the silence must be within to move up
				}{{Dormant, newLimits.Lost}, {AtRisk, newLimits.Dormant}, {free, newLimits.AtRisk}} {
					threeQuarters := new(big.Rat).Mul(course.Pace, big.NewRat(3*int64(step.limit), 4))
					safe := big.NewRat(course.Silence, 1).Cmp(threeQuarters) <= 0
					if safe && height[step.to] > height[best] && height[step.to] <= height[free] {
						best = step.to
					}
				}
				require.Equal(t, best, now.State, "%v on %d, was %v, free %v", days, on, before.State, free)
				if now.State == free {
					moves["up"]++
				} else {
					moves["held"]++
				}
			}
			again, err := is.Update(now, s, on)
			require.NoError(t, err)
			require.Equal(t, now, again, "asking twice changes nothing")
			later, err := is.Update(now, s, on+3)
			require.NoError(t, err)
			require.LessOrEqual(t, later.State.height(), now.State.height(), "time never lifts, held or not")
		}
	}
	assert.Positive(t, moves["up"])
	assert.Positive(t, moves["held"])
	assert.Positive(t, moves["not up"])
}
