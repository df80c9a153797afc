package sqlrule

import "github.com/regulars-go/regulars/campaign/rule"

// rest returns what is left to ask of a node once the SQL is true: nil if nothing is, else a node that
// comes out the same way for the same rows. The way is affirmed where the node must be true, or at least
// not false, and not where it must be false, or at least not true. All that must be affirmed falls apart
// into children that must be, and any that must not be into children that must not; the children that
// are wholly in the SQL are not asked again. So the residual is never larger than the rule.
func (t *translation) rest(n *rule.Node, affirmed bool) *rule.Node {
	if !t.open[n] {
		return nil
	}
	left := *n
	switch n.Kind {
	case rule.KindAll, rule.KindAny:
		if affirmed != (n.Kind == rule.KindAll) {
			return n
		}
		left.Kids = nil
		for _, k := range n.Kids {
			if k := t.rest(k, affirmed); k != nil {
				left.Kids = append(left.Kids, k)
			}
		}
		if len(left.Kids) == 1 {
			return left.Kids[0]
		}
	case rule.KindNot:
		left.Kids = []*rule.Node{t.rest(n.Kids[0], !affirmed)}
	case rule.KindOrElse: // affirmed or not, its child is likewise
		left.Kids = []*rule.Node{t.rest(n.Kids[0], affirmed)}
	case rule.KindField, rule.KindFunc:
	}
	return &left
}
