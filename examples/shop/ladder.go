package main

import (
	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/tiers"
)

// tierNames are the shop's levels, lowest first.
var tierNames = []string{"bronze", "silver", "gold", "platinum"}

// newLadder sets what the levels ask: net spend of the twelve months up to today.
func newLadder(zone string, scale int) (*tiers.Ladder, error) {
	c := tiers.Config{Zone: zone, Scale: scale, Levels: []tiers.Level{{ID: tierNames[0]}}}
	for i, spend := range []int64{1000, 5000, 20000} {
		spent := tiers.AtLeast(tiers.NetSpend, decimal.NewFromInt(spend), tiers.Rolling(12))
		c.Levels = append(c.Levels, tiers.Level{ID: tierNames[i+1], Enter: spent})
	}
	return tiers.New(c)
}

// facts turns the lines of one customer's book into what tiers asks for. A refund that names its order
// lowers that order's own day; one that does not lowers net spend on its own.
func facts(book []entry) tiers.Facts {
	var f tiers.Facts
	for _, e := range book {
		switch e.Kind {
		case sale:
			f.Orders = append(f.Orders, tiers.Order{ID: e.ID, At: e.At, Net: e.Amount, Pieces: max(e.Units, 0)})
		case refund:
			f.Refunds = append(f.Refunds, tiers.Refund{Order: e.RefundOf, At: e.At, Amount: e.Amount.Neg()})
		case adjust: // bookkeeping of the shop's own
		}
	}
	return f
}
