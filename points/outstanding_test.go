package points

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The end of a month can be reported once the accounts have moved on.
func TestOutstandingInThePast(t *testing.T) {
	b := newBench(t, nil)
	b.earn("a", "e", 10, "2025-01-31", "")
	b.earn("b", "e", 10, "2025-02-01", "")
	b.earn("c", "e", 30, "2025-01-10", "2025-03-31")
	b.hold("c", "h", 12, "2025-01-20", 1000*time.Hour)
	b.merge("c", "a", "2025-02-02")
	b.order("d", "1", "5", "2025-01-20")
	b.redeem("d", "r", 5, "2025-01-20")
	b.refund("d", "x", "1", "", "2025-01-21")
	b.earn("d", "e", 9, "2025-02-05", "")

	end := b.on("2025-02-01").Add(-time.Microsecond)
	o, err := b.Outstanding(ctx, end)
	require.NoError(t, err)
	assert.Equal(t, Outstanding{
		At: end.UTC(), Accounts: 3, Balance: Balance{Available: 28, Held: 12, Debt: 5},
		Earned: map[string]int64{"2025-01": 40}, Expiring: map[string]int64{"never": 10, "2025-03": 30},
		Colors: map[string]int64{"": 40},
	}, o)

	var names []string
	for acc, err := range b.Accounts(ctx, end) {
		require.NoError(t, err)
		names = append(names, fmt.Sprint(acc.ID, acc.Version, acc.Balance().Net()))
	}
	assert.Equal(t, []string{"a1 10", "c2 30", "d3 -5"}, names, "an account that came later is not there yet")
}

func TestOutstandingBesideWriters(t *testing.T) {
	b := newBench(t, nil)
	const accounts = 200
	for i := range accounts {
		b.must(b.Earn(ctx, EarnRequest{Account: key("a", i), Key: "e", Points: 10}))
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range 5 * accounts {
			b.Earn(ctx, EarnRequest{Account: key("a", i%accounts), Key: key("x", i), Points: 1})
			runtime.Gosched()
		}
	})
	for range 10 {
		o, err := b.Outstanding(ctx, time.Time{})
		if assert.NoError(t, err) {
			assert.GreaterOrEqual(t, o.Balance.Available, int64(10*accounts))
		}
	}
	wg.Wait()
}

// At any instant the programme owes what its accounts say one by one.
func TestOutstandingIsTheSumOfBalances(t *testing.T) {
	for seed := range uint64(8) {
		w := newWalk(t, seed)
		var asked []time.Time
		for i := range 100 {
			if w.step(); i%9 == 0 {
				asked = append(asked, w.at)
			}
		}
		for _, at := range asked {
			o, err := w.Outstanding(ctx, at)
			require.NoError(t, err)
			var sum Balance
			for _, name := range w.names {
				b, err := w.past(ctx, name, at)
				require.NoError(t, err)
				if b.acc.ID != name {
					continue // merged by then
				}
				s, err := w.Balance(ctx, name, at)
				require.NoError(t, err)
				sum.Available, sum.Pending = sum.Available+s.Available, sum.Pending+s.Pending
				sum.Held, sum.Debt = sum.Held+s.Held, sum.Debt+s.Debt
			}
			require.Equal(t, sum, o.Balance, "seed %d, %v", seed, at)
		}
	}
}
