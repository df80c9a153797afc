package rfm

import (
	"iter"
	"maps"
	"math/big"
	"slices"
)

// tally is an exact histogram of whole numbers, most of them small: days and orders.
type tally struct {
	small []int64 // small[v] is how many have the value v
	large map[int64]int64
	n     int64
}

const smallValues = 1 << 14

// one counts a value, most often a small one that was there before.
func (t *tally) one(v int64) {
	if uint64(v) < uint64(len(t.small)) {
		t.small[v]++
		t.n++
		return
	}
	t.add(v, 1)
}

func (t *tally) add(v, n int64) {
	t.n += n
	switch {
	case uint64(v) < uint64(len(t.small)):
		t.small[v] += n
	case uint64(v) < smallValues:
		t.small = append(t.small, make([]int64, v+1-int64(len(t.small)))...)
		t.small[v] += n
	default:
		if t.large == nil {
			t.large = map[int64]int64{}
		}
		t.large[v] += n
	}
}

// all yields values and counts, smallest value first.
func (t *tally) all() iter.Seq2[int64, int64] {
	return func(yield func(int64, int64) bool) {
		for v, n := range t.small {
			if n > 0 && !yield(int64(v), n) {
				return
			}
		}
		for _, v := range slices.Sorted(maps.Keys(t.large)) {
			if !yield(v, t.large[v]) {
				return
			}
		}
	}
}

func (t *tally) clone() tally { return tally{slices.Clone(t.small), maps.Clone(t.large), t.n} }

func (t *tally) total() int64 { return t.n }

func (t *tally) sum() *big.Rat {
	sum := new(big.Int)
	for v, n := range t.all() {
		sum.Add(sum, new(big.Int).Mul(big.NewInt(v), big.NewInt(n)))
	}
	return new(big.Rat).SetInt(sum)
}

func (t *tally) ranks(ranks []int64) []stat[ratio] {
	out := make([]stat[ratio], 0, len(ranks))
	below := int64(0)
	for v, n := range t.all() {
		for len(out) < len(ranks) && ranks[len(out)] <= below+n {
			out = append(out, stat[ratio]{ratio{v, 1}, below, n})
		}
		below += n
	}
	return out
}

// around returns how many lie below a value, and how many are equal to it.
func (t *tally) around(x ratio) (below, equal int64) {
	at := x.point()
	for v, n := range t.all() {
		switch p := (point{hi: v}); {
		case p.less(at):
			below += n
		case p == at:
			equal = n
		}
	}
	return below, equal
}

// column is a multiset of exact values in no order: money, of which hardly two are equal.
type column struct {
	num []int64
	den []uint32 // nil while all are 1
	cnt []int64  // nil while all stand once
	n   int64
}

func (c *column) add(v ratio, n int64) {
	if v.den != 1 && c.den == nil {
		c.den = slices.Repeat([]uint32{1}, len(c.num))
	}
	if n != 1 && c.cnt == nil {
		c.cnt = slices.Repeat([]int64{1}, len(c.num))
	}
	c.num = append(c.num, v.num)
	if c.den != nil {
		c.den = append(c.den, v.den)
	}
	if c.cnt != nil {
		c.cnt = append(c.cnt, n)
	}
	c.n += n
}

func (c *column) at(i int) (ratio, int64) {
	v, n := ratio{c.num[i], 1}, int64(1)
	if c.den != nil {
		v.den = c.den[i]
	}
	if c.cnt != nil {
		n = c.cnt[i]
	}
	return v, n
}

func (c *column) all() iter.Seq2[ratio, int64] {
	return func(yield func(ratio, int64) bool) {
		for i := range c.num {
			if !yield(c.at(i)) {
				return
			}
		}
	}
}

// clip returns the column as it is now: both can grow without the other's seeing it.
func (c *column) clip() column {
	return column{slices.Clip(c.num), slices.Clip(c.den), slices.Clip(c.cnt), c.n}
}

func (c *column) total() int64 { return c.n }

// sum adds up numerators by denominator first, which keeps the big numbers few.
func (c *column) sum() *big.Rat {
	var sums map[uint32]*big.Int
	whole, small := new(big.Int), int64(0) // small is added to whole before it can overflow
	const room = int64(1) << 62
	for v, n := range c.all() {
		if v.den == 1 && n == 1 && v.num < room && v.num > -room {
			if small += v.num; small >= room || small <= -room {
				whole.Add(whole, big.NewInt(small))
				small = 0
			}
			continue
		}
		if sums == nil {
			sums = map[uint32]*big.Int{}
		}
		if sums[v.den] == nil {
			sums[v.den] = new(big.Int)
		}
		sums[v.den].Add(sums[v.den], new(big.Int).Mul(big.NewInt(v.num), big.NewInt(n)))
	}
	total := new(big.Rat).SetInt(whole.Add(whole, big.NewInt(small)))
	for _, den := range slices.Sorted(maps.Keys(sums)) {
		total.Add(total, new(big.Rat).SetFrac(sums[den], big.NewInt(int64(den))))
	}
	return total
}

// ranks selects by the whole part first, then, among the values that share it, by the rest.
func (c *column) ranks(ranks []int64) []stat[ratio] {
	out := make([]stat[ratio], 0, len(ranks))
	if c.den == nil {
		for _, s := range selectRanks(c.num, c.cnt, ranks) {
			out = append(out, stat[ratio]{ratio{s.value, 1}, s.below, s.equal})
		}
		return out
	}
	whole := make([]int64, len(c.num))
	for i := range whole {
		v, _ := c.at(i)
		whole[i] = v.floor()
	}
	for i, s := range selectRanks(whole, c.cnt, ranks) {
		var rest, counts []int64
		var values []ratio
		for j, w := range whole {
			if w == s.value {
				v, n := c.at(j)
				values, counts = append(values, v), append(counts, n)
				rest = append(rest, int64(v.point().lo^1<<63)) // keeps the order of unsigned numbers
			}
		}
		in := selectRanks(rest, counts, []int64{ranks[i] - s.below})[0]
		value := values[slices.Index(rest, in.value)].reduced()
		out = append(out, stat[ratio]{value, s.below + in.below, in.equal})
	}
	return out
}

func (c *column) around(x ratio) (below, equal int64) {
	at := x.point()
	for v, n := range c.all() {
		switch p := v.point(); {
		case p.less(at):
			below += n
		case p == at:
			equal += n
		}
	}
	return below, equal
}
