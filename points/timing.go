package points

import (
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

// Confirm returns the instants for points earned at one instant whose event happens at another: from
// when they can be spent, and until when (zero for never). Points that await no event ignore the
// second argument. It is pure: the same arguments always give the same instants.
func (t Timing) Confirm(earned, event time.Time) (activeFrom, expiresAt time.Time, err error) {
	return time.Time{}, time.Time{}, errTODO
}

// ExpiresAt returns the first instant at which points can no longer be spent, zero for never. An
// anchor that the terms need and that is zero is an error.
func (t Timing) ExpiresAt(a Anchors) (time.Time, error) { return time.Time{}, errTODO }

// Moves reports whether activity of the account moves the expiry.
func (t Timing) Moves() bool { return t.Expiry.moves() }

// Anchors are the instants an expiry may count from.
type Anchors struct {
	Earned   time.Time // when the points were earned: the award's At
	Active   time.Time // when they became usable
	Activity time.Time // the account's last counting activity; zero means Earned
}
