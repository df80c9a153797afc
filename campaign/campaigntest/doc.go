// Package campaigntest proves in the caller's own test that a rule means the same in the caller's
// database as in memory.
//
// A mapping of [sqlrule] says where facts are; only the table itself can say whether that is true: a
// collation that folds case, a scale of two where it is three, a column where NULL means no. [Agree] takes
// the customers as the caller's code reads them, and a function that runs a WHERE, and asks both sides
// a few hundred random rules with constants drawn from the customers' own facts. It checks that SQL
// selects exactly the customers the rule selects, if need be with the residual, and that it loses none;
// where the SQL is exact, also that it is false, rather than NULL, where the rule is false.
//
//	func TestMapping(t *testing.T) {
//		campaigntest.Agree(t, campaigntest.Table[*Customer]{
//			Schema:    schema,
//			Mapping:   mapping,
//			Customers: customers, // all rows of the table
//			ID:        func(c *Customer) string { return c.ID },
//			Query: func(where string, args []any) ([]string, error) {
//				return ids(db.Query("SELECT id FROM customers AS c WHERE "+where, args...))
//			},
//		})
//	}
//
// A failure shows the smallest rule it could find, and everything needed to see it again:
//
//	campaigntest: SQL selects a customer on whom the rule is false (seed 0)
//	  rule      {"format":1,"schema":"shop.customer","schema_version":1,"rule":{"field":"region","eq":"gd"}}
//	  at        2025-06-15T12:00:00Z
//	  sql       `c`.`region` = ?
//	  args      []interface {}{"gd"}
//	  customer  c17: region="GD" orders=3 spend=missing
//	  verdicts  false   region is "gd" (it is "GD")
//
// The package needs no database driver and nothing else outside this module and the standard library.
package campaigntest
