package points

import (
	"time"
)

// Award is what one order, action or gift earns. It is a plain value: nothing is booked until a
// [Ledger] earns it.
type Award struct {
	// Key is the natural key: an award is booked once under it. It carries its kind: "order:7",
	// "birthday:2025", "referral:ann".
	Key string `json:"key"`
	// At is the qualifying instant, which chose the policy's version and the periods of its caps.
	At time.Time `json:"at"`
	// Points is what is granted, and Desired what it would be without caps. Points is the sum of Base,
	// from the rules alone, and Bonus, from modifiers and bonuses.
	Points  int64 `json:"points"`
	Base    int64 `json:"base"`
	Bonus   int64 `json:"bonus"`
	Desired int64 `json:"desired"`
	// CutBy lists the caps that took something away, in the order in which they were applied.
	CutBy []Cut `json:"cut_by,omitempty"`
	// Lots has one grant for each family, colour and timing; none where nothing is earned.
	Lots []Grant `json:"lots,omitempty"`
	// Lines are the points of each line of the order, by its position. They sum to Points.
	Lines []int64 `json:"lines,omitempty"`
	// Uses is what the award takes from the caps that count a period. Whoever keeps the counters
	// adds these, and subtracts what a claw-back returns.
	Uses []Use `json:"uses,omitempty"`
	// Trace says how the number came about, in order.
	Trace []Note `json:"trace,omitempty"`
	// Evidence freezes the terms and facts; see [Evidence].
	Evidence Evidence `json:"evidence"`
}

// Cut says that a cap took points away.
type Cut struct {
	// Reason is one of [RuleCap], [OrderCap] and [PeriodCap].
	Reason Reason `json:"reason"`
	Cap    string `json:"cap"`
	Points int64  `json:"points"`
}

// Grant is one lot to be: points of one family, colour and timing.
type Grant struct {
	Points int64  `json:"points"`
	Family string `json:"family,omitempty"`
	Color  string `json:"color,omitempty"`
	// ActiveFrom is the first instant at which the points can be spent. Zero means that they wait
	// for an event that has not happened: see Awaits.
	ActiveFrom time.Time `json:"active_from,omitzero"`
	// ExpiresAt is the first instant at which they cannot be spent any more. Zero means never, or,
	// while Awaits is set, not known yet.
	ExpiresAt time.Time `json:"expires_at,omitzero"`
	// Awaits is the event that activates the points, empty once it has happened. Call
	// [Timing.Confirm] with its instant then.
	Awaits string `json:"awaits,omitempty"`
	// Timing keeps the terms from which both instants were computed, for the event and for activity
	// that moves an inactivity deadline.
	Timing Timing `json:"timing"`
}

// Use is how much of one period of a cap is taken: granted minus clawed back, in the period of the
// original grant.
type Use struct {
	Cap string `json:"cap"`
	// Period is the first instant of the period; zero for a cap over a lifetime.
	Period time.Time `json:"period,omitzero"`
	Points int64     `json:"points"`
}
