package rule

import (
	"fmt"
	"slices"
	"time"

	"github.com/regulars-go/regulars/internal/civil"
)

// Date is a day of the calendar. Year 0 says that the year is not known, as with many birthdays.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// String returns the date as 2006-01-02, or as --01-02 without a year.
func (d Date) String() string {
	if d.Year == 0 {
		return fmt.Sprintf("--%02d-%02d", d.Month, d.Day)
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// longest is the length of each month in a leap year.
var longest = [13]int{0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// valid says whether the date is in the calendar; without a year, 29 February is.
func (d Date) valid() bool {
	if d.Month < 1 || d.Month > 12 || d.Day < 1 || d.Day > longest[d.Month] || d.Year < 0 || d.Year > 9999 {
		return false
	}
	return d.Month != time.February || d.Day < 29 || d.Year == 0 || leapYear(d.Year)
}

func leapYear(y int) bool { return y%4 == 0 && (y%100 != 0 || y%400 == 0) }

// index numbers the dates with a known year in order, 0 without one.
func (d Date) index() int64 {
	if d.Year == 0 {
		return 0
	}
	return int64(d.Year)*512 + int64(d.Month)*32 + int64(d.Day)
}

// Leap says when a birthday on 29 February is kept in a common year.
type Leap uint8

// The zero value, LeapFeb28, keeps the day in its month, so that rules about the day and rules about
// the month agree.
const (
	LeapFeb28 Leap = iota // on 28 February
	LeapMar1              // on 1 March
	LeapOnly              // not at all
)

var leapWords = []string{"feb28", "mar1", "only"}

// String returns feb28, mar1 or only.
func (l Leap) String() string {
	if int(l) < len(leapWords) {
		return leapWords[l]
	}
	return fmt.Sprintf("Leap(%d)", uint8(l))
}

// anniversary returns the day on which a date is kept in a year, if it is.
func (l Leap) anniversary(d Date, year int) (civil.Day, bool) {
	if d.Month == time.February && d.Day == 29 && !leapYear(year) {
		switch l {
		case LeapMar1:
			return civil.Date(year, time.March, 1), true
		case LeapOnly:
			return 0, false
		default:
			return civil.Date(year, time.February, 28), true
		}
	}
	return civil.Date(year, d.Month, d.Day), true
}

// DateField is a field of calendar dates. A rule asks for the birthday itself (month and day, the year
// plays no part), for its month, or, where the year is known, for its place in the calendar.
type DateField[C any] struct{ handle[C] }

// Near is the condition that a birthday is at most before days ahead or at most after days past, in the
// calendar of a zone and across New Year; Near(0, 0, …) is the birthday itself. Each span is at most
// 366 days.
func (f DateField[C]) Near(before, after int, leap Leap, zone *time.Location) Expr[C] {
	return f.leaf(Node{Op: OpNear, Before: before, After: after, Leap: leap, Zone: zone})
}

// ThisMonth is the condition that the birthday is in the current month of a zone.
func (f DateField[C]) ThisMonth(zone *time.Location) Expr[C] {
	return f.leaf(Node{Op: OpThisMonth, Zone: zone})
}

// Month is the condition that the date lies in one of some months of any year.
func (f DateField[C]) Month(months ...time.Month) Expr[C] {
	n := Node{Op: OpMonthIn, Ints: make([]int64, len(months))}
	for i, m := range months {
		n.Ints[i] = int64(m)
	}
	return f.leaf(n)
}

// Before is the condition that the date is before d; unknown where its year is.
func (f DateField[C]) Before(d Date) Expr[C] { return f.leaf(Node{Op: OpBefore, Dates: []Date{d}}) }

// After is the condition that the date is after d; unknown where its year is.
func (f DateField[C]) After(d Date) Expr[C] { return f.leaf(Node{Op: OpAfter, Dates: []Date{d}}) }

// Between is the condition that the date is from from, included, until until, excluded; unknown where
// its year is.
func (f DateField[C]) Between(from, until Date) Expr[C] {
	return f.leaf(Node{Op: OpBetween, Dates: []Date{from, until}})
}

// dayOfYear numbers the 366 days a birthday can have.
func dayOfYear(m time.Month, day int) int { return (int(m)-1)*31 + day - 1 }

// daysOfYear is a set of days of the year.
type daysOfYear [6]uint64

func (s *daysOfYear) add(m time.Month, day int) {
	i := dayOfYear(m, day)
	s[i/64] |= 1 << (i % 64)
}

func (s *daysOfYear) has(d Date) bool {
	i := dayOfYear(d.Month, d.Day)
	return s[i/64]>>(i%64)&1 != 0
}

// Birthdays returns, for a condition near, this_month or month_in evaluated at at, the birthdays for
// which it holds, in calendar order and without years.
func (n *Node) Birthdays(at time.Time) []Date {
	var set daysOfYear
	if n.Op == OpMonthIn {
		set = n.months()
	} else {
		set = n.birthdays(civil.Of(at, n.Zone))
	}
	var out []Date
	for m := time.January; m <= time.December; m++ {
		for day := 1; day <= longest[m]; day++ {
			if d := (Date{Month: m, Day: day}); set.has(d) {
				out = append(out, d)
			}
		}
	}
	return out
}

// birthdays returns the days of the year for which near or this_month hold on a day.
func (n *Node) birthdays(today civil.Day) daysOfYear {
	var set daysOfYear
	if n.Op == OpThisMonth {
		_, m, _ := today.Date()
		return (&Node{Ints: []int64{int64(m)}}).months()
	}
	for d := today - civil.Day(n.After); d <= today+civil.Day(n.Before); d++ {
		y, m, day := d.Date()
		set.add(m, day)
		if leap, kept := n.Leap.anniversary(Date{Month: time.February, Day: 29}, y); kept && leap == d {
			set.add(time.February, 29)
		}
	}
	return set
}

func (n *Node) months() daysOfYear {
	var set daysOfYear
	for _, m := range n.Ints {
		for day := 1; day <= longest[m]; day++ {
			set.add(time.Month(m), day)
		}
	}
	return set
}

// dateInterval returns the indexes for which a comparison with dates holds.
func dateInterval(n *Node) interval {
	k := n.Dates[0].index()
	switch n.Op {
	case OpBefore:
		return span(1, k-1)
	case OpAfter:
		return span(k+1, farthest)
	default: // between
		return span(k, n.Dates[1].index()-1)
	}
}

func bindDate[C any](n *Node, get func(C) (Date, bool)) leaf[C] {
	switch n.Op {
	case OpNear, OpThisMonth:
		days := &daily[daysOfYear]{zone: n.Zone, derive: n.birthdays}
		return leaf[C]{
			test: func(c C, at int64) Truth {
				d, ok := get(c)
				if !ok || !d.valid() || at == noTime {
					return Unknown
				}
				return Of(days.at(at).has(d))
			},
			next: func(c C, at int64) int64 {
				d, ok := get(c)
				if !ok || !d.valid() {
					return never
				}
				return n.nextBirthdayTurn(d, at)
			},
		}
	case OpMonthIn:
		days := n.months()
		return leaf[C]{test: func(c C, _ int64) Truth {
			d, ok := get(c)
			if !ok || !d.valid() {
				return Unknown
			}
			return Of(days.has(d))
		}}
	default:
		in := dateInterval(n)
		return leaf[C]{test: func(c C, _ int64) Truth {
			d, ok := get(c)
			if !ok || !d.valid() || d.Year == 0 {
				return Unknown
			}
			return Of(in.has(d.index()))
		}}
	}
}

// yearsAhead is how far the next change of a birthday condition can be: the longest time between two
// leap years is eight years, and a window of 365 days has a gap of one day in each leap year.
const yearsAhead = 18

// nextBirthdayTurn returns the first instant after at when the verdict on a date changes.
func (n *Node) nextBirthdayTurn(d Date, at int64) int64 {
	today := civil.Of(instant(at), n.Zone)
	holds := func(day civil.Day) bool { return n.holdsOn(d, day) }
	year, _, _ := today.Date()
	var turns []civil.Day
	for y := year - 2; y <= year+yearsAhead; y++ {
		if n.Op == OpThisMonth {
			first := civil.Date(y, d.Month, 1)
			turns = append(turns, first, first.AddMonths(1))
		} else if kept, ok := n.Leap.anniversary(d, y); ok {
			turns = append(turns, kept-civil.Day(n.Before), kept+civil.Day(n.After)+1)
		}
	}
	slices.Sort(turns)
	for _, day := range turns {
		if day <= today || holds(day) == holds(today) {
			continue
		}
		// Where the zone skipped that day, what begins with it is another one.
		if start := day.Start(n.Zone); holds(civil.Of(start, n.Zone)) != holds(today) {
			return micro(start)
		}
	}
	return never
}

// holdsOn says whether near or this_month hold for a date on a day.
func (n *Node) holdsOn(d Date, today civil.Day) bool {
	year, month, _ := today.Date()
	if n.Op == OpThisMonth {
		return d.Month == month
	}
	for y := year - 2; y <= year+2; y++ {
		kept, ok := n.Leap.anniversary(d, y)
		if ok && kept-civil.Day(n.Before) <= today && today <= kept+civil.Day(n.After) {
			return true
		}
	}
	return false
}
