package rfm

import "github.com/shopspring/decimal"

// Summary is all that scoring and lifecycle need to know of one customer: a plain value that a GROUP BY
// in SQL can make as well as [Summarize]. The zero Summary is a customer without orders.
//
// An order qualifies when more than zero was left of it after the refunds that count. Orders, days and
// the gap speak of qualifying orders; money speaks of all orders and refunds in the window.
type Summary struct {
	// Orders is the number of qualifying orders. A customer with none is a prospect.
	Orders int64 `json:"orders"`
	// ActiveDays is the number of distinct civil days with a qualifying order; zero, for a customer who
	// has orders, means that nobody counted them.
	ActiveDays int64 `json:"active_days"`
	// First and Last are the days of the first and the last qualifying order; they mean nothing for a
	// prospect.
	First Day `json:"first,omitzero"`
	Last  Day `json:"last,omitzero"`
	// LastGap is the number of days between the last two active days; zero with fewer than two, or where
	// it is not known.
	LastGap int32 `json:"last_gap,omitzero"`
	// Net is what the customer spent, in major units: Gross less Refunds. It may be below zero.
	Net decimal.Decimal `json:"net"`
	// Gross is the sum of all orders before refunds, Refunds the sum of all refunds and credits.
	Gross   decimal.Decimal `json:"gross"`
	Refunds decimal.Decimal `json:"refunds"`
	// Units is the number of pieces kept, for [MeanPiece]; zero where unknown.
	Units int64 `json:"units,omitzero"`
	// Days is the list of active days, oldest first, where it was kept (see [Config].KeepDays). It is
	// what lets summaries merge whose orders lie between one another.
	Days []Day `json:"days,omitempty"`
}

// Prospect reports whether the customer has no qualifying order, so that there is nothing to score.
func (s Summary) Prospect() bool { return s.Orders == 0 }
