package rule

import "slices"

// RankedField is a field of words with an order, such as the levels of a tier.
type RankedField[C any] struct{ handle[C] }

// Eq is the condition that the word is w.
func (f RankedField[C]) Eq(w string) Expr[C] { return f.leaf(Node{Op: OpEq, Texts: []string{w}}) }

// Ne is the condition that the word is known and not w.
func (f RankedField[C]) Ne(w string) Expr[C] { return f.leaf(Node{Op: OpNe, Texts: []string{w}}) }

// AtLeast is the condition that the word is w or ranks higher.
func (f RankedField[C]) AtLeast(w string) Expr[C] {
	return f.leaf(Node{Op: OpAtLeast, Texts: []string{w}})
}

// AtMost is the condition that the word is w or ranks lower.
func (f RankedField[C]) AtMost(w string) Expr[C] {
	return f.leaf(Node{Op: OpAtMost, Texts: []string{w}})
}

// In is the condition that the word is one of list. An empty list is a definition error.
func (f RankedField[C]) In(list ...string) Expr[C] {
	return f.leaf(Node{Op: OpIn, Texts: slices.Clone(list)})
}

// NotIn is the condition that the word is known and none of list. An empty list is a definition error.
func (f RankedField[C]) NotIn(list ...string) Expr[C] {
	return f.leaf(Node{Op: OpNotIn, Texts: slices.Clone(list)})
}

// RanksHeld returns the words for which a condition on a ranked field holds, lowest first.
func (n *Node) RanksHeld() []string {
	var out []string
	for i, held := range ranksHeld(n, n.Ranks) {
		if held == True {
			out = append(out, n.Ranks[i])
		}
	}
	return out
}

// ranksHeld returns the verdict for each of the ranks.
func ranksHeld(n *Node, ranks []string) []Truth {
	out := make([]Truth, len(ranks))
	first := slices.Index(ranks, n.Texts[0])
	for i, w := range ranks {
		switch n.Op {
		case OpAtLeast:
			out[i] = Of(i >= first)
		case OpAtMost:
			out[i] = Of(i <= first)
		default: // eq, in and their opposites
			out[i] = Of(slices.Contains(n.Texts, w) == (n.Op == OpEq || n.Op == OpIn))
		}
	}
	return out
}

func bindRanked[C any](n *Node, ranks []string, get func(C) (string, bool)) leaf[C] {
	held := ranksHeld(n, ranks)
	return leaf[C]{test: func(c C, _ int64) Truth {
		w, ok := get(c)
		if !ok {
			return Unknown
		}
		for i, r := range ranks {
			if same(r, w) {
				return held[i]
			}
		}
		return Unknown
	}}
}
