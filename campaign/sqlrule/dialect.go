package sqlrule

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Dialect is the SQL of an engine. The zero Dialect is none and is refused.
type Dialect uint8

// The dialects. MariaDB is 10.6 or newer, and MySQL 8.0 or newer reads the same.
const (
	Postgres Dialect = iota + 1
	MariaDB
	SQLite
)

var dialects = [...]struct {
	name      string
	quote     string // around an identifier, doubled within
	arguments int    // the most a statement takes
}{
	Postgres: {"postgres", `"`, 65_535},
	MariaDB:  {"mariadb", "`", 65_535},
	// In double quotes SQLite takes a name it does not know for a string, and the rule would match in silence.
	SQLite: {"sqlite", "`", 32_766},
}

// String returns postgres, mariadb or sqlite.
func (d Dialect) String() string {
	if !d.valid() {
		return fmt.Sprintf("dialect(%d)", uint8(d))
	}
	return dialects[d].name
}

// MarshalText writes the dialect as its word.
func (d Dialect) MarshalText() ([]byte, error) {
	if !d.valid() {
		return nil, fmt.Errorf("sqlrule: no dialect %d", uint8(d))
	}
	return []byte(d.String()), nil
}

// UnmarshalText reads the word of a dialect.
func (d *Dialect) UnmarshalText(text []byte) error {
	for _, e := range []Dialect{Postgres, MariaDB, SQLite} {
		if string(text) == e.String() {
			*d = e
			return nil
		}
	}
	return fmt.Errorf("sqlrule: %q is not one of postgres, mariadb, sqlite", text)
}

func (d Dialect) valid() bool { return d >= Postgres && d <= SQLite }

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

// Placeholders is how arguments are written in SQL.
type Placeholders uint8

// The placeholder styles.
const (
	// Native is $1, $2 … for PostgreSQL and ? for the others.
	Native Placeholders = iota
	// Question is ?, for query builders that renumber by themselves.
	Question
	// Dollar is $1, $2 …, which SQLite takes as well.
	Dollar
)
