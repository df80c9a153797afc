package rfm

import (
	"errors"
	"fmt"
	"iter"
)

// Option is how [Summarize] and [SummarizeSlice] go about their work; none of them changes a result.
type Option func(*options)

type options struct {
	care    care
	workers int
}

// Ordered promises that each customer's orders come oldest first, as ORDER BY the time gives them.
// Nothing is then kept for an order, only for a customer. An order that breaks the promise where it
// matters is refused with [ErrDays]. A scheme that keeps the days needs no promise and makes no use of it.
func Ordered() Option { return func(o *options) { o.care = promised } }

// Workers lets [SummarizeSlice] use up to n goroutines, 1 to 64, for integer and string keys. They share
// the orders to read, and then the customers to count.
func Workers(n int) Option { return func(o *options) { o.workers = n } }

const (
	maxWorkers = 64
	parts      = 256
	// Up to this many orders are counted in one part, so that customers come out as they came in;
	// beyond it they are spread over all parts by hash.
	spreadFrom = 1 << 15
	batchSize  = 128
	stageSize  = 128 // ticks that wait for their part, so that it is visited while it is in the cache
)

// Summarize counts orders as far as a window sees them, and returns a [Summary] for each customer who has
// anything in it. Orders may come in any order; those with the same instant count alike. An error of the
// sequence, or an order that cannot be counted, ends it with an error that names the order's position,
// from 0, or the customer where it is their orders together that cannot. Nothing of an order is kept when
// the loop goes on, so the sequence may use it again.
func Summarize[K comparable](s *Scheme, w Window, orders iter.Seq2[Order[K], error], opts ...Option) (*Customers[K], error) {
	if orders == nil {
		return nil, errors.New("rfm: orders: no sequence")
	}
	c, o, err := newCustomers[K](s, w, opts)
	if err == nil {
		err = c.stream(orders, o.care)
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

// SummarizeSlice is [Summarize] for orders in memory, where it is faster and can use several goroutines. Of
// orders in no order it keeps four to eight bytes each until a [Summary] is first asked for, and only then
// counts their days, in one goroutine; the usual scores never ask.
func SummarizeSlice[K comparable](s *Scheme, w Window, orders []Order[K], opts ...Option) (*Customers[K], error) {
	c, o, err := newCustomers[K](s, w, opts)
	switch {
	case err != nil:
	case c.hashes.place != nil && len(orders) >= spreadFrom:
		err = c.sort(orders, o)
	default:
		err = c.stream(func(yield func(Order[K], error) bool) {
			for i := range orders {
				if !yield(orders[i], nil) {
					return
				}
			}
		}, o.care)
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

// stream counts orders one by one.
func (c *Customers[K]) stream(orders iter.Seq2[Order[K], error], care care) error {
	in, err := c.scheme.intake(c.window)
	if err != nil {
		return err
	}
	g := gatherer[K]{Customers: c, care: care, in: in, stages: make([]stage[K], len(c.tables)), batch: new(batch[K])}
	for order, err := range orders {
		if err == nil {
			err = g.take(&order)
		} else {
			err = fmt.Errorf("rfm: orders[%d]: %w", g.read, err)
		}
		if err != nil {
			return err
		}
	}
	return g.finish()
}

// gatherer brings the orders of a sequence to their customers.
type gatherer[K comparable] struct {
	*Customers[K]
	care   care
	in     intake
	read   int // the position of the next order
	stages []stage[K]
	batch  *batch[K]
}

// take reads one order of a sequence.
func (g *gatherer[K]) take(o *Order[K]) error {
	tick, back, ok, err := g.in.take(o.At, o.Amount, o.Units, o.Refunds)
	if err != nil {
		return fmt.Errorf("rfm: orders[%d].%w", g.read, err)
	}
	g.read++
	if ok {
		if err := g.stage(g.part(g.batch, o.Customer), o.Customer, tick, back); err != nil {
			return err
		}
	}
	if g.read == spreadFrom && g.hashes.place != nil {
		if err := g.flushAll(); err != nil {
			return err
		}
		g.stages = make([]stage[K], parts)
		return g.spread()
	}
	return nil
}

// stage is where orders wait for their part.
type stage[K comparable] struct {
	rows []row[K]
	wide []tick // those of the rows that do not fit
}

func (g *gatherer[K]) stage(place int, key K, t tick, back int64) error {
	p := &g.stages[place]
	if cap(p.rows) == 0 {
		p.rows = make([]row[K], 0, stageSize)
	}
	p.rows = append(p.rows, row[K]{key, t.pack(&p.wide)})
	if back > 0 {
		p.rows = append(p.rows, row[K]{key, refund(back).pack(&p.wide)})
	}
	if len(p.rows) >= cap(p.rows)-1 {
		return g.flush(place)
	}
	return nil
}

func (g *gatherer[K]) flush(place int) error {
	p := &g.stages[place]
	g.batch.wide = p.wide
	if err := g.tables[place].add(&g.hashes, g.batch, p.rows, g.care); err != nil {
		return err
	}
	p.rows, p.wide = p.rows[:0], p.wide[:0]
	return nil
}

func (g *gatherer[K]) flushAll() error {
	for place := range g.stages {
		if err := g.flush(place); err != nil {
			return err
		}
	}
	return nil
}

// finish counts what still waits.
func (g *gatherer[K]) finish() error {
	if err := g.flushAll(); err != nil {
		return err
	}
	g.Customers.finish(g.in.report, g.care)
	return nil
}
