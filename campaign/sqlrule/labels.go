package sqlrule

import (
	"strconv"
	"strings"
	"time"

	"github.com/regulars-go/regulars/campaign/rule"
)

func (c column) labels(n *rule.Node, _ time.Time) (fragment, bool) {
	if n.Op == rule.OpKnown {
		return c.labelsKnown(n.Bool), true
	}
	texts := distinct(n.Texts)
	var f fragment
	switch n.Op {
	case rule.OpAny, rule.OpNone:
		f = c.hasAny(texts)
	case rule.OpAll:
		f = c.hasAll(texts)
	default:
		return fragment{}, false
	}
	if n.Op == rule.OpNone {
		f = not(f)
	}
	return f, true
}

func (c column) labelsKnown(want bool) fragment {
	ref := c.labelsColumn()
	switch {
	case ref != "":
		return known(ref, want)
	case want:
		return raw("TRUE")
	}
	return raw("FALSE")
}

// labelsColumn is the column that is NULL where the labels are missing; none if they never are.
func (c column) labelsColumn() string {
	switch {
	case c.As != Rows:
		return c.of(c.Name)
	case c.Child.Known != "":
		return c.of(c.Child.Known)
	}
	return ""
}

// array says that PostgreSQL itself knows sets in this column.
func (c column) array() bool { return c.dialect == Postgres && c.As != Rows }

func (c column) hasAny(texts []string) fragment {
	if c.array() {
		return c.contained(" && ", " OR ", texts)
	}
	return c.unlessNull(cat("EXISTS (SELECT 1 ", c.those(texts), ")"))
}

func (c column) hasAll(texts []string) fragment {
	switch {
	case c.array():
		return c.contained(" @> ", " AND ", texts)
	case len(texts) == 1:
		return c.hasAny(texts)
	}
	label := c.label()
	if c.dialect == MariaDB {
		label = "BINARY " + label
	}
	return c.unlessNull(cat("(SELECT COUNT(DISTINCT ", label, ") ", c.those(texts), ") = ", raw(strconv.Itoa(len(texts)))))
}

// contained asks an array for all texts at once, and jsonb for one after the other; both find a GIN index.
func (c column) contained(operator, junction string, texts []string) fragment {
	ref := c.of(c.Name)
	parts := make([]fragment, len(texts))
	for i, s := range texts {
		parts[i] = c.cast(bound(s), "text")
		if c.As == JSON {
			parts[i] = cat(ref, " @> to_jsonb(", parts[i], ")")
		}
	}
	if c.As == JSON {
		return cat("(", list(junction, parts), ")")
	}
	return cat(ref, operator, "ARRAY[", list(", ", parts), "]")
}

// those is FROM and WHERE of the customer's labels that are among some.
func (c column) those(texts []string) fragment {
	condition := c.oneOf(c.label(), texts)
	var from string
	switch {
	case c.As == Rows:
		parts := strings.Split(c.Child.Table, ".")
		for i, p := range parts {
			parts[i] = c.dialect.name(p)
		}
		from = strings.Join(parts, ".")
		key := inner + "." + c.dialect.name(c.Child.Key)
		condition = cat(key, " = ", c.of(c.Child.Parent), " AND ", condition)
	case c.dialect == SQLite:
		from = "json_each(" + c.of(c.Name) + ")"
		condition = cat(inner, ".type = 'text' AND ", condition)
	default: // a label longer than the column is cut off, and still longer than any text of a rule
		from = "JSON_TABLE(" + c.of(c.Name) + ", '$[*]' COLUMNS (label VARCHAR(" + strconv.Itoa(rule.MaxText+1) + ") PATH '$'))"
	}
	return cat("FROM ", from, " AS ", inner, " WHERE ", condition)
}

// label is the text of one label among [column.those].
func (c column) label() string {
	switch {
	case c.As == Rows:
		return inner + "." + c.dialect.name(c.Child.Label)
	case c.dialect == SQLite:
		return inner + ".value"
	}
	return inner + ".label"
}

// unlessNull keeps a subquery, which never is NULL, from deciding about labels that are missing.
func (c column) unlessNull(f fragment) fragment {
	ref := c.labelsColumn()
	if ref == "" {
		return f
	}
	return cat("CASE WHEN ", ref, " IS NOT NULL THEN ", f, " END")
}
