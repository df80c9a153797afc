package rule

import (
	"iter"
	"time"
)

// Comparison says what replacing one rule by another does to the same customers.
type Comparison struct {
	Stay  int `json:"stay"`  // selected by both
	Enter int `json:"enter"` // selected by the new rule only
	Leave int `json:"leave"` // selected by the old rule only
	Out   int `json:"out"`   // selected by neither
	// Causes are the conditions because of which customers enter or leave, those of the old rule first, in
	// the order of their rule. A customer with several causes counts for each.
	Causes []Cause `json:"causes"`
}

// Cause is a condition that stands between customers and one of two rules.
type Cause struct {
	Enters bool   `json:"enters"` // the condition of the old rule kept customers out; else one of the new rule does
	Path   string `json:"path"`   // JSON Pointer, relative to its rule
	Step   *Step  `json:"-"`      // the condition, with the verdict on the first such customer
	Count  int    `json:"count"`
}

// Move is a customer whom one of two rules selects and the other does not.
type Move[C any] struct {
	Customer C
	Enters   bool    // selected by the new rule, not by the old; else the other way round
	By       []*Step // what kept the customer out of the other rule: its [Explanation.Blockers]
}

// Compare tests customers under an old and a new rule at the same instant and counts who stays, enters,
// leaves and remains out, and because of which conditions. An error of the customers ends it.
func Compare[C any](before, after *Rule[C], customers iter.Seq2[C, error], at time.Time) (Comparison, error) {
	var out Comparison
	type key struct {
		enters bool
		path   string
	}
	causes := map[key]*Cause{}
	for c, err := range customers {
		if err != nil {
			return Comparison{}, err
		}
		m, moved := move(before, after, c, at)
		switch {
		case moved && m.Enters:
			out.Enter++
		case moved:
			out.Leave++
		case before.Match(c, at):
			out.Stay++
		default:
			out.Out++
		}
		for _, step := range m.By {
			k := key{m.Enters, step.Path}
			if causes[k] == nil {
				causes[k] = &Cause{Enters: m.Enters, Path: step.Path, Step: step}
			}
			causes[k].Count++
		}
	}
	for _, r := range []struct {
		enters bool
		root   *Node
	}{{true, before.root.node}, {false, after.root.node}} {
		r.root.walk(nil, func(_ *Node, p *place) {
			if c := causes[key{r.enters, p.String()}]; c != nil {
				out.Causes = append(out.Causes, *c)
			}
		})
	}
	return out, nil
}

// Moves yields the customers whom replacing a rule by another would select or no longer select, with the
// conditions that make the difference. An error of the customers is passed on and ends it.
func Moves[C any](before, after *Rule[C], customers iter.Seq2[C, error], at time.Time) iter.Seq2[Move[C], error] {
	return func(yield func(Move[C], error) bool) {
		for c, err := range customers {
			if err != nil {
				yield(Move[C]{}, err)
				return
			}
			if m, moved := move(before, after, c, at); moved && !yield(m, nil) {
				return
			}
		}
	}
}

func move[C any](before, after *Rule[C], c C, at time.Time) (Move[C], bool) {
	was, is := before.Match(c, at), after.Match(c, at)
	if was == is {
		return Move[C]{}, false
	}
	keeper := after
	if is {
		keeper = before
	}
	return Move[C]{Customer: c, Enters: is, By: keeper.Explain(c, at).Blockers()}, true
}

// walk visits a node and all below it, in the order of the rule.
func (n *Node) walk(p *place, visit func(n *Node, p *place)) {
	visit(n, p)
	for i, k := range n.Kids {
		k.walk(p.kid(n, i), visit)
	}
}
