package tiers

import (
	"fmt"
	"slices"

	"github.com/regulars-go/regulars/internal/fixed"
)

// none reports whether a condition is the zero one.
func (c Condition) none() bool { return c.All == nil && c.Any == nil && c.N == 0 && !c.compares() }

// compares reports whether anything is set that belongs to a comparison.
func (c Condition) compares() bool {
	return c.Metric != "" || c.Number != "" || c.AtLeast != nil || c.AtMost != nil || c.MinOrders != 0 || c.Window != (Window{})
}

// condition compiles what a level asks. It returns nothing for what has a problem, so that no more is
// concluded from it.
func (b *compiler) condition(path string, c Condition) []node {
	before := len(b.problems)
	tree := b.tree(path, c, 1)
	unread := slices.ContainsFunc(tree, func(n node) bool { return !legal(n.scale) })
	if len(b.problems) > before || unread || b.conditions > maxConditions {
		return nil
	}
	return tree
}

// tree compiles a condition and everything below it, parents first. It always returns a node, so that
// one problem does not hide the next.
func (b *compiler) tree(path string, c Condition, depth int) []node {
	switch b.conditions++; {
	case depth > maxDepth:
		b.fail(path, "nested deeper than %d", maxDepth)
		return []node{{size: 1}}
	case b.conditions > maxConditions:
		if b.conditions == maxConditions+1 {
			b.fail(path, "more than %d conditions in all", maxConditions)
		}
		return []node{{size: 1}}
	}
	group := c.All != nil || c.Any != nil
	switch {
	case group && c.compares(), c.All != nil && c.Any != nil, c.N != 0 && c.Any == nil:
		b.fail(path, "a condition is all, any (with n), or one metric with its bound")
	case c.All != nil:
		return b.group(path+"/all", c.All, len(c.All), depth)
	case c.Any != nil:
		if c.N < 0 || c.N > len(c.Any) {
			b.fail(path+"/n", "%d of %d conditions cannot hold", c.N, len(c.Any))
		}
		return b.group(path+"/any", c.Any, max(c.N, 1), depth)
	default:
		return []node{b.comparison(path, c)}
	}
	return []node{{size: 1}}
}

func (b *compiler) group(path string, of []Condition, need, depth int) []node {
	if len(of) == 0 {
		b.fail(path, "the list is empty")
		return []node{{size: 1}}
	}
	tree := []node{{need: need}}
	for i, c := range of {
		tree = append(tree, b.tree(fmt.Sprintf("%s/%d", path, i), c, depth+1)...)
	}
	if len(of) == 1 { // a group of one is the one
		return tree[1:]
	}
	tree[0].size = len(tree)
	if need == len(of) {
		b.contradictions(path, tree)
	}
	return tree
}

// contradictions finds pairs that nobody meets together: at least 5 and at most 3 of the same.
func (b *compiler) contradictions(path string, tree []node) {
	var leaves []node
	for i := 1; i < len(tree); i += tree[i].size {
		if tree[i].need == 0 {
			leaves = append(leaves, tree[i])
		}
	}
	for i, x := range leaves {
		for _, y := range leaves[i+1:] {
			low, high := x, y
			if low.atMost {
				low, high = y, x
			}
			if low.atMost == high.atMost || low.bound <= high.bound {
				continue
			}
			if high.atMost = false; alike([]node{low}, []node{high}) {
				b.fail(path, "nobody has %s of at least and at most that at once", low.metric)
			}
		}
	}
}

func (b *compiler) comparison(path string, c Condition) node {
	n := node{size: 1, metric: c.Metric, minOrders: c.MinOrders, window: c.Window}
	kind, ok := metrics[c.Metric]
	if !ok {
		b.fail(path+"/metric", "unknown metric %.60q", c.Metric)
		return n
	}
	n.measure = kind.measure
	if kind.money {
		n.scale = b.config.Scale
	}
	b.list(path, c, &n)
	b.bound(path, c, &n)
	switch {
	case c.MinOrders < 0:
		b.fail(path+"/min_orders", "negative")
	case c.MinOrders > 0 && !kind.mean:
		b.fail(path+"/min_orders", "only a mean asks for a number of orders")
	}
	if kind.windowed() {
		if p := c.Window.problem(); p != "" {
			b.fail(path+"/window", "%s", p)
		} else {
			n.span = c.Window.compile()
		}
	} else if c.Window != (Window{}) {
		b.fail(path+"/window", "%s takes no window", c.Metric)
	}
	return n
}

func (b *compiler) list(path string, c Condition, n *node) {
	switch c.Metric {
	case Growth:
		n.list = listGrowth
	case Custom:
		for i, d := range b.config.Numbers {
			if d.Name == c.Number {
				n.list, n.scale = listNumbers+i, d.Scale
				return
			}
		}
		b.fail(path+"/number", "%.60q is not declared in /numbers", c.Number)
		return
	default:
		n.list = listSpend
	}
	if c.Number != "" {
		b.fail(path+"/number", "only the metric custom takes a number")
	}
}

func (b *compiler) bound(path string, c Condition, n *node) {
	if (c.AtLeast == nil) == (c.AtMost == nil) {
		b.fail(path, "a metric has at_least or at_most, one of them")
		return
	}
	bound, at := c.AtLeast, path+"/at_least"
	if c.AtMost != nil {
		n.atMost = true
		bound, at = c.AtMost, path+"/at_most"
	}
	if !legal(n.scale) { // reported where the scale stands
		return
	}
	var err error
	if n.bound, err = fixed.Minor(*bound, n.scale); err != nil {
		b.fail(at, "%v (scale %d)", err, n.scale)
		return
	}
	switch {
	case n.bound < 0:
		b.fail(at, "negative")
	case n.bound == 0 && !n.atMost:
		b.fail(at, "at least zero asks nothing")
	}
}
