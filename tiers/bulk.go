package tiers

import (
	"iter"
	"time"
)

// Decided is one member, as the caller's own struct, with the decision.
type Decided[M any] struct {
	Member   M
	Decision Decision
}

// DecideAll decides for every member of a sequence at one instant, in its order. The function hands out
// what is known of a member, and the level held; its slices are read before the next call, so they may be
// reused. An error of the sequence, or of one member's facts, comes with that member and does not end
// the sequence: the consumer goes on or breaks.
func DecideAll[M any](l *Ladder, at time.Time, members iter.Seq2[M, error], of func(M) (Facts, Held)) iter.Seq2[Decided[M], error] {
	return func(yield func(Decided[M], error) bool) {
		scratch := l.scratch()
		for m, err := range members {
			out := Decided[M]{Member: m}
			if err == nil {
				facts, held := of(m)
				out.Decision, err = l.decideFrom(scratch, facts, at, held)
			}
			if !yield(out, err) {
				return
			}
		}
	}
}

func (l *Ladder) scratch() *Activity {
	return &Activity{ladder: l, lists: make([][]fact, listNumbers+len(l.numbers))}
}

func (l *Ladder) decideFrom(scratch *Activity, f Facts, at time.Time, held Held) (Decision, error) {
	if err := scratch.fill(f); err != nil {
		return Decision{}, err
	}
	return l.Decide(scratch, at, held)
}
