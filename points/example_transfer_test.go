package points_test

import (
	"context"
	"fmt"

	"github.com/regulars-go/regulars/points"
)

// A gift keeps its dates.
func ExampleLedger_Transfer() {
	ledger := open()
	ctx := context.Background()
	do(ledger, points.EarnRequest{Account: "ann", Key: "welcome", Points: 100, At: on("2026-01-10")})
	r, err := ledger.Transfer(ctx, points.TransferRequest{Account: "ann", To: "bob", Key: "gift:1", Points: 40, At: on("2026-02-01")})
	fmt.Println(r.Balance.Available, err)
	soon, err := ledger.Expiring(ctx, "bob", on("2026-02-01"), 365)
	fmt.Println(soon[0].At.In(corner.Zone()).Format("2006-01-02"), soon[0].Points, err)
	// Output:
	// 60 <nil>
	// 2027-01-11 40 <nil>
}

// What comes for the old account later finds its way.
func ExampleLedger_Merge() {
	ledger := open()
	ctx := context.Background()
	do(ledger,
		points.EarnRequest{Account: "ann", Key: "welcome", Points: 100, At: on("2026-01-10")},
		points.EarnRequest{Account: "ann.old", Order: bought("7", "30", "2026-01-11"), At: on("2026-01-11")},
		points.MergeRequest{Account: "ann.old", Into: "ann", At: on("2026-02-01")},
	)
	r, err := ledger.Refund(ctx, points.RefundRequest{
		Account: "ann.old", Refund: "7-1", Order: "7", At: on("2026-02-02"), Return: points.Return{Everything: true},
	})
	fmt.Println(r.Points, r.Balance.Available, err)
	// Output:
	// 30 100 <nil>
}
