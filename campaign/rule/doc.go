// Package rule is a language for rules about customers: who is meant by a campaign, who gets a tag. A
// rule is a value. It is tested against the shop's own struct, explained, foreseen, stored as JSON, read
// aloud in English and Chinese, compared with the rule before it, and translated to SQL by package
// campaign/sqlrule, and everywhere it means the same.
//
// # The steps
//
// Declare once what may be asked of a customer, in a [Schema] over a struct of your own; every field is
// typed, and its getter says whether the fact is known. Write conditions with the operators of the
// fields and join them by [All], [Any], [Not] and [Expr.OrElse]. [Schema.Compile] checks the expression
// as a whole and returns a [Rule], or [Schema.Parse] reads one from JSON:
//
//	var (
//		customers = rule.NewSchema[*Customer]("shop.customer", 1)
//		Spend     = customers.Money("spend", func(c *Customer) (decimal.Decimal, bool) { return c.Spend, true })
//		Region    = customers.Text("region", func(c *Customer) (string, bool) { return c.Region, c.Region != "" })
//		LastOrder = customers.Instant("last_order", func(c *Customer) (time.Time, bool) { return c.LastOrder, !c.LastOrder.IsZero() })
//	)
//
//	winBack, err := customers.Compile(rule.All(
//		LastOrder.OlderThan(90*24*time.Hour),
//		Spend.AtLeast(decimal.NewFromInt(500)),
//		rule.Not(Region.In("GD", "ZJ")).OrElse(true),
//	))
//	if winBack.Match(customer, now) { … }
//
// # Three values
//
// A condition over a missing fact is neither true nor false but [Unknown], and Unknown spreads as NULL
// does in SQL (Kleene's strong logic: False < Unknown < True; and is the minimum, or the maximum). A rule
// selects only on [True]. So a customer whose region nobody knows is selected neither by "region is GD"
// nor by its negation; [Explanation.Missing] names what is lacking, [Rule.Findings] points at negations
// where this surprises, and [Expr.OrElse] decides it. A rule about consent thereby fails closed.
//
// # Time
//
// Every evaluation is given its instant; no clock is read. Instants are truncated to microseconds, and
// windows are half open: the last 30 days do not include what happened exactly 30 days ago. Spans of
// [time.Duration] are elapsed time; days of a named zone are calendar days, which begin at the first
// instant of the day there and may be 23 or 25 hours long.
//
// # Exactness
//
// Texts are compared byte by byte, amounts as exact decimals whatever their exponents. Constants have
// limits, in Go as in JSON: see [MaxBytes] and its neighbours.
//
// A Schema whose declarations are complete, and everything made from it, is safe for concurrent use.
package rule
