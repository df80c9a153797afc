package points

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"

	"github.com/regulars-go/regulars/internal/fixed"
)

// apportion rounds the cells of each group together, once: the sum becomes whole, and every cell gets
// its whole points; what is left goes one each to the largest remainders, ties to the earlier cell.
func (t *tally) apportion(plain bool) error {
	cells := t.cells
	for i := range cells {
		if cells[i].group != cells[0].group {
			return t.apportionGroups(plain)
		}
	}
	return apportion(cells, plain, t.f.Rounding)
}

func (t *tally) apportionGroups(plain bool) error {
	groups := map[int][]int{}
	var order []int
	for i := range t.cells {
		g := t.cells[i].group
		if groups[g] == nil {
			order = append(order, g)
		}
		groups[g] = append(groups[g], i)
	}
	for _, g := range order {
		members := groups[g]
		cells := make([]cell, len(members))
		for j, i := range members {
			cells[j] = t.cells[i]
		}
		if err := apportion(cells, plain, t.f.Rounding); err != nil {
			return err
		}
		for j, i := range members {
			t.cells[i].points = cells[j].points
		}
	}
	return nil
}

// group returns what a cell is rounded with: the order, or its line if lines are rounded; apart from
// the others where the source has a cap of its own, so that what the cap cuts never depends on the
// cents of other rules.
func (t *tally) group(source, line int) int {
	g := 0
	if slices.ContainsFunc(t.f.Caps, func(c capTerm) bool { return c.Of != "" && c.Of == t.sources[source].id }) {
		g = source + 1
	}
	if t.f.RoundAt == PerLine {
		g = g*(len(t.f.Lines)+1) + line + 1
	}
	return g
}

func apportion(cells []cell, plain bool, mode Rounding) error {
	if len(cells) == 0 {
		return nil
	}
	var few [16]int64
	over, den, ok := common(cells, plain, few[:0])
	if !ok {
		return apportionWide(cells, plain, mode)
	}
	var sum, whole int64
	for i, x := range over {
		var err error
		if sum, err = fixed.Add(sum, x); err != nil {
			return apportionWide(cells, plain, mode)
		}
		cells[i].points, over[i] = x/den, x%den
		whole += cells[i].points
	}
	total, rest := sum/den, sum%den
	if mode == Up && rest > 0 || mode == HalfUp && rest >= den-rest {
		total++
	}
	left := total - whole
	if len(cells) > len(few) { // looking for the largest each time would take the square of their number
		bump(cells, left, func(i, j int) int { return cmp.Compare(over[i], over[j]) })
		return nil
	}
	for ; left > 0; left-- {
		most := 0
		for i := range over {
			if over[i] > over[most] {
				most = i
			}
		}
		cells[most].points++
		over[most] = -1
	}
	return nil
}

// bump gives one point more to as many cells, those with the largest rests first.
func bump(cells []cell, n int64, rests func(i, j int) int) {
	order := make([]int, len(cells))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return rests(j, i) })
	for _, i := range order[:n] {
		cells[i].points++
	}
}

// of returns what is rounded: the value of a cell, or what it would be with every factor 1.
func (c *cell) of(plain bool) num {
	if plain {
		return c.plain
	}
	return c.value
}

// common writes all cells over one denominator, if it and they fit.
func common(cells []cell, plain bool, over []int64) (_ []int64, den int64, ok bool) {
	e, den := 0, int64(1)
	for i := range cells {
		n := cells[i].of(plain)
		if n.wide != nil {
			return nil, 0, false
		}
		e = max(e, n.e)
		if d := cells[i].den; d != den && den%d != 0 {
			var err error
			if den, err = fixed.Mul(den/gcd(den, d), d); err != nil {
				return nil, 0, false
			}
		}
	}
	for i := range cells {
		n := cells[i].of(plain).to(e)
		if n.wide != nil {
			return nil, 0, false
		}
		if cells[i].den != den {
			var err error
			if n.m, err = fixed.Mul(n.m, den/cells[i].den); err != nil {
				return nil, 0, false
			}
		}
		over = append(over, n.m)
	}
	if e > maxPow10 {
		return nil, 0, false
	}
	den, err := fixed.Mul(den, pow10[e])
	return over, den, err == nil
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// apportionWide is apportion for numbers beyond int64.
func apportionWide(cells []cell, plain bool, mode Rounding) error {
	rests := make([]*big.Rat, len(cells))
	sum, whole := new(big.Rat), new(big.Int)
	for i := range cells {
		n := cells[i].of(plain)
		exact := new(big.Rat).SetFrac(n.int(), new(big.Int).Mul(bigPow10(n.e), big.NewInt(cells[i].den)))
		down := new(big.Int).Quo(exact.Num(), exact.Denom())
		if !down.IsInt64() {
			return fmt.Errorf("%w: points", ErrOverflow)
		}
		cells[i].points = down.Int64()
		whole.Add(whole, down)
		sum.Add(sum, exact)
		rests[i] = exact.Sub(exact, new(big.Rat).SetInt(down))
	}
	total, rest := new(big.Int).QuoRem(sum.Num(), sum.Denom(), new(big.Int))
	rest.Lsh(rest, 1) // twice the rest, to compare with one half
	if mode == Up && rest.Sign() > 0 || mode == HalfUp && rest.Cmp(sum.Denom()) >= 0 {
		total.Add(total, big.NewInt(1))
	}
	if !total.IsInt64() {
		return fmt.Errorf("%w: points", ErrOverflow)
	}
	bump(cells, total.Sub(total, whole).Int64(), func(i, j int) int { return rests[i].Cmp(rests[j]) })
	return nil
}
