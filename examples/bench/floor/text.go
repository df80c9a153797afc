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
	hashes := make([]uint64, len(orders))
	rows := make([]textRow, len(orders))
	ends := scatter(len(rows), threads,
		func(from, to int, count *[parts]int) {
			for i := from; i < to; i++ {
				hashes[i] = maphash.String(seed, orders[i].Customer)
				count[hashes[i]>>partShift]++
			}
		},
		func(from, to int, next *[parts]int) {
			for i := from; i < to; i++ {
				o := &orders[i]
				p := hashes[i] >> partShift
				rows[next[p]] = textRow{hashes[i], o.Customer, o.At.UnixMicro(), cents(o.Amount)}
				next[p]++
			}
		})
	s := gatherTexts(rows, ends, threads)
	s.score()
	return s
}

func gatherTexts(rows []textRow, ends []int, threads int) Scored {
	pieces := make([]Scored, parts)
	eachPart(threads, func(next func() (int, bool)) {
		table := make([]textCell, 1<<13)
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
				slot := r.hash & mask
				c := &table[slot]
				for c.n != 0 && (c.hash != r.hash || c.id != r.id) {
					slot = (slot + 1) & mask
					c = &table[slot]
				}
				if c.n == 0 {
					*c = textCell{r.hash, r.id, r.at, r.minor, 1}
					if used++; 2*used > len(table) {
						table = growTexts(table)
						mask = uint64(len(table) - 1)
					}
					continue
				}
				c.last = max(c.last, r.at)
				c.minor += r.minor
				c.n++
			}
			s := Scored{Text: make([]string, 0, used), Days: make([]int32, 0, used), Orders: make([]int32, 0, used), Minor: make([]int64, 0, used)}
			for i := range table {
				if c := &table[i]; c.n != 0 {
					s.Text = append(s.Text, c.id)
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
