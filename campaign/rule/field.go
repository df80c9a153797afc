package rule

// handle is what the typed fields have in common.
type handle[C any] struct {
	schema *Schema[C]
	name   string
	kind   Type
	ranks  []string
}

// Name returns the field's name.
func (h handle[C]) Name() string { return h.name }

// Known is the condition that the fact is there. It is never unknown.
func (h handle[C]) Known() Expr[C] { return h.leaf(Node{Op: OpKnown, Bool: true}) }

// Missing is the condition that the fact is not there. It is never unknown.
func (h handle[C]) Missing() Expr[C] { return h.leaf(Node{Op: OpKnown}) }

func (h handle[C]) leaf(n Node) Expr[C] {
	n.Kind, n.Name, n.Type, n.Ranks = KindField, h.name, h.kind, h.ranks
	return Expr[C]{schema: h.schema, node: &n}
}

// eval is a compiled condition; at is the instant in microseconds since 1970, or noTime.
type eval[C any] func(c C, at int64) Truth

// leaf is a compiled condition on one field.
type leaf[C any] struct {
	test eval[C]
	// next returns the first instant after at when the verdict may change, or never. It is nil where
	// the verdict does not depend on the time.
	next func(c C, at int64) int64
}

// bindKnown compiles the operator that every type has.
func bindKnown[C any](want bool, known func(C) bool) leaf[C] {
	return leaf[C]{test: func(c C, _ int64) Truth { return Of(known(c) == want) }}
}
