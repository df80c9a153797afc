package rule

import (
	"slices"
	"time"
)

// Rule is a compiled expression. It never changes and is safe for concurrent use.
type Rule[C any] struct {
	schema *Schema[C]
	root   *unit[C]
	test   eval[C]
}

// unit is a compiled node.
type unit[C any] struct {
	leaf[C]
	node  *Node
	kids  []*unit[C]
	field *field[C]    // of a field condition
	fn    *function[C] // of a function
}

// Compile checks an expression and returns the rule. The error, a [*DefinitionError], lists all
// problems, those of the schema's own declarations first.
func (s *Schema[C]) Compile(e Expr[C]) (*Rule[C], error) {
	k := &checker{problems: append([]Problem(nil), s.problems...)}
	switch {
	case e.node == nil || e.schema == nil && len(e.node.Kids) > 0:
		k.add(nil, CodeNoExpr, "the expression is empty")
	case e.mixed || e.schema != nil && e.schema != s:
		k.add(nil, CodeOtherSchema, "the expression has fields of another schema")
	}
	if len(k.problems) > 0 {
		return nil, definitionError(k.problems)
	}
	root := s.unit(k, e.node, nil, 1)
	if len(k.problems) > 0 {
		return nil, definitionError(k.problems)
	}
	return &Rule[C]{schema: s, root: root, test: root.test}, nil
}

// MustCompile is [Schema.Compile] for rules that are part of the program; it panics on an error.
func (s *Schema[C]) MustCompile(e Expr[C]) *Rule[C] {
	r, err := s.Compile(e)
	if err != nil {
		panic(err)
	}
	return r
}

// unit checks and compiles a node. It returns nil if there was a problem below.
func (s *Schema[C]) unit(k *checker, n *Node, p *place, depth int) *unit[C] {
	before := len(k.problems)
	k.nodes++
	switch {
	case n == nil:
		k.add(p, CodeNoExpr, "the expression is empty")
	case k.nodes == MaxNodes+1:
		k.add(p, CodeTooManyNodes, "more than %d nodes", MaxNodes)
	case k.nodes > MaxNodes:
		return nil
	case depth > MaxDepth:
		k.add(p, CodeTooDeep, "more than %d levels", MaxDepth)
	case n.Kind == KindField:
		return s.fieldUnit(k, n, p)
	case n.Kind == KindFunc:
		return s.funcUnit(k, n, p)
	case n.Kind == KindAll || n.Kind == KindAny:
		if len(n.Kids) == 0 {
			k.add(p.at(string(n.Kind)), CodeEmptyList, "%s needs at least one condition", n.Kind)
		}
	case n.Kind == KindNot || n.Kind == KindOrElse:
		if len(n.Kids) != 1 {
			k.add(p.at(string(n.Kind)), CodeBadValue, "%s takes one condition, not %d", n.Kind, len(n.Kids))
		}
	default:
		k.add(p, CodeUnknownKey, "%q is no kind of node", n.Kind)
	}
	if len(k.problems) > before {
		return nil
	}
	u := &unit[C]{node: n, kids: make([]*unit[C], len(n.Kids))}
	for i, kid := range n.Kids {
		u.kids[i] = s.unit(k, kid, p.kid(n, i), depth+1)
	}
	if len(k.problems) > before {
		return nil
	}
	u.adopt()
	u.test = u.junction()
	return u
}

// adopt takes over the nodes of the children where a zone was replaced by the one of its name.
func (u *unit[C]) adopt() {
	for i, kid := range u.kids {
		if kid.node == u.node.Kids[i] {
			continue
		}
		n := *u.node
		n.Kids = slices.Clone(n.Kids)
		n.Kids[i] = kid.node
		u.node = &n
	}
}

func (s *Schema[C]) fieldUnit(k *checker, n *Node, p *place) *unit[C] {
	f, ok := s.byName[n.Name]
	if !ok {
		k.add(p.at("field"), CodeUnknownField, "schema %q has no field %q", s.id, n.Name)
		return nil
	}
	if _, ok := operators[f.Type][n.Op]; !ok || n.Type != f.Type {
		k.add(p.at(string(n.Op)), CodeUnknownOp, "field %q is %s, which has no operator %q", n.Name, f.Type, n.Op)
		return nil
	}
	before := len(k.problems)
	k.checkArgs(n, p)
	if len(k.problems) > before {
		return nil
	}
	if n.Zone != nil {
		loaded, _ := loadZone(n.Zone.String()) // checked above
		if loaded != n.Zone {
			named := *n
			named.Zone = loaded
			n = &named
		}
	}
	u := &unit[C]{node: n, field: f}
	if n.Op == OpKnown {
		u.leaf = bindKnown(n.Bool, f.known)
	} else {
		u.leaf = f.bind(n)
	}
	return u
}

func (s *Schema[C]) funcUnit(k *checker, n *Node, p *place) *unit[C] {
	fn := s.functions[funcKey{n.Name, n.Version}]
	if fn == nil {
		k.add(p.at("func"), CodeUnknownFunc, "schema %q has no function %q in version %d", s.id, n.Name, n.Version)
		return nil
	}
	return &unit[C]{node: n, fn: fn, leaf: fn.bind()}
}

// junction returns the test of a node that joins others. They are tested in their order, and none after
// the first that decides.
func (u *unit[C]) junction() eval[C] {
	tests := make([]eval[C], len(u.kids))
	for i, k := range u.kids {
		tests[i] = k.test
	}
	switch u.node.Kind {
	case KindAll:
		return every(tests)
	case KindAny:
		return func(c C, at int64) Truth {
			verdict := False
			for _, test := range tests {
				if t := test(c, at); t != False {
					if t == True {
						return True
					}
					verdict = Unknown
				}
			}
			return verdict
		}
	case KindNot:
		test := tests[0]
		return func(c C, at int64) Truth { return test(c, at).Not() }
	default: // or_else
		test, value := tests[0], u.node.Value
		return func(c C, at int64) Truth { return test(c, at).OrElse(value) }
	}
}

// every returns the least verdict of tests. Four and more are a chain of threes rather than a loop: each
// call has its own place in the code then, and the processor foresees it better.
func every[C any](tests []eval[C]) eval[C] {
	switch len(tests) {
	case 1:
		return tests[0]
	case 2, 3:
		return func(c C, at int64) Truth {
			verdict := True
			for _, test := range tests {
				t := test(c, at)
				if t == False {
					return False
				}
				verdict = min(verdict, t)
			}
			return verdict
		}
	}
	first, second, third, rest := tests[0], tests[1], tests[2], every(tests[3:])
	return func(c C, at int64) Truth {
		v := first(c, at)
		if v == False {
			return False
		}
		w := second(c, at)
		if w == False {
			return False
		}
		x := third(c, at)
		if x == False {
			return False
		}
		return min(v, w, x, rest(c, at))
	}
}

// Schema returns the schema of the rule.
func (r *Rule[C]) Schema() *Schema[C] { return r.schema }

// Expr returns the expression of the rule, to be joined with others.
func (r *Rule[C]) Expr() Expr[C] { return Expr[C]{schema: r.schema, node: r.root.node} }

// Node returns the rule taken apart, as a deep copy.
func (r *Rule[C]) Node() *Node { return r.root.node.clone() }

// Test returns the verdict on a customer at an instant. Conditions are tested in the order of the rule,
// and no more of them than the verdict needs. It does not allocate, except that the first test on a new
// day works out the calendar of that day. At the zero instant conditions that depend on the time are
// unknown.
func (r *Rule[C]) Test(c C, at time.Time) Truth { return r.test(c, moment(at)) }

// Match says whether the rule selects a customer at an instant: whether its verdict is True.
func (r *Rule[C]) Match(c C, at time.Time) bool { return r.test(c, moment(at)) == True }
