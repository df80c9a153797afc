package points

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Pages of any size are the statement, and each of them adds up.
func TestStatementPages(t *testing.T) {
	for seed := range uint64(6) {
		w := newWalk(t, seed)
		for range 60 {
			w.step()
		}
		whole, err := w.Statement(ctx, w.names[0], w.at.AddDate(0, -2, 0), w.at)
		require.NoError(t, err)
		for _, size := range []int{1, 2, 7, 1000, math.MaxInt} {
			lines := []Posting{}
			balance, after := whole.Opening, ""
			for more := true; more; {
				var page Statement
				page, more, err = whole.Page(after, size)
				require.NoError(t, err)
				require.LessOrEqual(t, len(page.Lines), size)
				require.Equal(t, balance, page.Opening)
				var sum int64
				for _, n := range page.Totals {
					sum += n
				}
				require.Equal(t, page.Closing.Net(), page.Opening.Net()+sum)
				balance = page.Closing
				if lines = append(lines, page.Lines...); len(page.Lines) > 0 {
					after = page.Lines[len(page.Lines)-1].ID
				}
			}
			require.Equal(t, whole.Lines, lines)
			require.Equal(t, whole.Closing, balance)
		}
	}
	_, _, err := Statement{}.Page("nowhere", 10)
	require.ErrorIs(t, err, ErrUnknown)
	_, _, err = Statement{}.Page("", 0)
	require.ErrorIs(t, err, ErrAmount)
}

// What is booked while somebody turns the pages neither repeats nor hides a line.
func TestStatementPagesWhileOthersWrite(t *testing.T) {
	b := newBench(t, nil)
	at := b.on("2025-01-01")
	seen := map[string]int{}
	after := ""
	for i := range 40 {
		b.earn("a", fmt.Sprint("k", i), 1, "2025-01-01", "")
		b.redeem("a", fmt.Sprint("r", i), 1, "2025-01-01")
		if i%4 != 3 {
			continue
		}
		s, err := b.Statement(ctx, "a", time.Time{}, at.Add(time.Hour))
		require.NoError(t, err)
		page, _, err := s.Page(after, 5)
		require.NoError(t, err)
		for _, p := range page.Lines {
			seen[p.ID]++
		}
		after = page.Lines[len(page.Lines)-1].ID
	}
	assert.Len(t, seen, 50)
	for id, n := range seen {
		assert.Equal(t, 1, n, id)
	}
}
