package points_test

import (
	"context"
	"fmt"
	"time"

	"github.com/regulars-go/regulars/points"
)

// open returns a ledger of the corner shop with nothing in it.
func open() *points.Ledger {
	ledger, err := points.New(new(points.MemStore), corner)
	if err != nil {
		panic(err)
	}
	return ledger
}

// on is noon of a day in the corner shop.
func on(day string) time.Time {
	at, err := time.ParseInLocation("2006-01-02 15:04", day+" 12:00", corner.Zone())
	if err != nil {
		panic(err)
	}
	return at
}

// do does operations and prints what is refused.
func do(ledger *points.Ledger, ops ...points.Op) {
	for i, r := range ledger.BestEffort(context.Background(), ops...) {
		if r.Err != nil {
			fmt.Println(i, r.Err)
		}
	}
}

// The end of a month is reported later, when the accounts have moved on.
func ExampleLedger_Outstanding() {
	ledger := open()
	do(ledger,
		points.EarnRequest{Account: "ann", Key: "welcome", Points: 100, Color: "brand", At: on("2026-01-10")},
		points.EarnRequest{Account: "bob", Key: "welcome", Points: 50, At: on("2026-01-31")},
		points.RedeemRequest{Account: "ann", Key: "mug", Points: 30, At: on("2026-02-01")},
	)
	o, err := ledger.Outstanding(context.Background(), on("2026-01-31").Add(11*time.Hour))
	fmt.Println(o.Accounts, o.Balance.Available, o.Expiring, o.Colors, err)
	// Output:
	// 2 150 map[2027-01:150] map[:50 brand:100] <nil>
}

// What to write in a reminder: the points that end within 30 days.
func ExampleLedger_Expiring() {
	ledger := open()
	do(ledger,
		points.EarnRequest{Account: "ann", Key: "spring", Points: 70, Expiry: &points.Expiry{Days: 30}, At: on("2026-03-01")},
		points.EarnRequest{Account: "ann", Key: "welcome", Points: 40, At: on("2026-03-01")},
	)
	soon, err := ledger.Expiring(context.Background(), "ann", on("2026-03-20"), 30)
	for _, e := range soon {
		fmt.Println(e.At.In(corner.Zone()).Format(time.DateTime), e.Points)
	}
	fmt.Println(err)
	// Output:
	// 2026-04-01 00:00:00 70
	// <nil>
}
