package pointstest

import (
	"time"

	"github.com/regulars-go/regulars/internal/civil"
	"github.com/regulars-go/regulars/points"
)

// plain reports whether an expiry is a number of months and days and nothing else.
func plain(e points.Expiry) bool {
	return (e.Months != 0 || e.Days != 0) && (e.Align == "" || e.Align == points.AlignDay) &&
		e.Through == "" && len(e.Later) == 0 && len(e.Earlier) == 0
}

// anchor is the instant that a plain expiry counts from.
func (p *parcel) anchor(e points.Expiry, activity time.Time) time.Time {
	switch e.From {
	case points.FromEarned:
		return p.earned
	case points.FromActivity:
		return activity
	default:
		return p.active
	}
}

// lastDay returns the end of points that live for a number of months and days, counted by hand.
func lastDay(e points.Expiry, from time.Time, zone *time.Location) time.Time {
	y, m, d := from.In(zone).Date()
	first := time.Date(y, m+time.Month(e.Months), 1, 0, 0, 0, 0, time.UTC)
	if long := first.AddDate(0, 1, -1).Day(); d > long {
		d = long
	}
	return start(first.AddDate(0, 0, d-1+e.Days+1), zone)
}

// waited returns when points can be spent that wait from an instant on.
func waited(w points.Pending, from time.Time, zone *time.Location) time.Time {
	if w.Days > 0 {
		y, m, d := from.In(zone).Date()
		return start(time.Date(y, m, d+w.Days+1, 0, 0, 0, 0, time.UTC), zone)
	}
	return from.Add(time.Duration(w.Hours) * time.Hour).UTC()
}

// start returns the first instant of a day, given by its midnight in UTC.
func start(day time.Time, zone *time.Location) time.Time {
	return civil.Date(day.Date()).Start(zone).UTC()
}

// period is a period of a cap.
type period struct {
	cap   string
	start int64 // in microseconds
}

// used lists the model's counters.
func (b *book) used() []points.Use {
	var list []points.Use
	for p, n := range b.uses {
		u := points.Use{Cap: p.cap, Points: n}
		if p.start != (time.Time{}).UnixMicro() {
			u.Period = time.UnixMicro(p.start).UTC()
		}
		list = append(list, u)
	}
	return list
}

// use counts what an award takes from caps, or gives it back with sign -1.
func (b *book) use(uses []points.Use, sign int64) {
	for _, u := range uses {
		b.uses[period{u.Cap, u.Period.UnixMicro()}] += sign * u.Points
	}
}

// forgotten reports whether a ledger may have let go of a period.
func (p period) forgotten(at time.Time) bool {
	return p.start != (time.Time{}).UnixMicro() && p.start < at.AddDate(-2, 0, 0).UnixMicro()
}

// counters returns the first counter of an account that is not the model's.
func (b *book) counters(acc points.Account, at time.Time) (which period, got, want int64, same bool) {
	has := map[period]int64{}
	for _, u := range acc.Uses {
		if u.Cap != "" { // that of the day's redemptions
			has[period{u.Cap, u.Period.UnixMicro()}] = u.Points
		}
	}
	for p, n := range has {
		if b.uses[p] != n {
			return p, n, b.uses[p], false
		}
	}
	for p, n := range b.uses {
		if has[p] != n && !p.forgotten(at) {
			return p, has[p], n, false
		}
	}
	return period{}, 0, 0, true
}

// redeemed counts what was redeemed on a local day.
func (b *book) redeemed(n int64, at time.Time) {
	if day := at.In(b.zone).Format(time.DateOnly); day != b.day {
		b.day, b.spent = day, 0
	}
	b.spent += n
}

// allows reports whether n points may be spent now: there are as many, and the day has room for them,
// in which open holds count.
func (b *book) allows(n int64, at time.Time) bool {
	if b.available() < n {
		return false
	}
	if b.limit == 0 {
		return true
	}
	if day := at.In(b.zone).Format(time.DateOnly); day == b.day {
		n += b.spent
	}
	for _, h := range b.holds {
		n += h.points()
	}
	return n <= b.limit
}
