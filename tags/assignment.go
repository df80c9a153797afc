package tags

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Assignment says that a tag was given by a source from an instant on, until another. Who has it is the
// caller's business, or that of a [Book].
type Assignment struct {
	Tag    string `json:"tag"`
	Source Source `json:"source"`
	// From is the first instant, Until the first one after: [From, Until). A zero Until is open.
	From  time.Time `json:"from"`
	Until time.Time `json:"until,omitzero"`
	// Cut, where not zero, is when another tag of an exclusive group ended it before Until. The
	// Vocabulary keeps it.
	Cut time.Time `json:"cut,omitzero"`
}

// Source is who gave a tag: [Manual] or "manual:anna" for people, "rule:plus-size" for a rule, any other
// word of the caller's. A source extends and removes only what is its own.
type Source string

// Manual is the source of what people do by hand.
const Manual Source = "manual"

// ByHand reports whether the source is [Manual], or a person's "manual:…".
func (s Source) ByHand() bool { return s == Manual || strings.HasPrefix(string(s), string(Manual)+":") }

// End returns the first instant after the assignment, or zero where it is open.
func (a Assignment) End() time.Time { return earliest(a.Until, a.Cut) }

// Active reports whether the assignment is in force at an instant. Whether its tag is present is for
// the [Vocabulary] to say, since an exclusive group may suspend it.
func (a Assignment) Active(at time.Time) bool {
	return !at.Before(a.From) && endsAfter(a.End(), at)
}

// Set is the assignments of one holder, those of the past included. A Set is a value: no method changes
// it. Its order carries no meaning, but what comes out of a Vocabulary is sorted by instant and tag. A nil
// Set has no tags.
type Set []Assignment

// earliest and latest take a zero instant for never.
func earliest(x, y time.Time) time.Time {
	if x.IsZero() || !y.IsZero() && y.Before(x) {
		return y
	}
	return x
}

func latest(x, y time.Time) time.Time {
	if x.IsZero() || y.IsZero() {
		return time.Time{}
	}
	if y.After(x) {
		return y
	}
	return x
}

func endsAfter(end, at time.Time) bool { return end.IsZero() || end.After(at) }

// same reports whether two assignments are one, at different times of its life.
func same(x, y Assignment) bool {
	return x.Tag == y.Tag && x.Source == y.Source && x.From.Equal(y.From)
}

func equal(x, y Set) bool {
	return slices.EqualFunc(x, y, func(a, b Assignment) bool {
		return same(a, b) && a.Until.Equal(b.Until) && a.Cut.Equal(b.Cut)
	})
}

func compareAssignments(x, y Assignment) int {
	return cmp.Or(x.From.Compare(y.From), cmp.Compare(x.Tag, y.Tag), cmp.Compare(x.Source, y.Source))
}
