package sqlrule

import (
	"math"
	"strconv"

	"github.com/regulars-go/regulars/campaign/rule"
)

// Conditions on one column are three-valued by themselves: a comparison with NULL is NULL. Where a
// condition is the same for every known value, it is still NULL for NULL.

func always(ref string) fragment { return raw(ref + " = " + ref) }
func never(ref string) fragment  { return raw(ref + " <> " + ref) }

func not(f fragment) fragment { return cat("NOT (", f, ")") }

// comparisons are the operators that SQL has as well.
var comparisons = map[rule.Op]string{
	rule.OpEq:      " = ",
	rule.OpNe:      " <> ",
	rule.OpUnder:   " < ",
	rule.OpAtMost:  " <= ",
	rule.OpOver:    " > ",
	rule.OpAtLeast: " >= ",
	rule.OpBefore:  " < ",
	rule.OpAfter:   " > ",
}

// The ends of the integers stand for no bound.
const lowest, highest = math.MinInt64, math.MaxInt64

// within is the condition that an integer column is from lo to hi, both included; nothing if lo > hi.
func (c column) within(ref string, lo, hi int64) fragment {
	switch {
	case lo > hi:
		return never(ref)
	case lo == hi:
		return cat(ref, " = ", c.number(lo))
	case lo == lowest && hi == highest:
		return always(ref)
	case lo == lowest:
		return cat(ref, " <= ", c.number(hi))
	case hi == highest:
		return cat(ref, " >= ", c.number(lo))
	}
	return cat(ref, " BETWEEN ", c.number(lo), " AND ", c.number(hi))
}

// number is an argument. PostgreSQL takes it for the type of the column otherwise, and refuses one that
// is too large for a smaller column.
func (c column) number(v int64) fragment { return c.cast(bound(v), "bigint") }

// cast types an argument where the engine would otherwise guess its type from the column.
func (c column) cast(f fragment, postgres string) fragment {
	if c.dialect != Postgres {
		return f
	}
	return cat("CAST(", f, " AS ", postgres, ")")
}

// oneOf is the condition that a text column holds one of some texts, byte by byte.
func (c column) oneOf(ref string, texts []string) fragment {
	list := c.texts(texts)
	switch {
	case c.Exact:
	case c.dialect == SQLite:
		ref += " COLLATE BINARY"
	case c.dialect == MariaDB: // the first half finds an index, the second is exact in every character set
		return cat("(", ref, list, " AND BINARY CONVERT(", ref, " USING utf8mb4)", list, ")")
	}
	return cat(ref, list)
}

// texts is the right side of a comparison with one or several texts.
func (c column) texts(texts []string) fragment {
	parts := make([]fragment, len(texts))
	for i, s := range texts {
		parts[i] = c.cast(bound(s), "text")
	}
	if len(parts) == 1 {
		return cat(" = ", parts[0])
	}
	return cat(" IN (", list(", ", parts), ")")
}

func decimalType(digits, scale int) string {
	return "DECIMAL(" + strconv.Itoa(digits) + "," + strconv.Itoa(scale) + ")"
}
