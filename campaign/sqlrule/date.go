package sqlrule

import (
	"time"

	"github.com/regulars-go/regulars/campaign/rule"
	"github.com/regulars-go/regulars/internal/civil"
)

func (c column) date(ref string, n *rule.Node, at time.Time) (fragment, bool) {
	op, ok := comparisons[n.Op]
	switch {
	case n.Op == rule.OpNear || n.Op == rule.OpThisMonth || n.Op == rule.OpMonthIn:
		return c.birthdays(ref, n.Birthdays(at)), true
	case c.As == MonthDay: // the other conditions ask for the year
		return fragment{}, false
	case n.Op == rule.OpBetween:
		return cat("(", ref, " >= ", c.day(n.Dates[0]), " AND ", ref, " < ", c.day(n.Dates[1]), ")"), true
	case ok:
		return cat(ref, op, c.day(n.Dates[0])), true
	}
	return fragment{}, false
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
	number := c.monthDay(ref)
	var parts []fragment
	for i := 0; i < len(days); {
		j := i + 1
		for j < len(days) && days[j] == dayAfter(days[j-1]) {
			j++
		}
		parts = append(parts, c.within(number, monthDay(days[i]), monthDay(days[j-1])))
		i = j
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return cat("(", list(" OR ", parts), ")")
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

// dayAfter returns the next day of a leap year.
func dayAfter(d rule.Date) rule.Date {
	_, month, day := civil.Date(2000, d.Month, d.Day+1).Date()
	return rule.Date{Month: month, Day: day}
}
