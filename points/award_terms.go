package points

import (
	"slices"
	"time"
)

// The terms are the part of a policy that is frozen with an order: what is left of a rule once the
// conditions on the order as a whole are known to hold. They are shared between the policy and all
// its evidence and never altered.

type ruleTerm struct {
	ID     string   `json:"id"`
	Kind   termKind `json:"kind"`
	Points int64    `json:"points"`
	Per    num      `json:"per,omitzero"`
	Scope  *lineSet `json:"lines,omitempty"`
	Spend  num      `json:"spend,omitzero"`
	lotTerm
}

type modifierTerm struct {
	ID       string   `json:"id"`
	Factor   num      `json:"factor"`
	Stack    int      `json:"stack,omitempty"` // position in frozen.Stacks
	Families []string `json:"families,omitempty"`
	Scope    *lineSet `json:"lines,omitempty"`
	Spend    num      `json:"spend,omitzero"`
}

type bonusTerm struct {
	ID         string   `json:"id"`
	Points     int64    `json:"points"`
	MultiplyMe bool     `json:"multiply_me,omitempty"`
	Keep       bool     `json:"keep,omitempty"`
	Scope      *lineSet `json:"lines,omitempty"`
	Spend      num      `json:"spend,omitzero"`
	lotTerm
}

// lotTerm says which lot points go into. Timing is the position in frozen.Timings.
type lotTerm struct {
	Family string `json:"family,omitempty"`
	Color  string `json:"color,omitempty"`
	Timing int    `json:"timing,omitempty"`
}

// capTerm is a cap with what it had left when the award was made.
type capTerm struct {
	ID     string    `json:"id"`
	Of     string    `json:"of,omitempty"`
	Per    Period    `json:"per"`
	Start  time.Time `json:"start,omitzero"`
	Points int64     `json:"points"`
}

type termKind string

const (
	linear   termKind = "linear"
	step     termKind = "step" // over the order
	lineStep termKind = "line_step"
	unit     termKind = "unit"
)

// lineSet holds the conditions on lines; nil holds for every line.
type lineSet struct {
	Tags    []string `json:"tags,omitempty"`
	Without []string `json:"without,omitempty"`
	SKUs    []string `json:"skus,omitempty"`
}

func (s *lineSet) holds(x *fact) bool {
	return s == nil ||
		(len(s.Tags) == 0 || overlap(s.Tags, x.Tags)) && !overlap(s.Without, x.Tags) &&
			(len(s.SKUs) == 0 || slices.Contains(s.SKUs, x.SKU))
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// programme is the part of the evidence that all orders under one revision of a policy share.
type programme struct {
	Version  int      `json:"version"`
	Policy   string   `json:"policy"`
	Revision int      `json:"revision"`
	Rounding Rounding `json:"rounding"`
	RoundAt  RoundAt  `json:"round_at"`
	Basis    *Basis   `json:"basis,omitempty"`
	Timings  []Timing `json:"timings"`
	Stacks   []Stack  `json:"stacks,omitempty"`
}

// frozen is what evidence holds: the facts of one order and the terms that applied to it.
type frozen struct {
	*programme
	Key   string    `json:"key"`
	At    time.Time `json:"at"`
	Gift  bool      `json:"gift,omitempty"` // there is no order
	Order string    `json:"order,omitempty"`

	Currency string `json:"currency"` // of the order
	Decimals int    `json:"decimals,omitempty"`
	Rate     num    `json:"rate"`
	Times    num    `json:"times,omitzero"`

	Events   events `json:"events,omitzero"`
	Lines    []fact `json:"lines,omitempty"`
	Shipping paid   `json:"shipping,omitzero"`

	Rules     []*ruleTerm     `json:"rules,omitempty"`
	Modifiers []*modifierTerm `json:"modifiers,omitempty"`
	Bonuses   []*bonusTerm    `json:"bonuses,omitempty"`
	Caps      []capTerm       `json:"caps,omitempty"`
}

// events are the instants of an order that points may wait for.
type events struct {
	Placed    time.Time `json:"placed,omitzero"`
	Paid      time.Time `json:"paid,omitzero"`
	Received  time.Time `json:"received,omitzero"`
	Completed time.Time `json:"completed,omitzero"`
}

func (e *events) of(m Moment) time.Time {
	if t := e.at(m); t != nil {
		return *t
	}
	return time.Time{}
}

// at is the place of an instant, or nil for a word that is none.
func (e *events) at(m Moment) *time.Time {
	switch m {
	case AtPlaced:
		return &e.Placed
	case AtPaid:
		return &e.Paid
	case AtReceived:
		return &e.Received
	case AtCompleted:
		return &e.Completed
	}
	return nil
}
