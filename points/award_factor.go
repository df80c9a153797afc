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

// special reports whether a modifier that chooses lines holds for this one, so that its factor is not
// the whole order's.
func (f *frozen) special(x *fact, live []bool) bool {
	for i, m := range f.Modifiers {
		if live[i] && m.Scope != nil && m.Scope.holds(x) {
			return true
		}
	}
	return false
}

func (m *modifierTerm) touches(x *fact, family string) bool {
	return (m.Scope == nil || x != nil && m.Scope.holds(x)) && (len(m.Families) == 0 || slices.Contains(m.Families, family))
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
