package sqlrule

import (
	"time"

	"github.com/regulars-go/regulars/campaign/rule"
)

func (c column) date(n *rule.Node, at time.Time) (fragment, bool) {
	ref := c.of(c.Name)
	switch n.Op {
	case rule.OpKnown:
		return known(ref, n.Bool), true
	case rule.OpNear, rule.OpThisMonth, rule.OpMonthIn:
		return c.birthdays(ref, n.Birthdays(at)), true
	}
	if c.As == MonthDay { // these conditions ask for the year
		return fragment{}, false
	}
	if n.Op == rule.OpBetween {
		return cat("(", ref, " >= ", c.day(n.Dates[0]), " AND ", ref, " < ", c.day(n.Dates[1]), ")"), true
	}
	op, ok := comparisons[n.Op]
	if !ok {
		return fragment{}, false
	}
	return cat(ref, op, c.day(n.Dates[0])), true
}

func (c column) day(d rule.Date) fragment {
	if c.dialect == SQLite {
		return bound(d.String()) // the same order as text
	}
	return cat("CAST(", bound(d.String()), " AS date)")
}

// birthdays is the condition that the month and day of a date are among some, by their runs.
func (c column) birthdays(ref string, days []rule.Date) fragment {
	switch len(days) {
	case 0:
		return never(ref)
	case 366:
		return always(ref)
	}
	numbers := make([]int64, len(days))
	for i, d := range days {
		numbers[i] = monthDay(d)
	}
	return c.runs(c.monthDay(ref), numbers, dayAfter)
}

// monthDay is a date column as the number 100 * month + day.
func (c column) monthDay(ref string) string {
	switch {
	case c.As == MonthDay:
		return ref
	case c.dialect == SQLite:
		return "CAST(substr(" + ref + ", 6, 2) || substr(" + ref + ", 9, 2) AS INTEGER)"
	}
	return "(EXTRACT(MONTH FROM " + ref + ") * 100 + EXTRACT(DAY FROM " + ref + "))"
}

func monthDay(d rule.Date) int64 { return int64(d.Month)*100 + int64(d.Day) }

// dayAfter returns the number of the next day of a leap year.
func dayAfter(n int64) int64 {
	next := time.Date(2000, time.Month(n/100), int(n%100)+1, 0, 0, 0, 0, time.UTC)
	return int64(next.Month())*100 + int64(next.Day())
}
