package sqlrule

import (
	"slices"
	"time"

	"github.com/regulars-go/regulars/campaign/rule"
)

func (c column) text(n *rule.Node, _ time.Time) (fragment, bool) {
	ref := c.of(c.Name)
	switch n.Op {
	case rule.OpKnown:
		return known(ref, n.Bool), true
	case rule.OpEq, rule.OpIn:
		return c.oneOf(ref, distinct(n.Texts)), true
	case rule.OpNe, rule.OpNotIn:
		return not(c.oneOf(ref, distinct(n.Texts))), true
	default:
		return fragment{}, false
	}
}

func (c column) integer(n *rule.Node, _ time.Time) (fragment, bool) {
	ref := c.of(c.Name)
	if n.Op == rule.OpKnown {
		return known(ref, n.Bool), true
	}
	if n.Op == rule.OpBetween {
		return c.within(ref, n.Ints[0], n.Ints[1]), true
	}
	op, ok := comparisons[n.Op]
	if !ok {
		return fragment{}, false
	}
	return cat(ref, op, c.number(n.Ints[0])), true
}

func (c column) flag(n *rule.Node, _ time.Time) (fragment, bool) {
	ref := c.of(c.Name)
	switch {
	case n.Op == rule.OpKnown:
		return known(ref, n.Bool), true
	case n.Op != rule.OpIs:
		return fragment{}, false
	case c.dialect == Postgres && c.As == Natural && n.Bool:
		return raw(ref), true
	case c.dialect == Postgres && c.As == Natural:
		return raw("NOT " + ref), true
	case n.Bool:
		return raw(ref + " <> 0"), true
	}
	return raw(ref + " = 0"), true
}

// ranked conditions hold for some of the field's words and are false for the others. Whatever else is
// in the column is missing, as it is in memory, and so the result is NULL.
func (c column) ranked(n *rule.Node, _ time.Time) (fragment, bool) {
	ref := c.of(c.Name)
	words := c.field.Ranks
	var legal fragment
	if c.As == Rank {
		legal = c.within(ref, c.Base, c.Base+int64(len(words))-1)
	} else {
		legal = c.oneOf(ref, words)
	}
	if n.Op == rule.OpKnown {
		switch {
		case c.Exact:
			return known(ref, n.Bool), true
		case n.Bool:
			return cat("(", legal, ") IS TRUE"), true
		}
		return cat("(", legal, ") IS NOT TRUE"), true
	}
	held := n.RanksHeld()
	holds := never(ref)
	switch {
	case len(held) == len(words):
		holds = always(ref)
	case len(held) == 0:
	case c.As == Rank:
		holds = c.ranks(ref, held)
	default:
		holds = c.oneOf(ref, held)
	}
	if c.Exact {
		return holds, true
	}
	return cat("CASE WHEN ", legal, " THEN ", holds, " END"), true
}

// ranks is the condition that an integer column holds one of some ranks, lowest first.
func (c column) ranks(ref string, held []string) fragment {
	numbers := make([]int64, len(held))
	arguments := make([]fragment, len(held))
	for i, w := range held {
		numbers[i] = c.Base + int64(slices.Index(c.field.Ranks, w))
		arguments[i] = c.number(numbers[i])
	}
	if lo, hi := numbers[0], numbers[len(numbers)-1]; hi-lo == int64(len(numbers)-1) {
		return c.within(ref, lo, hi)
	}
	return cat(ref, " IN (", list(", ", arguments), ")")
}

func distinct(texts []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(texts)))
}
