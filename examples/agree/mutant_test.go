package agree

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regulars-go/regulars/campaign/campaigntest"
	"github.com/regulars-go/regulars/campaign/rule"
	"github.com/regulars-go/regulars/campaign/sqlrule"
)

// A proof that finds nothing proves nothing: each mapping here has one bug, and each must be found and
// shown as a single condition on the field that has it.
func TestWrongMappingsAreFound(t *testing.T) {
	change := func(field string, change func(*sqlrule.Column)) func(*sqlrule.Config) {
		return func(c *sqlrule.Config) {
			column := c.Columns[field]
			change(&column)
			c.Columns[field] = column
		}
	}
	column := func(field, name string) func(*sqlrule.Config) {
		return change(field, func(c *sqlrule.Column) { c.Name = name })
	}
	for _, m := range []struct {
		name, field string
		change      func(*sqlrule.Config)
	}{
		{"another column of the same type", "visits", column("visits", "orders")},
		{"a column that is not there", "orders", column("orders", "oders")},
		{"the scale one too small", "credit", change("credit", func(c *sqlrule.Column) { c.Scale = 1 })},
		{"a collation that folds case, promised to be exact", "region", change("region", func(c *sqlrule.Column) { c.Exact = true })},
		{"words that are no ranks, promised not to be there", "tier", change("tier", func(c *sqlrule.Column) { c.Exact = true })},
		{"ranks counted from one too many", "level", change("level", func(c *sqlrule.Column) { c.Base++ })},
		{"milliseconds taken for microseconds", "joined", change("joined", func(c *sqlrule.Column) { c.As = sqlrule.Micros })},
		{"month and day of another date", "nameday", column("nameday", "orders")},
		{"labels of another field", "likes", column("likes", "tags")},
		{"labels that cannot be read taken for none", "bought", change("bought", func(c *sqlrule.Column) {
			c.Child = new(*c.Child)
			c.Child.Known = ""
		})},
		{"labels of somebody else", "bought", change("bought", func(c *sqlrule.Column) {
			c.Child = new(*c.Child)
			c.Child.Parent = "region"
		})},
		{"no turned into yes", "vip", column("vip", "bought_known")},
	} {
		t.Run(m.name, func(t *testing.T) {
			tb := engines[0].fill(t, crowd(300, 4)) // SQLite
			config := tb.config()
			m.change(&config)
			d := disagreement(t, tb.proof(t, config))
			assert.Contains(t, d.Rule, `"rule":{"field":"`+m.field+`"`, "shrunk to one condition on the field")
		})
	}
}

// Where the SQL is exact it is compared as false as well: a NULL that is taken for false shows only there.
func TestFalseForUnknownIsFound(t *testing.T) {
	tb := engines[0].fill(t, crowd(300, 4))
	config := tb.config()
	config.Columns["bought"].Child.Known = ""
	n := &rule.Node{Kind: rule.KindField, Type: rule.TypeLabels, Name: "bought", Op: rule.OpAny, Texts: []string{"vip"}}
	err := tb.proof(t, config).CheckRule(shop.MustCompile(shop.Expr(n)))
	d, ok := errors.AsType[*campaigntest.DisagreementError](err)
	require.True(t, ok, "not found")
	assert.Equal(t, "negated: SQL selects a customer on whom the rule is unknown", d.Why)
}

// Bugs of the query rather than of the mapping.
func TestWrongQueriesAreFound(t *testing.T) {
	tb := engines[0].fill(t, crowd(300, 5))
	for name, query := range map[string]func(where string, args []any) ([]string, error){
		"nobody":    func(string, []any) ([]string, error) { return nil, nil },
		"everybody": func(string, []any) ([]string, error) { return tb.query("TRUE", nil) },
		"one too few": func(where string, args []any) ([]string, error) {
			ids, err := tb.query(where, args)
			return ids[:max(0, len(ids)-1)], err
		},
		"twice": func(where string, args []any) ([]string, error) {
			ids, err := tb.query(where, args)
			return append(ids, ids...), err
		},
		"somebody else": func(where string, args []any) ([]string, error) {
			ids, err := tb.query(where, args)
			return append(ids, "stranger"), err
		},
		"an error": func(string, []any) ([]string, error) { return nil, errors.New("no connection") },
		"unknown taken for true": func(where string, args []any) ([]string, error) {
			return tb.query(strings.ReplaceAll(where, "CASE WHEN", "CASE WHEN TRUE OR"), args)
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := tb.proof(t, tb.config())
			p.Query = query
			d := disagreement(t, p)
			assert.NotContains(t, d.Rule, `{"all"`, "shrunk to one condition")
		})
	}
}

func disagreement(t *testing.T, p campaigntest.Table[*customer]) *campaigntest.DisagreementError {
	t.Helper()
	d, ok := errors.AsType[*campaigntest.DisagreementError](p.Check())
	require.True(t, ok, "not found")
	return d
}
