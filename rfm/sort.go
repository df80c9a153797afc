package rfm

import (
	"cmp"
	"fmt"
	"math/bits"
	"sync"
	"sync/atomic"
	"unsafe"
)

const (
	stretch  = 1 << 17 // orders that are sorted at a time where nothing may be kept of them
	sortPage = 512     // rows of a page, if there are many
)

// sorter is one goroutine that reads orders in memory and sorts them by part. Parts are counted one at a
// time afterwards, so that the customers of a part are in the processor's cache while they are counted.
type sorter[K comparable] struct {
	in    intake
	page  int // rows of a page
	pages [parts][][]row[K]
	spare [][]row[K]
	wide  []tick // those of the rows that do not fit
	err   error
}

// sort counts orders in memory, a stretch at a time, whose rows are kept where those of the last were. The
// longer the stretch, the fewer times a part must be brought back to the cache: all orders at once, if
// their rows are small, else half of them.
func (c *Customers[K]) sort(orders []Order[K], o options) error {
	c.tables = make([]table[K], parts)
	workers, step := min(max(o.workers, 1), maxWorkers), len(orders)
	if unsafe.Sizeof(row[K]{}) > 16 {
		step = (len(orders) + 1) / 2
	}
	switch {
	case o.care == promised:
		step = min(step, stretch)
	case c.scheme.config.KeepDays:
	case likelyOrdered(orders):
		o.care = hopeForNone
	default:
		o.care = scattered
	}
	team := make([]sorter[K], workers)
	for i := range team {
		in, err := c.scheme.intake(c.window)
		if err != nil {
			return err
		}
		// Pages that are not full should not matter beside those that are.
		team[i].in, team[i].page = in, min(max(step/workers/parts/8, 16), sortPage)
	}
	for from := 0; from < len(orders); from += step {
		n := min(step, len(orders)-from)
		together(workers, func(w int) { team[w].all(&c.hashes, orders, from+n*w/workers, from+n*(w+1)/workers) })
		for i := range team {
			if err := team[i].err; err != nil {
				return err // the first one in the order of the slice
			}
		}
		if err := c.deal(team, o.care); err != nil {
			return err
		}
	}
	if o.care == hopeForNone {
		if err := c.recall(orders); err != nil {
			return err
		}
	}
	var report Report
	for i := range team {
		report.plus(team[i].in.report)
	}
	c.finish(report, o.care)
	return nil
}

// deal lets a team count what it sorted, part by part.
func (c *Customers[K]) deal(team []sorter[K], care care) error {
	var errs [parts]error
	var dealt atomic.Int64
	together(len(team), func(int) {
		b := new(batch[K])
		slots := 0
		for p := int(dealt.Add(1)) - 1; p < parts; p = int(dealt.Add(1)) - 1 {
			t := &c.tables[p]
			if t.size == 0 { // parts are about alike, unless keys are so at both ends
				t.slots = make([]uint32, min(slots, 1<<bits.Len(uint(waiting(team, p)))))
			}
			for w := range team { // in the order of the slice
				b.wide = team[w].wide
				for _, page := range team[w].pages[p] {
					errs[p] = cmp.Or(errs[p], t.add(&c.hashes, b, page, care))
				}
			}
			slots = len(t.slots)
		}
	})
	return cmp.Or(errs[:]...)
}

// waiting returns how many rows a team has for a part.
func waiting[K comparable](team []sorter[K], part int) int {
	n := 0
	for w := range team {
		for _, page := range team[w].pages[part] {
			n += len(page)
		}
	}
	return n
}

func together(workers int, work func(worker int)) {
	var wg sync.WaitGroup
	for w := 1; w < workers; w++ {
		wg.Go(func() { work(w) })
	}
	work(0)
	wg.Wait()
}

// all sorts the orders from one position until before another.
func (s *sorter[K]) all(h *hashes[K], orders []Order[K], from, to int) {
	s.reuse()
	var keys [batchSize]K
	var places [batchSize]uint8
	var open [parts][]row[K]
	for start := from; start < to; start += batchSize {
		some := orders[start:min(start+batchSize, to)]
		for i := range some {
			keys[i] = some[i].Customer
		}
		h.place(keys[:len(some)], places[:])
		for i := range some {
			o := &some[i]
			tick, back, ok, err := s.in.take(o.At, o.Amount, o.Units, o.Refunds)
			if err != nil {
				s.err = fmt.Errorf("rfm: orders[%d].%w", start+i, err)
				return
			}
			if !ok {
				continue
			}
			page := &open[places[i]]
			if cap(*page)-len(*page) < 2 {
				s.close(places[i], *page)
				*page = s.blank()
			}
			*page = append(*page, row[K]{keys[i], tick.pack(&s.wide)})
			if back > 0 {
				*page = append(*page, row[K]{keys[i], refund(back).pack(&s.wide)})
			}
		}
	}
	for p, page := range open {
		s.close(uint8(p), page)
	}
}

// close puts a page aside to be counted.
func (s *sorter[K]) close(part uint8, page []row[K]) {
	if len(page) > 0 {
		s.pages[part] = append(s.pages[part], page)
	}
}

func (s *sorter[K]) blank() []row[K] {
	last := len(s.spare) - 1
	if last < 0 {
		return make([]row[K], 0, s.page)
	}
	page := s.spare[last]
	s.spare = s.spare[:last]
	return page[:0]
}

// reuse makes blank pages of those that were counted.
func (s *sorter[K]) reuse() {
	s.wide = s.wide[:0]
	for p := range s.pages {
		s.spare = append(s.spare, s.pages[p]...)
		s.pages[p] = s.pages[p][:0]
	}
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
	in, err := c.scheme.intake(c.window)
	if err != nil {
		return err
	}
	b := new(batch[K])
	for i := range orders {
		o := &orders[i]
		tick, _, ok, err := in.take(o.At, o.Amount, o.Units, o.Refunds)
		if err != nil {
			return err
		}
		if !ok || tick.units < 0 {
			continue
		}
		part, probe := c.locate(b, o.Customer)
		t := &c.tables[part]
		if id, ok := t.lookup(o.Customer, probe); ok && t.at(id).unsure {
			t.days.note(id, tick.day)
		}
	}
	return nil
}
