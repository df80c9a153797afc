package points

import (
	"strings"
	"time"

	"github.com/regulars-go/regulars/internal/fixed"
)

// checkWords refuses words of the caller that some store could not keep; empty ones pass.
func checkWords(path string, words ...string) error {
	for _, w := range words {
		if w == "" {
			continue
		}
		if err := checkID(path, w); err != nil {
			return err
		}
	}
	return nil
}

// checkInstant refuses an instant that JSON cannot write, so that whatever is recorded can be read
// again from any store. Zero is no instant and passes.
func checkInstant(path string, t time.Time) error {
	if t.After(lastInstant) || t.Before(time.Time{}) {
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

// checkOrder is validOrder for an order that is to be recorded, whose words every store must be able to keep.
func checkOrder(o *Order) error {
	if err := checkWords("order.channel", o.Channel); err != nil {
		return err
	}
	if err := checkWords("order.groups", o.Groups...); err != nil {
		return err
	}
	for i := range o.Lines {
		l := &o.Lines[i]
		if err := checkWords("order.lines.sku", l.SKU); err != nil {
			return err
		}
		if err := checkWords("order.lines.tags", l.Tags...); err != nil {
			return err
		}
	}
	return validOrder(o)
}

// checkTiming is check for the parts that a request may replace.
func checkTiming(wait *Pending, end *Expiry) error {
	if wait == nil && end == nil {
		return nil
	}
	t := Timing{Zone: "UTC"}
	if wait != nil {
		t.Pending = *wait
	}
	if end != nil {
		t.Expiry = *end
	}
	return t.check()
}

// check refuses an award whose parts contradict each other, as one that was altered on its way may.
func (a *Award) check() error {
	var sum int64
	for _, g := range a.Lots {
		if g.Points <= 0 {
			return fieldError{"award.lots.points", ErrAmount}
		}
		if err := checkWords("award.lots.family and color", g.Family, g.Color); err != nil {
			return err
		}
		var err error
		if sum, err = fixed.Add(sum, g.Points); err != nil {
			return fieldError{"award.lots.points", ErrOverflow}
		}
		if g.Awaits != "" || g.Timing.Moves() {
			if err := g.Timing.check(); err != nil {
				return fieldError{"award.lots.timing." + err.Error(), ErrAmount}
			}
		}
	}
	if sum != a.Points {
		return fieldError{"award.lots: do not sum to its points", ErrAmount}
	}
	for _, u := range a.Uses {
		if u.Points < 0 || u.Cap == redeemedToday || u.Cap == givenToday || a.Evidence.IsZero() {
			return fieldError{"award.uses", ErrAmount}
		}
	}
	return checkInstant("award.at", a.At)
}
