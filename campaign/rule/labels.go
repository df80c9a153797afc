package rule

import "slices"

// LabelsField is a field that is a set of words. Over a known set, the empty one included, its
// conditions are true or false; over a set that could not be read they are unknown.
type LabelsField[C any] struct{ handle[C] }

// Any is the condition that the set has at least one of list. An empty list is a definition error.
func (f LabelsField[C]) Any(list ...string) Expr[C] {
	return f.leaf(Node{Op: OpAny, Texts: slices.Clone(list)})
}

// All is the condition that the set has every one of list. An empty list is a definition error.
func (f LabelsField[C]) All(list ...string) Expr[C] {
	return f.leaf(Node{Op: OpAll, Texts: slices.Clone(list)})
}

// None is the condition that the set has none of list. An empty list is a definition error.
func (f LabelsField[C]) None(list ...string) Expr[C] {
	return f.leaf(Node{Op: OpNone, Texts: slices.Clone(list)})
}

func bindLabels[C any](n *Node, get func(C) ([]string, bool)) leaf[C] {
	if n.Op == OpAll {
		hasAll := containsAll(unique(n.Texts))
		return leaf[C]{test: func(c C, _ int64) Truth {
			set, ok := get(c)
			if !ok {
				return Unknown
			}
			return Of(hasAll(set))
		}}
	}
	yes, no := True, False
	if n.Op == OpNone {
		yes, no = no, yes
	}
	in := newTextSet(n.Texts)
	return leaf[C]{test: func(c C, _ int64) Truth {
		set, ok := get(c)
		if !ok {
			return Unknown
		}
		if slices.ContainsFunc(set, in.has) {
			return yes
		}
		return no
	}}
}

// containsAll returns the test whether a set has every word of a list without repetitions. A long list
// is ticked off in a bitmap, so that the work grows with the set and not with their product.
func containsAll(list []string) func(set []string) bool {
	if len(list) <= fewTexts {
		return func(set []string) bool {
			for _, s := range list {
				if !slices.Contains(set, s) {
					return false
				}
			}
			return true
		}
	}
	place := make(map[string]int, len(list))
	for i, s := range list {
		place[s] = i
	}
	return func(set []string) bool {
		var seen [(MaxList + 63) / 64]uint64
		left := len(list)
		for _, s := range set {
			if i, ok := place[s]; ok && seen[i/64]>>(i%64)&1 == 0 {
				seen[i/64] |= 1 << (i % 64)
				left--
			}
		}
		return left == 0
	}
}
