package points

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAwardOverflowsPerLine: rounding line by line checks the sums as rounding the order does.
func TestAwardOverflowsPerLine(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Config)
		order  Order
		want   int64 // 0 for too many
	}{
		"two lines":      {func(k *Config) { k.Rules[0].Linear.Points = 9e18 }, sale("1", "1"), 0},
		"three lines":    {func(k *Config) { k.Rules[0].Linear.Points = 9e18 }, sale("1", "1", "1"), 0},
		"steps of lines": {func(k *Config) { k.Rules[0] = Rule{ID: "s", Step: &Step{Points: 5, Per: dec("0.03"), Of: PerLine}} }, sale("40000000000000000", "40000000000000000"), 0},
		"two rules": {func(k *Config) {
			k.Rules = append(k.Rules, Rule{ID: "x", Family: "x", Unit: &Unit{Points: math.MaxInt64}})
		}, sale("1"), 0},
		"as many as can be":  {func(k *Config) { k.Rules[0].Linear.Points = math.MaxInt64 }, sale("1"), math.MaxInt64},
		"half as many twice": {func(k *Config) { k.Rules[0].Linear.Points = math.MaxInt64 / 2 }, sale("1", "1"), math.MaxInt64 - 1},
	} {
		p := compiled(t, func(k *Config) { k.RoundAt = PerLine }, c.change)
		a, err := p.Award(c.order)
		if c.want == 0 {
			require.ErrorIs(t, err, ErrOverflow, name)
			continue
		}
		require.NoError(t, err, name)
		assert.Equal(t, c.want, a.Points, name)
	}
	o := sale("1", "1")
	o.Times = dec("5e17")
	_, err := compiled(t, func(k *Config) { k.RoundAt, k.Rules[0].Linear.Points = PerLine, 10 }).Award(o)
	require.ErrorIs(t, err, ErrOverflow)
}

// TestAwardKeepsThePolicy: what a caller does to an award never reaches the policy it came from.
func TestAwardKeepsThePolicy(t *testing.T) {
	p := compiled(t, func(k *Config) {
		k.Expiry = Expiry{Later: []Expiry{{Months: 12}, {Earlier: []Expiry{{Days: 1000}, {Through: "2029-12-31"}}}}}
	})
	a := award(t, p, sale("10"))
	want := a.Lots[0].ExpiresAt
	later := a.Lots[0].Timing.Expiry.Later
	later[0].Months, later[1].Earlier[0].Days = 1, 1
	assert.Equal(t, want, award(t, p, sale("10")).Lots[0].ExpiresAt)
	after, err := a.Evidence.After()
	require.NoError(t, err)
	assert.Equal(t, want, after.Lots[0].ExpiresAt)
}

// TestAwardBeyondTheCalendar: an end that JSON cannot write is refused, whether the points wait for an event or not.
func TestAwardBeyondTheCalendar(t *testing.T) {
	o := sale("10")
	o.Paid = clock("9999-01-01")
	for _, event := range []string{"", "stamped"} {
		p := compiled(t, func(k *Config) {
			k.Pending, k.Expiry = Pending{Event: event}, Expiry{Months: 24, From: FromEarned}
		})
		_, err := p.Award(o)
		require.ErrorIs(t, err, ErrOverflow, event)
		sooner := o
		sooner.Paid = clock("9997-01-01")
		_, err = json.Marshal(award(t, p, sooner))
		require.NoError(t, err, event)
	}
}

// TestManyLinesShareAlike: more lines than are compared one by one share what is left as few lines do.
func TestManyLinesShareAlike(t *testing.T) {
	prices := make([]string, 20)
	for i := range prices {
		prices[i] = []string{"1.30", "1.70", "1.70", "1.10"}[i%4]
	}
	for _, scale := range []string{"", "1.0000000000000001"} { // in one word, and beyond
		p := compiled(t, func(k *Config) {
			if scale != "" {
				k.Stack = Product
				for i := range 4 {
					k.Modifiers = append(k.Modifiers, Modifier{ID: key("m", i), Factor: dec(scale)})
				}
			}
		})
		a := award(t, p, sale(prices...))
		assert.EqualValues(t, 29, a.Points, "20 lines of 1.45")
		for i, n := range a.Lines {
			assert.Equal(t, int64(1)+map[bool]int64{true: 1}[i%4 == 1 || i%4 == 2 && i < 16], n, i)
		}
	}
}
