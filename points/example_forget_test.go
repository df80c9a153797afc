package points_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/regulars-go/regulars/points"
)

// A member asks to be erased.
func ExampleLedger_Forget() {
	ledger := open()
	ctx := context.Background()
	do(ledger, points.EarnRequest{Account: "ann", Key: "welcome", Points: 100, At: on("2026-01-10")})
	r, err := ledger.Forget(ctx, points.ForgetRequest{
		Account: "ann", Key: "ticket:9", At: on("2026-02-01"), By: points.By{Actor: "support", Note: "asked by mail"},
	})
	fmt.Println(r.Points, r.Balance.Available, err)
	_, err = ledger.Earn(ctx, points.EarnRequest{Account: "ann", Key: "late", Points: 1, At: on("2026-02-02")})
	fmt.Println(errors.Is(err, points.ErrForgotten))
	// Output:
	// 100 0 <nil>
	// true
}
