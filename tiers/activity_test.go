package tiers

import (
	"math"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRefunds(t *testing.T) {
	cfg := house(
		Level{ID: "spent", Enter: AtLeast(NetSpend, dec("0.01"), Rolling(1))},
		Level{ID: "ordered", Enter: AtLeast(Orders, dec("1"), Rolling(1))},
		Level{ID: "pieces", Enter: AtLeast(Pieces, dec("1"), Rolling(1))},
		Level{ID: "recent", Enter: AtMost(DaysSinceOrder, dec("400"), Window{})},
	)
	l := MustNew(cfg)
	order := Order{ID: "7", At: day(t, "2025-03-10T10:00:00"), Net: dec("100.00"), Pieces: 3}
	for name, c := range map[string]struct {
		refunds                        []Refund
		at                             string
		spent, ordered, pieces, recent string
	}{
		"not yet":          {[]Refund{{"7", day(t, "2025-03-20T10:00:00"), dec("30"), 1}}, "2025-03-20T09:59:59.999999+08:00", "100", "1", "3", "10"},
		"from its instant": {[]Refund{{"7", day(t, "2025-03-20T10:00:00"), dec("30"), 1}}, "2025-03-20T10:00:00", "70", "1", "2", "10"},
		"leaves with its order": {[]Refund{{"7", day(t, "2025-04-09"), dec("30"), 1}},
			"2025-04-10", "0", "0", "0", "31"},
		"in full": {[]Refund{{"7", day(t, "2025-03-21"), dec("60"), 1}, {"7", day(t, "2025-03-20"), dec("40"), 0}},
			"2025-03-21", "0", "0", "0", ""},
		"in full, a moment before": {[]Refund{{"7", day(t, "2025-03-21"), dec("60"), 1}, {"7", day(t, "2025-03-20"), dec("40"), 0}},
			"2025-03-20T23:59:59.999999+08:00", "60", "1", "3", "10"},
		"without an order": {[]Refund{{"", day(t, "2025-04-09"), dec("30"), 2}}, "2025-04-10", "-30", "0", "-2", "31"},
		"money, then pieces": {[]Refund{{"7", day(t, "2025-03-20"), dec("100"), 1}, {"7", day(t, "2025-03-22"), dec("0"), 2}},
			"2025-03-21", "0", "0", "0", ""},
		"money, then pieces, both known": {[]Refund{{"7", day(t, "2025-03-22"), dec("0"), 2}, {"7", day(t, "2025-03-20"), dec("100"), 1}},
			"2025-03-22", "0", "0", "0", ""},
		"money and pieces at once": {[]Refund{{"7", day(t, "2025-03-20"), dec("100"), 0}, {"7", day(t, "2025-03-20"), dec("0"), 3}},
			"2025-03-20", "0", "0", "0", ""},
		"pieces only": {[]Refund{{"7", day(t, "2025-03-20"), dec("0"), 3}}, "2025-03-21", "100", "1", "0", "11"},
	} {
		t.Run(name, func(t *testing.T) {
			e := explain(t, l, Facts{Orders: []Order{order}, Refunds: c.refunds}, c.at, Held{})
			for i, want := range []string{c.recent, c.pieces, c.ordered, c.spent} {
				ev := e.Levels[i].Finding.Evidence
				if want == "" {
					assert.True(t, ev.Missing)
					assert.Equal(t, "days since the last order none / 400", ev.Text("en"))
					continue
				}
				assert.True(t, ev.Value.Equal(dec(want)), "%s: %v, want %s", ev.Metric, ev.Value, want)
			}
		})
	}
}

func TestFactsRefused(t *testing.T) {
	cfg := house()
	cfg.Numbers = []Number{{Name: "hours", Scale: 1}}
	l := MustNew(cfg)
	at := day(t, "2025-01-01")
	big := decimal.New(math.MaxInt64/2+1, -2)
	order := Order{ID: "7", At: at, Net: dec("10.00"), Pieces: 1}
	for want, f := range map[string]Facts{
		"orders[0].net: more decimals":                {Orders: []Order{{At: at, Net: dec("1.001")}}},
		"orders[1].net: negative":                     {Orders: []Order{order, {At: at, Net: dec("-1")}}},
		"orders[0].net: out of range":                 {Orders: []Order{{At: at, Net: decimal.New(1, 30_000_000)}}},
		"orders[0].pieces: negative":                  {Orders: []Order{{At: at, Pieces: -1}}},
		"orders[0].at: zero":                          {Orders: []Order{{}}},
		"orders[0].at: the year 10000":                {Orders: []Order{{At: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}}},
		`orders[2].id: "7" stands twice`:              {Orders: []Order{order, {At: at}, order, order}},
		`refunds[0].order: there is no order "8"`:     {Orders: []Order{order}, Refunds: []Refund{{Order: "8", At: at}}},
		"refunds[0].at: before its order":             {Orders: []Order{order}, Refunds: []Refund{{Order: "7", At: at.Add(-time.Microsecond)}}},
		"refunds[1]: more than was left of its order": {Orders: []Order{order}, Refunds: []Refund{{"7", at, dec("10"), 0}, {"7", at, dec("0.01"), 0}}},
		"refunds[2]: more than was left of its order": {Orders: []Order{order},
			Refunds: []Refund{{"7", at, dec("10"), 0}, {"7", at.AddDate(0, 0, 1), dec("0"), 1}, {"7", at.AddDate(0, 0, 2), dec("0"), 1}}},
		"refunds[0]: more than was left of its order":  {Orders: []Order{order}, Refunds: []Refund{{"7", at, dec("1"), 2}}},
		"refunds[0].amount: negative":                  {Refunds: []Refund{{At: at, Amount: dec("-1")}}},
		"refunds[0].at: zero":                          {Refunds: []Refund{{Amount: dec("1")}}},
		"growth[0].at: zero":                           {Growth: []Earned{{Points: 1}}},
		`numbers[0].name: "days" is not declared`:      {Numbers: []Counted{{Name: "days", At: at}}},
		"numbers[0].value: more decimals":              {Numbers: []Counted{{Name: "hours", At: at, Value: dec("0.25")}}},
		"numbers[0].at: zero":                          {Numbers: []Counted{{Name: "hours"}}},
		"the sum of the facts: out of range":           {Orders: []Order{{At: at, Net: big}, {At: at.AddDate(1, 0, 0), Net: big}}},
		"joined: the year 10001 is not within 1 to 99": {Joined: time.Date(10001, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		_, err := l.Activity(f)
		require.ErrorContains(t, err, "tiers: "+want)
	}
	anniversary := MustNew(house(Level{ID: "silver", Enter: AtLeast(Orders, dec("1"), Anniversary())}))
	_, err := anniversary.Activity(Facts{})
	require.ErrorContains(t, err, "joined is zero")
}

func TestFreeOrders(t *testing.T) {
	l := MustNew(house(Level{ID: "ordered", Enter: AtLeast(Orders, dec("1"), Lifetime())}))
	free := Order{ID: "7", At: day(t, "2025-03-10"), Pieces: 2}
	for date, want := range map[string]string{"2025-03-10": "ordered", "2025-03-12": "ordered", "2025-03-13": "bronze"} {
		e := explain(t, l, Facts{Orders: []Order{free}, Refunds: []Refund{
			{"7", day(t, "2025-03-11"), dec("0"), 0}, {"7", day(t, "2025-03-12"), dec("0"), 1}, {"7", day(t, "2025-03-13"), dec("0"), 1},
		}}, date, Held{})
		assert.Equal(t, want, e.Level, date)
	}
}

func TestBeforeJoining(t *testing.T) {
	l := MustNew(house(
		Level{ID: "new", Enter: AtMost(DaysSinceJoin, dec("30"), Window{})},
		Level{ID: "regular", Enter: AtLeast(Orders, dec("1"), Anniversary())},
	))
	facts := Facts{Joined: day(t, "2025-06-01T10:00:00"), Orders: []Order{{At: day(t, "2025-05-20")}, {At: day(t, "2025-06-01T09:00:00")}}}
	e := explain(t, l, facts, "2025-06-01T09:59:59.999999", Held{})
	assert.Equal(t, "bronze", e.Level)
	for _, r := range e.Levels {
		assert.True(t, r.Finding.Evidence.Missing)
		assert.Empty(t, r.Finding.Evidence.From)
	}
	assert.Equal(t, "regular", explain(t, l, facts, "2025-06-01T10:00:00", Held{}).Level, "its whole day counts")
	assert.Equal(t, "new", explain(t, l, Facts{Joined: facts.Joined}, "2025-07-01", Held{}).Level)
}

func TestQuestionsRefused(t *testing.T) {
	l, other := MustNew(house()), MustNew(house())
	a := activity(t, l, Facts{})
	_, err := l.Decide(a, time.Time{}, Held{})
	require.ErrorIs(t, err, ErrZeroTime)
	_, err = other.Decide(a, day(t, "2025-01-01"), Held{})
	require.ErrorIs(t, err, ErrForeign)
	_, err = new(Ladder).Activity(Facts{Joined: day(t, "2025-01-01")})
	require.EqualError(t, err, "tiers: a ladder is made by New")
	_, err = new(Ladder).Decide(nil, day(t, "2025-01-01"), Held{})
	require.ErrorIs(t, err, ErrForeign)
	_, err = l.Decide(a, day(t, "2025-01-01"), Held{Level: "tin"})
	require.ErrorIs(t, err, ErrUnknownLevel)
	_, err = l.Explain(a, day(t, "2025-01-01"), Held{Since: day(t, "2025-01-01")})
	require.ErrorIs(t, err, ErrUnknownLevel)
	far := time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)
	_, err = l.Decide(a, far, Held{})
	require.ErrorContains(t, err, "tiers: at: the year 10000")
	_, err = l.Decide(a, day(t, "2025-01-01"), Held{Level: "gold", Since: far})
	require.ErrorContains(t, err, "tiers: held.since: the year 10000")
	_, err = l.Progress(a, time.Time{}, Held{})
	require.ErrorIs(t, err, ErrZeroTime)
}

func TestDecideDoesNotAllocate(t *testing.T) {
	l, a, at := busy(t)
	held := Held{Level: "gold", Since: day(t, "2025-01-01")}
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		if _, err := l.Decide(a, at, held); err != nil {
			t.Fatal(err)
		}
	}))
}

// busy is a member with a hundred orders on a ladder that asks several things.
func busy(tb testing.TB) (*Ladder, *Activity, time.Time) {
	tb.Helper()
	l := MustNew(house(
		entry("silver", "1000.00"),
		Level{ID: "gold", Enter: Any(spend("5000.00"), orders("12")), Keep: AnyN(2, spend("3000"), orders("6"))},
		Level{ID: "platinum", Enter: All(spend("20000.00"), AtLeast(MeanOrder, dec("300"), Calendar(Year)))},
	))
	var f Facts
	for i := range 100 {
		f.Orders = append(f.Orders, Order{At: day(tb, "2024-01-01").AddDate(0, 0, 5*i), Net: dec("99.90"), Pieces: 1})
	}
	return l, activity(tb, l, f), day(tb, "2025-06-01")
}

func BenchmarkDecide(b *testing.B) {
	l, a, at := busy(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := l.Decide(a, at, Held{}); err != nil {
			b.Fatal(err)
		}
	}
}
