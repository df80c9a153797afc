package rfm_test

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/rfm"
)

func ExampleMeasureDrift() {
	scheme := rfm.MustCompile(rfm.Config{Zone: "UTC", Scale: 2, R: rfm.Binning{Bins: 2}, F: rfm.Binning{Bins: 2}, M: rfm.Binning{Bins: 2}})
	fit := func(at time.Time, spent ...int64) (*rfm.Customers[int], *rfm.Model) {
		var orders []rfm.Order[int]
		for i, amount := range spent {
			orders = append(orders, rfm.Order[int]{Customer: i, At: at.AddDate(0, 0, -1-i), Amount: decimal.NewFromInt(amount)})
		}
		customers, err := rfm.SummarizeSlice(scheme, rfm.Before(at), orders)
		if err != nil {
			panic(err)
		}
		model, err := customers.Fit()
		if err != nil {
			panic(err)
		}
		return customers, model
	}
	_, march := fit(time.Date(2025, time.March, 1, 0, 0, 0, 0, time.UTC), 10, 20, 30, 40)
	customers, june := fit(time.Date(2025, time.June, 1, 0, 0, 0, 0, time.UTC), 15, 25, 35, 45, 55, 65)

	drift, err := rfm.MeasureDrift(march, june, customers)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(drift.Changed, "of", drift.Customers, "customers would score differently")
	fmt.Printf("money: %d then, %d now, index %.2f\n", drift.M.Then, drift.M.Now, drift.M.Index)
	// Output:
	// 2 of 6 customers would score differently
	// money: [2 2] then, [1 5] now, index 0.37
}
