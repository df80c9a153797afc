package rfm_test

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/rfm"
)

func ExampleBacktestOrders() {
	scheme := rfm.MustCompile(rfm.Config{Zone: "UTC", Scale: 2, R: rfm.Binning{Bins: 2}, F: rfm.Binning{Bins: 2}, M: rfm.Binning{Bins: 2}})
	var orders []rfm.Order[string]
	buy := func(customer string, amount int64, days ...int) {
		for _, d := range days {
			at := time.Date(2025, time.January, d, 12, 0, 0, 0, time.UTC)
			orders = append(orders, rfm.Order[string]{Customer: customer, At: at, Amount: decimal.NewFromInt(amount)})
		}
	}
	buy("ann", 20, 3, 20, 28, 40)
	buy("bob", 90, 5)
	buy("cyd", 30, 9, 27, 50)
	buy("dan", 10, 30)
	at := time.Date(2025, time.February, 1, 0, 0, 0, 0, time.UTC)

	trial, err := rfm.BacktestOrders(scheme, func(yield func(rfm.Order[string], error) bool) {
		for _, o := range orders {
			if !yield(o, nil) {
				return
			}
		}
	}, at, at.AddDate(0, 1, 0), func(s rfm.Score) string {
		if s.F == 2 {
			return "loyal"
		}
		return "others"
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(trial.Returned, "of", trial.Customers, "returned")
	for _, s := range trial.Segments {
		fmt.Println(s.Name, s.Returned, "of", s.Customers, "lift", s.Lift.Round(2))
	}
	fmt.Println("AUC of R", trial.AUC.R.Round(3), "of F", trial.AUC.F.Round(3))
	// Output:
	// 2 of 4 returned
	// loyal 2 of 2 lift 2
	// others 0 of 2 lift 0
	// AUC of R 0.5 of F 1
}
