package rfm

import (
	"iter"
	"sync"
)

// Customers are the summaries of many customers as of one instant. They come out in an order that depends
// on the input alone: as they came in for fewer than 32,768 orders or for keys other than integers and
// strings, spread by a fixed hash else. Reading is safe for concurrent use; Merge is not.
type Customers[K comparable] struct {
	scheme *Scheme
	window Window
	asOf   Day
	hashes hashes[K]
	tables []table[K] // one, or as many as there are parts
	report Report
	days   sync.Once // settles those that nobody asked for yet
}

func newCustomers[K comparable](s *Scheme, w Window, opts []Option) (*Customers[K], options, error) {
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	if s.config.KeepDays {
		o.care = noteDays // the days are wanted anyway
	}
	if _, err := s.intake(w); err != nil {
		return nil, o, err
	}
	return &Customers[K]{scheme: s, window: w, asOf: s.Day(w.At), hashes: newHashes[K](), tables: make([]table[K], 1)}, o, nil
}

// spread moves the records of the only part to all parts.
func (c *Customers[K]) spread() error {
	one := c.tables[0]
	c.tables = make([]table[K], parts)
	b := new(batch[K])
	type address struct {
		part int
		id   uint32
	}
	moved := make(map[uint32]address, one.size)
	for id, r := range one.all() {
		part, probe := c.locate(b, r.key)
		t := &c.tables[part]
		if err := t.reserve(&c.hashes, 1); err != nil {
			return err
		}
		n := t.find(r.key, probe)
		t.at(n).cell = r.cell
		if r.orders > 0 {
			t.first++
		}
		if days := one.days.of(id); days != nil {
			t.days.keep(n, days)
		}
		if r.unsure {
			t.days.unsure++
		}
		moved[id] = address{part, n}
	}
	for id, day := range one.days.notes() {
		to := moved[id]
		c.tables[to.part].days.note(to.id, day)
	}
	return nil
}

// locate returns the part and the hash of a key.
func (c *Customers[K]) locate(b *batch[K], key K) (part int, probe uint64) {
	b.keys[0] = key
	c.hashes.probe(b.keys[:1], b.probes[:1])
	return c.part(b, key), b.probes[0]
}

func (c *Customers[K]) part(b *batch[K], key K) int {
	if len(c.tables) == 1 {
		return 0
	}
	b.keys[0] = key
	c.hashes.place(b.keys[:1], b.places[:1])
	return int(b.places[0])
}

// finish settles the days, unless they may wait until they are asked for, and reports what was read and
// how many customers it was of.
func (c *Customers[K]) finish(r Report, care care) {
	if care != scattered || c.scheme.config.Frequency == CountDays {
		c.settle()
	}
	c.report = r
	if c.scheme.config.Monetary == MeanPiece {
		c.count()
		return
	}
	c.report.Customers = int64(c.Len())
	c.report.Prospects = c.report.Customers
	for i := range c.tables {
		c.report.Prospects -= int64(c.tables[i].first)
	}
}

// settle makes sure of the days of orders that lay between others. The usual scores need none of them, so
// those of scattered orders wait until somebody asks. What scores read is not written.
func (c *Customers[K]) settle() {
	c.days.Do(func() {
		for i := range c.tables {
			c.tables[i].settle(c.scheme.config.KeepDays)
		}
	})
}

// count sets the numbers of customers in the report.
func (c *Customers[K]) count() {
	c.report.Customers, c.report.Prospects, c.report.Pieceless = int64(c.Len()), 0, 0
	for r := range c.records() {
		switch {
		case r.orders == 0:
			c.report.Prospects++
		case !c.scheme.scores(&r.cell):
			c.report.Pieceless++
		}
	}
}

func (c *Customers[K]) records() iter.Seq[*record[K]] {
	return func(yield func(*record[K]) bool) {
		for i := range c.tables {
			for _, page := range c.tables[i].pages {
				for j := range page {
					if !yield(&page[j]) {
						return
					}
				}
			}
		}
	}
}

// Scheme returns the scheme the orders were counted by.
func (c *Customers[K]) Scheme() *Scheme { return c.scheme }

// Window returns the span of orders that counted.
func (c *Customers[K]) Window() Window { return c.window }

// AsOf returns the civil day of the window's end in the scheme's zone.
func (c *Customers[K]) AsOf() Day { return c.asOf }

// Len returns the number of customers, prospects among them.
func (c *Customers[K]) Len() int {
	n := 0
	for i := range c.tables {
		n += c.tables[i].size
	}
	return n
}

// Report returns what was counted and what was left out.
func (c *Customers[K]) Report() Report { return c.report }

// Of returns one customer's summary. It is the zero Summary, and false, for a customer with nothing in
// the window.
func (c *Customers[K]) Of(customer K) (Summary, bool) {
	c.settle()
	part, probe := c.locate(new(batch[K]), customer)
	t := &c.tables[part]
	id, ok := t.lookup(customer, probe)
	if !ok {
		return Summary{}, false
	}
	return c.summary(t, id), true
}

// All yields every customer's summary.
func (c *Customers[K]) All() iter.Seq2[K, Summary] {
	return func(yield func(K, Summary) bool) {
		c.settle()
		for i := range c.tables {
			t := &c.tables[i]
			for id, r := range t.all() {
				if !yield(r.key, c.summary(t, id)) {
					return
				}
			}
		}
	}
}

func (c *Customers[K]) summary(t *table[K], id uint32) Summary {
	cell := &t.at(id).cell
	s := cell.summary(c.scheme.config.Scale)
	for _, d := range t.days.of(id) {
		s.Days = append(s.Days, Day(d))
	}
	return s
}
