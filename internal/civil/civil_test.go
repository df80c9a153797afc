package civil

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func load(tb testing.TB, zone string) *time.Location {
	tb.Helper()
	loc, err := time.LoadLocation(zone)
	require.NoError(tb, err)
	return loc
}

func TestStart(t *testing.T) {
	for _, c := range []struct{ zone, day, want string }{
		{"UTC", "2025-03-09", "2025-03-09T00:00:00Z"},
		{"Asia/Shanghai", "2027-01-01", "2026-12-31T16:00:00Z"},
		{"America/New_York", "2025-03-10", "2025-03-10T04:00:00Z"},
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"}, // midnight does not exist
		{"Africa/Cairo", "2024-04-26", "2024-04-25T22:00:00Z"},
		{"Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"}, // the day does not exist
		{"Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"},
		{"America/St_Johns", "2006-10-29", "2006-10-29T02:30:00Z"}, // the first of two midnights
	} {
		d, err := Parse(c.day)
		require.NoError(t, err)
		got := d.Start(load(t, c.zone))
		assert.Equal(t, c.want, got.UTC().Format(time.RFC3339), "%s in %s", c.day, c.zone)
	}
}

// TestAt: the earliest instant at which a clock shows a time, and back.
func TestAt(t *testing.T) {
	for _, c := range []struct{ zone, day, clock, want string }{
		{"UTC", "2025-03-09", "10h30m0.5s", "2025-03-09T10:30:00.5Z"},
		{"America/New_York", "2025-03-09", "2h30m", "2025-03-09T07:00:00Z"}, // the clock jumps from two to three
		{"America/New_York", "2025-03-09", "3h", "2025-03-09T07:00:00Z"},
		{"America/New_York", "2025-11-02", "1h30m", "2025-11-02T05:30:00Z"}, // shown twice
		{"Pacific/Apia", "2011-12-30", "9h", "2011-12-30T10:00:00Z"},        // the day does not exist
		{"America/St_Johns", "2006-10-28", "23h59m30s", "2006-10-29T02:29:30Z"},
	} {
		d, err := Parse(c.day)
		require.NoError(t, err)
		clock, err := time.ParseDuration(c.clock)
		require.NoError(t, err)
		loc := load(t, c.zone)
		assert.Equal(t, c.want, d.At(clock, loc).UTC().Format(time.RFC3339Nano), "%v in %s", c, c.zone)
		for n := range time.Duration(25) { // between its own start and the next, and never backwards
			at := d.At(n*time.Hour, loc)
			assert.False(t, at.Before(d.Start(loc)) || at.After((d+1).Start(loc)))
			assert.False(t, n > 0 && at.Before(d.At((n-1)*time.Hour, loc)))
		}
	}
	loc := load(t, "America/St_Johns")
	first, err := time.Parse(time.RFC3339, "2006-10-29T02:30:30Z")
	require.NoError(t, err)
	for after, want := range map[time.Duration]time.Duration{0: 30 * time.Second, time.Minute: 0, 2 * time.Hour: time.Hour + 30*time.Second} {
		d, clock := ClockOf(first.Add(after), loc)
		assert.Equal(t, "2006-10-29", d.String())
		assert.Equal(t, want, clock, after)
	}
}

// TestStartOfEveryDayToCome walks past the last transition a zone file lists, where package time computes
// the clock changes from a rule.
func TestStartOfEveryDayToCome(t *testing.T) {
	for _, zone := range []string{"America/Los_Angeles", "Australia/Lord_Howe", "Asia/Shanghai"} {
		loc := load(t, zone)
		for d := Date(2037, 12, 1); d < Date(2049, 2, 1); d++ {
			start := d.Start(loc)
			y, m, day := d.Date()
			require.True(t, start.Equal(time.Date(y, m, day, 0, 0, 0, 0, loc)), "%v in %s starts at %v", d, zone, start)
			require.Equal(t, d, Of(start, loc))
			require.Equal(t, d-1, Of(start.Add(-1), loc))
		}
	}
}

func TestOf(t *testing.T) {
	for _, c := range []struct{ zone, at, want string }{
		{"Asia/Shanghai", "2024-12-31T16:30:00Z", "2025-01-01"},
		{"Europe/London", "2011-03-27T22:30:00Z", "2011-03-27"},
		{"UTC", "1969-12-31T23:59:59.999999Z", "1969-12-31"},
		{"America/St_Johns", "2006-10-29T02:29:59Z", "2006-10-28"},
		{"America/St_Johns", "2006-10-29T02:30:30Z", "2006-10-29"},
		{"America/St_Johns", "2006-10-29T02:31:00Z", "2006-10-29"}, // the clock shows the 28th again
		{"Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31"},
		{"Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29"},
	} {
		at, err := time.Parse(time.RFC3339Nano, c.at)
		require.NoError(t, err)
		assert.Equal(t, c.want, Of(at, load(t, c.zone)).String(), "%s in %s", c.at, c.zone)
	}
}

func TestAddMonths(t *testing.T) {
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2025-01-31", 1, "2025-02-28"},
		{"2024-01-31", 1, "2024-02-29"},
		{"2025-01-31", 2, "2025-03-31"},
		{"2025-01-31", 3, "2025-04-30"},
		{"2024-02-29", 12, "2025-02-28"},
		{"2024-02-29", 48, "2028-02-29"},
		{"2025-03-31", -1, "2025-02-28"},
		{"2025-01-15", -13, "2023-12-15"},
		{"2025-12-31", 2, "2026-02-28"},
		{"2025-06-30", 0, "2025-06-30"},
	} {
		d, err := Parse(c.from)
		require.NoError(t, err)
		assert.Equal(t, c.want, d.AddMonths(c.n).String(), "%s %+d months", c.from, c.n)
	}
}

func TestCalendarParts(t *testing.T) {
	d, err := Parse("2026-11-22")
	require.NoError(t, err)
	assert.Equal(t, time.Sunday, d.Weekday())
	assert.Equal(t, "2026-11-16", d.WeekStart().String())
	assert.Equal(t, "2026-11-01", d.MonthStart().String())
	assert.Equal(t, "2026-01-01", d.YearStart().String())
	assert.Equal(t, "2027-11-22", d.AddYears(1).String())
	assert.Equal(t, "2026-11-16", d.WeekStart().WeekStart().String())
	_, err = Parse("2026-02-30")
	require.Error(t, err)
}
