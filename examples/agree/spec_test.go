package agree

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regulars-go/regulars/campaign/rule"
)

// example is one customer at one instant, and what a rule must say.
type example struct {
	id   string
	e    rule.Expr[*customer]
	c    customer
	at   string
	want rule.Truth
}

// TestSpec asks the worked examples in memory and of SQLite.
func TestSpec(t *testing.T) {
	for _, x := range examples(t) {
		t.Run(x.id, func(t *testing.T) { x.ask(t, engines[0]) })
	}
}

// TestServers asks them of the engines that need a server.
func TestServers(t *testing.T) {
	for _, e := range engines[1:] {
		t.Run(e.name, func(t *testing.T) {
			for _, x := range examples(t) {
				x.ask(t, e)
			}
		})
	}
}

func (x example) ask(t *testing.T, e engine) {
	t.Helper()
	at, err := time.Parse(time.RFC3339, x.at)
	require.NoError(t, err)
	r := shop.MustCompile(x.e)
	c := x.c
	c.id = "c1"
	assert.Equal(t, x.want, r.Test(&c, at), x.id)
	tb := e.fill(t, []*customer{&c})
	p := tb.proof(t, tb.config())
	p.At = at
	require.NoError(t, p.CheckRule(r), x.id)
}

func examples(t *testing.T) []example {
	t.Helper()
	shanghai, angeles := zone(t, "Asia/Shanghai"), zone(t, "America/Los_Angeles")
	spent := func(s string) customer { return customer{spend: new(decimal.RequireFromString(s))} }
	over := spend.Over(decimal.RequireFromString("500.00"))
	born := func(month time.Month, day int) customer {
		return customer{birthday: &rule.Date{Year: 2000, Month: month, Day: day}}
	}
	ordered := func(at time.Time) customer { return customer{last: &at} }
	near := func(before, after int, leap rule.Leap) rule.Expr[*customer] {
		return birth.Near(before, after, leap, shanghai)
	}
	var list []example
	add := func(id string, e rule.Expr[*customer], c customer, at string, want rule.Truth) {
		list = append(list, example{id, e, c, at, want})
	}
	const june = "2025-06-15T12:00:00Z"
	add("C1", region.In("GD"), customer{}, june, rule.Unknown)
	add("C2", rule.Not(region.In("GD")), customer{}, june, rule.Unknown)
	add("C3", rule.Not(region.In("GD")).OrElse(true), customer{}, june, rule.True)
	add("C5", rule.Any(over, region.In("GD")), spent("600"), june, rule.True)
	add("C6", rule.Any(over, region.In("GD")), spent("400"), june, rule.Unknown)
	add("C8", tags.Any("vip"), customer{tags: []string{}}, june, rule.False)
	add("C8", tags.Any("vip"), customer{}, june, rule.Unknown)
	add("C10", over, spent("500"), june, rule.False)
	add("C10", over, spent("500.000"), june, rule.False)
	add("C10", over, spent("500.01"), june, rule.True)
	add("C12", region.Eq("vip"), customer{region: new("VIP")}, june, rule.False)
	add("C12", region.In("vip", "gold"), customer{region: new("vip ")}, june, rule.False)
	add("C12", tags.Any("vip"), customer{tags: []string{"VIP", "vip "}}, june, rule.False)
	add("C14", birth.Known(), customer{}, june, rule.False)
	add("C14", rule.Not(birth.Known()), customer{}, june, rule.True)
	for _, leap := range []struct {
		id, at string
		want   [3]rule.Truth
	}{
		{"C16", "2025-02-28T04:00:00Z", [3]rule.Truth{rule.True, rule.False, rule.False}},
		{"C17", "2025-03-01T04:00:00Z", [3]rule.Truth{rule.False, rule.True, rule.False}},
		{"C18", "2024-02-29T04:00:00Z", [3]rule.Truth{rule.True, rule.True, rule.True}},
	} {
		for policy, want := range leap.want {
			add(leap.id, near(0, 0, rule.Leap(policy)), born(2, 29), leap.at, want)
		}
	}
	add("C20", birth.Month(time.February), born(2, 29), june, rule.True)
	add("C20", birth.ThisMonth(shanghai), born(2, 29), "2025-02-01T04:00:00Z", rule.True)
	add("C22", near(7, 0, rule.LeapFeb28), born(1, 2), "2025-12-30T04:00:00Z", rule.True)
	add("C23", near(2, 0, rule.LeapFeb28), born(1, 2), "2025-12-30T04:00:00Z", rule.False)
	add("C25", near(0, 0, rule.LeapFeb28), born(6, 16), "2025-06-15T16:30:00Z", rule.True)
	add("C25", birth.Near(0, 0, rule.LeapFeb28, time.UTC), born(6, 16), "2025-06-15T16:30:00Z", rule.False)
	month := 30 * 24 * time.Hour
	add("C26", last.Within(month), ordered(now.Add(-month)), june, rule.False)
	add("C26", last.Within(month), ordered(now.Add(-month+time.Microsecond)), june, rule.True)
	add("C27", last.WithinDays(1, shanghai), ordered(time.Date(2025, 6, 15, 23, 30, 0, 0, angeles)), "2025-06-16T15:00:00+08:00", rule.True)
	add("C27", last.WithinDays(1, shanghai), ordered(time.Date(2025, 6, 15, 23, 30, 0, 0, angeles)), "2025-06-17T00:00:00+08:00", rule.False)

	return list
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	require.NoError(t, err)
	return z
}
