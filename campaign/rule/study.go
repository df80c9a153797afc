package rule

import (
	"bytes"
	"slices"
)

// study is what is known of a node in itself.
type study struct {
	node   *Node
	kids   []*study
	extent *extent // where all its conditions are of one group
	never  bool    // it cannot be true
	always bool    // it cannot be false
}

func (l *linter) study(n *Node) *study {
	s := &study{node: n, extent: l.extents[n]}
	for _, k := range n.Kids {
		s.kids = append(s.kids, l.study(k))
	}
	switch n.Kind {
	case KindAll:
		s.join((*extent).and)
		s.always = s.always || !slices.ContainsFunc(s.kids, func(k *study) bool { return !k.always })
		s.never = s.never || slices.ContainsFunc(s.kids, func(k *study) bool { return k.never })
	case KindAny:
		s.join((*extent).or)
		s.always = s.always || slices.ContainsFunc(s.kids, func(k *study) bool { return k.always })
		s.never = s.never || !slices.ContainsFunc(s.kids, func(k *study) bool { return !k.never })
	case KindNot:
		s.never, s.always = s.kids[0].always, s.kids[0].never
		if e := s.kids[0].extent; e != nil {
			s.extent = e.not()
		}
	case KindOrElse:
		s.never = s.kids[0].never && !n.Value
		s.always = s.kids[0].always && n.Value
	default:
		if s.extent != nil {
			s.never, s.always = s.extent.empty(), s.extent.full()
		}
	}
	return s
}

// join puts together the extents of the members of a list, group by group.
func (s *study) join(with func(e, f *extent) *extent) {
	groups := joined(s.kids, with)
	for _, e := range groups {
		s.never = s.never || s.node.Kind == KindAll && e.empty()
		s.always = s.always || s.node.Kind == KindAny && e.full()
		if len(groups) == 1 && !slices.ContainsFunc(s.kids, func(k *study) bool { return k.extent == nil }) {
			s.extent = e
		}
	}
}

func joined(kids []*study, with func(e, f *extent) *extent) map[string]*extent {
	groups := map[string]*extent{}
	for _, k := range kids {
		if e := k.extent; e != nil {
			if before := groups[e.group]; before != nil {
				e = with(before, e)
			}
			groups[e.group] = e
		}
	}
	return groups
}

// cause returns the place of the innermost node because of which a node is never true.
func (s *study) cause(p *place) *place {
	if s.node.Kind == KindAll || s.node.Kind == KindOrElse {
		for i, k := range s.kids {
			if k.never {
				return k.cause(p.kid(s.node, i))
			}
		}
	}
	return p
}

// dead reports the members of lists that change nothing. given is what must hold beside a node for the
// rule to select a customer; plain says that no Not and no OrElse stands above, so that it makes no
// difference whether the node is false or unknown. Only there does a list of all give something: below a
// Not the rule may select just those customers for whom a member is unknown.
func (l *linter) dead(s *study, p *place, given []*study, plain bool) {
	kept := slices.Clone(s.kids)
	if s.node.listed() && len(s.kids) > 1 {
		// From the last to the first, so that of two that say the same the later one is reported.
		for i := len(kept) - 1; i >= 0; i-- {
			beside := without(kept, i)
			if l.idle(s.node.Kind, s.kids[i], beside, given, plain) {
				kept[i] = nil
			}
		}
	}
	for i, k := range s.kids {
		at := p.kid(s.node, i)
		if kept[i] == nil {
			if s.node.twin(i) < 0 { // a twin is reported as a duplicate
				l.add(DeadBranch, at, "it can be left out")
			}
			continue
		}
		beside := given
		if s.node.Kind == KindAll && plain {
			beside = append(without(kept, i), given...)
		}
		if s.node.Kind == KindAll && k.always {
			l.add(AlwaysTrue, at, "every customer whose facts are known fulfils this")
		}
		l.dead(k, at, beside, plain && s.node.listed())
	}
}

// without returns the studies that are left, but the i-th.
func without(kept []*study, i int) []*study {
	var out []*study
	for j, k := range kept {
		if j != i && k != nil {
			out = append(out, k)
		}
	}
	return out
}

// idle says whether a member of a list changes nothing beside the others.
func (l *linter) idle(kind Kind, k *study, others, given []*study, plain bool) bool {
	if kind == KindAny && k.never && plain {
		return true
	}
	if k.extent == nil {
		return false
	}
	// What the others say of the same field, if anything; then the field is known where they hold.
	group := k.extent.group
	if kind == KindAll {
		rest := joined(append(others, given...), (*extent).and)[group]
		return rest != nil && rest.within(k.extent)
	}
	here := k.extent
	if room := joined(given, (*extent).and)[group]; room != nil {
		if here = here.and(room); here.empty() {
			return true
		}
	}
	rest := joined(others, (*extent).or)[group]
	return rest != nil && here.within(rest)
}

// listed says whether a node is a list of conditions.
func (n *Node) listed() bool { return n.Kind == KindAll || n.Kind == KindAny }

// twin returns the place in a list of an earlier member that is the same as the i-th, or -1.
func (n *Node) twin(i int) int {
	if !n.listed() {
		return -1
	}
	text := n.Kids[i].append(nil)
	return slices.IndexFunc(n.Kids[:i], func(k *Node) bool { return bytes.Equal(k.append(nil), text) })
}
