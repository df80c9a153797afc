package rfm

import (
	"fmt"
	"time"

	"github.com/regulars-go/regulars/internal/civil"
)

// Day is a civil day as its number since 1970-01-01, in the zone of the [Scheme] that made it. The
// difference of two days is a count of days. It is written as 2006-01-02 in text and JSON.
type Day int32

// DayOf returns the civil day of an instant in a zone. A day begins at the first instant whose civil
// date is at least that day, so clock changes never make a day negative, empty of meaning, or shared.
func DayOf(t time.Time, zone *time.Location) Day { return Day(civil.Of(t, zone)) }

// Date returns the day of a year, month and day of the month, which are carried over as [time.Date] does.
func Date(year int, month time.Month, day int) Day { return Day(civil.Date(year, month, day)) }

// ParseDay reads a day written as 2006-01-02.
func ParseDay(s string) (Day, error) {
	d, err := civil.Parse(s)
	if err != nil {
		return 0, fmt.Errorf("rfm: %w", err)
	}
	return Day(d), nil
}

// Start returns the first instant of the day in a zone.
func (d Day) Start(zone *time.Location) time.Time { return civil.Day(d).Start(zone) }

// String returns the day as 2006-01-02.
func (d Day) String() string { return civil.Day(d).String() }

// MarshalText writes the day as 2006-01-02.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads a day written as 2006-01-02.
func (d *Day) UnmarshalText(text []byte) error {
	day, err := ParseDay(string(text))
	if err == nil {
		*d = day
	}
	return err
}
