package rule

// FlagField is a yes-or-no field.
type FlagField[C any] struct{ handle[C] }

// Is is the condition that the answer is b.
func (f FlagField[C]) Is(b bool) Expr[C] { return f.leaf(Node{Op: OpIs, Bool: b}) }

func bindFlag[C any](n *Node, get func(C) (value, known bool)) leaf[C] {
	want := n.Bool
	return leaf[C]{test: func(c C, _ int64) Truth {
		v, ok := get(c)
		if !ok {
			return Unknown
		}
		return Of(v == want)
	}}
}
