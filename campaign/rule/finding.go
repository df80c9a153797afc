package rule

import "slices"

// Finding is something about a rule that is legal but probably not meant.
type Finding struct {
	Code   FindingCode `json:"code"`
	Path   string      `json:"path"` // JSON Pointer, relative to the rule
	Detail string      `json:"detail"`
}

// String returns the finding as one line.
func (f Finding) String() string {
	s := string(f.Code) + ": " + f.Detail
	if f.Path != "" {
		s = f.Path + ": " + s
	}
	return s
}

// FindingCode is the stable word for a kind of [Finding].
type FindingCode string

// What can be found.
const (
	// AlwaysFalse: no customer can be selected. The path leads to the part that no customer fulfils.
	AlwaysFalse FindingCode = "always_false"
	// AlwaysTrue: every customer whose facts are known is selected.
	AlwaysTrue FindingCode = "always_true"
	// DeadBranch: a part that can be left out without another customer being selected or rejected.
	DeadBranch FindingCode = "dead_branch"
	// Duplicate: a condition that stands twice in one list.
	Duplicate FindingCode = "duplicate"
	// OpenNot: a negation that also rejects customers whose fact is missing. Where that is meant, say so
	// with OrElse(false) or Known; where it is not, with OrElse(true).
	OpenNot FindingCode = "open_not"
	// IgnoresConsent: the schema has consent, and nothing in the rule sees to it that whoever is selected
	// gave it.
	IgnoresConsent FindingCode = "ignores_consent"
)

// Findings checks a rule without any customer. What it reports is so; not everything that is so is
// found: conditions on different fields are taken to be independent. With [IgnoresConsent] it is the
// other way round: where it is not reported, nobody is selected without consent.
func (r *Rule[C]) Findings() []Finding {
	l := &linter{extents: extents(r.root.node), fields: map[string]Field{}}
	asksConsent := false
	for _, f := range r.schema.fields {
		l.fields[f.Name] = f.Field
		asksConsent = asksConsent || f.Consent
	}
	root := l.study(r.root.node)
	switch {
	case root.never:
		l.add(AlwaysFalse, root.cause(nil), "no customer can fulfil this")
	case root.always:
		l.add(AlwaysTrue, nil, "every customer whose facts are known fulfils this")
	default:
		l.dead(root, nil, nil, true)
	}
	l.duplicates(root.node, nil)
	l.openNots(root.node, nil, nil)
	if asksConsent && !l.needsConsent(root, True, true) {
		l.add(IgnoresConsent, nil, "customers can be selected without their consent")
	}
	return l.findings
}

type linter struct {
	extents  map[*Node]*extent
	fields   map[string]Field
	findings []Finding
}

func (l *linter) add(code FindingCode, p *place, detail string) {
	l.findings = append(l.findings, Finding{code, p.String(), detail})
}

func (l *linter) duplicates(n *Node, p *place) {
	if n.listed() {
		seen := map[string]bool{}
		for i, k := range n.Kids {
			text := string(k.append(nil))
			if seen[text] {
				l.add(Duplicate, p.kid(n, i), "the same stands before it")
			}
			seen[text] = true
		}
	}
	for i, k := range n.Kids {
		l.duplicates(k, p.kid(n, i))
	}
}

// openNots reports negations of facts that may be missing. sure are the fields whose fact is known
// wherever the rule can select a customer.
func (l *linter) openNots(n *Node, p *place, sure []string) {
	switch n.Kind {
	case KindOrElse:
		return
	case KindField:
		if n.Op == OpNe || n.Op == OpNotIn || n.Op == OpNone {
			l.open(n, p, sure)
		}
		return
	case KindNot:
		l.open(n.Kids[0], p, sure)
		return
	case KindAll:
		for i, k := range n.Kids {
			beside := slices.Clone(sure)
			for j, other := range n.Kids {
				if j != i && other.Kind == KindField && (other.Op != OpKnown || other.Bool) {
					beside = append(beside, other.Name)
				}
			}
			l.openNots(k, p.kid(n, i), beside)
		}
	default:
		for i, k := range n.Kids {
			l.openNots(k, p.kid(n, i), sure)
		}
	}
}

// open reports a negation at p if a fact below n may be missing.
func (l *linter) open(n *Node, p *place, sure []string) {
	for _, name := range l.nullable(n, nil) {
		if !slices.Contains(sure, name) {
			l.add(OpenNot, p, "customers whose "+name+" is not known are left out as well")
			return
		}
	}
}

// nullable returns the fields below a node whose facts can be missing and make it unknown.
func (l *linter) nullable(n *Node, out []string) []string {
	if n.Kind == KindOrElse {
		return out
	}
	if n.Kind == KindField && n.Op != OpKnown && !l.fields[n.Name].Always {
		out = append(out, n.Name)
	}
	for _, k := range n.Kids {
		out = l.nullable(k, out)
	}
	return out
}

// needsConsent says whether the verdict of a node can be at least a bound, or with up false at most, only
// for customers who gave their consent.
func (l *linter) needsConsent(s *study, bound Truth, up bool) bool {
	needs := func(k *study) bool { return l.needsConsent(k, bound, up) }
	lacks := func(k *study) bool { return !needs(k) }
	asks := l.fields[s.node.Name].Consent && bound != Unknown
	switch n := s.node; {
	case up && bound == True && s.never, !up && bound == False && s.always:
		return true // for nobody at all
	case n.listed() && (n.Kind == KindAll) == up: // one that does is enough
		return slices.ContainsFunc(s.kids, needs)
	case n.listed():
		return !slices.ContainsFunc(s.kids, lacks)
	case len(s.kids) > 0:
		bound, up = n.below(bound, up)
		return needs(s.kids[0])
	case n.Type == TypeFlag:
		return asks && n.Op == OpIs && n.Bool == up
	default:
		// Consent that is not a flag is the caller's own notion; naming it counts as asking for it.
		return asks && n.Op != OpKnown
	}
}
