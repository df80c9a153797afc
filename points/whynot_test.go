package points

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWhyNot(t *testing.T) {
	p := compiled(t, func(k *Config) {
		k.Rules = []Rule{
			{ID: "shoes", Linear: &Linear{Points: 2, Per: dec("1")}, When: When{Tags: []string{"shoes"}}},
			{ID: "base", Linear: &Linear{Points: 1, Per: dec("1")}},
			{ID: "dust", Family: "x", Step: &Step{Points: 1, Per: dec("1000"), Of: PerLine}},
		}
		k.Modifiers = []Modifier{
			{ID: "party", Factor: dec("2"), When: When{
				From: "2025-04-01", Weekdays: []int{7}, MonthDays: []int{1}, Channels: []string{"app"}, Groups: []string{"gold"},
				First: true, Birthday: true, Spend: dec("500"),
			}},
			{ID: "past", Factor: dec("2"), When: When{Until: "2025-03-10"}},
			{ID: "today", Factor: dec("2"), When: When{Weekdays: []int{1}, MonthDays: []int{10}, From: "2025-03-10", Until: "2025-03-11"}},
			{ID: "hats", Factor: dec("2"), When: When{Tags: []string{"hat"}}},
		}
		k.Bonuses = []Bonus{{ID: "hundred", Points: 50, When: When{Spend: dec("100")}}, {ID: "capped", Points: 7}}
		k.Caps = []Cap{{ID: "none", Of: "capped"}}
	})
	o := sale("60", "39.99")
	o.Channel = "counter"
	o.Lines[0].Tags, o.Lines[1].Tags = []string{"shoes"}, []string{"shoes"}
	for id, want := range map[string][]Note{
		"shoes": nil,
		"today": nil,
		"base":  {{Reason: TakenBy, Of: "shoes"}},
		"dust":  {{Reason: RoundedAway, Of: "dust"}},
		"party": {
			{Reason: NotYet}, {Reason: OtherDay}, {Reason: OtherDay}, {Reason: OtherChannel, Of: "counter"}, {Reason: NotInGroup},
			{Reason: NotFirstOrder}, {Reason: NotBirthday}, {Reason: BelowSpend, Of: "99.99 < 500"},
		},
		"past":    {{Reason: Over}},
		"hats":    {{Reason: NoLine}},
		"hundred": {{Reason: BelowSpend, Of: "99.99 < 100"}},
		"capped":  {{Reason: RuleCap, Of: "none", Need: 7}},
	} {
		got, err := p.WhyNot(id, o)
		require.NoError(t, err)
		assert.Equal(t, want, got, id)
	}
	_, err := p.WhyNot("nothing", o)
	require.ErrorIs(t, err, ErrUnknown)
	o.Discount = dec("99.99")
	got, err := p.WhyNot("shoes", o)
	require.NoError(t, err)
	assert.Equal(t, []Note{{Reason: ZeroBasis}}, got)
}
