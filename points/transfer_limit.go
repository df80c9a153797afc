package points

import (
	"fmt"
	"slices"
)

// givenToday is the counter of what an account gave to others in a local day. No cap has this id.
const givenToday = "transfer_per_day"

// give counts n points that are given away, within the programme's bound for a day. Only the latest day
// is kept.
func (p *plan) give(n int64) error {
	limit := p.terms(p.at).TransferPerDay
	if limit == 0 {
		return nil
	}
	today := Use{Cap: givenToday, Period: p.today(p.at)}
	p.acc.Uses = slices.DeleteFunc(p.acc.Uses, func(u Use) bool {
		if u.Cap == givenToday && u.Period.Equal(today.Period) {
			today.Points = u.Points
		}
		return u.Cap == givenToday
	})
	if n > limit-today.Points {
		return fmt.Errorf("%w: need %d, used %d of %d", ErrDayLimit, n, today.Points, limit)
	}
	today.Points += n
	p.acc.Uses = append(p.acc.Uses, today)
	return nil
}
