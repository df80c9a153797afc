package sqlrule

import (
	"errors"
	"fmt"
	"time"

	"github.com/regulars-go/regulars/campaign/rule"
)

// Where is a rule as SQL, for one instant. The rows for which SQL is true, and of which Keep is true,
// are the customers that the rule selects: no other, and none is lost.
type Where[C any] struct {
	// SQL is a condition to put behind WHERE, TRUE if nothing could be translated. It is in parentheses
	// where it needs them, so that AND and OR may follow.
	SQL string
	// Args are its arguments: strings, int64 and, for timestamptz in PostgreSQL, time.Time.
	Args []any
	// Residual is what remains to be asked of each row, nil if nothing does. SQL then has the rule's three
	// values too: true, false, and NULL where it is unknown.
	Residual *rule.Rule[C]

	at time.Time
}

// Exact says that SQL alone selects the rule's customers.
func (w Where[C]) Exact() bool { return w.Residual == nil }

// Keep says whether the customer of a row that SQL returned is selected.
func (w Where[C]) Keep(c C) bool { return w.Residual == nil || w.Residual.Match(c, w.at) }

// Option changes how one WHERE is written.
type Option func(*options)

type options struct{ first int }

// StartAt sets the number of the first placeholder, 1 by default, for a query whose own arguments come
// before those of the WHERE. They count towards what the engine takes.
func StartAt(n int) Option { return func(o *options) { o.first = n } }

// Where translates a rule of the mapping's schema for an instant, which must not be zero. What depends on
// the time is worked out here, in microseconds, so the SQL is good for that instant only. Functions,
// conditions on fields without a column, and those the column cannot answer are left to the residual; the
// SQL takes them for whatever loses nobody.
func (m *Mapping[C]) Where(r *rule.Rule[C], at time.Time, opts ...Option) (Where[C], error) {
	o := options{first: 1}
	for _, opt := range opts {
		opt(&o)
	}
	switch {
	case r == nil:
		return Where[C]{}, errors.New("sqlrule: no rule")
	case r.Schema() != m.schema:
		return Where[C]{}, fmt.Errorf("sqlrule: the rule is not of the mapping's schema %s", m.schema.ID())
	case at.IsZero():
		return Where[C]{}, errors.New("sqlrule: the instant is zero")
	case o.first < 1:
		return Where[C]{}, fmt.Errorf("sqlrule: placeholders start at 1 or later, not at %d", o.first)
	}
	root := r.Node()
	room := min(m.maxArgs, m.engine-o.first+1)
	t := translation{columns: m.columns, at: at, room: room, open: map[*rule.Node]bool{}}
	sql := t.node(root, true)
	if sql.constant != nil {
		sql.fragment = truth(*sql.constant)
	}
	w := Where[C]{SQL: sql.render(m.dollars, o.first), Args: sql.args, at: at}
	if rest := t.rest(root, true); rest != nil {
		var err error
		if w.Residual, err = m.schema.Compile(m.schema.Expr(rest)); err != nil {
			return Where[C]{}, fmt.Errorf("sqlrule: residual: %w", err)
		}
	}
	return w, nil
}

// translation is the work on one rule.
type translation struct {
	columns map[string]column
	at      time.Time
	room    int                 // arguments that may still be used
	open    map[*rule.Node]bool // nodes that are not, or not wholly, in the SQL
}

// part is a translated node: a constant where everything below is unmapped, else a fragment.
type part struct {
	fragment
	constant *bool
}

func truth(b bool) fragment {
	if b {
		return raw("TRUE")
	}
	return raw("FALSE")
}

// node translates a tree. A condition that has no SQL is taken for true where that makes the whole
// truer, and else, under an odd number of nots, for false. As all, any and or_else never turn false
// when a child becomes truer, the result is at least as true as the rule for every customer.
func (t *translation) node(n *rule.Node, truer bool) part {
	switch n.Kind {
	case rule.KindAll:
		return t.junction(n, truer, " AND ", false)
	case rule.KindAny:
		return t.junction(n, truer, " OR ", true)
	case rule.KindNot:
		p := t.node(n.Kids[0], !truer)
		t.open[n] = t.open[n.Kids[0]]
		if p.constant != nil {
			return part{constant: new(!*p.constant)}
		}
		return part{fragment: not(p.fragment)}
	case rule.KindOrElse:
		p := t.node(n.Kids[0], truer)
		t.open[n] = t.open[n.Kids[0]]
		switch {
		case p.constant != nil:
		case n.Value:
			p.fragment = cat("(", p.fragment, ") IS NOT FALSE")
		default:
			p.fragment = cat("(", p.fragment, ") IS TRUE")
		}
		return p
	case rule.KindField:
		if c, ok := t.columns[n.Name]; ok {
			if f, ok := c.condition(n, t.at); ok && len(f.args) <= t.room {
				t.room -= len(f.args)
				return part{fragment: f}
			}
		}
	case rule.KindFunc:
	}
	t.open[n] = true
	return part{constant: &truer}
}

// junction translates all and any. A child with the deciding value decides, and one with the other is
// left out.
func (t *translation) junction(n *rule.Node, truer bool, word string, deciding bool) part {
	var parts []fragment
	decided := false
	for _, k := range n.Kids {
		p := t.node(k, truer)
		t.open[n] = t.open[n] || t.open[k]
		switch {
		case p.constant == nil:
			parts = append(parts, p.fragment)
		case *p.constant == deciding:
			decided = true
		}
	}
	switch {
	case decided:
		return part{constant: &deciding}
	case len(parts) == 0:
		return part{constant: new(!deciding)}
	case len(parts) == 1:
		return part{fragment: parts[0]}
	}
	return part{fragment: cat("(", list(word, parts), ")")}
}
