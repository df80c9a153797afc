package sqlrule

import "github.com/regulars-go/regulars/campaign/rule"

// demand is what must be so of a node for the rule to select a customer.
type demand uint8

const (
	isTrue demand = iota
	isFalse
	notFalse
	notTrue
)

// negated is the demand on a node whose negation must meet d.
func (d demand) negated() demand { return [...]demand{isFalse, isTrue, notTrue, notFalse}[d] }

// affirms says that a true node meets the demand, and a false one does not.
func (d demand) affirms() bool { return d == isTrue || d == notFalse }

// rest returns what is left of a node once the SQL holds: nil, if nothing is, else a node that meets the
// demand for the same rows. A demand on all to be true falls apart into the same demand on each child,
// and so does one on any to be false; the children that are wholly in the SQL are not asked again.
func (t *translation) rest(n *rule.Node, d demand) *rule.Node {
	if !t.open[n] {
		return nil
	}
	left := *n
	switch n.Kind {
	case rule.KindAll, rule.KindAny:
		if d.affirms() != (n.Kind == rule.KindAll) {
			return n
		}
		left.Kids = nil
		for _, k := range n.Kids {
			if k := t.rest(k, d); k != nil {
				left.Kids = append(left.Kids, k)
			}
		}
		if len(left.Kids) == 1 {
			return left.Kids[0]
		}
	case rule.KindNot:
		left.Kids = []*rule.Node{t.rest(n.Kids[0], d.negated())}
	case rule.KindOrElse: // never unknown: either it is true, and its child at least value, or it is false
		left.Kids = []*rule.Node{t.rest(n.Kids[0], orElse[n.Value][d.affirms()])}
	case rule.KindField, rule.KindFunc:
	}
	return &left
}

// orElse is the demand on a node for its OrElse with a value to be true, or not to be.
var orElse = map[bool]map[bool]demand{
	true:  {true: notFalse, false: isFalse},
	false: {true: isTrue, false: notTrue},
}
