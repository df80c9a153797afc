package points

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What a line was worth when it was refunded stays what was refunded, whatever an edit makes of it.
func TestRefundedLinesThroughAnEdit(t *testing.T) {
	cases := map[string]struct {
		back   LineReturn
		line   Line // as edited
		want   int64
		money  string // of the rest
		before string
	}{
		"all of it":    {LineReturn{ID: "x"}, Line{ID: "x", Price: dec("50")}, 90, "90", "30"},
		"one of units": {LineReturn{ID: "x", Quantity: 1}, Line{ID: "x", Price: dec("10"), Quantity: 3}, 90, "90", "10"},
		"dearer units": {LineReturn{ID: "x", Quantity: 1}, Line{ID: "x", Price: dec("20"), Quantity: 3}, 120, "120", "10"},
		"an amount":    {LineReturn{ID: "x", Amount: dec("12")}, Line{ID: "x", Price: dec("20")}, 78, "78", "12"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, nil)
			o := b.orderRequest("a", "7", "0", "2025-01-02")
			o.Order.Lines = []Line{{ID: "x", Price: dec("10"), Quantity: 3}, {ID: "y", Price: dec("70")}}
			b.must(b.Earn(ctx, o))
			r := b.must(b.Refund(ctx, RefundRequest{Account: "a", Order: "7", Refund: "1", At: b.on("2025-01-03"), Return: Return{Lines: []LineReturn{c.back}}}))
			assert.Equal(t, c.before, r.Money.String())
			e := o.Order.clone()
			e.Lines[0] = c.line
			b.must(b.Edit(ctx, EditRequest{Account: "a", Edit: "e", Order: &e, At: b.on("2025-01-04")}))
			assert.Equal(t, Balance{Available: c.want}, b.sound("a", "2025-01-04"))
			assert.Equal(t, c.money, b.refund("a", "2", "7", "", "2025-01-05").Money.String())
			assert.Equal(t, Balance{}, b.sound("a", "2025-01-06"))
		})
	}
}

// An edit takes no more from the period of a cap than it has left, so that small orders cannot be grown past it.
func TestEditWithinTheCap(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Caps = []Cap{{ID: "m", Per: EachMonth, Points: 1000}} })
	b.order("a", "1", "100", "2025-01-01")
	b.order("a", "2", "850", "2025-01-02")
	assert.EqualValues(t, 50, b.edit("a", "e1", "1", "1000", "2025-01-03").Points)
	assert.Equal(t, Balance{Available: 1000}, b.sound("a", "2025-01-03"))
	b.refund("a", "1", "2", "", "2025-01-04")
	assert.EqualValues(t, -130, b.edit("a", "e2", "1", "20", "2025-01-05").Points)
	assert.Equal(t, Balance{Available: 20}, b.sound("a", "2025-01-06"))
}

// A correction is born expired rather than refused, even where late credits are.
func TestEditOfPointsThatHaveExpired(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Expiry, c.Terms.BackDated = Expiry{Days: 30}, RejectExpired })
	b.order("a", "1", "100", "2025-01-02")
	assert.EqualValues(t, 30, b.edit("a", "e", "1", "130", "2025-03-01").Points)
	assert.Equal(t, Balance{}, b.sound("a", "2025-03-02"))
	r := b.refund("a", "1", "1", "130", "2025-03-03")
	assert.EqualValues(t, 130, r.Lapsed)
}

// An account stays small however long its caps have counted.
func TestCapCountersAreForgotten(t *testing.T) {
	b := newBench(t, func(c *Config) {
		c.Expiry = Expiry{Days: 1}
		c.Caps = []Cap{{ID: "day", Per: EachDay, Points: 500}, {ID: "week", Per: EachWeek, Points: 900}, {ID: "ever", Per: Ever, Points: 1 << 40}}
	})
	day := b.on("2025-01-01")
	for i := range 500 {
		at := day.AddDate(0, 0, i)
		o := Order{ID: key("o", i), Paid: at, Lines: []Line{{Price: dec("1")}}}
		b.must(b.Earn(ctx, EarnRequest{Account: "a", Order: &o, At: at}))
	}
	acc, err := b.store.Load(ctx, "a")
	require.NoError(t, err)
	assert.LessOrEqual(t, len(acc.Uses), 93+53+1)
	assert.Equal(t, Use{Cap: "ever", Points: 500}, acc.Uses[slices.IndexFunc(acc.Uses, func(u Use) bool { return u.Cap == "ever" })])
}

// What was paid back while a case was open stays paid back when it is won, whatever edits came between.
func TestRefundEditAndWin(t *testing.T) {
	b := newBench(t, nil)
	o := b.orderRequest("a", "7", "0", "2025-01-02")
	o.Order.Lines = []Line{{ID: "x", Price: dec("50")}, {ID: "y", Price: dec("50")}}
	b.must(b.Earn(ctx, o))
	b.must(b.Chargeback(ctx, ChargebackRequest{Account: "a", Chargeback: "c", Order: "7", At: b.on("2025-01-03")}))
	b.must(b.Refund(ctx, RefundRequest{Account: "a", Refund: "1", Order: "7", At: b.on("2025-01-04"), Return: Return{Lines: []LineReturn{{ID: "x"}}}}))
	b.must(b.Edit(ctx, EditRequest{Account: "a", Edit: "e", Order: o.Order, At: b.on("2025-01-05")}))
	b.must(b.Win(ctx, WinRequest{Account: "a", Chargeback: "c", Order: "7", At: b.on("2025-01-06")}))
	assert.Equal(t, Balance{Available: 50}, b.sound("a", "2025-01-06"))
	b.refund("a", "2", "7", "", "2025-01-07")
	assert.Equal(t, Balance{}, b.sound("a", "2025-01-08"))
}

// A slip in an edit that the next one mends forgets nothing of what was paid back, and a line that is
// gone takes its refund with it.
func TestEditsRememberRefunds(t *testing.T) {
	for _, c := range []struct {
		back   LineReturn
		prices []string // of x, edit by edit; "" is an order without it
		want   int64    // points in the end, of which 10 are for y
		money  string   // of the rest
	}{
		{LineReturn{ID: "x"}, []string{"1", "100"}, 10, "10"},
		{LineReturn{ID: "x"}, []string{"0", "100"}, 10, "10"},
		{LineReturn{ID: "x"}, []string{"", "100"}, 10, "10"},
		{LineReturn{ID: "x", Amount: dec("50")}, []string{"1", "100"}, 60, "60"},
		{LineReturn{ID: "x"}, []string{""}, 10, "0"},
		{LineReturn{ID: "x"}, []string{"130"}, 40, "40"},
	} {
		b := newBench(t, nil)
		o := b.orderRequest("a", "7", "0", "2025-01-02")
		o.Order.Lines = []Line{{ID: "x", Price: dec("100")}, {ID: "y", Price: dec("10")}}
		b.must(b.Earn(ctx, o))
		b.must(b.Refund(ctx, RefundRequest{Account: "a", Refund: "1", Order: "7", At: b.on("2025-01-03"), Return: Return{Lines: []LineReturn{c.back}}}))
		for i, price := range c.prices {
			e := o.Order.clone()
			if price == "" {
				e.Lines = e.Lines[1:]
			} else {
				e.Lines[0].Price = dec(price)
			}
			b.must(b.Edit(ctx, EditRequest{Account: "a", Edit: key("e", i), Order: &e, At: b.on("2025-01-04")}))
		}
		assert.Equal(t, Balance{Available: c.want}, b.sound("a", "2025-01-05"), "%+v", c)
		r := b.refund("a", "2", "7", "", "2025-01-06")
		assert.Equal(t, c.money, r.Money.String(), "%+v", c)
		assert.Equal(t, Balance{}, b.sound("a", "2025-01-07"))
	}
}

// The cash of all refunds is the cash that was paid, as the last edit says, or what was paid back before it.
func TestCashThroughEdits(t *testing.T) {
	for _, c := range []struct{ amount, points, want string }{
		{"150", "100", "50"}, {"200", "150", "50"}, {"300", "100", "200"}, {"200", "100", "100"},
	} {
		b := newBench(t, nil)
		o := b.orderRequest("a", "7", "200", "2025-01-02")
		o.Order.PaidWithPoints = dec("100")
		b.must(b.Earn(ctx, o))
		sum := b.refund("a", "1", "7", "100", "2025-01-03").Money
		e := b.orderRequest("a", "7", c.amount, "2025-01-02").Order
		e.PaidWithPoints = dec(c.points)
		b.must(b.Edit(ctx, EditRequest{Account: "a", Edit: "e", Order: e, At: b.on("2025-01-04")}))
		sum = sum.Add(b.refund("a", "2", "7", "", "2025-01-05").Money)
		assert.Equal(t, c.want, sum.String(), "%+v", c)
	}
}

// Room that a refund has freed in the period of a cap is there for the next edit.
func TestEditIntoFreedRoom(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Caps = []Cap{{ID: "m", Per: EachMonth, Points: 1000}} })
	b.order("a", "1", "100", "2025-01-01")
	b.order("a", "2", "900", "2025-01-02")
	assert.Zero(t, b.edit("a", "e1", "1", "200", "2025-01-03").Points)
	b.refund("a", "1", "2", "", "2025-01-04")
	assert.EqualValues(t, 100, b.edit("a", "e2", "1", "200", "2025-01-05").Points)
	assert.EqualValues(t, 100, b.edit("a", "e3", "1", "300", "2025-01-06").Points)
	assert.EqualValues(t, 700, b.order("a", "3", "900", "2025-01-07").Points)
}
