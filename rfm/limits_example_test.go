package rfm_test

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/rfm"
)

func ExampleFitLimits() {
	scheme := rfm.MustCompile(rfm.Config{Zone: "Asia/Shanghai", Scale: 2, KeepDays: true})
	at := time.Date(2025, time.July, 1, 0, 0, 0, 0, scheme.Zone())
	var orders []rfm.Order[string]
	for customer, ago := range map[string][]int{
		"ann": {90, 80, 50, 20, 5},
		"bob": {60, 40, 10},
		"cyd": {100}, // silent: perhaps for ever, perhaps not
	} {
		for _, days := range ago {
			orders = append(orders, rfm.Order[string]{Customer: customer, At: at.AddDate(0, 0, -days), Amount: decimal.NewFromInt(99)})
		}
	}
	customers, err := rfm.SummarizeSlice(scheme, rfm.Before(at), orders)
	if err != nil {
		fmt.Println(err)
		return
	}
	gaps, err := rfm.GapsOf(customers)
	if err != nil {
		fmt.Println(err)
		return
	}
	limits, err := rfm.FitLimits(gaps, rfm.Percentiles{})
	fmt.Println(limits.AtRisk, limits.Dormant, limits.Lost, limits.MeanGap, limits.NotIdentified, err)

	lifecycle := rfm.MustLifecycle(limits)
	for _, customer := range []string{"ann", "bob", "cyd"} {
		summary, _ := customers.Of(customer)
		state, err := lifecycle.State(summary, customers.AsOf())
		fmt.Println(customer, state, err)
	}
	// Output:
	// 30 31 32 135/6 true <nil>
	// ann stable <nil>
	// bob won_back <nil>
	// cyd lost <nil>
}

func ExampleParseLimits() {
	limits, err := rfm.ParseLimits([]byte(`{
		"version": 1, "at_risk": 60, "dormant": 90, "lost": 120, "mean_gap": {"num": 30, "den": 1}
	}`))
	fmt.Println(limits.Lost, limits.MeanGap, err)

	_, err = rfm.ParseLimits([]byte(`{"version": 1, "At_Risk": 60}`))
	fmt.Println(err)
	// Output:
	// 120 30/1 <nil>
	// rfm: limits: unknown_key at "/At_Risk" (byte 15): no key "At_Risk" here; it is written "at_risk"
}

func ExampleNewLifecycle() {
	_, err := rfm.NewLifecycle(rfm.Limits{AtRisk: 90, Dormant: 60, Lost: 120})
	fmt.Println(err)
	// Output:
	// rfm: limits: dormant: want 91 to 1048576 days, not 60
	// rfm: limits: mean_gap: want a positive fraction with terms up to 2^45, not 0/0
}
