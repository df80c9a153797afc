package points

// Expiry says how long points live. The zero value is for ever.
//
// Days and Months are added to the local day of the anchor, months clamped to the end of a shorter
// month; the points can be spent through the resulting day and end at the first instant of the next.
type Expiry struct {
	Months int `json:"months,omitempty"`
	Days   int `json:"days,omitempty"`
	// Align moves the end to the end of a longer period: Expiry{Months: 12, Align: AlignYear} ends
	// the points of a year with the next, Expiry{Align: AlignYear} with the same.
	Align Align `json:"align,omitempty"`
	// From is what is counted from; [FromActive] by default.
	From Anchor `json:"from,omitempty"`
	// Through is a fixed last day, such as "2026-12-31", instead of a length.
	Through string `json:"through,omitempty"`
	// Later and Earlier take the latest and the earliest of several, instead of all of the above.
	// Never is later than any day.
	Later   []Expiry `json:"later,omitempty"`
	Earlier []Expiry `json:"earlier,omitempty"`
}

// Align is the period with whose end an expiry ends.
type Align string

// The alignments of an [Expiry]. The zero value is AlignDay.
const (
	AlignDay     Align = "day"
	AlignNone    Align = "none" // the same time of day as the anchor
	AlignMonth   Align = "month"
	AlignQuarter Align = "quarter"
	AlignHalf    Align = "half"
	AlignYear    Align = "year"
)

// Anchor is what an expiry is counted from.
type Anchor string

// The anchors of an [Expiry]. The zero value is FromActive.
const (
	FromActive   Anchor = "active"   // the instant the points could first be spent
	FromEarned   Anchor = "earned"   // the instant they were earned
	FromActivity Anchor = "activity" // the account's last counting activity: an inactivity deadline
)

func (e Expiry) moves() bool { return e.From == FromActivity }
