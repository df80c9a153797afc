package rule

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Explanation says how a rule came to its verdict. Unlike [Rule.Test] it evaluates every condition.
type Explanation struct {
	At      time.Time `json:"at"`
	Verdict Truth     `json:"verdict"`
	Root    *Step     `json:"root"`
}

// Step is a node of the rule with its verdict.
type Step struct {
	Path    string  `json:"path"` // JSON Pointer, relative to the rule
	Kind    Kind    `json:"kind"`
	Verdict Truth   `json:"verdict"`
	Name    string  `json:"name,omitempty"` // of the field or function
	Op      Op      `json:"op,omitempty"`
	Known   bool    `json:"known"`           // of a field condition: whether the fact is there
	Value   string  `json:"value,omitempty"` // of a field condition: the fact as text
	Steps   []*Step `json:"steps,omitempty"`

	node *Node
	say  *speaker
}

// Text returns the node in plain words; see [Rule.Text].
func (s *Step) Text(lang Lang) string { return s.say.text(s.node, lang) }

// Leaf says whether the step is a condition rather than a node that joins others.
func (s *Step) Leaf() bool { return s.Kind == KindField || s.Kind == KindFunc }

// Explain evaluates every condition of the rule and returns all verdicts and facts.
func (r *Rule[C]) Explain(c C, at time.Time) Explanation {
	say := r.schema.speaker()
	root := r.root.explain(c, moment(at), nil, say)
	return Explanation{At: at.Truncate(time.Microsecond), Verdict: root.Verdict, Root: root}
}

func (u *unit[C]) explain(c C, at int64, p *place, say *speaker) *Step {
	s := &Step{Path: p.String(), Kind: u.node.Kind, Name: u.node.Name, Op: u.node.Op, node: u.node, say: say}
	if u.field != nil {
		if s.Known = u.field.known(c); s.Known {
			s.Value = u.field.show(c)
		}
	}
	verdicts := make([]Truth, len(u.kids))
	for i, k := range u.kids {
		kid := k.explain(c, at, p.kid(u.node, i), say)
		s.Steps = append(s.Steps, kid)
		verdicts[i] = kid.Verdict
	}
	switch s.Kind {
	case KindAll:
		s.Verdict = slices.Min(verdicts)
	case KindAny:
		s.Verdict = slices.Max(verdicts)
	case KindNot:
		s.Verdict = verdicts[0].Not()
	case KindOrElse:
		s.Verdict = verdicts[0].OrElse(u.node.Value)
	default:
		s.Verdict = u.test(c, at)
	}
	return s
}

// Leaves returns the conditions in the order of the rule.
func (e Explanation) Leaves() []*Step { return e.Root.leaves(nil) }

func (s *Step) leaves(out []*Step) []*Step {
	if s.Leaf() {
		return append(out, s)
	}
	for _, k := range s.Steps {
		out = k.leaves(out)
	}
	return out
}

// Missing returns the names of the facts for want of which the verdict is Unknown, each once, in the
// order of the rule; none if the rule is decided. A function that could not tell is named itself, and
// the zero instant is named "at".
func (e Explanation) Missing() []string { return e.Root.missing(nil) }

func (s *Step) missing(out []string) []string {
	if s.Verdict != Unknown {
		return out
	}
	for _, k := range s.Steps {
		out = k.missing(out)
	}
	if name := s.lacks(); name != "" && !slices.Contains(out, name) {
		out = append(out, name)
	}
	return out
}

// lacks returns what an unknown condition lacks.
func (s *Step) lacks() string {
	// A date without a year is a fact that says too little.
	if s.Known && s.node.relative() {
		return "at"
	}
	return s.Name
}

// Blockers returns the conditions that stand between the customer and the rule, in the order of the
// rule; none if the rule selects the customer. Of several conditions that must all hold they are those
// that do not; where one of several would do, they are all of them. Conditions that already are as they
// need to be are not listed. See [Explanation.Remedy] for the shortest way in.
func (e Explanation) Blockers() []*Step { return e.Root.toBecome(True, true, false) }

// Remedy returns the smallest set of conditions whose change would make the rule select the customer,
// each condition taken by itself; none if it does already. Of several such sets it is the one that
// stands first in the rule.
func (e Explanation) Remedy() []*Step { return e.Root.toBecome(True, true, true) }

// toBecome returns the conditions to change for the step's verdict to become at least a bound, or with up
// false at most.
func (s *Step) toBecome(bound Truth, up, fewest bool) []*Step {
	switch {
	case up && s.Verdict >= bound || !up && s.Verdict <= bound:
		return nil
	case s.Leaf():
		return []*Step{s}
	case !s.node.listed():
		bound, up = s.node.below(bound, up)
		return s.Steps[0].toBecome(bound, up, fewest)
	}
	oneWillDo := (s.Kind == KindAny) == up
	var out []*Step
	for i, k := range s.Steps {
		kid := k.toBecome(bound, up, fewest)
		if !oneWillDo || !fewest {
			out = append(out, kid...)
		} else if i == 0 || len(kid) < len(out) {
			out = kid
		}
	}
	return out
}

// below returns what the child of a not or an or_else must become at least, or with up false at most, for
// the node's own verdict to become at least or at most a bound.
func (n *Node) below(bound Truth, up bool) (Truth, bool) {
	switch {
	case n.Kind == KindNot:
		return bound.Not(), !up
	case n.Value == up:
		return Unknown, up // for it becomes what is wanted
	default:
		return Of(up), up
	}
}

// String returns the explanation as an indented list, one node a line, in English.
func (e Explanation) String() string {
	var b strings.Builder
	e.Root.write(&b, 0)
	return b.String()
}

func (s *Step) write(b *strings.Builder, indent int) {
	fmt.Fprintf(b, "%s%-7s ", strings.Repeat("  ", indent), s.Verdict)
	switch {
	case !s.Leaf():
		b.WriteString(string(s.Kind))
		if s.Kind == KindOrElse {
			fmt.Fprintf(b, " %v", s.node.Value)
		}
	case s.Kind == KindFunc:
		b.WriteString(s.Text(English))
	case s.Known:
		fmt.Fprintf(b, "%s (it is %s)", s.Text(English), s.Value)
	default:
		fmt.Fprintf(b, "%s (not known)", s.Text(English))
	}
	b.WriteByte('\n')
	for _, k := range s.Steps {
		k.write(b, indent+1)
	}
}

// UndecidedError says that a rule could not be decided, and for want of which facts.
type UndecidedError struct{ Missing []string }

// Error names the missing facts.
func (e *UndecidedError) Error() string {
	return "rule: undecided without " + strings.Join(e.Missing, ", ")
}

// Strict says whether the rule selects a customer, and returns an [*UndecidedError] where [Rule.Match]
// would take Unknown for no.
func (r *Rule[C]) Strict(c C, at time.Time) (bool, error) {
	t := r.Test(c, at)
	if t == Unknown {
		return false, &UndecidedError{r.Explain(c, at).Missing()}
	}
	return t == True, nil
}
