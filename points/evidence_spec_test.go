package points

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// claws returns what each of several refunds claws back, by the award of what is left after it.
func claws(t *testing.T, a Award, returns ...Return) []int64 {
	t.Helper()
	kept := a.Points
	var out []int64
	for i := range returns {
		after, err := a.Evidence.After(returns[:i+1]...)
		require.NoError(t, err)
		out = append(out, kept-after.Points)
		kept = after.Points
	}
	return out
}

func amounts(list ...string) (out []Return) {
	for _, s := range list {
		out = append(out, Return{Amount: dec(s)})
	}
	return out
}

func TestClawback(t *testing.T) {
	tens := compiled(t, func(k *Config) { k.Rules = []Rule{{ID: "r", Step: &Step{Points: 1, Per: dec("10")}}} })
	t.Run("R01", func(t *testing.T) {
		nines := []string{"9", "9", "9", "9", "9", "9", "9", "9", "9", "9", "9", "1"}
		assert.Equal(t, []int64{1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 0}, claws(t, award(t, tens, sale("100")), amounts(nines...)...))
	})
	t.Run("R03", func(t *testing.T) {
		assert.Equal(t, []int64{4, 3, 3}, claws(t, award(t, tens, sale("100")), amounts("33.33", "33.33", "33.34")...))
	})
	bonus := func(keep bool) *Policy {
		return compiled(t, func(k *Config) {
			k.Bonuses = []Bonus{{ID: "hundred", Points: 50, Keep: keep, When: When{Spend: dec("100")}}}
		})
	}
	t.Run("R05", func(t *testing.T) {
		a := award(t, bonus(false), sale("120"))
		assert.EqualValues(t, 170, a.Points)
		assert.Equal(t, []int64{80}, claws(t, a, amounts("30")...))
		assert.Equal(t, []int64{30, 140}, claws(t, award(t, bonus(true), sale("120")), amounts("30", "90")...), "kept until nothing is left")
	})
	t.Run("R06", func(t *testing.T) {
		p := compiled(t, func(k *Config) { k.Modifiers = []Modifier{{ID: "double", Factor: dec("2")}} })
		assert.Equal(t, []int64{200}, claws(t, award(t, p, sale("100")), Return{Everything: true}))
	})
	t.Run("R20", func(t *testing.T) {
		a := award(t, compiled(t), sale("100"))
		b, err := a.Evidence.Revise(sale("130"))
		require.NoError(t, err)
		assert.EqualValues(t, 130, b.Points)
		c, err := b.Evidence.Revise(sale("90"))
		require.NoError(t, err)
		assert.EqualValues(t, 90, c.Points)
	})
	t.Run("R21", func(t *testing.T) {
		_, err := award(t, compiled(t), sale("100")).Evidence.After(amounts("60", "50")...)
		require.ErrorIs(t, err, ErrRefundExceedsOrder)
	})
}

// TestReviseUnderFrozenTerms edits an order long after its rules are gone.
func TestReviseUnderFrozenTerms(t *testing.T) {
	p := compiled(t, func(k *Config) {
		k.Modifiers = []Modifier{
			{ID: "shoes", Factor: dec("3"), When: When{Tags: []string{"shoes"}, Until: "2025-04-01"}},
			{ID: "counter", Factor: dec("9"), When: When{Channels: []string{"counter"}}},
		}
		k.Bonuses = []Bonus{{ID: "big", Points: 1000, When: When{Spend: dec("500")}}}
		k.Caps = []Cap{{ID: "monthly", Per: EachMonth, Points: 2000}}
	})
	o := sale("100")
	o.Channel = "online"
	a := award(t, p, o, Use{Cap: "monthly", Period: clock("2025-02-28T16:00:00Z"), Points: 100})
	assert.EqualValues(t, 100, a.Points)
	o.Channel, o.Paid = "counter", clock("2026-01-01T00:00:00Z")
	o.Lines = append(o.Lines, Line{ID: "new", Price: dec("400"), Tags: []string{"shoes"}})
	b, err := a.Evidence.Revise(o)
	require.NoError(t, err)
	assert.EqualValues(t, 1900, b.Points, "100 + 3·400 + 1,000 for 500 or more, and 1,900 were left in March")
	assert.EqualValues(t, 2300, b.Desired)
	after, err := b.Evidence.After(Return{Lines: []LineReturn{{ID: "new", Amount: dec("0.01")}}})
	require.NoError(t, err)
	assert.EqualValues(t, 100+1199, after.Points)
	o.ID = "2"
	_, err = a.Evidence.Revise(o)
	require.ErrorIs(t, err, ErrUnknown)
	o.ID, o.Currency = "1", "USD"
	_, err = a.Evidence.Revise(o)
	require.ErrorIs(t, err, ErrAmount)
}

func TestReturned(t *testing.T) {
	o := sale("50", "50")
	o.PaidWithPoints, o.PointsSpent, o.PaidWithGiftCard = dec("20"), 2000, dec("7.01")
	o.Shipping = dec("12")
	a := award(t, compiled(t), o)
	assert.EqualValues(t, 80, a.Points)
	t.Run("R15", func(t *testing.T) {
		plain := sale("50", "50")
		plain.PaidWithPoints, plain.PointsSpent = dec("20"), 2000
		a := award(t, compiled(t), plain)
		first := Return{Lines: []LineReturn{{ID: "1"}}}
		back, err := a.Evidence.Returned(first)
		require.NoError(t, err)
		assert.EqualValues(t, 1000, back.Points)
		assert.Equal(t, "40", back.Cash.String())
		assert.Equal(t, []int64{40}, claws(t, a, first))
	})
	all := []Return{{Shipping: dec("5")}, {Lines: []LineReturn{{ID: "2", Amount: dec("19.99")}}}, {Amount: dec("40")}, {Everything: true}}
	for i := range all {
		back, err := a.Evidence.Returned(all[:i+1]...)
		require.NoError(t, err)
		sum := back.Shipping
		for _, l := range back.Lines {
			sum = sum.Add(l)
		}
		assert.True(t, sum.Equal(back.Cash.Add(back.GiftCard).Add(back.PointsMoney)), "the parts are the whole")
		assert.Equal(t, i == 3, back.Full)
	}
	back, err := a.Evidence.Returned(all...)
	require.NoError(t, err)
	assert.EqualValues(t, 2000, back.Points)
	assert.Equal(t, []string{"20", "7.01", "84.99", "12"}, []string{back.PointsMoney.String(), back.GiftCard.String(), back.Cash.String(), back.Shipping.String()})
	after, err := a.Evidence.After(all[0])
	require.NoError(t, err)
	assert.EqualValues(t, 80, after.Points, "shipping claws nothing")
}

func TestReturnRefusals(t *testing.T) {
	o := sale("50", "30")
	o.Lines[1].ID, o.Lines[1].Quantity = "b", 3
	o.Shipping = dec("5")
	e := award(t, compiled(t), o).Evidence
	for name, c := range map[string]struct {
		want    error
		returns []Return
	}{
		"unknown line":      {ErrUnknown, []Return{{Lines: []LineReturn{{ID: "c"}}}}},
		"number of a named": {ErrUnknown, []Return{{Lines: []LineReturn{{ID: "2"}}}}},
		"odd number":        {ErrUnknown, []Return{{Lines: []LineReturn{{ID: "+1"}}}}},
		"too much":          {ErrRefundExceedsOrder, []Return{{Lines: []LineReturn{{ID: "1", Amount: dec("50.01")}}}}},
		"twice":             {ErrRefundExceedsOrder, []Return{{Lines: []LineReturn{{ID: "1"}}}, {Lines: []LineReturn{{ID: "1"}}}}},
		"units":             {ErrRefundExceedsOrder, []Return{{Lines: []LineReturn{{ID: "b", Quantity: 2}}}, {Lines: []LineReturn{{ID: "b", Quantity: 2}}}}},
		"both":              {ErrAmount, []Return{{Lines: []LineReturn{{ID: "b", Quantity: 1, Amount: dec("1")}}}}},
		"negative":          {ErrAmount, []Return{{Amount: dec("-1")}}},
		"negative units":    {ErrAmount, []Return{{Lines: []LineReturn{{ID: "b", Quantity: -1}}}}},
		"half a cent":       {ErrAmount, []Return{{Amount: dec("0.005")}}},
		"a huge number":     {ErrAmount, []Return{{Amount: dec("1e9999")}}},
		"shipping":          {ErrRefundExceedsOrder, []Return{{Shipping: dec("5.01")}}},
		"amount":            {ErrRefundExceedsOrder, []Return{{Amount: dec("145.01")}}},
		"after all":         {ErrRefundExceedsOrder, []Return{{Everything: true}, {Amount: dec("0.01")}}},
		"all twice":         {ErrRefundExceedsOrder, []Return{{Everything: true}, {Everything: true}}},
	} {
		_, err := e.After(c.returns...)
		require.ErrorIs(t, err, c.want, name)
	}
	a, err := e.After(Return{Amount: dec("145")})
	require.NoError(t, err)
	assert.Zero(t, a.Points, "lines first, then shipping")
	a, err = e.After(Return{Lines: []LineReturn{{ID: "b", Quantity: 1}}}, Return{Lines: []LineReturn{{ID: "b", Amount: dec("10")}}}, Return{Lines: []LineReturn{{ID: "b", Quantity: 2}}})
	require.NoError(t, err)
	assert.EqualValues(t, 50, a.Points, "the last units are all that is left of the line")
	var none Evidence
	_, err = none.After()
	require.ErrorIs(t, err, ErrUnknown)
}

func TestEvidenceRefusesNonsense(t *testing.T) {
	good, err := award(t, compiled(t), sale("10")).Evidence.MarshalJSON()
	require.NoError(t, err)
	var e Evidence
	require.NoError(t, e.UnmarshalJSON(good))
	for _, bad := range [][2]string{
		{`"version":1`, `"version":2`}, {`"decimals":2`, `"decimals":99`}, {`"rate":"1"`, `"rate":"-1"`},
		{`"net":1000`, `"net":-1000`}, {`"net":1000`, `"net":2000`}, {`"per":"1"`, `"per":"0"`},
		{`"stacks":["sum"]`, `"stacks":[]`}, {`"points":1`, `"points":1,"timing":7`}, {`"zone":"Asia/Shanghai"`, `"zone":"Asia/Shanghai","expiry":{"months":1200000000}`},
		{`"zone":"Asia/Shanghai"`, `"zone":"Nowhere"`}, {`"rules":[`, `"rules":[null,`},
	} {
		data := []byte(replaceOnce(t, string(good), bad[0], bad[1]))
		require.ErrorIs(t, e.UnmarshalJSON(data), ErrCorrupt, bad[1])
	}
}

func replaceOnce(t *testing.T, s, old, with string) string {
	t.Helper()
	before, after, found := strings.Cut(s, old)
	require.True(t, found, "%s in %s", old, s)
	return before + with + after
}

// TestKeptBonusStaysWithItsLines: the share of a line that is gone is not given to another.
func TestKeptBonusStaysWithItsLines(t *testing.T) {
	p := compiled(t, func(k *Config) {
		k.Bonuses = []Bonus{{ID: "b", Points: 9, Keep: true, When: When{Tags: []string{"s"}}}}
	})
	o := sale("10", "20", "30")
	o.Lines[1].Tags, o.Lines[2].Tags = []string{"s"}, []string{"s"}
	a := award(t, p, o)
	assert.Equal(t, []int64{10, 24, 35}, a.Lines)
	for _, gone := range [][]LineReturn{{{ID: "2"}}, {{ID: "2"}, {ID: "3"}}} {
		after, err := a.Evidence.After(Return{Lines: gone})
		require.NoError(t, err)
		assert.Equal(t, 10+9+30*int64(2-len(gone)), after.Points)
		assert.Equal(t, []int64{10, 4}, after.Lines[:2])
	}
	o.Lines[0].GiftCard = true
	after, err := award(t, p, o).Evidence.After(Return{Lines: []LineReturn{{ID: "2"}, {ID: "3"}}})
	require.NoError(t, err)
	assert.Zero(t, after.Points, "a gift card is left, and nothing that earns")
}

// TestReturnsUnderTermsThatFavourSmallOrders: the points never grow, whatever the way there.
func TestReturnsUnderTermsThatFavourSmallOrders(t *testing.T) {
	p := compiled(t, func(k *Config) {
		k.Modifiers = []Modifier{{ID: "half", Factor: dec("0.5"), When: When{Spend: dec("100")}}}
	})
	e := award(t, p, sale("120")).Evidence
	at := func(returns ...Return) int64 {
		a, err := e.After(returns...)
		require.NoError(t, err)
		return a.Points
	}
	assert.EqualValues(t, 60, at())
	assert.EqualValues(t, 60, at(amounts("30")...), "90 for 90.00, but never more than before")
	assert.EqualValues(t, 50, at(amounts("20", "10")...), "by way of 100.00")
}
