package rfm

import "math"

// Change is a change of state that time alone will bring.
type Change struct {
	// On is the first day on which the state holds. It begins at On.Start(zone).
	On    Day   `json:"on"`
	State State `json:"state"`
}

// NextChange returns the next change of state after the as-of day if the customer does nothing, so that a
// shop can look again on that day and leave everybody else alone. It is false where time changes nothing
// any more: for prospects, who wait for an order, and for lost customers. A customer whom hysteresis
// holds in a lower state (see [Lifecycle.Update]) may still be in it on that day.
//
// From a state outside decline the change is also one of stage; within decline the stage stays.
func (l *Lifecycle) NextChange(s Summary, on Day) (c Change, ok bool, err error) {
	f, err := s.facts(on)
	if err != nil || f.days == 0 {
		return Change{}, false, err
	}
	c, ok = l.next(f, s.Last)
	return c, ok, nil
}

func (l *Lifecycle) next(f facts, last Day) (Change, bool) {
	p := l.pace(f.days, f.span)
	for _, limit := range [...]int{l.limits.AtRisk, l.limits.Dormant, l.limits.Lost} {
		if p.exceeded(int64(limit), f.silence) {
			continue
		}
		silence := p.days(int64(limit)) + 1
		on := int64(last) + silence
		if on > math.MaxInt32 {
			break
		}
		// Two limits may be crossed on one day where the pace is fast, so the state is asked for.
		return Change{Day(on), l.decline(p, silence, 1, 1)}, true
	}
	return Change{}, false
}
