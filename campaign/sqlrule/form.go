package sqlrule

import (
	"slices"
	"strings"
	"time"

	"github.com/regulars-go/regulars/campaign/rule"
)

// Form is how a column represents the values of a field.
type Form string

// The forms. [Natural] is:
//
//	text      a text column; not CHAR(n) in PostgreSQL, where no comparison sees trailing spaces; MariaDB
//	          refuses the query where the column's character set lacks a character of the rule
//	int       an integer column
//	money     NUMERIC in PostgreSQL, DECIMAL in MariaDB; SQLite has no exact decimal, use [Minor]
//	ranked    a text column with the word
//	instant   timestamptz in PostgreSQL, DATETIME(6) in UTC in MariaDB, as [Micros] in SQLite
//	date      DATE in PostgreSQL and MariaDB, the text 2006-01-02 in SQLite; always with a year
//	flag      boolean in PostgreSQL, an integer in the others
//	labels    text[] (not varchar[]) in PostgreSQL, as [JSON] in the others
const (
	Natural  Form = ""
	Minor    Form = "minor"     // money: an integer of 10^-Scale units
	Rank     Form = "rank"      // ranked: an integer, Base for the lowest word
	UTC      Form = "utc"       // instant, PostgreSQL: timestamp without time zone, in UTC
	Micros   Form = "micros"    // instant: an integer of microseconds since 1970
	Millis   Form = "millis"    // instant: an integer of milliseconds since 1970
	Seconds  Form = "seconds"   // instant: an integer of seconds since 1970
	MonthDay Form = "month_day" // date: the integer 100 * month + day, without a year
	Integer  Form = "integer"   // flag: an integer, 0 for no
	JSON     Form = "json"      // labels: an array of strings, jsonb in PostgreSQL
	Rows     Form = "rows"      // labels: the rows of Child
)

// types says which forms a type has, and how conditions other than known are translated.
var types = map[rule.Type]struct {
	forms     []Form
	translate func(c column, ref string, n *rule.Node, at time.Time) (fragment, bool)
}{
	rule.TypeText:    {[]Form{Natural}, column.text},
	rule.TypeInt:     {[]Form{Natural}, column.integer},
	rule.TypeMoney:   {[]Form{Natural, Minor}, column.money},
	rule.TypeRanked:  {[]Form{Natural, Rank}, column.ranked},
	rule.TypeInstant: {[]Form{Natural, UTC, Micros, Millis, Seconds}, column.instant},
	rule.TypeDate:    {[]Form{Natural, MonthDay}, column.date},
	rule.TypeFlag:    {[]Form{Natural, Integer}, column.flag},
	rule.TypeLabels:  {[]Form{Natural, JSON, Rows}, column.labels},
}

// column is a Column with what is known about it.
type column struct {
	Column
	dialect Dialect
	table   string
	field   rule.Field
}

// check reports what is wrong with the column, by the member that is.
func (c column) check(problem func(member, format string, args ...any)) {
	name := func(member, s string) {
		if p := c.dialect.nameProblem(s); p != "" {
			problem(member, "%s", p)
		}
	}
	switch {
	case !slices.Contains(types[c.field.Type].forms, c.As):
		problem("/as", "%q is not a form of %s", c.As, c.field.Type)
	case c.field.Type == rule.TypeMoney && c.dialect == SQLite && c.As != Minor:
		problem("/as", "is %q, and SQLite cannot store decimals exactly: use an integer of minor units, %q", c.As, Minor)
	case c.As == UTC && c.dialect != Postgres:
		problem("/as", "%q is only for PostgreSQL", UTC)
	}
	if c.Scale < 0 || c.Scale > 18 || c.Scale != 0 && c.As != Minor {
		problem("/scale", "is %d: it is 0 to 18, and only for %q", c.Scale, Minor)
	}
	if c.Base < -maxBase || c.Base > maxBase || c.Base != 0 && c.As != Rank {
		problem("/base", "is %d: it is at most %d either way, and only for %q", c.Base, maxBase, Rank)
	}
	if c.Exact && c.As != Rows && c.field.Type != rule.TypeText && c.field.Type != rule.TypeRanked {
		problem("/exact", "is only for text, ranked words and the labels of %q", Rows)
	}
	switch {
	case c.As != Rows:
		name("/name", c.Name)
		if c.Child != nil {
			problem("/child", "is only for %q", Rows)
		}
	case c.Name != "":
		problem("/name", "is of no use for %q", Rows)
	case c.Child == nil:
		problem("/child", "is missing")
	default:
		for part := range strings.SplitSeq(c.Child.Table, ".") {
			name("/child/table", part)
		}
		name("/child/key", c.Child.Key)
		name("/child/label", c.Child.Label)
		name("/child/parent", c.Child.Parent)
		if c.Child.Known != "" {
			name("/child/known", c.Child.Known)
		}
	}
	if c.field.Type == rule.TypeLabels && c.table == inner {
		problem("", "needs the alias %s for itself: call the customers otherwise", inner)
	}
}

// maxBase keeps the numbers of all ranks within an int64.
const maxBase int64 = 1 << 60

// inner is the alias of the labels of one customer within the SQL.
const inner = "regulars_label"

// of returns a column of the customers' table, quoted and with its table.
func (c column) of(name string) string { return c.dialect.name(c.table) + "." + c.dialect.name(name) }

// condition translates a condition on the field; false says that the column cannot answer it.
func (c column) condition(n *rule.Node, at time.Time) (fragment, bool) {
	ref := c.fact()
	if n.Op == rule.OpKnown {
		return c.known(ref, n.Bool), true
	}
	return types[c.field.Type].translate(c, ref, n, at)
}

// fact is the column that is NULL where the fact is missing; "" if it never is.
func (c column) fact() string {
	switch {
	case c.As != Rows:
		return c.of(c.Name)
	case c.Child.Known != "":
		return c.of(c.Child.Known)
	}
	return ""
}

func (c column) known(ref string, want bool) fragment {
	switch legal := c.field.Type == rule.TypeRanked && !c.Exact; {
	case legal && want:
		return cat("(", c.legal(ref), ") IS TRUE")
	case legal:
		return cat("(", c.legal(ref), ") IS NOT TRUE")
	case ref == "":
		return truth(want)
	case want:
		return raw(ref + " IS NOT NULL")
	}
	return raw(ref + " IS NULL")
}
