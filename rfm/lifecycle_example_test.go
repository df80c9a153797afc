package rfm_test

import (
	"fmt"

	"github.com/regulars-go/regulars/rfm"
)

func ExampleLifecycle_State() {
	l, err := rfm.NewLifecycle(rfm.Limits{AtRisk: 60, Dormant: 90, Lost: 120, MeanGap: rfm.Fraction{Num: 30, Den: 1}})
	if err != nil {
		fmt.Println(err)
		return
	}
	jan1 := rfm.Date(2025, 1, 1)
	s := rfm.Summary{Orders: 4, ActiveDays: 4, First: jan1, Last: jan1 + 170, LastGap: 150}
	for _, days := range []rfm.Day{0, 92, 93} {
		state, err := l.State(s, s.Last+days)
		fmt.Println(state, state.Stage(), state.Text("zh"), err)
	}
	// Output:
	// won_back development 召回客户 <nil>
	// won_back development 召回客户 <nil>
	// at_risk decline 预警客户 <nil>
}

func ExampleLifecycle_NextChange() {
	l := rfm.MustLifecycle(rfm.Limits{AtRisk: 60, Dormant: 90, Lost: 120, MeanGap: rfm.Fraction{Num: 30, Den: 1}})
	s := rfm.Summary{Orders: 1, ActiveDays: 1, First: rfm.Date(2025, 1, 1), Last: rfm.Date(2025, 1, 1)}
	change, ok, err := l.NextChange(s, rfm.Date(2025, 1, 15))
	fmt.Println(change.State, change.On, ok, err)
	// Output: at_risk 2025-03-03 true <nil>
}

func ExampleLifecycle_Explain() {
	l := rfm.MustLifecycle(rfm.Limits{AtRisk: 60, Dormant: 90, Lost: 120, MeanGap: rfm.Fraction{Num: 30, Den: 1}})
	s := rfm.Summary{Orders: 2, ActiveDays: 2, First: rfm.Date(2025, 1, 1), Last: rfm.Date(2025, 1, 21), LastGap: 20}
	course, err := l.Explain(s, rfm.Date(2025, 2, 1))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(course.Text("en"))
	// Output:
	// Growing (Development). Silent for 11 days; at a pace of 0.89 at risk after 53, dormant after 80, lost after 106. Without an order: At risk on 2025-03-16, in 43 days.
}

func ExampleLifecycle_Update() {
	june := rfm.MustLifecycle(rfm.Limits{AtRisk: 60, Dormant: 90, Lost: 120, MeanGap: rfm.Fraction{Num: 30, Den: 1}})
	july := rfm.MustLifecycle(rfm.Limits{AtRisk: 70, Dormant: 95, Lost: 130, MeanGap: rfm.Fraction{Num: 30, Den: 1}})
	last := rfm.Date(2025, 5, 1)
	s := rfm.Summary{Orders: 1, ActiveDays: 1, First: last, Last: last}

	before, _ := june.Update(rfm.Standing{}, s, last+65)
	free, _ := july.State(s, last+65)
	after, _ := july.Update(before, s, last+65)
	fmt.Println(before.State, free, after.State)

	s = rfm.Summary{Orders: 2, ActiveDays: 2, First: last, Last: last + 66, LastGap: 66}
	after, _ = july.Update(after, s, last+66)
	fmt.Println(after.State)
	// Output:
	// at_risk new at_risk
	// growing
}
