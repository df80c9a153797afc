package rule

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSpec holds the worked examples of the rule language, by their numbers.
func TestSpec(t *testing.T) {
	shanghai := zone(t, "Asia/Shanghai")
	now := at(t, "2025-06-15T04:00:00Z")
	verdict := func(t *testing.T, e Expr[*customer], c *customer, at time.Time) Truth {
		t.Helper()
		r, err := shop.Compile(e)
		require.NoError(t, err)
		got := r.Test(c, at)
		assert.Equal(t, got, r.Explain(c, at).Verdict)
		assert.Equal(t, got == True, r.Match(c, at))
		return got
	}
	missing := func(e Expr[*customer], c *customer) []string {
		return shop.MustCompile(e).Explain(c, now).Missing()
	}
	nobody := &customer{}

	t.Run("C1", func(t *testing.T) {
		assert.Equal(t, Unknown, verdict(t, Region.In("GD"), nobody, now))
		assert.Equal(t, []string{"region"}, missing(Region.In("GD"), nobody))
	})
	t.Run("C2", func(t *testing.T) {
		assert.Equal(t, Unknown, verdict(t, Not(Region.In("GD")), nobody, now))
		assert.Equal(t, []string{"region"}, missing(Not(Region.In("GD")), nobody))
	})
	t.Run("C3", func(t *testing.T) {
		assert.Equal(t, True, verdict(t, Not(Region.In("GD")).OrElse(true), nobody, now))
	})
	t.Run("C5", func(t *testing.T) {
		assert.Equal(t, True, verdict(t, Any(Spend.Over(dec("500")), Region.In("GD")), &customer{spend: new(dec("600"))}, now))
	})
	t.Run("C6", func(t *testing.T) {
		e, c := Any(Spend.Over(dec("500")), Region.In("GD")), &customer{spend: new(dec("400"))}
		assert.Equal(t, Unknown, verdict(t, e, c, now))
		assert.Equal(t, []string{"region"}, missing(e, c))
	})
	t.Run("C8", func(t *testing.T) {
		r := shop.MustCompile(Tags.Any("vip"))
		untagged, unavailable := &customer{tags: []string{}}, &customer{}
		assert.Equal(t, False, r.Test(untagged, now))
		assert.Equal(t, Unknown, r.Test(unavailable, now))
		got, err := r.Strict(untagged, now)
		require.NoError(t, err)
		assert.False(t, got)
		_, err = r.Strict(unavailable, now)
		var undecided *UndecidedError
		require.ErrorAs(t, err, &undecided)
		assert.Equal(t, []string{"tags"}, undecided.Missing)
	})
	t.Run("C9", func(t *testing.T) {
		ok := OptIn.Is(true)
		_, err := shop.Compile(All(ok, ok, ok, ok, Region.In()))
		require.Len(t, Problems(err), 1)
		assert.Equal(t, "/all/4/in", Problems(err)[0].Path)
		assert.Equal(t, CodeEmptyList, Problems(err)[0].Code)
		for _, e := range []Expr[*customer]{shop.Expr(&Node{Kind: KindAll}), shop.Expr(&Node{Kind: KindAny}), Tags.Any(), Tags.All(), Tags.None(), Region.NotIn(), Tier.In(), Birthday.Month()} {
			_, err := shop.Compile(e)
			require.Len(t, Problems(err), 1)
			assert.Equal(t, CodeEmptyList, Problems(err)[0].Code)
		}
	})
	t.Run("C10", func(t *testing.T) {
		for spend, want := range map[string]Truth{"500": False, "500.000": False, "500.01": True, "5e2": False, "500.000000000000000001": True} {
			assert.Equal(t, want, verdict(t, Spend.Over(dec("500.00")), &customer{spend: new(dec(spend))}, now), spend)
			assert.Equal(t, want.Not(), verdict(t, Spend.Eq(dec("500.00")), &customer{spend: new(dec(spend))}, now), spend)
		}
	})
	t.Run("C12", func(t *testing.T) {
		for _, stored := range []string{"VIP", "vip "} {
			assert.Equal(t, False, verdict(t, Tags.Any("vip"), &customer{tags: []string{stored}}, now))
			assert.Equal(t, False, verdict(t, Region.Eq("vip"), &customer{region: &stored}, now))
		}
	})
	t.Run("C13", func(t *testing.T) {
		var asked []int
		s := NewSchema[int]("counting", 1)
		var es []Expr[int]
		for i := range 8 {
			f := s.Flag(string(rune('a'+i)), func(int) (bool, bool) {
				asked = append(asked, i)
				return i != 0, true
			})
			es = append(es, f.Is(true))
		}
		r := s.MustCompile(All(es...))
		assert.Equal(t, False, r.Test(0, now))
		assert.Equal(t, []int{0}, asked, "Test stops at the first false condition")
		assert.Len(t, r.Explain(0, now).Leaves(), 8)
		for i, leaf := range r.Explain(0, now).Leaves() {
			assert.Equal(t, Of(i != 0), leaf.Verdict, "Explain evaluates all")
		}
	})
	t.Run("C14", func(t *testing.T) {
		assert.Equal(t, False, verdict(t, Birthday.Known(), nobody, now))
		assert.Equal(t, True, verdict(t, Not(Birthday.Known()), nobody, now))
		assert.Equal(t, True, verdict(t, Birthday.Missing(), nobody, now))
	})

	birthday := func(t *testing.T, d Date, at time.Time, before, after int, z *time.Location, want ...Truth) {
		t.Helper()
		for i, w := range want {
			assert.Equal(t, w, verdict(t, Birthday.Near(before, after, Leap(i), z), &customer{birthday: &d}, at), "%v %v", Leap(i), at)
		}
	}
	leapling := Date{1996, 2, 29}
	noon := func(day string) time.Time { return at(t, day+"T12:00:00+08:00") }
	t.Run("C16", func(t *testing.T) { birthday(t, leapling, noon("2025-02-28"), 0, 0, shanghai, True, False, False) })
	t.Run("C17", func(t *testing.T) { birthday(t, leapling, noon("2025-03-01"), 0, 0, shanghai, False, True, False) })
	t.Run("C18", func(t *testing.T) {
		birthday(t, leapling, noon("2024-02-29"), 0, 0, shanghai, True, True, True)
		birthday(t, leapling, noon("2024-02-28"), 0, 0, shanghai, False, False, False)
		birthday(t, leapling, noon("2024-03-01"), 0, 0, shanghai, False, False, False)
		birthday(t, leapling, noon("2100-02-28"), 0, 0, shanghai, True, False, False)
	})
	t.Run("C20", func(t *testing.T) {
		c := &customer{birthday: &leapling}
		assert.Equal(t, True, verdict(t, Birthday.Month(time.February), c, noon("2025-06-15")))
		for day, want := range map[string]Truth{"2025-02-01": True, "2025-02-28": True, "2025-03-01": False, "2025-01-31": False} {
			assert.Equal(t, want, verdict(t, Birthday.ThisMonth(shanghai), c, noon(day)))
		}
	})
	t.Run("C22", func(t *testing.T) {
		birthday(t, Date{0, 1, 2}, noon("2025-12-30"), 7, 0, shanghai, True, True, True)
		birthday(t, Date{0, 12, 30}, noon("2026-01-02"), 0, 3, shanghai, True, True, True)
		birthday(t, Date{0, 12, 30}, noon("2026-01-02"), 0, 2, shanghai, False, False, False)
	})
	t.Run("C23", func(t *testing.T) {
		birthday(t, Date{0, 1, 2}, noon("2025-12-30"), 2, 0, shanghai, False, False, False)
	})
	t.Run("C25", func(t *testing.T) {
		birthday(t, Date{1990, 6, 16}, at(t, "2025-06-15T16:30:00Z"), 0, 0, shanghai, True)
		birthday(t, Date{1990, 6, 16}, at(t, "2025-06-15T16:30:00Z"), 0, 0, time.UTC, False)
	})
	t.Run("C26", func(t *testing.T) {
		e := Last.Within(30 * 24 * time.Hour)
		for ago, want := range map[time.Duration]Truth{
			30 * 24 * time.Hour:                   False,
			30*24*time.Hour - time.Microsecond:    True,
			30*24*time.Hour - time.Nanosecond:     True, // the next microsecond above
			30*24*time.Hour + time.Nanosecond:     False,
			30*24*time.Hour - 999*time.Nanosecond: True,
			0:                                     True,
			-time.Nanosecond:                      True, // the same microsecond
			-time.Microsecond:                     False,
		} {
			last := now.Add(-ago)
			if ago == 30*24*time.Hour-time.Nanosecond || ago == 30*24*time.Hour-999*time.Nanosecond {
				want = False // truncated, it is the same microsecond as exactly 30 days ago
			}
			assert.Equal(t, want, verdict(t, e, &customer{last: &last}, now), "%v ago", ago)
		}
	})
	t.Run("C27", func(t *testing.T) {
		last, c := at(t, "2025-06-15T23:30:00-07:00"), &customer{}
		c.last = &last
		assert.Equal(t, "2025-06-16 14:30", last.In(shanghai).Format("2006-01-02 15:04"))
		assert.Equal(t, True, verdict(t, Last.WithinDays(1, shanghai), c, noon("2025-06-16").Add(11*time.Hour)))
		assert.Equal(t, False, verdict(t, Last.WithinDays(1, shanghai), c, noon("2025-06-17")))
		assert.Equal(t, False, verdict(t, Last.WithinDays(1, shanghai), c, noon("2025-06-16")), "the order is still to come")
	})
	t.Run("C29", func(t *testing.T) {
		payday := paydaySchema(shanghai)
		orders := func(times ...string) []time.Time {
			var out []time.Time
			for _, s := range times {
				out = append(out, at(t, s+"+08:00"))
			}
			return out
		}
		inside := orders("2025-01-10T00:00:00", "2025-02-12T10:00:00", "2025-03-15T23:59:59.999")
		outside := orders("2025-01-10T00:00:00", "2025-02-12T10:00:00", "2025-03-16T00:00:00")
		assert.True(t, payday.Match(inside, noon("2025-03-20")))
		assert.False(t, payday.Match(outside, noon("2025-03-20")))
		assert.False(t, payday.Match(inside[:2], noon("2025-03-20")), "two orders are too few")
		assert.True(t, payday.Match(inside, noon("2025-06-30")), "January is the fifth month before June")
		assert.False(t, payday.Match(inside, noon("2025-07-01")), "but not before July")
		next, ok := payday.NextChange(inside, noon("2025-03-20"))
		assert.True(t, ok)
		assert.True(t, next.Equal(at(t, "2025-07-01T00:00:00+08:00")), next)
	})
	t.Run("C30", func(t *testing.T) {
		last := at(t, "2025-06-01T12:00:00+08:00")
		r, c := shop.MustCompile(Last.Within(30*24*time.Hour)), &customer{last: &last}
		next, ok := r.NextChange(c, noon("2025-06-15"))
		require.True(t, ok)
		assert.True(t, next.Equal(at(t, "2025-07-01T12:00:00+08:00")), next)
		assert.Equal(t, True, r.Test(c, next.Add(-time.Microsecond)))
		assert.Equal(t, False, r.Test(c, next))
		_, ok = r.NextChange(c, next)
		assert.False(t, ok, "with no new order it stays false")
	})
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	require.NoError(t, err)
	return z
}

// paydaySchema is how a shop defines a count in a window: as a function of its own, here over the list
// of a customer's orders. Selected are those with at least 3 orders in the current and the five months
// before it, every one of them on day 10 to 15.
func paydaySchema(zone *time.Location) *Rule[[]time.Time] {
	s := NewSchema[[]time.Time]("orders", 1)
	monthOf := func(t time.Time) int { return t.In(zone).Year()*12 + int(t.In(zone).Month()) }
	payday := s.TimedFunc("payday_buyer", 1,
		func(orders []time.Time, at time.Time) Truth {
			n := 0
			for _, o := range orders {
				if o.After(at) || monthOf(o) < monthOf(at)-5 {
					continue
				}
				if d := o.In(zone).Day(); d < 10 || d > 15 {
					return False
				}
				n++
			}
			return Of(n >= 3)
		},
		func(_ []time.Time, at time.Time) (time.Time, bool) {
			y, m, _ := at.In(zone).Date()
			return time.Date(y, m+1, 1, 0, 0, 0, 0, zone), true
		})
	return s.MustCompile(payday.Holds())
}
