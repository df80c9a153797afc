// Package rules compares ways of asking whether a customer belongs to an audience: the library's
// compiled rule, the same written by hand in Go, and two expression engines. The question has eight
// conditions, and every fact of a customer may be missing.
package rules

import (
	"math/rand/v2"
	"time"
	_ "time/tzdata" // so that the zone is known everywhere

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/campaign/rule"
)

// Customer is what a shop knows. Has has a bit for every fact that is known.
type Customer struct {
	Has      Facts
	OptIn    bool
	Region   string
	Level    string
	Spend    decimal.Decimal
	Orders   int64
	Last     time.Time
	Birthday rule.Date
	Tags     []string
}

// Facts is a set of facts.
type Facts uint8

// The facts, in the order in which they are asked.
const (
	HasOptIn Facts = 1 << iota
	HasRegion
	HasLevel
	HasSpend
	HasOrders
	HasLast
	HasBirthday
	HasTags
)

// Now is the instant at which all contestants ask.
var Now = time.Date(2026, time.June, 15, 4, 30, 0, 0, time.UTC)

// The question, in constants all contestants share.
var (
	regions = []string{"GD", "ZJ", "SH", "JS"}
	levels  = []string{"bronze", "silver", "gold", "platinum"}
	wanted  = []string{"gift", "plus-size"}
	limit   = decimal.RequireFromString("500.00")
	shop    = zone("Asia/Shanghai")
)

const (
	lowest    = "silver"
	fewest    = 3
	lately    = 90 * 24 * time.Hour
	birthdays = 14 // days ahead
)

func zone(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic(err) // the zones are built in
	}
	return loc
}

// People makes n customers, the same for the same seed. Most of them pass most conditions, so that a
// test rarely ends with the first; one fact in fifty is missing.
func People(seed uint64, n int) []*Customer {
	r := rand.New(rand.NewPCG(seed, 8))
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	people := make([]*Customer, n)
	for i := range people {
		c := &Customer{
			OptIn:    r.IntN(10) > 0,
			Region:   pick("GD", "GD", "ZJ", "SH", "JS", "JS", "BJ", "SC"),
			Level:    pick("bronze", "silver", "silver", "gold", "gold", "platinum"),
			Spend:    decimal.New(30_000+r.Int64N(200_000), -2),
			Orders:   2 + r.Int64N(20),
			Last:     Now.Add(-time.Duration(r.Int64N(int64(100 * 24 * time.Hour)))),
			Birthday: rule.Date{Year: 1950 + r.IntN(60), Month: time.Month(1 + r.IntN(12)), Day: 1 + r.IntN(28)},
		}
		for range r.IntN(5) {
			c.Tags = append(c.Tags, pick("gift", "plus-size", "pay-day", "tea", "referrer", "south"))
		}
		for f := HasOptIn; f != 0; f <<= 1 {
			if r.IntN(50) > 0 {
				c.Has |= f
			}
		}
		people[i] = c
	}
	return people
}
