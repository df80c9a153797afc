package points

import (
	"fmt"
	"time"
)

// Timing is when points become usable and when they end, as terms that travel with a lot: changing
// the policy later never moves them.
type Timing struct {
	// Zone is the name of the time zone whose days are counted.
	Zone    string  `json:"zone"`
	Pending Pending `json:"pending,omitzero"`
	Expiry  Expiry  `json:"expiry,omitzero"`
}

// lastInstant is the latest that JSON can write.
var (
	lastInstant = time.Date(9999, time.December, 31, 23, 59, 59, 999_999_000, time.UTC)
	errTooLate  = fmt.Errorf("%w: an instant beyond the years 1 to 9999", ErrOverflow)
)

// Confirm returns the instants for points earned at one instant whose event happens at another: from
// when they can be spent, and until when (zero for never). Points that await no event ignore the
// second argument, and none can be spent before they are earned, however early the event was. An
// instant that is needed and missing is [ErrAmount], a result beyond the year 9999 [ErrOverflow]; the
// result is in UTC, and the same arguments always give the same instants.
func (t Timing) Confirm(earned, event time.Time) (activeFrom, expiresAt time.Time, err error) {
	loc, err := zone(t.Zone)
	if err != nil {
		return time.Time{}, time.Time{}, err
	}
	return t.confirm(earned, event, loc)
}

func (t *Timing) confirm(earned, event time.Time, loc *time.Location) (activeFrom, expiresAt time.Time, err error) {
	if earned.IsZero() || t.Pending.Event != "" && event.IsZero() {
		return time.Time{}, time.Time{}, fmt.Errorf("%w: timing: an instant is missing", ErrAmount)
	}
	start := earned
	if t.Pending.Event != "" {
		start = event
	}
	if activeFrom = t.Pending.from(instant(start), loc); activeFrom.Before(earned) {
		activeFrom = instant(earned) // the event came first, and nobody spends what is not earned yet
	}
	if expiresAt, err = t.Expiry.at(Anchors{Earned: earned, Active: activeFrom}, loc); err == nil && (activeFrom.After(lastInstant) || expiresAt.After(lastInstant)) {
		err = errTooLate
	}
	return activeFrom, expiresAt, err
}

// ExpiresAt returns the first instant at which points can no longer be spent, in UTC, zero for never.
// An anchor that the terms need and that is missing is [ErrAmount], an end beyond the year 9999
// [ErrOverflow].
func (t Timing) ExpiresAt(a Anchors) (time.Time, error) {
	loc, err := zone(t.Zone)
	if err != nil {
		return time.Time{}, err
	}
	end, err := t.Expiry.at(a, loc)
	if err == nil && end.After(lastInstant) {
		err = errTooLate
	}
	return end, err
}

// Moves reports whether activity of the account moves the expiry.
func (t Timing) Moves() bool { return t.Expiry.moves() }

// Anchors are the instants an expiry may count from.
type Anchors struct {
	Earned   time.Time // when the points were earned: the award's At
	Active   time.Time // when they become usable
	Activity time.Time // the account's last counting activity; zero, or before Earned, means Earned
}

func (a Anchors) anchor(from Anchor) (time.Time, error) {
	t := a.Active
	switch from {
	case FromEarned:
		t = a.Earned
	case FromActivity:
		if t = a.Earned; a.Activity.After(t) {
			t = a.Activity
		}
	case FromActive:
	}
	if t.IsZero() {
		return t, fmt.Errorf("%w: expiry counts from an instant that is missing", ErrAmount)
	}
	return instant(t), nil
}
