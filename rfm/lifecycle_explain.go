package rfm

import (
	"fmt"
	"math/big"
)

// Course is why a customer is in their state, and what comes next. Days are civil days.
type Course struct {
	State State `json:"state"`
	Stage Stage `json:"stage"`
	On    Day   `json:"on"`
	// Silence is the number of days since the last active day; it and all below is zero for a prospect.
	Silence int64 `json:"silence,omitzero"`
	// Pace is the customer's own pace, exact: 1 is the shop's, 5/11 a customer more than twice as fast.
	Pace *big.Rat `json:"pace,omitempty"`
	// AtRiskAfter, DormantAfter and LostAfter are the limits at that pace, in whole days: the state
	// begins with a silence of more days than that.
	AtRiskAfter  int64 `json:"at_risk_after,omitzero"`
	DormantAfter int64 `json:"dormant_after,omitzero"`
	LostAfter    int64 `json:"lost_after,omitzero"`
	// Gap is the number of days between the last two active days, and WonBackAfter the most that would
	// not have made the last order a return; both are zero with fewer than two active days.
	Gap          int64 `json:"gap,omitzero"`
	WonBackAfter int64 `json:"won_back_after,omitzero"`
	// Next is what [Lifecycle.NextChange] tells, and Days how many days away that is; nil where nothing
	// changes without an order.
	Next *Change `json:"next,omitempty"`
	Days int64   `json:"days,omitzero"`
}

// Explain returns a customer's state as [Lifecycle.State] does, with every number it depends on.
func (l *Lifecycle) Explain(s Summary, on Day) (Course, error) {
	f, err := s.facts(on)
	if err != nil {
		return Course{}, err
	}
	state := l.state(f)
	c := Course{State: state, Stage: state.Stage(), On: on}
	if f.days == 0 {
		return c, nil
	}
	p := l.pace(f.days, f.span)
	c.Silence, c.Pace, c.Gap = f.silence, p.rat(), f.gap
	c.AtRiskAfter = p.days(int64(l.limits.AtRisk))
	c.DormantAfter = p.days(int64(l.limits.Dormant))
	c.LostAfter = p.days(int64(l.limits.Lost))
	if f.days > 1 {
		c.WonBackAfter = l.pace(f.days-1, f.span-f.gap).days(int64(l.limits.Dormant))
	}
	if next, ok := l.next(f, s.Last); ok {
		c.Next, c.Days = &next, int64(next.On)-int64(on)
	}
	return c, nil
}

// Text says it in a sentence or two, in Chinese where lang is zh or begins with zh-, and else in English.
// The pace is rounded to two decimals.
func (c Course) Text(lang string) string {
	said := phrases[chinese(lang)]
	out := fmt.Sprintf(said.state, c.State.Text(lang), c.Stage.Text(lang))
	if c.Pace != nil {
		out += fmt.Sprintf(said.silence, c.Silence, c.Pace.FloatString(2), c.AtRiskAfter, c.DormantAfter, c.LostAfter)
	}
	if c.State == WonBack {
		out += fmt.Sprintf(said.wonBack, c.Gap, c.WonBackAfter)
	}
	if c.Next != nil {
		out += fmt.Sprintf(said.next, c.Next.State.Text(lang), c.Next.On, c.Days)
	}
	return out
}

var phrases = map[bool]struct{ state, silence, wonBack, next string }{
	false: {
		state:   "%s (%s).",
		silence: " Silent for %d days; at a pace of %s at risk after %d, dormant after %d, lost after %d.",
		wonBack: " The last order came after %d days, more than %d.",
		next:    " Without an order: %s on %s, in %d days.",
	},
	true: {
		state:   "%s（%s）。",
		silence: "已静默%d天；按其节奏%s，超过%d天预警，超过%d天沉睡，超过%d天流失。",
		wonBack: "最近一单间隔%d天，超过%d天。",
		next:    "若不再下单：%s，始于%s，还有%d天。",
	},
}
