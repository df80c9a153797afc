package pointstest_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/regulars-go/regulars/points"
	"github.com/regulars-go/regulars/points/pointstest"
)

// A scenario reads like the terms that it comes from. In a test it is played on the test's own t; here
// on one that keeps what is reported: the last line is wrong.
func ExamplePlay() {
	t := new(reporter)
	pointstest.Play(t, house, []pointstest.Step{
		{At: "2026-01-31", Earn: "19.99", Order: "A", Want: 19},
		{At: "2026-02-01", Hold: "h", Points: 15, Order: "B", Want: 4, Rest: &pointstest.Rest{Held: 15}},
		{At: "2026-02-01 00:10", Capture: "h", Want: 4},
		{At: "2026-02-03", Refund: "all", Order: "A", Want: 4},
	})
	fmt.Print(t.text)
	// Output:
	// line 4, 2026-02-03 00:00:00, sweeper never: refund all, order A: want 4 available, got 0
	// lot   pending  available  held  active  expires
	// debt           -15
}

// A store is checked with all that its harness can do: transactions, restarts and crashes make more laws.
func ExampleRun() {
	test := func(t *testing.T) {
		pointstest.Run(t, pointstest.Harness{Open: func(testing.TB) points.Store { return new(points.MemStore) }})
	}
	_ = test // in a test of its own
}

// The fuzzer writes histories for a policy.
func ExampleFuzz() {
	target := func(f *testing.F) { pointstest.Fuzz(f, house) } //nolint:thelper // it is the target itself
	_ = target                                                 // func FuzzHouse(f *testing.F) { … }
}

// A statement is kept in a file. POINTSTEST_UPDATE=1 writes it.
func ExampleGolden() {
	test := func(t *testing.T) {
		s, err := seen().Statement(context.Background(), "ann", time.Time{}, noon(9))
		if err != nil {
			t.Fatal(err)
		}
		pointstest.Golden(t, "testdata/ann.txt", pointstest.Statement(s, house.Zone()))
	}
	_ = test
}

func ExampleStatement() {
	s, err := seen().Statement(context.Background(), "ann", time.Time{}, noon(9))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(pointstest.Statement(s, house.Zone()))
	// Output:
	// ann: opening 0
	// 2026-01-01 12:00:00  earn  welcome/1  +20  20  0  0   0
	// 2026-01-02 12:00:00  hold  hold:7/1   +0   5   0  15  0
	// closing 20
}

func ExampleLots() {
	acc, err := seen().Account(context.Background(), "ann", noon(2))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(pointstest.Lots(acc, house.Zone()))
	// Output:
	// lot      pending  available  held  active               expires
	// welcome  0        5          15    2026-01-01 12:00:00  2027-01-02 00:00:00
	// hold:7                       15                         2026-01-10 20:00:00
}

func noon(day int) time.Time { return time.Date(2026, 1, day, 12, 0, 0, 0, house.Zone()) }

// seen is a ledger with a little history.
func seen() *points.Ledger {
	ledger, err := points.New(new(points.MemStore), house)
	if err != nil {
		panic(err)
	}
	for _, r := range ledger.BestEffort(context.Background(),
		points.EarnRequest{Account: "ann", Key: "welcome", Points: 20, At: noon(1)},
		points.HoldRequest{Account: "ann", Hold: "7", Points: 15, TTL: 200 * time.Hour, At: noon(2)},
	) {
		if r.Err != nil {
			panic(r.Err)
		}
	}
	return ledger
}
