package points

import (
	"fmt"
	"time"

	"github.com/regulars-go/regulars/internal/civil"
)

// CheckIn rewards daily visits.
type CheckIn struct {
	// Points are for the first, second… day in a row; 0 is a day that earns nothing. A longer row
	// starts the list again if Cycle is set and stays at its last otherwise.
	Points  []int64  `json:"points"`
	Cycle   bool     `json:"cycle,omitempty"`
	Zone    string   `json:"zone,omitempty"` // whose days are counted; the policy's unless set
	Family  string   `json:"family,omitempty"`
	Color   string   `json:"color,omitempty"`
	Pending *Pending `json:"pending,omitempty"`
	Expiry  *Expiry  `json:"expiry,omitempty"`
}

// Streak is a row of daily check-ins. The zero value has none.
type Streak struct {
	Last string `json:"last,omitempty"` // the local day of the last one, as 2006-01-02
	Days int    `json:"days,omitempty"` // how many in a row
}

// longestStreak is more days than the calendar has.
const longestStreak = 9999 * 366

type checkIn struct {
	loc   *time.Location
	cycle bool
	days  []*bonusTerm
}

func (c *compiler) checkIn(cfg *Config) {
	in := cfg.CheckIn
	if in == nil {
		return
	}
	if len(in.Points) == 0 || len(in.Points) > 366 {
		c.bad("check_in.points", "needs the points of 1 to 366 days, has %d", len(in.Points))
	}
	k := &checkIn{loc: c.p.loc, cycle: in.Cycle}
	if in.Zone != "" {
		k.loc = c.zone("check_in.zone", in.Zone)
	}
	lot := c.lot("check_in.", in.Family, in.Color, in.Pending, in.Expiry, cfg)
	for i, n := range in.Points {
		c.atLeastZero(item("check_in.points", i), n)
		k.days = append(k.days, &bonusTerm{ID: checkInID, Points: n, lotTerm: lot})
	}
	c.p.gifts.checkIn = k
}

// CheckIn adds one visit to a streak and returns the streak and what the visit earns; the key is
// "check_in:" and the local day. A second visit on a day leaves the streak as it was and earns
// nothing: the error is [ErrAlreadyGranted]. One before the streak's last day is [ErrOutOfOrder], a
// streak that cannot be [ErrAmount], and a policy without check-in [ErrUnknown]. The visit of a day that
// earns nothing counts towards the streak; its award is zero and the trace says [NoGift].
func (p *Policy) CheckIn(s Streak, at time.Time, used ...Use) (Streak, Award, error) {
	at = instant(at)
	p, err := p.in(at)
	if err != nil {
		return s, Award{}, err
	}
	in := p.gifts.checkIn
	if in == nil {
		return s, Award{}, fmt.Errorf("%w: the policy has no check-in", ErrUnknown)
	}
	today := civil.Of(at, in.loc)
	next := Streak{Last: today.String(), Days: 1}
	if s.Last != "" {
		last, err := civil.Parse(s.Last)
		switch {
		case err != nil || s.Days < 1 || s.Days > longestStreak:
			return s, Award{}, fmt.Errorf("%w: streak of %d days to %.20q is none", ErrAmount, s.Days, s.Last)
		case today == last:
			return s, Award{}, &AlreadyGrantedError{Key: "check_in:" + next.Last}
		case today < last:
			return s, Award{}, fmt.Errorf("%w: check-in on %v after one on %v", ErrOutOfOrder, today, last)
		case (last + 1).Start(in.loc).Equal(today.Start(in.loc)): // a day that the zone skipped is no gap
			next.Days = s.Days + 1
		}
	}
	n := min(next.Days, len(in.days)) - 1
	if in.cycle {
		n = (next.Days - 1) % len(in.days)
	}
	a, err := p.give(in.days[n], "check_in:"+next.Last, at, used)
	if err != nil {
		return s, Award{}, err
	}
	if in.days[n].Points == 0 {
		a.Trace = []Note{{Reason: NoGift, Of: checkInID}}
	}
	return next, a, nil
}
