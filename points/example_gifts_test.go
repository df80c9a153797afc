package points_test

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/points"
)

var club = points.MustCompile(points.Config{
	ID: "club", Revision: 1, Zone: "Asia/Shanghai", Currency: "CNY",
	Rules:    []points.Rule{{ID: "base", Linear: &points.Linear{Points: 1, Per: decimal.NewFromInt(1)}}},
	Birthday: points.Birthday{After: 7, Gift: &points.Gift{Points: 88, Expiry: &points.Expiry{Days: 30}}},
	Referral: &points.Referral{Referrer: &points.Gift{Points: 100}, Friend: &points.Gift{Points: 50}, Spend: decimal.NewFromInt(30)},
	Actions:  []points.Action{{ID: "review", Points: 10, Once: points.EachDay}},
})

func ExamplePolicy_BirthdayGift() {
	born := points.MonthDay{Month: time.March, Day: 10}
	for _, day := range []int{9, 12} {
		a, err := club.BirthdayGift(born, time.Date(2025, 3, day, 12, 0, 0, 0, club.Zone()))
		if err != nil {
			panic(err)
		}
		if a.Points == 0 {
			fmt.Println(a.Trace[0].Text(points.English))
			continue
		}
		fmt.Println(a.Key, a.Points, "until", a.Lots[0].ExpiresAt.In(club.Zone()).Format(time.DateTime))
	}
	// Output:
	// it is not the buyer's birthday
	// birthday:2025 88 until 2025-04-12 00:00:00
}

func ExamplePolicy_Action() {
	at := time.Date(2025, 3, 10, 12, 0, 0, 0, club.Zone())
	a, err := club.Action("review", "order 7", at)
	fmt.Println(a.Key, a.Points, err)
	_, err = club.Action("dance", "", at)
	fmt.Println(err)
	// Output:
	// review:order 7:2025-03-10 10 <nil>
	// points: unknown reference: action "dance"
}

func ExamplePolicy_Referral() {
	o := order()
	o.First = true
	ann, bea, err := club.Referral("bea", o) // Bea's first order, and Ann had told her of the shop
	if err != nil {
		panic(err)
	}
	fmt.Println(ann.Key, ann.Points)
	fmt.Println(bea.Key, bea.Points)
	left, err := ann.Evidence.After(points.Return{Amount: decimal.NewFromInt(80)})
	if err != nil {
		panic(err)
	}
	fmt.Println("after a refund of 80:", left.Points)
	// Output:
	// referral:bea 100
	// referred:bea 50
	// after a refund of 80: 0
}
