package points

import (
	"slices"
	"time"

	"github.com/regulars-go/regulars/internal/civil"
)

// timings looks for points that expire before they can be used.
func (a *auditor) timings() {
	for i := range a.p.shared.Timings {
		if d, ok := a.outlived(&a.p.shared.Timings[i]); ok {
			a.add(a.p.timingAt[i], Note{Reason: PendingOutlives, Of: d.String()})
		}
	}
}

// outlived returns the first day on which points may be earned whose wait outlives them: of four years
// from when the policy is in force, or else from 2024, and of the year before a fixed end.
func (a *auditor) outlived(t *Timing) (day civil.Day, found bool) {
	waits := t.Pending.Event != "" && Moment(t.Pending.Event) != a.p.at
	end, fixed := t.Expiry.through()
	if !fixed && (!t.Expiry.startsEarly() || t.Pending == (Pending{})) {
		return 0, false // their life begins when they can be used
	}
	const year = 366
	first := civil.Date(2024, time.January, 1)
	switch {
	case !a.p.since.IsZero():
		first = civil.Of(a.p.since, a.p.loc)
	case fixed && waits: // who knows when it is in force, and for how long they wait
		return 0, false
	case fixed:
		first = end - year
	}
	spans := [][2]civil.Day{{first, first + 4*year}}
	if fixed && end >= first+4*year {
		spans = append(spans, [2]civil.Day{end - year, end + 1})
	}
	for _, span := range spans {
		for d := span[0]; d < span[1]; d++ {
			earned := d.Start(a.p.loc)
			active := t.Pending.from(earned, a.p.loc)
			if waits { // for longer than any date that a policy can name
				active = lastInstant
			}
			until, err := t.Expiry.at(Anchors{Earned: earned, Active: active}, a.p.loc)
			switch {
			case err != nil || until.IsZero():
				return 0, false
			case fixed && d > first && !until.After(earned): // the policy is meant to be over by now
				return 0, false
			case !active.Before(until):
				return d, true
			}
		}
	}
	return 0, false
}

// through returns the earliest fixed day that an expiry names.
func (e Expiry) through() (first civil.Day, found bool) {
	if d, err := civil.Parse(e.Through); err == nil {
		return d, true
	}
	for _, of := range slices.Concat(e.Later, e.Earlier) {
		if d, ok := of.through(); ok && (!found || d < first) {
			first, found = d, true
		}
	}
	return first, found
}

// startsEarly reports whether some length counts from before the points can be used.
func (e Expiry) startsEarly() bool {
	return e.counts() && e.From != "" && e.From != FromActive ||
		slices.ContainsFunc(e.Later, Expiry.startsEarly) || slices.ContainsFunc(e.Earlier, Expiry.startsEarly)
}
