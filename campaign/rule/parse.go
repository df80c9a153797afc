package rule

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Format is the version of the JSON envelope.
const Format = 1

// Parse reads a rule from JSON, brings it to the schema's version if it was stored under an older one,
// and compiles it:
//
//	{"format":1,"schema":"shop.customer","schema_version":1,"rule":
//	  {"all":[{"field":"region","in":["GD","ZJ"]},{"field":"last_order","within":{"days":30}}]}}
//
// The reader is strict: a key twice, an unknown key, another case, invalid UTF-8, anything behind the
// rule and anything over the limits of this package is refused with a [*DefinitionError], whose problems
// tell code, JSON Pointer and byte offset. Hostile input costs no more than its 64 KiB.
func (s *Schema[C]) Parse(data []byte) (*Rule[C], error) {
	if len(s.problems) > 0 {
		return nil, definitionError(s.problems)
	}
	doc, p := readJSON(string(data))
	if p != nil {
		return nil, definitionError([]Problem{*p})
	}
	d := &decoder{field: s.Field}
	stored := d.envelope(doc, s.id, s.version)
	if len(d.problems) > 0 {
		return nil, definitionError(d.problems)
	}
	root := doc.get("rule")
	if p := migrate(s.migrations, root, stored, s.version); p != nil {
		return nil, definitionError([]Problem{*p})
	}
	r, err := s.Compile(Expr[C]{schema: s, node: d.node(root, nil, 1)})
	for _, p := range Problems(err) {
		p.Offset = root.find(p.Path).start
		known := func(q Problem) bool { return q.Code == p.Code && q.Path == p.Path }
		// Where there is no node, the decoder has said why.
		if p.Code != CodeNoExpr && !slices.ContainsFunc(d.problems, known) {
			d.problems = append(d.problems, p)
		}
	}
	slices.SortStableFunc(d.problems, func(p, q Problem) int { return cmp.Compare(p.Offset, q.Offset) })
	return r, definitionError(d.problems)
}

// MustParse is [Schema.Parse] for rules that are part of the program; it panics on an error.
func (s *Schema[C]) MustParse(data string) *Rule[C] {
	r, err := s.Parse([]byte(data))
	if err != nil {
		panic(err)
	}
	return r
}

// decoder turns JSON values into nodes. What the values may be is decided here, what they may mean by
// the compiler, for rules made in Go as well.
type decoder struct {
	field    func(name string) (Field, bool)
	problems []Problem
	nodes    int
}

func (d *decoder) add(v *value, p *place, code Code, format string, args ...any) {
	problem := p.problem(code, format, args...)
	problem.Offset = v.start
	d.problems = append(d.problems, problem)
}

// envelope checks all of the document but the rule, and returns the schema version it was stored under.
func (d *decoder) envelope(doc *value, schema string, version int) int {
	if !d.object(doc, nil, "format", "schema", "schema_version", "rule") {
		return 0
	}
	at := (*place)(nil).at
	if f, ok := d.int(doc.get("format"), at("format")); ok && f != Format {
		d.add(doc.get("format"), at("format"), CodeFormat, "format %d, this package reads %d", f, Format)
	}
	if name, ok := d.text(doc.get("schema"), at("schema")); ok && name != schema {
		d.add(doc.get("schema"), at("schema"), CodeSchema, "a rule of %q, not of %q", name, schema)
	}
	v, ok := d.int(doc.get("schema_version"), at("schema_version"))
	if ok && v > int64(version) {
		d.add(doc.get("schema_version"), at("schema_version"), CodeVersion, "version %d, the schema is at %d", v, version)
	} else if ok && v < 1 {
		d.add(doc.get("schema_version"), at("schema_version"), CodeBadValue, "versions start at 1")
	}
	return int(v)
}

// object checks that a value is an object with exactly some keys.
func (d *decoder) object(v *value, p *place, keys ...string) bool {
	if !d.kind(v, p, '{', "an object") {
		return false
	}
	before := len(d.problems)
	for i, k := range v.keys {
		if !contains(keys, k) {
			d.add(v.kids[i], p.at(k), CodeUnknownKey, "expected %s", strings.Join(keys, ", "))
		}
	}
	for _, k := range keys {
		if v.get(k) == nil {
			d.add(v, p, CodeMissingKey, "%s is missing", k)
		}
	}
	return len(d.problems) == before
}

func (d *decoder) kind(v *value, p *place, kind byte, name string) bool {
	if v.kind != kind {
		d.add(v, p, CodeWrongType, "expected %s", name)
		return false
	}
	return true
}

// nodeKeys are the keys of which a node has one; a condition and a function have a second.
var nodeKeys = []string{"all", "any", "not", "or_else", "field", "func"}

// node reads a NODE of the grammar; nil if there was a problem.
func (d *decoder) node(v *value, p *place, depth int) *Node {
	d.nodes++
	switch {
	case depth > MaxDepth:
		d.add(v, p, CodeTooDeep, "more than %d levels", MaxDepth)
		return nil
	case d.nodes > MaxNodes:
		if d.nodes == MaxNodes+1 {
			d.add(v, p, CodeTooManyNodes, "more than %d nodes", MaxNodes)
		}
		return nil
	case !d.kind(v, p, '{', "an object"):
		return nil
	case v.get("field") != nil:
		return d.condition(v, p)
	case v.get("func") != nil:
		return d.function(v, p)
	case len(v.keys) == 0:
		d.add(v, p, CodeMissingKey, "a node has one of %s", strings.Join(nodeKeys, ", "))
		return nil
	case len(v.keys) > 1:
		i := slices.IndexFunc(v.keys, func(k string) bool { return !contains(nodeKeys, k) })
		if i < 0 {
			i = 1 // two keys of which each would do alone
		}
		d.add(v.kids[i], p.at(v.keys[i]), CodeUnknownKey, "a node has one of %s", strings.Join(nodeKeys, ", "))
		return nil
	}
	kind, arg := Kind(v.keys[0]), v.kids[0]
	n := &Node{Kind: kind}
	switch kind {
	case KindAll, KindAny:
		if !d.kind(arg, p.at(string(kind)), '[', "an array") {
			return nil
		}
		for i, kid := range arg.kids {
			n.Kids = append(n.Kids, d.node(kid, p.kid(n, i), depth+1))
		}
	case KindNot:
		n.Kids = []*Node{d.node(arg, p.kid(n, 0), depth+1)}
	case KindOrElse:
		if !d.object(arg, p.at("or_else"), "rule", "value") {
			return nil
		}
		n.Kids = []*Node{d.node(arg.get("rule"), p.kid(n, 0), depth+1)}
		n.Value, _ = d.bool(arg.get("value"), p.at("or_else").at("value"))
	default:
		d.add(arg, p.at(string(kind)), CodeUnknownKey, "a node has one of %s", strings.Join(nodeKeys, ", "))
		return nil
	}
	return n
}

func (d *decoder) function(v *value, p *place) *Node {
	if !d.object(v, p, "func", "version") {
		return nil
	}
	name, _ := d.text(v.get("func"), p.at("func"))
	version, _ := d.small(v.get("version"), p.at("version"))
	return &Node{Kind: KindFunc, Name: name, Version: version}
}

func (d *decoder) condition(v *value, p *place) *Node {
	name, ok := d.text(v.get("field"), p.at("field"))
	if !ok {
		return nil
	}
	f, ok := d.field(name)
	if !ok {
		d.add(v.get("field"), p.at("field"), CodeUnknownField, "the schema has no field %q", name)
		return nil
	}
	switch {
	case len(v.keys) < 2:
		d.add(v, p, CodeMissingKey, "a condition is a field and one operator")
		return nil
	case len(v.keys) > 2:
		d.add(v.kids[2], p.at(v.keys[2]), CodeUnknownKey, "a condition is a field and one operator")
		return nil
	}
	i := 0
	if v.keys[0] == "field" {
		i = 1
	}
	n := &Node{Kind: KindField, Name: name, Type: f.Type, Ranks: f.Ranks, Op: Op(v.keys[i])}
	shape, ok := operators[f.Type][n.Op]
	if !ok {
		d.add(v.kids[i], p.at(string(n.Op)), CodeUnknownOp, "field %q is %s; its operators are %v", name, f.Type, Operators(f.Type))
		return nil
	}
	if !d.args(n, shape, v.kids[i], p.at(string(n.Op))) {
		return nil
	}
	return n
}

// args reads the argument of an operator into a node.
func (d *decoder) args(n *Node, shape form, v *value, p *place) (ok bool) {
	before := len(d.problems)
	switch shape {
	case formBool:
		n.Bool, ok = d.bool(v, p)
	case formText:
		n.Texts, ok = one(v, p, d.text)
	case formTexts:
		n.Texts, ok = list(d, v, p, d.text)
	case formInt:
		n.Ints, ok = one(v, p, d.int)
	case formInts:
		n.Ints, ok = pair(d, v, p, "min", "max", d.int)
	case formMoney:
		n.Decimals, ok = one(v, p, d.money)
	case formMoneys:
		n.Decimals, ok = pair(d, v, p, "min", "max", d.money)
	case formTime:
		n.Times, ok = one(v, p, d.time)
	case formTimes:
		n.Times, ok = pair(d, v, p, "from", "until", d.time)
	case formDate:
		n.Dates, ok = one(v, p, d.date)
	case formDates:
		n.Dates, ok = pair(d, v, p, "from", "until", d.date)
	case formSpan:
		n.Span, ok = d.span(v, p)
	case formDays:
		if ok = d.object(v, p, "days", "zone"); ok {
			n.Days, ok = d.small(v.get("days"), p.at("days"))
			n.Zone = d.zone(v.get("zone"), p.at("zone"))
		}
	case formNear:
		ok = d.near(n, v, p)
	case formZone:
		if ok = d.object(v, p, "zone"); ok {
			n.Zone = d.zone(v.get("zone"), p.at("zone"))
		}
	case formMonths:
		n.Ints, ok = list(d, v, p, d.int)
	}
	return ok && len(d.problems) == before
}

func (d *decoder) near(n *Node, v *value, p *place) (ok bool) {
	if !d.object(v, p, "before", "after", "leap", "zone") {
		return false
	}
	n.Before, _ = d.small(v.get("before"), p.at("before"))
	n.After, _ = d.small(v.get("after"), p.at("after"))
	word, ok := d.text(v.get("leap"), p.at("leap"))
	for i, w := range leapWords {
		if w == word {
			n.Leap = Leap(i)
		}
	}
	if ok && n.Leap.String() != word {
		d.add(v.get("leap"), p.at("leap"), CodeBadValue, "expected %s", strings.Join(leapWords, ", "))
	}
	n.Zone = d.zone(v.get("zone"), p.at("zone"))
	return true
}

func one[T any](v *value, p *place, read func(*value, *place) (T, bool)) ([]T, bool) {
	t, ok := read(v, p)
	return []T{t}, ok
}

func pair[T any](d *decoder, v *value, p *place, a, b string, read func(*value, *place) (T, bool)) ([]T, bool) {
	if !d.object(v, p, a, b) {
		return nil, false
	}
	first, ok := read(v.get(a), p.at(a))
	second, ok2 := read(v.get(b), p.at(b))
	return []T{first, second}, ok && ok2
}

func list[T any](d *decoder, v *value, p *place, read func(*value, *place) (T, bool)) ([]T, bool) {
	if !d.kind(v, p, '[', "an array") {
		return nil, false
	}
	out := make([]T, 0, min(len(v.kids), MaxList+1))
	for i, kid := range v.kids {
		if i > MaxList {
			break // the compiler counts, and reports the list
		}
		t, ok := read(kid, p.item(i))
		if !ok {
			return nil, false
		}
		out = append(out, t)
	}
	return out, true
}

func (d *decoder) bool(v *value, p *place) (b, ok bool) {
	if v.kind != 't' && v.kind != 'f' {
		return false, d.kind(v, p, 't', "true or false")
	}
	return v.kind == 't', true
}

func (d *decoder) text(v *value, p *place) (string, bool) {
	return v.text, d.kind(v, p, '"', "a string")
}

func (d *decoder) int(v *value, p *place) (int64, bool) {
	if !d.kind(v, p, '0', "a whole number") {
		return 0, false
	}
	n, err := strconv.ParseInt(v.raw, 10, 64)
	if err != nil {
		d.add(v, p, CodeBadValue, "%.40s is not a whole number of 64 bits", v.raw)
	}
	return n, err == nil
}

// small reads a whole number that is to be compared with a small limit.
func (d *decoder) small(v *value, p *place) (int, bool) {
	n, ok := d.int(v, p)
	return int(min(max(n, math.MinInt32), math.MaxInt32)), ok
}

var decimalForm = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?$`)

func (d *decoder) money(v *value, p *place) (decimal.Decimal, bool) {
	s, ok := d.text(v, p)
	if !ok {
		return decimal.Decimal{}, false
	}
	if len(s) > MaxText || !decimalForm.MatchString(s) {
		d.add(v, p, CodeBadValue, "%.40q is no decimal", s)
		return decimal.Decimal{}, false
	}
	n, err := decimal.NewFromString(s)
	if err != nil {
		d.add(v, p, CodeBadValue, "%.40q is no decimal", s)
	}
	return n, err == nil
}

func (d *decoder) time(v *value, p *place) (t time.Time, ok bool) {
	s, ok := d.text(v, p)
	if !ok {
		return t, false
	}
	if err := t.UnmarshalText([]byte(s)); err != nil {
		d.add(v, p, CodeBadValue, "%.40q is not of the form 2006-01-02T15:04:05Z", s)
		return t, false
	}
	return t.UTC().Truncate(time.Microsecond), true
}

func (d *decoder) date(v *value, p *place) (Date, bool) {
	s, ok := d.text(v, p)
	if !ok {
		return Date{}, false
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		d.add(v, p, CodeBadValue, "%.40q is not of the form 2006-01-02", s)
		return Date{}, false
	}
	return Date{t.Year(), t.Month(), t.Day()}, true
}

func (d *decoder) zone(v *value, p *place) *time.Location {
	name, ok := d.text(v, p)
	if !ok {
		return nil
	}
	z, err := loadZone(name)
	if err != nil {
		d.add(v, p, CodeBadZone, "%.40q is no zone of the tz database", name)
	}
	return z
}

type unitOfTime struct {
	name string
	span time.Duration
}

// units of elapsed time, longest first.
var units = []unitOfTime{
	{"days", 24 * time.Hour},
	{"hours", time.Hour},
	{"minutes", time.Minute},
	{"seconds", time.Second},
	{"microseconds", time.Microsecond},
}

func (d *decoder) span(v *value, p *place) (time.Duration, bool) {
	if !d.kind(v, p, '{', "an object") {
		return 0, false
	}
	for _, u := range units {
		arg := v.get(u.name)
		if arg == nil || len(v.keys) != 1 {
			continue
		}
		n, ok := d.int(arg, p.at(u.name))
		if ok && (n < 1 || n > math.MaxInt64/int64(u.span)) {
			d.add(arg, p.at(u.name), CodeBadValue, "%d %s is not more than 0 and at most 292 years", n, u.name)
			return 0, false
		}
		return time.Duration(n) * u.span, ok
	}
	d.add(v, p, CodeMissingKey, "expected one of days, hours, minutes, seconds, microseconds")
	return 0, false
}
