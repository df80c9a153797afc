package rfm

import (
	"errors"
	"fmt"
	"iter"
	"math"
	"sync"
	"unsafe"
)

// Option is how [Summarize] and [SummarizeSlice] go about their work; none of them changes a result.
type Option func(*options)

type options struct {
	care    care
	workers int
	stage   int
}

// Ordered promises that each customer's orders come oldest first, as ORDER BY the time gives them.
// Nothing is then kept for an order, only for a customer. An order that breaks the promise where it
// matters is refused with [ErrDays]. A scheme that keeps the days needs no promise and makes no use of it.
func Ordered() Option { return func(o *options) { o.care = promised } }

// Workers lets [SummarizeSlice] use up to n goroutines, 1 to 64, for integer and string keys. Every worker
// reads all orders and counts its share of the customers.
func Workers(n int) Option { return func(o *options) { o.workers = n } }

const (
	maxWorkers = 64
	parts      = 256
	// Up to this many orders are counted in one part, so that customers come out as they came in;
	// beyond it they are spread over all parts by hash.
	spreadFrom = 1 << 15
	batchSize  = 128
	stageSize  = 128 // ticks that wait for their part, so that it is visited while it is in the cache
	stageBytes = 12  // for each order in memory, which makes these visits fewer and longer
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
	workers := 1
	if c.hashes.place != nil && len(orders) >= spreadFrom {
		workers = min(max(o.workers, 1), maxWorkers)
		c.tables = make([]table[K], parts)
		o.stage = max(stageSize, len(orders)/int(unsafe.Sizeof(row[K]{}))*stageBytes/parts)
	}
	if o.care == noteDays && !s.config.KeepDays && likelyOrdered(orders) {
		o.care = hopeForNone
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
	if err == nil && o.care == hopeForNone {
		err = c.recall(orders)
	}
	if err != nil {
		return nil, err
	}
	return c, c.finish(report)
}

// likelyOrdered looks at a thousand pairs of neighbours.
func likelyOrdered[K comparable](orders []Order[K]) bool {
	for i := 1; i < len(orders); i += 1 + len(orders)/1000 {
		if orders[i].At.Before(orders[i-1].At) {
			return false
		}
	}
	return true
}

// recall notes the days of customers for whom they turned out to be needed.
func (c *Customers[K]) recall(orders []Order[K]) error {
	unsure := 0
	for i := range c.tables {
		unsure += c.tables[i].days.unsure
	}
	if unsure == 0 {
		return nil
	}
	g, err := c.gatherer(options{}, 0)
	if err != nil {
		return err
	}
	for i := range orders {
		o := &orders[i]
		tick, _, ok, err := g.in.take(o.At, o.Amount, o.Units, o.Refunds)
		if err != nil {
			return err
		}
		if !ok || tick.units < 0 {
			continue
		}
		part, probe := g.locate(g.batch, o.Customer)
		t := &c.tables[part]
		if id, ok := t.lookup(o.Customer, probe); ok && t.at(id).unsure {
			t.days.note(id, tick.day)
		}
	}
	return nil
}

// gatherer is one goroutine that brings orders to their customers.
type gatherer[K comparable] struct {
	*Customers[K]
	options
	in     intake
	share  int // which of the workers it is
	read   int // the position of the next order
	stages [][]row[K]
	batch  *batch[K]
}

func (c *Customers[K]) gatherer(o options, share int) (*gatherer[K], error) {
	in, err := c.scheme.intake(c.window)
	return &gatherer[K]{Customers: c, options: o, in: in, share: share, stages: make([][]row[K], len(c.tables)), batch: new(batch[K])}, err
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
		if err := g.finish(); err != nil {
			return err
		}
		g.stages = make([][]row[K], parts)
		return g.spread()
	}
	return nil
}

// all reads the orders of a slice, and counts those of its share of the customers.
func (g *gatherer[K]) all(orders []Order[K], workers int) error {
	for start := 0; start < len(orders); start += batchSize {
		some := orders[start:min(start+batchSize, len(orders))]
		if len(g.stages) > 1 {
			for i := range some {
				g.batch.keys[i] = some[i].Customer
			}
			g.hashes.place(g.batch.keys[:len(some)], g.batch.places[:])
		}
		for i := range some {
			if workers > 1 && int(g.batch.places[i])%workers != g.share {
				continue
			}
			o := &some[i]
			tick, back, ok, err := g.in.take(o.At, o.Amount, o.Units, o.Refunds)
			if err != nil {
				g.read = start + i
				return fmt.Errorf("rfm: orders[%d].%w", g.read, err)
			}
			if !ok {
				continue
			}
			if err := g.stage(int(g.batch.places[i]), o.Customer, tick, back); err != nil {
				g.read = math.MaxInt
				return err
			}
		}
	}
	g.read = math.MaxInt
	return g.finish()
}

// stage lets an order wait for its part.
func (g *gatherer[K]) stage(place int, key K, t tick, back int64) error {
	p := &g.stages[place]
	if cap(*p) == 0 {
		*p = make([]row[K], 0, max(stageSize, g.options.stage))
	}
	*p = append(*p, row[K]{key, t})
	if back > 0 {
		*p = append(*p, row[K]{key, tick{money: back, units: givenBack}})
	}
	if len(*p) >= cap(*p)-1 {
		return g.flush(place)
	}
	return nil
}

func (g *gatherer[K]) flush(place int) error {
	rows := g.stages[place]
	if err := g.tables[place].add(&g.hashes, g.batch, rows, g.care); err != nil {
		return err
	}
	g.stages[place] = rows[:0]
	return nil
}

// finish counts what still waits.
func (g *gatherer[K]) finish() error {
	for place := range g.stages {
		if err := g.flush(place); err != nil {
			return err
		}
	}
	return nil
}
