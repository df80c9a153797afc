package agree

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

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
