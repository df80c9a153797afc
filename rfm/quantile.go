package rfm

// dist is an exact distribution of values: a [tally] or a [column].
type dist interface {
	total() int64
	// ranks returns the values at ranks from 1, the smallest, rising.
	ranks(ranks []int64) []stat[ratio]
	// around returns how many values lie below x, and how many are equal to it.
	around(x ratio) (below, equal int64)
}

// cut is a boundary in exact form: values better than at, or at itself where inclusive, pass it.
type cut struct {
	at        ratio
	inclusive bool
}

// quantiles returns the bins-1 cuts of a distribution, from worst to best; none where it is empty.
//
// With w customers strictly worse and t equal, the score for [Low] is 1 + ⌊bins·w/n⌋. It reaches k+1 as
// soon as w is k·n/bins or more, that is, for every value better than the one at rank ⌈k·n/bins⌉ counted
// from the worst. For [Mid] the step lies at the same value, and includes it if half of its ties lift it
// far enough: bins·(2w+t) ≥ 2k·n. For [High], ⌈bins·(w+t)/n⌉, it includes the value at rank ⌊k·n/bins⌋+1.
func quantiles(d dist, bins int, ties Ties, fewerIsBetter bool) []cut {
	n, b := d.total(), int64(bins)
	if n == 0 {
		return nil
	}
	ranks := make([]int64, bins-1)
	for i := range ranks {
		k := int64(i + 1)
		ranks[i] = (k*n + b - 1) / b
		if ties == High {
			ranks[i] = k*n/b + 1
		}
	}
	if fewerIsBetter {
		mirror(ranks, n)
	}
	stats := d.ranks(ranks)
	cuts := make([]cut, len(stats))
	for i, s := range stats {
		k, worse := int64(i+1), s.below
		if fewerIsBetter {
			k, worse = int64(len(stats)-i), n-s.below-s.equal
		}
		cuts[k-1] = cut{s.value, ties == High || ties == Mid && b*(2*worse+s.equal) >= 2*k*n}
	}
	return cuts
}

// mirror turns rising ranks from the largest value into rising ranks from the smallest.
func mirror(ranks []int64, n int64) {
	for i, j := 0, len(ranks)-1; i <= j; i, j = i+1, j-1 {
		ranks[i], ranks[j] = n+1-ranks[j], n+1-ranks[i]
	}
}
