package sqlrule

import (
	"slices"
	"strings"

	"github.com/regulars-go/regulars/campaign/rule"
)

// Form is how a column represents the values of a field.
type Form string

// The forms. [Natural] is:
//
//	text      a text column
//	int       an integer column
//	money     NUMERIC in PostgreSQL, DECIMAL in MariaDB; SQLite has no exact decimal, use [Minor]
//	ranked    a text column with the word
//	instant   timestamptz in PostgreSQL, DATETIME(6) in UTC in MariaDB, as [Micros] in SQLite
//	date      DATE in PostgreSQL and MariaDB, the text 2006-01-02 in SQLite; always with a year
//	flag      boolean in PostgreSQL, an integer in the others
//	labels    text[] in PostgreSQL, as [JSON] in the others
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

var forms = map[rule.Type][]Form{
	rule.TypeText:    {Natural},
	rule.TypeInt:     {Natural},
	rule.TypeMoney:   {Natural, Minor},
	rule.TypeRanked:  {Natural, Rank},
	rule.TypeInstant: {Natural, UTC, Micros, Millis, Seconds},
	rule.TypeDate:    {Natural, MonthDay},
	rule.TypeFlag:    {Natural, Integer},
	rule.TypeLabels:  {Natural, JSON, Rows},
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
	case !slices.Contains(forms[c.field.Type], c.As):
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

// leaf returns the translation of conditions on this column.
func (c column) leaf() leaf {
	switch c.field.Type {
	case rule.TypeText:
		return c.text
	case rule.TypeInt:
		return c.integer
	case rule.TypeMoney:
		return c.money
	case rule.TypeRanked:
		return c.ranked
	case rule.TypeInstant:
		return c.instant
	case rule.TypeDate:
		return c.date
	case rule.TypeFlag:
		return c.flag
	case rule.TypeLabels:
		return c.labels
	}
	return nil
}
