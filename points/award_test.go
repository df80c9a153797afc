package points

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestBasis earns on what each setting leaves of one order: 100 of goods with 13 tax, 10 off, 20 paid
// with points, 30 with a gift card, 5 for shipping.
func TestBasis(t *testing.T) {
	o := sale("100")
	o.Lines[0].Tax, o.Discount, o.Shipping = dec("13"), dec("10"), dec("5")
	o.PaidWithPoints, o.PointsSpent, o.PaidWithGiftCard = dec("20"), 2000, dec("30")
	for name, c := range map[string]struct {
		basis Basis
		want  int64
	}{
		"default":           {Basis{}, 70},
		"points tender":     {Basis{PointsTender: true}, 90},
		"no card tender":    {Basis{ExcludeGiftCardTender: true}, 40},
		"without tax":       {Basis{ExcludeTax: true}, 60}, // 70 less 9.10
		"excluded tag":      {Basis{ExcludeTags: []string{"x"}}, 0},
		"excluded sku":      {Basis{ExcludeSKUs: []string{"s"}}, 0},
		"other tag and sku": {Basis{ExcludeTags: []string{"y"}, ExcludeSKUs: []string{"z"}}, 70},
	} {
		o.Lines[0].Tags, o.Lines[0].SKU = []string{"x"}, "s"
		assert.Equal(t, c.want, award(t, compiled(t, func(k *Config) { k.Basis = c.basis }), o).Points, name)
	}
	o.PaidWithPoints = dec("92") // the goods are 90, the rest is shipping
	o.PaidWithGiftCard = dec("3")
	a := award(t, compiled(t), o)
	assert.Zero(t, a.Points)
	back, err := a.Evidence.Returned(Return{Shipping: dec("5")})
	require.NoError(t, err)
	assert.Equal(t, []string{"2", "3", "0"}, []string{back.PointsMoney.String(), back.GiftCard.String(), back.Cash.String()})
}

func TestFamiliesAndLots(t *testing.T) {
	p := compiled(t, func(k *Config) {
		k.Expiry = Expiry{Months: 12}
		k.Rules = []Rule{
			{ID: "shoes", Linear: &Linear{Points: 3, Per: dec("1")}, When: When{Tags: []string{"shoes"}}},
			{ID: "base", Linear: &Linear{Points: 1, Per: dec("1")}},
			{ID: "brand", Linear: &Linear{Points: 1, Per: dec("2")}, Family: "brand", Color: "red", Expiry: &Expiry{Days: 30}},
		}
		k.Modifiers = []Modifier{{ID: "double", Factor: dec("2"), Families: []string{"brand"}}}
		k.Bonuses = []Bonus{{ID: "extra", Points: 7}, {ID: "late", Points: 5, Pending: &Pending{Event: "received"}}}
	})
	o := sale("10", "20")
	o.Lines[0].Tags = []string{"shoes"}
	a := award(t, p, o)
	assert.EqualValues(t, 30+20+30+7+5, a.Points)
	require.Len(t, a.Lots, 3)
	assert.Equal(t, []int64{57, 30, 5}, []int64{a.Lots[0].Points, a.Lots[1].Points, a.Lots[2].Points}, "extra joins the lot of the base")
	assert.Equal(t, []string{"", "red", ""}, []string{a.Lots[0].Color, a.Lots[1].Color, a.Lots[2].Color})
	assert.Equal(t, "received", a.Lots[2].Awaits)
	assert.Equal(t, []Note{
		{Reason: Earned, Of: "shoes", Need: 30}, {Reason: Earned, Of: "base", Need: 20}, {Reason: Earned, Of: "brand", Need: 30},
		{Reason: Bonused, Of: "extra", Need: 7}, {Reason: Bonused, Of: "late", Need: 5}, {Reason: Multiplied, Of: "double"},
	}, a.Trace)
}

func TestCaps(t *testing.T) {
	p := compiled(t, func(k *Config) {
		k.Bonuses = []Bonus{{ID: "b", Points: 80}}
		k.Caps = []Cap{
			{ID: "year", Per: EachYear, Points: 1000}, {ID: "order", Points: 120}, {ID: "b", Of: "b", Points: 50}, {ID: "week", Of: "b", Per: EachWeek, Points: 45},
		}
	})
	monday, january := clock("2025-03-09T16:00:00Z"), clock("2024-12-31T16:00:00Z")
	a := award(t, p, sale("100"), Use{"week", monday, 5}, Use{"year", january, 910}, Use{"year", clock("2023-12-31T16:00:00Z"), 999}, Use{"gone", january, 9})
	assert.Equal(t, []Cut{{RuleCap, "b", 30}, {PeriodCap, "week", 10}, {OrderCap, "order", 20}, {PeriodCap, "year", 30}}, a.CutBy)
	assert.Equal(t, []int64{90, 90, 0, 180}, []int64{a.Points, a.Base, a.Bonus, a.Desired})
	assert.Equal(t, []Use{{"year", january, 90}}, a.Uses)
	after, err := a.Evidence.After(Return{Amount: dec("30")})
	require.NoError(t, err)
	assert.EqualValues(t, 90, after.Points, "70 and 40 less 20 still fill what the year had left")
	full := award(t, p, sale("100"), Use{"year", january, 5000})
	assert.Zero(t, full.Points)
	assert.Empty(t, full.Lots)
}

func TestNothingEarned(t *testing.T) {
	p := compiled(t, func(k *Config) { k.Rules[0].When.Tags = []string{"shoes"} })
	assert.Equal(t, []Note{{Reason: NoLine}}, award(t, p, sale("100")).Trace)
	assert.Equal(t, []Note{{Reason: RoundedAway}}, award(t, compiled(t), sale("0.99")).Trace)
	o := sale("5")
	o.Lines[0].Discount = dec("6")
	assert.Equal(t, []Note{{Reason: DiscountExceeds, Line: 1, Have: 500, Need: 600}, {Reason: ZeroBasis}}, awardOnly(t, compiled(t), o).Trace)
	gift := compiled(t, func(k *Config) { k.Bonuses = []Bonus{{ID: "b", Points: 5}} })
	assert.Zero(t, award(t, gift, sale()).Points, "an order without lines earns no bonus")
}

func awardOnly(t *testing.T, p *Policy, o Order) Award {
	t.Helper()
	a, err := p.Award(o)
	require.NoError(t, err)
	return a
}

// TestAwardAllocations: an order of five lines with three modifiers makes its evidence and its result, no more.
func TestAwardAllocations(t *testing.T) {
	p, o := benchmarkPolicy(t)
	assert.LessOrEqual(t, testing.AllocsPerRun(200, func() { _, _ = p.Award(o) }), 12.0)
}

// TestAwardConcurrently shares one policy and its scratch space.
func TestAwardConcurrently(t *testing.T) {
	p, o := benchmarkPolicy(t)
	want := awardOnly(t, p, o)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				if got, err := p.Award(o); err != nil || got.Points != want.Points || got.Lines[4] != want.Lines[4] {
					t.Errorf("%v, %v", got, err)
					return
				}
			}
		})
	}
	wg.Wait()
}
