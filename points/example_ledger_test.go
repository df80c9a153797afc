package points_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/points"
)

var corner = points.MustCompile(points.Config{
	Format: 1, ID: "corner", Revision: 1, Zone: "Asia/Shanghai", Currency: "CNY",
	Rules:  []points.Rule{{ID: "base", Linear: &points.Linear{Points: 1, Per: decimal.NewFromInt(1)}}},
	Expiry: points.Expiry{Months: 12},
	Redeem: &points.Redeem{Points: 100, Money: decimal.NewFromInt(1)},
})

// An order earns, a checkout holds and captures, a refund takes back.
func Example() {
	ledger, err := points.New(new(points.MemStore), corner)
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	at := time.Date(2026, 1, 31, 12, 0, 0, 0, corner.Zone())
	order := points.Order{ID: "7", Paid: at, Lines: []points.Line{{Price: decimal.RequireFromString("199.90")}}}

	earned, err := ledger.Earn(ctx, points.EarnRequest{Account: "ann", Order: &order, At: at})
	fmt.Println(earned.Points, err)
	again, err := ledger.Earn(ctx, points.EarnRequest{Account: "ann", Order: &order, At: at}) // delivered twice
	fmt.Println(again.Points, again.Replayed, err)

	_, err = ledger.Hold(ctx, points.HoldRequest{Account: "ann", Hold: "8", Points: 120, TTL: 30 * time.Minute, At: at})
	fmt.Println(err)
	spent, err := ledger.Capture(ctx, points.CaptureRequest{Account: "ann", Hold: "8", Points: 100, At: at.Add(time.Minute)})
	fmt.Println(spent.Points, spent.Balance.Available, err)

	back := points.RefundRequest{Account: "ann", Refund: "r1", Order: "7", At: at.Add(time.Hour), Return: points.Return{Everything: true}}
	refund, err := ledger.Refund(ctx, back)
	fmt.Println(refund.Points, refund.Owed, err)
	// Output:
	// 199 <nil>
	// 199 true <nil>
	// <nil>
	// 100 99 <nil>
	// 99 100 <nil>
}

// A debit that the account cannot cover says what there is.
func ExampleInsufficientError() {
	ledger, _ := points.New(new(points.MemStore), corner)
	at := time.Date(2026, 1, 31, 12, 0, 0, 0, corner.Zone())
	_, _ = ledger.Earn(context.Background(), points.EarnRequest{Account: "ann", Key: "welcome", Points: 50, At: at})
	_, err := ledger.Redeem(context.Background(), points.RedeemRequest{Account: "ann", Key: "mug", Points: 80, At: at})
	var short *points.InsufficientError
	fmt.Println(errors.As(err, &short), short.Available, errors.Is(err, points.ErrInsufficient))
	// Output: true 50 true
}

// Balances follow time, without any job.
func ExampleLedger_Balance() {
	ledger, _ := points.New(new(points.MemStore), corner)
	ctx := context.Background()
	at := time.Date(2026, 1, 31, 12, 0, 0, 0, corner.Zone())
	_, _ = ledger.Earn(ctx, points.EarnRequest{Account: "ann", Key: "welcome", Points: 50, At: at})
	for _, day := range []string{"2027-01-31", "2027-02-01"} {
		t, _ := time.ParseInLocation(time.DateOnly, day, corner.Zone())
		b, err := ledger.Balance(ctx, "ann", t)
		fmt.Println(day, b.Available, err)
	}
	// Output:
	// 2027-01-31 50 <nil>
	// 2027-02-01 0 <nil>
}

// A statement is opening plus lines is closing.
func ExampleLedger_Statement() {
	ledger, _ := points.New(new(points.MemStore), corner)
	ctx := context.Background()
	at := time.Date(2026, 1, 31, 12, 0, 0, 0, corner.Zone())
	_, _ = ledger.Earn(ctx, points.EarnRequest{Account: "ann", Key: "welcome", Points: 50, At: at})
	_, _ = ledger.Redeem(ctx, points.RedeemRequest{Account: "ann", Key: "mug", Points: 30, At: at.AddDate(0, 1, 0)})
	s, err := ledger.Statement(ctx, "ann", time.Time{}, at.AddDate(2, 0, 0))
	for _, l := range s.Lines {
		fmt.Println(l.At.Format(time.DateOnly), l.Kind, l.Points, l.Balance.Available)
	}
	fmt.Println(s.Opening.Net(), s.Closing.Net(), err)
	// Output:
	// 2026-01-31 earn 50 50
	// 2026-03-03 redeem -30 20
	// 2027-01-31 expire -20 0
	// 0 0 <nil>
}

// Several operations are done together or not at all.
func ExampleLedger_Atomic() {
	ledger, _ := points.New(new(points.MemStore), corner)
	at := time.Date(2026, 1, 31, 12, 0, 0, 0, corner.Zone())
	_, err := ledger.Atomic(context.Background(),
		points.EarnRequest{Account: "ann", Key: "welcome", Points: 50, At: at},
		points.TransferRequest{Account: "ann", To: "bob", Key: "gift", Points: 80, At: at},
	)
	fmt.Println(err)
	// Output: points: operation 1: points: not enough points: need 80, available 50, held 0, pending 0
}
