package rfm

import (
	"fmt"
	"iter"
	"math"
	"sync"
)

// Option is how [Summarize] and [SummarizeSlice] go about their work; none of them changes a result.
type Option func(*options)

type options struct {
	ordered bool
	workers int
}

// Ordered promises that each customer's orders come oldest first, as ORDER BY the time gives them.
// Nothing is then kept for an order, only for a customer. An order that breaks the promise where it
// matters is refused with [ErrDays].
func Ordered() Option { return func(o *options) { o.ordered = true } }

// Workers lets [SummarizeSlice] use up to n goroutines, 1 to 64, for integer and string keys. Every worker
// reads all orders and counts its share of the customers.
func Workers(n int) Option { return func(o *options) { o.workers = n } }

const (
	maxWorkers = 64
	parts      = 256
	// Up to this many orders are counted in one part, so that customers come out as they came in;
	// beyond it they are spread over all parts by hash.
	spreadFrom = 1 << 15
	batchSize  = 256
	stageSize  = 128 // rows that wait for their part, so that it is visited while it is in the cache
)

// Summarize counts orders as far as a window sees them, and returns a [Summary] for each customer who has
// anything in it. Orders may come in any order; those with the same instant count alike. An error of the
// sequence, or an order that cannot be counted, ends it with an error that names the order's position,
// from 0. Nothing of an order is kept when the loop goes on, so the sequence may use it again.
func Summarize[K comparable](s *Scheme, w Window, orders iter.Seq2[Order[K], error], opts ...Option) (*Customers[K], error) {
	c, o, err := newCustomers[K](s, w, opts)
	if err != nil {
		return nil, err
	}
	g, err := c.gatherer(o, 0)
	if err != nil {
		return nil, err
	}
	for order, err := range orders {
		if err == nil {
			err = g.take(&order)
		} else {
			err = fmt.Errorf("rfm: orders[%d]: %w", g.read, err)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := g.finish(); err != nil {
		return nil, err
	}
	return c, c.finish(g.in.report)
}

// SummarizeSlice is [Summarize] for orders in memory, where it is faster and can use several goroutines.
func SummarizeSlice[K comparable](s *Scheme, w Window, orders []Order[K], opts ...Option) (*Customers[K], error) {
	c, o, err := newCustomers[K](s, w, opts)
	if err != nil {
		return nil, err
	}
	workers := min(max(o.workers, 1), maxWorkers)
	if !c.hashes.stable || len(orders) < spreadFrom {
		workers = 1
	}
	if c.hashes.stable && len(orders) >= spreadFrom {
		c.tables = make([]table[K], parts)
	}
	team := make([]*gatherer[K], workers)
	errs := make([]error, workers)
	for i := range team {
		if team[i], err = c.gatherer(o, i); err != nil {
			return nil, err
		}
	}
	var wg sync.WaitGroup
	for i, g := range team[1:] {
		wg.Go(func() { errs[i+1] = g.all(orders, workers) })
	}
	errs[0] = team[0].all(orders, workers)
	wg.Wait()
	var report Report
	first := math.MaxInt
	for i, g := range team {
		report.plus(g.in.report)
		if errs[i] != nil && (g.read < first || err == nil) {
			first, err = g.read, errs[i]
		}
	}
	if err != nil {
		return nil, err
	}
	return c, c.finish(report)
}

// gatherer is one goroutine that brings orders to their customers.
type gatherer[K comparable] struct {
	*Customers[K]
	in      intake
	ordered bool
	share   int // which of the workers it is
	read    int // the position of the next order
	stages  [][]row[K]

	keys    [batchSize]K
	place   [batchSize]uint8
	probe   [batchSize]uint64
	entries [batchSize]entry
	waiting int
}

func (c *Customers[K]) gatherer(o options, share int) (*gatherer[K], error) {
	in, err := c.scheme.intake(c.window)
	g := &gatherer[K]{Customers: c, in: in, ordered: o.ordered, share: share, stages: make([][]row[K], len(c.tables))}
	return g, err
}

// take reads one order of a sequence.
func (g *gatherer[K]) take(o *Order[K]) error {
	e, ok, err := g.in.take(o.At, o.Amount, o.Units, o.Refunds)
	if err != nil {
		return fmt.Errorf("rfm: orders[%d].%w", g.read, err)
	}
	g.read++
	if ok {
		g.keys[g.waiting], g.entries[g.waiting] = o.Customer, e
		if g.waiting++; g.waiting == batchSize {
			if err := g.hash(); err != nil {
				return err
			}
		}
	}
	if g.read == spreadFrom && g.hashes.stable {
		return g.spread()
	}
	return nil
}

// hash sends the waiting entries to their stages.
func (g *gatherer[K]) hash() error {
	n := g.waiting
	g.waiting = 0
	g.hashes.batch(g.keys[:n], g.place[:n], g.probe[:n])
	for i := range n {
		if err := g.stage(g.place[i], row[K]{g.keys[i], g.probe[i], g.entries[i]}); err != nil {
			return err
		}
	}
	return nil
}

// spread moves from one part to all of them. The records of the one are few, and are counted by then.
func (g *gatherer[K]) spread() error {
	if err := g.finish(); err != nil {
		return err
	}
	g.Customers.spread()
	g.stages = make([][]row[K], parts)
	return nil
}

// all reads the orders of a slice, and stages those of its share of the customers.
func (g *gatherer[K]) all(orders []Order[K], workers int) error {
	for start := 0; start < len(orders); start += batchSize {
		batch := orders[start:min(start+batchSize, len(orders))]
		for i := range batch {
			g.keys[i] = batch[i].Customer
		}
		g.hashes.batch(g.keys[:len(batch)], g.place[:], g.probe[:])
		for i := range batch {
			if workers > 1 && int(g.place[i])%workers != g.share {
				continue
			}
			o := &batch[i]
			e, ok, err := g.in.take(o.At, o.Amount, o.Units, o.Refunds)
			if err != nil {
				g.read = start + i
				return fmt.Errorf("rfm: orders[%d].%w", g.read, err)
			}
			if ok {
				if err := g.stage(g.place[i], row[K]{g.keys[i], g.probe[i], e}); err != nil {
					g.read = math.MaxInt
					return err
				}
			}
		}
	}
	g.read = math.MaxInt
	return g.finish()
}

func (g *gatherer[K]) stage(place uint8, r row[K]) error {
	p := int(place) & (len(g.stages) - 1)
	if g.stages[p] == nil {
		g.stages[p] = make([]row[K], 0, stageSize)
	}
	g.stages[p] = append(g.stages[p], r)
	if len(g.stages[p]) == stageSize {
		return g.flush(p)
	}
	return nil
}

func (g *gatherer[K]) flush(p int) error {
	if err := g.tables[p].add(&g.hashes, g.stages[p], g.ordered); err != nil {
		return err
	}
	clear(g.stages[p]) // a key may hold memory of the caller's
	g.stages[p] = g.stages[p][:0]
	return nil
}

// finish counts what still waits.
func (g *gatherer[K]) finish() error {
	if err := g.hash(); err != nil {
		return err
	}
	for p := range g.stages {
		if err := g.flush(p); err != nil {
			return err
		}
	}
	return nil
}
