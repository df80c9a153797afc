package points_test

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/points"
)

func ExampleVersions() {
	config := shop.Config()
	config.Revision, config.Since = 2, "2025-06-01"
	config.Rules[0].Linear.Points = 2
	twice := points.MustCompile(config)
	both, err := points.Versions(shop, twice)
	if err != nil {
		panic(err)
	}
	o := order()
	for _, o.Paid = range []time.Time{time.Date(2025, 5, 31, 15, 59, 59, 0, time.UTC), time.Date(2025, 5, 31, 16, 0, 0, 0, time.UTC)} {
		a, err := both.Award(o)
		if err != nil {
			panic(err)
		}
		_, revision := a.Evidence.Policy()
		fmt.Println("revision", revision, "gives", a.Points)
	}
	_, err = points.Versions(twice, shop)
	fmt.Println(err)
	// Output:
	// revision 1 gives 158
	// revision 2 gives 316
	// points: policy does not compile
	// /1/revision: is 1, after 2
	// /1/since: is not later than that of revision 2
}

func ExampleEvidence_Revise() {
	a, err := shop.Award(order())
	if err != nil {
		panic(err)
	}
	o := order()
	o.Lines = o.Lines[:1] // the shirt was never sent
	edited, err := a.Evidence.Revise(o)
	if err != nil {
		panic(err)
	}
	fmt.Println(a.Points, edited.Points)
	// Output:
	// 258 108
}

func ExampleEvidence_Returned() {
	o := order()
	o.PaidWithPoints, o.PointsSpent = decimal.NewFromInt(20), 2000
	a, err := shop.Award(o)
	if err != nil {
		panic(err)
	}
	back, err := a.Evidence.Returned(points.Return{Lines: []points.LineReturn{{ID: "1"}}})
	if err != nil {
		panic(err)
	}
	fmt.Println(back.Cash, "in cash and", back.Points, "points for", back.PointsMoney)
	// Output:
	// 32 in cash and 800 points for 8
}

func ExampleTiming_Confirm() {
	terms := points.Timing{
		Zone:    "Asia/Shanghai",
		Pending: points.Pending{Event: "received", Days: 14},
		Expiry:  points.Expiry{Months: 12},
	}
	paid := time.Date(2025, 3, 1, 10, 0, 0, 0, shop.Zone())
	received := time.Date(2025, 3, 5, 10, 0, 0, 0, shop.Zone())
	from, until, err := terms.Confirm(paid, received)
	if err != nil {
		panic(err)
	}
	fmt.Println("from", from.In(shop.Zone()).Format(time.DateTime))
	fmt.Println("until", until.In(shop.Zone()).Format(time.DateTime))
	// Output:
	// from 2025-03-20 00:00:00
	// until 2026-03-21 00:00:00
}
