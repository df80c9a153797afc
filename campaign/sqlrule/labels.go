package sqlrule

import (
	"strconv"
	"strings"
	"time"

	"github.com/regulars-go/regulars/campaign/rule"
)

func (c column) labels(ref string, n *rule.Node, _ time.Time) (fragment, bool) {
	texts := distinct(n.Texts)
	switch n.Op {
	case rule.OpAny:
		return c.hasAny(ref, texts), true
	case rule.OpNone:
		return not(c.hasAny(ref, texts)), true
	case rule.OpAll:
		return c.hasAll(ref, texts), true
	default:
		return fragment{}, false
	}
}

// array says that PostgreSQL itself knows sets in this column.
func (c column) array() bool { return c.dialect == Postgres && c.As != Rows }

func (c column) hasAny(ref string, texts []string) fragment {
	if c.array() {
		return c.contained(ref, " && ", " OR ", texts)
	}
	return unlessNull(ref, cat("EXISTS (SELECT 1 ", c.those(texts), ")"))
}

func (c column) hasAll(ref string, texts []string) fragment {
	switch {
	case c.array():
		return c.contained(ref, " @> ", " AND ", texts)
	case len(texts) == 1:
		return c.hasAny(ref, texts)
	}
	label := c.label()
	if c.dialect == MariaDB {
		label = "BINARY " + label
	}
	return unlessNull(ref, cat("(SELECT COUNT(DISTINCT ", label, ") ", c.those(texts), ") = ", strconv.Itoa(len(texts))))
}

// contained asks an array for all texts at once, and jsonb for one after the other; both find a GIN index.
func (c column) contained(ref, operator, junction string, texts []string) fragment {
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
func unlessNull(ref string, f fragment) fragment {
	if ref == "" {
		return f
	}
	return cat("CASE WHEN ", ref, " IS NOT NULL THEN ", f, " END")
}
