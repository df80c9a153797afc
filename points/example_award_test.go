package points_test

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/points"
)

var shop = points.MustCompile(points.Config{
	ID: "house", Revision: 1, Zone: "Asia/Shanghai", Currency: "CNY",
	Rules: []points.Rule{{ID: "base", Linear: &points.Linear{Points: 1, Per: decimal.NewFromInt(1)}}},
	Modifiers: []points.Modifier{
		{ID: "birthday", Factor: decimal.NewFromInt(2), When: points.When{Birthday: true}},
		{ID: "shoes", Factor: decimal.RequireFromString("1.2"), When: points.When{Tags: []string{"shoes"}}},
	},
	Expiry: points.Expiry{Months: 12, Align: points.AlignMonth},
	Redeem: &points.Redeem{Points: 100, Money: decimal.NewFromInt(1), Min: 500, Step: 100, MaxPercent: decimal.NewFromInt(50)},
})

func order() points.Order {
	return points.Order{
		ID:   "7",
		Paid: time.Date(2025, 3, 9, 16, 30, 0, 0, time.UTC), // half past midnight on the 10th in Shanghai
		Lines: []points.Line{
			{SKU: "runner", Price: decimal.NewFromInt(40), Tags: []string{"shoes"}},
			{SKU: "shirt", Price: decimal.NewFromInt(60)},
		},
		Times:    decimal.RequireFromString("1.5"), // gold
		Birthday: points.MonthDay{Month: time.March, Day: 10},
	}
}

func ExamplePolicy_Award() {
	a, err := shop.Award(order())
	if err != nil {
		panic(err)
	}
	fmt.Println(a.Key, a.Points, a.Lines)
	fmt.Println("until", a.Lots[0].ExpiresAt.In(shop.Zone()).Format(time.DateTime))
	for _, n := range a.Trace {
		fmt.Println(n.Text(points.English))
	}
	// Output:
	// order:7 258 [108 150]
	// until 2026-04-01 00:00:00
	// rule base gave 258 points
	// multiplied by times
	// multiplied by birthday
	// multiplied by shoes
}

func ExampleEvidence_After() {
	a, err := shop.Award(order())
	if err != nil {
		panic(err)
	}
	kept := a.Points
	var returns []points.Return
	for _, amount := range []string{"33.33", "33.33", "33.34"} {
		returns = append(returns, points.Return{Amount: decimal.RequireFromString(amount)})
		left, err := a.Evidence.After(returns...)
		if err != nil {
			panic(err)
		}
		fmt.Println("claw back", kept-left.Points)
		kept = left.Points
	}
	fmt.Println("left", kept)
	// Output:
	// claw back 86
	// claw back 86
	// claw back 86
	// left 0
}

func ExamplePolicy_Quote() {
	q, err := shop.Quote(points.Ask{
		Order:   points.Order{Lines: []points.Line{{Price: decimal.NewFromInt(199)}}},
		Balance: 12_345,
		At:      time.Date(2025, 3, 10, 0, 0, 0, 0, time.UTC),
	})
	if err != nil {
		panic(err)
	}
	fmt.Println(q.Points, "points for", q.Money)
	for _, n := range q.Limits {
		fmt.Println(n.Text(points.English))
		fmt.Println(n.Text(points.Chinese))
	}
	// Output:
	// 9900 points for 99
	// points may pay at most 9950 of the goods' price in minor units
	// 积分最多抵扣商品金额 9950（最小货币单位）
	// points are used in steps of 100
	// 积分须按 100 的倍数使用
}

func ExamplePolicy_WhyNot() {
	o := order()
	o.Birthday = points.MonthDay{Month: time.May, Day: 1}
	notes, err := shop.WhyNot("birthday", o)
	if err != nil {
		panic(err)
	}
	for _, n := range notes {
		fmt.Println(n.Text(points.English))
	}
	// Output:
	// it is not the buyer's birthday
}

func ExampleCompile() {
	_, err := points.Compile(points.Config{
		ID: "house", Revision: 1, Zone: "Asia/Peking", Currency: "CNY",
		Rules: []points.Rule{{ID: "base", Linear: &points.Linear{Points: 1}}},
	})
	fmt.Println(err)
	// Output:
	// points: policy does not compile
	// /zone: "Asia/Peking" is not the name of a time zone
	// /rules/0/linear/per: must be positive, is 0
}

func ExampleParseConfig() {
	c, err := points.ParseConfig([]byte(`{
		"version": 1, "id": "house", "revision": 1, "zone": "Asia/Shanghai", "currency": "CNY",
		"rules": [{"id": "base", "step": {"points": 1, "per": "10.00"}}],
		"expiry": {"months": 12, "align": "year"}
	}`))
	if err != nil {
		panic(err)
	}
	a, err := points.MustCompile(c).Award(order())
	if err != nil {
		panic(err)
	}
	fmt.Println(a.Points, "until", a.Lots[0].ExpiresAt.Format(time.RFC3339))
	_, err = points.ParseConfig([]byte(`{"version": 1, "Rules": []}`))
	fmt.Println(err)
	// Output:
	// 15 until 2026-12-31T16:00:00Z
	// points: policy: unknown_key at "/Rules" (byte 15): no key "Rules" here; it is written "rules"
}

func ExampleAudit() {
	p := points.MustCompile(points.Config{
		ID: "generous", Revision: 1, Zone: "Asia/Shanghai", Currency: "CNY", Stack: points.Product,
		Rules: []points.Rule{{ID: "base", Linear: &points.Linear{Points: 5, Per: decimal.NewFromInt(1)}}},
		Modifiers: []points.Modifier{
			{ID: "gold", Factor: decimal.NewFromInt(2)}, {ID: "birthday", Factor: decimal.NewFromInt(3)}, {ID: "festival", Factor: decimal.NewFromInt(5)},
		},
		Redeem: &points.Redeem{Points: 100, Money: decimal.NewFromInt(1)},
	})
	for _, f := range points.Audit(p) {
		fmt.Println(f.Path, f.Reason, f.Text(points.English))
	}
	// Output:
	// /modifiers earn_burn points can be worth 1.50 times what was paid for them
}

func ExamplePolicy_CheckIn() {
	p := points.MustCompile(points.Config{
		ID: "house", Revision: 1, Zone: "Asia/Shanghai", Currency: "CNY",
		CheckIn: &points.CheckIn{Points: []int64{1, 2, 10}},
	})
	var s points.Streak
	for day := 1; day <= 3; day++ {
		var a points.Award
		var err error
		if s, a, err = p.CheckIn(s, time.Date(2025, 3, day, 12, 0, 0, 0, time.UTC)); err != nil {
			panic(err)
		}
		fmt.Println(a.Key, a.Points)
	}
	// Output:
	// check_in:2025-03-01 1
	// check_in:2025-03-02 2
	// check_in:2025-03-03 10
}

func ExampleRelease() {
	// 9,000.00 is allocated to points of which 9,700 are expected to be redeemed; 4,500 are by now.
	released, err := points.Release(decimal.NewFromInt(9000), 4500, 9700, 2)
	fmt.Println(released, err)
	// Output:
	// 4175.26 <nil>
}
