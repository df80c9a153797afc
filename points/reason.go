package points

// Reason is a stable word for why something happened or did not. Render it with [Note.Text].
type Reason string

// The reasons in the trace of an award.
const (
	Earned             Reason = "earned"                // rule Of gave Need points
	Bonused            Reason = "bonus"                 // bonus, gift or action Of gave Need points
	Multiplied         Reason = "multiplied"            // modifier Of took part in points that were earned; "times" is the order's own
	ZeroBasis          Reason = "zero_basis"            // nothing that may earn is left to pay
	DiscountExceeds    Reason = "discount_exceeds"      // a discount is more than what it is taken off
	NetOfEarlierRefund Reason = "net_of_earlier_refund" // refunds came before the order
	RuleCap            Reason = "rule_cap"              // cap Of took Need points from a rule or bonus
	OrderCap           Reason = "order_cap"             // cap Of took Need points from the order
	PeriodCap          Reason = "period_cap"            // cap Of took Need points for its period
)

// The reasons why something did not earn.
const (
	NotYet         Reason = "not_yet"         // its window has not begun
	Over           Reason = "over"            // its window has ended
	OtherDay       Reason = "other_day"       // another day of the week or month
	OtherChannel   Reason = "other_channel"   // sold through channel Of
	NotInGroup     Reason = "not_in_group"    // the buyer is in none of the groups
	NotFirstOrder  Reason = "not_first_order" // not the buyer's first
	NotBirthday    Reason = "not_birthday"    // outside the birthday window, or no birthday known
	NoGift         Reason = "no_gift"         // the policy has no such gift, or nothing for this day
	NoLine         Reason = "no_line"         // no line that earns matches
	BelowSpend     Reason = "below_spend"     // the basis is below what is asked for; Of has both
	TakenBy        Reason = "taken_by"        // rule Of of the same family has the lines
	BeatenBy       Reason = "beaten_by"       // modifier Of, or "times" for the order's own, is larger and counts alone
	RoundedAway    Reason = "rounded_away"    // less than a whole point
	AlreadyGranted Reason = "already_granted" // the award with key Of was given before
)

// The reasons that bind a quote.
const (
	BalanceLimit  Reason = "balance"        // no more than Need points are available
	BelowMinimum  Reason = "below_minimum"  // Have points are possible, Need are the least allowed
	StepLimit     Reason = "step"           // points go in steps of Need
	MaxPercent    Reason = "max_percent"    // at most Need minor units of the goods
	MaxAmount     Reason = "max_amount"     // at most Need minor units
	DayLimit      Reason = "day_limit"      // Have points were used today, Need are allowed in a day
	OrderTotal    Reason = "order_total"    // the goods cost Need minor units
	ExcludedLine  Reason = "excluded_line"  // line Line cannot be paid with points
	BurnRate      Reason = "burn_rate"      // the buyer's own rate, Of, applies
	NotRedeemable Reason = "not_redeemable" // the policy redeems nothing
	FrozenLimit   Reason = "frozen"         // the account is frozen
)

// Note is a reason with what it is about. Which fields mean something depends on the reason.
type Note struct {
	Reason Reason `json:"reason"`
	// Of is the id of a rule, modifier, bonus or cap, or a key, or a text.
	Of string `json:"of,omitempty"`
	// Line is the position of a line, from 1; 0 for none.
	Line int `json:"line,omitempty"`
	// Have and Need are two numbers compared, or Need alone the one that counts: points, or minor
	// units of money where the reason is about money.
	Have int64 `json:"have,omitempty"`
	Need int64 `json:"need,omitempty"`
}
