package rule

import (
	"math"
	"math/big"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/internal/fixed"
)

// mask holds one bit for each customer, 64 to a word.
type mask []uint64

func (m *mask) set(i int) {
	for len(*m) <= i/64 {
		*m = append(*m, 0)
	}
	(*m)[i/64] |= 1 << (i % 64)
}

// add sets the bits of customers for whom the mask is long enough.
func (m mask) add(customers []int) {
	for _, i := range customers {
		m[i/64] |= 1 << (i % 64)
	}
}

// word returns the w-th word; a mask ends with its last bit.
func (m mask) word(w int) uint64 {
	if w < len(m) {
		return m[w]
	}
	return 0
}

// column holds the facts of one field. Which of its parts are filled depends on the field's type; where
// the facts do not fit (amounts too large for an int64, say) none is, and conditions are tested row by row.
type column struct {
	known mask
	yes   mask             // flags
	nums  []int64          // whole numbers; amounts in units of 10^-scale; instants in microseconds
	scale int              // of amounts
	codes []uint32         // texts, ranks and days of the year, as numbers
	words []string         // what the codes of texts stand for
	sets  map[string][]int // customers by label, in order
	rows  bool             // to be tested row by row
}

// texts fills a column of texts, or of the words of a rank.
func texts[C any](rows []C, get func(C) (string, bool)) column {
	var c column
	codes := map[string]uint32{}
	c.codes = make([]uint32, len(rows))
	for i, row := range rows {
		s, ok := get(row)
		if !ok {
			continue
		}
		code, seen := codes[s]
		if !seen {
			code = uint32(len(c.words))
			codes[s] = code
			c.words = append(c.words, s)
		}
		c.codes[i] = code
		c.known.set(i)
	}
	return c
}

func ints[C any](rows []C, get func(C) (int64, bool)) column {
	c := column{nums: make([]int64, len(rows))}
	for i, row := range rows {
		if v, ok := get(row); ok {
			c.nums[i] = v
			c.known.set(i)
		}
	}
	return c
}

// moneys fills a column of amounts in the smallest unit that any of them needs.
func moneys[C any](rows []C, get func(C) (decimal.Decimal, bool)) column {
	c := column{nums: make([]int64, len(rows))}
	for _, row := range rows {
		if d, ok := get(row); ok && fits(d) {
			c.scale = max(c.scale, -int(d.Exponent()))
		}
	}
	for i, row := range rows {
		d, ok := get(row)
		if !ok || !fits(d) {
			continue
		}
		n, err := fixed.Minor(d, c.scale)
		if err != nil {
			return column{rows: true}
		}
		c.nums[i] = n
		c.known.set(i)
	}
	return c
}

func instants[C any](rows []C, get func(C) (time.Time, bool)) column {
	return ints(rows, func(c C) (int64, bool) {
		t, ok := get(c)
		if !ok || t.IsZero() {
			return 0, false
		}
		return micro(t), true
	})
}

func dates[C any](rows []C, get func(C) (Date, bool)) column {
	c := column{codes: make([]uint32, len(rows))}
	for i, row := range rows {
		if d, ok := get(row); ok && d.valid() {
			c.codes[i] = uint32(dayOfYear(d.Month, d.Day))
			c.known.set(i)
		}
	}
	return c
}

func flags[C any](rows []C, get func(C) (value, known bool)) column {
	var c column
	for i, row := range rows {
		v, ok := get(row)
		if ok {
			c.known.set(i)
		}
		if v && ok {
			c.yes.set(i)
		}
	}
	return c
}

func labels[C any](rows []C, get func(C) ([]string, bool)) column {
	c := column{sets: map[string][]int{}}
	for i, row := range rows {
		set, ok := get(row)
		if !ok {
			continue
		}
		c.known.set(i)
		for _, s := range set {
			if had := c.sets[s]; len(had) == 0 || had[len(had)-1] != i {
				c.sets[s] = append(had, i)
			}
		}
	}
	return c
}

// inUnit returns the whole numbers of units of 10^-scale for which a condition on money holds.
func inUnit(n *Node, scale int) interval {
	// The constant lies at or between two neighbouring units.
	below, more := (&amount{d: n.Decimals[0]}).floor(int32(-scale))
	above := below
	if more {
		above = new(big.Int).Add(below, bigOne)
	}
	switch n.Op {
	case OpUnder:
		return bigSpan(nil, new(big.Int).Sub(above, bigOne))
	case OpAtMost:
		return bigSpan(nil, below)
	case OpOver:
		return bigSpan(new(big.Int).Add(below, bigOne), nil)
	case OpAtLeast:
		return bigSpan(above, nil)
	case OpBetween:
		last, _ := (&amount{d: n.Decimals[1]}).floor(int32(-scale))
		return bigSpan(above, last)
	default: // eq, ne
		in := bigSpan(above, below)
		in.out = in.out != (n.Op == OpNe)
		return in
	}
}

var (
	bigOne   = big.NewInt(1)
	smallest = big.NewInt(math.MinInt64)
	largest  = big.NewInt(math.MaxInt64)
)

// bigSpan returns the int64 from lo to hi; nil is no end.
func bigSpan(lo, hi *big.Int) interval {
	if lo == nil || lo.Cmp(smallest) < 0 {
		lo = smallest
	}
	if hi == nil || hi.Cmp(largest) > 0 {
		hi = largest
	}
	if lo.Cmp(hi) > 0 {
		return nothing
	}
	return span(lo.Int64(), hi.Int64())
}
