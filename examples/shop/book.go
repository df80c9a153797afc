package main

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/points"
)

// newPolicy gives a point for every unit of money, two on a birthday; they live twelve months and to the
// end of the month. A refund takes back what its order earned. Where the book does not say which order was
// refunded, it takes what the amount would earn, as far as the balance goes.
func newPolicy(zone, currency string, scale int) (*points.Policy, error) {
	decimals := scale
	if scale == 0 {
		decimals = points.NoDecimals
	}
	return points.Compile(points.Config{
		Format: 1, ID: "shop", Revision: 1,
		Zone: zone, Currency: currency, Decimals: decimals,
		Rules:     []points.Rule{{ID: "spend", Linear: &points.Linear{Points: 1, Per: decimal.NewFromInt(1)}}},
		Modifiers: []points.Modifier{{ID: "birthday", Factor: decimal.NewFromInt(2), When: points.When{Birthday: true}}},
		Expiry:    points.Expiry{Months: 12, Align: points.AlignMonth},
	})
}

// concerned are the lines of the book that are about a customer.
const concerned = `customer <> '' AND kind <> 'adjust'`

// bookPoints books every line of the book that concerns points, in the order in which they happened.
// The key of each booking is its line's own id, so a line that was booked before is found again and
// nothing moves.
func bookPoints(ctx context.Context, tx *sql.Tx, ledger *points.Ledger, step func(int)) (booked, error) {
	var n booked
	for e, err := range entries(ctx, tx, `WHERE `+concerned+` ORDER BY at, kind DESC, id`) {
		if err != nil {
			return n, err
		}
		step(1)
		var r points.Receipt
		switch {
		case e.Kind == sale:
			r, err = ledger.Earn(ctx, points.EarnRequest{Account: e.Customer, At: e.At, Order: order(e)})
		case e.Amount.IsZero():
			continue // nothing was given back
		default:
			r, err = ledger.Refund(ctx, points.RefundRequest{
				Account: e.Customer, Refund: e.ID, Order: e.RefundOf, At: e.At,
				Return: points.Return{Amount: e.Amount.Neg()},
			})
		}
		if err != nil {
			return n, fmt.Errorf("line %q of the book: %w", e.ID, err)
		}
		if r.Replayed {
			n.Replayed++
		} else {
			n.Booked++
		}
	}
	return n, nil
}

// order is a sale as the points package sees it: this book knows no lines, so the whole sale is one.
func order(e entry) *points.Order {
	o := &points.Order{
		ID: e.ID, Paid: e.At, Channel: e.Channel,
		Lines: []points.Line{{Price: e.Amount}},
	}
	if b, ok := parseBirthday(e.Birthday); ok {
		o.Birthday = points.MonthDay{Month: b.Month, Day: b.Day}
	}
	return o
}

// outstanding sums what the members have at an instant, and what of it ends within some days.
func outstanding(ctx context.Context, ledger *points.Ledger, members []*customer, at time.Time, days int) (balances, error) {
	b := balances{ExpiringIn: days}
	for _, c := range members {
		now, err := ledger.Balance(ctx, c.ID, at)
		if err != nil {
			return b, fmt.Errorf("points of %q: %w", c.ID, err)
		}
		c.Points = now.Available
		b.Accounts++
		b.Available += now.Available
		b.Pending += now.Pending
		b.Debt += now.Debt
		ends, err := ledger.Expiring(ctx, c.ID, at, days)
		if err != nil {
			return b, fmt.Errorf("points of %q: %w", c.ID, err)
		}
		for _, e := range ends {
			b.Expiring += e.Points
		}
		if len(ends) > 0 {
			b.ExpiringFor++
		}
	}
	return b, nil
}
