package points

import (
	"fmt"
	"strconv"
	"time"

	"github.com/regulars-go/regulars/internal/civil"
)

// MonthDay is a day of the year, as of a birthday. As text it is "02-29". The zero value is unknown.
type MonthDay struct {
	Month time.Month
	Day   int
}

// String returns the day as "02-29", or nothing for the zero value.
func (d MonthDay) String() string {
	if d == (MonthDay{}) {
		return ""
	}
	return fmt.Sprintf("%02d-%02d", int(d.Month), d.Day)
}

// MarshalText writes what String returns.
func (d MonthDay) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads "02-29"; nothing is the zero value.
func (d *MonthDay) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = MonthDay{}
		return nil
	}
	t, err := time.Parse(time.DateOnly, "2000-"+string(text)) // a leap year
	if err != nil {
		return fmt.Errorf("%w: %.20q is not a day of the year, such as 02-29", ErrAmount, text)
	}
	*d = MonthDay{t.Month(), t.Day()}
	return nil
}

// longest are the most days a month can have.
var longest = [13]int{0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

func (d MonthDay) valid() bool {
	return d.Month >= 1 && d.Month <= 12 && d.Day >= 1 && d.Day <= longest[d.Month]
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

// in returns the birthday of a year.
func (b *Birthday) in(year int, born MonthDay) civil.Day {
	if born.Month == time.February && born.Day == 29 && civil.DaysIn(year, time.February) == 28 {
		if b.Leap == Mar1 {
			return civil.Date(year, time.March, 1)
		}
		return civil.Date(year, time.February, 28)
	}
	return civil.Date(year, born.Month, born.Day)
}

// holds returns the year of the birthday whose window a day lies in. A window may reach into the
// neighbouring year.
func (b *Birthday) holds(born MonthDay, day civil.Day) (year int, ok bool) {
	if !born.valid() {
		return 0, false
	}
	y, _, _ := day.Date()
	if b.Before+b.After == 0 {
		return y, day == b.in(y, born)
	}
	for year = y - 1; year <= y+1; year++ {
		if d := b.in(year, born); day >= d-civil.Day(b.Before) && day <= d+civil.Day(b.After) {
			return year, true
		}
	}
	return 0, false
}

// BirthdayGift returns the gift for a birthday whose window holds the instant. Its key is
// "birthday:" and the local year of the birthday, so a changed birthday is no second gift. Outside
// the window and without a birthday ([NotBirthday]), and without a gift ([NoGift]), the award is zero, has
// no key and is not to be earned: look at its Points first. A day that no year has, and a zero instant,
// is [ErrAmount].
//
// A gift is spent for its year once it is booked, whatever becomes of it: one that was earned For an
// order goes when all of the order is given back, and cannot be claimed again ([ErrAlreadyGranted]), or
// every cancelled order would bring another. Only a charge-back that is won brings it back.
func (p *Policy) BirthdayGift(born MonthDay, at time.Time, used ...Use) (Award, error) {
	at = instant(at)
	p, err := p.in(at)
	if err != nil {
		return Award{}, err
	}
	if born != (MonthDay{}) && !born.valid() {
		return Award{}, fmt.Errorf("%w: birthday %v is no day of a year", ErrAmount, born)
	}
	if p.gifts.onBirthday == nil {
		return Award{At: at, Trace: []Note{{Reason: NoGift}}}, nil
	}
	year, ok := p.gifts.birthday.holds(born, civil.Of(at, p.loc))
	if !ok {
		return Award{At: at, Trace: []Note{{Reason: NotBirthday}}}, nil
	}
	return p.give(p.gifts.onBirthday, "birthday:"+strconv.Itoa(year), at, used)
}
