package rfm

import "math/bits"

// stat is an order statistic: a value, and how many lie below it and are equal to it.
type stat[T any] struct {
	value        T
	below, equal int64
}

// selectRanks returns the values at the given ranks (1 is the smallest, rising) of a multiset, counts nil
// meaning one each, without sorting it: values are counted into buckets whose width grows with them, a 256th
// at most, and only the buckets that hold a rank are looked into again. For n values that is
// two passes and a little.
func selectRanks(values, counts, ranks []int64) []stat[int64] {
	out := make([]stat[int64], 0, len(ranks))
	if len(ranks) > 0 {
		out = descend(values, counts, ranks, 0, out)
	}
	return out
}

const bucketBits = 8

// bucket returns the bucket of a distance: itself below 2^9, else its magnitude and leading bits.
func bucket(x uint64) int {
	shift := bits.Len64(x|1<<bucketBits) - bucketBits - 1
	return shift<<bucketBits + int(x>>(shift&63))
}

// descend appends a stat for each rank; base is how many values lie below all of these.
func descend(values, counts, ranks []int64, base int64, out []stat[int64]) []stat[int64] {
	low, high, total := extent(values, counts)
	if low == high {
		for range ranks {
			out = append(out, stat[int64]{low, base, total})
		}
		return out
	}
	tally := make([]int64, bucket(uint64(high)-uint64(low))+1)
	if counts == nil {
		for _, v := range values {
			tally[bucket(uint64(v)-uint64(low))]++
		}
	} else {
		for i, v := range values {
			tally[bucket(uint64(v)-uint64(low))] += counts[i]
		}
	}
	type group struct {
		values, counts, ranks []int64
		below                 int64
	}
	var groups []group
	chosen := make([]uint8, len(tally)) // 1 + the group of a bucket, 0 for the others
	below := base
	for b, n := range tally {
		upto := 0
		for upto < len(ranks) && ranks[upto] <= below+n {
			upto++
		}
		if upto > 0 {
			groups = append(groups, group{values: make([]int64, 0, len(values)/len(tally)), ranks: ranks[:upto], below: below})
			chosen[b] = uint8(len(groups))
			ranks = ranks[upto:]
		}
		below += n
	}
	for i, v := range values {
		if g := chosen[bucket(uint64(v)-uint64(low))]; g > 0 {
			groups[g-1].values = append(groups[g-1].values, v)
			if counts != nil {
				groups[g-1].counts = append(groups[g-1].counts, counts[i])
			}
		}
	}
	for _, g := range groups {
		out = descend(g.values, g.counts, g.ranks, g.below, out)
	}
	return out
}

func extent(values, counts []int64) (low, high, total int64) {
	low, high = values[0], values[0]
	for _, v := range values {
		low, high = min(low, v), max(high, v)
	}
	total = int64(len(values))
	if counts != nil {
		total = 0
		for _, n := range counts {
			total += n
		}
	}
	return low, high, total
}
