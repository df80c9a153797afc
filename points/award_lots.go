package points

import (
	"fmt"

	"github.com/regulars-go/regulars/internal/fixed"
)

// lots gathers the points of all sources into one grant for each family, colour and timing.
func (t *tally) lots() ([]Grant, error) {
	var grants []Grant
	var terms []lotTerm
	for i := range t.sources {
		s := &t.sources[i]
		if s.base+s.extra == 0 {
			continue
		}
		n := 0
		for n < len(terms) && terms[n] != s.lotTerm {
			n++
		}
		if n == len(terms) {
			g, err := t.f.grant(s.lotTerm)
			if err != nil {
				return nil, err
			}
			grants, terms = append(grants, g), append(terms, s.lotTerm)
		}
		grants[n].Points += s.base + s.extra // the sum of all was checked before
	}
	return grants, nil
}

// grant works out the instants of a lot, as far as they are known.
func (f *frozen) grant(l lotTerm) (Grant, error) {
	timing := f.Timings[l.Timing]
	g := Grant{Family: l.Family, Color: l.Color, Timing: timing}
	loc, err := zone(timing.Zone)
	if err != nil {
		return Grant{}, err
	}
	event := f.At
	if name := timing.Pending.Event; name != "" {
		if event = f.Events.of(Moment(name)); event.IsZero() {
			g.Awaits = name
			if !timing.Expiry.needsActive() {
				g.ExpiresAt, err = timing.Expiry.at(Anchors{Earned: f.At}, loc)
			}
			return g, err
		}
	}
	g.ActiveFrom, g.ExpiresAt, err = timing.confirm(f.At, event, loc)
	return g, err
}

// lines returns the points of each line. What belongs to the order as a whole is spread by basis.
func (t *tally) lines() ([]int64, error) {
	n := len(t.f.Lines)
	if n == 0 {
		return nil, nil
	}
	out := make([]int64, n)
	weights := make([]int64, n)
	for i := range t.sources {
		s := &t.sources[i]
		granted := s.base + s.extra
		if granted == 0 {
			continue
		}
		clear(weights)
		var sum int64
		for j := range t.cells {
			if c := &t.cells[j]; c.source == i && c.line >= 0 {
				weights[c.line] = c.points
				sum += c.points
			}
		}
		if sum == granted { // uncut: the shares are known
			for j, w := range weights {
				out[j] += w
			}
			continue
		}
		if sum == 0 {
			for j, b := range t.basis {
				if s.scope.holds(&t.f.Lines[j]) && (i >= len(t.f.Rules) || t.f.owner(j, s.Family, t.basis) == i) {
					weights[j] = b
				}
			}
		}
		parts, err := fixed.Split(granted, weights)
		if err != nil {
			return nil, fmt.Errorf("%w: shares of the lines", ErrOverflow)
		}
		for j, part := range parts {
			out[j] += part
		}
	}
	return out, nil
}

// award puts the result of a tally together.
func (f *frozen) award(gone []int64, nothing bool) (Award, error) {
	a := Award{Key: f.Key, At: f.At, Evidence: Evidence{f}}
	n := len(f.Lines)
	basis := make([]int64, n, 2*n)
	t := tally{f: f, gone: gone, basis: basis}
	if total := f.measure(gone, basis); nothing || n > 0 && total == 0 {
		a.Trace = []Note{{Reason: ZeroBasis}}
		if n > 0 {
			a.Lines = make([]int64, n)
		}
		return a, nil
	}
	full := basis
	if gone != nil {
		full = basis[n : 2*n]
		f.measure(nil, full)
	}
	if err := t.work(full); err != nil {
		return Award{}, err
	}
	all := capTerm{}
	var err error
	if a.Desired, err = t.covered(&all); err != nil {
		return Award{}, err
	}
	if a.CutBy, err = t.cap(); err != nil {
		return Award{}, err
	}
	for i := range t.sources {
		a.Base += t.sources[i].base
		a.Bonus += t.sources[i].extra
	}
	a.Points = a.Base + a.Bonus
	if a.Uses, err = t.uses(); err != nil {
		return Award{}, err
	}
	if a.Lots, err = t.lots(); err != nil {
		return Award{}, err
	}
	if a.Lines, err = t.lines(); err != nil {
		return Award{}, err
	}
	a.Trace = t.trace(a.CutBy)
	return a, nil
}

// trace names what gave points, with how many, what multiplied them, and what cut them.
func (t *tally) trace(cuts []Cut) []Note {
	f := t.f
	notes := make([]Note, 0, len(t.sources)+len(f.Modifiers)+1+len(cuts))
	for i := range t.sources {
		if s := &t.sources[i]; s.base+s.extra > 0 {
			notes = append(notes, Note{Reason: s.note, Of: s.id, Need: s.base + s.extra})
		}
	}
	if !f.Times.IsZero() {
		notes = append(notes, Note{Reason: Multiplied, Of: "times"})
	}
	for i, m := range f.Modifiers {
		if t.live[i] && f.basisOf(m.Scope, t.basis) > 0 {
			notes = append(notes, Note{Reason: Multiplied, Of: m.ID})
		}
	}
	for _, c := range cuts {
		notes = append(notes, Note{Reason: c.Reason, Of: c.Cap, Need: c.Points})
	}
	return notes
}
