package pointstest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/points"
	"github.com/regulars-go/regulars/points/pointstest"
)

var house = points.MustCompile(points.Config{
	Format: 1, ID: "house", Revision: 1, Zone: "Europe/London", Currency: "GBP",
	Rules:  []points.Rule{{ID: "base", Linear: &points.Linear{Points: 1, Per: decimal.NewFromInt(1)}}},
	Expiry: points.Expiry{Months: 12},
})

func TestPlay(t *testing.T) {
	pointstest.Play(t, house, []pointstest.Step{
		{At: "2026-01-31", Earn: "19.99", Want: 19},               // rounds down
		{At: "2026-02-01", Earn: "10.00", Times: "1.5", Want: 34}, // gold
		{At: "2027-01-31", Redeem: 5, Want: 29},                   // oldest points go first
		{At: "2027-02-01", Want: 15},                              // January's have expired
		{At: "2027-02-01", Redeem: 16, Want: 15, Err: points.ErrInsufficient},
	})
}

func TestPlayHoldsAndRefunds(t *testing.T) {
	pointstest.Play(t, house, []pointstest.Step{
		{At: "2026-03-29", Earn: "100", Order: "A", Want: 100},
		{At: "2026-03-29 10:00", Hold: "h", Points: 60, Want: 40, Rest: &pointstest.Rest{Held: 60}},
		{At: "2026-03-29 10:30", Want: 100, Rest: &pointstest.Rest{}},
		{Capture: "h", Want: 100, Err: points.ErrHoldClosed},
		{At: "2026-03-30", Hold: "g", Points: 60, Order: "B", TTL: time.Hour, Want: 40},
		{Capture: "g", Points: 50, Want: 50},
		{Refund: "30", Order: "A", Want: 20},
		{Refund: "100", Order: "A", Want: 20, Err: points.ErrRefundExceedsOrder},
		{At: "2026-04-02", Refund: "all", Order: "A", Want: 0, Rest: &pointstest.Rest{Debt: 50}},
		{Cancel: "B", Want: 0, Rest: &pointstest.Rest{}},
		{Give: 7, Want: 7},
		{Account: "other", Want: 0},
		{Do: func(account string, at time.Time) points.Op {
			return points.TransferRequest{Account: account, To: "other", Key: "t", Points: 7, At: at}
		}, Want: 0},
		{Account: "other", Want: 7},
	})
}

func TestPlayReports(t *testing.T) {
	for want, steps := range map[string][]pointstest.Step{
		"line 2, 2026-01-02 00:00:00, sweeper never: want 5 available, got 12": {
			{At: "2026-01-01", Earn: "12", Want: 12}, {At: "2026-01-02", Want: 5},
		},
		"want error points: not enough points, got <nil>": {{At: "2026-01-01", Give: 12, Want: 12, Err: points.ErrInsufficient}},
		"2 things happen on one line":                     {{At: "2026-01-01", Give: 12, Redeem: 1, Want: 12}},
		"line 2, 2026-01-01 00:00:00, sweeper never: redeem 500, order A: want error <nil>": {
			{At: "2026-01-01", Earn: "12", Order: "A", Want: 12}, {Redeem: 500, Order: "A", Want: 12},
		},
		"line 1: the first line needs At":          {{Give: 5, Want: 5}},
		"line 1: nothing that happens uses Times":  {{At: "2026-01-01", Give: 10, Times: "2", Want: 10}},
		"line 1: nothing that happens uses Order":  {{At: "2026-01-01", Order: "nosuch"}},
		"line 1: nothing that happens uses TTL":    {{At: "2026-01-01", Redeem: 5, TTL: time.Hour}},
		"line 1: nothing that happens uses Points": {{At: "2026-01-01", Points: 5}},
		"line 1: nothing that happens uses Line":   {{At: "2026-01-01", Earn: "5", Line: "1", Want: 5}},
		"line 1: Refund needs an Order":            {{At: "2026-01-01", Refund: "4"}},
		"line 1: Confirm needs an Order":           {{At: "2026-01-01", Confirm: "received"}},
		"line 2, 2025-12-31 00:00:00, sweeper never: redeem 1: want error <nil>, got points: dated before the latest change": {
			{At: "2026-01-01", Give: 12, Want: 12}, {At: "2025-12-31", Redeem: 1, Want: 12},
		},
		`instant "someday"`: {{At: "someday"}},
		`earn "much"`:       {{At: "2026-01-01", Earn: "much"}},
	} {
		r := &reporter{TB: t}
		pointstest.Play(r, house, steps)
		if !strings.Contains(r.text, want) {
			t.Errorf("want %q, got %q", want, r.text)
		}
	}
	r := &reporter{TB: t}
	pointstest.Play(r, house, []pointstest.Step{{At: "2026-01-01", Earn: "12", Order: "X", Want: 1}})
	if !strings.Contains(r.text, "order:X  0        12         0     2026-01-01 00:00:00  2027-01-02 00:00:00") {
		t.Errorf("the lots are missing: %s", r.text)
	}
}

// An order of long ago is imported late: its points are gone by then, or some of them.
func TestPlayLateImport(t *testing.T) {
	month := alike(func(c *points.Config) { c.Expiry = points.Expiry{Days: 30} })
	pointstest.Play(t, month, []pointstest.Step{
		{At: "2026-02-20", Earn: "10", Want: 10},
		{At: "2026-01-10", Earn: "100", Want: 10},
		{At: "2026-02-01", Earn: "20", Want: 30},
		{At: "2026-02-21", Redeem: 15, Want: 15},
	})
}

func TestPlayRefundOfALine(t *testing.T) {
	pointstest.Play(t, house, []pointstest.Step{
		{At: "2026-02-20", Earn: "10", Order: "A", Want: 10},
		{Refund: "4", Order: "A", Line: "1", Want: 6},
		{Refund: "1", Order: "A", Line: "2", Want: 6, Err: points.ErrUnknown},
		{Refund: "all", Order: "A", Line: "1", Want: 0},
	})
}

// A bare day is its first instant, also where its midnight comes twice.
func TestPlayDays(t *testing.T) {
	for day, c := range map[string]struct{ zone, first string }{
		"2021-10-29": {"Asia/Amman", "2021-10-28T21:00:00Z"},
		"2018-11-04": {"America/Sao_Paulo", "2018-11-04T03:00:00Z"},
	} {
		policy := alike(func(c2 *points.Config) { c2.Zone = c.zone })
		var at time.Time
		pointstest.Play(t, policy, []pointstest.Step{{At: day, Do: func(account string, now time.Time) points.Op {
			at = now
			return points.EarnRequest{Account: account, Key: "k", Points: 1, At: now}
		}, Want: 1}})
		if got := at.UTC().Format(time.RFC3339); got != c.first {
			t.Errorf("%s begins at %s, want %s", day, got, c.first)
		}
	}
}

// reporter keeps what is reported instead of failing.
type reporter struct {
	testing.TB
	text string
}

func (r *reporter) Helper() {}

func (r *reporter) Errorf(format string, args ...any) {
	r.text += strings.TrimSpace(fmt.Sprintf(format, args...)) + "\n"
}

func TestGolden(t *testing.T) {
	l, err := points.New(new(points.MemStore), house)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	ops := []points.Op{
		points.EarnRequest{Account: "ann", Key: "welcome", Points: 20, At: at},
		points.HoldRequest{Account: "ann", Hold: "7", Points: 15, TTL: time.Hour, At: at.Add(time.Minute)},
		points.CaptureRequest{Account: "ann", Hold: "7", Points: 12, At: at.Add(2 * time.Minute)},
	}
	for _, op := range ops {
		if _, err := l.Do(t.Context(), op); err != nil {
			t.Fatal(err)
		}
	}
	s, err := l.Statement(t.Context(), "ann", time.Time{}, at.AddDate(2, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	pointstest.Golden(t, "testdata/statement.txt", pointstest.Statement(s, house.Zone()))
}

func FuzzHouse(f *testing.F) { pointstest.Fuzz(f, house) }

func alike(alter func(*points.Config)) *points.Policy {
	c := house.Config()
	alter(&c)
	return points.MustCompile(c)
}

// FuzzGrowth has points that nobody can spend.
func FuzzGrowth(f *testing.F) {
	pointstest.Fuzz(f, alike(func(c *points.Config) { c.Growth, c.Expiry = true, points.Expiry{} }))
}

// FuzzDayLimit has a bound for what is redeemed in a day.
func FuzzDayLimit(f *testing.F) {
	pointstest.Fuzz(f, alike(func(c *points.Config) {
		c.Redeem = &points.Redeem{Points: 100, Money: decimal.NewFromInt(1), MaxPerDay: 100}
	}))
}

// FuzzIdle has points that end with inactivity.
func FuzzIdle(f *testing.F) {
	pointstest.Fuzz(f, alike(func(c *points.Config) { c.Expiry = points.Expiry{Days: 30, From: points.FromActivity} }))
}

// FuzzTerms has terms that the model does not know, and an award of many lots.
func FuzzTerms(f *testing.F) {
	pointstest.Fuzz(f, alike(func(c *points.Config) {
		c.Terms.Refund, c.Terms.RegraceDays = points.WithinBalance, 7
		for i := range 12 {
			id := string(rune('a' + i))
			c.Bonuses = append(c.Bonuses, points.Bonus{ID: id, Points: int64(i + 1), When: points.When{Spend: decimal.NewFromInt(10)}, Family: id})
		}
	}))
}

// FuzzPatient has points that wait, bonuses and caps, and awards that differ by line.
func FuzzPatient(f *testing.F) {
	c := house.Config()
	c.Pending = points.Pending{Days: 14}
	c.Expiry = points.Expiry{Days: 30}
	c.Bonuses = []points.Bonus{{ID: "over", Points: 50, When: points.When{Spend: decimal.NewFromInt(100)}, Family: "bonus"}}
	c.Caps = []points.Cap{{ID: "monthly", Per: points.EachMonth, Points: 800}}
	pointstest.Fuzz(f, points.MustCompile(c))
}
