package points

import "time"

// MonthDay is a day of the year, as of a birthday. As text it is "02-29".
type MonthDay struct {
	Month time.Month
	Day   int
}

// Birthday says when a birthday is, and what the gift is.
type Birthday struct {
	// Leap is the day on which a birthday of 29 February falls in a common year.
	Leap Leap `json:"leap,omitempty"`
	// Before and After widen the window by whole days around the local birthday.
	Before int `json:"before,omitempty"`
	After  int `json:"after,omitempty"`
	// Gift is what [Policy.BirthdayGift] awards, once in a local year; none if nil.
	Gift *Gift `json:"gift,omitempty"`
}

// Leap is the day of a 29 February in a common year.
type Leap string

// The zero value is Feb28.
const (
	Feb28 Leap = "feb28"
	Mar1  Leap = "mar1"
)

// Gift is a fixed number of points that no purchase earns.
type Gift struct {
	Points  int64    `json:"points"`
	Family  string   `json:"family,omitempty"`
	Color   string   `json:"color,omitempty"`
	Pending *Pending `json:"pending,omitempty"`
	Expiry  *Expiry  `json:"expiry,omitempty"`
}

// BirthdayGift returns the gift for a birthday whose window holds the instant. Its key is
// "birthday:" and the local year of the birthday, so a changed birthday is no second gift. Outside
// the window, and without a birthday, the award is zero and its trace says why.
func (p *Policy) BirthdayGift(born MonthDay, at time.Time, used ...Use) (Award, error) {
	return Award{}, errTODO
}
