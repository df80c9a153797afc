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
	in := newTextSet(n.Texts)
	return leaf[C]{test: func(c C, _ int64) Truth {
		s, ok := get(c)
		switch {
		case !ok:
			return Unknown
		case in.has(s):
			return yes
		default:
			return no
		}
	}}
}

// fewTexts is the length up to which looking through a list is faster than hashing.
const fewTexts = 8

// textSet is a set of texts: a short list, or a map.
type textSet struct {
	few  []string
	many map[string]struct{}
}

func newTextSet(list []string) textSet {
	if len(list) <= fewTexts {
		return textSet{few: list}
	}
	s := textSet{many: make(map[string]struct{}, len(list))}
	for _, t := range list {
		s.many[t] = struct{}{}
	}
	return s
}

func (s *textSet) has(t string) bool {
	for _, f := range s.few {
		if same(f, t) {
			return true
		}
	}
	if s.many == nil {
		return false
	}
	_, ok := s.many[t]
	return ok
}

// same is a == b with a look at the first byte before the comparison proper, which is a call.
func same(a, b string) bool {
	return len(a) == len(b) && (len(a) == 0 || a[0] == b[0] && a == b)
}
