package sqlrule_test

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/campaign/rule"
	"github.com/regulars-go/regulars/campaign/sqlrule"
)

// Customer is the shop's own struct.
type Customer struct {
	Spend    decimal.Decimal
	Tags     []string
	LastSeen time.Time
	Likes    string
}

var (
	schema   = rule.NewSchema[Customer]("shop.customer", 1)
	spend    = schema.Money("spend", func(c Customer) (decimal.Decimal, bool) { return c.Spend, true })
	tags     = schema.Labels("tags", func(c Customer) ([]string, bool) { return c.Tags, c.Tags != nil })
	lastSeen = schema.Instant("last_seen", func(c Customer) (time.Time, bool) { return c.LastSeen, !c.LastSeen.IsZero() })
	likes    = schema.Text("likes", func(c Customer) (string, bool) { return c.Likes, c.Likes != "" })
)

func Example() {
	mapping, err := sqlrule.New(schema, sqlrule.Config{
		Dialect: sqlrule.Postgres,
		Table:   "c", // SELECT … FROM customers AS c WHERE …
		Columns: map[string]sqlrule.Column{
			"spend":     {Name: "spend_cents", As: sqlrule.Minor, Scale: 2},
			"last_seen": {Name: "last_seen"},
			"tags": {As: sqlrule.Rows, Child: &sqlrule.Child{
				Table: "customer_tags", Key: "customer_id", Label: "tag", Parent: "id",
			}},
		},
	})
	if err != nil {
		panic(err)
	}
	r := schema.MustCompile(rule.All(
		spend.AtLeast(decimal.RequireFromString("500")),
		rule.Not(tags.Any("staff")),
		lastSeen.OlderThan(90*24*time.Hour),
		likes.Eq("tea"), // not in the database
	))
	where, err := mapping.Where(r, time.Date(2025, 6, 15, 12, 0, 0, 0, time.UTC))
	if err != nil {
		panic(err)
	}
	fmt.Println(where.SQL)
	for _, a := range where.Args {
		fmt.Println(a)
	}
	fmt.Println("residual:", where.Residual.Text("en"))
	for _, c := range []Customer{{Likes: "tea"}, {Likes: "coffee"}, {}} {
		fmt.Println(where.Keep(c))
	}
	// Output:
	// ("c"."spend_cents" >= CAST($1 AS bigint) AND NOT (EXISTS (SELECT 1 FROM "customer_tags" AS regulars_label WHERE regulars_label."customer_id" = "c"."id" AND regulars_label."tag" = CAST($2 AS text))) AND "c"."last_seen" < CAST($3 AS timestamptz))
	// 50000
	// staff
	// 2025-03-17 12:00:00.000001 +0000 UTC
	// residual: likes is "tea"
	// true
	// false
	// false
}
