// Package civil counts days the way a shop's calendar does: as whole numbers, in a named zone,
// without ever asking how many hours a day had.
//
// A day begins at the first instant whose civil date is at least that day. That is midnight almost
// everywhere, but not where a clock change swallows midnight (São Paulo, Cairo) or a whole day
// (Apia, 2011-12-30), and not where clocks go back across midnight: there a day begins once, at the
// earlier of its two midnights. [Of] and [Day.Start] agree on that: t belongs to d exactly when
// d.Start <= t < (d+1).Start, so days never overlap and leave no gap.
package civil

import (
	"fmt"
	"math"
	"time"
)

// Day is a civil day as its number since 1970-01-01. The difference of two days is a count of days.
type Day int32

const (
	daySeconds = 24 * 60 * 60
	// No zone was ever further from UTC than 16 hours (Manila before 1844); a day more is safe.
	furthest = 40 * time.Hour
)

// Date returns the number of a day of the proleptic Gregorian calendar. A month or day outside its
// range is carried over, as [time.Date] does.
func Date(year int, month time.Month, day int) Day {
	m := int(month) - 3 // the year begins in March, so that the leap day is its last
	y := year + floor(m, 12)
	m -= 12 * floor(m, 12)
	era := floor(y, 400)
	y -= 400 * era
	return Day(era*eraDays + y*365 + y/4 - y/100 + (153*m+2)/5 + day - 1 - marchZero)
}

// Date returns the year, month and day of the month.
func (d Day) Date() (year int, month time.Month, day int) {
	n := int(d) + marchZero
	era := floor(n, eraDays)
	n -= era * eraDays
	y := (n - n/1460 + n/36524 - n/146096) / 365 // leap days come every 4 years, not every 100, every 400
	n -= y*365 + y/4 - y/100
	m := (5*n + 2) / 153 // five months in a row have 153 days, from March and from August
	day = n - (153*m+2)/5 + 1
	year = y + 400*era
	if m += 3; m > 12 {
		m, year = m-12, year+1
	}
	return year, time.Month(m), day
}

// Days are counted from 1 March of the year 0, as in Howard Hinnant's "chrono-Compatible Low-Level Date
// Algorithms" (2013); 400 years are always as long.
const (
	eraDays   = 146_097
	marchZero = 719_468 // days from there to 1970-01-01
)

// floor returns the quotient of n and a positive d, rounded down.
func floor(n, d int) int {
	q := n / d
	if n < q*d {
		q--
	}
	return q
}

// Weekday returns the day of the week.
func (d Day) Weekday() time.Weekday { return d.utc().Weekday() }

// String returns the day as 2006-01-02.
func (d Day) String() string { return d.utc().Format(time.DateOnly) }

func (d Day) utc() time.Time { return time.Unix(int64(d)*daySeconds, 0).UTC() }

// Parse reads a day written as 2006-01-02.
func Parse(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("day %q is not of the form 2006-01-02", s)
	}
	return Day(t.Unix() / daySeconds), nil
}

// AddMonths returns the same day of the month n months later, or the last day of that month where it
// is shorter. Steps of a series are counted from its anchor, never from the step before: 31 January
// gives 28 February, 31 March, 30 April.
func (d Day) AddMonths(n int) Day {
	y, m, day := d.Date()
	first, next := Date(y, m+time.Month(n), 1), Date(y, m+time.Month(n)+1, 1)
	return min(first+Day(day), next) - 1
}

// AddYears returns the same date n years later; 29 February becomes the 28th in a common year.
func (d Day) AddYears(n int) Day { return d.AddMonths(12 * n) }

// MonthStart returns the first day of d's month.
func (d Day) MonthStart() Day {
	_, _, day := d.Date()
	return d - Day(day-1)
}

// YearStart returns 1 January of d's year.
func (d Day) YearStart() Day {
	y, _, _ := d.Date()
	return Date(y, time.January, 1)
}

// WeekStart returns the Monday of d's ISO week.
func (d Day) WeekStart() Day { return d - Day((d.Weekday()+6)%7) }

// DaysIn returns the number of days in a month.
func DaysIn(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// Start returns the first instant of the day in a zone: the earliest instant whose civil date is at
// least d. For a day that did not exist there it is the first instant of the next day that did.
func (d Day) Start(loc *time.Location) time.Time { return d.At(0, loc) }

// At returns the earliest instant at which the date and the clock on the wall are at least d and clock,
// which is 0 to 24 hours. Where the clock was put forward over that time, it is the instant of the jump.
func (d Day) At(clock time.Duration, loc *time.Location) time.Time {
	wall, part := int64(d)*daySeconds+int64(clock/time.Second), int64(clock%time.Second)
	t := time.Unix(wall, part).Add(-furthest).In(loc)
	for {
		_, offset := t.Zone()
		shown := time.Unix(wall-int64(offset), part).In(loc)
		if !shown.After(t) { // the clock jumped over it: the day, or the rest of it, begins with the jump
			return t
		}
		_, end := t.ZoneBounds()
		if !end.IsZero() && !end.After(t) { // package time lets leap years after 2037 end a day early
			end = t.Add(daySeconds * time.Second)
		}
		if end.IsZero() || shown.Before(end) {
			return shown
		}
		t = end
	}
}

// ClockOf returns the day an instant belongs to, and how far the clock on the wall is past its midnight:
// zero while it shows the day before again.
func ClockOf(t time.Time, loc *time.Location) (Day, time.Duration) {
	d := Of(t, loc)
	_, offset := t.In(loc).Zone()
	seconds := t.Unix() + int64(offset) - int64(d)*daySeconds
	if seconds < 0 {
		return d, 0
	}
	return d, time.Duration(seconds)*time.Second + time.Duration(t.Nanosecond())
}

// Of returns the day an instant belongs to in a zone.
func Of(t time.Time, loc *time.Location) Day {
	t = t.In(loc)
	if start, _ := t.ZoneBounds(); start.IsZero() || t.Sub(start) > furthest {
		_, offset := t.Zone() // no clock went back lately, so the clock on the wall tells the day
		return wallDay(t.Unix() + int64(offset))
	}
	c := NewClock(loc)
	return c.Day(t)
}

// Clock tells the days of many instants of one zone. It remembers the stretch between two clock
// changes it looked at last, which makes it several times faster than asking the zone each time.
// A Clock is for one goroutine.
type Clock struct {
	loc         *time.Location
	from, until int64 // the stretch, in seconds since 1970; empty at first
	offset      int64
	floor       Day // the latest day begun before the stretch, where clocks went back across midnight
}

// NewClock returns a Clock for a zone.
func NewClock(loc *time.Location) Clock { return Clock{loc: loc} }

// Day returns the day an instant belongs to.
func (c *Clock) Day(t time.Time) Day {
	s := t.Unix()
	if s < c.from || s >= c.until {
		c.seek(t)
	}
	return max(c.floor, wallDay(s+c.offset))
}

func (c *Clock) seek(t time.Time) {
	t = t.In(c.loc)
	_, offset := t.Zone()
	start, end := t.ZoneBounds()
	c.offset = int64(offset)
	c.from, c.until, c.floor = math.MinInt64, math.MaxInt64, math.MinInt32
	if !end.IsZero() {
		c.until = end.Unix()
	}
	if start.IsZero() {
		return
	}
	c.from = start.Unix()
	for s := start; !s.IsZero() && start.Sub(s) < furthest; {
		last := s.Add(-time.Second)
		_, offset := last.Zone()
		c.floor = max(c.floor, wallDay(last.Unix()+int64(offset)))
		s, _ = last.ZoneBounds()
	}
}

func wallDay(seconds int64) Day {
	d := seconds / daySeconds
	if seconds%daySeconds < 0 {
		d--
	}
	return Day(d)
}
