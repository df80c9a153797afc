package points_test

import (
	"context"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/points"
)

func ExampleLiability_Money() {
	owed := points.Liability{
		Outstanding: 1_000_000, Value: decimal.RequireFromString("0.01"), Breakage: decimal.RequireFromString("0.2"),
	}
	money, err := owed.Money(2)
	fmt.Println(money.StringFixed(2), err)
	// Output:
	// 8000.00 <nil>
}

// How many points expire unspent is learned from the programme's own months.
func ExampleBreakage() {
	ledger := open()
	ctx := context.Background()
	for i, month := range []string{"01", "02", "03", "04", "05"} {
		day := on("2026-" + month + "-20")
		do(ledger,
			points.EarnRequest{Account: "ann", Key: "gift:" + month, Points: 100, Expiry: &points.Expiry{Days: 20}, At: day},
			points.RedeemRequest{Account: "ann", Key: "mug:" + month, Points: int64(60 + 5*i), At: day.AddDate(0, 0, 1)},
		)
	}
	vintages, err := ledger.Vintages(ctx, on("2026-07-01"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(vintages[0].Month, vintages[0].Issued, vintages[0].Expired)
	e, err := points.Breakage(vintages)
	fmt.Println(e.Share.StringFixed(2), e.Low.StringFixed(2), e.High.StringFixed(2), err)
	// Output:
	// 2026-01 100 [0 40 0 0 0 0]
	// 0.30 0.20 0.40 <nil>
}

// The part of a contract liability that is revenue by now, and who pays for what was redeemed.
func ExampleLedger_Redeemed() {
	ledger := open()
	do(ledger,
		points.EarnRequest{Account: "ann", Key: "red", Points: 100, Color: "brand", At: on("2026-01-01")},
		points.EarnRequest{Account: "ann", Key: "blue", Points: 100, Color: "platform", At: on("2026-01-01")},
		points.RedeemRequest{Account: "ann", Key: "mug", Points: 150, Prefer: []string{"platform"}, At: on("2026-01-02")},
	)
	r, err := ledger.Redeemed(context.Background(), time.Time{}, on("2026-02-01"))
	fmt.Println(r.Points, r.Colors, err)
	revenue, err := points.Release(decimal.NewFromInt(9), r.Points, 180, 2)
	fmt.Println(revenue, err)
	// Output:
	// 150 map[brand:50 platform:100] <nil>
	// 7.5 <nil>
}
