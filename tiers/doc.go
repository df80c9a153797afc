// Package tiers says on which level of a membership programme a customer stands, why, and what is
// missing for the next.
//
// The steps: write the programme as a [Config] and compile it with [New] into a [Ladder]; hand the facts
// of a member to [Ladder.Activity]; ask [Ladder.Decide] at an instant. [Ladder.Explain] shows every
// comparison behind a decision, [Ladder.Progress] the way to the next level. [DecideAll] runs over the
// caller's own structs, [Preview] counts who would move under another ladder.
//
//	ladder := tiers.MustNew(tiers.Config{
//		Zone: "Asia/Shanghai", Scale: 2,
//		Levels: []tiers.Level{
//			{ID: "bronze"},
//			{ID: "silver", Enter: tiers.AtLeast(tiers.NetSpend, decimal.NewFromInt(1000), tiers.Rolling(12))},
//			{ID: "gold", Enter: tiers.Any(
//				tiers.AtLeast(tiers.NetSpend, decimal.NewFromInt(5000), tiers.Rolling(12)),
//				tiers.AtLeast(tiers.Orders, decimal.NewFromInt(12), tiers.Rolling(12)),
//			)},
//		},
//	})
//	activity, err := ladder.Activity(tiers.Facts{Orders: orders, Refunds: refunds})
//	decision, err := ladder.Decide(activity, at, tiers.Held{})
//
// Windows are counted in local days of the Config's zone, and a fact counts on the day it qualified. A
// refund lowers its order on the order's own day, from the instant of the refund on: once the order has
// left the window, its refund changes nothing. What was not yet known at an instant plays no part in a
// decision about it, so a decision about the past never changes as facts arrive later with later dates.
//
// Money is exact: decimals at the door, integers of the declared scale inside, no rounding anywhere, and
// a sum that could overflow is refused. There is no clock: the instant is an argument, and zero is an
// error. Ladders and activities are immutable and safe for concurrent use.
package tiers
