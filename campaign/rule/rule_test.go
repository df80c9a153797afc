package rule

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// customer is the struct the tests ask about. A nil pointer is a fact that is not known.
type customer struct {
	region   *string
	orders   *int64
	spend    *decimal.Decimal
	tier     *string
	last     *time.Time
	birthday *Date
	consent  *bool
	tags     []string // nil: could not be read
}

func deref[T any](p *T) (v T, ok bool) {
	if p == nil {
		return v, false
	}
	return *p, true
}

var (
	shop     = NewSchema[*customer]("shop.customer", 1)
	Region   = shop.Text("region", func(c *customer) (string, bool) { return deref(c.region) }, Title("region", "地区"))
	Orders   = shop.Int("orders", func(c *customer) (int64, bool) { return deref(c.orders) }, Title("orders", "订单数"))
	Spend    = shop.Money("spend", func(c *customer) (decimal.Decimal, bool) { return deref(c.spend) }, Title("spend", "消费额"))
	Tier     = shop.Ranked("tier", []string{"bronze", "silver", "gold"}, func(c *customer) (string, bool) { return deref(c.tier) }, Title("tier", "等级"))
	Last     = shop.Instant("last_order", func(c *customer) (time.Time, bool) { return deref(c.last) }, Title("last order", "最近下单"))
	Birthday = shop.Date("birthday", func(c *customer) (Date, bool) { return deref(c.birthday) }, Title("birthday", "生日"))
	OptIn    = shop.Flag("consent", func(c *customer) (bool, bool) { return deref(c.consent) }, Consent(), Title("consent", "同意接收"))
	Tags     = shop.Labels("tags", func(c *customer) ([]string, bool) { return c.tags, c.tags != nil }, Title("tags", "标签"))
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func at(t testing.TB, s string) time.Time {
	t.Helper()
	out, err := time.Parse(time.RFC3339Nano, s)
	require.NoError(t, err)
	return out
}

func TestMissingFactsStayUnknown(t *testing.T) {
	now := at(t, "2025-06-15T12:00:00Z")
	c := &customer{spend: new(dec("600"))}
	for _, tc := range []struct {
		e    Expr[*customer]
		want Truth
	}{
		{Region.In("GD"), Unknown},
		{Not(Region.In("GD")), Unknown},
		{Not(Region.In("GD")).OrElse(true), True},
		{Any(Spend.Over(dec("500")), Region.In("GD")), True},
		{Any(Spend.Over(dec("700")), Region.In("GD")), Unknown},
	} {
		r, err := shop.Compile(tc.e)
		require.NoError(t, err)
		assert.Equal(t, tc.want, r.Test(c, now))
	}
}
