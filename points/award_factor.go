package points

import "slices"

// factor combines the modifiers of one line, or of the order as a whole where x is nil, for the points
// of a family. live says which modifiers hold at all.
func (f *frozen) factor(x *fact, family string, live []bool) num {
	if len(f.Modifiers) == 0 && f.Times.IsZero() {
		return one
	}
	var few [4]stacked
	stacks := few[:0]
	for range f.Stacks {
		stacks = append(stacks, stacked{num: one})
	}
	if !f.Times.IsZero() {
		stacks[0] = stacked{f.Times, true}
	}
	for i, m := range f.Modifiers {
		if live[i] && m.touches(x, family) {
			stacks[m.Stack].take(f.Stacks[m.Stack], m.Factor)
		}
	}
	total := one
	for _, s := range stacks {
		if s.set {
			total = total.add(s.excess())
		}
	}
	if total.sign() < 0 { // several reductions that sum to more than everything
		return num{}
	}
	return total
}

// choosing returns which of the modifiers that choose lines hold for this one, so that its factor is not
// the whole order's: a bit for each, and the last for all beyond the sixty-third.
func (f *frozen) choosing(x *fact, live []bool) (which uint64) {
	for i, m := range f.Modifiers {
		if live[i] && m.Scope != nil && m.Scope.holds(x) {
			which |= 1 << min(i, 63)
		}
	}
	return which
}

func (m *modifierTerm) touches(x *fact, family string) bool {
	return (m.Scope == nil || x != nil && m.Scope.holds(x)) && (len(m.Families) == 0 || slices.Contains(m.Families, family))
}

// timesID stands for the order's own Times where a modifier is named; its position is -1.
const timesID = "times"

func (f *frozen) factorID(i int) string {
	if i < 0 {
		return timesID
	}
	return f.Modifiers[i].ID
}

// touches reports whether a modifier, or the order's own Times, is one of the factors of a cell.
func (t *tally) touches(i int, c *cell) bool {
	f := t.f
	if i < 0 {
		return !f.Times.IsZero()
	}
	var x *fact
	if c.line >= 0 {
		x = &f.Lines[c.line]
	}
	return t.live[i] && f.Modifiers[i].touches(x, t.sources[c.source].Family)
}

// took reports whether a modifier multiplied anything, and if not, which one beat it wherever it could have.
func (t *tally) took(i int) (ok bool, beatenBy string) {
	f := t.f
	if i < 0 && f.Times.IsZero() {
		return false, ""
	}
	for j := range t.cells {
		c := &t.cells[j]
		if c.value.IsZero() && c.plain.IsZero() || !t.touches(i, c) {
			continue
		}
		best := t.best(i, c)
		if best == i {
			return true, ""
		}
		if beatenBy == "" {
			beatenBy = f.factorID(best)
		}
	}
	return false, beatenBy
}

// best returns the factor that counts for a cell where i is one of several: i itself, unless only the
// largest of its stack does. Of equal ones that is the first.
func (t *tally) best(i int, c *cell) int {
	f := t.f
	stack, _ := f.stacking(i)
	if f.Stacks[stack] != Best {
		return i
	}
	best, most, found := i, num{}, false
	for n := -1; n < len(f.Modifiers); n++ {
		s, factor := f.stacking(n)
		if s == stack && t.touches(n, c) && (!found || most.cmp(factor) < 0) {
			best, most, found = n, factor, true
		}
	}
	return best
}

func (f *frozen) stacking(i int) (stack int, factor num) {
	if i < 0 {
		return 0, f.Times
	}
	return f.Modifiers[i].Stack, f.Modifiers[i].Factor
}

// stacked is the factor of one stack, once it has any.
type stacked struct {
	num
	set bool
}

func (s *stacked) take(how Stack, factor num) {
	switch {
	case !s.set:
		s.num = factor
	case how == Product:
		s.num = s.mul(factor)
	case how == Best:
		if s.cmp(factor) < 0 {
			s.num = factor
		}
	default:
		s.num = s.add(factor.excess())
	}
	s.set = true
}
