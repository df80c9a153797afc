package rfm

import (
	"iter"
	"slices"
)

const ledgerPage = 2048

// ledger notes the active days of a table's customers as they come, four bytes each, or eight where that
// is too narrow, because an order that lies between others may or may not fall on a day already counted.
// It is read only if that happens or the lists are to be kept.
type ledger struct {
	pages  [][]uint32 // the number of a customer and a day, as far as they fit
	wide   [][]dayOf  // the others
	unsure int        // customers whose days are not known without it
	kept   [][]int32  // by customer: the active days, sorted and distinct
}

// dayOf is an active day of the customer with a number.
type dayOf struct {
	id  uint32
	day int32
}

func (l *ledger) note(id uint32, day int32) {
	d := uint32(day + dayBias)
	if id>>(32-dayBits) > 0 || d>>dayBits > 0 {
		turn(&l.wide, dayOf{id, day})
		return
	}
	turn(&l.pages, id<<dayBits|d)
}

// turn writes on the last page, or on a new one: short at first, for there may be little to write.
func turn[T any](pages *[][]T, note T) {
	n := len(*pages)
	if n == 0 || len((*pages)[n-1]) == cap((*pages)[n-1]) {
		*pages = append(*pages, make([]T, 0, min(32<<n, ledgerPage)))
		n++
	}
	last := &(*pages)[n-1]
	*last = append(*last, note)
}

// notes yields what was noted, in no order.
func (l *ledger) notes() iter.Seq2[uint32, int32] {
	return func(yield func(id uint32, day int32) bool) {
		for _, page := range l.pages {
			for _, n := range page {
				if !yield(n>>dayBits, int32(n&(1<<dayBits-1))-dayBias) {
					return
				}
			}
		}
		for _, page := range l.wide {
			for _, w := range page {
				if !yield(w.id, w.day) {
					return
				}
			}
		}
	}
}

// settle sorts the days by customer, whose numbers are below ids, and sets those of every unsure one, or,
// to keep them, of all.
func (l *ledger) settle(ids int, keep bool, cellOf func(uint32) *cell) {
	ends := make([]uint32, ids+1) // first the number of a customer's days, at last where they end
	wanted := func(id uint32) bool { return keep || cellOf(id).unsure }
	for id := range l.notes() {
		if wanted(id) {
			ends[id+1]++
		}
	}
	for i := range ids {
		ends[i+1] += ends[i]
	}
	days := make([]int32, ends[ids])
	for id, day := range l.notes() {
		if wanted(id) {
			days[ends[id]] = day
			ends[id]++
		}
	}
	from := uint32(0)
	for id, to := range ends[:ids] {
		if own := days[from:to]; len(own) > 0 {
			slices.Sort(own)
			own = slices.Clip(slices.Compact(own))
			cellOf(uint32(id)).setDays(own)
			if keep {
				l.keep(uint32(id), own)
			}
		}
		from = to
	}
}

// of returns the kept days of a customer, nil where they were not kept.
func (l *ledger) of(id uint32) []int32 {
	if int(id) >= len(l.kept) {
		return nil
	}
	return l.kept[id]
}

func (l *ledger) keep(id uint32, days []int32) {
	if more := int(id) + 1 - len(l.kept); more > 0 {
		l.kept = append(l.kept, make([][]int32, more)...)
	}
	l.kept[id] = days
}
