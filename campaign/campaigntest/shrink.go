package campaigntest

import (
	"slices"

	"github.com/regulars-go/regulars/campaign/rule"
)

// shrunk returns the rules that are one step smaller than n: a child in its place, a child or a
// constant of a list less, or a child shrunk.
func shrunk(n *rule.Node) (out []*rule.Node) {
	out = append(out, n.Kids...)
	if len(n.Kids) > 1 {
		for i := range n.Kids {
			c := *n
			c.Kids = slices.Delete(slices.Clone(n.Kids), i, i+1)
			out = append(out, &c)
		}
	}
	for i, k := range n.Kids {
		for _, small := range shrunk(k) {
			c := *n
			c.Kids = slices.Clone(n.Kids)
			c.Kids[i] = small
			out = append(out, &c)
		}
	}
	if len(n.Texts) > 1 {
		for i := range n.Texts {
			c := *n
			c.Texts = slices.Delete(slices.Clone(n.Texts), i, i+1)
			out = append(out, &c)
		}
	}
	if n.Op == rule.OpMonthIn && len(n.Ints) > 1 {
		for i := range n.Ints {
			c := *n
			c.Ints = slices.Delete(slices.Clone(n.Ints), i, i+1)
			out = append(out, &c)
		}
	}
	return out
}
