// Package orders runs the contest from orders to scores: the library's common path over a slice of
// orders, the floors a programmer could write by hand for these data alone, and, where one is given, a
// database that has already read them.
package orders

import (
	"fmt"

	"github.com/regulars-go/regulars/examples/bench/data"
	"github.com/regulars-go/regulars/rfm"
)

// Library scores orders as the documentation of rfm does, with the default five tie-fair bins.
type Library[K comparable] struct {
	Workers int

	scheme    *rfm.Scheme
	customers *rfm.Customers[K]
	scores    []scored[K]
}

type scored[K comparable] struct {
	customer K
	score    rfm.Score
}

// NewLibrary compiles the scheme.
func NewLibrary[K comparable](workers int) (*Library[K], error) {
	s, err := rfm.Compile(rfm.Config{Zone: data.ZoneName, Scale: 2})
	return &Library[K]{Workers: workers, scheme: s}, err
}

// Prepare forgets the last answer.
func (l *Library[K]) Prepare() { l.customers, l.scores = nil, nil }

// Run goes from orders to the score of every customer.
func (l *Library[K]) Run(orders []rfm.Order[K]) error {
	var err error
	if l.customers, err = rfm.SummarizeSlice(l.scheme, rfm.Before(data.AsOf), orders, rfm.Workers(l.Workers)); err != nil {
		return err
	}
	model, err := l.customers.Fit()
	if err != nil {
		return err
	}
	all, err := l.customers.Scores(model)
	if err != nil {
		return err
	}
	l.scores = make([]scored[K], 0, l.customers.Len())
	for customer, score := range all {
		l.scores = append(l.scores, scored[K]{customer, score})
	}
	return nil
}

// Sum returns what contestants are compared by.
func (l *Library[K]) Sum(number func(K) int64) (sum data.Sum, err error) {
	i := 0
	for customer, s := range l.customers.All() {
		if i >= len(l.scores) || l.scores[i].customer != customer {
			return sum, fmt.Errorf("customer %v has a summary, but not the score at its place", customer)
		}
		score := l.scores[i].score
		days := int(l.customers.AsOf() - s.Last)
		sum.Add(number(customer), days, s.Orders, s.Net.CoefficientInt64(), int(score.R), int(score.F), int(score.M))
		i++
	}
	return sum, nil
}
