package sqlrule

import (
	"strings"
	"unicode/utf8"
)

// Dialect is the SQL of an engine. The zero Dialect is none and is refused.
type Dialect string

// The dialects.
const (
	Postgres Dialect = "postgres"
	MariaDB  Dialect = "mariadb" // 10.6 or newer; MySQL 8.0 has the same syntax, and is not tested
	SQLite   Dialect = "sqlite"  // 3.38 or newer, which have JSON built in
)

var dialects = map[Dialect]struct {
	quote     string // around an identifier, doubled within
	arguments int    // the most a statement takes
}{
	Postgres: {`"`, 65_535},
	MariaDB:  {"`", 65_535},
	// In double quotes SQLite takes a name it does not know for a string, and the rule would match in silence.
	SQLite: {"`", 32_766},
}

// Placeholders is how arguments are written in SQL.
type Placeholders string

// The styles of placeholders.
const (
	Native   Placeholders = ""         // $1, $2 … for PostgreSQL and ? for the others
	Question Placeholders = "question" // ?, for query builders that number them afterwards
	Dollar   Placeholders = "dollar"   // $1, $2 …, which SQLite takes as well
)

// dollars says whether placeholders are numbered; false for a style that the dialect does not have.
func (d Dialect) dollars(p Placeholders) (dollars, ok bool) {
	switch p {
	case Native:
		return d == Postgres, true
	case Question:
		return false, true
	case Dollar:
		return true, d != MariaDB
	}
	return false, false
}

// name quotes an identifier.
func (d Dialect) name(s string) string {
	q := dialects[d].quote
	return q + strings.ReplaceAll(s, q, q+q) + q
}

// nameProblem says why an identifier of the mapping cannot be one; "" means it can.
func (d Dialect) nameProblem(s string) string {
	switch {
	case s == "":
		return "is missing"
	case !utf8.ValidString(s) || strings.Contains(s, mark):
		return "is not UTF-8 without NUL"
	case d == Postgres && len(s) > 63: // PostgreSQL cuts it off, and it may name another column then
		return "is longer than 63 bytes"
	case utf8.RuneCountInString(s) > 64:
		return "is longer than 64 characters"
	}
	return ""
}
