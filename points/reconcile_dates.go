package points

import (
	"slices"
	"time"

	"github.com/regulars-go/regulars/internal/civil"
)

// moved lists the instants in which an order differs from what the ledger was told, where that moves
// something.
func (l *Ledger) moved(ev Evidence, told []ConfirmRequest, shop events) ([]Difference, error) {
	if ev.IsZero() { // erased
		return nil, nil
	}
	f := *ev.f
	for _, c := range told {
		if t := f.Events.at(Moment(c.Event)); t != nil && t.IsZero() {
			*t = c.At
		}
	}
	had, err := l.dates(&f)
	if err != nil {
		return nil, err
	}
	var diffs []Difference
	for _, m := range []Moment{AtCompleted, AtPaid, AtPlaced, AtReceived} { // by name, as differences are
		was, is := f.Events.of(m), shop.of(m)
		if is.IsZero() || is.Equal(was) {
			continue
		}
		g := f
		*g.Events.at(m) = is
		if m == l.policy.at && was.Equal(f.At) {
			g.At = is
		}
		has, err := l.dates(&g)
		if err != nil {
			return nil, err
		}
		if !slices.Equal(had, has) {
			diffs = append(diffs, Difference{"order." + string(m), stamp(was), stamp(is)})
		}
	}
	return diffs, nil
}

// dates is what the instants of an order decide.
type dates struct {
	revision *Policy
	from     civil.Day // that an order or a lot counts from
	ends     int64
	awaits   string
}

// dates returns those of the order and those of its lots.
func (l *Ledger) dates(f *frozen) ([]dates, error) {
	a, err := f.award(nil, false)
	if err != nil {
		return nil, err
	}
	zone := l.policy.Zone()
	list := []dates{{revision: l.policy.At(f.At), from: civil.Of(f.At, zone)}}
	for _, g := range a.Lots {
		list = append(list, dates{from: civil.Of(g.ActiveFrom, zone), ends: g.ExpiresAt.UnixMicro(), awaits: g.Awaits})
	}
	return list, nil
}

// stamp writes an instant as a recorded request has it, and nothing for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339Nano)
}
