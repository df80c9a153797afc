package points

import (
	"fmt"
	"slices"
)

// WhyNot says why the rule, modifier or bonus of that id did nothing for an order; nothing if it did
// something. A modifier did something if it took part in the factor of points that were earned. An id
// that the revision in force does not have is [ErrUnknown]; an order that cannot be awarded is refused
// as by [Policy.Award].
func (p *Policy) WhyNot(id string, o Order, used ...Use) ([]Note, error) {
	f, _, err := p.freeze(&o, used)
	if err != nil {
		return nil, err
	}
	v := p.At(f.At)
	why := doubt{f: f, v: v, x: occasion{p: v, at: f.At}, o: &o, basis: make([]int64, len(f.Lines))}
	total := f.measure(nil, why.basis)
	var of func() ([]Note, error)
	for i, t := range v.rules.list {
		if t.ID == id {
			of = func() ([]Note, error) { return why.rule(i, t) }
		}
	}
	for i, t := range v.modifiers.list {
		if t.ID == id {
			of = func() ([]Note, error) { return why.modifier(i, t) }
		}
	}
	for i, t := range v.bonuses.list {
		if t.ID == id {
			of = func() ([]Note, error) { return why.bonus(i, t) }
		}
	}
	switch {
	case of == nil:
		return nil, fmt.Errorf("%w: rule, modifier or bonus %.60q", ErrUnknown, id)
	case total == 0:
		return []Note{{Reason: ZeroBasis}}, nil
	}
	return of()
}

// doubt is a question about one order.
type doubt struct {
	f     *frozen
	v     *Policy // the revision in force
	x     occasion
	o     *Order
	basis []int64
}

// rule also names a rule of the family that had the lines first. One that comes later had them only
// because this one failed.
func (d *doubt) rule(i int, t *ruleTerm) (notes []Note, err error) {
	d.x.meets(&d.v.rules.conds[i], d.o, &notes)
	earlier, taken := d.v.rules.list[:i], ""
	lines := d.f.whyNotLines(t.Spend, t.Scope, d.basis, func(line int) bool {
		n := d.f.owner(line, t.Family, d.basis)
		if n < 0 || !slices.Contains(earlier, d.f.Rules[n]) {
			return true
		}
		taken = d.f.Rules[n].ID
		return false
	})
	if len(lines) > 0 && lines[0].Reason == NoLine && taken != "" {
		lines = []Note{{Reason: TakenBy, Of: taken}}
	}
	if notes = append(notes, lines...); len(notes) > 0 {
		return notes, nil
	}
	return d.f.whyCut(t.ID)
}

func (d *doubt) modifier(i int, t *modifierTerm) (notes []Note, err error) {
	d.x.meets(&d.v.modifiers.conds[i], d.o, &notes)
	notes = append(notes, d.f.whyNotLines(t.Spend, t.Scope, d.basis, nil)...)
	if len(notes) > 0 {
		return notes, nil
	}
	return d.f.whyUnmultiplied(slices.Index(d.f.Modifiers, t))
}

func (d *doubt) bonus(i int, t *bonusTerm) (notes []Note, err error) {
	d.x.meets(&d.v.bonuses.conds[i], d.o, &notes)
	notes = append(notes, d.f.whyNotLines(t.Spend, t.Scope, d.basis, nil)...)
	if len(notes) > 0 {
		return notes, nil
	}
	return d.f.whyCut(t.ID)
}

// whyUnmultiplied says why a modifier that holds took no part: another was larger, or the points of its
// families are none.
func (f *frozen) whyUnmultiplied(i int) ([]Note, error) {
	t := tallies.Get().(*tally)
	defer t.release()
	t.reset(f, nil)
	if err := t.work(); err != nil {
		return nil, err
	}
	took, by := t.took(i)
	switch {
	case took:
		return nil, nil
	case by != "":
		return []Note{{Reason: BeatenBy, Of: by}}, nil
	case slices.ContainsFunc(t.cells, func(c cell) bool { return t.touches(i, &c) }): // no full step, no whole unit
		return []Note{{Reason: RoundedAway, Of: f.Modifiers[i].ID}}, nil
	}
	return []Note{{Reason: NoLine}}, nil
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
