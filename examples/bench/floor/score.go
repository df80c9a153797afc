package floor

import "slices"

const bins = 5

// Cuts are the smallest values of each score but the first, in the direction in which more is better.
type Cuts [3][bins - 1]int64

func (s *Scored) score() {
	cuts := Fit(s.Days, s.Orders, s.Minor)
	n := len(s.Days)
	s.R, s.F, s.M = make([]uint8, n), make([]uint8, n), make([]uint8, n)
	r, f, m := cuts[0], cuts[1], cuts[2]
	for i := range s.Days {
		s.R[i] = above(-int64(s.Days[i]), &r)
		s.F[i] = above(int64(s.Orders[i]), &f)
		s.M[i] = above(s.Minor[i], &m)
	}
}

// above returns 1 plus the number of cuts strictly below v, without a branch.
func above(v int64, cuts *[bins - 1]int64) uint8 {
	return 1 + uint8(uint64(cuts[0]-v)>>63) + uint8(uint64(cuts[1]-v)>>63) + uint8(uint64(cuts[2]-v)>>63) + uint8(uint64(cuts[3]-v)>>63)
}

// Fit returns the cuts of all three measures: cut k is the smallest value that at least k/bins of the
// customers do not exceed. Days and counts are counted; cents are found by radix descent.
func Fit(days, orders []int32, minor []int64) (c Cuts) {
	n := len(days)
	if n == 0 {
		return c
	}
	var ranks [bins - 1]int
	for k := range ranks {
		ranks[k] = ((k+1)*n + bins - 1) / bins
	}
	counts := make([]int, slices.Max(days)+1)
	for _, d := range days {
		counts[d]++
	}
	slices.Reverse(counts) // most days first: the worst is the least
	pick(counts, ranks, func(k, v int) { c[0][k] = int64(v - len(counts) + 1) })
	counts = make([]int, slices.Max(orders)+1)
	for _, n := range orders {
		counts[n]++
	}
	pick(counts, ranks, func(k, v int) { c[1][k] = int64(v) })
	c[2] = descend(minor, ranks)
	return c
}

// pick finds, for each rank counted from 1, the value whose cumulative count reaches it.
func pick(counts []int, ranks [bins - 1]int, found func(k, v int)) {
	k, below := 0, 0
	for v, n := range counts {
		for below += n; k < len(ranks) && below >= ranks[k]; k++ {
			found(k, v)
		}
	}
}

// descend finds order statistics in two passes over values of up to 2·digit bits: the first counts by
// the high digit, the second, by the low digit, those that share a high digit with a wanted one.
func descend(values []int64, ranks [bins - 1]int) (out [bins - 1]int64) {
	const digit = 14
	lo, hi := slices.Min(values), slices.Max(values)
	shift := 0
	for (hi-lo)>>shift >= 1<<(2*digit) {
		shift++
	}
	high := make([]int, 1<<digit)
	for _, v := range values {
		high[uint64(v-lo)>>(shift+digit)]++
	}
	group := make([]uint8, 1<<digit) // 1 + which of the low tables a high digit counts into
	var lows [bins - 1][]int
	var highs, before [bins - 1]int
	groups := 0
	below := 0
	k := 0
	var of [bins - 1]int
	for h, n := range high {
		for k < len(ranks) && below+n >= ranks[k] {
			if group[h] == 0 {
				lows[groups], highs[groups], before[groups] = make([]int, 1<<(digit+shift)), h, below
				groups++
				group[h] = uint8(groups)
			}
			of[k] = groups - 1
			k++
		}
		below += n
	}
	mask := uint64(1)<<(digit+shift) - 1
	for _, v := range values {
		u := uint64(v - lo)
		if g := group[u>>(shift+digit)]; g != 0 {
			lows[g-1][u&mask]++
		}
	}
	for k, rank := range ranks {
		g := of[k]
		below := before[g]
		for low, n := range lows[g] {
			if below += n; below >= rank {
				out[k] = lo + int64(highs[g])<<(shift+digit) + int64(low)
				break
			}
		}
	}
	return out
}
