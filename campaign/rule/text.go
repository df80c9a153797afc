package rule

import "slices"

// TextField is a field of text. All comparisons are of exact bytes: no case folding, no trimming.
type TextField[C any] struct{ handle[C] }

// Eq is the condition that the text is s.
func (f TextField[C]) Eq(s string) Expr[C] { return f.leaf(Node{Op: OpEq, Texts: []string{s}}) }

// Ne is the condition that the text is known and not s.
func (f TextField[C]) Ne(s string) Expr[C] { return f.leaf(Node{Op: OpNe, Texts: []string{s}}) }

// In is the condition that the text is one of list. An empty list is a definition error.
func (f TextField[C]) In(list ...string) Expr[C] {
	return f.leaf(Node{Op: OpIn, Texts: slices.Clone(list)})
}

// NotIn is the condition that the text is known and none of list. An empty list is a definition error.
func (f TextField[C]) NotIn(list ...string) Expr[C] {
	return f.leaf(Node{Op: OpNotIn, Texts: slices.Clone(list)})
}

func bindText[C any](n *Node, get func(C) (string, bool)) leaf[C] {
	yes, no := True, False
	if n.Op == OpNe || n.Op == OpNotIn {
		yes, no = no, yes
	}
	if len(n.Texts) == 1 {
		want := n.Texts[0]
		return leaf[C]{test: func(c C, _ int64) Truth {
			s, ok := get(c)
			switch {
			case !ok:
				return Unknown
			case s == want:
				return yes
			default:
				return no
			}
		}}
	}
	has := member(n.Texts)
	return leaf[C]{test: func(c C, _ int64) Truth {
		s, ok := get(c)
		switch {
		case !ok:
			return Unknown
		case has(s):
			return yes
		default:
			return no
		}
	}}
}

// fewTexts is the length up to which looking through a list is faster than hashing.
const fewTexts = 8

// member returns the test whether a text is in a list.
func member(list []string) func(string) bool {
	if len(list) <= fewTexts {
		return func(s string) bool {
			for _, t := range list {
				if s == t {
					return true
				}
			}
			return false
		}
	}
	set := make(map[string]struct{}, len(list))
	for _, t := range list {
		set[t] = struct{}{}
	}
	return func(s string) bool {
		_, ok := set[s]
		return ok
	}
}
