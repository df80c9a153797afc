package points

import (
	"errors"
	"time"

	"github.com/shopspring/decimal"
)

var errTODO = errors.New("not yet")

// Evidence freezes everything an award was computed from: policy and version, the order's facts, the
// terms that applied, exchange rate and what its caps had left. With it alone, whatever became of
// the policy since, a refund or an edit months later is computed under the terms of the day. It is
// immutable and safe to share, and it survives JSON unchanged.
type Evidence struct{ f *frozen }

type frozen struct{}

// Policy returns the id and version of the policy.
func (e Evidence) Policy() (id string, version int) { return "", 0 }

// At returns the qualifying instant.
func (e Evidence) At() time.Time { return time.Time{} }

// IsZero reports whether there is no evidence, as for a manual adjustment.
func (e Evidence) IsZero() bool { return e.f == nil }

// After returns the award of what is left of the order after all the returns so far, under the
// frozen terms. What a refund claws back is what the order still keeps minus the Points of this
// award, so any number of partial refunds in any order ends in the same state. Its Uses are the
// counters as they should now stand, its Evidence is e itself.
func (e Evidence) After(returns ...Return) (Award, error) { return Award{}, errTODO }

// Revise returns the award of an edited order under the frozen terms: new lines are matched by the
// rules of the day, conditions on the order as a whole (channel, windows, birthday, groups) stay as
// they were. Its Evidence replaces e.
func (e Evidence) Revise(o Order) (Award, error) { return Award{}, errTODO }

func (e *Evidence) clone() *Evidence {
	if e == nil {
		return nil
	}
	return &Evidence{e.f} // what it points to is never altered
}

// Return is one refund as the shop reports it. Amounts are prices after discounts, whatever paid
// them: of a line of 50.00 paid half with points, all of it returned is 50.00.
type Return struct {
	// Lines are refunded by name, Shipping as such.
	Lines    []LineReturn    `json:"lines,omitempty"`
	Shipping decimal.Decimal `json:"shipping,omitzero"`
	// Amount names no line: it is spread over what is left of the lines, in proportion, and what
	// exceeds them is shipping.
	Amount decimal.Decimal `json:"amount,omitzero"`
	// Everything returns whatever is left.
	Everything bool `json:"everything,omitempty"`
}

// LineReturn names a line and how much of it is returned: units, an amount, or, with neither, all
// that is left of it.
type LineReturn struct {
	ID       string          `json:"id"`
	Quantity int64           `json:"quantity,omitempty"`
	Amount   decimal.Decimal `json:"amount,omitzero"`
}

// Returned is what the buyer gets back for returns, each part in the proportion in which it was
// paid, line by line. Points never become money.
type Returned struct {
	Points      int64             `json:"points"`       // points to reinstate
	PointsMoney decimal.Decimal   `json:"points_money"` // what those points had paid
	GiftCard    decimal.Decimal   `json:"gift_card"`
	Cash        decimal.Decimal   `json:"cash"`
	Lines       []decimal.Decimal `json:"lines"` // the value returned of each line
	Shipping    decimal.Decimal   `json:"shipping"`
	// Full says that nothing of the order is left.
	Full bool `json:"full"`
}

// Returned adds up all the returns so far. The difference between two calls is what one refund pays
// back. Returns of more than the order are [ErrRefundExceedsOrder].
func (e Evidence) Returned(returns ...Return) (Returned, error) { return Returned{}, errTODO }
