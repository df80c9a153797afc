package points

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

var _ = spec("X05", func(t *testing.T) {
	p := compiled(t, func(k *Config) {
		k.Rules[0].Linear.Points = 5
		k.Stack = Product
		k.Modifiers = []Modifier{{ID: "a", Factor: dec("2")}, {ID: "b", Factor: dec("3")}, {ID: "c", Factor: dec("5")}}
	})
	assert.Equal(t, []Finding{{"/modifiers", Note{Reason: EarnBurn, Of: "1.50"}}}, Audit(p))
})

func TestAudit(t *testing.T) {
	three := []Modifier{{ID: "a", Factor: dec("20")}, {ID: "b", Factor: dec("30")}, {ID: "c", Factor: dec("60")}}
	for name, c := range map[string]struct {
		change func(*Config)
		want   []Finding
	}{
		"nothing":          {func(*Config) {}, nil},
		"a sum of 108":     {func(k *Config) { k.Modifiers = three }, []Finding{{"/modifiers", Note{Reason: EarnBurn, Of: "1.08"}}}},
		"the best of them": {func(k *Config) { k.Modifiers, k.Stack = three, Best }, nil},
		"two groups": {func(k *Config) {
			k.Stack, k.StackGroups = Best, []StackGroup{{Name: "g", Stack: Product}}
			k.Modifiers = []Modifier{three[2], {ID: "d", Factor: dec("7"), StackGroup: "g"}, {ID: "e", Factor: dec("7"), StackGroup: "g"}}
		}, []Finding{{"/modifiers", Note{Reason: EarnBurn, Of: "1.08"}}}},
		"windows that never meet": {func(k *Config) {
			k.Modifiers = []Modifier{
				{ID: "a", Factor: dec("60"), When: When{Until: "2025-02-01"}}, {ID: "b", Factor: dec("60"), When: When{From: "2025-02-01"}},
			}
		}, nil},
		"windows that meet": {func(k *Config) {
			k.Modifiers = []Modifier{
				{ID: "a", Factor: dec("60"), When: When{Until: "2025-02-02"}}, {ID: "b", Factor: dec("60"), When: When{From: "2025-02-01"}},
			}
		}, []Finding{{"/modifiers", Note{Reason: EarnBurn, Of: "1.19"}}}},
		"channels that never meet": {func(k *Config) {
			k.Modifiers = []Modifier{
				{ID: "a", Factor: dec("60"), When: When{Channels: []string{"app"}}}, {ID: "b", Factor: dec("60"), When: When{Channels: []string{"shop"}}},
			}
		}, nil},
		"families add up": {func(k *Config) {
			k.Rules = append(k.Rules, Rule{ID: "x", Family: "x", Step: &Step{Points: 100, Per: dec("1")}})
		}, []Finding{{"/rules", Note{Reason: EarnBurn, Of: "1.01"}}}},
		"gift cards":            {func(k *Config) { k.Basis.GiftCards = true }, []Finding{{"/basis/gift_cards", Note{Reason: GiftCardLoop}}}},
		"gift cards once":       {func(k *Config) { k.Basis.GiftCards, k.Basis.ExcludeGiftCardTender = true, true }, nil},
		"gift cards for points": {func(k *Config) { k.Redeem.GiftCards = true }, []Finding{{"/redeem/gift_cards", Note{Reason: GiftCardSwap}}}},
		"kept bonus": {func(k *Config) { k.Bonuses = []Bonus{{ID: "b", Points: 5, Keep: true, When: When{Spend: dec("100")}}} },
			[]Finding{{"/bonuses/0/keep", Note{Reason: BonusKept, Of: "b"}}}},
		"bonus for anything": {func(k *Config) { k.Bonuses = []Bonus{{ID: "b", Points: 5}} },
			[]Finding{{"/bonuses/0", Note{Reason: BonusUnguarded, Of: "b"}}}},
		"bonus with a period": {func(k *Config) {
			k.Bonuses, k.Caps = []Bonus{{ID: "b", Points: 5}}, []Cap{{ID: "c", Of: "b", Per: EachDay, Points: 5}}
		}, nil},
		"bonus with a cap of the order": {func(k *Config) { k.Bonuses, k.Caps = []Bonus{{ID: "b", Points: 5}}, []Cap{{ID: "c", Points: 5}} },
			[]Finding{{"/bonuses/0", Note{Reason: BonusUnguarded, Of: "b"}}}},
		"action": {func(k *Config) { k.Actions = []Action{{ID: "review", Points: 5}} }, []Finding{{"/actions/0", Note{Reason: ActionUncapped, Of: "review"}}}},
		"referral": {func(k *Config) { k.Referral = &Referral{Referrer: &Gift{Points: 5}} },
			[]Finding{{"/referral", Note{Reason: ReferralForFree}}, {"/referral/referrer", Note{Reason: ReferralUncapped}}}},
		"pending": {func(k *Config) {
			k.Pending, k.Expiry = Pending{Days: 14}, Expiry{Months: 1, Align: AlignMonth, From: FromEarned}
		}, nil},
		"pending into the next month": {func(k *Config) { k.Pending, k.Expiry = Pending{Days: 14}, Expiry{Align: AlignMonth, From: FromEarned} },
			[]Finding{{"/expiry", Note{Reason: PendingOutlives, Of: "2024-01-17"}}}},
		"pending for an event": {func(k *Config) {
			k.Rules[0].Pending, k.Rules[0].Expiry = &Pending{Event: "received"}, &Expiry{Days: 90, From: FromEarned}
		},
			[]Finding{{"/rules/0/expiry", Note{Reason: PendingOutlives, Of: "2024-01-01"}}}},
		"a fixed day that is over": {func(k *Config) { k.Since, k.Expiry = "2025-01-01", Expiry{Through: "2024-12-31"} },
			[]Finding{{"/expiry", Note{Reason: PendingOutlives, Of: "2025-01-01"}}}},
		"units": {func(k *Config) { k.Rules[0] = Rule{ID: "u", Unit: &Unit{Points: 5}} }, []Finding{{"/rules/0/unit", Note{Reason: UnitUnbounded, Of: "u"}}}},
		"up":    {func(k *Config) { k.Rounding = Up }, []Finding{{"/rounding", Note{Reason: RoundsUp}}}},
	} {
		assert.Equal(t, c.want, Audit(compiled(t, c.change)), name)
	}
}

// TestAuditOfBonuses: what one order brings counts together, and what asks for no order at all.
func TestAuditOfBonuses(t *testing.T) {
	two := func(x, y When) func(*Config) {
		return func(k *Config) {
			k.Bonuses = []Bonus{{ID: "a", Points: 6000, When: x}, {ID: "b", Points: 6000, When: y}}
		}
	}
	hundred, fifty := When{Spend: dec("100")}, When{Spend: dec("50")}
	spent := func(change func(*When)) When { w := hundred; change(&w); return w }
	burns := func(path, of string) []Finding { return []Finding{{path, Note{Reason: EarnBurn, Of: of}}} }
	for name, c := range map[string]struct {
		change func(*Config)
		want   []Finding
	}{
		"together":           {two(hundred, hundred), burns("/bonuses/1", "1.21")},
		"one too many alone": {two(fifty, hundred), append(burns("/bonuses/0", "1.21"), burns("/bonuses/1", "1.21")...)},
		"the other way":      {two(hundred, fifty), append(burns("/bonuses/0", "1.21"), burns("/bonuses/1", "1.21")...)},
		"of other channels":  {two(spent(func(w *When) { w.Channels = []string{"app"} }), spent(func(w *When) { w.Channels = []string{"shop"} })), nil},
		"of other months":    {two(spent(func(w *When) { w.Until = "2025-02-01" }), spent(func(w *When) { w.From = "2025-02-01" })), nil},
		"of other days":      {two(spent(func(w *When) { w.Weekdays = []int{1} }), spent(func(w *When) { w.Weekdays = []int{2} })), nil},
		"of other goods":     {two(spent(func(w *When) { w.SKUs = []string{"x"} }), spent(func(w *When) { w.SKUs = []string{"y"} })), nil},
		"a cap on both":      {func(k *Config) { two(hundred, hundred)(k); k.Caps = []Cap{{ID: "c", Points: 9000}} }, nil},
		"a first order of a cent": {func(k *Config) { k.Bonuses = []Bonus{{ID: "b", Points: 10_000, When: When{First: true}}} },
			[]Finding{{"/bonuses/0", Note{Reason: BonusForFree, Of: "b"}}}},
		"a first order for pennies": {func(k *Config) { k.Bonuses = []Bonus{{ID: "b", Points: 99, When: When{First: true}}} }, nil},
		"a fortune a day": {func(k *Config) {
			k.Bonuses, k.Caps = []Bonus{{ID: "b", Points: 10_000}}, []Cap{{ID: "c", Of: "b", Per: EachDay, Points: 10_000}}
		}, []Finding{{"/bonuses/0", Note{Reason: BonusForFree, Of: "b"}}}},
		"kept for nothing": {func(k *Config) { k.Bonuses = []Bonus{{ID: "b", Points: 5, Keep: true, When: When{First: true}}} }, nil},
		"a cap of everything": {func(k *Config) {
			k.Bonuses, k.Actions = []Bonus{{ID: "b", Points: 5}}, []Action{{ID: "review", Points: 5}}
			k.Caps = []Cap{{ID: "c", Per: EachDay, Points: math.MaxInt64}}
		}, []Finding{{"/bonuses/0", Note{Reason: BonusUnguarded, Of: "b"}}, {"/actions/0", Note{Reason: ActionUncapped, Of: "review"}}}},
	} {
		assert.Equal(t, c.want, Audit(compiled(t, c.change)), name)
	}
}

func TestAuditOfRates(t *testing.T) {
	burns := func(path, of string) []Finding { return []Finding{{path, Note{Reason: EarnBurn, Of: of}}} }
	for name, c := range map[string]struct {
		change func(*Config)
		want   []Finding
	}{
		"a rule alone":    {func(k *Config) { k.Rules[0].Linear.Points = 200 }, burns("/rules/0", "2.00")},
		"a little":        {func(k *Config) { k.Rules[0].Linear = &Linear{Points: 1001, Per: dec("10")} }, burns("/rules/0", "1.001")},
		"a grain":         {func(k *Config) { k.Rules[0].Linear = &Linear{Points: 1e15 + 1, Per: dec("1e13")} }, burns("/rules/0", "1.000000000000001")},
		"exactly as much": {func(k *Config) { k.Rules[0].Linear.Points = 100 }, nil},
		"half a point": {func(k *Config) {
			k.Rounding, k.Rules[0].Linear.Per, k.Redeem = HalfUp, dec("100"), &Redeem{Points: 1, Money: dec("60")}
		}, burns("/rounding", "1.20")},
		"half a point rounded down": {func(k *Config) {
			k.Rules[0].Linear.Per, k.Redeem = dec("100"), &Redeem{Points: 1, Money: dec("60")}
		}, nil},
		"half a step": {func(k *Config) {
			k.Rounding, k.Rules[0], k.Redeem = HalfUp, Rule{ID: "s", Step: &Step{Points: 1, Per: dec("100")}}, &Redeem{Points: 1, Money: dec("60")}
		}, nil},
		"half a cent": {func(k *Config) { k.Rounding, k.Rules[0].Linear.Points = HalfUp, 100 }, nil},
	} {
		assert.Equal(t, c.want, Audit(compiled(t, c.change)), name)
	}
	assert.Empty(t, Audit(nil))
}

func TestAuditOfTimings(t *testing.T) {
	week := Expiry{Earlier: []Expiry{{Months: 12}, {Days: 7, From: FromEarned}}}
	for name, c := range map[string]struct {
		wait Pending
		end  Expiry
		more func(*Config)
		want string // the day, if any
	}{
		"a week at most":               {Pending{Days: 14}, week, nil, "2024-01-01"},
		"a week at most, not waiting":  {Pending{}, week, nil, ""},
		"a week at most, for an event": {Pending{Event: "received"}, week, nil, "2024-01-01"},
		"a week at least":              {Pending{Days: 14}, Expiry{Later: []Expiry{{Months: 12}, {Days: 7, From: FromEarned}}}, nil, ""},
		"the qualifying event":         {Pending{Event: "paid"}, Expiry{Days: 90, From: FromEarned}, nil, ""},
		"another event":                {Pending{Event: "paid"}, Expiry{Days: 90, From: FromEarned}, func(k *Config) { k.PolicyAt = AtPlaced }, "2024-01-01"},
		"the last days of a year":      {Pending{Days: 14}, Expiry{Through: "2025-12-31"}, func(k *Config) { k.Since = "2025-01-01" }, "2025-12-17"},
		"of a year far away":           {Pending{Days: 14}, Expiry{Through: "2035-12-31"}, func(k *Config) { k.Since = "2025-01-01" }, "2035-12-17"},
		"of any year":                  {Pending{Days: 14}, Expiry{Through: "2025-12-31"}, nil, "2025-12-17"},
		"a fixed day, not waiting":     {Pending{}, Expiry{Through: "2025-12-31"}, func(k *Config) { k.Since = "2025-01-01" }, ""},
		"a fixed day at the earliest":  {Pending{Days: 14}, Expiry{Later: []Expiry{{Months: 12}, {Through: "2025-12-31"}}}, nil, ""},
		"twelve months":                {Pending{Days: 14}, Expiry{Months: 12}, nil, ""},
	} {
		found := Audit(compiled(t, func(k *Config) {
			if k.Pending, k.Expiry = c.wait, c.end; c.more != nil {
				c.more(k)
			}
		}))
		if c.want == "" {
			assert.Empty(t, found, name)
			continue
		}
		assert.Equal(t, []Finding{{"/expiry", Note{Reason: PendingOutlives, Of: c.want}}}, found, name)
	}
}
