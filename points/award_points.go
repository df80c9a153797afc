package points

import (
	"fmt"
	"math/big"
)

// source is a rule or bonus at work: what it would give, and after the caps what it gives.
type source struct {
	id string
	lotTerm
	base, extra int64
	note        Reason
	scope       *lineSet
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
		t.sources = append(t.sources, source{id: b.ID, lotTerm: b.lotTerm, note: Bonused, scope: b.Scope})
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
	for n, r := range f.Rules {
		t.sources = append(t.sources, source{id: r.ID, lotTerm: r.lotTerm, note: Earned, scope: r.Scope})
		var whole int64
		usual := f.factor(nil, r.Family, t.live)
		for i := range f.Lines {
			if t.basis[i] == 0 || f.owner(i, r.Family, t.basis) != n {
				continue
			}
			if r.Kind == step {
				whole += t.basis[i]
				continue
			}
			count, k, err := t.count(r, i)
			if err != nil {
				return err
			}
			factor := usual
			if f.special(&f.Lines[i], t.live) {
				factor = f.factor(&f.Lines[i], r.Family, t.live)
			}
			t.add(n, i, count, k, factor, r.Per)
		}
		if whole > 0 {
			steps, err := f.steps(whole, r.Per)
			if err != nil {
				return err
			}
			t.add(n, -1, steps, num{m: r.Points}, usual, one)
		}
	}
	return nil
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

// count returns what a rule counts in a line, and the points for each, still to be divided by Per.
func (t *tally) count(r *ruleTerm, line int) (int64, num, error) {
	f, k := t.f, num{m: r.Points}
	switch r.Kind {
	case lineStep:
		steps, err := f.steps(t.basis[line], r.Per)
		return steps, k.mul(r.Per), err
	case unit: // as many units as their part of the line is left
		x := &f.Lines[line]
		left := x.Net
		if t.gone != nil {
			left -= t.gone[line]
		}
		return share(x.Quantity, left, x.Net), k, nil
	default:
		return t.basis[line], k.mul(f.Rate).mul(num{m: 1, e: f.Decimals}), nil
	}
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

// add adds a cell of count·k·factor/per.
func (t *tally) add(source, line int, count int64, k, factor, per num) {
	plain := k.mul(num{m: count})
	value := plain.mul(factor)
	if factor != one {
		t.scaled = true
	}
	c := cell{source: source, line: line, group: t.group(source, line), value: value, plain: plain, den: 1}
	if per.m != 0 { // 1/(m·10^-e) is 10^e/m
		up := num{m: 1}.to(per.e)
		up.e = 0
		c.value, c.plain, c.den = value.mul(up), plain.mul(up), per.m
	}
	t.cells = append(t.cells, c)
}

// round makes the exact numbers whole, once, and fills in what each source gives: first as if every
// factor were 1, then with them. What the factors add is bonus.
func (t *tally) round() error {
	if t.scaled {
		if err := t.apportion(true); err != nil {
			return err
		}
		for i := range t.cells {
			t.sources[t.cells[i].source].base += t.cells[i].points
		}
	}
	if err := t.apportion(false); err != nil {
		return err
	}
	for i := range t.cells {
		t.sources[t.cells[i].source].extra += t.cells[i].points // apportion checked the sum
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
