package points

import (
	"math/bits"
	"slices"
)

// mulDiv returns floor(a·b/c) for 0 <= a, 0 <= b <= c, c > 0.
func mulDiv(a, b, c int64) int64 {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	q, _ := bits.Div64(hi, lo, uint64(c))
	return int64(q)
}

// tenders divides what was returned of a line into what points, gift cards and cash had paid. Each
// part grows with gone and reaches exactly what was paid.
func (x *paid) tenders(gone int64) (points, card, cash int64) {
	points = share(x.ByPoints, gone, x.Net)
	rest := gone - points
	card = share(x.ByCard, rest, x.Net-x.ByPoints)
	return points, card, rest - card
}

// earns reports whether a line can earn at all.
func (b *Basis) earns(x *fact) bool {
	return (b.GiftCards || !x.GiftCard) && !overlap(b.ExcludeTags, x.Tags) && !slices.Contains(b.ExcludeSKUs, x.SKU)
}

// of returns the basis of a line of which gone was returned, in minor units. It never grows with gone.
func (b *Basis) of(x *fact, gone int64) int64 {
	if x.Net == gone || !b.earns(x) {
		return 0
	}
	points, card, cash := x.tenders(gone)
	left := x.Net - x.ByPoints - x.ByCard - cash
	if b.PointsTender {
		left += x.ByPoints - points
	}
	if !b.ExcludeGiftCardTender {
		left += x.ByCard - card
	}
	if b.ExcludeTax {
		left -= share(x.Tax, left, x.Amount)
	}
	return left
}

// measure fills in the basis of every line and returns the sum.
func (f *frozen) measure(gone, basis []int64) int64 {
	var sum int64
	for i := range f.Lines {
		var g int64
		if gone != nil {
			g = gone[i]
		}
		basis[i] = f.Basis.of(&f.Lines[i], g)
		sum += basis[i] // the order's amounts were summed with a check when they were read
	}
	return sum
}

// spent reports whether the lines of a set reach an amount of the policy's currency.
func (f *frozen) spent(spend num, set *lineSet, basis []int64) bool {
	return spend.IsZero() || f.inPolicyMoney(f.basisOf(set, basis)).cmp(spend) >= 0
}

func (f *frozen) basisOf(set *lineSet, basis []int64) (sum int64) {
	for i, b := range basis {
		if b > 0 && set.holds(&f.Lines[i]) {
			sum += b
		}
	}
	return sum
}

func (f *frozen) inPolicyMoney(minor int64) num {
	return num{m: minor, e: f.Decimals}.mul(f.Rate)
}
