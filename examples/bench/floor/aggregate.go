package floor

import (
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
	return sorted(len(t.Customer), threads, func(s *spool[row], from, to int) {
		for i := from; i < to; i++ {
			id := t.Customer[i]
			s.put(hash(id)>>partShift, row{id, t.At[i], t.Minor[i]})
		}
	}, sums)
}

// Decimals scores orders given as structs with instants and decimals: decimal-in-part. Of all checks
// it makes the one without which a coefficient is undefined.
func Decimals(orders []rfm.Order[int64], threads int) Scored {
	return sorted(len(orders), threads, func(s *spool[row], from, to int) {
		for i := from; i < to; i++ {
			o := &orders[i]
			s.put(hash(o.Customer)>>partShift, row{o.Customer, o.At.UnixMicro(), cents(o.Amount)})
		}
	}, sums)
}

// cents reads an amount of two decimals. Beyond 18 digits the coefficient would be undefined.
func cents(d decimal.Decimal) int64 {
	if d.Exponent() != -2 || d.NumDigits() > 18 {
		panic("floor: written for amounts with two decimals")
	}
	return d.CoefficientInt64()
}

func sums() func([][]row) Scored {
	t := table{cells: make([]cell, 1<<13)}
	return func(pages [][]row) Scored {
		for _, page := range pages {
			t.add(page)
		}
		return t.empty()
	}
}

// table is an open-addressing table with the sums in its cells.
type table struct {
	cells []cell
	used  int
}

func (t *table) add(rows []row) {
	cells := t.cells
	mask := uint64(len(cells) - 1)
	for i := range rows {
		r := &rows[i]
		slot := hash(r.id) << partBits >> 32 & mask
		c := &cells[slot]
		for c.n != 0 && c.id != r.id {
			slot = (slot + 1) & mask
			c = &cells[slot]
		}
		if c.n == 0 {
			c.id, c.last, c.minor, c.n = r.id, r.at, r.minor, 1
			if t.used++; 2*t.used > len(cells) {
				t.cells = grow(cells)
				cells = t.cells
				mask = uint64(len(cells) - 1)
			}
			continue
		}
		c.last = max(c.last, r.at)
		c.minor += r.minor
		c.n++
	}
}

// empty takes the customers out and makes the table ready for the next part.
func (t *table) empty() Scored {
	n := t.used
	s := Scored{Customer: make([]int64, 0, n), Days: make([]int32, 0, n), Orders: make([]int32, 0, n), Minor: make([]int64, 0, n)}
	for i := range t.cells {
		if c := &t.cells[i]; c.n != 0 {
			s.Customer = append(s.Customer, c.id)
			s.Days = append(s.Days, daysSince(c.last))
			s.Orders = append(s.Orders, int32(c.n))
			s.Minor = append(s.Minor, c.minor)
		}
	}
	clear(t.cells)
	t.used = 0
	return s
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
