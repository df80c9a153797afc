package points

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A refund pays a line back as it was paid: points never become cash, nor cash points.
func TestRefundOfLinesThatPointsCouldNotPay(t *testing.T) {
	for back, want := range map[string]struct {
		points int64
		cash   string
	}{"a": {5000, "0"}, "b": {0, "50"}} {
		b := newBench(t, func(c *Config) { c.Redeem.ExcludeTags = []string{"sale"} })
		b.earn("m", "k", 9000, "2025-01-01", "")
		o := b.orderRequest("m", "7", "0", "2025-01-02")
		o.Order.Lines = []Line{{ID: "a", Price: dec("50")}, {ID: "b", Price: dec("50"), Tags: []string{"sale"}}}
		q, err := b.Policy().Quote(Ask{Order: *o.Order, Balance: 9000, At: b.on("2025-01-02")})
		require.NoError(t, err)
		require.EqualValues(t, 5000, q.Points)
		b.redeemFor("m", "7", q.Points, "2025-01-02")
		o.Order.PaidWithPoints, o.Order.PointsSpent = q.Money, q.Points
		for i, part := range q.Lines {
			o.Order.Lines[i].PaidWithPoints = part
		}
		require.EqualValues(t, 50, b.must(b.Earn(ctx, o)).Points)
		r := b.must(b.Refund(ctx, RefundRequest{Account: "m", Refund: "1", Order: "7", At: b.on("2025-01-03"), Return: Return{Lines: []LineReturn{{ID: back}}}}))
		assert.Equal(t, want.points, r.Reinstated, back)
		assert.Equal(t, want.cash, r.Money.String(), back)
		b.refund("m", "2", "7", "", "2025-01-04")
		assert.Equal(t, Balance{Available: 9000}, b.sound("m", "2025-01-05"))
	}
}

// What points paid of the lines must fit the lines and the order.
func TestLinesPaidWithPoints(t *testing.T) {
	p := compiled(t)
	for name, c := range map[string]struct {
		order, first, second, shipping string
		want                           int64 // points, or -1 if it is refused
	}{
		"spread":            {"30", "", "", "0", 70},
		"named":             {"30", "30", "", "0", 70},
		"both":              {"30", "10", "20", "0", 70},
		"rest is shipping":  {"30", "25", "", "5", 75},
		"more than shipped": {"30", "24", "", "5", -1},
		"more than a line":  {"60", "51", "9", "0", -1},
		"more than all":     {"30", "20", "20", "0", -1},
		"none of the order": {"", "20", "", "0", -1},
	} {
		o := sale("50", "50")
		o.PaidWithPoints, o.Shipping = money(c.order), money(c.shipping)
		o.Lines[0].PaidWithPoints, o.Lines[1].PaidWithPoints = money(c.first), money(c.second)
		a, err := p.Award(o)
		if c.want < 0 {
			require.ErrorIs(t, err, ErrAmount, name)
			continue
		}
		require.NoError(t, err, name)
		assert.Equal(t, c.want, a.Points, name)
	}
}

func money(s string) decimal.Decimal {
	if s == "" {
		return decimal.Decimal{}
	}
	return dec(s)
}

// Gift cards pay what points left of the lines.
func TestGiftCardBesideNamedPoints(t *testing.T) {
	o := sale("50", "50", "50")
	o.PaidWithPoints, o.PaidWithGiftCard = dec("50"), dec("50")
	o.Lines[0].PaidWithPoints = dec("50")
	e := award(t, compiled(t), o).Evidence
	for i, want := range []string{"0", "25", "25"} {
		r, err := e.Returned(Return{Lines: []LineReturn{{ID: key("", i+1)}}})
		require.NoError(t, err)
		assert.Equal(t, want, r.Cash.String(), i)
		assert.Equal(t, want, r.GiftCard.String(), i)
	}
}
