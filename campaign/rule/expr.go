package rule

// Expr is an expression over the facts of a C: a condition built by a field's operators, or several of
// them joined by [All], [Any], [Not] and [Expr.OrElse]. It is a definition, checked as a whole and
// turned into a [Rule] by [Schema.Compile]. The zero Expr is no expression and does not compile.
// An Expr never changes and is safe for concurrent use.
type Expr[C any] struct {
	schema *Schema[C]
	node   *Node
	mixed  bool // conditions of different schemas
}

// All is true when every one of es is. It is false as soon as one is false, and otherwise unknown.
// No expression at all is a definition error.
func All[C any](es ...Expr[C]) Expr[C] { return join(KindAll, false, es) }

// Any is true as soon as one of es is. It is false when all are false, and otherwise unknown. No
// expression at all is a definition error.
func Any[C any](es ...Expr[C]) Expr[C] { return join(KindAny, false, es) }

// Not is true when e is false, and unknown when e is unknown: a customer without a region is not
// selected by Not(region is GD). Say Not(e).OrElse(true) to include them.
func Not[C any](e Expr[C]) Expr[C] { return join(KindNot, false, []Expr[C]{e}) }

// OrElse is e where e is known, and value where it is unknown, so it is never unknown itself.
func (e Expr[C]) OrElse(value bool) Expr[C] { return join(KindOrElse, value, []Expr[C]{e}) }

// Node returns the expression taken apart, as a deep copy; nil for the zero Expr.
func (e Expr[C]) Node() *Node { return e.node.clone() }

func join[C any](kind Kind, value bool, es []Expr[C]) Expr[C] {
	n := &Node{Kind: kind, Value: value, Kids: make([]*Node, len(es))}
	out := Expr[C]{node: n}
	for i, e := range es {
		n.Kids[i] = e.node
		if out.schema == nil {
			out.schema = e.schema
		}
		out.mixed = out.mixed || e.mixed || e.schema != out.schema
	}
	return out
}
