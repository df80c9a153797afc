package tiers

import (
	"fmt"
	"math"
	"time"

	"github.com/regulars-go/regulars/internal/civil"
)

// Window says which local days count, up to and including the day of the decision. [Rolling],
// [RollingDays], [Calendar], [FixedYear], [Anniversary], [SinceEntry] and [Lifetime] write one. A
// window may be longer than a year.
type Window struct {
	Kind WindowKind `json:"kind"`
	// Months or Days is the length of a rolling window.
	Months int `json:"months,omitempty"`
	Days   int `json:"days,omitempty"`
	// Period is the calendar's: month, quarter or year.
	Period Period `json:"period,omitempty"`
	// Start is the first day of a fixed year, as MM-DD; 02-29 is the 28th in common years.
	Start string `json:"start,omitempty"`
}

// WindowKind is the kind of a [Window].
type WindowKind string

// The kinds of windows.
const (
	KindRolling     WindowKind = "rolling"
	KindCalendar    WindowKind = "calendar"
	KindFixedYear   WindowKind = "fixed_year"
	KindAnniversary WindowKind = "anniversary"
	KindSinceEntry  WindowKind = "since_entry"
	KindLifetime    WindowKind = "lifetime"
)

// Period is a period of the calendar.
type Period string

// The periods of the calendar.
const (
	Month   Period = "month"
	Quarter Period = "quarter"
	Year    Period = "year"
)

// Rolling is the last n months: on day D the days after D − n months, up to D. Where the earlier month
// is shorter its last day stands in.
func Rolling(months int) Window { return Window{Kind: KindRolling, Months: months} }

// RollingDays is the last n days, today included.
func RollingDays(n int) Window { return Window{Kind: KindRolling, Days: n} }

// Calendar is the current month, quarter or year.
func Calendar(p Period) Window { return Window{Kind: KindCalendar, Period: p} }

// FixedYear is the current year of the shop's own, which starts on a day written as MM-DD.
func FixedYear(start string) Window { return Window{Kind: KindFixedYear, Start: start} }

// Anniversary is the current year of membership, counted from the day the member joined: who joined
// on 29 February starts a year on the 28th, and on the 29th again in leap years. Before that day no
// condition over it holds.
func Anniversary() Window { return Window{Kind: KindAnniversary} }

// SinceEntry is the time since the member entered the level held, that day included. For who holds
// none it is the lifetime.
func SinceEntry() Window { return Window{Kind: KindSinceEntry} }

// Lifetime is all time.
func Lifetime() Window { return Window{Kind: KindLifetime} }

// The longest rolling windows: a hundred years.
const (
	maxMonths = 1200
	maxDays   = 36_600
)

// everBefore opens a window that has no first day.
const everBefore = civil.Day(math.MinInt32)

// parseStart reads MM-DD into the day of that date in the leap year 2000.
func parseStart(s string) (civil.Day, error) {
	t, err := time.Parse("2006-01-02", "2000-"+s)
	if err != nil {
		return 0, fmt.Errorf("%q is not of the form MM-DD", s)
	}
	return civil.Date(t.Date()), nil
}

// problem says what is wrong with a window, or "".
func (w Window) problem() string {
	plain := Window{Kind: w.Kind}
	switch w.Kind {
	case KindRolling:
		if (w.Months == 0) == (w.Days == 0) {
			return "a rolling window has months or days"
		}
		if w.Months < 0 || w.Months > maxMonths || w.Days < 0 || w.Days > maxDays {
			return fmt.Sprintf("a rolling window has 1 to %d months or 1 to %d days", maxMonths, maxDays)
		}
		plain.Months, plain.Days = w.Months, w.Days
	case KindCalendar:
		if w.Period != Month && w.Period != Quarter && w.Period != Year {
			return fmt.Sprintf("unknown period %q; there are month, quarter and year", w.Period)
		}
		plain.Period = w.Period
	case KindFixedYear:
		if _, err := parseStart(w.Start); err != nil {
			return "start " + err.Error()
		}
		plain.Start = w.Start
	case KindAnniversary, KindSinceEntry, KindLifetime:
	case "":
		return "the window is missing"
	default:
		return fmt.Sprintf("unknown kind %q", w.Kind)
	}
	if w != plain {
		return fmt.Sprintf("a %s window does not take all that is set here", w.Kind)
	}
	return ""
}

// span is a compiled [Window].
type span struct {
	kind   WindowKind
	months int
	days   civil.Day
	anchor civil.Day // of a fixed year
}

func (w Window) compile() span {
	s := span{kind: w.Kind, months: w.Months, days: civil.Day(w.Days)}
	switch {
	case w.Period == Month:
		s.months = 1
	case w.Period == Quarter:
		s.months = 3
	case w.Period == Year:
		s.months = 12
	case w.Kind == KindFixedYear:
		s.anchor, _ = parseStart(w.Start)
	}
	return s
}

// first returns the first day of the window on day d.
func (s span) first(d, joined, entered civil.Day) civil.Day {
	switch s.kind {
	case KindRolling:
		if s.months > 0 {
			return d.AddMonths(-s.months) + 1
		}
		return d - s.days + 1
	case KindCalendar:
		_, m, _ := d.Date()
		return d.MonthStart().AddMonths(-((int(m) - 1) % s.months))
	case KindFixedYear:
		return yearFrom(s.anchor, d)
	case KindAnniversary:
		return yearFrom(joined, d)
	case KindSinceEntry:
		return entered
	default:
		return everBefore
	}
}

// yearFrom returns the latest yearly return of anchor that is not after d.
func yearFrom(anchor, d civil.Day) civil.Day {
	from, _, _ := anchor.Date()
	to, _, _ := d.Date()
	if start := anchor.AddYears(to - from); start <= d {
		return start
	}
	return anchor.AddYears(to - from - 1)
}
