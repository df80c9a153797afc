package campaigntest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regulars-go/regulars/campaign/rule"
	"github.com/regulars-go/regulars/campaign/sqlrule"
)

// customer has an order count that may be missing, -1.
type customer struct {
	id     string
	orders int64
	vip    bool
}

func schema() *rule.Schema[customer] {
	s := rule.NewSchema[customer]("shop", 1)
	s.Int("orders", func(c customer) (int64, bool) { return c.orders, c.orders >= 0 })
	s.Flag("vip", func(c customer) (bool, bool) { return c.vip, true })
	return s
}

// table is a table without an engine: nothing is mapped, so every WHERE is TRUE and the residual decides.
func table(t *testing.T, query func(all []string) ([]string, error)) Table[customer] {
	t.Helper()
	s := schema()
	mapping, err := sqlrule.New(s, sqlrule.Config{Dialect: sqlrule.SQLite, Table: "c"})
	require.NoError(t, err)
	tb := Table[customer]{Schema: s, Mapping: mapping, ID: func(c customer) string { return c.id }}
	var ids []string
	for i := range 12 {
		tb.Customers = append(tb.Customers, customer{"c" + strconv.Itoa(i), int64(i%4) - 1, i%2 == 0})
		ids = append(ids, tb.Customers[i].id)
	}
	tb.Query = func(where string, _ []any) ([]string, error) {
		if where != "TRUE" {
			return nil, fmt.Errorf("no engine for %s", where)
		}
		return query(slices.Clone(ids))
	}
	return tb
}

func everybody(all []string) ([]string, error) { return all, nil }

func TestCheckFindsNothingWhereNothingIsWrong(t *testing.T) {
	tb := table(t, everybody)
	require.NoError(t, tb.Check())
	Agree(t, tb)
}

func TestCheckFindsWrongAnswers(t *testing.T) {
	for _, tc := range []struct {
		name, why string
		query     func(all []string) ([]string, error)
	}{
		{"a customer lost", "SQL loses a customer on whom the rule is true", func(all []string) ([]string, error) { return all[1:], nil }},
		{"a customer twice", "the query returned a customer twice", func(all []string) ([]string, error) { return append(all, all[0]), nil }},
		{"a stranger", `the query returned id "x", which is no customer's`, func(all []string) ([]string, error) { return append(all, "x"), nil }},
		{"an error", "the query failed: gone", func([]string) ([]string, error) { return nil, errors.New("gone") }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tb := table(t, tc.query)
			err := tb.Check()
			d, ok := errors.AsType[*DisagreementError](err)
			require.True(t, ok, "%v", err)
			assert.Equal(t, tc.why, d.Why)
			assert.NotContains(t, d.Rule, `{"all":`, "one condition is enough")
			for _, part := range []string{d.Why, d.Rule, d.SQL, d.Customer, "(seed 0)", "2025-06-15T12:00:00Z"} {
				assert.Contains(t, err.Error(), part)
			}
			again, ok := errors.AsType[*DisagreementError](tb.Check())
			require.True(t, ok)
			assert.Equal(t, d, again, "a seed finds the same again")
		})
	}
}

func TestDisagreementsShowTheCustomer(t *testing.T) {
	tb := table(t, func(all []string) ([]string, error) { return all[1:], nil })
	r, err := tb.Schema.Compile(tb.Schema.Expr(&rule.Node{Kind: rule.KindField, Type: rule.TypeFlag, Name: "vip", Op: rule.OpIs, Bool: true}))
	require.NoError(t, err)
	d, ok := errors.AsType[*DisagreementError](tb.CheckRule(r))
	require.True(t, ok)
	assert.Equal(t, "c0: orders=missing vip=true", d.Customer)
	assert.Contains(t, d.Verdicts, "vip")
}

// failures is a test that notes its failures.
type failures struct {
	testing.TB
	text []string
}

func (f *failures) Helper()           {}
func (f *failures) Error(args ...any) { f.text = append(f.text, fmt.Sprint(args...)) }

func TestAgreeFailsTheTest(t *testing.T) {
	f := &failures{TB: t}
	Agree(f, table(t, func(all []string) ([]string, error) { return all[:3], nil }))
	require.Len(t, f.text, 1)
	assert.True(t, strings.HasPrefix(f.text[0], "campaigntest: SQL loses a customer"), f.text[0])
}

func TestCheckRefuses(t *testing.T) {
	for want, change := range map[string]func(*Table[customer]){
		"campaigntest: a table needs a schema, a mapping, an id function and a query": func(tb *Table[customer]) { tb.Query = nil },
		"campaigntest: a table without customers agrees with anything":                func(tb *Table[customer]) { tb.Customers = nil },
		`campaigntest: two customers with id "c0"`: func(tb *Table[customer]) {
			tb.Customers = append(tb.Customers, customer{id: "c0"})
		},
		"campaigntest: sqlrule: the rule is not of the mapping's schema shop": func(tb *Table[customer]) { tb.Schema = schema() },
	} {
		tb := table(t, everybody)
		change(&tb)
		require.EqualError(t, tb.Check(), want)
	}
	require.EqualError(t, table(t, everybody).CheckRule(nil), "campaigntest: no rule")
}

// Facts are read back from how explanations show them.
func TestFacts(t *testing.T) {
	f := func(typ rule.Type, values ...string) *facts {
		f := &facts{Field: rule.Field{Type: typ}}
		for _, v := range values {
			require.NoError(t, f.add(v), v)
		}
		return f
	}
	assert.Equal(t, []string{`a "b"`, "广\n"}, f(rule.TypeText, `"a \"b\""`, `"广\n"`).texts)
	assert.Equal(t, []int64{-3}, f(rule.TypeInt, "-3").ints)
	assert.Equal(t, "12.5", f(rule.TypeMoney, "12.5").decimals[0].String())
	assert.Equal(t, time.UnixMicro(1).UTC(), f(rule.TypeInstant, "1970-01-01T00:00:00.000001Z").times[0])
	assert.Equal(t, []rule.Date{{Year: 1999, Month: 12, Day: 31}, {Month: 2, Day: 29}}, f(rule.TypeDate, "1999-12-31", "--02-29").dates)
	assert.Equal(t, []string{"a, b]", "c"}, f(rule.TypeLabels, `["a, b]", "c"]`, "[]").texts)
	require.Error(t, (&facts{Field: rule.Field{Type: rule.TypeLabels}}).add(`[x]`))
}

// The facts of a schema of every type come back as constants.
func TestGather(t *testing.T) {
	type all struct{}
	s := rule.NewSchema[all]("all", 1)
	known := func(v string) func(all) (string, bool) { return func(all) (string, bool) { return v, true } }
	s.Text("text", known(`x "y"`))
	s.Ranked("ranked", []string{"low", "high"}, known("high"))
	s.Money("money", func(all) (decimal.Decimal, bool) { return decimal.New(-5, 3), true })
	s.Instant("instant", func(all) (time.Time, bool) { return time.UnixMicro(-1), true })
	s.Date("date", func(all) (rule.Date, bool) { return rule.Date{Month: 2, Day: 29}, true })
	s.Labels("labels", func(all) ([]string, bool) { return []string{"a", `b"`}, true })
	s.Flag("flag", func(all) (bool, bool) { return true, false })
	got, err := gather(s, []all{{}, {}}, time.Unix(1, 0))
	require.NoError(t, err)
	require.Len(t, got, 7)
	assert.Equal(t, []string{`x "y"`}, got[0].texts)
	assert.Equal(t, "-5000", got[2].decimals[0].String())
	assert.Equal(t, int64(-1), got[3].times[0].UnixMicro())
	assert.Equal(t, []rule.Date{{Month: 2, Day: 29}}, got[4].dates)
	assert.Equal(t, []string{"a", `b"`}, got[5].texts)
}

// Shrinking ends, and every step is smaller.
func TestShrunk(t *testing.T) {
	leaf := func(texts ...string) *rule.Node {
		return &rule.Node{Kind: rule.KindField, Name: "f", Op: rule.OpIn, Texts: texts}
	}
	var size func(n *rule.Node) int
	size = func(n *rule.Node) int {
		sum := 1 + len(n.Texts) + len(n.Ints)
		for _, k := range n.Kids {
			sum += size(k)
		}
		return sum
	}
	n := &rule.Node{Kind: rule.KindAll, Kids: []*rule.Node{
		leaf("a", "b"),
		{Kind: rule.KindNot, Kids: []*rule.Node{leaf("c")}},
		{Kind: rule.KindField, Op: rule.OpMonthIn, Ints: []int64{1, 2}},
	}}
	list := shrunk(n)
	assert.Len(t, list, 3+3+2+1+2, "three kids, one kid less, a shorter list twice, the kid of not, a shorter list twice")
	for _, m := range list {
		assert.Less(t, size(m), size(n))
	}
	assert.Empty(t, shrunk(leaf("a")))
	assert.Len(t, n.Kids[0].Texts, 2, "the rule itself stays as it is")
}

// Random rules always compile, and the same seed makes the same rules.
func TestRandomRulesCompile(t *testing.T) {
	tb := table(t, everybody)
	render := func(seed uint64) (out []string) {
		tb.Seed = seed
		p, err := tb.proof()
		require.NoError(t, err)
		s, err := p.source()
		require.NoError(t, err)
		for range 300 {
			r, err := tb.Schema.Compile(tb.Schema.Expr(s.tree(5)))
			require.NoError(t, err)
			line, err := text(r)
			require.NoError(t, err)
			out = append(out, line)
		}
		return out
	}
	first := render(1)
	assert.Equal(t, first, render(1))
	assert.NotEqual(t, first, render(2))
}

// Real tables hold facts that no rule can name; the others are compared all the same.
func TestFactsThatAreNoConstants(t *testing.T) {
	type record struct {
		text   string
		labels []string
		amount decimal.Decimal
		at     time.Time
	}
	s := rule.NewSchema[record]("shop", 1)
	s.Text("text", func(c record) (string, bool) { return c.text, true })
	s.Labels("labels", func(c record) ([]string, bool) { return c.labels, true })
	s.Money("amount", func(c record) (decimal.Decimal, bool) { return c.amount, true })
	s.Instant("at", func(c record) (time.Time, bool) { return c.at, true })
	mapping, err := sqlrule.New(s, sqlrule.Config{Dialect: sqlrule.SQLite, Table: "c"})
	require.NoError(t, err)
	tb := Table[record]{
		Schema: s, Mapping: mapping, ID: func(c record) string { return strconv.Quote(c.text) },
		Customers: []record{
			{"a\xff", []string{"b\xff", "c\x00", strings.Repeat("d", 300)}, dec(strings.Repeat("9", 38)), time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC)},
			{"a\x00", nil, dec(strings.Repeat("9", 39)), time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC)},
			{strings.Repeat("e", 300), []string{"f"}, dec("0." + strings.Repeat("1", 18)), time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)},
		},
	}
	tb.Query = func(string, []any) (ids []string, _ error) {
		for _, c := range tb.Customers {
			ids = append(ids, tb.ID(c))
		}
		return ids, nil
	}
	Agree(t, tb)
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }
