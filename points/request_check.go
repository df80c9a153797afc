package points

import (
	"strings"
	"time"
)

// checkInstant refuses an instant that JSON cannot write, so that whatever is recorded can be read
// again from any store. Zero is no instant and passes.
func checkInstant(path string, t time.Time) error {
	if y := t.UTC().Year(); !t.IsZero() && (y < 1 || y > 9999) {
		return fieldError{path + ": an instant beyond the years 1 to 9999", ErrAmount}
	}
	return nil
}

func (l *Lot) checkInstants() error {
	for _, t := range [...]time.Time{l.EarnedAt, l.ActiveFrom, l.ExpiresAt} {
		if err := checkInstant("life of the points", t); err != nil {
			return err
		}
	}
	return nil
}

// check refuses in a request or in evidence what Compile refuses in a policy.
func (t Timing) check() error {
	var c compiler
	c.zone("zone", t.Zone)
	c.pending("pending", t.Pending)
	c.expiry("expiry", t.Expiry, 0)
	if len(c.problems) == 0 {
		return nil
	}
	first := c.problems[0]
	return fieldError{strings.ReplaceAll(first.Path[1:], "/", ".") + ": " + first.Detail, ErrAmount}
}

// checkTiming is check for the parts that a request may replace.
func checkTiming(wait *Pending, end *Expiry) error {
	t := Timing{Zone: "UTC"}
	if wait != nil {
		t.Pending = *wait
	}
	if end != nil {
		t.Expiry = *end
	}
	return t.check()
}
