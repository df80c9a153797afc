package rule

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// Kind says what a [Node] is.
type Kind string

// The kinds of node, as their JSON keys name them.
const (
	KindAll    Kind = "all"
	KindAny    Kind = "any"
	KindNot    Kind = "not"
	KindOrElse Kind = "or_else"
	KindField  Kind = "field"
	KindFunc   Kind = "func"
)

// Type is the type of a field.
type Type string

// The types a field can have.
const (
	TypeText    Type = "text"
	TypeInt     Type = "int"
	TypeMoney   Type = "money"
	TypeRanked  Type = "ranked"
	TypeInstant Type = "instant"
	TypeDate    Type = "date"
	TypeFlag    Type = "flag"
	TypeLabels  Type = "labels"
)

// Op is the operator of a field condition, as its JSON key.
type Op string

// The operators. Each says which arguments of the [Node] it uses. All of them but OpKnown are Unknown
// over a missing fact.
const (
	OpKnown         Op = "known"           // every type: Bool
	OpEq            Op = "eq"              // text, ranked: Texts[0]; int: Ints[0]; money: Decimals[0]
	OpNe            Op = "ne"              // as OpEq
	OpIn            Op = "in"              // text, ranked: Texts
	OpNotIn         Op = "not_in"          // text, ranked: Texts
	OpUnder         Op = "under"           // int, money: value < argument
	OpAtMost        Op = "at_most"         // int, money, ranked: value <= argument
	OpOver          Op = "over"            // int, money: value > argument
	OpAtLeast       Op = "at_least"        // int, money, ranked: value >= argument
	OpBetween       Op = "between"         // int, money: arg 0 <= value <= arg 1; instant, date: Times or Dates, [0] <= value < [1]
	OpBefore        Op = "before"          // instant, date: value < Times[0] or Dates[0]
	OpAfter         Op = "after"           // instant, date: value > Times[0] or Dates[0]
	OpWithin        Op = "within"          // instant: at-Span < value <= at
	OpOlderThan     Op = "older_than"      // instant: value <= at-Span
	OpWithinNext    Op = "within_next"     // instant: at <= value < at+Span
	OpWithinDays    Op = "within_days"     // instant: today and the Days-1 days before it in Zone, up to at
	OpOlderThanDays Op = "older_than_days" // instant: before the first instant of the Days days that end today in Zone
	OpNear          Op = "near"            // date: an anniversary within [today-After, today+Before] in Zone, by Leap
	OpThisMonth     Op = "this_month"      // date: the month is that of today in Zone
	OpMonthIn       Op = "month_in"        // date: the month is one of Ints
	OpIs            Op = "is"              // flag: Bool
	OpAny           Op = "any"             // labels: has one of Texts
	OpAll           Op = "all"             // labels: has all Texts
	OpNone          Op = "none"            // labels: has none of Texts
)

// Node is a rule taken apart, for tools that translate rules: its kind, the operator, and the typed
// arguments the operator uses; the other arguments are zero. [Expr.Node] and [Rule.Node] return a deep
// copy, [Schema.Expr] turns a Node back into an expression.
type Node struct {
	Kind  Kind
	Kids  []*Node // of all and any; exactly one for not and or_else
	Value bool    // of or_else: what Unknown becomes

	Name    string // of the field or function
	Version int    // of the function

	Type     Type // of the field
	Op       Op
	Bool     bool
	Texts    []string
	Ints     []int64
	Decimals []decimal.Decimal
	Times    []time.Time
	Dates    []Date
	Span     time.Duration  // elapsed time, a positive number of microseconds
	Days     int            // calendar days
	Before   int            // near: days before the birthday from which it counts
	After    int            // near: days after the birthday until which it counts
	Zone     *time.Location // whose calendar the days are taken from
	Leap     Leap           // near: where 29 February falls in a common year
	Ranks    []string       // ranked: the field's words in rising order
}

// clone copies a node so that nothing is shared with the original.
func (n *Node) clone() *Node {
	if n == nil {
		return nil
	}
	c := *n
	c.Kids = make([]*Node, len(n.Kids))
	for i, k := range n.Kids {
		c.Kids[i] = k.clone()
	}
	c.Texts = slices.Clone(n.Texts)
	c.Ints = slices.Clone(n.Ints)
	c.Decimals = slices.Clone(n.Decimals)
	c.Times = slices.Clone(n.Times)
	c.Dates = slices.Clone(n.Dates)
	c.Ranks = slices.Clone(n.Ranks)
	return &c
}
