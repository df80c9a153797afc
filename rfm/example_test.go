package rfm_test

import (
	"fmt"
	"iter"
	"log"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/rfm"
)

var shanghai = rfm.MustCompile(rfm.Config{Zone: "Asia/Shanghai", Scale: 2})

var newYear = time.Date(2026, 1, 1, 0, 0, 0, 0, shanghai.Zone())

func day(month time.Month, day int) time.Time {
	return time.Date(2025, month, day, 12, 0, 0, 0, shanghai.Zone())
}

func yuan(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func orders() []rfm.Order[string] {
	return []rfm.Order[string]{
		{Customer: "li", At: day(1, 5), Amount: yuan("120.00")},
		{Customer: "wang", At: day(3, 8), Amount: yuan("35.50")},
		{Customer: "chen", At: day(5, 1), Amount: yuan("60.00"), Refunds: []rfm.Refund{{At: day(5, 9), Amount: yuan("60.00")}}},
		{Customer: "zhao", At: day(7, 20), Amount: yuan("80.00")},
		{Customer: "wang", At: day(9, 18), Amount: yuan("42.00")},
		{Customer: "sun", At: day(10, 2), Amount: yuan("199.00")},
		{Customer: "wang", At: day(11, 11), Amount: yuan("260.00")},
		{Customer: "zhao", At: day(12, 24), Amount: yuan("75.00")},
		{Customer: "sun", At: day(12, 25), Amount: yuan("-20.00")}, // a credit that names no order
	}
}

// From orders to segments.
func Example() {
	customers, err := rfm.SummarizeSlice(shanghai, rfm.Before(newYear), orders())
	if err != nil {
		log.Fatal(err)
	}
	model, err := customers.Fit()
	if err != nil {
		log.Fatal(err)
	}
	scores, err := customers.Scores(model)
	if err != nil {
		log.Fatal(err)
	}
	for id, score := range scores {
		if score.IsZero() {
			fmt.Printf("%-4s prospect\n", id)
			continue
		}
		segment := rfm.Eleven().Of(score)
		fmt.Printf("%-4s %s  %s (%s)\n", id, score, segment.EN, segment.ZH)
	}
	// Output:
	// li   1-1-1  Lost (流失客户)
	// wang 3-4-4  Loyal (忠诚客户)
	// chen prospect
	// zhao 4-3-2  Potential Loyalist (潜在忠诚客户)
	// sun  2-1-3  About To Sleep (即将沉睡客户)
}

// Orders may come from a database cursor, one at a time.
func ExampleSummarize() {
	var cursor iter.Seq2[rfm.Order[string], error] = func(yield func(rfm.Order[string], error) bool) {
		for _, o := range orders() {
			if !yield(o, nil) {
				return
			}
		}
	}
	customers, err := rfm.Summarize(shanghai, rfm.Before(newYear), cursor, rfm.Ordered())
	if err != nil {
		log.Fatal(err)
	}
	wang, _ := customers.Of("wang")
	fmt.Println(wang.Orders, "orders, the last on", wang.Last, "for", wang.Net, "in all")
	report := customers.Report()
	fmt.Println(report.Customers, "customers,", report.Prospects, "prospect,", report.Credits, "credit,", report.Refunded, "order refunded")
	// Output:
	// 3 orders, the last on 2025-11-11 for 337.5 in all
	// 5 customers, 1 prospect, 1 credit, 1 order refunded
}

// A database that sums up its orders hands over summaries: count(*), min and max of the day, sum of net.
func ExampleGather() {
	row := func(id string, orders int64, first, last rfm.Day, net string) rfm.Record[string] {
		return rfm.Record[string]{Customer: id, Summary: rfm.Summary{Orders: orders, First: first, Last: last, Net: yuan(net)}}
	}
	rows := []rfm.Record[string]{
		row("li", 1, rfm.Date(2025, 1, 5), rfm.Date(2025, 1, 5), "120.00"),
		row("wang", 3, rfm.Date(2025, 3, 8), rfm.Date(2025, 11, 11), "337.50"),
	}
	customers, err := rfm.Gather(shanghai, rfm.Before(newYear), func(yield func(rfm.Record[string], error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(customers.Len(), "customers as of", customers.AsOf())
	// Output: 2 customers as of 2026-01-01
}

// A population may come from counts alone: SELECT value, count(*) GROUP BY value.
func ExamplePopulation_Count() {
	p := shanghai.NewPopulation()
	for _, c := range []struct {
		dimension rfm.Dimension
		value     string
		customers int64
	}{
		{rfm.Recency, "3", 2}, {rfm.Recency, "40", 3},
		{rfm.Frequency, "1", 4}, {rfm.Frequency, "7", 1},
		{rfm.Monetary, "19.90", 3}, {rfm.Monetary, "88.00", 2},
	} {
		if err := p.Count(c.dimension, yuan(c.value), 0, c.customers); err != nil {
			log.Fatal(err)
		}
	}
	model, err := shanghai.Fit(newYear, p)
	if err != nil {
		log.Fatal(err)
	}
	score, err := model.ScoreValues(rfm.Values{Recency: 3, Frequency: 7, Monetary: yuan("88.00")})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(score)
	// Output: 4-5-4
}

// A model is kept as JSON, and scores a customer of today by the cuts of the day it was fitted.
func ExampleParseModel() {
	customers, err := rfm.SummarizeSlice(shanghai, rfm.Before(newYear), orders())
	if err != nil {
		log.Fatal(err)
	}
	model, err := customers.Fit()
	if err != nil {
		log.Fatal(err)
	}
	stored, err := model.Trim().MarshalJSON()
	if err != nil {
		log.Fatal(err)
	}
	frozen, err := rfm.ParseModel(stored)
	if err != nil {
		log.Fatal(err)
	}
	wang, _ := customers.Of("wang")
	score, err := frozen.Score(wang, frozen.AsOf()+30)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(score, "by the model of", frozen.AsOf(), "fitted to", frozen.Customers(), "customers")
	// Output: 3-4-4 by the model of 2026-01-01 fitted to 4 customers
}

// Every number of a score can be shown to the customer's adviser.
func ExampleModel_Explain() {
	customers, err := rfm.SummarizeSlice(shanghai, rfm.Before(newYear), orders())
	if err != nil {
		log.Fatal(err)
	}
	model, err := customers.Fit()
	if err != nil {
		log.Fatal(err)
	}
	zhao, _ := customers.Of("zhao")
	why, err := model.Explain(zhao, model.AsOf(), rfm.Eleven())
	if err != nil {
		log.Fatal(err)
	}
	m := why.Monetary
	fmt.Println(why.Segment.EN, why.Score)
	fmt.Printf("spent %v: more than %v and not more than %v; %v of customers spent less\n", m.Value, m.Above.Value, m.Below.Value, m.Worse)
	fmt.Printf("%v more make it a %d\n", m.Missing.Amount, m.Missing.Score)
	fmt.Printf("in %d days, on %v, the score falls to %v\n", why.Days, why.Next.On, why.Next.Score)
	// Output:
	// Potential Loyalist 4-3-2
	// spent 155: more than 120 and not more than 155; 1/4 of customers spent less
	// 0.01 more make it a 3
	// in 43 days, on 2026-02-13, the score falls to 3-3-2
}

// A map of one's own takes a line for each segment. What it forgets is told by an example.
func ExampleNewSegments() {
	config := rfm.SegmentConfig{Segments: []rfm.SegmentRule{
		{Key: "regulars", EN: "Regulars", ZH: "老客户", Where: []string{"[4-5][3-5]*"}},
		{Key: "newcomers", EN: "Newcomers", ZH: "新客户", Where: []string{"[4-5][1-2]*"}},
		{Key: "big_and_away", EN: "Big and away", ZH: "流失大客户", Where: []string{"[1-3]*5"}},
	}}
	_, err := rfm.NewSegments(config)
	fmt.Println(err)

	config.Segments = append(config.Segments, rfm.SegmentRule{Key: "away", EN: "Away", ZH: "沉默客户", Where: []string{"[1-3]*[1-4]"}})
	segments, err := rfm.NewSegments(config)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(segments.Of(rfm.Score{R: 5, F: 4, M: 1}).Text("zh"))
	// Output:
	// rfm: segments: 60 cells without a segment, such as 1-1-1
	// 老客户
}

// The 8 classes of 重要价值 to 一般挽留 take two bins in each dimension, parted by the mean.
func ExampleEight() {
	mean := rfm.Binning{Rule: rfm.MeanRule}
	scheme := rfm.MustCompile(rfm.Config{Zone: "Asia/Shanghai", Scale: 2, R: mean, F: mean, M: mean})
	customers, err := rfm.SummarizeSlice(scheme, rfm.Before(newYear), orders())
	if err != nil {
		log.Fatal(err)
	}
	model, err := customers.Fit()
	if err != nil {
		log.Fatal(err)
	}
	scores, err := customers.Scores(model)
	if err != nil {
		log.Fatal(err)
	}
	var lines []string
	for id, score := range scores {
		if !score.IsZero() {
			lines = append(lines, id+" "+rfm.Eight().Of(score).ZH)
		}
	}
	slices.Sort(lines)
	for _, line := range lines {
		fmt.Println(line)
	}
	// Output:
	// li 一般挽留
	// sun 一般发展
	// wang 重要价值
	// zhao 一般价值
}
