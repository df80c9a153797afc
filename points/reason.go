package points

// Reason is a stable word for why something happened or did not. Render it with [Note.Text].
type Reason string

// Lang is a language of the catalogue.
type Lang string

// The languages of the catalogue.
const (
	English Lang = "en"
	Chinese Lang = "zh"
)

// Note is a reason with what it is about. Which fields mean something depends on the reason.
type Note struct {
	Reason Reason `json:"reason"`
	// Of is the id of a rule, modifier, bonus, cap or limit, or a key.
	Of string `json:"of,omitempty"`
	// Line is the position of a line, from 1; 0 for none.
	Line int `json:"line,omitempty"`
	// Have and Need are the two numbers compared, or Need alone the one that matters; in points, or in
	// minor units of money for reasons about money.
	Have int64 `json:"have,omitempty"`
	Need int64 `json:"need,omitempty"`
}

// The reasons of awards.
const (
	ZeroBasis          Reason = "zero_basis"
	NetOfEarlierRefund Reason = "net_of_earlier_refund"
	AlreadyGranted     Reason = "already_granted"
	RuleCap            Reason = "rule_cap"
	OrderCap           Reason = "order_cap"
	PeriodCap          Reason = "period_cap"
)

// Text returns the note as a sentence.
func (n Note) Text(lang Lang) string { return string(n.Reason) }
