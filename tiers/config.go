package tiers

import "github.com/shopspring/decimal"

// Config is a tier programme as plain data, written in Go or read from JSON. [New] compiles it.
type Config struct {
	// Zone names the time zone whose days and months count, such as "Asia/Shanghai".
	Zone string `json:"zone"`
	// Scale is the number of decimals money has, 0 to 18: 2 for yuan and fen, 0 for yen. An amount with
	// more is refused, never rounded.
	Scale int `json:"scale"`
	// Numbers declares the shop's own metrics, for conditions on [Custom].
	Numbers []Number `json:"numbers,omitempty"`
	// Levels lie in order, lowest first. Everyone stands at least on the first, which asks nothing.
	Levels []Level `json:"levels"`
}

// Number declares a metric of the shop's own: reviews written, friends brought, lessons taken.
type Number struct {
	Name string `json:"name"`
	// Scale is the number of decimals its values have, 0 to 18.
	Scale int `json:"scale,omitempty"`
}

// Level is one step of the ladder. Its rank is its position, its id is what is stored: a level
// inserted later moves nobody who qualifies for nothing new.
type Level struct {
	// ID is 1 to 255 bytes of UTF-8, unique in the ladder.
	ID string `json:"id"`
	// Enter is what it takes to rise to the level. The first level has none, every other has one.
	Enter Condition `json:"enter,omitzero"`
	// Keep is what it takes to stay, where that is less than to enter. Who meets Enter stays too.
	Keep Condition `json:"keep,omitzero"`
}

// Condition is a tree: either a group (All, or Any with N), or one Metric compared with one bound.
// [All], [Any], [AnyN], [AtLeast] and [AtMost] write it shortly. The zero Condition is none.
type Condition struct {
	// All holds when every condition of the list does.
	All []Condition `json:"all,omitzero"`
	// Any holds when at least N of the list do; an N of zero is one.
	Any []Condition `json:"any,omitzero"`
	N   int         `json:"n,omitempty"`

	// Metric is what is measured; [Custom] takes the Number of that name.
	Metric Metric `json:"metric,omitempty"`
	Number string `json:"number,omitempty"`
	// AtLeast or AtMost is the bound, itself included. Exactly one is set. A bound is never negative,
	// and AtLeast is more than zero.
	AtLeast *decimal.Decimal `json:"at_least,omitempty"`
	AtMost  *decimal.Decimal `json:"at_most,omitempty"`
	// MinOrders makes a mean hold only over that many orders in the window; zero asks for none.
	MinOrders int64 `json:"min_orders,omitempty"`
	// Window says which days count. [DaysSinceOrder] and [DaysSinceJoin] take none.
	Window Window `json:"window,omitzero"`
}

// All holds when every one of the conditions does. [New] refuses a group of none.
func All(of ...Condition) Condition { return Condition{All: list(of)} }

// Any holds when at least one of the conditions does.
func Any(of ...Condition) Condition { return AnyN(0, of...) }

// AnyN holds when at least n of the conditions do.
func AnyN(n int, of ...Condition) Condition { return Condition{Any: list(of), N: n} }

// list makes sure that a group of none is not taken for no group.
func list(of []Condition) []Condition { return append([]Condition{}, of...) }

// AtLeast holds when the metric over the window is bound or more.
func AtLeast(m Metric, bound decimal.Decimal, w Window) Condition {
	return Condition{Metric: m, AtLeast: &bound, Window: w}
}

// AtMost holds when the metric over the window is bound or less.
func AtMost(m Metric, bound decimal.Decimal, w Window) Condition {
	return Condition{Metric: m, AtMost: &bound, Window: w}
}
