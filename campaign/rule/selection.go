package rule

import (
	"iter"
	"math/bits"
)

// Selection is the verdict of a rule on every customer of a table.
type Selection struct {
	size            int
	selected, known mask
}

// Len returns the number of customers.
func (s Selection) Len() int { return s.size }

// Verdict returns the verdict on the i-th customer, from 0.
func (s Selection) Verdict(i int) Truth {
	switch {
	case s.selected[i/64]>>(i%64)&1 != 0:
		return True
	case s.known[i/64]>>(i%64)&1 != 0:
		return False
	default:
		return Unknown
	}
}

// Count returns how many customers are selected, rejected and undecided.
func (s Selection) Count() (selected, rejected, undecided int) {
	for w, yes := range s.selected {
		selected += bits.OnesCount64(yes)
		rejected += bits.OnesCount64(s.known[w]) - bits.OnesCount64(yes)
	}
	return selected, rejected, s.size - selected - rejected
}

// Words returns a copy of the selected customers as bits, 64 to a word, the first in the lowest bit.
func (s Selection) Words() []uint64 { return append([]uint64(nil), s.selected...) }

// All yields the numbers of the selected customers in order.
func (s Selection) All() iter.Seq[int] {
	return func(yield func(int) bool) {
		for w, yes := range s.selected {
			for ; yes != 0; yes &= yes - 1 {
				if !yield(w*64 + bits.TrailingZeros64(yes)) {
					return
				}
			}
		}
	}
}
