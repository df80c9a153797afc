package tiers_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/tiers"
)

func yuan(n int64) decimal.Decimal { return decimal.NewFromInt(n) }

func on(date string) time.Time {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		panic(err)
	}
	return t
}

var ladder = tiers.MustNew(tiers.Config{
	Zone: "Asia/Shanghai", Scale: 2,
	Levels: []tiers.Level{
		{ID: "bronze"},
		{ID: "silver", Enter: tiers.AtLeast(tiers.NetSpend, yuan(1000), tiers.Rolling(12))},
		{ID: "gold",
			Enter: tiers.Any(
				tiers.AtLeast(tiers.NetSpend, yuan(5000), tiers.Rolling(12)),
				tiers.AtLeast(tiers.Orders, yuan(12), tiers.Rolling(12)),
			),
			Keep: tiers.AtLeast(tiers.NetSpend, yuan(3000), tiers.Rolling(12)),
		},
	},
})

func Example() {
	activity, err := ladder.Activity(tiers.Facts{
		Orders: []tiers.Order{
			{ID: "41", At: on("2025-02-01"), Net: yuan(4900), Pieces: 3},
			{ID: "42", At: on("2025-03-10"), Net: yuan(200), Pieces: 1},
		},
		Refunds: []tiers.Refund{{Order: "42", At: on("2025-03-20"), Amount: yuan(200), Pieces: 1}},
	})
	if err != nil {
		panic(err)
	}
	held := tiers.Held{}
	for _, date := range []string{"2025-03-09", "2025-03-10", "2025-03-20", "2026-02-01"} {
		d, err := ladder.Decide(activity, on(date), held)
		if err != nil {
			panic(err)
		}
		fmt.Println(date, d.Level, "-", d.Reason.Text("en"))
		if d.Level != held.Level {
			held = tiers.Held{Level: d.Level, Since: on(date)}
		}
	}
	// Output:
	// 2025-03-09 silver - entered the level
	// 2025-03-10 gold - entered the level
	// 2025-03-20 gold - kept the level
	// 2026-02-01 bronze - no longer meets what the level asks
}

func ExampleLadder_Explain() {
	activity, err := ladder.Activity(tiers.Facts{Orders: []tiers.Order{{At: on("2025-02-01"), Net: yuan(3200)}}})
	if err != nil {
		panic(err)
	}
	e, err := ladder.Explain(activity, on("2025-03-01"), tiers.Held{Level: "gold", Since: on("2024-06-01")})
	if err != nil {
		panic(err)
	}
	fmt.Println(e.Level, e.Reason.Text("zh"))
	for _, ruling := range e.Levels {
		fmt.Println(ruling.Level, ruling.Asks, ruling.Finding.Holds, ruling.Finding.Evidence.Text("zh"))
	}
	// Output:
	// gold 满足保级条件
	// gold keep true 净消费 3,200.00 ≥ 3,000.00（2024-03-02 至 2025-03-01）
	// silver enter true 净消费 3,200.00 ≥ 1,000.00（2024-03-02 至 2025-03-01）
}

func ExampleLadder_Progress() {
	activity, err := ladder.Activity(tiers.Facts{Orders: []tiers.Order{{At: on("2025-02-01"), Net: yuan(3200)}}})
	if err != nil {
		panic(err)
	}
	p, err := ladder.Progress(activity, on("2025-03-01"), tiers.Held{})
	if err != nil {
		panic(err)
	}
	fmt.Printf("from %s to %s, %d of:\n", p.From, p.To, p.Need)
	for _, g := range p.Goals {
		fmt.Printf("%s: %s more, %s%% of all, %s%% of the band\n", g.Metric, g.Needs, g.Whole.Percent(0), g.Band.Percent(0))
	}
	// Output:
	// from silver to gold, 1 of:
	// net_spend: 1800 more, 64% of all, 55% of the band
	// orders: 11 more, 8% of all, 8% of the band
}

func ExampleDecideAll() {
	type customer struct {
		name  string
		spent int64
	}
	customers := func(yield func(customer, error) bool) {
		for _, c := range []customer{{"Lin", 800}, {"Mei", 1200}, {"Bo", 7000}} {
			if !yield(c, nil) {
				return
			}
		}
	}
	facts := func(c customer) (tiers.Facts, tiers.Held) {
		return tiers.Facts{Orders: []tiers.Order{{At: on("2025-02-01"), Net: yuan(c.spent)}}}, tiers.Held{}
	}
	for d, err := range tiers.DecideAll(ladder, on("2025-03-01"), customers, facts) {
		if err != nil {
			panic(err)
		}
		fmt.Println(d.Member.name, d.Decision.Level)
	}
	// Output:
	// Lin bronze
	// Mei silver
	// Bo gold
}

func ExamplePreview() {
	next := tiers.MustNew(tiers.Config{
		Zone: "Asia/Shanghai", Scale: 2,
		Levels: []tiers.Level{
			{ID: "bronze"},
			{ID: "silver", Enter: tiers.AtLeast(tiers.NetSpend, yuan(500), tiers.Rolling(12))},
			{ID: "gold", Enter: tiers.AtLeast(tiers.NetSpend, yuan(8000), tiers.Rolling(12))},
		},
	})
	spent := func(yield func(int64, error) bool) {
		for _, n := range []int64{100, 700, 900, 3000, 6000} {
			if !yield(n, nil) {
				return
			}
		}
	}
	c, err := tiers.Preview(ladder, next, on("2025-03-01"), spent, func(n int64) (tiers.Facts, tiers.Held) {
		return tiers.Facts{Orders: []tiers.Order{{At: on("2025-02-01"), Net: yuan(n)}}}, tiers.Held{}
	})
	if err != nil {
		panic(err)
	}
	fmt.Println("up", c.Up, "down", c.Down, "same", c.Same)
	for _, m := range c.Moves {
		fmt.Println(m.Members, "from", m.From, "to", m.To)
	}
	// Output:
	// up 2 down 1 same 2
	// 2 from bronze to silver
	// 1 from gold to silver
}

func ExampleParseConfig() {
	config, err := tiers.ParseConfig([]byte(`{"version": 1, "zone": "Asia/Shanghai", "scale": 2, "levels": [
		{"id": "bronze"},
		{"id": "silver", "enter": {"metric": "net_spend", "at_least": "1000.00", "window": {"kind": "rolling", "months": 12}}},
		{"id": "gold", "enter": {"metric": "net_spend", "at_least": "900.00", "window": {"kind": "rolling", "months": 12}}}]}`))
	if err != nil {
		panic(err)
	}
	_, err = tiers.New(config)
	fmt.Println(err)
	out, err := json.Marshal(config.Levels[1])
	fmt.Println(string(out), err)
	// Output:
	// tiers: /levels/2/enter: asks no more than level "silver" below it (/levels/1/enter)
	// {"id":"silver","enter":{"at_least":"1000.00","metric":"net_spend","window":{"kind":"rolling","months":12}}} <nil>
}
