package main

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/campaign/rule"
	"github.com/regulars-go/regulars/rfm"
)

// customer is what this shop knows of a customer when it asks the library anything. It is the shop's
// own struct: the library reads it through the getters below.
type customer struct {
	ID       string
	Region   string
	Birthday birthday
	Sales    []time.Time // of qualifying orders, in the shop's zone
	Summary  rfm.Summary
	Score    rfm.Score
	Segment  rfm.Segment
	State    rfm.State
	Tier     string
	Points   int64
	Tags     []string
}

// usualGap is the mean number of days between two days of purchase. Who bought on one day has none.
func (c *customer) usualGap() (int64, bool) {
	s := c.Summary
	if s.ActiveDays < 2 {
		return 0, false
	}
	return (int64(s.Last) - int64(s.First)) / (s.ActiveDays - 1), true
}

// meanOrder is the mean order value (客单价), rounded down to a cent.
func (c *customer) meanOrder() (decimal.Decimal, bool) {
	if c.Summary.Orders == 0 {
		return decimal.Decimal{}, false
	}
	mean, _ := c.Summary.Net.QuoRem(decimal.NewFromInt(c.Summary.Orders), 2)
	return mean, true
}

// payDay reports whether a customer buys when the wages have come: at least three orders in this month
// and the five before, every one of them on the 10th to the 15th.
func (c *customer) payDay(at time.Time) rule.Truth {
	first := monthsBack(at, 5)
	n := 0
	for _, t := range c.Sales {
		if t.Before(first) || t.After(at) {
			continue
		}
		if d := t.Day(); d < 10 || d > 15 {
			return rule.False
		}
		n++
	}
	return rule.Of(n >= 3)
}

// payDayNext is when the answer may change without a new order: when a month with an order leaves the six.
func (c *customer) payDayNext(at time.Time) (time.Time, bool) {
	first := monthsBack(at, 5)
	return monthsBack(at, -1), slices.ContainsFunc(c.Sales, func(t time.Time) bool { return !t.Before(first) && !t.After(at) })
}

// monthsBack returns the first instant of the month n months before that of at, in at's zone.
func monthsBack(at time.Time, n int) time.Time {
	return time.Date(at.Year(), at.Month()-time.Month(n), 1, 0, 0, 0, 0, at.Location())
}

// newSchema names and types the facts that stored rules may ask for. The pay-day operator is the
// shop's own; it counts in the shop's zone.
func newSchema(loc *time.Location) *rule.Schema[*customer] {
	s := rule.NewSchema[*customer]("shop.customer", 1)
	s.Text("id", func(c *customer) (string, bool) { return c.ID, true }, rule.Always())
	s.Text("lifecycle", func(c *customer) (string, bool) { return c.State.String(), true },
		rule.Always(), rule.Title("lifecycle", "生命周期"))
	s.Text("segment", func(c *customer) (string, bool) { return c.Segment.Key, c.Segment.Key != "" },
		rule.Title("segment", "客户分群"))
	s.Ranked("tier", tierNames, func(c *customer) (string, bool) { return c.Tier, true },
		rule.Always(), rule.Title("tier", "会员等级"))
	s.Text("region", func(c *customer) (string, bool) { return c.Region, c.Region != "" }, rule.Title("region", "地区"))
	s.Date("birthday", func(c *customer) (rule.Date, bool) {
		return rule.Date{Month: c.Birthday.Month, Day: c.Birthday.Day}, c.Birthday != birthday{}
	}, rule.Title("birthday", "生日"))
	s.Int("orders", func(c *customer) (int64, bool) { return c.Summary.Orders, true },
		rule.Always(), rule.Title("orders", "订单数"))
	s.Money("net_spend", func(c *customer) (decimal.Decimal, bool) { return c.Summary.Net, true },
		rule.Always(), rule.Title("net spend", "净消费"))
	s.Money("mean_order", (*customer).meanOrder, rule.Title("mean order", "客单价"))
	s.Int("usual_gap", (*customer).usualGap, rule.Title("usual gap in days", "通常间隔天数"))
	s.Int("points", func(c *customer) (int64, bool) { return c.Points, true },
		rule.Always(), rule.Title("points", "积分"))
	s.Labels("tags", func(c *customer) ([]string, bool) { return c.Tags, true },
		rule.Always(), rule.Title("tags", "标签"))
	s.TimedFunc("pay_day_buyer", 1,
		func(c *customer, at time.Time) rule.Truth { return c.payDay(at.In(loc)) },
		func(c *customer, at time.Time) (time.Time, bool) { return c.payDayNext(at.In(loc)) },
		rule.Title("buys around pay-day", "发薪日购买"))
	return s
}
