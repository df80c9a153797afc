package campaigntest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/regulars-go/regulars/campaign/rule"
	"github.com/regulars-go/regulars/campaign/sqlrule"
)

// Table is the caller's own table of customers, with the mapping to be proved.
type Table[C any] struct {
	Schema  *rule.Schema[C]
	Mapping *sqlrule.Mapping[C]
	// Customers are the rows of the table, as the caller's own code reads them. Some should lack each
	// fact, and some should differ by little: upper and lower case, a trailing space, a cent.
	Customers []C
	ID        func(C) string
	// Query returns the ids of the rows for which a condition is true.
	Query func(where string, args []any) ([]string, error)

	// Also are further conditions to mix in, such as the caller's own functions.
	Also []rule.Expr[C]
	// At is the instant at which rules are asked; every other random rule is asked at one in the four
	// years after it. The zero value is 2025-06-15 12:00 UTC.
	At time.Time
	// Rules is the number of random rules, 500 if 0, after one for each operator of each field.
	Rules int
	// Seed makes another set of rules. Each seed makes the same rules every time.
	Seed uint64
}

// Agree fails the test if a random rule selects other customers in SQL than in memory. It shows the
// smallest rule it can find that still does, with the SQL and a customer on whom the two differ.
func Agree[C any](tb testing.TB, table Table[C]) {
	tb.Helper()
	if err := table.Check(); err != nil {
		tb.Error(err)
	}
}

// DisagreementError shows a rule that SQL and memory answer differently.
type DisagreementError struct {
	Seed     uint64
	At       time.Time
	Rule     string // in JSON
	SQL      string
	Args     []any
	Residual string // in JSON, empty if the SQL is exact
	Why      string // in one sentence
	Customer string // the first customer on whom they differ
	Verdicts string // of the conditions, in memory
}

// Error shows everything that is needed to see the disagreement again.
func (d *DisagreementError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "campaigntest: %s (seed %d)\n", d.Why, d.Seed)
	line := func(name, text string) {
		if text != "" {
			fmt.Fprintf(&b, "  %-9s %s\n", name, strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n            "))
		}
	}
	line("rule", d.Rule)
	line("at", d.At.Format(time.RFC3339Nano))
	line("sql", d.SQL)
	line("args", fmt.Sprintf("%#v", d.Args))
	line("residual", d.Residual)
	line("customer", d.Customer)
	line("verdicts", d.Verdicts)
	return b.String()
}

// Check is [Agree] without a test: the error is a *[DisagreementError], or says why nothing could be compared.
func (t Table[C]) Check() error {
	p, err := t.proof()
	if err != nil {
		return err
	}
	s, err := p.source()
	if err != nil {
		return err
	}
	for _, n := range s.operators() {
		if err := p.try(n); err != nil {
			return err
		}
	}
	start := p.At
	for i := range p.Rules {
		if p.At = start; i%2 == 1 { // another time of the year, to and fro around leap days
			p.At = p.At.Add(time.Duration(s.Int64N(int64(years)))).Truncate(time.Microsecond)
		}
		s.at = p.At
		if err := p.try(s.tree(1 + s.IntN(5))); err != nil {
			return err
		}
	}
	return nil
}

// years is the longest time after At at which a rule is asked: over a leap day at least.
const years = 4 * 366 * 24 * time.Hour

// CheckRule compares one rule instead of random ones, such as each that is stored.
func (t Table[C]) CheckRule(r *rule.Rule[C]) error {
	if r == nil {
		return errors.New("campaigntest: no rule")
	}
	p, err := t.proof()
	if err != nil {
		return err
	}
	return p.try(r.Node())
}

// proof is a table at work.
type proof[C any] struct {
	Table[C]
	byID map[string]C
}

func (t Table[C]) proof() (*proof[C], error) {
	switch {
	case t.Schema == nil || t.Mapping == nil || t.ID == nil || t.Query == nil:
		return nil, errors.New("campaigntest: a table needs a schema, a mapping, an id function and a query")
	case len(t.Customers) == 0:
		return nil, errors.New("campaigntest: a table without customers agrees with anything")
	}
	if t.At.IsZero() {
		t.At = time.Date(2025, 6, 15, 12, 0, 0, 0, time.UTC)
	}
	if t.Rules == 0 {
		t.Rules = 500
	}
	t.At = t.At.Truncate(time.Microsecond)
	p := &proof[C]{Table: t, byID: make(map[string]C, len(t.Customers))}
	for _, c := range t.Customers {
		id := t.ID(c)
		if _, twice := p.byID[id]; twice {
			return nil, fmt.Errorf("campaigntest: two customers with id %q", id)
		}
		p.byID[id] = c
	}
	return p, nil
}

func (p *proof[C]) source() (*source, error) {
	fields, err := gather(p.Schema, p.Customers, p.At)
	if err != nil {
		return nil, err
	}
	s := &source{Rand: rand.New(rand.NewPCG(p.Seed, 1)), fields: fields, at: p.At}
	for _, e := range p.Also {
		s.also = append(s.also, e.Node())
	}
	if len(s.fields)+len(s.also) == 0 {
		return nil, errors.New("campaigntest: a schema without fields")
	}
	for _, name := range []string{"UTC", "Asia/Shanghai", "America/Los_Angeles", "America/Sao_Paulo"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			return nil, fmt.Errorf("campaigntest: %w", err)
		}
		s.zones = append(s.zones, zone)
	}
	return s, nil
}

// try compares one rule, and makes it smaller if it fails.
func (p *proof[C]) try(n *rule.Node) error {
	err := p.compare(n)
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*DisagreementError](err); !ok {
		return err
	}
	for {
		list := shrunk(n)
		i := slices.IndexFunc(list, func(m *rule.Node) bool {
			d, ok := errors.AsType[*DisagreementError](p.compare(m))
			if ok {
				err = d
			}
			return ok
		})
		if i < 0 {
			return err
		}
		n = list[i]
	}
}

// compare asks both sides about one rule.
func (p *proof[C]) compare(n *rule.Node) error {
	r, err := p.Schema.Compile(p.Schema.Expr(n))
	if err != nil {
		return fmt.Errorf("campaigntest: a rule that does not compile: %w", err)
	}
	w, err := p.Mapping.Where(r, p.At)
	if err != nil {
		return fmt.Errorf("campaigntest: %w", err)
	}
	d := &DisagreementError{Seed: p.Seed, At: p.At, SQL: w.SQL, Args: w.Args}
	if d.Rule, err = text(r); err != nil {
		return err
	}
	if !w.Exact() {
		if d.Residual, err = text(w.Residual); err != nil {
			return err
		}
	}
	if why, c := p.differ(r, w, rule.True); why != "" {
		return p.show(d, r, why, c)
	}
	if w.Exact() { // then the SQL is false where the rule is, and NULL where it is unknown
		w.SQL = "NOT (" + w.SQL + ")"
		if why, c := p.differ(r, w, rule.False); why != "" {
			return p.show(d, r, "negated: "+why, c)
		}
	}
	return nil
}

func text[C any](r *rule.Rule[C]) (string, error) {
	b, err := r.MarshalJSON()
	if err != nil {
		return "", fmt.Errorf("campaigntest: %w", err)
	}
	return string(b), nil
}

func (p *proof[C]) show(d *DisagreementError, r *rule.Rule[C], why string, c *C) (err error) {
	d.Why = why
	if c != nil {
		e := r.Explain(*c, p.At)
		d.Verdicts = e.String()
		if d.Customer, err = describe(p.Schema, *c, p.ID(*c), p.At); err != nil {
			return err
		}
	}
	return d
}

// differ says how the rows of a WHERE differ from the customers with a verdict, and shows one.
func (p *proof[C]) differ(r *rule.Rule[C], w sqlrule.Where[C], verdict rule.Truth) (why string, c *C) {
	ids, err := p.Query(w.SQL, w.Args)
	if err != nil {
		return fmt.Sprintf("the query failed: %v", err), nil
	}
	returned := map[string]bool{}
	for _, id := range ids {
		c, ok := p.byID[id]
		switch {
		case !ok:
			return fmt.Sprintf("the query returned id %q, which is no customer's", id), nil
		case returned[id]:
			return "the query returned a customer twice", &c
		}
		returned[id] = true
		if truth := r.Test(c, p.At); truth != verdict && (verdict == rule.False || w.Keep(c)) {
			return fmt.Sprintf("SQL selects a customer on whom the rule is %v", truth), &c
		}
	}
	for _, c := range p.Customers {
		if id := p.ID(c); !returned[id] && r.Test(c, p.At) == verdict {
			return fmt.Sprintf("SQL loses a customer on whom the rule is %v", verdict), &c
		} else if returned[id] && verdict == rule.True && r.Match(c, p.At) && !w.Keep(c) {
			return "the residual loses a customer on whom the rule is true", &c
		}
	}
	return "", nil
}
