package sqlrule

import (
	"fmt"
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

func (c column) problems() (list []string) {
	problem := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	name := func(path, s string) {
		if p := c.dialect.nameProblem(s); p != "" {
			problem("%s %s", path, p)
		}
	}
	switch {
	case !slices.Contains(forms[c.field.Type], c.As):
		problem("as %q is not a form of %s", c.As, c.field.Type)
	case c.field.Type == rule.TypeMoney && c.dialect == SQLite && c.As != Minor:
		problem("is money, which SQLite cannot store exactly as decimals: use an integer of minor units (as %q)", Minor)
	case c.As == UTC && c.dialect != Postgres:
		problem("as %q is only for PostgreSQL", UTC)
	}
	if c.Scale < 0 || c.Scale > 18 || c.Scale != 0 && c.As != Minor {
		problem("scale %d: it is 0 to 18, and only for %q", c.Scale, Minor)
	}
	if c.Base != 0 && c.As != Rank {
		problem("base %d is only for %q", c.Base, Rank)
	}
	if c.Base > 1<<62 || c.Base < -1<<62 {
		problem("base %d is out of range", c.Base)
	}
	if c.As != Rows {
		name("name", c.Name)
		if c.Child != nil {
			problem("child is only for %q", Rows)
		}
		return list
	}
	if c.Name != "" {
		problem("name is of no use for %q", Rows)
	}
	if c.Child == nil {
		problem("child is missing")
		return list
	}
	for part := range strings.SplitSeq(c.Child.Table, ".") {
		name("child/table", part)
	}
	name("child/key", c.Child.Key)
	name("child/label", c.Child.Label)
	name("child/parent", c.Child.Parent)
	if c.Child.Known != "" {
		name("child/known", c.Child.Known)
	}
	if c.table == inner {
		problem("child needs the alias %s for itself: call the customers otherwise", inner)
	}
	return list
}

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
