package contest_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/regulars-go/regulars/examples/bench/contest"
)

// Round by round the machine slows down, but the ratio stays.
func TestRatiosAreOfOneRound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		round := map[string]time.Duration{}
		var turns []string
		runner := func(name string, each time.Duration) contest.Contestant {
			return contest.Contestant{Name: name, Run: func() {
				round[name]++
				turns = append(turns, name)
				time.Sleep(round[name] * each)
			}}
		}
		r := contest.Run(contest.Wall, 3, runner("slow", 30*time.Millisecond), runner("fast", 10*time.Millisecond))
		assert.Equal(t, []string{"slow", "fast", "fast", "slow", "slow", "fast", "fast", "slow"}, turns)
		assert.Equal(t, 90*time.Millisecond, r.Median("slow"), "the first round does not count")
		assert.InDelta(t, 3, r.Ratio("slow", "fast"), 1e-9)

		assert.Equal(t, ""+
			"  slow         9.0 ms  6.0 ms to 12.0 ms\n"+
			"  fast         3.0 ms  2.0 ms to 4.0 ms\n"+
			"  slow / fast   3.000  bar 2.00, MISSED\n"+
			"  fast / slow   0.333  bar 0.50, met\n",
			r.Table(10, contest.Bar{Name: "slow", Unit: "fast", Most: 2}, contest.Bar{Name: "fast", Unit: "slow", Most: 0.5}))
	})
}

func TestCPUGoesForwardWhileWorking(t *testing.T) {
	before, sum := contest.CPU(), 0
	for i := range 100_000_000 {
		sum ^= i
	}
	assert.Greater(t, contest.CPU(), before, sum)
}
