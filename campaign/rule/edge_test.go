package rule

import (
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMoneyOfEveryExponent compares amounts of all exponents exactly and, from the second time on,
// without allocating.
func TestMoneyOfEveryExponent(t *testing.T) {
	for _, k := range []string{"0", "500.00", "-0.05", "99999999999999999999999999999999999999", "1e-18", "-7e18"} {
		var facts []*customer
		for e := int32(-18); e <= 18; e++ {
			for _, c := range []int64{0, 1, -1, 5, -5, 49999, 50000, 50001, 1 << 62} {
				facts = append(facts, &customer{spend: new(decimal.New(c, e))})
			}
		}
		facts = append(facts, &customer{spend: new(dec(k))}, &customer{spend: &decimal.Decimal{}})
		for _, e := range []Expr[*customer]{Spend.Over(dec(k)), Spend.AtLeast(dec(k)), Spend.Eq(dec(k)), Spend.Between(dec(k), decimal.Max(dec(k), dec("5")))} {
			r := shop.MustCompile(e)
			for _, c := range facts {
				assert.Equal(t, Of(naiveOrder(e.node.Op, *c.spend, e.node.Decimals)), r.Test(c, time.Time{}), "%v %s", c.spend, r.Text(English))
			}
			assert.Zero(t, testing.AllocsPerRun(10, func() {
				for _, c := range facts {
					r.Test(c, time.Time{})
				}
			}))
		}
	}
	for _, hostile := range []int32{30_000_000, 19, -19, -30_000_000} {
		r := shop.MustCompile(Spend.AtLeast(dec("0")))
		c := &customer{spend: new(decimal.New(1, hostile))}
		assert.Equal(t, Unknown, r.Test(c, time.Time{}), "a fact beyond the limits is no amount")
		assert.Equal(t, []string{"spend"}, r.Explain(c, time.Time{}).Missing())
	}
}

// TestLongLists reaches the forms that short lists do not.
func TestLongLists(t *testing.T) {
	var list []string
	for i := range MaxList {
		list = append(list, strings.Repeat("x", i%100)+string(rune('A'+i/100)))
	}
	r := shop.MustCompile(Region.In(list...))
	assert.True(t, r.Match(&customer{region: &list[999]}, time.Time{}))
	assert.False(t, r.Match(&customer{region: new("nowhere")}, time.Time{}))
	all := shop.MustCompile(Tags.All(append(list[:20:20], list[:20]...)...))
	assert.False(t, all.Match(&customer{tags: list[:19]}, time.Time{}))
	assert.True(t, all.Match(&customer{tags: append(list[5:20:20], list[:10]...)}, time.Time{}))
	full := &customer{tags: list}
	assert.Zero(t, testing.AllocsPerRun(10, func() { all.Match(full, time.Time{}) }))
}

// TestZeroInstant: what depends on the time is not known at no time; the rest is.
func TestZeroInstant(t *testing.T) {
	now := at(t, "2025-06-15T12:00:00Z")
	c := &customer{last: &now, birthday: &Date{0, 6, 15}, orders: new(int64(3))}
	for _, e := range []Expr[*customer]{
		Last.Within(time.Hour), Last.OlderThan(time.Hour), Last.WithinNext(time.Hour), Last.WithinDays(1, time.UTC),
		Last.OlderThanDays(1, time.UTC), Birthday.Near(0, 0, LeapFeb28, time.UTC), Birthday.ThisMonth(time.UTC), weekend.Holds(),
	} {
		r := shop.MustCompile(e)
		assert.Equal(t, Unknown, r.Test(c, time.Time{}), r.Text(English))
		assert.NotEmpty(t, r.Explain(c, time.Time{}).Missing())
		_, ok := r.NextChange(c, time.Time{})
		assert.False(t, ok)
	}
	assert.Equal(t, True, shop.MustCompile(Any(Last.Within(time.Hour), Orders.Eq(3))).Test(c, time.Time{}))
	assert.Equal(t, []string{"at"}, shop.MustCompile(Last.Within(time.Hour)).Explain(c, time.Time{}).Missing())
	assert.Equal(t, Unknown, shop.MustCompile(Last.Before(now)).Test(&customer{last: &time.Time{}}, now), "the zero fact is missing")
}

// TestDistantInstants: no instant a time.Time can hold makes a sum overflow.
func TestDistantInstants(t *testing.T) {
	past, future := time.Unix(-1<<62, 0), time.Unix(1<<62, 0)
	r := shop.MustCompile(Last.Within(292 * 365 * 24 * time.Hour))
	assert.Equal(t, False, r.Test(&customer{last: &past}, future))
	assert.Equal(t, False, r.Test(&customer{last: &future}, past))
	assert.Equal(t, True, r.Test(&customer{last: &future}, future))
	old := shop.MustCompile(Last.OlderThan(time.Hour))
	assert.Equal(t, True, old.Test(&customer{last: &past}, future))
	assert.Equal(t, False, old.Test(&customer{last: &future}, past))
}

// TestClockChanges walks calendar conditions hour by hour over clock changes of every kind: each verdict
// must turn exactly when foretold, whichever day is skipped or comes twice.
func TestClockChanges(t *testing.T) {
	for _, c := range []struct{ zone, from string }{
		{"Pacific/Apia", "2011-12-27T00:00:00Z"},        // 30 December does not exist
		{"America/St_Johns", "2006-10-27T00:00:00Z"},    // midnight comes twice
		{"America/Sao_Paulo", "2018-11-02T00:00:00Z"},   // midnight does not exist
		{"America/Los_Angeles", "2025-11-01T00:00:00Z"}, // a day of 25 hours
		{"Australia/Lord_Howe", "2025-10-03T00:00:00Z"}, // half an hour
	} {
		z, from := zone(t, c.zone), at(t, c.from)
		for offset := range 4 {
			last := from.Add(time.Duration(offset*17) * time.Hour)
			_, m, d := last.In(z).Date()
			who := &customer{last: &last, birthday: &Date{0, m, d}}
			for _, e := range []Expr[*customer]{
				Last.WithinDays(1, z), Last.WithinDays(2, z), Last.OlderThanDays(1, z), Last.OlderThanDays(3, z),
				Birthday.Near(0, 0, LeapFeb28, z), Birthday.Near(1, 0, LeapMar1, z), Birthday.Near(0, 1, LeapOnly, z), Birthday.ThisMonth(z),
			} {
				r := shop.MustCompile(e)
				end := from.AddDate(0, 0, 7)
				for now := from; now.Before(end); {
					next, ok := r.NextChange(who, now)
					if !ok || next.After(end) {
						next = end
					}
					for probe := now; probe.Before(next); probe = probe.Add(30 * time.Minute) {
						require.Equal(t, r.Test(who, now), r.Test(who, probe), "%s: %s at %v", c.zone, r.Text(English), probe.In(z))
					}
					require.Equal(t, r.Test(who, now), r.Test(who, next.Add(-time.Microsecond)))
					if next.Before(end) {
						require.NotEqual(t, r.Test(who, now), r.Test(who, next), "%s: %s at %v", c.zone, r.Text(English), next.In(z))
					}
					now = next
				}
			}
		}
	}
}

// TestBirthdayWindows compares windows of every length with a count of days, over four years around a
// leap day.
func TestBirthdayWindows(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 2))
	for range 200 {
		born := Date{0, time.Month(1 + r.IntN(12)), 1 + r.IntN(28)}
		if r.IntN(3) == 0 {
			born = Date{1996, 2, 29}
		}
		n := Birthday.Near(r.IntN(367), r.IntN(367), Leap(r.IntN(3)), time.UTC).node
		now := time.Date(2023, 1, 1+r.IntN(1461), r.IntN(24), 0, 0, 0, time.UTC)
		want, _ := naiveDate(n, born, now)
		who := &customer{birthday: &born}
		rule := shop.MustCompile(shop.Expr(n))
		require.Equal(t, Of(want), rule.Test(who, now), "born %v, %s at %v", born, rule.Text(English), now)
		next, ok := rule.NextChange(who, now)
		if !ok {
			next = now.AddDate(9, 0, 0)
		} else {
			turned, _ := naiveDate(n, born, next)
			require.NotEqual(t, want, turned, "born %v, %s at %v, next %v", born, rule.Text(English), now, next)
		}
		for day := now; day.Before(next); day = day.AddDate(0, 0, 1+r.IntN(9)) {
			held, _ := naiveDate(n, born, day)
			require.Equal(t, want, held, "born %v, %s at %v, probed %v", born, rule.Text(English), now, day)
		}
	}
}

// TestRulesAreShared runs one rule from several goroutines over several days; the race detector watches.
func TestRulesAreShared(t *testing.T) {
	r, customers, now, _ := bench8(t)
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range customers {
				r.Test(&customers[i], now.AddDate(0, 0, (i+g)%5))
			}
		})
	}
	wg.Wait()
}

// TestHostileRulesAreBounded: the largest rules the limits allow are parsed, studied, explained and
// foreseen without an operation that grows with more than their size squared.
func TestHostileRulesAreBounded(t *testing.T) {
	w := newWorld(1)
	var kids []Expr[*customer]
	for i := range MaxNodes - 1 {
		switch i % 4 {
		case 0:
			kids = append(kids, Orders.Between(int64(i), int64(10_000-i)))
		case 1:
			kids = append(kids, Last.WithinDays(1+i, w.zones[i%len(w.zones)]))
		case 2:
			kids = append(kids, Birthday.Near(i%300, 366-i%300, Leap(i%3), w.zones[i%len(w.zones)]))
		default:
			kids = append(kids, Tags.Any(strings.Repeat("l", i%200)))
		}
	}
	for _, e := range []Expr[*customer]{All(kids...), Any(kids...)} {
		r := shop.MustCompile(e)
		text := mustJSON(t, r)
		back, err := shop.Parse([]byte(text))
		require.NoError(t, err)
		assert.Equal(t, r.Hash(), back.Hash())
		r.Findings()
		c := w.customer()
		c.birthday, c.last, c.orders = &Date{0, 2, 29}, new(w.now), new(int64(5000))
		r.Explain(c, w.now)
		r.NextChange(c, w.now)
	}
}
