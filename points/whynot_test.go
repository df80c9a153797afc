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

// TestWhyNotBeforeTheBaseRule: a rule that failed by itself does not blame the one that came after it.
func TestWhyNotBeforeTheBaseRule(t *testing.T) {
	big := Rule{ID: "big", Linear: &Linear{Points: 2, Per: dec("1")}, When: When{Spend: dec("500")}}
	p := compiled(t, func(k *Config) { k.Rules = []Rule{big, k.Rules[0]} })
	why := func(p *Policy, id string, o Order) []Note {
		notes, err := p.WhyNot(id, o)
		require.NoError(t, err)
		return notes
	}
	below := Note{Reason: BelowSpend, Of: "100 < 500"}
	assert.Equal(t, []Note{below}, why(p, "big", sale("100")))
	assert.Equal(t, []Note{{Reason: TakenBy, Of: "big"}}, why(p, "base", sale("500")))

	first := Rule{ID: "first", Linear: &Linear{Points: 3, Per: dec("1")}, When: When{Tags: []string{"x"}}}
	p = compiled(t, func(k *Config) { k.Rules = []Rule{first, big, k.Rules[0]} })
	o := sale("40", "60")
	o.Lines[0].Tags = []string{"x"}
	assert.Equal(t, []Note{below}, why(p, "big", o), "the first rule has only one of its lines")
	o.Lines[1].Tags = []string{"x"}
	assert.Equal(t, []Note{{Reason: TakenBy, Of: "first"}}, why(p, "big", o))

	big.When = When{Groups: []string{"gold"}}
	p = compiled(t, func(k *Config) { k.Rules = []Rule{big, k.Rules[0]} })
	assert.Equal(t, []Note{{Reason: NotInGroup}}, why(p, "big", sale("100")))
}

// TestOnlyTheBestMultiplied: a modifier that changed nothing is neither traced nor without a reason.
func TestOnlyTheBestMultiplied(t *testing.T) {
	p := compiled(t, func(k *Config) {
		k.Stack = Best
		k.Rules = append(k.Rules,
			Rule{ID: "x", Family: "x", Linear: &Linear{Points: 1, Per: dec("1")}, When: When{Tags: []string{"x"}}},
			Rule{ID: "steps", Family: "s", Step: &Step{Points: 1, Per: dec("1000")}})
		k.StackGroups = []StackGroup{{Name: "sum"}}
		k.Modifiers = []Modifier{
			{ID: "two", Factor: dec("2")}, {ID: "three", Factor: dec("3")}, {ID: "also", Factor: dec("3")}, {ID: "fam", Factor: dec("5"), Families: []string{"x"}},
			{ID: "more", Factor: dec("2"), StackGroup: "sum"}, {ID: "far", Factor: dec("9"), Families: []string{"s"}},
		}
	})
	o := sale("100")
	multiplied := func() (of []string) {
		for _, n := range award(t, p, o).Trace {
			if n.Reason == Multiplied {
				of = append(of, n.Of)
			}
		}
		return of
	}
	why := func(id string) []Note {
		notes, err := p.WhyNot(id, o)
		require.NoError(t, err)
		return notes
	}
	assert.Equal(t, []string{"three", "more"}, multiplied())
	for id, want := range map[string][]Note{
		"two": {{Reason: BeatenBy, Of: "three"}}, "three": nil, "also": {{Reason: BeatenBy, Of: "three"}}, "fam": {{Reason: NoLine}},
		"more": nil, "far": {{Reason: RoundedAway, Of: "far"}},
	} {
		assert.Equal(t, want, why(id), id)
	}
	o.Times = dec("4")
	assert.Equal(t, []string{"times", "more"}, multiplied())
	assert.Equal(t, []Note{{Reason: BeatenBy, Of: "times"}}, why("three"))
	o.Times = dec("2.5")
	o.Lines[0].Tags = []string{"x"}
	assert.Equal(t, []string{"three", "fam", "more"}, multiplied(), "fam has the points of its own family")
}

// TestWhyNotUnknown: an order that earns nothing does not hide a wrong id, nor an award that fails.
func TestWhyNotUnknown(t *testing.T) {
	p := compiled(t)
	_, err := p.WhyNot("nope", sale("0"))
	require.ErrorIs(t, err, ErrUnknown)
	notes, err := p.WhyNot("base", sale("0"))
	require.NoError(t, err)
	assert.Equal(t, []Note{{Reason: ZeroBasis}}, notes)
	huge := compiled(t, func(k *Config) { k.RoundAt, k.Rules[0].Linear.Points = PerLine, 9e18 })
	_, err = huge.WhyNot("base", sale("1", "1"))
	require.ErrorIs(t, err, ErrOverflow)
}
