package agree

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/regulars-go/regulars/campaign/campaigntest"
	"github.com/regulars-go/regulars/campaign/rule"
	"github.com/regulars-go/regulars/campaign/sqlrule"
)

// proof is the table as campaigntest wants it, with a mapping.
func (tb *table) proof(t *testing.T, config sqlrule.Config) campaigntest.Table[*customer] {
	t.Helper()
	mapping, err := sqlrule.New(shop, config)
	require.NoError(t, err)
	return campaigntest.Table[*customer]{
		Schema: shop, Mapping: mapping, Customers: tb.customers, At: now,
		ID:    func(c *customer) string { return c.id },
		Query: tb.query,
		Also:  []rule.Expr[*customer]{odd.Holds()},
	}
}

// Thousands of random rules over every type and form, with facts missing.
func TestRandomRulesAgree(t *testing.T) {
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			tb := e.fill(t, crowd(300, 1))
			p := tb.proof(t, tb.config())
			p.Rules = 2000
			if testing.Short() {
				p.Rules = 200
			}
			campaigntest.Agree(t, p)
		})
	}
}

// With a random part of the fields mapped, the SQL loses nobody and the residual does the rest.
func TestResidualsAreSound(t *testing.T) {
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			tb := e.fill(t, crowd(150, 2))
			r := rand.New(rand.NewPCG(3, 0))
			for seed := range uint64(20) {
				config := tb.config()
				for _, field := range slices.Sorted(maps.Keys(config.Columns)) {
					if r.IntN(2) == 0 {
						delete(config.Columns, field)
					}
				}
				if seed%4 == 0 {
					config.MaxArgs = 1 + r.IntN(6)
				}
				p := tb.proof(t, config)
				p.Rules, p.Seed = 150, seed
				campaigntest.Agree(t, p)
			}
		})
	}
}

// The largest rules that may be stored are within what every engine parses and takes.
func TestTheLargestRulesAgree(t *testing.T) {
	texts := make([]string, rule.MaxList)
	for i := range texts {
		texts[i] = "label-" + strconv.Itoa(i)
	}
	many := func(of func(i int) rule.Expr[*customer]) (out []rule.Expr[*customer]) {
		for i := range rule.MaxNodes - 1 {
			out = append(out, of(i))
		}
		return out
	}
	deep := rule.Any(region.In("GD"), tags.Any("vip"))
	for i := range (rule.MaxDepth - 2) / 2 {
		deep = rule.Not(deep.OrElse(i%2 == 0))
	}
	rules := map[string]rule.Expr[*customer]{
		"long list": region.In(texts...),
		"wide all": rule.All(many(func(i int) rule.Expr[*customer] {
			return birth.Near(200, i%100, rule.LeapFeb28, time.UTC).OrElse(true)
		})[:rule.MaxNodes/2-1]...),
		"wide any": rule.Any(many(func(i int) rule.Expr[*customer] { return orders.Over(int64(i)) })...),
		"deep":     deep,
	}
	for _, field := range []string{"tags", "likes", "bought"} {
		for _, op := range []rule.Op{rule.OpAny, rule.OpAll, rule.OpNone} {
			n := &rule.Node{Kind: rule.KindField, Type: rule.TypeLabels, Name: field, Op: op, Texts: texts}
			rules[field+" "+string(op)] = shop.Expr(n)
		}
	}
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			tb := e.fill(t, crowd(50, 6))
			p := tb.proof(t, tb.config())
			for name, e := range rules {
				require.NoError(t, p.CheckRule(shop.MustCompile(e)), name)
			}
		})
	}
}

// A condition on a mapped column finds the column's index.
func TestIndexesAreFound(t *testing.T) {
	tb := engines[0].fill(t, crowd(300, 7)) // SQLite says how it would run a query
	for _, column := range []string{"city", "orders", "spend", "last"} {
		tb.exec(t, "CREATE INDEX "+tb.name+"_"+column+" ON "+tb.name+" ("+column+")")
	}
	mapping, err := sqlrule.New(shop, tb.config())
	require.NoError(t, err)
	for column, e := range map[string]rule.Expr[*customer]{
		"city":   shop.Expr(&rule.Node{Kind: rule.KindField, Type: rule.TypeText, Name: "city", Op: rule.OpIn, Texts: []string{"GD", "HN"}}),
		"orders": orders.AtLeast(100),
		"spend":  spend.Over(decimal.RequireFromString("500")),
		"last":   last.Within(24 * time.Hour),
	} {
		w, err := mapping.Where(shop.MustCompile(e), now)
		require.NoError(t, err)
		var id, parent, unused int
		var plan string
		row := tb.db.QueryRow("EXPLAIN QUERY PLAN SELECT c.id FROM "+tb.name+" AS c WHERE "+w.SQL, w.Args...)
		require.NoError(t, row.Scan(&id, &parent, &unused, &plan))
		require.Contains(t, plan, "USING INDEX "+tb.name+"_"+column, w.SQL)
	}
}

// A WHERE follows a query's own arguments.
func TestStartAt(t *testing.T) {
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			tb := e.fill(t, crowd(100, 8))
			mapping, err := sqlrule.New(shop, tb.config())
			require.NoError(t, err)
			w, err := mapping.Where(shop.MustCompile(rule.All(orders.AtLeast(1), region.Known())), now, sqlrule.StartAt(2))
			require.NoError(t, err)
			own := "?"
			if e.dialect == sqlrule.Postgres {
				own = "$1"
			}
			all, err := tb.query(w.SQL, nil)
			require.Error(t, err, "%v", all) // arguments are missing
			ids, err := tb.query("c.id <> "+own+" AND "+w.SQL, append([]any{"c1"}, w.Args...))
			require.NoError(t, err)
			want := []string{}
			for _, c := range tb.customers {
				if c.id != "c1" && c.orders != nil && *c.orders >= 1 && c.region != nil {
					want = append(want, c.id)
				}
			}
			require.ElementsMatch(t, want, ids)
		})
	}
}
