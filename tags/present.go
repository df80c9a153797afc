package tags

import (
	"slices"
	"time"
)

// At returns the tags present at an instant, in byte order, each once however many sources gave it. It
// answers for any instant, past or future, as the Set stands. A tag the vocabulary no longer has counts
// for as long as its assignment runs.
func (v *Vocabulary) At(s Set, at time.Time) []string {
	var present []string
	for i := range s {
		if s[i].Active(at) && v.leads(s, i, at) {
			present = append(present, s[i].Tag)
		}
	}
	slices.Sort(present)
	return slices.Compact(present)
}

// Present reports whether a tag is present at an instant. It does not allocate.
func (v *Vocabulary) Present(s Set, tag string, at time.Time) bool {
	for i := range s {
		if s[i].Tag == tag && s[i].Active(at) && v.leads(s, i, at) {
			return true
		}
	}
	return false
}

// NextChange returns the first instant after another at which a tag may come or go, if the Set stays as it
// is, and whether there is one.
func (v *Vocabulary) NextChange(s Set, after time.Time) (time.Time, bool) {
	var next time.Time
	for _, a := range s {
		for _, t := range []time.Time{a.From, a.End()} {
			if t.After(after) {
				next = earliest(next, t)
			}
		}
	}
	return next, !next.IsZero()
}

// leads reports whether an active assignment is not outdone by another of its exclusive group. Sets
// written under another vocabulary may hold two where one is allowed; only one of them is read.
func (v *Vocabulary) leads(s Set, i int, at time.Time) bool {
	w := v.byID[s[i].Tag]
	if w.group == "" {
		return true
	}
	for _, b := range s {
		if b.Tag != s[i].Tag && v.byID[b.Tag].group == w.group && b.Active(at) && v.outdoes(b, s[i], w.policy) {
			return false
		}
	}
	return true
}

// outdoes reports whether x is present and y is not while both are active.
func (v *Vocabulary) outdoes(x, y Assignment, p Policy) bool {
	rank := v.byID[x.Tag].rank - v.byID[y.Tag].rank
	if p != RankWins || rank == 0 {
		if c := x.From.Compare(y.From); c != 0 {
			return (c > 0) == (p == LatestWins || p == Suspend)
		}
	}
	return rank > 0 || rank == 0 && x.Tag < y.Tag
}
