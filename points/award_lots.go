package points

import (
	"fmt"

	"github.com/regulars-go/regulars/internal/fixed"
)

// lots gathers the points of all sources into one grant for each family, colour and timing.
func (t *tally) lots(grants []Grant) ([]Grant, error) {
	var few [4]int
	first := few[:0] // the first source of each grant
	for i := range t.sources {
		s := &t.sources[i]
		if s.base+s.extra == 0 {
			continue
		}
		n := 0
		for n < len(first) && t.sources[first[n]].lotTerm != s.lotTerm {
			n++
		}
		if n == len(first) {
			first = append(first, i)
			grants = append(grants, Grant{})
			g := &grants[n]
			g.Family, g.Color, g.Timing = s.Family, s.Color, t.f.Timings[s.Timing]
			if e := &g.Timing.Expiry; len(e.Later)+len(e.Earlier) > 0 { // the policy's own must not be altered through a lot
				*e = e.clone()
			}
			if err := t.f.instants(g); err != nil {
				return nil, err
			}
		}
		grants[n].Points += s.base + s.extra // the sum of all was checked before
	}
	if len(grants) == 0 {
		return nil, nil
	}
	return grants, nil
}

// instants fills in when a lot can be used, as far as that is known.
func (f *frozen) instants(g *Grant) error {
	loc, err := zone(g.Timing.Zone)
	if err != nil {
		return err
	}
	event := f.At
	if name := g.Timing.Pending.Event; name != "" {
		if event = f.Events.of(Moment(name)); event.IsZero() {
			g.Awaits = name
			if g.Timing.Expiry.needsActive() {
				return nil
			}
			if g.ExpiresAt, err = g.Timing.Expiry.at(Anchors{Earned: f.At}, loc); err == nil && g.ExpiresAt.After(lastInstant) {
				err = errTooLate
			}
			return err
		}
	}
	g.ActiveFrom, g.ExpiresAt, err = g.Timing.confirm(f.At, event, loc)
	return err
}

// lines returns the points of each line. What belongs to the order as a whole is spread by basis.
func (t *tally) lines(out []int64) ([]int64, error) {
	n := len(t.f.Lines)
	if n == 0 {
		return nil, nil
	}
	out = grow(out, n)
	for i := range t.sources {
		s := &t.sources[i]
		granted := s.base + s.extra
		if granted == 0 {
			continue
		}
		weights, sum := t.weights(i)
		if sum != granted { // a cap cut it, or it belongs to the order
			var err error
			if weights, err = fixed.Split(granted, weights); err != nil {
				return nil, fmt.Errorf("%w: shares of the lines", ErrOverflow)
			}
		}
		for j, part := range weights {
			out[j] += part
		}
	}
	return out, nil
}

// weights returns what a source gave to each line before caps; what it gave to the order as a whole
// is weighed by the basis of its lines, and for a kept bonus by what that was before any return.
func (t *tally) weights(source int) (weights []int64, sum int64) {
	t.weigh = grow(t.weigh, len(t.f.Lines))
	weights = t.weigh
	for j := range t.cells {
		if c := &t.cells[j]; c.source == source && c.line >= 0 {
			weights[c.line] = c.points
			sum += c.points
		}
	}
	if sum > 0 {
		return weights, sum
	}
	s, basis := &t.sources[source], t.basis
	if s.keep {
		basis = t.full
	}
	for j, b := range basis {
		if s.scope.holds(&t.f.Lines[j]) && (source >= len(t.f.Rules) || t.f.owner(j, s.Family, t.basis) == source) {
			weights[j] = b
		}
	}
	return weights, 0
}

// trace names what gave points, with how many, what multiplied them, and what cut them.
func (t *tally) trace(notes []Note, cuts []Cut) []Note {
	f := t.f
	if len(t.cells) == 0 && len(t.sources) == len(f.Rules) {
		return append(notes, Note{Reason: NoLine})
	}
	for i := range t.sources {
		if s := &t.sources[i]; s.base+s.extra > 0 {
			notes = append(notes, Note{Reason: s.note, Of: s.id, Need: s.base + s.extra})
		}
	}
	for i := -1; i < len(f.Modifiers); i++ { // the order's own Times first
		if took, _ := t.took(i); took {
			notes = append(notes, Note{Reason: Multiplied, Of: f.factorID(i)})
		}
	}
	for _, c := range cuts {
		notes = append(notes, Note{Reason: c.Reason, Of: c.Cap, Need: c.Points})
	}
	if len(notes) == 0 {
		notes = append(notes, Note{Reason: RoundedAway})
	}
	return notes
}
