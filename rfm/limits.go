package rfm

import (
	"errors"
	"fmt"
)

// Limits are the thresholds of a [Lifecycle], frozen: a plain value to keep, as Go or JSON, and to use
// until the shop decides to fit again. Write them by hand, or learn them from the shop's own orders with
// [FitLimits].
type Limits struct {
	// AtRisk, Dormant and Lost are days of silence at the shop's own pace, at least 1 and strictly
	// rising. Only a silence longer than a limit crosses it.
	AtRisk  int
	Dormant int
	Lost    int
	// MeanGap is the shop's mean gap between two days of purchase, in days: {Num: 30, Den: 1}, or as
	// fitted the sum of all closed gaps and their number. A customer's own pace is held against it.
	MeanGap Fraction
	// Prior is how many of a customer's own gaps the shop's mean gap is worth. Zero means 2.
	Prior int
	// Hysteresis is the share of a limit by which a customer must be within it to move up without an
	// order, once limits have changed; see [Lifecycle.Update]. It is from 0 to less than 1; the zero
	// value means {Num: 1, Den: 10}, and {Num: 0, Den: 1} is none.
	Hysteresis Fraction
	// NotIdentified says that too many customers are still silent to tell all three limits from gaps
	// closed and open, so that they come from closed gaps alone and are shorter than the truth. Only
	// [FitLimits] sets it; no rule reads it.
	NotIdentified bool
}

// The bounds that let every comparison fit 128 bits. They are far from any shop.
const (
	mostDays  = 1 << 20 // of a limit or a gap: 2,800 years
	mostGaps  = 1 << 45 // of all gaps together
	mostPrior = 1_000
	mostParts = 10_000 // of a limit, for hysteresis
)

// complete fills in what zero means and returns all that is wrong, each with its path.
func (l *Limits) complete() error {
	if l.Prior == 0 {
		l.Prior = 2
	}
	if l.Hysteresis == (Fraction{}) {
		l.Hysteresis = Fraction{1, 10}
	}
	var wrong []error
	refuse := func(path, want string, got any) {
		wrong = append(wrong, fmt.Errorf("rfm: limits: %s: want %s, not %v", path, want, got))
	}
	below := 0
	for _, limit := range []struct {
		path string
		days int
	}{{"at_risk", l.AtRisk}, {"dormant", l.Dormant}, {"lost", l.Lost}} {
		if limit.days <= below || limit.days > mostDays {
			refuse(limit.path, fmt.Sprintf("%d to %d days", below+1, mostDays), limit.days)
		}
		below = max(below, limit.days)
	}
	if g := l.MeanGap; g.Num < 1 || g.Den < 1 || g.Num > mostGaps || g.Den > mostGaps {
		refuse("mean_gap", "a positive fraction with terms up to 2^45", g)
	}
	if l.Prior < 1 || l.Prior > mostPrior {
		refuse("prior", fmt.Sprintf("1 to %d", mostPrior), l.Prior)
	}
	if h := l.Hysteresis; h.Num < 0 || h.Num >= h.Den || h.Den > mostParts {
		refuse("hysteresis", fmt.Sprintf("a fraction from 0 to less than 1 with terms up to %d", mostParts), h)
	}
	return errors.Join(wrong...)
}
