package tags

import (
	"iter"
	"math/bits"
)

// Bits is a set of whole numbers from 0 up to its length, a bit each. What [Index] hands out does not
// change and is safe for concurrent use. The zero Bits is empty.
type Bits struct {
	words []uint64
	n     int
}

// Len returns the size of the population, members or not.
func (b Bits) Len() int { return b.n }

// Count returns the number of members.
func (b Bits) Count() int { return ones(b.words) }

// Has reports whether a number is a member.
func (b Bits) Has(i int) bool { return i >= 0 && i < b.n && b.words[i/64]>>(i%64)&1 == 1 }

// All yields the members in order.
func (b Bits) All() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i, w := range b.words {
			for ; w != 0; w &= w - 1 {
				if !yield(64*i + bits.TrailingZeros64(w)) {
					return
				}
			}
		}
	}
}

func ones(words []uint64) int {
	sum := 0
	for _, w := range words {
		sum += bits.OnesCount64(w)
	}
	return sum
}
