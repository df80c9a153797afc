package rules

import (
	"time"

	"github.com/regulars-go/regulars/campaign/rule"
)

// Hand is the question written by hand: the same conditions in the same order on the same values, with
// the same answer where facts are missing. What depends on the time alone is worked out beforehand.
type Hand struct {
	since, until time.Time
	birthdays    [13][32]bool // by month and day
}

// NewHand prepares for an instant.
func NewHand(at time.Time) *Hand {
	h := &Hand{since: at.Add(-lately), until: at}
	for ahead := range birthdays + 1 {
		_, month, day := at.In(shop).AddDate(0, 0, ahead).Date()
		h.birthdays[month][day] = true
	}
	return h
}

// Test answers for one customer.
func (h *Hand) Test(c *Customer) rule.Truth {
	verdict := rule.True
	if c.Has&HasOptIn == 0 {
		verdict = rule.Unknown
	} else if !c.OptIn {
		return rule.False
	}
	if c.Has&HasRegion == 0 {
		verdict = rule.Unknown
	} else if c.Region != "GD" && c.Region != "ZJ" && c.Region != "SH" && c.Region != "JS" {
		return rule.False
	}
	if c.Has&HasLevel == 0 {
		verdict = rule.Unknown
	} else {
		switch c.Level {
		case "silver", "gold", "platinum":
		case "bronze":
			return rule.False
		default:
			verdict = rule.Unknown
		}
	}
	if c.Has&HasSpend == 0 {
		verdict = rule.Unknown
	} else if c.Spend.Cmp(limit) <= 0 {
		return rule.False
	}
	if c.Has&HasOrders == 0 {
		verdict = rule.Unknown
	} else if c.Orders < fewest {
		return rule.False
	}
	if c.Has&HasLast == 0 {
		verdict = rule.Unknown
	} else if !c.Last.After(h.since) || c.Last.After(h.until) {
		return rule.False
	}
	if c.Has&HasBirthday != 0 && h.birthdays[c.Birthday.Month][c.Birthday.Day] {
		return verdict
	}
	if c.Has&HasTags != 0 {
		for _, tag := range c.Tags {
			if tag == "gift" || tag == "plus-size" {
				return verdict
			}
		}
		if c.Has&HasBirthday != 0 {
			return rule.False
		}
	}
	return rule.Unknown
}
