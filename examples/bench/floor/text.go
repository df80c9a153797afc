package floor

import (
	"hash/maphash"

	"github.com/regulars-go/regulars/rfm"
)

// A text-keyed order on its way to its part carries its hash: 40 bytes.
type textRow struct {
	hash      uint64
	id        string
	at, minor int64
}

type textCell struct {
	hash        uint64
	id          string
	last, minor int64
	n           int64 // 0 in an empty cell
}

// Texts scores orders given as structs, with customers named by text: limit-string-part. A name is
// hashed once, and compared only with a name of equal hash.
func Texts(orders []rfm.Order[string], threads int) Scored {
	seed := maphash.MakeSeed()
	return sorted(len(orders), threads, func(s *spool[textRow], from, to int) {
		for i := from; i < to; i++ {
			o := &orders[i]
			h := maphash.String(seed, o.Customer)
			s.put(h>>partShift, textRow{h, o.Customer, o.At.UnixMicro(), cents(o.Amount)})
		}
	}, textSums)
}

func textSums() func([][]textRow) Scored {
	t := textTable{cells: make([]textCell, 1<<13)}
	return func(pages [][]textRow) Scored {
		for _, page := range pages {
			t.add(page)
		}
		return t.empty()
	}
}

type textTable struct {
	cells []textCell
	used  int
}

func (t *textTable) add(rows []textRow) {
	cells := t.cells
	mask := uint64(len(cells) - 1)
	for i := range rows {
		r := &rows[i]
		slot := r.hash & mask
		c := &cells[slot]
		for c.n != 0 && (c.hash != r.hash || c.id != r.id) {
			slot = (slot + 1) & mask
			c = &cells[slot]
		}
		if c.n == 0 {
			*c = textCell{r.hash, r.id, r.at, r.minor, 1}
			if t.used++; 2*t.used > len(cells) {
				t.cells = growTexts(cells)
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

func (t *textTable) empty() Scored {
	n := t.used
	s := Scored{Text: make([]string, 0, n), Days: make([]int32, 0, n), Orders: make([]int32, 0, n), Minor: make([]int64, 0, n)}
	for i := range t.cells {
		if c := &t.cells[i]; c.n != 0 {
			s.Text = append(s.Text, c.id)
			s.Days = append(s.Days, daysSince(c.last))
			s.Orders = append(s.Orders, int32(c.n))
			s.Minor = append(s.Minor, c.minor)
		}
	}
	clear(t.cells)
	t.used = 0
	return s
}

func growTexts(old []textCell) []textCell {
	table := make([]textCell, 2*len(old))
	mask := uint64(len(table) - 1)
	for i := range old {
		c := &old[i]
		if c.n == 0 {
			continue
		}
		slot := c.hash & mask
		for table[slot].n != 0 {
			slot = (slot + 1) & mask
		}
		table[slot] = *c
	}
	return table
}
