package tags

import (
	"fmt"
	"slices"
	"time"
)

// Expr is a question about tags, written with [Is], [And], [Or] and [Not]. It is put to a [Set], to a
// [Book] or, for counts over a population, to an [Index]. The zero Expr is refused.
type Expr struct {
	op  op
	tag string
	of  []Expr
}

type op uint8

const (
	opNone op = iota
	opIs
	opAnd
	opOr
	opNot
)

// maxDepth bounds how deep an expression may nest.
const maxDepth = 32

// Is asks for a tag.
func Is(tag string) Expr { return Expr{op: opIs, tag: tag} }

// And asks for all of the expressions; none at all is refused.
func And(of ...Expr) Expr { return Expr{op: opAnd, of: of} }

// Or asks for any of the expressions; none at all is refused.
func Or(of ...Expr) Expr { return Expr{op: opOr, of: of} }

// Not asks for the opposite.
func Not(e Expr) Expr { return Expr{op: opNot, of: []Expr{e}} }

// Match reports whether a Set answers the expression at an instant. A tag that is not defined is one
// nobody has, and so is what the zero Expr, or an And or Or of nothing, asks for.
func (e Expr) Match(v *Vocabulary, s Set, at time.Time) bool {
	match := func(e Expr) bool { return e.Match(v, s, at) }
	switch e.op {
	case opIs:
		return v.Present(s, e.tag, at)
	case opAnd:
		return len(e.of) > 0 && !slices.ContainsFunc(e.of, func(e Expr) bool { return !match(e) })
	case opOr:
		return slices.ContainsFunc(e.of, match)
	case opNot:
		return !match(e.of[0])
	default:
		return false
	}
}

// check refuses what cannot be meant.
func (e Expr) check(v *Vocabulary, depth int) error {
	switch {
	case depth > maxDepth:
		return fmt.Errorf("%w: an expression nested deeper than %d", ErrInvalid, maxDepth)
	case e.op == opIs && !v.Has(e.tag):
		return fmt.Errorf("%w %.60q", ErrUnknownTag, e.tag)
	case e.op == opNone || e.op != opIs && len(e.of) == 0:
		return fmt.Errorf("%w: an expression that asks nothing", ErrInvalid)
	}
	for _, x := range e.of {
		if err := x.check(v, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// needs returns a tag without which nobody can answer, or nothing.
func (e Expr) needs() string {
	switch e.op {
	case opIs:
		return e.tag
	case opAnd:
		for _, x := range e.of {
			if tag := x.needs(); tag != "" {
				return tag
			}
		}
	default: // the other kinds may be answered without any one tag
	}
	return ""
}
