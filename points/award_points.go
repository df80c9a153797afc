package points

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/regulars-go/regulars/internal/fixed"
)

// source is a rule or bonus at work: what it would give, and after the caps what it gives.
type source struct {
	id string
	lotTerm
	base, extra int64
	note        Reason
	scope       *lineSet
	keep        bool // it stays as it was granted, whatever is left of its lines
}

// cell is what one source gives to one line, or to the order where line is -1, exactly: value/den, and
// plain/den with every factor 1.
type cell struct {
	source, line int
	group        int // what it is rounded with
	value, plain num
	den          int64
	points       int64 // after rounding
}

// tally is an award being worked out.
type tally struct {
	f       *frozen
	gone    []int64 // what was returned of each line; nil for nothing
	basis   []int64
	full    []int64 // the basis without any return, for the bonuses that are kept
	sources []source
	cells   []cell
	live    []bool // which modifiers hold
	taken   []bool // lines that a rule has, by the family's first rule
	scaled  bool   // some factor is not 1
	weigh   []int64
}

// work finds all sources and what they give before caps.
func (t *tally) work() error {
	f := t.f
	for _, m := range f.Modifiers {
		t.live = append(t.live, f.spent(m.Spend, m.Scope, t.basis))
	}
	if err := t.rules(); err != nil {
		return err
	}
	for _, b := range f.Bonuses {
		basis := t.basis
		if b.Keep {
			basis = t.full
		}
		if !f.spent(b.Spend, b.Scope, basis) || !f.Gift && f.basisOf(b.Scope, basis) == 0 {
			continue
		}
		n := len(t.sources)
		t.sources = append(t.sources, source{id: b.ID, lotTerm: b.lotTerm, note: Bonused, scope: b.Scope, keep: b.Keep})
		if !b.MultiplyMe {
			t.sources[n].extra = b.Points
			continue
		}
		t.cells = append(t.cells, cell{source: n, line: -1, group: t.group(n, -1), value: f.factor(nil, b.Family, t.live).mul(num{m: b.Points}), den: 1})
		t.scaled = true
	}
	return t.round()
}

// rules adds the cells of the rules. Within a family the first rule that holds has the line.
func (t *tally) rules() error {
	f := t.f
	t.taken = grow(t.taken, len(f.Rules)*len(f.Lines))
	for n, r := range f.Rules {
		t.sources = append(t.sources, source{id: r.ID, lotTerm: r.lotTerm, note: Earned, scope: r.Scope})
		if !f.spent(r.Spend, r.Scope, t.basis) {
			continue
		}
		family := slices.IndexFunc(f.Rules, func(o *ruleTerm) bool { return o.Family == r.Family })
		taken := t.taken[family*len(f.Lines):]
		var whole int64
		usual, k := f.factor(nil, r.Family, t.live), r.each(f)
		var chosen uint64
		var special num // the factor of lines that those modifiers chose
		for i := range f.Lines {
			x := &f.Lines[i]
			if t.basis[i] == 0 || taken[i] || !r.Scope.holds(x) {
				continue
			}
			taken[i] = true
			if r.Kind == step {
				whole += t.basis[i]
				continue
			}
			count, err := t.count(r, i)
			if err != nil {
				return err
			}
			factor := usual
			if by := f.choosing(x, t.live); by != 0 {
				if by != chosen || by>>63 != 0 {
					chosen, special = by, f.factor(x, r.Family, t.live)
				}
				factor = special
			}
			t.add(n, i, k.mul(num{m: count}), factor, r.den())
		}
		if whole > 0 {
			steps, err := f.steps(whole, r.Per)
			if err != nil {
				return err
			}
			t.add(n, -1, k.mul(num{m: steps}), usual, 1)
		}
	}
	return nil
}

// each returns the points for one of what a rule counts, still to be divided by den.
func (r *ruleTerm) each(f *frozen) num {
	k := num{m: r.Points}
	if r.Kind == linear { // a minor unit of the order; 1/Per is 10^e/den
		k = k.mul(f.Rate).mul(num{m: pow10[r.Per.e]})
		k.e += f.Decimals
	}
	return k
}

func (r *ruleTerm) den() int64 {
	if r.Kind == linear {
		return r.Per.m
	}
	return 1
}

// count returns what a rule counts in a line: minor units, steps or units.
func (t *tally) count(r *ruleTerm, line int) (int64, error) {
	switch r.Kind {
	case lineStep:
		return t.f.steps(t.basis[line], r.Per)
	case unit: // as many units as their part of the line is left
		x := &t.f.Lines[line]
		left := x.Net
		if t.gone != nil {
			left -= t.gone[line]
		}
		return share(x.Quantity, left, x.Net), nil
	default:
		return t.basis[line], nil
	}
}

// owner returns the rule of a family that a line earns by, or -1.
func (f *frozen) owner(line int, family string, basis []int64) int {
	for n, r := range f.Rules {
		if r.Family == family && r.Scope.holds(&f.Lines[line]) && f.spent(r.Spend, r.Scope, basis) {
			return n
		}
	}
	return -1
}

// steps returns how many full steps an amount of the order holds.
func (f *frozen) steps(minor int64, per num) (int64, error) {
	have := f.inPolicyMoney(minor)
	e := max(have.e, per.e)
	n := new(big.Int).Quo(have.to(e).int(), per.to(e).int())
	if !n.IsInt64() {
		return 0, fmt.Errorf("%w: steps", ErrOverflow)
	}
	return n.Int64(), nil
}

// add adds a cell of plain·factor/den.
func (t *tally) add(source, line int, plain, factor num, den int64) {
	t.cells = append(t.cells, cell{})
	c := &t.cells[len(t.cells)-1]
	c.source, c.line, c.group, c.value, c.plain, c.den = source, line, t.group(source, line), plain, plain, den
	if factor != one {
		t.scaled = true
		c.value = plain.mul(factor)
	}
}

// round makes the exact numbers whole, once, and fills in what each source gives: first as if every
// factor were 1, then with them. What the factors add is bonus.
func (t *tally) round() error {
	if t.scaled {
		if err := t.gather(true); err != nil {
			return err
		}
	}
	if err := t.gather(false); err != nil {
		return err
	}
	for i := range t.sources {
		s := &t.sources[i]
		if !t.scaled && s.note == Earned {
			s.base = s.extra
		}
		s.base = min(s.base, s.extra) // a factor below 1 leaves no bonus
		s.extra -= s.base
	}
	return nil
}

// gather rounds the cells and adds them to their sources: to the base as if every factor were 1, or to
// the rest with them. Each group of cells fits an int64, but a source may have cells of several.
func (t *tally) gather(plain bool) error {
	if err := t.apportion(plain); err != nil {
		return err
	}
	for i := range t.cells {
		c := &t.cells[i]
		part := &t.sources[c.source].extra
		if plain {
			part = &t.sources[c.source].base
		}
		var err error
		if *part, err = fixed.Add(*part, c.points); err != nil {
			return fmt.Errorf("%w: points of %.60q", ErrOverflow, t.sources[c.source].id)
		}
	}
	return nil
}
