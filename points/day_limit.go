package points

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/regulars-go/regulars/internal/civil"
)

// redeemedToday is the counter of what an account redeemed in a local day. No cap has an empty id.
const redeemedToday = ""

// redeemable says how many of n points can be redeemed or held now, within the programme's bound for a day.
func (p *plan) redeemable(n int64, partial bool) (int64, error) {
	n, err := p.spendable(n, partial)
	if err != nil {
		return 0, err
	}
	limit := p.revision(p.at).perDay()
	if limit == 0 {
		return n, nil
	}
	used := p.acc.usedOn(p.today(p.at))
	left := max(limit-used, 0)
	switch {
	case n <= left:
		return n, nil
	case partial && left > 0:
		return left, nil
	}
	return 0, fmt.Errorf("%w: need %d, used %d of %d", ErrDayLimit, n, used, limit)
}

// spent counts n points redeemed at an instant, or gives them back to its day if negative. Only the
// latest day is kept: no other has a bound that still matters.
func (p *plan) spent(at time.Time, n int64) {
	if len(p.acc.Uses) == 0 && p.revision(at).perDay() == 0 {
		return
	}
	day := p.today(at)
	i := slices.IndexFunc(p.acc.Uses, func(u Use) bool { return u.Cap == redeemedToday && u.Period.Equal(day) })
	switch {
	case i >= 0:
		n = max(p.acc.Uses[i].Points+n, 0)
	case n < 0 || p.revision(at).perDay() == 0:
		return
	}
	p.acc.Uses = slices.DeleteFunc(p.acc.Uses, func(u Use) bool { return u.Cap == redeemedToday })
	if n > 0 {
		p.acc.Uses = append(p.acc.Uses, Use{Cap: redeemedToday, Period: day, Points: n})
	}
}

// usedOn returns what counts against the bound of a day: what was redeemed in it, and what open holds
// may still redeem, so that a capture always fits.
func (a *Account) usedOn(day time.Time) int64 {
	var n int64
	for _, u := range a.Uses {
		if u.Cap == redeemedToday && u.Period.Equal(day) {
			n += u.Points
		}
	}
	for i := range a.Holds {
		n += min(a.Holds[i].Points, math.MaxInt64-n)
	}
	return n
}

func (b *book) today(at time.Time) time.Time {
	zone := b.policy.Zone()
	return civil.Of(at, zone).Start(zone).UTC()
}

func (p *Policy) perDay() int64 {
	if p.burn == nil {
		return 0
	}
	return p.burn.perDay
}
