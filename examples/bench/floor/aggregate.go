package floor

import (
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/examples/bench/data"
	"github.com/regulars-go/regulars/rfm"
)

// An order on its way to its part: 24 bytes.
type row struct{ id, at, minor int64 }

// A customer's sums: 32 bytes, two to a cache line.
type cell struct {
	id, last, minor int64
	n               int64 // 0 in an empty cell
}

func hash(id int64) uint64 { return uint64(id) * 0x9e3779b97f4a7c15 }

// Columns scores orders given as int64 columns: limit-hash-part.
func Columns(t data.Table, threads int) Scored {
	rows := make([]row, len(t.Customer))
	ends := scatter(len(rows), threads,
		func(from, to int, count *[parts]int) {
			for _, id := range t.Customer[from:to] {
				count[hash(id)>>partShift]++
			}
		},
		func(from, to int, next *[parts]int) {
			for i := from; i < to; i++ {
				id := t.Customer[i]
				p := hash(id) >> partShift
				rows[next[p]] = row{id, t.At[i], t.Minor[i]}
				next[p]++
			}
		})
	s := gather(rows, ends, threads)
	s.score()
	return s
}

// Decimals scores orders given as structs with instants and decimals: decimal-in-part. Of all checks
// it makes the one without which a coefficient is undefined.
func Decimals(orders []rfm.Order[int64], threads int) Scored {
	rows := make([]row, len(orders))
	ends := scatter(len(rows), threads,
		func(from, to int, count *[parts]int) {
			for i := from; i < to; i++ {
				count[hash(orders[i].Customer)>>partShift]++
			}
		},
		func(from, to int, next *[parts]int) {
			for i := from; i < to; i++ {
				o := &orders[i]
				p := hash(o.Customer) >> partShift
				rows[next[p]] = row{o.Customer, o.At.UnixMicro(), cents(o.Amount)}
				next[p]++
			}
		})
	s := gather(rows, ends, threads)
	s.score()
	return s
}

// cents reads an amount of two decimals. Beyond 18 digits the coefficient would be undefined.
func cents(d decimal.Decimal) int64 {
	if d.Exponent() != -2 || d.NumDigits() > 18 {
		panic("floor: written for amounts with two decimals")
	}
	return d.CoefficientInt64()
}

// gather sums each part in an open-addressing table that fits the cache, and writes its customers out.
func gather(rows []row, ends []int, threads int) Scored {
	pieces := make([]Scored, parts)
	eachPart(threads, func(next func() (int, bool)) {
		table := make([]cell, 1<<13)
		for p, ok := next(); ok; p, ok = next() {
			from := 0
			if p > 0 {
				from = ends[p-1]
			}
			clear(table)
			used := 0
			mask := uint64(len(table) - 1)
			for i := range rows[from:ends[p]] {
				r := &rows[from+i]
				slot := hash(r.id) << partBits >> 32 & mask
				c := &table[slot]
				for c.n != 0 && c.id != r.id {
					slot = (slot + 1) & mask
					c = &table[slot]
				}
				if c.n == 0 {
					c.id, c.last, c.minor, c.n = r.id, r.at, r.minor, 1
					if used++; 2*used > len(table) {
						table = grow(table)
						mask = uint64(len(table) - 1)
					}
					continue
				}
				c.last = max(c.last, r.at)
				c.minor += r.minor
				c.n++
			}
			s := Scored{Customer: make([]int64, 0, used), Days: make([]int32, 0, used), Orders: make([]int32, 0, used), Minor: make([]int64, 0, used)}
			for i := range table {
				if c := &table[i]; c.n != 0 {
					s.Customer = append(s.Customer, c.id)
					s.Days = append(s.Days, daysSince(c.last))
					s.Orders = append(s.Orders, int32(c.n))
					s.Minor = append(s.Minor, c.minor)
				}
			}
			pieces[p] = s
		}
	})
	return join(pieces)
}

func grow(old []cell) []cell {
	table := make([]cell, 2*len(old))
	mask := uint64(len(table) - 1)
	for i := range old {
		c := &old[i]
		if c.n == 0 {
			continue
		}
		slot := hash(c.id) << partBits >> 32 & mask
		for table[slot].n != 0 {
			slot = (slot + 1) & mask
		}
		table[slot] = *c
	}
	return table
}

const daySeconds = 86_400

var asOfDay = wallDay(data.AsOf.UnixMicro())

func daysSince(at int64) int32 { return int32(asOfDay - wallDay(at)) }

func wallDay(micros int64) int64 { return (micros/1e6 + int64(data.Offset/time.Second)) / daySeconds }

func join(pieces []Scored) (s Scored) {
	n := 0
	for i := range pieces {
		n += len(pieces[i].Days)
	}
	s.Days, s.Orders, s.Minor = make([]int32, 0, n), make([]int32, 0, n), make([]int64, 0, n)
	if len(pieces) > 0 && pieces[0].Text != nil {
		s.Text = make([]string, 0, n)
	} else {
		s.Customer = make([]int64, 0, n)
	}
	for i := range pieces {
		p := &pieces[i]
		s.Customer = append(s.Customer, p.Customer...)
		s.Text = append(s.Text, p.Text...)
		s.Days = append(s.Days, p.Days...)
		s.Orders = append(s.Orders, p.Orders...)
		s.Minor = append(s.Minor, p.Minor...)
		*p = Scored{}
	}
	return s
}

// each runs a function once for each thread.
func each(threads int, f func(thread int)) {
	var wg sync.WaitGroup
	for w := 1; w < threads; w++ {
		wg.Go(func() { f(w) })
	}
	f(0)
	wg.Wait()
}
