package points

import "github.com/shopspring/decimal"

// Basis says which part of an order earns. By default that is the goods after all discounts, taxes
// included: without shipping, without gift cards that are bought, and without what points paid for.
type Basis struct {
	// ExcludeTax leaves the tax out.
	ExcludeTax bool `json:"exclude_tax,omitempty"`
	// PointsTender lets the part earn that points paid for.
	PointsTender bool `json:"points_tender,omitempty"`
	// GiftCards lets a gift card earn when it is bought; ExcludeGiftCardTender keeps what one pays
	// for from earning. The first without the second lets the same money earn twice.
	GiftCards             bool `json:"gift_cards,omitempty"`
	ExcludeGiftCardTender bool `json:"exclude_gift_card_tender,omitempty"`
	// ExcludeTags and ExcludeSKUs name lines that earn nothing under any rule.
	ExcludeTags []string `json:"exclude_tags,omitempty"`
	ExcludeSKUs []string `json:"exclude_skus,omitempty"`
}

// When holds the conditions of a rule, a modifier or a bonus; all that are set must hold. Tags,
// WithoutTags and SKUs choose lines, the others look at the order as a whole.
type When struct {
	// From and Until bound the qualifying instant, half open, as local days or days and times in Zone,
	// which is the policy's unless set; it may be set only where one of them is.
	From  string `json:"from,omitempty"`
	Until string `json:"until,omitempty"`
	Zone  string `json:"zone,omitempty"`
	// Weekdays (1 Monday to 7 Sunday) and MonthDays (1 to 31) are local days of the qualifying instant,
	// in the policy's zone.
	Weekdays  []int    `json:"weekdays,omitempty"`
	MonthDays []int    `json:"month_days,omitempty"`
	Channels  []string `json:"channels,omitempty"`
	// Groups asks for a buyer in at least one of them.
	Groups []string `json:"groups,omitempty"`
	// First asks for the buyer's first order, Birthday for the buyer's birthday window.
	First    bool `json:"first,omitempty"`
	Birthday bool `json:"birthday,omitempty"`
	// Spend is the least the basis must be, in the policy's currency: of the order, or of the lines
	// that Tags, WithoutTags and SKUs choose. It is tested again after every refund.
	Spend decimal.Decimal `json:"spend,omitzero"`

	// Tags asks for a line with at least one of them, WithoutTags for one with none, SKUs for one of these goods.
	Tags        []string `json:"tags,omitempty"`
	WithoutTags []string `json:"without_tags,omitempty"`
	SKUs        []string `json:"skus,omitempty"`
}

// Rule gives base points for the lines it holds for. Exactly one of Linear, Step and Unit is set.
type Rule struct {
	ID     string  `json:"id"`
	Linear *Linear `json:"linear,omitempty"`
	Step   *Step   `json:"step,omitempty"`
	Unit   *Unit   `json:"unit,omitempty"`
	When   When    `json:"when,omitzero"`
	// Family and Color name the lot; Pending and Expiry replace the policy's for it.
	Family  string   `json:"family,omitempty"`
	Color   string   `json:"color,omitempty"`
	Pending *Pending `json:"pending,omitempty"`
	Expiry  *Expiry  `json:"expiry,omitempty"`
}

// Linear is Points for every Per of the policy's currency, and the exact share of them for a part.
type Linear struct {
	Points int64           `json:"points"`
	Per    decimal.Decimal `json:"per"`
}

// Step is Points for every full Per; what is left over earns nothing.
type Step struct {
	Points int64           `json:"points"`
	Per    decimal.Decimal `json:"per"`
	// Of says whether the steps are counted over the order, which is the default, or in each line.
	Of RoundAt `json:"of,omitempty"`
}

// Unit is Points for every unit bought.
type Unit struct {
	Points int64 `json:"points"`
}

// Stack is how the factors of one group combine.
type Stack string

// The ways to stack. The zero value is Sum.
const (
	Sum     Stack = "sum"     // 1 + Σ(factor − 1)
	Product Stack = "product" // each on top of the other
	Best    Stack = "best"    // the largest alone
)

// StackGroup is a named stack of modifiers.
type StackGroup struct {
	Name  string `json:"name"`
	Stack Stack  `json:"stack,omitempty"`
}

// Modifier multiplies the points of lines.
type Modifier struct {
	ID string `json:"id"`
	// Factor is positive; 1 changes nothing. Where the factors of a line sum to less than nothing,
	// the line earns nothing. What should earn nothing at all is excluded in [Basis].
	Factor decimal.Decimal `json:"factor"`
	When   When            `json:"when,omitzero"`
	// StackGroup is the stack it belongs to; empty is the one of Config.Stack.
	StackGroup string `json:"stack_group,omitempty"`
	// Families limits it to the points of these families, of rules or of bonuses with MultiplyMe; none
	// means all.
	Families []string `json:"families,omitempty"`
}

// Bonus adds points once to an order. It is not multiplied unless MultiplyMe is set, and then by the
// modifiers for the order as a whole: those that choose lines leave it alone.
type Bonus struct {
	ID         string `json:"id"`
	Points     int64  `json:"points"`
	When       When   `json:"when,omitzero"`
	MultiplyMe bool   `json:"multiply_me,omitempty"`
	// Keep leaves the bonus to the buyer when a refund takes the order below When.Spend, as long as
	// anything is left that earns; a gift card that was bought does not count, unless the basis has it.
	Keep    bool     `json:"keep,omitempty"`
	Family  string   `json:"family,omitempty"`
	Color   string   `json:"color,omitempty"`
	Pending *Pending `json:"pending,omitempty"`
	Expiry  *Expiry  `json:"expiry,omitempty"`
}

// Cap bounds what is granted. Caps apply in order: those of one rule, bonus or action, those of the
// order, those of a period. A cap takes from bonuses and multipliers before it takes from base points.
// A rule with a cap of its own is rounded by itself.
type Cap struct {
	ID string `json:"id"`
	// Of is the id of the rule, bonus or action that is bounded, or "birthday", "check_in", "referrer" or
	// "friend" for the gifts, which nothing else may be named; empty bounds everything.
	Of     string `json:"of,omitempty"`
	Per    Period `json:"per,omitempty"`
	Points int64  `json:"points"`
}

// Period is what a cap or a once-only award counts over: local calendar periods of the policy's zone.
type Period string

// The periods. The zero value is EachOrder.
const (
	EachOrder   Period = "order"
	EachDay     Period = "day"
	EachWeek    Period = "week" // from Monday
	EachMonth   Period = "month"
	EachQuarter Period = "quarter"
	EachYear    Period = "year"
	Ever        Period = "ever"
)
