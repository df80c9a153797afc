package points

import (
	"time"

	"github.com/regulars-go/regulars/internal/civil"
)

// Pending says how long points wait before they can be spent. The zero value does not wait.
type Pending struct {
	// Event is what they wait for. "placed", "paid", "received" and "completed" are read from the
	// order where it has them; any other word, and one the order does not have yet, waits until the
	// ledger is told. Empty counts from the qualifying instant. An event before that instant makes
	// points usable from that instant at the earliest. A colon is not allowed: it separates the parts of
	// a key.
	Event string `json:"event,omitempty"`
	// Days are whole local days to wait after that: with 14, what happens on day D can be spent from
	// the first instant of day D+15.
	Days int `json:"days,omitempty"`
	// Hours are elapsed hours to wait instead of days.
	Hours int `json:"hours,omitempty"`
}

// from returns when points can be spent whose wait begins at an instant.
func (w Pending) from(start time.Time, loc *time.Location) time.Time {
	if w.Days > 0 {
		return (civil.Of(start, loc) + civil.Day(w.Days) + 1).Start(loc).UTC()
	}
	return start.Add(time.Duration(w.Hours) * time.Hour)
}
