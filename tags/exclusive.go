package tags

import (
	"cmp"
	"slices"
	"time"
)

// settle works out, from what was asked of an exclusive group, what stands from an instant on: the
// assignments in the order they begin, each cut where a rival takes over, and those that never come to
// stand. It depends on what was asked, not on the order of asking. What came before the instant stays as it
// was, whatever the vocabulary was then.
func (v *Vocabulary) settle(group Set, at time.Time) (kept Set, refused []Refusal) {
	slices.SortFunc(group, v.precedence)
	for _, a := range group {
		before := a.From.Before(at)
		if end := a.End(); end.IsZero() || !end.Before(at) {
			a.Cut = time.Time{}
		}
		if why := v.verdict(kept, a); why != "" && !before {
			refused = append(refused, Refusal{a, why})
			continue
		}
		for i, b := range kept {
			if !before && v.rivals(b, a) && b.Active(a.From) && v.byID[a.Tag].policy != Suspend {
				kept[i].Cut = a.From
			}
		}
		kept = append(kept, a)
	}
	return kept, refused
}

// precedence orders assignments by their begin and, at one instant, by who goes first. Of one tag, what was
// given by hand goes first: it makes room for the rest.
func (v *Vocabulary) precedence(x, y Assignment) int {
	hand := 0
	switch {
	case x.Source.ByHand() && !y.Source.ByHand():
		hand = -1
	case y.Source.ByHand() && !x.Source.ByHand():
		hand = 1
	}
	return cmp.Or(x.From.Compare(y.From), cmp.Compare(v.byID[y.Tag].rank, v.byID[x.Tag].rank),
		cmp.Compare(x.Tag, y.Tag), hand, cmp.Compare(x.Source, y.Source))
}

func (v *Vocabulary) rivals(x, y Assignment) bool {
	g := v.byID[x.Tag].group
	return g != "" && g == v.byID[y.Tag].group && x.Tag != y.Tag
}

// verdict says why an assignment cannot begin beside those that began before it, or at the same instant
// with precedence; or nothing, where it can.
func (v *Vocabulary) verdict(kept Set, a Assignment) Why {
	w := v.byID[a.Tag]
	if w.policy == Suspend {
		return ""
	}
	for _, b := range kept {
		if !v.rivals(b, a) || !b.Active(a.From) {
			continue
		}
		switch {
		case b.From.Equal(a.From):
			return SameInstant
		case w.policy == Refuse:
			return Occupied
		case b.Source.ByHand() && !a.Source.ByHand():
			return HeldByHand
		case w.policy == RankWins && w.rank <= v.byID[b.Tag].rank:
			return Outranked
		}
	}
	return ""
}

// occupied reports whether an assignment would overlap a rival that was there before, in a group that
// refuses that. One that begins at the same instant is left to settle.
func (v *Vocabulary) occupied(s Set, a Assignment) bool {
	if v.byID[a.Tag].policy != Refuse {
		return false
	}
	return slices.ContainsFunc(s, func(b Assignment) bool {
		return v.rivals(b, a) && !b.From.Equal(a.From) && endsAfter(b.End(), a.From) && endsAfter(a.Until, b.From)
	})
}
