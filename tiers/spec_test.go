package tiers

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func spend(bound string) Condition { return AtLeast(NetSpend, dec(bound), Rolling(12)) }

func orders(n string) Condition { return AtLeast(Orders, dec(n), Rolling(12)) }

// house is the tier set of the worked examples, with more levels or other bounds where they say so.
func house(levels ...Level) Config {
	if levels == nil {
		levels = []Level{entry("silver", "1000.00"), entry("gold", "5000.00"), entry("platinum", "20000.00")}
	}
	return Config{Zone: "Asia/Shanghai", Scale: 2, Levels: append([]Level{{ID: "bronze"}}, levels...)}
}

func entry(id, bound string) Level { return Level{ID: id, Enter: spend(bound)} }

func day(tb testing.TB, s string) time.Time {
	tb.Helper()
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04:05", time.RFC3339Nano} {
		if at, err := time.ParseInLocation(layout, s, shanghai); err == nil {
			return at
		}
	}
	tb.Fatalf("%q is no time", s)
	return time.Time{}
}

var shanghai = func() *time.Location {
	loc, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		panic(err)
	}
	return loc
}()

func bought(tb testing.TB, at, net string) Order {
	tb.Helper()
	return Order{ID: at, At: day(tb, at), Net: dec(net), Pieces: 1}
}

func activity(tb testing.TB, l *Ladder, f Facts) *Activity {
	tb.Helper()
	a, err := l.Activity(f)
	require.NoError(tb, err)
	return a
}

func decide(tb testing.TB, l *Ladder, f Facts, at string, held Held) Decision {
	tb.Helper()
	d, err := l.Decide(activity(tb, l, f), day(tb, at), held)
	require.NoError(tb, err)
	return d
}

func explain(tb testing.TB, l *Ladder, f Facts, at string, held Held) Explanation {
	tb.Helper()
	e, err := l.Explain(activity(tb, l, f), day(tb, at), held)
	require.NoError(tb, err)
	return e
}

func TestSpec(t *testing.T) {
	plain := MustNew(house())

	t.Run("F01", func(t *testing.T) {
		f := Facts{Orders: []Order{bought(t, "2025-02-01", "4900.00"), bought(t, "2025-03-10T12:00:00", "200.00")}}
		assert.Equal(t, "silver", decide(t, plain, f, "2025-03-10T11:59:59.999999+08:00", Held{}).Level)
		e := explain(t, plain, f, "2025-03-10T12:00:00", Held{Level: "silver"})
		assert.Equal(t, "gold", e.Level)
		assert.Equal(t, Entered, e.Reason)
		i := slices.IndexFunc(e.Levels, func(r Ruling) bool { return r.Finding.Holds })
		assert.Equal(t, "gold", e.Levels[i].Level)
		assert.Equal(t, "net spend 5,100.00 ≥ 5,000.00 (2024-03-11 to 2025-03-10)", e.Levels[i].Finding.Evidence.Text("en"))
		assert.Equal(t, "净消费 5,100.00 ≥ 5,000.00（2024-03-11 至 2025-03-10）", e.Levels[i].Finding.Evidence.Text("zh-CN"))
		assert.Equal(t, "net spend 5,100.00 < 20,000.00 (2024-03-11 to 2025-03-10)", e.Levels[0].Finding.Evidence.Text("en"))
	})

	t.Run("F02", func(t *testing.T) {
		f := Facts{Orders: []Order{bought(t, "2024-03-15", "1000.00")}}
		held := Held{Level: "silver", Since: day(t, "2024-03-15")}
		e := explain(t, plain, f, "2025-03-14", held)
		assert.Equal(t, "silver", e.Level)
		assert.Equal(t, []string{"2024-03-15", "2025-03-14"}, []string{e.Levels[2].Finding.Evidence.From, e.Levels[2].Finding.Evidence.To})
		e = explain(t, plain, f, "2025-03-15", held)
		assert.Equal(t, "bronze", e.Level)
		assert.Equal(t, Lost, e.Reason)
		assert.Equal(t, "2024-03-16", e.Levels[2].Finding.Evidence.From)
	})

	t.Run("F12", func(t *testing.T) {
		a := activity(t, plain, Facts{Orders: []Order{bought(t, "2025-02-01", "3200.00")}})
		p, err := plain.Progress(a, day(t, "2025-03-01"), Held{})
		require.NoError(t, err)
		require.Len(t, p.Goals, 1)
		assert.Equal(t, []string{"silver", "gold"}, []string{p.From, p.To})
		g := p.Goals[0]
		assert.Equal(t, "1800.00", g.Needs.StringFixed(2))
		assert.True(t, g.Whole.Percent(6).Equal(dec("64")))
		assert.True(t, g.Band.Percent(6).Equal(dec("55")))
	})

	t.Run("F14", func(t *testing.T) {
		var f Facts
		for i := range 12 {
			f.Orders = append(f.Orders, bought(t, fmt.Sprintf("2025-02-%02d", i+1), "75.00"))
		}
		either := MustNew(house(Level{ID: "gold", Enter: Any(spend("5000.00"), orders("12"))}))
		both := MustNew(house(Level{ID: "gold", Enter: All(spend("5000.00"), orders("12"))}))
		assert.Equal(t, "gold", decide(t, either, f, "2025-03-01", Held{}).Level)
		assert.Equal(t, "bronze", decide(t, both, f, "2025-03-01", Held{}).Level)
		e := explain(t, either, f, "2025-03-01", Held{})
		assert.False(t, e.Levels[0].Finding.Of[0].Holds)
		assert.Equal(t, "orders 12 ≥ 12 (2024-03-02 to 2025-03-01)", e.Levels[0].Finding.Of[1].Evidence.Text("en"))
	})

	t.Run("F15", func(t *testing.T) {
		reviews := Condition{Metric: Custom, Number: "reviews", AtLeast: new(dec("1")), Window: Rolling(12)}
		cfg := house(Level{ID: "gold", Enter: spend("5000.00"), Keep: AnyN(2, spend("3000"), orders("6"), reviews)})
		cfg.Numbers = []Number{{Name: "reviews"}}
		l := MustNew(cfg)
		f := Facts{Orders: []Order{
			bought(t, "2025-01-01", "1000.00"), bought(t, "2025-01-02", "1000.00"), bought(t, "2025-01-03", "1000.00"), bought(t, "2025-01-04", "100.00"),
		}}
		held := Held{Level: "gold", Since: day(t, "2024-06-01")}
		assert.Equal(t, "bronze", decide(t, l, f, "2025-03-01", held).Level)
		f.Numbers = []Counted{{Name: "reviews", At: day(t, "2025-02-01"), Value: dec("1")}}
		d := decide(t, l, f, "2025-03-01", held)
		assert.Equal(t, "gold", d.Level)
		assert.Equal(t, Kept, d.Reason)
		assert.Equal(t, "bronze", decide(t, l, f, "2025-03-01", Held{}).Level, "Keep is not Enter")
	})

	t.Run("F16", func(t *testing.T) {
		var many, few Facts
		for i := range 30 {
			many.Orders = append(many.Orders, bought(t, fmt.Sprintf("2025-01-%02d", i+1), "9.90"))
		}
		few.Orders = []Order{bought(t, "2025-01-01", "99.00"), bought(t, "2025-01-02", "99.00")}
		for _, c := range []struct {
			metric    Metric
			bound     string
			many, few string
			first     string
		}{
			{NetSpend, "250.00", "297", "198", "many"},
			{MeanPiece, "50.00", "9.9", "99", "few"},
		} {
			l := MustNew(house(Level{ID: "top", Enter: AtLeast(c.metric, dec(c.bound), Rolling(12))}))
			x, y := explain(t, l, many, "2025-03-01", Held{}), explain(t, l, few, "2025-03-01", Held{})
			assert.True(t, x.Levels[0].Finding.Evidence.Value.Equal(dec(c.many)), c.metric)
			assert.True(t, y.Levels[0].Finding.Evidence.Value.Equal(dec(c.few)), c.metric)
			assert.Equal(t, c.first == "many", x.Rank > y.Rank, c.metric)
			assert.Equal(t, c.first == "few", y.Rank > x.Rank, c.metric)
		}
	})

	t.Run("F18", func(t *testing.T) {
		l := MustNew(house(Level{ID: "silver", Enter: AtLeast(NetSpend, dec("1"), Anniversary())}))
		f := Facts{Joined: day(t, "2024-02-29")}
		for at, from := range map[string]string{
			"2025-02-27": "2024-02-29", "2025-02-28": "2025-02-28", "2026-02-27": "2025-02-28", "2026-02-28": "2026-02-28",
			"2027-02-28": "2027-02-28", "2028-02-28": "2027-02-28", "2028-02-29": "2028-02-29", "2029-01-01": "2028-02-29",
		} {
			assert.Equal(t, from, explain(t, l, f, at, Held{}).Levels[0].Finding.Evidence.From, at)
		}
	})

	t.Run("F20", func(t *testing.T) {
		c := preview(t, house(entry("silver", "1000.00"), entry("gold", "4000.00"), entry("platinum", "20000.00")))
		assert.Equal(t, []int{2, 0, 8}, []int{c.Up, c.Down, c.Same})
		assert.Equal(t, []LevelCount{{"bronze", 3, 3}, {"silver", 4, 2}, {"gold", 2, 4}, {"platinum", 1, 1}}, c.Levels)
		assert.Equal(t, []Move{{"silver", "gold", 2}}, c.Moves)
	})

	t.Run("F22", func(t *testing.T) {
		c := preview(t, house(entry("silver", "1000.00"), entry("rose", "3000.00"), entry("gold", "5000.00"), entry("platinum", "20000.00")))
		assert.Equal(t, []int{3, 0, 7}, []int{c.Up, c.Down, c.Same})
		assert.Equal(t, []Move{{"silver", "rose", 3}}, c.Moves)
	})

	t.Run("F24", func(t *testing.T) {
		l := MustNew(house(Level{ID: "silver", Enter: AtLeast(NetSpend, dec("1000"), Calendar(Year))}))
		f := Facts{Orders: []Order{bought(t, "2024-12-31T16:30:00Z", "1000.00")}}
		assert.Equal(t, "silver", decide(t, l, f, "2025-06-01", Held{}).Level)
		f.Orders[0].At = day(t, "2024-12-31T15:59:59Z")
		assert.Equal(t, "bronze", decide(t, l, f, "2025-06-01", Held{}).Level)
	})
}

// preview compares the house with another ladder over the ten members of the worked examples.
func preview(t *testing.T, next Config) Comparison {
	t.Helper()
	nets := []string{"0", "300", "950", "1000", "3900", "4000", "4500", "5200", "19000", "21000"}
	members := func(yield func(string, error) bool) {
		for _, net := range nets {
			if !yield(net, nil) {
				return
			}
		}
	}
	c, err := Preview(MustNew(house()), MustNew(next), day(t, "2025-03-01"), members, func(net string) (Facts, Held) {
		return Facts{Orders: []Order{bought(t, "2025-02-01", net)}}, Held{}
	})
	require.NoError(t, err)
	assert.Equal(t, 10, c.Members)
	return c
}
