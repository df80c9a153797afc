// Package quickstart_test holds the programs of the README, so that they compile and say what they say.
package quickstart_test

import (
	"context"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/points"
	"github.com/regulars-go/regulars/rfm"
)

func Example() {
	day := func(m time.Month, d int) time.Time { return time.Date(2026, m, d, 20, 0, 0, 0, time.UTC) }
	yuan := decimal.RequireFromString

	// Who are our customers?
	scheme := rfm.MustCompile(rfm.Config{Zone: "Asia/Shanghai", Currency: "CNY", Scale: 2})
	customers, _ := rfm.SummarizeSlice(scheme, rfm.Before(day(9, 1)), []rfm.Order[string]{
		{Customer: "ann", At: day(8, 20), Amount: yuan("320.00")},
		{Customer: "ann", At: day(8, 28), Amount: yuan("199.90"), Refunds: []rfm.Refund{{At: day(8, 29), Amount: yuan("99.90")}}},
		{Customer: "bob", At: day(2, 14), Amount: yuan("99.00")},
		{Customer: "eve", At: day(8, 5), Amount: yuan("12.50")},
	})
	model, _ := customers.Fit()
	scores, _ := customers.Scores(model)
	for who, score := range scores {
		fmt.Println(who, score, rfm.Eleven().Of(score).Text("zh"))
	}

	// How many points does an order earn, and what is left of them after a refund?
	policy := points.MustCompile(points.Config{
		Format: 1, ID: "house", Revision: 1, Zone: "Asia/Shanghai", Currency: "CNY",
		Rules: []points.Rule{{ID: "spend", Linear: &points.Linear{Points: 1, Per: yuan("1.00")}}},
	})
	ledger, _ := points.New(&points.MemStore{}, policy)
	ctx := context.Background()
	order := points.Order{ID: "7", Paid: day(8, 20), Lines: []points.Line{{Price: yuan("320.00")}}}
	ledger.Earn(ctx, points.EarnRequest{Account: "ann", At: day(8, 20), Order: &order})
	ledger.Earn(ctx, points.EarnRequest{Account: "ann", At: day(8, 20), Order: &order}) // delivered twice, earned once
	ledger.Refund(ctx, points.RefundRequest{Account: "ann", Refund: "r1", Order: "7", At: day(8, 29), Return: points.Return{Amount: yuan("99.90")}})
	balance, _ := ledger.Balance(ctx, "ann", day(9, 1))
	fmt.Println("ann has", balance.Available, "points")

	// Output:
	// ann 4-4-4 忠诚客户
	// bob 1-1-2 流失客户
	// eve 2-1-1 沉睡客户
	// ann has 220 points
}
