package rfm

import (
	"time"

	"github.com/shopspring/decimal"
)

// Order is one purchase of one customer, keyed by the caller's own type. Whether an order was paid for,
// and that it appears once, is the caller's business.
type Order[K comparable] struct {
	// Customer is who bought. Where K is an interface its values must be comparable, as keys of a map
	// must: a slice in it panics.
	Customer K
	// At is the instant of the purchase. It is required; nanoseconds are dropped.
	At time.Time
	// Amount is what was paid, in major units, before refunds. Zero is a free order: it counts neither
	// in recency nor in frequency. Below zero it is a credit, a refund that names no order: it lowers
	// net spend at its own instant and changes no count and no date.
	Amount decimal.Decimal
	// Units is the number of pieces. It is read by [MeanPiece] alone; zero where unknown.
	Units int32
	// Refunds is what was given back of this order, each at its own instant.
	Refunds []Refund
}

// Refund is money given back of an order. It counts only where it happened before the as-of instant, so
// a refund that arrives later never changes an earlier result.
type Refund struct {
	// At is the instant of the refund. It is required; nanoseconds are dropped.
	At time.Time
	// Amount is what was given back, in major units, zero or more.
	Amount decimal.Decimal
	// Units is the number of pieces that came back, zero or more; see [Order].Units.
	Units int32
}

// Window is the half-open span [From, At) of orders that count.
type Window struct {
	// From is the first instant that counts; zero means from the beginning.
	From time.Time `json:"from,omitzero"`
	// At is the as-of instant: what happened at it or later does not exist yet. It is required.
	At time.Time `json:"at"`
}

// Before returns the window of everything before an instant.
func Before(at time.Time) Window { return Window{At: at} }
