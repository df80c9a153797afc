package quickstart_test

import (
	"testing"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/points"
	"github.com/regulars-go/regulars/points/pointstest"
)

// house gives a point for every yuan; they live twelve months.
var house = points.MustCompile(points.Config{
	Format: 1, ID: "house", Revision: 1, Zone: "Asia/Shanghai", Currency: "CNY",
	Rules:  []points.Rule{{ID: "spend", Linear: &points.Linear{Points: 1, Per: decimal.NewFromInt(1)}}},
	Expiry: points.Expiry{Months: 12},
})

func TestHousePolicy(t *testing.T) {
	pointstest.Play(t, house, []pointstest.Step{
		{At: "2026-01-31", Earn: "19.99", Want: 19},               // rounds down
		{At: "2026-02-01", Earn: "10.00", Times: "1.5", Want: 34}, // gold
		{At: "2027-01-31", Redeem: 5, Want: 29},                   // the oldest points go first
		{At: "2027-02-01", Want: 15},                              // January's have expired
		{At: "2027-02-01", Redeem: 16, Want: 15, Err: points.ErrInsufficient},
	})
}
