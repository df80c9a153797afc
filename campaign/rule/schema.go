package rule

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Schema names and types the facts a rule may ask of a C. Its methods declare fields and return the
// typed handles conditions are built from:
//
//	var customers = rule.NewSchema[*Customer]("shop.customer", 1)
//	var Region = customers.Text("region", func(c *Customer) (string, bool) { return c.Region, c.Region != "" })
//
// A getter returns the value and whether it is known. It is called for every test, possibly from
// several goroutines, and must be quick and free of side effects. Let C be a pointer unless the struct
// is a few words long: every condition is handed its own copy.
//
// Declare all fields before the first rule is compiled; from then on a Schema is safe for concurrent
// use. Mistakes in declarations (a name twice, a missing getter) are reported by [Schema.Compile].
type Schema[C any] struct {
	id         string
	version    int
	fields     []*field[C]
	byName     map[string]*field[C]
	functions  map[funcKey]*function[C]
	migrations map[int]Migration
	problems   []Problem
}

type funcKey struct {
	name    string
	version int
}

// Field describes a declared field.
type Field struct {
	Name  string
	Type  Type
	Ranks []string // the words of a ranked field, lowest first
	// Always says that the fact is never missing.
	Always bool
	// Consent marks the fact that a customer agreed to be contacted.
	Consent bool
	title   title
}

type title struct{ en, zh string }

type field[C any] struct {
	Field
	known func(C) bool
	show  func(C) string        // the value as text; only asked when known
	bind  func(n *Node) leaf[C] // n has passed check
	load  func(rows []C) column
}

// Option refines the declaration of a field or function.
type Option func(*Field)

// Always declares that the field's fact is never missing, so that negating a condition on it is not
// reported by [Rule.Findings].
func Always() Option { return func(f *Field) { f.Always = true } }

// Consent declares that the field holds the customer's consent to be contacted. Once a schema has such
// a field, [Rule.Findings] reports rules that select customers without it.
func Consent() Option { return func(f *Field) { f.Consent = true } }

// Title gives the name that people read in [Rule.Text], in English and Chinese.
func Title(en, zh string) Option { return func(f *Field) { f.title = title{en, zh} } }

// NewSchema returns an empty schema. The id and version are stored with every rule; raise the version
// when a stored rule would no longer mean the same, and say with [Schema.Migrate] how to bring it along.
func NewSchema[C any](id string, version int) *Schema[C] {
	s := &Schema[C]{
		id: id, version: version,
		byName:     map[string]*field[C]{},
		functions:  map[funcKey]*function[C]{},
		migrations: map[int]Migration{},
	}
	s.checkName("schema", id)
	if version < 1 {
		s.problem(CodeBadSchema, "schema %q has version %d; versions start at 1", id, version)
	}
	return s
}

// ID returns the schema's id.
func (s *Schema[C]) ID() string { return s.id }

// Version returns the schema's version.
func (s *Schema[C]) Version() int { return s.version }

// Fields returns the declared fields in the order of their declaration.
func (s *Schema[C]) Fields() []Field {
	out := make([]Field, len(s.fields))
	for i, f := range s.fields {
		out[i] = f.Field
		out[i].Ranks = slices.Clone(f.Ranks)
	}
	return out
}

// Field returns the field of that name.
func (s *Schema[C]) Field(name string) (Field, bool) {
	f, ok := s.byName[name]
	if !ok {
		return Field{}, false
	}
	out := f.Field
	out.Ranks = slices.Clone(f.Ranks)
	return out, true
}

// Expr turns a node, taken apart by [Expr.Node] or made by a tool, into an expression of this schema.
// It is checked by [Schema.Compile] like any other.
func (s *Schema[C]) Expr(n *Node) Expr[C] { return Expr[C]{schema: s, node: n.clone()} }

// Text declares a field of text, compared byte by byte. Where spellings differ, fold them in the getter.
func (s *Schema[C]) Text(name string, get func(C) (string, bool), opts ...Option) TextField[C] {
	f := &field[C]{}
	if get != nil {
		f.known, f.show = shown(get, quote)
		f.bind = func(n *Node) leaf[C] { return bindText(n, get) }
		f.load = func(rows []C) column { return texts(rows, get) }
	}
	return TextField[C]{s.declare(f, name, TypeText, opts)}
}

// Int declares a field of whole numbers.
func (s *Schema[C]) Int(name string, get func(C) (int64, bool), opts ...Option) IntField[C] {
	f := &field[C]{}
	if get != nil {
		f.known, f.show = shown(get, func(v int64) string { return fmt.Sprint(v) })
		f.bind = func(n *Node) leaf[C] { return bindInt(n, get) }
		f.load = func(rows []C) column { return ints(rows, get) }
	}
	return IntField[C]{s.declare(f, name, TypeInt, opts)}
}

// Money declares a field of exact decimals. A value whose exponent is outside -18 to 18 is no amount of
// money and counts as missing.
func (s *Schema[C]) Money(name string, get func(C) (decimal.Decimal, bool), opts ...Option) MoneyField[C] {
	f := &field[C]{}
	if get != nil {
		checked := func(c C) (decimal.Decimal, bool) {
			d, ok := get(c)
			return d, ok && fits(d)
		}
		f.known, f.show = shown(checked, decimalText)
		f.bind = func(n *Node) leaf[C] { return bindMoney(n, get) }
		f.load = func(rows []C) column { return moneys(rows, get) }
	}
	return MoneyField[C]{s.declare(f, name, TypeMoney, opts)}
}

// Ranked declares a field whose value is one of some words with an order, such as the levels of a
// tier; ranks lists them, lowest first. A value that is not among them counts as missing.
func (s *Schema[C]) Ranked(name string, ranks []string, get func(C) (string, bool), opts ...Option) RankedField[C] {
	f := &field[C]{}
	f.Ranks = slices.Clone(ranks)
	switch {
	case len(ranks) == 0 || len(ranks) > MaxList:
		s.problem(CodeBadSchema, "field %q needs 1 to %d ranks, got %d", name, MaxList, len(ranks))
	case len(ranks) != len(unique(ranks)):
		s.problem(CodeBadSchema, "field %q names a rank twice", name)
	case slices.ContainsFunc(ranks, func(r string) bool { return r == "" || textProblem(r) != "" }):
		s.problem(CodeBadSchema, "field %q has a rank that is empty, too long or not valid text", name)
	}
	if get != nil {
		rank := func(c C) (string, bool) {
			w, ok := get(c)
			return w, ok && slices.Contains(f.Ranks, w)
		}
		f.known, f.show = shown(rank, quote)
		f.bind = func(n *Node) leaf[C] { return bindRanked(n, f.Ranks, get) }
		f.load = func(rows []C) column { return texts(rows, rank) }
	}
	return RankedField[C]{s.declare(f, name, TypeRanked, opts)}
}

// Instant declares a field of points in time, truncated to microseconds. The zero time counts as missing.
func (s *Schema[C]) Instant(name string, get func(C) (time.Time, bool), opts ...Option) InstantField[C] {
	f := &field[C]{}
	if get != nil {
		checked := func(c C) (time.Time, bool) {
			t, ok := get(c)
			return t, ok && !t.IsZero()
		}
		f.known, f.show = shown(checked, instantText)
		f.bind = func(n *Node) leaf[C] { return bindInstant(n, get) }
		f.load = func(rows []C) column { return instants(rows, get) }
	}
	return InstantField[C]{s.declare(f, name, TypeInstant, opts)}
}

// Date declares a field of calendar dates, with or without a year: birthdays above all. A date that is
// not in the calendar counts as missing.
func (s *Schema[C]) Date(name string, get func(C) (Date, bool), opts ...Option) DateField[C] {
	f := &field[C]{}
	if get != nil {
		checked := func(c C) (Date, bool) {
			d, ok := get(c)
			return d, ok && d.valid()
		}
		f.known, f.show = shown(checked, Date.String)
		f.bind = func(n *Node) leaf[C] { return bindDate(n, get) }
		f.load = func(rows []C) column { return dates(rows, get) }
	}
	return DateField[C]{s.declare(f, name, TypeDate, opts)}
}

// Flag declares a yes-or-no field. The getter's first result is the answer, its second whether it is known.
func (s *Schema[C]) Flag(name string, get func(C) (value, known bool), opts ...Option) FlagField[C] {
	f := &field[C]{}
	if get != nil {
		f.known, f.show = shown(get, func(b bool) string { return fmt.Sprint(b) })
		f.bind = func(n *Node) leaf[C] { return bindFlag(n, get) }
		f.load = func(rows []C) column { return flags(rows, get) }
	}
	return FlagField[C]{s.declare(f, name, TypeFlag, opts)}
}

// Labels declares a field that is a set of words, such as tags, in any order. No words with true is the
// empty set, which is known; false says that the set could not be read.
func (s *Schema[C]) Labels(name string, get func(C) ([]string, bool), opts ...Option) LabelsField[C] {
	f := &field[C]{}
	if get != nil {
		f.known, f.show = shown(get, func(v []string) string { return "[" + strings.Join(quoted(v), ", ") + "]" })
		f.bind = func(n *Node) leaf[C] { return bindLabels(n, get) }
		f.load = func(rows []C) column { return labels(rows, get) }
	}
	return LabelsField[C]{s.declare(f, name, TypeLabels, opts)}
}

// Func declares a predicate over the facts alone; its verdict must not depend on the time.
func (s *Schema[C]) Func(name string, version int, test func(c C) Truth, opts ...Option) Function[C] {
	fn := &function[C]{name: name, version: version}
	if test != nil {
		fn.test = func(c C, _ time.Time) Truth { return test(c) }
	}
	return s.function(fn, opts)
}

// TimedFunc declares a predicate whose verdict depends on the time as well. With next it says the
// earliest instant after at when its verdict may change with no new facts, and false for never.
func (s *Schema[C]) TimedFunc(
	name string, version int,
	test func(c C, at time.Time) Truth,
	next func(c C, at time.Time) (time.Time, bool),
	opts ...Option,
) Function[C] {
	if next == nil {
		s.problem(CodeBadSchema, "function %q does not say when its verdict changes next", name)
	}
	return s.function(&function[C]{name: name, version: version, test: test, next: next}, opts)
}

func (s *Schema[C]) function(fn *function[C], opts []Option) Function[C] {
	s.checkName("function", fn.name)
	var f Field
	for _, o := range opts {
		o(&f)
	}
	fn.named = f.title
	key := funcKey{fn.name, fn.version}
	switch {
	case fn.version < 1:
		s.problem(CodeBadSchema, "function %q has version %d; versions start at 1", fn.name, fn.version)
	case fn.test == nil:
		s.problem(CodeBadSchema, "function %q has no test", fn.name)
	case s.functions[key] != nil:
		s.problem(CodeBadSchema, "function %q version %d is declared twice", fn.name, fn.version)
	}
	s.functions[key] = fn
	return Function[C]{schema: s, name: fn.name, version: fn.version}
}

func (s *Schema[C]) declare(f *field[C], name string, t Type, opts []Option) handle[C] {
	s.checkName("field", name)
	f.Name, f.Type = name, t
	for _, o := range opts {
		o(&f.Field)
	}
	if f.bind == nil {
		s.problem(CodeBadSchema, "field %q has no getter", name)
	}
	if s.byName[name] != nil {
		s.problem(CodeBadSchema, "field %q is declared twice", name)
	}
	s.fields = append(s.fields, f)
	s.byName[name] = f
	return handle[C]{schema: s, name: name, kind: t, ranks: f.Ranks}
}

var nameForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]{0,63}$`)

func (s *Schema[C]) checkName(what, name string) {
	if !nameForm.MatchString(name) {
		s.problem(CodeBadSchema, "%s name %q is not a letter followed by up to 63 letters, digits, dots, dashes or underscores", what, name)
	}
}

func (s *Schema[C]) problem(code Code, format string, args ...any) {
	s.problems = append(s.problems, Problem{Code: code, Offset: -1, Detail: fmt.Sprintf(format, args...)})
}

// shown derives from a getter whether its fact is known, and the fact as text.
func shown[C, T any](get func(C) (T, bool), text func(T) string) (known func(C) bool, show func(C) string) {
	known = func(c C) bool {
		_, ok := get(c)
		return ok
	}
	show = func(c C) string {
		v, _ := get(c)
		return text(v)
	}
	return known, show
}
