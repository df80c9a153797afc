package rfm

import (
	"errors"
	"fmt"
	"iter"
)

// Population returns the exact histograms of all customers who can be scored.
func (c *Customers[K]) Population() (*Population, error) {
	p := c.scheme.NewPopulation()
	p.money.num = make([]int64, 0, c.report.Customers-c.report.Prospects)
	asOf, plain := int32(c.asOf), c.scheme.plain()
	for r := range c.records() {
		if !c.scheme.scores(&r.cell) {
			continue
		}
		if plain {
			p.days.one(int64(asOf) - int64(r.last))
			p.count.one(int64(r.orders))
			p.money.num = append(p.money.num, r.net())
			continue
		}
		m, err := c.scheme.measure(&r.cell, asOf)
		if err == nil {
			err = p.add(m, 1)
		}
		if err != nil {
			return nil, of(r.key, err)
		}
	}
	if plain {
		p.money.n = int64(len(p.money.num))
	}
	return p, nil
}

// plain reports whether the values are the days, the orders and the net, which nothing can be wrong with.
func (s *Scheme) plain() bool {
	return s.config.Monetary == NetSpend && s.config.Frequency == CountOrders && !s.config.Nested
}

// Fit returns the model of these customers as of the window's end.
func (c *Customers[K]) Fit() (*Model, error) {
	p, err := c.Population()
	if err != nil {
		return nil, err
	}
	return c.scheme.Fit(c.window.At, p)
}

// Scores returns the score of every customer as of the window's end, the zero Score for those who have
// none, see [Report]. The model may be another day's, if its scheme measures alike.
func (c *Customers[K]) Scores(m *Model) (iter.Seq2[K, Score], error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	if err := c.scheme.alike(m.scheme); err != nil {
		return nil, err
	}
	asOf, plain := int32(c.asOf), c.scheme.plain()
	if !plain {
		for r := range c.records() { // what may fail fails before the first score
			if c.scheme.scores(&r.cell) {
				if _, err := c.scheme.measure(&r.cell, asOf); err != nil {
					return nil, of(r.key, err)
				}
			}
		}
	}
	return func(yield func(K, Score) bool) {
		for r := range c.records() {
			var s Score
			switch {
			case !c.scheme.scores(&r.cell):
			case plain:
				s = m.score(measured{int64(asOf) - int64(r.last), int64(r.orders), ratio{r.net(), 1}})
			default:
				v, _ := c.scheme.measure(&r.cell, asOf)
				s = m.score(v)
			}
			if !yield(r.key, s) {
				return
			}
		}
	}, nil
}

// of says whose error it is.
func of[K comparable](customer K, err error) error {
	return fmt.Errorf("rfm: customer %v: %w", customer, err)
}

// Record is one customer's summary on its way in.
type Record[K comparable] struct {
	Customer K
	Summary  Summary
}

// Gather makes Customers of summaries that were made elsewhere, by a GROUP BY in SQL for example, over the
// given window. Several summaries of one customer are merged, see [Scheme.Merge].
func Gather[K comparable](s *Scheme, w Window, records iter.Seq2[Record[K], error]) (*Customers[K], error) {
	if records == nil {
		return nil, errors.New("rfm: records: no sequence")
	}
	c, _, err := newCustomers[K](s, w, nil)
	if err != nil {
		return nil, err
	}
	n, b := 0, new(batch[K])
	for r, err := range records {
		var in cell
		if err == nil {
			in, err = s.cell(r.Summary)
		}
		if err == nil && in.orders > 0 && in.last > int32(c.asOf) {
			err = errAhead
		}
		if err == nil {
			err = c.merge(b, r.Customer, in, dayNumbers(r.Summary.Days))
		}
		if err != nil {
			return nil, fmt.Errorf("rfm: records[%d]: %w", n, err)
		}
		n++
	}
	c.count()
	return c, nil
}

// merge adds a cell, and the list of its days where there is one, to that of a customer.
func (c *Customers[K]) merge(b *batch[K], customer K, in cell, days []int32) error {
	if c.hashes.place != nil && len(c.tables) == 1 && c.tables[0].size >= spreadFrom {
		if err := c.spread(); err != nil {
			return err
		}
	}
	part, probe := c.locate(b, customer)
	t := &c.tables[part]
	if err := t.reserve(&c.hashes, 1); err != nil {
		return err
	}
	id := t.find(customer, probe)
	own, err := t.at(id).merge(in, t.days.of(id), days)
	if err == nil && (len(own) > 0 || t.days.of(id) != nil) {
		t.days.keep(id, own)
	}
	return err
}

// Merge adds the customers of another shard or another stretch of time. Customers of both are merged as
// [Scheme.Merge] does; where that is refused, nothing is changed. The windows must end at the same
// instant, and no order may be in both.
func (c *Customers[K]) Merge(o *Customers[K]) error {
	if err := c.scheme.alike(o.scheme); err != nil {
		return err
	}
	if !c.window.At.Equal(o.window.At) {
		return fmt.Errorf("rfm: window: at: %v and %v do not go together", c.window.At, o.window.At)
	}
	c.settle()
	o.settle()
	b := new(batch[K])
	for k, in := range o.inside() { // first a trial of everything that could be refused
		part, probe := c.locate(b, k)
		t := &c.tables[part]
		if id, ok := t.lookup(k, probe); ok {
			trial := t.at(id).cell
			if _, err := trial.merge(in.cell, t.days.of(id), in.days); err != nil {
				return of(k, err)
			}
		}
	}
	for k, in := range o.inside() {
		if err := c.merge(b, k, in.cell, in.days); err != nil {
			return err
		}
	}
	if o.window.From.Before(c.window.From) {
		c.window.From = o.window.From
	}
	c.report.plus(o.report)
	c.count()
	return nil
}

// inside yields every customer with the list of days, where it was kept.
func (c *Customers[K]) inside() iter.Seq2[K, cellDays] {
	return func(yield func(K, cellDays) bool) {
		for i := range c.tables {
			t := &c.tables[i]
			for id, r := range t.all() {
				if !yield(r.key, cellDays{r.cell, t.days.of(id)}) {
					return
				}
			}
		}
	}
}

type cellDays struct {
	cell
	days []int32
}
