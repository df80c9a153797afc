package sqlrule

import (
	"slices"
	"time"

	"github.com/regulars-go/regulars/campaign/rule"
)

func (c column) text(ref string, n *rule.Node, _ time.Time) (fragment, bool) {
	switch n.Op {
	case rule.OpEq, rule.OpIn:
		return c.oneOf(ref, distinct(n.Texts)), true
	case rule.OpNe, rule.OpNotIn:
		return not(c.oneOf(ref, distinct(n.Texts))), true
	default:
		return fragment{}, false
	}
}

func (c column) integer(ref string, n *rule.Node, _ time.Time) (fragment, bool) {
	op, ok := comparisons[n.Op]
	switch {
	case n.Op == rule.OpBetween:
		return c.within(ref, n.Ints[0], n.Ints[1]), true
	case ok:
		return cat(ref, op, c.number(n.Ints[0])), true
	}
	return fragment{}, false
}

func (c column) flag(ref string, n *rule.Node, _ time.Time) (fragment, bool) {
	switch boolean := c.dialect == Postgres && c.As == Natural; {
	case n.Op != rule.OpIs:
		return fragment{}, false
	case boolean && n.Bool:
		return raw(ref), true
	case boolean:
		return raw("NOT " + ref), true
	case n.Bool:
		return raw(ref + " <> 0"), true
	}
	return raw(ref + " = 0"), true
}

// ranked conditions hold for some of the field's words and are false for the others. Whatever else is
// in the column is missing, as it is in memory, and so the result is NULL.
func (c column) ranked(ref string, n *rule.Node, _ time.Time) (fragment, bool) {
	held := n.RanksHeld()
	holds := never(ref)
	switch {
	case len(held) == len(c.field.Ranks):
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
	return cat("CASE WHEN ", c.legal(ref), " THEN ", holds, " END"), true
}

// legal is the condition that a column holds one of the field's words.
func (c column) legal(ref string) fragment {
	if c.As == Rank {
		return c.within(ref, c.Base, c.Base+int64(len(c.field.Ranks))-1)
	}
	return c.oneOf(ref, c.field.Ranks)
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
