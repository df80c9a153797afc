package floor

import "sync/atomic"

// A part's table stays in the second-level cache at ten million orders.
const (
	partBits  = 9
	parts     = 1 << partBits
	partShift = 64 - partBits
)

// scatter plans and makes a stable move of n orders into parts by the top bits of their hash, and
// returns where each part ends. Count counts orders [from, to) by part; move moves them, each to the
// next place of its part.
func scatter(n, threads int, count, move func(from, to int, _ *[parts]int)) (ends []int) {
	places := make([][parts]int, threads)
	each(threads, func(w int) { count(n*w/threads, n*(w+1)/threads, &places[w]) })
	ends = make([]int, parts)
	at := 0
	for p := range parts {
		for w := range places {
			places[w][p], at = at, at+places[w][p]
		}
		ends[p] = at
	}
	each(threads, func(w int) { move(n*w/threads, n*(w+1)/threads, &places[w]) })
	return ends
}

// eachPart deals the parts out to threads as they become free.
func eachPart(threads int, f func(next func() (part int, ok bool))) {
	var dealt atomic.Int64
	each(threads, func(int) {
		f(func() (int, bool) {
			p := int(dealt.Add(1)) - 1
			return p, p < parts
		})
	})
}
