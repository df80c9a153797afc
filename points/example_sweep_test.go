package points_test

import (
	"context"
	"fmt"

	"github.com/regulars-go/regulars/points"
)

// A sweeper writes down what time has done; balances are the same without it.
func ExampleLedger_Sweep() {
	ledger := open()
	ctx := context.Background()
	do(ledger, points.EarnRequest{Account: "ann", Key: "spring", Points: 70, Expiry: &points.Expiry{Days: 30}, At: on("2026-03-01")})
	before, err := ledger.Balance(ctx, "ann", on("2026-04-01"))
	fmt.Println(before.Available, err)
	swept, err := ledger.Sweep(ctx, on("2026-04-01"))
	fmt.Println(swept.Accounts, swept.Changes, err)
	// Output:
	// 0 <nil>
	// 1 1 <nil>
}

// A batch in which one operation is refused.
func ExampleLedger_BestEffort() {
	ledger := open()
	results := ledger.BestEffort(context.Background(),
		points.EarnRequest{Account: "ann", Key: "batch/1", Points: 10, At: on("2026-01-10")},
		points.RedeemRequest{Account: "ann", Key: "batch/2", Points: 20, At: on("2026-01-10")},
		points.EarnRequest{Account: "ann", Key: "batch/3", Points: 5, At: on("2026-01-10")},
	)
	for _, r := range results {
		fmt.Println(r.Receipt.Balance.Available, r.Err)
	}
	// Output:
	// 10 <nil>
	// 0 points: not enough points: need 20, available 10, held 0, pending 0
	// 15 <nil>
}
