package rule

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAgreement holds thousands of random rules, each over several random customers, against the naive
// evaluator, the explanation and the rule read back from its own JSON.
func TestAgreement(t *testing.T) {
	const seed = 42
	w := newWorld(seed)
	seen := map[Truth]int{}
	for i := range 1500 {
		e := w.expr(4)
		r, err := shop.Compile(e)
		require.NoError(t, err, "seed %d, rule %d", seed, i)
		text, err := json.Marshal(r)
		require.NoError(t, err)
		back, err := shop.Parse(text)
		require.NoError(t, err, "%s", text)
		again, err := json.Marshal(back)
		require.NoError(t, err)
		require.JSONEq(t, string(text), string(again))
		require.Equal(t, string(text), string(again))
		require.Equal(t, r.Hash(), back.Hash())
		for range 12 {
			c, at := w.customer(), w.instant()
			want := naive(e.node, c, at)
			seen[want]++
			if !assert.Equal(t, want, r.Test(c, at), "seed %d, rule %d: %s at %v", seed, i, text, at) {
				t.Fatalf("%v", r.Explain(c, at))
			}
			require.Equal(t, want, back.Test(c, at), "%s", text)
			explained := r.Explain(c, at)
			require.Equal(t, want, explained.Verdict, "%s", text)
			require.Equal(t, want == Unknown, len(explained.Missing()) > 0, "%s\n%v", text, explained)
			require.Equal(t, want != True, len(explained.Blockers()) > 0, "%s\n%v", text, explained)
			require.LessOrEqual(t, len(explained.Remedy()), len(explained.Blockers()))
		}
	}
	for _, v := range []Truth{False, Unknown, True} {
		assert.Greater(t, seen[v], 1000, "verdict %v is well represented", v)
	}
}

// TestNextChange walks random rules from change to change and probes in between: the verdict must be
// constant up to the instant foretold and another at it.
func TestNextChange(t *testing.T) {
	const seed = 7
	w := newWorld(seed)
	changes, givenUp := 0, 0
	for i := range 4000 {
		e := w.expr(3)
		r := shop.MustCompile(e)
		c, at := w.customer(), w.instant()
		for range 4 {
			verdict := naive(e.node, c, at)
			next, ok := r.NextChange(c, at)
			end := next
			if !ok {
				end = at.AddDate(3, 0, 0)
			}
			require.True(t, end.After(at))
			for range 20 {
				probe := at.Add(time.Duration(w.Int64N(int64(end.Sub(at)))))
				require.Equal(t, verdict, naive(e.node, c, probe.Truncate(time.Microsecond)), "seed %d, rule %d: %s\nat %v, next %v, probed %v", seed, i, mustJSON(t, r), at, next, probe)
			}
			if !ok {
				break
			}
			require.Equal(t, verdict, naive(e.node, c, next.Add(-time.Microsecond)), "seed %d, rule %d: %s\nat %v, next %v", seed, i, mustJSON(t, r), at, next)
			if verdict == naive(e.node, c, next) {
				givenUp++ // the search ends after a thousand turns
				break
			}
			changes++
			at = next
		}
	}
	assert.Greater(t, changes, 1000)
	assert.Less(t, givenUp, 40)
}

func mustJSON(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return string(text)
}
