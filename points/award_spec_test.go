package points

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func clock(s string) time.Time {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	panic(s)
}

// house is program P of the specification: 1 point per 1.00 in Shanghai, 100 points for 1.00.
func house(change ...func(*Config)) Config {
	c := Config{
		ID: "house", Revision: 1, Zone: "Asia/Shanghai", Currency: "CNY",
		Rules:  []Rule{{ID: "base", Linear: &Linear{Points: 1, Per: dec("1")}}},
		Redeem: &Redeem{Points: 100, Money: dec("1")},
	}
	for _, f := range change {
		f(&c)
	}
	return c
}

func compiled(t testing.TB, change ...func(*Config)) *Policy {
	t.Helper()
	p, err := Compile(house(change...))
	require.NoError(t, err)
	return p
}

// sale is an order of lines with these prices, paid on 10 March 2025 in Shanghai.
func sale(prices ...string) Order {
	o := Order{ID: "1", Paid: clock("2025-03-10T10:00:00+08:00")}
	for _, p := range prices {
		o.Lines = append(o.Lines, Line{Price: dec(p)})
	}
	return o
}

// award asks for an award and checks what must hold for every one.
func award(t testing.TB, p *Policy, o Order, used ...Use) Award {
	t.Helper()
	a, err := p.Award(o, used...)
	require.NoError(t, err)
	var lots, lines int64
	for _, l := range a.Lots {
		lots += l.Points
	}
	for _, n := range a.Lines {
		lines += n
	}
	assert.Equal(t, a.Points, lots, "lots sum to the award")
	assert.Equal(t, a.Points, lines, "lines sum to the award")
	assert.Equal(t, a.Points, a.Base+a.Bonus)
	data, err := json.Marshal(a)
	require.NoError(t, err)
	var back Award
	require.NoError(t, json.Unmarshal(data, &back))
	assert.Equal(t, a, back, "an award survives JSON")
	again, err := back.Evidence.After()
	require.NoError(t, err)
	assert.Equal(t, a.Points, again.Points, "the evidence gives the award again")
	assert.Equal(t, a.Lots, again.Lots)
	return a
}

var _ = spec("A02", func(t *testing.T) {
	for _, c := range []struct {
		mode  Rounding
		at    RoundAt
		want  int64
		lines []int64
	}{
		{"", "", 29, []int64{10, 10, 9}},
		{Down, PerLine, 27, []int64{9, 9, 9}},
		{HalfUp, PerOrder, 30, []int64{10, 10, 10}},
		{Up, PerOrder, 30, []int64{10, 10, 10}},
	} {
		p := compiled(t, func(k *Config) { k.Rounding, k.RoundAt = c.mode, c.at })
		a := award(t, p, sale("9.99", "9.99", "9.99"))
		assert.Equal(t, c.want, a.Points, "%s per %s", c.mode, c.at)
		assert.Equal(t, c.lines, a.Lines)
	}
})

var _ = spec("A03", func(t *testing.T) {
	hundred := compiled(t, func(k *Config) { k.Rules[0].Linear.Points = 100 })
	assert.EqualValues(t, 115, award(t, hundred, sale("1.15")).Points)
	assert.EqualValues(t, 29, award(t, hundred, sale("0.29")).Points)
	more := compiled(t, func(k *Config) {
		k.Rounding = Up
		k.Modifiers = []Modifier{{ID: "more", Factor: dec("1.1")}}
	})
	assert.EqualValues(t, 55, award(t, more, sale("50")).Points)
})

var _ = spec("A04", func(t *testing.T) {
	for _, c := range []struct {
		rule Rule
		want int64
	}{
		{Rule{ID: "r", Step: &Step{Points: 3, Per: dec("2")}}, 12},
		{Rule{ID: "r", Step: &Step{Points: 3, Per: dec("2"), Of: PerLine}}, 12},
		{Rule{ID: "r", Linear: &Linear{Points: 3, Per: dec("2")}}, 14},
	} {
		p := compiled(t, func(k *Config) { k.Rules = []Rule{c.rule} })
		assert.Equal(t, c.want, award(t, p, sale("9.99")).Points)
	}
	// Over the order the cents of two lines make a step, in each line they are lost.
	over := compiled(t, func(k *Config) { k.Rules = []Rule{{ID: "r", Step: &Step{Points: 1, Per: dec("10")}}} })
	each := compiled(t, func(k *Config) {
		k.Rules = []Rule{{ID: "r", Step: &Step{Points: 1, Per: dec("10"), Of: PerLine}}}
	})
	assert.EqualValues(t, 3, award(t, over, sale("15", "15")).Points)
	assert.EqualValues(t, 2, award(t, each, sale("15", "15")).Points)
})

var _ = spec("A05", func(t *testing.T) {
	o := sale("40", "60")
	o.Lines[0].Tags = []string{"shoes"}
	o.Times = dec("1.5") // Gold
	o.Birthday = MonthDay{time.March, 10}
	for _, c := range []struct {
		stack Stack
		want  int64
		lines []int64
	}{{"", 258, []int64{108, 150}}, {Product, 324, []int64{144, 180}}, {Best, 200, []int64{80, 120}}} {
		p := compiled(t, func(k *Config) {
			k.Stack = c.stack
			k.Modifiers = []Modifier{
				{ID: "shoes", Factor: dec("1.2"), When: When{Tags: []string{"shoes"}}},
				{ID: "birthday", Factor: dec("2"), When: When{Birthday: true}},
			}
		})
		a := award(t, p, o)
		assert.Equal(t, c.want, a.Points, c.stack)
		assert.Equal(t, c.lines, a.Lines, c.stack)
		assert.EqualValues(t, 100, a.Base)
	}
	// Groups combine as 1 + Σ(group − 1): tier and birthday as a product is 3, with shoes 3.2.
	p := compiled(t, func(k *Config) {
		k.Stack = Product
		k.StackGroups = []StackGroup{{Name: "goods", Stack: Best}}
		k.Modifiers = []Modifier{
			{ID: "shoes", Factor: dec("1.2"), StackGroup: "goods", When: When{Tags: []string{"shoes"}}},
			{ID: "birthday", Factor: dec("2"), When: When{Birthday: true}},
		}
	})
	assert.Equal(t, []int64{128, 180}, award(t, p, o).Lines)
})

var _ = spec("A06", func(t *testing.T) {
	p := compiled(t, func(k *Config) {
		k.Stack = Product
		k.Modifiers = []Modifier{{ID: "a", Factor: dec("1.5")}, {ID: "b", Factor: dec("1.1")}}
	})
	assert.EqualValues(t, 54, award(t, p, sale("33.33")).Points)
})

var _ = spec("A07", func(t *testing.T) {
	o := sale("80", "50")
	o.Lines[1].GiftCard = true
	o.Shipping, o.Discount = dec("10"), dec("13")
	a := award(t, compiled(t), o)
	assert.EqualValues(t, 72, a.Points)
	assert.Equal(t, []int64{72, 0}, a.Lines)
	both := compiled(t, func(k *Config) { k.Basis.GiftCards = true })
	assert.EqualValues(t, 117, award(t, both, o).Points)
})

var _ = spec("A08", func(t *testing.T) {
	o := sale("100")
	o.PaidWithPoints, o.PointsSpent = dec("20"), 2000
	assert.EqualValues(t, 80, award(t, compiled(t), o).Points)
	assert.EqualValues(t, 100, award(t, compiled(t, func(k *Config) { k.Basis.PointsTender = true }), o).Points)
})

var _ = spec("A10", func(t *testing.T) {
	p := compiled(t, func(k *Config) {
		k.Bonuses = []Bonus{{ID: "launch", Points: 300}}
		k.Caps = []Cap{{ID: "most", Points: 500}}
	})
	a := award(t, p, sale("400"))
	assert.Equal(t, []int64{500, 400, 100, 700}, []int64{a.Points, a.Base, a.Bonus, a.Desired})
	assert.Equal(t, []Cut{{OrderCap, "most", 200}}, a.CutBy)
})

var _ = spec("A11", func(t *testing.T) {
	p := compiled(t, func(k *Config) { k.Caps = []Cap{{ID: "monthly", Per: EachMonth, Points: 1000}} })
	january := Use{Cap: "monthly", Period: clock("2024-12-31T16:00:00Z"), Points: 950}
	for at, want := range map[string]int64{"2025-01-31T15:59:59Z": 50, "2025-01-31T16:00:00Z": 120} {
		o := sale("120")
		o.Paid = clock(at)
		a := award(t, p, o, january)
		assert.Equal(t, want, a.Points, at)
		require.Len(t, a.Uses, 1)
		assert.Equal(t, want, a.Uses[0].Points)
		assert.Equal(t, want == 50, a.Uses[0].Period.Equal(january.Period))
	}
})

var _ = spec("A13", func(t *testing.T) {
	p := compiled(t, func(k *Config) {
		k.Pending = Pending{Event: "received", Days: 14}
		k.Expiry = Expiry{Months: 12}
	})
	o := sale("100")
	o.Paid = clock("2025-03-01T12:00:00+08:00")
	waits := award(t, p, o).Lots[0]
	assert.Equal(t, "received", waits.Awaits)
	assert.True(t, waits.ActiveFrom.IsZero() && waits.ExpiresAt.IsZero())
	from, until, err := waits.Timing.Confirm(o.Paid, clock("2025-03-05T10:00:00+08:00"))
	require.NoError(t, err)
	o.Received = clock("2025-03-05T10:00:00+08:00")
	known := award(t, p, o).Lots[0]
	for _, got := range [][2]time.Time{{from, until}, {known.ActiveFrom, known.ExpiresAt}} {
		assert.Equal(t, clock("2025-03-19T16:00:00Z"), got[0])
		assert.Equal(t, clock("2026-03-20T16:00:00Z"), got[1])
	}
	assert.Empty(t, known.Awaits)
})

var _ = spec("A14", func(t *testing.T) {
	o := sale("100")
	o.Birthday, o.Times = MonthDay{time.March, 10}, dec("1.5")
	points := compiled(t, func(k *Config) {
		k.Modifiers = []Modifier{{ID: "birthday", Factor: dec("2"), When: When{Birthday: true}}}
	})
	growth := compiled(t, func(k *Config) { k.Growth, k.Redeem = true, nil })
	o.Times = decimal.Decimal{}
	assert.EqualValues(t, 200, award(t, points, o).Points)
	o.Times = dec("1.5") // a tier does not multiply growth
	a := award(t, growth, o)
	assert.EqualValues(t, 100, a.Points)
	assert.True(t, a.Lots[0].ExpiresAt.IsZero())
	q, err := growth.Quote(Ask{Order: o, Balance: 100, At: o.Paid})
	require.NoError(t, err)
	assert.Equal(t, Quote{Limits: []Note{{Reason: NotRedeemable}}}, q)
})

var _ = spec("A17", func(t *testing.T) {
	p := compiled(t, func(k *Config) {
		k.Modifiers = []Modifier{{ID: "birthday", Factor: dec("2"), When: When{Birthday: true}}}
	})
	o := sale("100")
	o.Birthday = MonthDay{time.March, 10}
	for at, want := range map[string]int64{
		"2025-03-09T15:59:59Z": 100, "2025-03-09T16:30:00Z": 200, "2025-03-10T15:59:59Z": 200, "2025-03-10T16:00:00Z": 100,
	} {
		o.Paid = clock(at)
		assert.Equal(t, want, award(t, p, o).Points, at)
	}
})

var _ = spec("A18", func(t *testing.T) {
	for _, c := range []struct {
		leap Leap
		days map[int]string
	}{
		{"", map[int]string{2024: "2024-02-29", 2025: "2025-02-28"}},
		{Feb28, map[int]string{2024: "2024-02-29", 2025: "2025-02-28"}},
		{Mar1, map[int]string{2024: "2024-02-29", 2025: "2025-03-01"}},
	} {
		p := compiled(t, func(k *Config) { k.Birthday = Birthday{Leap: c.leap, Gift: &Gift{Points: 50}} })
		keys := map[string][]string{}
		for at := clock("2024-01-01T12:00:00+08:00"); at.Year() < 2026; at = at.AddDate(0, 0, 1) {
			a, err := p.BirthdayGift(MonthDay{time.February, 29}, at)
			require.NoError(t, err)
			if a.Points > 0 {
				keys[a.Key] = append(keys[a.Key], at.Format(time.DateOnly))
			}
		}
		assert.Equal(t, map[string][]string{"birthday:2024": {c.days[2024]}, "birthday:2025": {c.days[2025]}}, keys)
	}
	// A window over New Year belongs to the birthday's year.
	p := compiled(t, func(k *Config) { k.Birthday = Birthday{Before: 3, After: 3, Gift: &Gift{Points: 50}} })
	a, err := p.BirthdayGift(MonthDay{time.January, 2}, clock("2024-12-30T12:00:00+08:00"))
	require.NoError(t, err)
	assert.Equal(t, "birthday:2025", a.Key)
})

var _ = spec("A21", func(t *testing.T) {
	p := compiled(t, func(k *Config) {
		k.Zone = "America/New_York"
		k.CheckIn = &CheckIn{Points: []int64{1, 2, 5}}
	})
	s, a, err := p.CheckIn(Streak{Last: "2025-11-01", Days: 1}, clock("2025-11-02T05:30:00Z")) // 01:30 EDT
	require.NoError(t, err)
	assert.Equal(t, Streak{Last: "2025-11-02", Days: 2}, s)
	assert.EqualValues(t, 2, a.Points)
	assert.Equal(t, "check_in:2025-11-02", a.Key)
	again, _, err := p.CheckIn(s, clock("2025-11-02T06:30:00Z")) // 01:30 EST
	require.ErrorIs(t, err, ErrAlreadyGranted)
	require.EqualError(t, err, "points: already granted: check_in:2025-11-02")
	assert.Equal(t, s, again)
})

var _ = spec("A23", func(t *testing.T) {
	o := sale("50", "50")
	o.Discount = dec("100")
	a := award(t, compiled(t, func(k *Config) { k.Bonuses = []Bonus{{ID: "b", Points: 10}} }), o)
	assert.Zero(t, a.Points)
	assert.Empty(t, a.Lots)
	assert.Equal(t, []Note{{Reason: ZeroBasis}}, a.Trace)
	assert.False(t, a.Evidence.IsZero())
})

var _ = spec("A24", func(t *testing.T) {
	o := sale("10")
	o.Currency, o.Rate = "EUR", dec("7.8312")
	a := award(t, compiled(t), o)
	assert.EqualValues(t, 78, a.Points)
	after, err := a.Evidence.After(Return{Everything: true})
	require.NoError(t, err)
	assert.EqualValues(t, 78, a.Points-after.Points)
})

var _ = spec("A26", func(t *testing.T) {
	v1 := compiled(t)
	v2 := compiled(t, func(k *Config) {
		k.Revision, k.Since = 2, "2025-06-01T00:00"
		k.Modifiers = []Modifier{{ID: "double", Factor: dec("2")}}
	})
	p, err := Versions(v1, v2)
	require.NoError(t, err)
	o := sale("100")
	o.Placed, o.Paid = clock("2025-05-31T23:50:00+08:00"), clock("2025-06-01T00:05:00+08:00")
	a := award(t, p, o)
	assert.EqualValues(t, 200, a.Points)
	_, revision := a.Evidence.Policy()
	assert.Equal(t, 2, revision)
	after, err := a.Evidence.After(Return{Amount: dec("25")})
	require.NoError(t, err)
	assert.EqualValues(t, 150, after.Points)
	o.Paid = clock("2025-05-31T23:59:59+08:00")
	assert.EqualValues(t, 100, award(t, p, o).Points)
})
