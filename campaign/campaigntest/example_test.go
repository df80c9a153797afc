package campaigntest_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/regulars-go/regulars/campaign/campaigntest"
	"github.com/regulars-go/regulars/campaign/rule"
	"github.com/regulars-go/regulars/campaign/sqlrule"
)

// Buyer is a row of the shop's table.
type Buyer struct{ ID, Region string }

// The column folds case, and the mapping promises that it does not. The engine is played by the query
// function here; in a test it is the shop's own database, and [campaigntest.Agree] makes the rules.
func ExampleTable_Check() {
	buyers := rule.NewSchema[Buyer]("shop.buyer", 1)
	region := buyers.Text("region", func(b Buyer) (string, bool) { return b.Region, true })
	mapping, err := sqlrule.New(buyers, sqlrule.Config{
		Dialect: sqlrule.MariaDB, Table: "b",
		Columns: map[string]sqlrule.Column{"region": {Name: "region", Exact: true}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	customers := []Buyer{{"c1", "GD"}, {"c2", "gd"}, {"c3", "ZJ"}}
	err = campaigntest.Table[Buyer]{
		Schema: buyers, Mapping: mapping, Customers: customers,
		ID: func(b Buyer) string { return b.ID },
		Query: func(_ string, args []any) (ids []string, _ error) {
			for _, b := range customers {
				if slices.ContainsFunc(args, func(a any) bool { return strings.EqualFold(b.Region, a.(string)) }) {
					ids = append(ids, b.ID)
				}
			}
			return ids, nil
		},
	}.CheckRule(buyers.MustCompile(region.In("HN", "ZJ", "GD")))
	fmt.Println(err)
	// Output:
	// campaigntest: SQL selects a customer on whom the rule is false (seed 0)
	//   rule      {"format":1,"schema":"shop.buyer","schema_version":1,"rule":{"field":"region","in":["GD"]}}
	//   at        2025-06-15T12:00:00Z
	//   sql       `b`.`region` = ?
	//   args      []interface {}{"GD"}
	//   customer  c2: region="gd"
	//   verdicts  false   region is "GD" (it is "gd")
}
