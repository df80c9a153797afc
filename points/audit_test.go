package points

import (
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
		}, []Finding{{"/modifiers", Note{Reason: EarnBurn, Of: "1.01"}}}},
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
