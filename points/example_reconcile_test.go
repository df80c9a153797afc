package points_test

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/points"
)

// bought is an order of one line.
func bought(id, amount, day string) *points.Order {
	return &points.Order{ID: id, Paid: on(day), Lines: []points.Line{{Price: decimal.RequireFromString(amount)}}}
}

// What got lost on the way between the shop's tables and the ledger.
func ExampleLedger_Reconcile() {
	ledger := open()
	do(ledger, points.EarnRequest{Account: "ann", Order: bought("1", "100", "2026-01-10"), At: on("2026-01-10")})
	shop := []points.ShopOrder{
		{Account: "ann", Order: *bought("1", "120", "2026-01-10")},
		{Account: "ann", Order: *bought("2", "30", "2026-01-11")},
	}
	orders := func(yield func(points.ShopOrder, error) bool) {
		for _, o := range shop {
			if !yield(o, nil) {
				return
			}
		}
	}
	for m, err := range ledger.Reconcile(context.Background(), orders) {
		fmt.Println(m.Order, m.Reason, m.Fields, err)
	}
	// Output:
	// 1 order_differs [order.lines.0.price: 100≠120] <nil>
	// 2 order_missing [] <nil>
}

// Orders that the ledger has and the shop does not.
func ExampleLedger_Unmatched() {
	ledger := open()
	do(ledger,
		points.EarnRequest{Account: "ann", Order: bought("1", "100", "2026-01-10"), At: on("2026-01-10")},
		points.EarnRequest{Account: "ann", Order: bought("2", "100", "2026-01-10"), At: on("2026-01-10")},
	)
	known := map[string]bool{"1": true}
	for order, err := range ledger.Unmatched(context.Background(), "ann", func(id string) bool { return known[id] }) {
		fmt.Println(order, err)
	}
	// Output:
	// 2 <nil>
}

// The books are recomputed from their entries.
func ExampleLedger_Verify() {
	ledger := open()
	do(ledger, points.EarnRequest{Account: "ann", Order: bought("1", "100", "2026-01-10"), At: on("2026-01-10")})
	fmt.Println(ledger.Verify(context.Background(), "ann"))
	// Output:
	// <nil>
}
