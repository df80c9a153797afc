package rfm

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLimitsJSON(t *testing.T) {
	for _, l := range []Limits{{}, house, {117, 196, 279, Fraction{307464, 4339}, 3, Fraction{1, 20}, true}} {
		data, err := json.Marshal(l)
		require.NoError(t, err)
		var back Limits
		require.NoError(t, json.Unmarshal(data, &back))
		assert.Equal(t, l, back)
	}
	data, err := json.Marshal(MustLifecycle(house).Limits())
	require.NoError(t, err)
	assert.JSONEq(t, `{"version":1,"at_risk":60,"dormant":90,"lost":120,"mean_gap":{"num":30,"den":1},"prior":2,"hysteresis":{"num":1,"den":10}}`, string(data))
	for _, bad := range []string{
		``, `null`, `{}`, `{"version":2}`, `{"version":1,"At_risk":3}`, `{"version":1,"lost":3,"lost":4}`, `{"version":1} 1`,
		`{"version":1,"lost":3.5}`, `{"version":1,"mean_gap":"30"}`, `{"version":1,"days":3}`,
	} {
		_, err := ParseLimits([]byte(bad))
		require.ErrorContains(t, err, "rfm: limits: ", bad)
	}
	_, err = ParseLimits([]byte(`{"version":1,"mean_gap":{"num":1,"num":2}}`))
	require.EqualError(t, err, `rfm: limits: duplicate_key at "/mean_gap/num" (byte 33): the key "num" stands twice`)
}

func TestGapsJSON(t *testing.T) {
	for _, g := range []Gaps{{Closed: []GapCount{}, Open: []GapCount{}}, {Closed: []GapCount{{1, 2}, {9, 1}}, Open: []GapCount{{0, 3}}}} {
		data, err := json.Marshal(g)
		require.NoError(t, err)
		var back Gaps
		require.NoError(t, json.Unmarshal(data, &back))
		assert.Equal(t, g, back)
	}
	for bad, want := range map[string]string{
		`{"version":1,"closed":[{"days":0,"count":1}]}`:                    "rfm: gaps: closed[0].days: want 1 to 1048576, rising, not 0",
		`{"version":1,"open":[{"days":3,"count":1},{"days":3,"count":1}]}`: "rfm: gaps: open[1].days: want 4 to 1048576, rising, not 3",
		`{"version":1,"open":[{"days":3,"count":0}]}`:                      "rfm: gaps: open[0].count: want 1 or more, and at most 2^45 days in all, not 0",
		`{"version":0}`:                "rfm: gaps: version: 0 is not known",
		`{"version":1,"closed":[[1]]}`: `rfm: gaps: wrong_type at "/closed/0" (byte 23): want an object`,
	} {
		_, err := ParseGaps([]byte(bad))
		require.EqualError(t, err, want)
		require.Error(t, json.Unmarshal([]byte(bad), new(Gaps)))
	}
}

// FuzzParseLimits checks that whatever is read is written and read again as it was.
func FuzzParseLimits(f *testing.F) {
	f.Add([]byte(`{"version":1,"at_risk":60,"dormant":90,"lost":120,"mean_gap":{"num":30,"den":1}}`))
	f.Add([]byte(`{"version":1,"closed":[{"days":1,"count":2}],"open":[{"days":0,"count":3}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if l, err := ParseLimits(data); err == nil {
			again, err := json.Marshal(l)
			require.NoError(t, err)
			back, err := ParseLimits(again)
			require.NoError(t, err)
			require.Equal(t, l, back)
		}
		if g, err := ParseGaps(data); err == nil {
			again, err := json.Marshal(g)
			require.NoError(t, err)
			back, err := ParseGaps(again)
			require.NoError(t, err)
			require.Equal(t, len(g.Closed)+len(g.Open), len(back.Closed)+len(back.Open))
			require.Equal(t, g.Mean(), back.Mean())
			_, _ = FitLimits(g, Percentiles{}) // may refuse, never panics
		}
	})
}
