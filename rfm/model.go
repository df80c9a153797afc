package rfm

import (
	"slices"
	"time"
)

// Model is a fitted scoring: the cuts of one population as of one date. It is immutable and safe to
// share; scoring with it is pure, so a model fitted in January scores a customer of March without
// moving anybody else.
type Model struct {
	scheme    *Scheme
	id        string
	at        time.Time
	asOf      Day
	customers int64
	cuts      Cuts
}

// Cuts are the boundaries of a model, from worst to best. Recency has one list. Frequency and Monetary
// have one list too, or, where the scheme is nested, one for each R score, and one for each pair of R
// and F scores (index ×bins of F + F-1).
type Cuts struct {
	Recency   []Cut   `json:"recency"`
	Frequency [][]Cut `json:"frequency"`
	Monetary  [][]Cut `json:"monetary"`
}

// ID names the model. Unless the caller chose one it is made of the as-of day and a hash of the cuts.
func (m *Model) ID() string { return m.id }

// At returns the as-of instant of the fit.
func (m *Model) At() time.Time { return m.at }

// AsOf returns the civil day of [Model.At] in the scheme's zone.
func (m *Model) AsOf() Day { return m.asOf }

// Customers returns the number of customers the model was fitted to, prospects not among them.
func (m *Model) Customers() int64 { return m.customers }

// Scheme returns what the model was fitted with.
func (m *Model) Scheme() *Scheme { return m.scheme }

// Cuts returns a copy of the boundaries.
func (m *Model) Cuts() Cuts { return m.cuts.clone() }

func (c Cuts) clone() Cuts {
	copied := Cuts{Recency: slices.Clone(c.Recency)}
	for _, list := range c.Frequency {
		copied.Frequency = append(copied.Frequency, slices.Clone(list))
	}
	for _, list := range c.Monetary {
		copied.Monetary = append(copied.Monetary, slices.Clone(list))
	}
	return copied
}
