package points

import "sync"

// tallies keeps used scratch space: it is most of what an award would allocate.
var tallies = sync.Pool{New: func() any { return new(tally) }}

// award works out what the lines are worth of which gone was returned (nil for nothing).
func (f *frozen) award(gone []int64, nothing bool) (Award, error) {
	t := tallies.Get().(*tally)
	defer t.release()
	total := t.reset(f, gone)
	a := Award{Key: f.Key, At: f.At, Evidence: Evidence{f}}
	n := len(f.Lines)
	if nothing || !f.Gift && total == 0 {
		a.Trace = []Note{{Reason: ZeroBasis}}
		if n > 0 {
			a.Lines = make([]int64, n)
		}
		return a, nil
	}
	if err := t.work(); err != nil {
		return Award{}, err
	}
	err := t.fill(&a)
	if err != nil {
		return Award{}, err
	}
	return a, nil
}

// fill applies the caps and puts the result together.
func (t *tally) fill(a *Award) (err error) {
	if a.Desired, err = t.covered(&capTerm{}); err != nil {
		return err
	}
	if a.CutBy, err = t.cap(); err != nil {
		return err
	}
	for i := range t.sources {
		a.Base += t.sources[i].base
		a.Bonus += t.sources[i].extra
	}
	a.Points = a.Base + a.Bonus
	if a.Uses, err = t.uses(); err != nil {
		return err
	}
	room := new(awardRoom)
	if a.Lots, err = t.lots(room.lots[:0]); err != nil {
		return err
	}
	if a.Lines, err = t.lines(room.lines[:0]); err != nil {
		return err
	}
	a.Trace = t.trace(room.trace[:0], a.CutBy)
	return nil
}

// awardRoom holds the lists of a usual award together.
type awardRoom struct {
	lots  [1]Grant
	lines [6]int64
	trace [4]Note
}

// reset begins with what was returned of each line and gives the basis that is left.
func (t *tally) reset(f *frozen, gone []int64) (total int64) {
	t.f, t.gone, t.scaled = f, gone, false
	t.basis, t.full = grow(t.basis, len(f.Lines)), grow(t.full, len(f.Lines))
	t.live, t.sources, t.cells = t.live[:0], t.sources[:0], t.cells[:0]
	total = f.measure(nil, t.full)
	if gone != nil {
		return f.measure(gone, t.basis)
	}
	copy(t.basis, t.full)
	return total
}

// release gives the scratch space back. What its lists still point to is small and soon overwritten.
func (t *tally) release() {
	t.f, t.gone = nil, nil
	tallies.Put(t)
}

// grow returns n zero values, in the space of s if that is enough.
func grow[T any](s []T, n int) []T {
	if n > cap(s) {
		return make([]T, n)
	}
	s = s[:n]
	clear(s)
	return s
}
