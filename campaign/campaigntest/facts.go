package campaigntest

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/campaign/rule"
)

// facts are the values of one field that the customers have, as far as they were looked at. Constants of
// random rules are drawn from them, so that the rules tell customers apart.
type facts struct {
	rule.Field
	texts    []string
	ints     []int64
	decimals []decimal.Decimal
	times    []time.Time
	dates    []rule.Date
}

// looked is the number of customers whose facts become constants.
const looked = 500

// gather reads the facts of customers through the schema, by explaining whether they are known.
func gather[C any](schema *rule.Schema[C], customers []C, at time.Time) ([]*facts, error) {
	var all []*facts
	for _, field := range schema.Fields() {
		f := &facts{Field: field}
		r, err := reader(schema, field)
		if err != nil {
			return nil, err
		}
		seen := map[string]bool{}
		for _, c := range customers[:min(looked, len(customers))] {
			step := r.Explain(c, at).Root
			if !step.Known || seen[step.Value] {
				continue
			}
			seen[step.Value] = true
			if err := f.add(step.Value); err != nil {
				return nil, fmt.Errorf("campaigntest: fact %s of field %s: %w", step.Value, f.Name, err)
			}
		}
		all = append(all, f)
	}
	return all, nil
}

// reader is a rule whose explanation shows the fact of a field.
func reader[C any](schema *rule.Schema[C], field rule.Field) (*rule.Rule[C], error) {
	r, err := schema.Compile(schema.Expr((&facts{Field: field}).node(rule.OpKnown)))
	if err != nil {
		return nil, fmt.Errorf("campaigntest: %w", err)
	}
	return r, nil
}

// describe shows all facts of a customer.
func describe[C any](schema *rule.Schema[C], c C, id string, at time.Time) (string, error) {
	parts := []string{id + ":"}
	for _, field := range schema.Fields() {
		r, err := reader(schema, field)
		if err != nil {
			return "", err
		}
		value := "missing"
		if step := r.Explain(c, at).Root; step.Known {
			value = step.Value
		}
		parts = append(parts, field.Name+"="+value)
	}
	return strings.Join(parts, " "), nil
}

// node is a condition on the field, without arguments.
func (f *facts) node(op rule.Op) *rule.Node {
	return &rule.Node{Kind: rule.KindField, Name: f.Name, Type: f.Type, Op: op, Ranks: f.Ranks}
}

// maxDigits is the most that an amount in a rule has.
const maxDigits = 38

// add reads a fact as an explanation shows it. One that cannot stand in a rule, such as broken text or an
// instant beyond the year 9999, makes no constant.
func (f *facts) add(value string) (err error) {
	text := func(s string) {
		if len(s) <= rule.MaxText && utf8.ValidString(s) && !strings.Contains(s, "\x00") {
			f.texts = append(f.texts, s)
		}
	}
	switch f.Type {
	case rule.TypeText:
		var s string
		s, err = strconv.Unquote(value)
		text(s)
	case rule.TypeInt:
		var n int64
		n, err = strconv.ParseInt(value, 10, 64)
		f.ints = append(f.ints, n)
	case rule.TypeMoney:
		var d decimal.Decimal
		if d, err = decimal.NewFromString(value); d.NumDigits() <= maxDigits {
			f.decimals = append(f.decimals, d)
		}
	case rule.TypeInstant:
		if t, bad := time.Parse(time.RFC3339Nano, value); bad == nil { // else not a year of four digits
			f.times = append(f.times, t)
		}
	case rule.TypeDate:
		d := rule.Date{}
		if rest, ok := strings.CutPrefix(value, "--"); ok {
			_, err = fmt.Sscanf(rest, "%d-%d", &d.Month, &d.Day)
		} else {
			_, err = fmt.Sscanf(value, "%d-%d-%d", &d.Year, &d.Month, &d.Day)
		}
		f.dates = append(f.dates, d)
	case rule.TypeLabels:
		for rest := strings.TrimPrefix(value, "["); rest != "" && rest != "]"; rest = strings.TrimLeft(rest, ", ") {
			var quoted, s string
			if quoted, err = strconv.QuotedPrefix(rest); err != nil {
				return err
			}
			if s, err = strconv.Unquote(quoted); err != nil {
				return err
			}
			text(s)
			rest = rest[len(quoted):]
		}
	case rule.TypeRanked, rule.TypeFlag: // their constants are all known
	}
	return err
}
