package points

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/shopspring/decimal"
)

// Evidence freezes everything an award was computed from: policy and revision, the order's facts, the
// terms that applied, the exchange rate and what its caps had left. With it alone, whatever became of
// the policy since, a refund or an edit months later is computed under the terms of the day. It is
// immutable, safe to share, and survives JSON unchanged. The zero value is no evidence, as of a manual
// adjustment.
type Evidence struct{ f *frozen }

// Policy returns the id and revision of the policy.
func (e Evidence) Policy() (id string, revision int) {
	if e.f == nil {
		return "", 0
	}
	return e.f.Policy, e.f.Revision
}

// Key returns the natural key of the award.
func (e Evidence) Key() string {
	if e.f == nil {
		return ""
	}
	return e.f.Key
}

// At returns the qualifying instant.
func (e Evidence) At() time.Time {
	if e.f == nil {
		return time.Time{}
	}
	return e.f.At
}

// IsZero reports whether there is no evidence.
func (e Evidence) IsZero() bool { return e.f == nil }

var errNoEvidence = fmt.Errorf("%w: there is no evidence of an award", ErrUnknown)

// After returns the award of what is left of the order after all the returns so far, in the order in
// which they came, under the frozen terms. What a refund claws back is what the order still keeps
// minus the Points of this award. The points never grow with a return, they stay at the least so far.
// So however the same goods or the same sum are refunded, the end is the same under terms where a
// smaller order never earns more; where one does, as under a factor below 1 from some amount on, a
// refund in parts may pass through a lesser award than the same refund at once. Its Uses are the
// counters as they should now stand, its Evidence is e itself. Returns of more than the order are
// [ErrRefundExceedsOrder].
func (e Evidence) After(returns ...Return) (Award, error) {
	return e.after(nil, returns...)
}

// after is After where the known returns were accepted before and count as far as the order goes. An
// order that would be worth more for being smaller, as under a rule for small orders only, stays at
// the least that it was worth on the way.
func (e Evidence) after(known []Return, more ...Return) (Award, error) {
	if e.f == nil {
		return Award{}, errNoEvidence
	}
	least, err := e.f.award(nil, false)
	if err != nil {
		return Award{}, err
	}
	_, err = e.f.returned(known, more, func(l *loss) error {
		_, gone := l.rest()
		a, err := e.f.award(l.gone, gone)
		if err == nil && a.Points <= least.Points {
			least = a
		}
		return err
	})
	if err != nil {
		return Award{}, err
	}
	return least, nil
}

// Revise returns the award of an edited order under the frozen terms. Its lines are matched by the
// rules of the day; what those found true of the order as a whole (instants, channel, birthday,
// groups, Times, exchange rate) stays as it was, and so does what the caps had left. Its Evidence
// replaces e; the returns so far then apply to it.
func (e Evidence) Revise(o Order) (Award, error) {
	if e.f == nil {
		return Award{}, errNoEvidence
	}
	if e.f.Gift || o.ID != e.f.Order {
		return Award{}, fmt.Errorf("%w: order %q is not the one that %q is evidence of", ErrUnknown, o.ID, e.f.Key)
	}
	f := *e.f
	if o.Currency != "" && o.Currency != f.Currency {
		return Award{}, fmt.Errorf("%w: an edit cannot change the currency from %s to %.20q", ErrAmount, f.Currency, o.Currency)
	}
	o.Currency, o.Decimals, o.Rate = "", 0, decimal.Decimal{} // they stay as they were
	notes, err := f.facts(&o)
	if err != nil {
		return Award{}, err
	}
	a, err := f.award(nil, false)
	if err != nil {
		return Award{}, err
	}
	a.Trace = append(notes, a.Trace...)
	return a, nil
}

// revised is what hangs on an order after an edit of it; what does not depend on the order stays as it is.
func (e Evidence) revised(o *Order) Evidence {
	if a, err := e.Revise(*o); err == nil {
		return a.Evidence
	}
	return e
}

// MarshalJSON writes the evidence, or null.
func (e Evidence) MarshalJSON() ([]byte, error) { return json.Marshal(e.f) }

// UnmarshalJSON reads what MarshalJSON wrote and refuses evidence that no policy can have made.
func (e *Evidence) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		e.f = nil
		return nil
	}
	f := &frozen{programme: new(programme)}
	if err := json.Unmarshal(data, f); err != nil {
		return fmt.Errorf("points: evidence: %w", err)
	}
	if err := f.check(); err != nil {
		return fmt.Errorf("%w: evidence: %w", ErrCorrupt, err)
	}
	e.f = f
	return nil
}
