package rule_test

import (
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/campaign/rule"
)

// Shopper is the shop's own struct; the package never sees more of it than the getters below.
type Shopper struct {
	Name      string
	Region    string // empty: not known
	Spend     decimal.Decimal
	LastOrder time.Time // zero: never ordered
	Birthday  rule.Date
	Mailing   *bool // nil: never asked
}

var (
	shop     = rule.NewSchema[*Shopper]("shop.customer", 1)
	region   = shop.Text("region", func(c *Shopper) (string, bool) { return c.Region, c.Region != "" }, rule.Title("region", "地区"))
	spend    = shop.Money("spend", func(c *Shopper) (decimal.Decimal, bool) { return c.Spend, true }, rule.Always(), rule.Title("spend", "消费额"))
	last     = shop.Instant("last_order", func(c *Shopper) (time.Time, bool) { return c.LastOrder, !c.LastOrder.IsZero() }, rule.Title("last order", "最近下单"))
	birthday = shop.Date("birthday", func(c *Shopper) (rule.Date, bool) { return c.Birthday, c.Birthday.Month != 0 }, rule.Title("birthday", "生日"))
	mailing  = shop.Flag("mailing", func(c *Shopper) (bool, bool) {
		if c.Mailing == nil {
			return false, false
		}
		return *c.Mailing, true
	}, rule.Consent(), rule.Title("mailing consent", "同意接收"))

	now     = time.Date(2025, 6, 15, 4, 0, 0, 0, time.UTC)
	winBack = shop.MustCompile(rule.All(
		mailing.Is(true),
		last.OlderThan(90*24*time.Hour),
		rule.Any(spend.Over(decimal.NewFromInt(500)), region.In("GD", "ZJ")),
	))
)

func Example() {
	yes := true
	for _, c := range []*Shopper{
		{Name: "An", Mailing: &yes, LastOrder: now.AddDate(0, -6, 0), Spend: decimal.NewFromInt(900)},
		{Name: "Bo", Mailing: &yes, LastOrder: now.AddDate(0, -1, 0), Spend: decimal.NewFromInt(900)},
		{Name: "Cai", Mailing: &yes, LastOrder: now.AddDate(0, -6, 0), Spend: decimal.NewFromInt(100)},
	} {
		fmt.Println(c.Name, winBack.Match(c, now), winBack.Explain(c, now).Missing())
	}
	// Output:
	// An true []
	// Bo false []
	// Cai false [region]
}

func ExampleRule_Explain() {
	yes := true
	e := winBack.Explain(&Shopper{Mailing: &yes, LastOrder: now.AddDate(0, -1, 0), Spend: decimal.NewFromInt(100), Region: "BJ"}, now)
	fmt.Print(e)
	fmt.Println("shortest way in:")
	for _, s := range e.Remedy() {
		fmt.Println(s.Path, s.Text(rule.Chinese))
	}
	// Output:
	// false   all
	//   true    mailing consent is yes (it is true)
	//   false   last order is 90 days ago or longer (it is 2025-05-15T04:00:00Z)
	//   false   any
	//     false   spend is over 500 (it is 100)
	//     false   region is one of "GD", "ZJ" (it is "BJ")
	// shortest way in:
	// /all/1 最近下单距今已满90天
	// /all/2/any/0 消费额大于500
}

func ExampleRule_NextChange() {
	yes := true
	c := &Shopper{Mailing: &yes, LastOrder: now.AddDate(0, -1, 0), Spend: decimal.NewFromInt(900)}
	fmt.Println(winBack.NextChange(c, now))
	// Output: 2025-08-13 04:00:00 +0000 UTC true
}

func ExampleSchema_Parse() {
	r, err := shop.Parse([]byte(`{"format":1,"schema":"shop.customer","schema_version":1,"rule":
		{"field":"birthday","near":{"before":7,"after":0,"leap":"feb28","zone":"Asia/Shanghai"}}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Match(&Shopper{Birthday: rule.Date{Month: time.June, Day: 20}}, now))

	_, err = shop.Parse([]byte(`{"format":1,"schema":"shop.customer","schema_version":1,"rule":{"all":[{"field":"region","in":[]}]}}`))
	fmt.Println(err)
	// Output:
	// true
	// rule: /all/0/in: empty_list at byte 94: a list needs at least one member
}

func ExampleSchema_Migrate() {
	// Version 2 calls the field province; rules stored under version 1 call it region.
	customers := rule.NewSchema[*Shopper]("shop.customer", 2)
	customers.Text("province", func(c *Shopper) (string, bool) { return c.Region, c.Region != "" })
	customers.Migrate(1, rule.RenameField("region", "province"))
	r, err := customers.Parse([]byte(`{"format":1,"schema":"shop.customer","schema_version":1,"rule":{"field":"region","in":["GD"]}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	text, err := r.MarshalJSON()
	fmt.Println(string(text), err)
	// Output: {"format":1,"schema":"shop.customer","schema_version":2,"rule":{"field":"province","in":["GD"]}} <nil>
}

func ExampleRule_MarshalJSON() {
	text, err := json.Marshal(shop.MustCompile(rule.Not(region.In("ZJ", "GD")).OrElse(true)))
	fmt.Println(string(text), err)
	// Output:
	// {"format":1,"schema":"shop.customer","schema_version":1,"rule":{"or_else":{"rule":{"not":{"field":"region","in":["GD","ZJ"]}},"value":true}}} <nil>
}

func ExampleRule_Text() {
	fmt.Println(winBack.Text(rule.English))
	fmt.Println(winBack.Text(rule.Chinese))
	// Output:
	// mailing consent is yes and last order is 90 days ago or longer and (spend is over 500 or region is one of "GD", "ZJ")
	// 同意接收为是，并且最近下单距今已满90天，并且（消费额大于500，或者地区为"GD"、"ZJ"之一）
}

func ExampleRule_Findings() {
	r := shop.MustCompile(rule.All(
		rule.Not(region.Eq("GD")),
		rule.Any(spend.Under(decimal.NewFromInt(100)), spend.Under(decimal.NewFromInt(50))),
	))
	for _, f := range r.Findings() {
		fmt.Println(f)
	}
	// Output:
	// /all/1/any/1: dead_branch: it can be left out
	// /all/0: open_not: customers whose region is not known are left out as well
	// ignores_consent: customers can be selected without their consent
}

func ExampleCompare() {
	stricter := shop.MustCompile(rule.All(winBack.Expr(), spend.Over(decimal.NewFromInt(1000))))
	yes := true
	shoppers := []*Shopper{
		{Name: "An", Mailing: &yes, LastOrder: now.AddDate(0, -6, 0), Spend: decimal.NewFromInt(900)},
		{Name: "Bo", Mailing: &yes, LastOrder: now.AddDate(0, -6, 0), Spend: decimal.NewFromInt(2000)},
	}
	diff, err := rule.Compare(winBack, stricter, each(shoppers), now)
	fmt.Println(diff.Stay, "stay,", diff.Leave, "leaves,", err)
	for _, c := range diff.Causes {
		fmt.Println(c.Count, "by", c.Path, c.Step.Text(rule.English))
	}
	// Output:
	// 1 stay, 1 leaves, <nil>
	// 1 by /all/1 spend is over 1000
}

func ExampleRule_Select() {
	yes := true
	shoppers := []*Shopper{
		{Name: "An", Mailing: &yes, LastOrder: now.AddDate(0, -6, 0), Spend: decimal.NewFromInt(900)},
		{Name: "Bo"},
		{Name: "Cai", Mailing: &yes, LastOrder: now.AddDate(0, -6, 0), Spend: decimal.NewFromInt(100), Region: "BJ"},
	}
	table, err := rule.NewTable(shop, each(shoppers))
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := winBack.Select(table, now)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Count())
	for i := range s.All() {
		fmt.Println(table.Row(i).Name)
	}
	// Output:
	// 1 1 1
	// An
}

func ExampleSchema_TimedFunc() {
	quiet := shop.TimedFunc("on_a_monday", 1,
		func(_ *Shopper, at time.Time) rule.Truth { return rule.Of(at.Weekday() == time.Monday) },
		func(_ *Shopper, at time.Time) (time.Time, bool) {
			return at.Truncate(24*time.Hour).AddDate(0, 0, 1), true
		},
	)
	r := shop.MustCompile(rule.All(birthday.Known(), quiet.Holds()))
	fmt.Println(r.NextChange(&Shopper{Birthday: rule.Date{Month: 1, Day: 1}}, now))
	// Output: 2025-06-16 00:00:00 +0000 UTC true
}

func each(shoppers []*Shopper) iter.Seq2[*Shopper, error] {
	return func(yield func(*Shopper, error) bool) {
		for _, s := range shoppers {
			if !yield(s, nil) {
				return
			}
		}
	}
}
