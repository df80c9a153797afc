package rfm

// Standing is what a shop keeps of a customer's state, so that new limits do not make customers flap. The
// zero value is a customer never seen before.
type Standing struct {
	State State `json:"state"`
	// ActiveDays and Last are those of the summary the state was told from. They tell whether the
	// customer has bought since.
	ActiveDays int64 `json:"active_days"`
	Last       Day   `json:"last,omitzero"`
}

// Update returns a customer's standing as of a day, given the standing before. It is the state that
// [Lifecycle.State] tells, with one exception, hysteresis: where neither an order nor the removal of one
// has changed the active days, a customer moves up only as far as the limits allow when each is smaller
// by the share Limits.Hysteresis. Moves down are immediate. From lowest, the order is lost, dormant,
// at_risk, then new, won_back and growing alike, then stable.
//
// With frozen limits no state ever improves without an order, so the exception matters only after the
// limits have changed, and calling Update every time is always right. Update is pure and does not
// allocate; the caller keeps what it returns.
func (l *Lifecycle) Update(before Standing, s Summary, on Day) (Standing, error) {
	f, err := s.facts(on)
	if err != nil {
		return before, err
	}
	now := Standing{State: l.state(f), ActiveDays: f.days}
	if f.days > 0 {
		now.Last = s.Last
	}
	if now.ActiveDays != before.ActiveDays || now.Last != before.Last || now.State.height() <= before.State.height() {
		return now, nil
	}
	h := l.limits.Hysteresis
	within := l.decline(l.pace(f.days, f.span), f.silence, h.Den-h.Num, h.Den)
	switch {
	case within == Prospect: // safely within the first limit
	case within.height() > before.State.height():
		now.State = within
	default:
		now.State = before.State
	}
	return now, nil
}

// height orders the states for hysteresis.
func (s State) height() int {
	switch s {
	case Lost:
		return 0
	case Dormant:
		return 1
	case AtRisk:
		return 2
	case New, WonBack, Growing:
		return 3
	case Stable:
		return 4
	default: // nobody leaves Prospect without an order
		return 5
	}
}
