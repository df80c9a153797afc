package tags

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"time"
)

// Rule is anything that can say of a customer, at an instant, whether a tag is deserved: a compiled rule
// of package campaign/rule, or a [RuleFunc].
type Rule[C any] interface {
	Match(c C, at time.Time) bool
}

// RuleFunc is a function as a [Rule].
type RuleFunc[C any] func(c C, at time.Time) bool

// Match calls the function.
func (f RuleFunc[C]) Match(c C, at time.Time) bool { return f(c, at) }

// Tagging gives a tag to the customers a rule matches.
type Tagging[C any] struct {
	Tag  string
	Rule Rule[C]
	// Source is the rule's own; empty means "rule:" and the tag. It must not be by hand.
	Source Source
	// For is how long the tag stays after the last run that matched; zero is until it is taken away.
	// Within it a match extends.
	For time.Duration
	// Revocable takes the rule's own assignment away when the rule matches no more. Without it a tag once
	// deserved is kept.
	Revocable bool
}

// Tagger is a list of taggings checked against a vocabulary. It is immutable and safe for concurrent
// use, if its rules are.
type Tagger[C any] struct {
	v        *Vocabulary
	taggings []Tagging[C]
}

// NewTagger checks taggings: their tags are defined, their rules are there, and no two share tag and
// source.
func NewTagger[C any](v *Vocabulary, taggings ...Tagging[C]) (*Tagger[C], error) {
	t := &Tagger[C]{v: v, taggings: slices.Clone(taggings)}
	for i := range t.taggings {
		g := &t.taggings[i]
		if g.Source == "" {
			g.Source = Source("rule:" + g.Tag)
		}
		twice := slices.ContainsFunc(t.taggings[:i], func(o Tagging[C]) bool { return o.Tag == g.Tag && o.Source == g.Source })
		switch err := checkID(string(g.Source)); {
		case !v.Has(g.Tag):
			return nil, fmt.Errorf("%w %.60q (tagging %d)", ErrUnknownTag, g.Tag, i)
		case g.Rule == nil:
			return nil, fmt.Errorf("%w: tagging %d has no rule", ErrInvalid, i)
		case err != nil:
			return nil, fmt.Errorf("%w: tagging %d: source: %w", ErrInvalid, i, err)
		case g.Source.ByHand():
			return nil, fmt.Errorf("%w: tagging %d: a rule is not by hand", ErrInvalid, i)
		case g.For < 0:
			return nil, fmt.Errorf("%w: tagging %d: for is negative", ErrInvalid, i)
		case twice:
			return nil, fmt.Errorf("%w: tagging %d: tag and source stand twice", ErrInvalid, i)
		}
	}
	return t, nil
}

// Requests returns what the rules ask for a customer at an instant: tags to give, and revocable ones to
// take away. Where several tags of one exclusive group are deserved, only the one that takes precedence
// is asked for, unless the group suspends.
func (t *Tagger[C]) Requests(c C, at time.Time) []Request {
	var give, take []Request
	for _, g := range t.taggings {
		r := Request{Action: Remove, Tag: g.Tag, Source: g.Source, At: at}
		switch {
		case g.Rule.Match(c, at):
			r.Action = Assign
			if g.For > 0 {
				r.Until = at.Add(g.For)
			}
			give = append(give, r)
		case g.Revocable:
			take = append(take, r)
		}
	}
	return append(take, t.v.foremost(give)...)
}

// foremost drops requests for tags that another request outdoes.
func (v *Vocabulary) foremost(give []Request) []Request {
	return slices.DeleteFunc(slices.Clone(give), func(r Request) bool {
		w := v.byID[r.Tag]
		return w.group != "" && w.policy != Suspend && slices.ContainsFunc(give, func(o Request) bool {
			x := v.byID[o.Tag]
			return x.group == w.group && cmp.Or(cmp.Compare(w.rank, x.rank), cmp.Compare(o.Tag, r.Tag)) < 0
		})
	})
}

// Tag runs the rules for one customer and returns the Set after it. With an error, such as [ErrInvalid] for
// a zero instant, the Set is returned as it was.
func (t *Tagger[C]) Tag(c C, s Set, at time.Time) (Set, Change, error) {
	if at.IsZero() { // whatever the rules would ask for
		return s, Change{}, fmt.Errorf("%w: at is zero", ErrInvalid)
	}
	return t.v.applyAll(s, t.Requests(c, at))
}

// applyAll carries requests out one after the other, all or none.
func (v *Vocabulary) applyAll(s Set, requests []Request) (Set, Change, error) {
	after := s
	var refused []Refusal
	for _, r := range requests {
		next, change, err := v.Apply(after, r)
		if err != nil {
			return s, Change{}, err
		}
		after, refused = next, append(refused, change.Refused...)
	}
	return after, compare(s, after, refused), nil
}

// Tagged is one customer, as the caller's own struct, with the Set after the rules ran.
type Tagged[C any] struct {
	Customer C
	Set      Set
	Change   Change
}

// TagAll runs the rules for every customer of a sequence at one instant, in its order. The function
// hands out a customer's present Set. An error comes with its customer and does not end the sequence:
// the consumer goes on or breaks. Nothing is stored; [Report.Add] counts.
func TagAll[C any](t *Tagger[C], at time.Time, customers iter.Seq2[C, error], set func(C) Set) iter.Seq2[Tagged[C], error] {
	return func(yield func(Tagged[C], error) bool) {
		for c, err := range customers {
			out := Tagged[C]{Customer: c}
			if err == nil {
				out.Set, out.Change, err = t.Tag(c, set(c), at)
			}
			if !yield(out, err) {
				return
			}
		}
	}
}
