package tags

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

var (
	// ErrUnknownTag reports a tag that is not defined.
	ErrUnknownTag = errors.New("tags: unknown tag")
	// ErrInvalid reports a request that makes no sense, whatever the Set.
	ErrInvalid = errors.New("tags: invalid request")
)

// Request asks for one tag to be given or taken away. [Vocabulary.Apply] carries it out on a Set, a
// [Book] on a stored one.
type Request struct {
	Action Action `json:"action"`
	Tag    string `json:"tag"`
	Source Source `json:"source"`
	// At is when the tag begins, or is taken away. Zero means now to a Book, and is refused elsewhere.
	At time.Time `json:"at,omitzero"`
	// Until is the first instant the tag given is over; zero is never.
	Until time.Time `json:"until,omitzero"`
}

// Action is what a [Request] asks for.
type Action string

// The actions. Giving a tag again, while the source's own assignment runs, extends it to the later end.
const (
	// Assign gives the tag and never shortens what the source gave before.
	Assign Action = "assign"
	// Replace gives the tag and makes Until its end, shortening what the source gave before, and dropping
	// what the source planned for later.
	Replace Action = "replace"
	// Remove closes what the source gave and drops what it planned.
	Remove Action = "remove"
	// Clear does so for every source. It may only be asked by hand.
	Clear Action = "clear"
)

// Apply carries a request out and returns the Set after it, with what changed. An assignment that an
// exclusive group refuses is no error: it is in Change.Refused. Where it is the one asked for, or with an
// error, the Set is returned as it was. Instants are truncated to microseconds, in UTC.
//
// Carrying out the same request again changes nothing.
func (v *Vocabulary) Apply(s Set, r Request) (Set, Change, error) {
	r.At, r.Until = r.At.Truncate(time.Microsecond).UTC(), r.Until.Truncate(time.Microsecond).UTC()
	if err := v.check(s, r); err != nil {
		return s, Change{}, err
	}
	var after Set
	a := Assignment{Tag: r.Tag, Source: r.Source, From: r.At, Until: r.Until}
	if r.Action == Assign || r.Action == Replace {
		if v.occupied(s, a) {
			return s, Change{Refused: []Refusal{{a, Occupied}}}, nil
		}
		after = give(s, a, r.Action == Replace)
	} else {
		after = take(s, r)
	}
	after, refused := v.restore(after, r)
	for _, x := range refused {
		if same(x.Assignment, a) { // what else giving it would have shortened or dropped stays too
			return s, Change{Refused: []Refusal{x}}, nil
		}
	}
	return after, compare(s, after, refused), nil
}

func (v *Vocabulary) check(s Set, r Request) error {
	known := v.Has(r.Tag)
	switch r.Action {
	case Assign, Replace:
		if !r.Until.IsZero() && !r.Until.After(r.At) {
			return fmt.Errorf("%w: until is not after at", ErrInvalid)
		}
	case Remove, Clear:
		// What an older vocabulary left behind can still be taken away.
		known = known || slices.ContainsFunc(s, func(a Assignment) bool { return a.Tag == r.Tag })
		if !r.Until.IsZero() {
			return fmt.Errorf("%w: %s takes no until", ErrInvalid, r.Action)
		}
	default:
		return fmt.Errorf("%w: action %.60q", ErrInvalid, r.Action)
	}
	if err := checkID(string(r.Source)); err != nil {
		return fmt.Errorf("%w: source: %w", ErrInvalid, err)
	}
	switch {
	case !known:
		return fmt.Errorf("%w %.60q", ErrUnknownTag, r.Tag)
	case r.At.IsZero():
		return fmt.Errorf("%w: at is zero", ErrInvalid)
	case !storable(r.At) || !storable(r.Until):
		return fmt.Errorf("%w: a year not within 1 to 9999", ErrInvalid)
	case r.Action == Clear && !r.Source.ByHand():
		return fmt.Errorf("%w: only a source by hand clears what others gave", ErrInvalid)
	}
	return nil
}

// storable reports whether JSON and every database can hold an instant.
func storable(t time.Time) bool { return t.Year() >= 1 && t.Year() <= 9999 }

// give adds an assignment to a copy of the Set. What one source gave of one tag never overlaps itself:
// an assignment that reaches into the next ends there, and the next takes over what remains.
func give(s Set, a Assignment, replace bool) Set {
	var own, after Set
	for _, b := range s {
		switch mine := b.Tag == a.Tag && b.Source == a.Source; {
		case !mine:
			after = append(after, b)
		case !replace || b.From.Before(a.From) || b.From.Equal(a.From):
			own = append(own, b)
		}
	}
	slices.SortFunc(own, compareAssignments)
	i := slices.IndexFunc(own, func(b Assignment) bool { return b.Active(a.From) })
	switch {
	case i < 0:
		own = append(own, a)
	case replace:
		own[i].Until = a.Until
	default:
		own[i].Until = latest(own[i].Until, a.Until)
	}
	slices.SortFunc(own, compareAssignments)
	for i := range own {
		if b := &own[i]; !b.From.Before(a.From) && endsAfter(a.Until, b.From) {
			b.Until = latest(b.Until, a.Until)
		}
		if i > 0 && endsAfter(own[i-1].Until, own[i].From) {
			own[i-1].Until = own[i].From
		}
	}
	return append(after, own...)
}

// take closes what is active at an instant and drops what begins then or later, in a copy of the Set.
func take(s Set, r Request) Set {
	var after Set
	for _, a := range s {
		switch mine := a.Tag == r.Tag && (a.Source == r.Source || r.Action == Clear); {
		case mine && !a.From.Before(r.At):
			continue
		case mine && a.Active(r.At):
			a.Until = r.At
		}
		after = append(after, a)
	}
	return after
}

// restore settles the exclusive group of a request's tag anew and returns the Set in order.
func (v *Vocabulary) restore(s Set, r Request) (Set, []Refusal) {
	var refused []Refusal
	if g := v.byID[r.Tag].group; g != "" {
		var group, rest Set
		for _, a := range s {
			if v.byID[a.Tag].group == g {
				group = append(group, a)
			} else {
				rest = append(rest, a)
			}
		}
		group, refused = v.settle(group, r.At)
		s = slices.Concat(rest, group)
	}
	slices.SortFunc(s, compareAssignments)
	return s, refused
}
