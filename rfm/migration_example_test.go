package rfm_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/rfm"
)

// Two snapshots of one shop, a month apart.
func june() (before, after *rfm.Customers[string]) {
	scheme := rfm.MustCompile(rfm.Config{Zone: "UTC", Scale: 2, R: rfm.Binning{Bins: 2}, F: rfm.Binning{Bins: 2}, M: rfm.Binning{Bins: 2}})
	first := time.Date(2025, time.June, 1, 0, 0, 0, 0, time.UTC)
	var orders []rfm.Order[string]
	for customer, days := range map[string][]int{
		"ann": {-20, 9},  // bought in June
		"bob": {-55},     // waited
		"cyd": {-100},    // waited for longer
		"dan": {-3, -40}, // fine all the time
		"eve": {29},      // came
	} {
		for _, day := range days {
			orders = append(orders, rfm.Order[string]{Customer: customer, At: first.AddDate(0, 0, day), Amount: decimal.NewFromInt(20)})
		}
	}
	before, err := rfm.SummarizeSlice(scheme, rfm.Before(first), orders)
	if err != nil {
		panic(err)
	}
	after, err = rfm.SummarizeSlice(scheme, rfm.Before(first.AddDate(0, 1, 0)), orders)
	if err != nil {
		panic(err)
	}
	return before, after
}

func ExampleMigrateStates() {
	before, after := june()
	l := rfm.MustLifecycle(rfm.Limits{AtRisk: 60, Dormant: 90, Lost: 120, MeanGap: rfm.Fraction{Num: 30, Den: 1}})

	m, err := rfm.MigrateStates(before, after, l, l)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, move := range m.Moves {
		fmt.Println(move.From, "to", move.To, "by", move.Cause, move.Customers)
	}
	written, _ := json.Marshal(m.Moves[1])
	fmt.Println(string(written))
	// Output:
	// prospect to new by appeared 1
	// dormant to lost by time 1
	// new to at_risk by time 1
	// new to growing by order 1
	// growing to growing by stayed 1
	// {"from":"dormant","to":"lost","cause":"time","customers":1}
}

func ExampleMigrateSegments() {
	before, after := june()
	may, err := before.Fit()
	if err != nil {
		fmt.Println(err)
		return
	}
	fitted, err := after.Fit()
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := rfm.MigrateSegments(before, after, may, fitted, rfm.Eight())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, move := range m.Moves {
		fmt.Printf("%q to %q by %v %d\n", move.From, move.To, move.Cause, move.Customers)
	}
	// Output:
	// "" to "general_develop" by appeared 1
	// "general_develop" to "important_value" by order 1
	// "general_win_back" to "general_win_back" by stayed 2
	// "important_value" to "important_keep" by thresholds 1
}
