package points

import (
	"fmt"
	"slices"
	"time"

	"github.com/regulars-go/regulars/internal/civil"
)

// Expiry says how long points live. The zero value is for ever.
//
// Days and Months are added to the local day of the anchor, months clamped to the end of a shorter
// month; the points can be spent through the resulting day and end at the first instant of the next.
type Expiry struct {
	Months int `json:"months,omitempty"`
	Days   int `json:"days,omitempty"`
	// Align moves the end to the end of a longer period: Expiry{Months: 12, Align: AlignYear} ends
	// the points of a year with the next, Expiry{Align: AlignYear} with the same.
	Align Align `json:"align,omitempty"`
	// From is what is counted from; [FromActive] by default.
	From Anchor `json:"from,omitempty"`
	// Through is a fixed last day, such as "2026-12-31", instead of a length.
	Through string `json:"through,omitempty"`
	// Later and Earlier take the latest and the earliest of several, instead of all of the above.
	// Never is later than any day.
	Later   []Expiry `json:"later,omitempty"`
	Earlier []Expiry `json:"earlier,omitempty"`
}

// Align is the period with whose end an expiry ends.
type Align string

// The alignments of an [Expiry]. The zero value is AlignDay.
const (
	AlignDay     Align = "day"
	AlignNone    Align = "none" // when the clock shows the same time of day as at the anchor; as it jumps over that, if it does
	AlignMonth   Align = "month"
	AlignQuarter Align = "quarter"
	AlignHalf    Align = "half"
	AlignYear    Align = "year"
)

// Anchor is what an expiry is counted from.
type Anchor string

// The anchors of an [Expiry]. The zero value is FromActive.
const (
	FromActive   Anchor = "active"   // the instant the points could first be spent
	FromEarned   Anchor = "earned"   // the instant they were earned
	FromActivity Anchor = "activity" // the account's last counting activity: an inactivity deadline
)

// counts reports whether the expiry has a length, and so an anchor.
func (e Expiry) counts() bool { return e.Months != 0 || e.Days != 0 || e.Align != "" }

// moves reports whether activity of the account changes the result.
func (e Expiry) moves() bool {
	return e.counts() && e.From == FromActivity || slices.ContainsFunc(e.Later, Expiry.moves) || slices.ContainsFunc(e.Earlier, Expiry.moves)
}

// needsActive reports whether the result depends on when the points become usable.
func (e Expiry) needsActive() bool {
	return e.counts() && (e.From == "" || e.From == FromActive) ||
		slices.ContainsFunc(e.Later, Expiry.needsActive) || slices.ContainsFunc(e.Earlier, Expiry.needsActive)
}

// at returns the end of points with these anchors; zero is never.
func (e *Expiry) at(a Anchors, loc *time.Location) (time.Time, error) {
	switch {
	case len(e.Later) > 0:
		var latest time.Time
		for i := range e.Later {
			t, err := e.Later[i].at(a, loc)
			if err != nil || t.IsZero() {
				return time.Time{}, err
			}
			if t.After(latest) {
				latest = t
			}
		}
		return latest, nil
	case len(e.Earlier) > 0:
		var first time.Time
		for i := range e.Earlier {
			t, err := e.Earlier[i].at(a, loc)
			if err != nil {
				return time.Time{}, err
			}
			if first.IsZero() || !t.IsZero() && t.Before(first) {
				first = t
			}
		}
		return first, nil
	case e.Through != "":
		d, err := civil.Parse(e.Through)
		if err != nil {
			return time.Time{}, fmt.Errorf("%w: expiry: %w", ErrAmount, err)
		}
		return (d + 1).Start(loc).UTC(), nil
	case !e.counts():
		return time.Time{}, nil
	}
	from, err := a.anchor(e.From)
	if err != nil {
		return time.Time{}, err
	}
	last := civil.Of(from, loc).AddMonths(e.Months) + civil.Day(e.Days)
	if e.Align == AlignNone {
		_, clock := civil.ClockOf(from, loc)
		return last.At(clock, loc).UTC(), nil
	}
	return (e.Align.last(last) + 1).Start(loc).UTC(), nil
}

// last returns the last day of the period that a day lies in.
func (p Align) last(d civil.Day) civil.Day {
	var months int
	switch p {
	case AlignMonth:
		months = 1
	case AlignQuarter:
		months = 3
	case AlignHalf:
		months = 6
	case AlignYear:
		months = 12
	default:
		return d
	}
	y, m, _ := d.Date()
	first := (int(m)-1)/months*months + 1
	return civil.Date(y, time.Month(first+months), 1) - 1
}
