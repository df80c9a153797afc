package points

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/regulars-go/regulars/internal/civil"
	"github.com/regulars-go/regulars/internal/fixed"
)

// reason returns the word for what a cap cuts.
func (c *capTerm) reason() Reason {
	switch {
	case c.Per != EachOrder:
		return PeriodCap
	case c.Of != "":
		return RuleCap
	}
	return OrderCap
}

// covered returns what the sources that a cap bounds give.
func (t *tally) covered(c *capTerm) (sum int64, err error) {
	for i := range t.sources {
		s := &t.sources[i]
		if c.Of != "" && c.Of != s.id {
			continue
		}
		if sum, err = fixed.Add(sum, s.base); err == nil {
			sum, err = fixed.Add(sum, s.extra)
		}
		if err != nil {
			return 0, fmt.Errorf("%w: points of the order", ErrOverflow)
		}
	}
	return sum, nil
}

// cap applies the frozen caps in their order. Each takes from bonuses and multipliers first, the last
// source first, and then from base points.
func (t *tally) cap() (cuts []Cut, err error) {
	for i := range t.f.Caps {
		c := &t.f.Caps[i]
		sum, err := t.covered(c)
		if err != nil {
			return nil, err
		}
		over := sum - c.Points
		if over <= 0 {
			continue
		}
		cuts = append(cuts, Cut{Reason: c.reason(), Cap: c.ID, Points: over})
		over = t.cut(c, over, true)
		t.cut(c, over, false)
	}
	return cuts, nil
}

// cut takes points from the bonuses or the base of what a cap bounds, the last source first, and
// returns what is still to be taken.
func (t *tally) cut(c *capTerm, over int64, bonus bool) int64 {
	for n := len(t.sources) - 1; n >= 0 && over > 0; n-- {
		s := &t.sources[n]
		if c.Of != "" && c.Of != s.id {
			continue
		}
		part := &s.base
		if bonus {
			part = &s.extra
		}
		take := min(over, *part)
		*part -= take
		over -= take
	}
	return over
}

// uses says what the award takes from the caps that count a period.
func (t *tally) uses() (uses []Use, err error) {
	for i := range t.f.Caps {
		c := &t.f.Caps[i]
		if c.Per == EachOrder {
			continue
		}
		sum, err := t.covered(c)
		if err != nil {
			return nil, err
		}
		if sum > 0 {
			uses = append(uses, Use{Cap: c.ID, Period: c.Start, Points: sum})
		}
	}
	return uses, nil
}

// freezeCaps notes what each cap has left: all of it, less what its period has used.
func (p *Policy) freezeCaps(at time.Time, used []Use) []capTerm {
	if len(p.caps) == 0 {
		return nil
	}
	caps := make([]capTerm, len(p.caps))
	for i, c := range p.caps {
		c.Start = c.Per.start(at, p.loc)
		if c.Per != EachOrder {
			for _, u := range used {
				if u.Cap == c.ID && u.Period.Equal(c.Start) {
					c.Points -= min(c.Points, max(0, u.Points))
				}
			}
		}
		caps[i] = c
	}
	return caps
}

// start returns the first instant of the period that holds an instant; zero for an order and for ever.
func (p Period) start(at time.Time, loc *time.Location) time.Time {
	d, ok := p.first(at, loc)
	if !ok {
		return time.Time{}
	}
	return d.Start(loc).UTC()
}

func (p Period) first(at time.Time, loc *time.Location) (civil.Day, bool) {
	if p == EachOrder || p == Ever || p == "" {
		return 0, false
	}
	d := civil.Of(at, loc)
	y, m, _ := d.Date()
	switch p {
	case EachWeek:
		d = d.WeekStart()
	case EachMonth:
		d = d.MonthStart()
	case EachQuarter:
		d = civil.Date(y, (m-1)/3*3+1, 1)
	case EachYear:
		d = d.YearStart()
	default:
	}
	return d, true
}

// recap returns an award as the account may still have it: what the periods of its caps have granted
// since it was worked out is cut, as if the policy had known.
func (p *plan) recap(a Award) (Award, error) {
	if a.At.IsZero() {
		a.At = p.asked
	}
	if len(a.Uses) == 0 {
		return a, nil
	}
	cut, err := p.within(a.Evidence, nil).f.award(nil, false)
	if err != nil || cut.Points >= a.Points {
		return a, err
	}
	p.receipt.Reasons = append(p.receipt.Reasons, PeriodCap)
	return cut, nil
}

// within bounds evidence by what the periods of its caps have left today, beside what the award itself uses.
func (p *plan) within(ev Evidence, own []Use) Evidence {
	f := *ev.f
	f.Caps = slices.Clone(f.Caps)
	now := p.revision(f.At).freezeCaps(f.At, p.acc.Uses)
	for i := range f.Caps {
		c := &f.Caps[i]
		for _, n := range now {
			if n.ID != c.ID || n.Per == EachOrder || !n.Start.Equal(c.Start) {
				continue
			}
			left, known := n.Points, false
			for _, u := range own {
				if u.Cap == c.ID && u.Period.Equal(c.Start) {
					left += min(u.Points, math.MaxInt64-left)
					known = true
				}
			}
			for _, u := range p.acc.Uses {
				known = known || u.Cap == c.ID && u.Period.Equal(c.Start)
			}
			if !known { // any more: the period is long over
				left = min(left, c.Points)
			}
			c.Points = left
		}
	}
	return Evidence{&f}
}
