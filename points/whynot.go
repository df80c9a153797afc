package points

import (
	"fmt"
	"slices"
)

// WhyNot says why the rule, modifier or bonus of that id did nothing for an order; nothing if it did
// something. An id that the policy does not have is [ErrUnknown].
func (p *Policy) WhyNot(id string, o Order, used ...Use) ([]Note, error) {
	f, _, err := p.freeze(&o, used)
	if err != nil {
		return nil, err
	}
	v := p.At(f.At)
	x := occasion{p: v, at: f.At}
	basis := make([]int64, len(f.Lines))
	if f.measure(nil, basis) == 0 {
		return []Note{{Reason: ZeroBasis}}, nil
	}
	var notes []Note
	for i, t := range v.rules.list {
		if t.ID == id {
			x.meets(&v.rules.conds[i], &o, &notes)
			return append(notes, f.whyNotRule(t, basis)...), nil
		}
	}
	for i, t := range v.modifiers.list {
		if t.ID == id {
			x.meets(&v.modifiers.conds[i], &o, &notes)
			return append(notes, f.whyNotLines(t.Spend, t.Scope, basis, nil)...), nil
		}
	}
	for i, t := range v.bonuses.list {
		if t.ID == id {
			x.meets(&v.bonuses.conds[i], &o, &notes)
			notes = append(notes, f.whyNotLines(t.Spend, t.Scope, basis, nil)...)
			if len(notes) == 0 {
				return f.whyCut(id)
			}
			return notes, nil
		}
	}
	return nil, fmt.Errorf("%w: rule, modifier or bonus %.60q", ErrUnknown, id)
}

// whyNotRule adds what keeps a rule from lines: another rule of its family had them first.
func (f *frozen) whyNotRule(t *ruleTerm, basis []int64) []Note {
	taken := ""
	notes := f.whyNotLines(t.Spend, t.Scope, basis, func(i int) bool {
		n := f.owner(i, t.Family, basis)
		if n >= 0 && f.Rules[n] != t {
			taken = f.Rules[n].ID
			return false
		}
		return true
	})
	if len(notes) > 0 && taken != "" {
		return []Note{{Reason: TakenBy, Of: taken}}
	}
	if len(notes) == 0 && slices.Contains(f.Rules, t) {
		cut, err := f.whyCut(t.ID)
		if err == nil {
			return cut
		}
	}
	return notes
}

// whyNotLines says whether the conditions on lines and spend keep a term from every line.
func (f *frozen) whyNotLines(spend num, set *lineSet, basis []int64, free func(int) bool) []Note {
	found := false
	for i, b := range basis {
		found = found || b > 0 && set.holds(&f.Lines[i]) && (free == nil || free(i))
	}
	switch {
	case !found:
		return []Note{{Reason: NoLine}}
	case !f.spent(spend, set, basis):
		return []Note{f.belowSpend(spend, set)}
	}
	return nil
}

func (f *frozen) belowSpend(spend num, set *lineSet) Note {
	basis := make([]int64, len(f.Lines))
	f.measure(nil, basis)
	have := f.inPolicyMoney(f.basisOf(set, basis))
	return Note{Reason: BelowSpend, Of: have.String() + " < " + spend.String()}
}

// whyCut names the caps that left a source nothing, or the rounding.
func (f *frozen) whyCut(id string) ([]Note, error) {
	capped, err := f.award(nil, false)
	if err != nil || capped.gives(id) {
		return nil, err
	}
	free := *f
	free.Caps = nil
	if a, err := free.award(nil, false); err != nil || !a.gives(id) {
		return []Note{{Reason: RoundedAway, Of: id}}, err
	}
	var notes []Note
	for i := range f.Caps {
		c := &f.Caps[i]
		for _, cut := range capped.CutBy {
			if cut.Cap == c.ID && (c.Of == "" || c.Of == id) {
				notes = append(notes, Note{Reason: cut.Reason, Of: cut.Cap, Need: cut.Points})
			}
		}
	}
	return notes, nil
}

// gives reports whether a rule or bonus gave points.
func (a *Award) gives(id string) bool {
	return slices.ContainsFunc(a.Trace, func(n Note) bool { return n.Of == id && (n.Reason == Earned || n.Reason == Bonused) })
}
