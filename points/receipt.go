package points

import (
	"log/slog"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// The reasons of receipts, beside [NetOfEarlierRefund] and [ZeroBasis].
const (
	// AwaitsOrder is a refund that came before its order: the order will earn net of it.
	AwaitsOrder Reason = "awaits_order"
)

// Receipt says what an operation did and why. The caller publishes it after its own commit.
type Receipt struct {
	Account string `json:"account"`
	Key     string `json:"key"`
	Kind    Kind   `json:"kind"`
	// At is the instant of the operation.
	At time.Time `json:"at"`
	// Version is the account's version after the operation.
	Version int64 `json:"version"`
	// Points is what the operation was about: earned, redeemed, held, captured, taken back, moved.
	Points int64 `json:"points"`
	// Reinstated are points that a refund or a cancellation gave back.
	Reinstated int64 `json:"reinstated,omitempty"`
	// Owed is the part of a claw-back that became debt, and Lapsed the part that was not taken because
	// the order's own points had expired unspent.
	Owed   int64 `json:"owed,omitempty"`
	Lapsed int64 `json:"lapsed,omitempty"`
	// Shortfall is the part of a claw-back that the account could not give and that did not become
	// debt. It is negative where an order deserves points again that an earlier one fell short of: the
	// account still has them, so they are not given twice.
	Shortfall int64 `json:"shortfall,omitempty"`
	// ShortfallMoney is the shortfall at the burn rate in force, rounded down; a shop may net it from the
	// refund. It is zero where the policy redeems nothing, or where no amount is large enough.
	ShortfallMoney decimal.Decimal `json:"shortfall_money,omitzero"`
	// Money is the money that belongs to the points: the discount of a redemption, a hold or a capture, the
	// cash part of a refund. Where fewer points were granted or captured than the discount was for, it is
	// their share of it, rounded down to the minor unit.
	Money decimal.Decimal `json:"money,omitzero"`
	// Lines is the discount split over the order's lines by largest remainder, if the request had lines.
	Lines []decimal.Decimal `json:"lines,omitempty"`
	// Balance is the account after the operation.
	Balance Balance `json:"balance"`
	// Reasons are stable words that explain the result, such as [NetOfEarlierRefund].
	Reasons []Reason `json:"reasons,omitempty"`
	// Entries are the movements of this operation. They are recorded once, in the [Change].
	Entries []Entry `json:"-"`
	// Replayed is set if the key was used before and this is the first receipt again.
	Replayed bool `json:"-"`
}

func (r Receipt) clone() Receipt {
	r.Lines, r.Reasons = slices.Clone(r.Lines), slices.Clone(r.Reasons)
	r.Entries = cloneEntries(r.Entries)
	return r
}

// LogValue leaves the account out, so that a receipt can be logged without naming a person.
func (r Receipt) LogValue() slog.Value {
	attrs := []slog.Attr{
		slog.String("kind", string(r.Kind)),
		slog.String("key", r.Key),
		slog.Time("at", r.At),
		slog.Int64("points", r.Points),
		slog.Int64("available", r.Balance.Available),
		slog.Bool("replayed", r.Replayed),
	}
	if r.Shortfall > 0 {
		attrs = append(attrs, slog.Int64("shortfall", r.Shortfall))
	}
	return slog.GroupValue(attrs...)
}
