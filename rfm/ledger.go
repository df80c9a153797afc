package rfm

import (
	"iter"
	"slices"
)

const ledgerPage = 2048

// ledger notes the active days of a table's customers as they come, four bytes each, because an order
// that lies between others may or may not fall on a day already counted. It is read only if that happens
// or the lists are to be kept.
type ledger struct {
	pages  [][]uint32 // the number of a customer and a day, as far as they fit
	wide   []dayOf    // the others
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
		l.wide = append(l.wide, dayOf{id, day})
		return
	}
	n := len(l.pages)
	if n == 0 || len(l.pages[n-1]) == ledgerPage {
		l.pages = append(l.pages, make([]uint32, 0, ledgerPage))
		n++
	}
	l.pages[n-1] = append(l.pages[n-1], id<<dayBits|d)
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
		for _, w := range l.wide {
			if !yield(w.id, w.day) {
				return
			}
		}
	}
}

func (l *ledger) forget() { l.pages, l.wide = nil, nil }

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
