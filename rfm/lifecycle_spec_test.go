package rfm

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	_ = spec("Q34", func(t *testing.T) {
		t.Helper()
		l := MustLifecycle(house)
		for _, c := range []struct {
			days   []Day
			pace   *big.Rat
			limits [3]*big.Rat
		}{
			{[]Day{0}, big.NewRat(1, 1), [3]*big.Rat{big.NewRat(60, 1), big.NewRat(90, 1), big.NewRat(120, 1)}},
			{[]Day{0, 20}, big.NewRat(8, 9), [3]*big.Rat{big.NewRat(160, 3), big.NewRat(80, 1), big.NewRat(320, 3)}},
			{[]Day{0, 10, 20, 30, 40, 50, 60, 70, 80, 90}, big.NewRat(5, 11), [3]*big.Rat{big.NewRat(300, 11), big.NewRat(450, 11), big.NewRat(600, 11)}},
		} {
			s := bought(c.days...)
			course, err := l.Explain(s, s.Last)
			require.NoError(t, err)
			assert.Equal(t, c.pace, course.Pace)
			for i, limit := range c.limits {
				whole := new(big.Int).Quo(limit.Num(), limit.Denom()).Int64()
				assert.Equal(t, whole, []int64{course.AtRiskAfter, course.DormantAfter, course.LostAfter}[i])
				within, err := l.State(s, s.Last+Day(whole))
				require.NoError(t, err)
				beyond, err := l.State(s, s.Last+Day(whole)+1)
				require.NoError(t, err)
				assert.Equal(t, []State{AtRisk, Dormant, Lost}[i], beyond)
				assert.Greater(t, within.height(), beyond.height())
			}
		}
		tenth := bought(0, 10, 20, 30, 40, 50, 60, 70, 80, 90)
		state, err := l.State(tenth, tenth.Last+40)
		require.NoError(t, err)
		assert.Equal(t, AtRisk, state)
	})
	_ = spec("Q36", func(t *testing.T) {
		t.Helper()
		l := MustLifecycle(house)
		course, err := l.Explain(bought(0, 10, 20), 20)
		require.NoError(t, err)
		assert.Equal(t, big.NewRat(2, 3), course.Pace)
		assert.EqualValues(t, 60, course.DormantAfter)
		state, err := l.State(bought(0, 10, 20, 170), 170)
		require.NoError(t, err)
		assert.Equal(t, WonBack, state)
		state, err = l.State(bought(0, 10, 20, 80), 80)
		require.NoError(t, err)
		assert.NotEqual(t, WonBack, state, "a gap equal to the limit does not cross it")
		state, err = l.State(bought(0), 60)
		require.NoError(t, err)
		assert.Equal(t, New, state, "nor does a silence")
	})
)
