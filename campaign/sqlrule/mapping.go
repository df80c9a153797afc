package sqlrule

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/regulars-go/regulars/campaign/rule"
)

// Config says where the facts of a schema are in a database. It is plain data.
type Config struct {
	// Dialect is the engine's SQL.
	Dialect Dialect `json:"dialect"`
	// Placeholders is how arguments are written. The zero value is the engine's own way.
	Placeholders Placeholders `json:"placeholders,omitempty"`
	// Table is the name or alias by which the query around the WHERE knows the customers. Every column
	// is written with it.
	Table string `json:"table"`
	// Columns are the columns by field. A field without one is left to the residual.
	Columns map[string]Column `json:"columns"`
	// MaxArgs is the most arguments a WHERE may take. Conditions that would exceed it are left to the
	// residual. 0 means what the engine takes, less a reserve of 64 for the query around it.
	MaxArgs int `json:"max_args,omitempty"`
}

// Column is where a field is. NULL means that the fact is missing.
type Column struct {
	// Name of the column, unless the field is in a child table.
	Name string `json:"name,omitempty"`
	// As is the representation; the zero value is the natural one of the field's type and the engine.
	As Form `json:"as,omitempty"`
	// Scale is the number of decimals in Minor units, 0 to 18: 2 where 12.34 is stored as 1234.
	Scale int `json:"scale,omitempty"`
	// Base is the number that a Rank column stores for the lowest word; the next has the next number.
	Base int64 `json:"base,omitempty"`
	// Exact promises what the database itself must then enforce: that text is compared byte by byte (a
	// binary NOPAD collation on MariaDB, such as utf8mb4_nopad_bin), and that a ranked column holds none
	// but the words of its field. The SQL is simpler then, and finds more indexes.
	Exact bool `json:"exact,omitempty"`
	// Child is the table that holds labels, one row each.
	Child *Child `json:"child,omitempty"`
}

// Child is a table with one row for each label of a customer. Rows are found by Key, which equals the
// Parent column of the customer's row by the engine's own comparison. A customer without a row has
// the empty set, which is a known one, unless Known says otherwise.
type Child struct {
	Table  string `json:"table"` // schema.table where a schema is named
	Key    string `json:"key"`
	Label  string `json:"label"`
	Parent string `json:"parent"`
	// Known is a column of the customers that is NULL where the labels could not be read. With none they are always known.
	Known string `json:"known,omitempty"`
}

// Mapping is a compiled [Config]: it turns rules of one schema into SQL. It is immutable and safe for
// concurrent use.
type Mapping[C any] struct {
	schema  *rule.Schema[C]
	dollars bool // placeholders are numbered
	maxArgs int  // of a WHERE
	engine  int  // arguments a statement takes
	columns map[string]column
}

// reserve is the number of arguments that is left to the query around a WHERE.
const reserve = 64

// New compiles a mapping. The error joins all problems, each with its path in the Config.
func New[C any](schema *rule.Schema[C], c Config) (*Mapping[C], error) {
	if schema == nil {
		return nil, errors.New("sqlrule: no schema")
	}
	engine, ok := dialects[c.Dialect]
	if !ok {
		return nil, fmt.Errorf("sqlrule: /dialect %q is none of postgres, mariadb, sqlite", c.Dialect)
	}
	var errs []error
	problem := func(path, format string, args ...any) {
		errs = append(errs, fmt.Errorf("sqlrule: %s %w", path, fmt.Errorf(format, args...)))
	}
	m := &Mapping[C]{schema: schema, maxArgs: c.MaxArgs, engine: engine.arguments, columns: map[string]column{}}
	if m.dollars, ok = c.Dialect.dollars(c.Placeholders); !ok {
		problem("/placeholders", "%q is not a style of %s", c.Placeholders, c.Dialect)
	}
	if p := c.Dialect.nameProblem(c.Table); p != "" {
		problem("/table", "%s", p)
	}
	if c.MaxArgs < 0 || c.MaxArgs > engine.arguments {
		problem("/max_args", "is %d, and %s takes 0 to %d", c.MaxArgs, c.Dialect, engine.arguments)
	}
	if c.MaxArgs == 0 {
		m.maxArgs = engine.arguments - reserve
	}
	for _, name := range slices.Sorted(maps.Keys(c.Columns)) {
		path := "/columns/" + name
		f, ok := schema.Field(name)
		if !ok {
			problem(path, "is not a field of schema %s", schema.ID())
			continue
		}
		col := column{Column: c.Columns[name], dialect: c.Dialect, table: c.Table, field: f}
		if col.Child != nil {
			col.Child = new(*col.Child) // the caller's may change
		}
		col.check(func(member, format string, args ...any) { problem(path+member, format, args...) })
		m.columns[name] = col
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return m, nil
}
