package rules

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/campaign/rule"
)

var schema = rule.NewSchema[*Customer]("bench.customer", 1)

var (
	optIn    = schema.Flag("opt_in", func(c *Customer) (bool, bool) { return c.OptIn, c.Has&HasOptIn != 0 }, rule.Consent())
	region   = schema.Text("region", func(c *Customer) (string, bool) { return c.Region, c.Has&HasRegion != 0 })
	level    = schema.Ranked("level", levels, func(c *Customer) (string, bool) { return c.Level, c.Has&HasLevel != 0 })
	spend    = schema.Money("spend", func(c *Customer) (decimal.Decimal, bool) { return c.Spend, c.Has&HasSpend != 0 })
	orders   = schema.Int("orders", func(c *Customer) (int64, bool) { return c.Orders, c.Has&HasOrders != 0 })
	last     = schema.Instant("last_order", func(c *Customer) (time.Time, bool) { return c.Last, c.Has&HasLast != 0 })
	birthday = schema.Date("birthday", func(c *Customer) (rule.Date, bool) { return c.Birthday, c.Has&HasBirthday != 0 })
	tags     = schema.Labels("tags", func(c *Customer) ([]string, bool) { return c.Tags, c.Has&HasTags != 0 })
)

// Define states the question as an expression of the library.
func Define() rule.Expr[*Customer] {
	return rule.All(
		optIn.Is(true),
		region.In(regions...),
		level.AtLeast(lowest),
		spend.Over(limit),
		orders.AtLeast(fewest),
		last.Within(lately),
		rule.Any(
			birthday.Near(birthdays, 0, rule.LeapFeb28, shop),
			tags.Any(wanted...)),
	)
}

// Compile is the library as a contestant.
func Compile() (*rule.Rule[*Customer], error) { return schema.Compile(Define()) }
