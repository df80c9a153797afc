package points

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestCompileReportsEverything breaks each field and wants all problems at once, each in its place.
func TestCompileReportsEverything(t *testing.T) {
	for path, change := range map[string]func(*Config){
		"/version":                     func(c *Config) { c.Format = 2 },
		"/id":                          func(c *Config) { c.ID = "" },
		"/revision":                    func(c *Config) { c.Revision = 0 },
		"/since":                       func(c *Config) { c.Since = "soon" },
		"/zone":                        func(c *Config) { c.Zone = "Mars/Olympus" },
		"/currency":                    func(c *Config) { c.Currency = "" },
		"/decimals":                    func(c *Config) { c.Decimals = 19 },
		"/policy_at":                   func(c *Config) { c.PolicyAt = "shipped" },
		"/rounding":                    func(c *Config) { c.Rounding = "banker" },
		"/round_at":                    func(c *Config) { c.RoundAt = "year" },
		"/stack":                       func(c *Config) { c.Stack = "max" },
		"/basis/exclude_tags/0":        func(c *Config) { c.Basis.ExcludeTags = []string{""} },
		"/rules/0/id":                  func(c *Config) { c.Rules[0].ID = "" },
		"/rules/0":                     func(c *Config) { c.Rules[0].Linear = nil },
		"/rules/0/linear/per":          func(c *Config) { c.Rules[0].Linear.Per = dec("0") },
		"/rules/0/linear/points":       func(c *Config) { c.Rules[0].Linear.Points = -1 },
		"/rules/0/pending":             func(c *Config) { c.Rules[0].Pending = &Pending{Days: 1, Hours: 1} },
		"/rules/0/expiry/months":       func(c *Config) { c.Rules[0].Expiry = &Expiry{Months: -1} },
		"/rules/0/expiry/later/0/from": func(c *Config) { c.Rules[0].Expiry = &Expiry{Later: []Expiry{{Days: 1, From: "birth"}}} },
		"/rules/0/when/until":          func(c *Config) { c.Rules[0].When = When{From: "2025-02-01", Until: "2025-02-01"} },
		"/rules/0/when/spend":          func(c *Config) { c.Rules[0].When.Spend = dec("-1") },
		"/rules/0/when/weekdays/0":     func(c *Config) { c.Rules[0].When.Weekdays = []int{8} },
		"/rules/0/when/zone":           func(c *Config) { c.Rules[0].When.Zone = "x" },
		"/stack_groups/0/name":         func(c *Config) { c.StackGroups = []StackGroup{{}} },
		"/modifiers/0/factor":          func(c *Config) { c.Modifiers = []Modifier{{ID: "m", Factor: dec("-1")}} },
		"/modifiers/0/factor ":         func(c *Config) { c.Modifiers = []Modifier{{ID: "promo"}} },
		"/modifiers/0/stack_group":     func(c *Config) { c.Modifiers = []Modifier{{ID: "m", Factor: dec("2"), StackGroup: "x"}} },
		"/modifiers/0/families/0":      func(c *Config) { c.Modifiers = []Modifier{{ID: "m", Factor: dec("2"), Families: []string{"x"}}} },
		"/modifiers/0/id":              func(c *Config) { c.Modifiers = []Modifier{{ID: "base", Factor: dec("2")}} },
		"/modifiers/0/when": func(c *Config) {
			c.Rules[0] = Rule{ID: "base", Step: &Step{Points: 1, Per: dec("10")}}
			c.Modifiers = []Modifier{{ID: "m", Factor: dec("2"), When: When{Tags: []string{"x"}}}}
		},
		"/rules/1": func(c *Config) {
			c.Rules = append(c.Rules, Rule{ID: "shoes", Unit: &Unit{Points: 1}, When: When{Tags: []string{"shoes"}}})
		},
		"/rules/0/id ":         func(c *Config) { c.Rules[0].ID = "birthday" },
		"/rules/0/id  ":        func(c *Config) { c.Rules[0].ID = "times" },
		"/rules/0/when/zone ":  func(c *Config) { c.Rules[0].When.Zone = "UTC" },
		"/rules/0/when/zone  ": func(c *Config) { c.Rules[0].When = When{From: "2025-01-01", Zone: "x"} },
		"/modifiers/0/id ":     func(c *Config) { c.Modifiers = []Modifier{{ID: "times", Factor: dec("2")}} },
		"/modifiers/0/families/1": func(c *Config) {
			c.Bonuses = []Bonus{{ID: "b", Points: 1, Family: "flat"}, {ID: "m", Points: 1, Family: "bf", MultiplyMe: true}}
			c.Modifiers = []Modifier{{ID: "two", Factor: dec("2"), Families: []string{"bf", "flat"}}}
		},
		"/bonuses/0/id":  func(c *Config) { c.Bonuses = []Bonus{{ID: "friend", Points: 1}} },
		"/actions/0/id ": func(c *Config) { c.Actions = []Action{{ID: "referrer", Points: 1}} },
		"/caps/0/of ":    func(c *Config) { c.Caps = []Cap{{ID: "c", Of: "check_in"}} },
		"/caps/0/of  ": func(c *Config) {
			c.Referral, c.Caps = &Referral{Friend: &Gift{Points: 1}}, []Cap{{ID: "c", Of: "referrer"}}
		},
		"/bonuses/0/points":       func(c *Config) { c.Bonuses = []Bonus{{ID: "b"}} },
		"/caps/0/of":              func(c *Config) { c.Caps = []Cap{{ID: "c", Of: "nothing"}} },
		"/caps/1/id":              func(c *Config) { c.Caps = []Cap{{ID: "c"}, {ID: "c"}} },
		"/caps/0/points":          func(c *Config) { c.Caps = []Cap{{ID: "c", Points: -1}} },
		"/expiry/align":           func(c *Config) { c.Expiry = Expiry{Months: 1, Align: "week"} },
		"/expiry":                 func(c *Config) { c.Expiry = Expiry{Months: 1, Through: "2025-01-01"} },
		"/expiry/through":         func(c *Config) { c.Expiry = Expiry{Through: "2025-02-30"} },
		"/pending/hours":          func(c *Config) { c.Pending = Pending{Hours: -1} },
		"/pending/event":          func(c *Config) { c.Pending = Pending{Event: "a:b"} },
		"/birthday/leap":          func(c *Config) { c.Birthday.Leap = "feb29" },
		"/birthday/before":        func(c *Config) { c.Birthday.Before = 200 },
		"/birthday/gift/points":   func(c *Config) { c.Birthday.Gift = &Gift{} },
		"/referral":               func(c *Config) { c.Referral = &Referral{} },
		"/check_in/points":        func(c *Config) { c.CheckIn = &CheckIn{} },
		"/check_in/points/1":      func(c *Config) { c.CheckIn = &CheckIn{Points: []int64{1, -1}} },
		"/actions/0/id":           func(c *Config) { c.Actions = []Action{{ID: "order", Points: 1}} },
		"/actions/0/once":         func(c *Config) { c.Actions = []Action{{ID: "a", Points: 1, Once: EachOrder}} },
		"/redeem/money":           func(c *Config) { c.Redeem.Money = dec("0") },
		"/redeem/max_percent":     func(c *Config) { c.Redeem.MaxPercent = dec("101") },
		"/redeem/max_amount":      func(c *Config) { c.Redeem.MaxAmount = dec("0.005") },
		"/redeem/min":             func(c *Config) { c.Redeem.Min, c.Redeem.MaxPerDay = 100, 50 },
		"/redeem":                 func(c *Config) { c.Growth = true },
		"/terms/refund":           func(c *Config) { c.Terms.Refund = "never" },
		"/terms/activity/1":       func(c *Config) { c.Terms.Activity = []string{"earn", "walk"} },
		"/terms/back_dated_days":  func(c *Config) { c.Terms.BackDated = GraceBackDated },
		"/terms/transfer_per_day": func(c *Config) { c.Terms.TransferPerDay = -1 },
		"/caps/0/id":              func(c *Config) { c.Caps = []Cap{{ID: "transfer_per_day", Points: 1}} },
		"/terms/debt_cap":         func(c *Config) { c.Terms = Terms{Refund: OnlyPending, DebtCap: 5} },
	} {
		_, err := Compile(house(change))
		var problems *ConfigError
		require.ErrorAs(t, err, &problems, path)
		require.Len(t, problems.Problems, 1, "%s: %v", path, err)
		assert.Equal(t, strings.TrimSpace(path), problems.Problems[0].Path) // a space tells two cases of one path apart
		assert.NotEmpty(t, problems.Problems[0].Detail)
	}
	_, err := Compile(Config{Rules: []Rule{{}}, Caps: []Cap{{Of: "x"}}})
	var problems *ConfigError
	require.ErrorAs(t, err, &problems)
	assert.Len(t, problems.Problems, 8)
	assert.Panics(t, func() { MustCompile(Config{}) })
}

// TestCompileHugeNumbers: a number of a few bytes must not cost gigabytes.
func TestCompileHugeNumbers(t *testing.T) {
	for _, s := range []string{"1e9999", "1e-9999", "1234567890123456789.5", "0.0000000000000000001"} {
		_, err := Compile(house(func(c *Config) { c.Rules[0].Linear.Per = dec(s) }))
		require.Error(t, err, s)
	}
	for _, s := range []string{"1e18", "1e-18", "999999999999999999", "1.000000000000000000"} {
		_, err := Compile(house(func(c *Config) { c.Rules[0].Linear.Per = dec(s) }))
		require.NoError(t, err, s)
	}
}

func TestVersions(t *testing.T) {
	at := func(revision int, since string, change ...func(*Config)) *Policy {
		return compiled(t, append(change, func(c *Config) { c.Revision, c.Since = revision, since })...)
	}
	v1, v2, v3 := at(1, "2025-01-01"), at(2, "2025-06-01"), at(5, "2026-01-01T12:00")
	p, err := Versions(v1, v2, v3)
	require.NoError(t, err)
	for s, want := range map[string]*Policy{
		"2024-12-31T15:59:59Z": nil, "2024-12-31T16:00:00Z": v1, "2025-05-31T15:59:59Z": v1, "2025-05-31T16:00:00Z": v2,
		"2026-01-01T03:59:59Z": v2, "2030-01-01T00:00:00Z": p,
	} {
		assert.Same(t, want, p.At(clock(s)), s)
	}
	assert.Equal(t, 5, p.Revision())
	o := sale("100")
	o.Paid = clock("2024-01-01")
	_, err = p.Award(o)
	require.ErrorContains(t, err, "no revision")
	require.ErrorIs(t, err, ErrUnknown)
	for name, list := range map[string][]*Policy{
		"none": {}, "nil": {nil}, "nested": {p}, "order": {v2, v1}, "same day": {v1, at(2, "2025-01-01")}, "no date": {v1, at(2, "")},
		"zone": {v1, at(2, "2025-06-01", func(c *Config) { c.Zone = "UTC" })},
		"id":   {v1, at(2, "2025-06-01", func(c *Config) { c.ID = "other" })},
	} {
		_, err := Versions(list...)
		require.Error(t, err, name)
	}
	other := at(1, "2024-06-01", func(c *Config) {
		c.ID, c.Zone, c.Currency, c.Decimals, c.PolicyAt, c.Growth, c.Redeem = "other", "UTC", "JPY", NoDecimals, AtPlaced, true, nil
	})
	_, err = Versions(v1, nil, v2, other)
	var problems *ConfigError
	require.ErrorAs(t, err, &problems)
	var paths []string
	for _, p := range problems.Problems {
		paths = append(paths, p.Path)
		assert.NotEmpty(t, p.Detail)
	}
	assert.Equal(t, []string{
		"/1", "/3/id", "/3/zone", "/3/currency", "/3/decimals", "/3/policy_at", "/3/growth", "/3/revision", "/3/since",
	}, paths)
}

// TestCompiledPolicyReadsItsOwnJSON: what the reader would refuse does not compile.
func TestCompiledPolicyReadsItsOwnJSON(t *testing.T) {
	many := func(n, size int) (list []string) {
		for i := range n {
			list = append(list, fmt.Sprintf("%0*d", size, i))
		}
		return list
	}
	p, err := Compile(house(func(c *Config) { c.Basis.ExcludeSKUs = many(10_000, 5) }))
	require.NoError(t, err)
	printed, err := json.Marshal(p)
	require.NoError(t, err)
	_, err = ParseConfig(printed)
	require.NoError(t, err)
	for name, change := range map[string]func(*Config){
		"/basis/exclude_skus": func(c *Config) { c.Basis.ExcludeSKUs = many(10_001, 5) },
		"":                    func(c *Config) { c.Basis.ExcludeSKUs = many(10_000, 200) },
	} {
		_, err := Compile(house(change))
		var problems *ConfigError
		require.ErrorAs(t, err, &problems, name)
		require.Len(t, problems.Problems, 1)
		assert.Equal(t, name, problems.Problems[0].Path)
	}
}

// TestModifierOfABonusFamily: a modifier for the family of a multiplied bonus alone multiplies it alone.
func TestModifierOfABonusFamily(t *testing.T) {
	p := compiled(t, func(c *Config) {
		c.Bonuses = []Bonus{{ID: "b", Points: 10, Family: "bf", MultiplyMe: true}}
		c.Modifiers = []Modifier{
			{ID: "two", Factor: dec("2"), Families: []string{"bf"}}, {ID: "line", Factor: dec("3"), When: When{Tags: []string{"x"}}},
		}
	})
	o := sale("100")
	o.Lines[0].Tags = []string{"x"}
	assert.EqualValues(t, 300+20, award(t, p, o).Points)
}

func TestAwardRefusals(t *testing.T) {
	p := compiled(t)
	for name, c := range map[string]struct {
		want   error
		change func(*Order)
	}{
		"no id":            {ErrID, func(o *Order) { o.ID = "" }},
		"line ids":         {ErrID, func(o *Order) { o.Lines[0].ID, o.Lines[1].ID = "a", "a" }},
		"negative price":   {ErrAmount, func(o *Order) { o.Lines[0].Price = dec("-1") }},
		"half a cent":      {ErrAmount, func(o *Order) { o.Lines[0].Price = dec("0.005") }},
		"huge":             {ErrAmount, func(o *Order) { o.Lines[0].Price = decimal.New(1, 30_000_000) }},
		"negative units":   {ErrAmount, func(o *Order) { o.Lines[0].Quantity = -1 }},
		"overflowing line": {ErrOverflow, func(o *Order) { o.Lines[0].Quantity = math.MaxInt64 }},
		"overflowing sum": {ErrOverflow, func(o *Order) {
			o.Lines[0].Price, o.Lines[1].Price = dec("92233720368547758"), dec("92233720368547758")
		}},
		"tax":             {ErrAmount, func(o *Order) { o.Lines[0].Tax = dec("50.01") }},
		"tenders":         {ErrAmount, func(o *Order) { o.PaidWithGiftCard = dec("100.01") }},
		"both tenders":    {ErrAmount, func(o *Order) { o.PaidWithGiftCard, o.PaidWithPoints = dec("60"), dec("60") }},
		"points for free": {ErrAmount, func(o *Order) { o.PointsSpent = 5 }},
		"negative points": {ErrAmount, func(o *Order) { o.PointsSpent = -5 }},
		"no rate":         {ErrAmount, func(o *Order) { o.Currency = "EUR" }},
		"odd currency":    {ErrID, func(o *Order) { o.Currency, o.Rate = "\x00\xff", dec("2") }},
		"long currency":   {ErrID, func(o *Order) { o.Currency, o.Rate = strings.Repeat("x", 256), dec("2") }},
		"needless rate":   {ErrAmount, func(o *Order) { o.Rate = dec("2") }},
		"times":           {ErrAmount, func(o *Order) { o.Times = dec("-1") }},
		"long times":      {ErrAmount, func(o *Order) { o.Times = dec("1.2345678901234567890") }},
	} {
		o := sale("50", "50")
		c.change(&o)
		_, err := p.Award(o)
		require.ErrorIs(t, err, c.want, name)
	}
	o := sale("50")
	o.Paid = time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)
	_, err := p.Award(o)
	require.ErrorIs(t, err, ErrOverflow)
	o.Paid = clock("9999-06-01")
	_, err = compiled(t, func(c *Config) { c.Expiry = Expiry{Months: 12} }).Award(o)
	require.ErrorIs(t, err, ErrOverflow, "JSON could not write the end")
	o.Paid = clock("0001-01-01T00:00:00Z")
	_, err = p.Award(o)
	require.ErrorContains(t, err, "no paid time")
	require.ErrorIs(t, err, ErrAmount)
}

// TestAwardBeyondInt64 multiplies until one word is too narrow: the result is exact, or ErrOverflow.
func TestAwardBeyondInt64(t *testing.T) {
	factors := func(n int, f string) func(*Config) {
		return func(c *Config) {
			c.Stack = Product
			for i := range n {
				c.Modifiers = append(c.Modifiers, Modifier{ID: key("m", i), Factor: dec(f)})
			}
		}
	}
	a := award(t, compiled(t, factors(8, "1.00000000000000001")), sale("1000000000000000", "0.99"))
	assert.Equal(t, int64(1_000_000_000_000_001), a.Points, "1e15 + 0.99 and 0.08, rounded once")
	_, err := compiled(t, factors(8, "1000")).Award(sale("1000000"))
	require.ErrorIs(t, err, ErrOverflow)
	big := compiled(t, func(c *Config) {
		c.Bonuses = []Bonus{{ID: "a", Points: math.MaxInt64}, {ID: "b", Points: 1}}
	})
	_, err = big.Award(sale("0.01"))
	require.ErrorIs(t, err, ErrOverflow)
}
