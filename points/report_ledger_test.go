package points

import (
	"maps"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOutstanding(t *testing.T) {
	b := newBench(t, nil)
	b.earn("a", "x", 100, "2025-01-31 23:59", "2025-06-30")
	b.earn("a", "y", 50, "2025-02-01", "")
	b.must(b.Earn(ctx, EarnRequest{Account: "c", Key: "p", Points: 7, Color: "brand", At: b.on("2025-02-03"), Pending: &Pending{Days: 400}}))
	b.order("d", "1", "30", "2025-02-01")
	b.redeem("d", "r", 30, "2025-02-01")
	b.refund("d", "1", "1", "", "2025-02-01")
	b.hold("a", "h", 20, "2025-02-05", 24*time.Hour)
	b.earn("z", "gone", 5, "2025-01-01", "2025-01-02")
	o, err := b.Outstanding(ctx, b.on("2025-02-05"))
	require.NoError(t, err)
	assert.Equal(t, Outstanding{
		At: b.on("2025-02-05").UTC(), Accounts: 3,
		Balance:  Balance{Available: 130, Held: 20, Pending: 7, Debt: 30},
		Earned:   map[string]int64{"2025-01": 100, "2025-02": 57},
		Expiring: map[string]int64{"2025-06": 100, "never": 57},
		Colors:   map[string]int64{"": 150, "brand": 7},
	}, o)

	b.merge("c", "a", "2025-02-06")
	merged, err := b.Outstanding(ctx, b.on("2025-02-06"))
	require.NoError(t, err)
	assert.EqualValues(t, 2, merged.Accounts)
	assert.Equal(t, maps.Collect(maps.All(o.Earned)), merged.Earned, "a merge earns nothing")
}

func TestVintages(t *testing.T) {
	b := newBench(t, nil)
	b.earn("a", "x", 100, "2025-01-10", "2025-02-15")
	b.redeem("a", "r", 30, "2025-01-20")
	b.earn("a", "y", 40, "2025-02-10", "")
	b.order("b", "1", "60", "2025-02-10")
	b.refund("b", "1", "1", "20", "2025-02-11")
	v, err := b.Vintages(ctx, b.on("2025-04-01"))
	require.NoError(t, err)
	assert.Equal(t, []Vintage{
		{Month: "2025-01", Issued: 100, Expired: []int64{0, 70, 0}},
		{Month: "2025-02", Issued: 80, Expired: []int64{0, 0}},
	}, v)
}

func TestReconcile(t *testing.T) {
	b := newBench(t, nil)
	order := func(id, amount string) Order { return *b.orderRequest("a", id, amount, "2025-01-01").Order }
	b.order("a", "1", "10", "2025-01-01")
	b.order("a", "2", "20", "2025-01-01")
	b.order("a", "3", "30", "2025-01-01")
	b.refund("a", "r3", "3", "5", "2025-01-02")
	b.refund("a", "r4", "3", "6", "2025-01-02")
	shop := []ShopOrder{
		{Account: "a", Order: order("1", "10")},
		{Account: "a", Order: order("2", "25"), Cancelled: true},
		{Account: "a", Order: order("3", "30"), Refunds: map[string]Return{"r3": {Amount: dec("7")}, "r5": {Amount: dec("1")}}},
		{Account: "a", Order: order("4", "40")},
	}
	var got []Mismatch
	for m, err := range b.Reconcile(ctx, func(yield func(ShopOrder, error) bool) {
		for _, o := range shop {
			if !yield(o, nil) {
				return
			}
		}
	}) {
		require.NoError(t, err)
		got = append(got, m)
	}
	assert.Equal(t, []Mismatch{
		{Account: "a", Order: "2", Reason: OrderDiffers, Fields: []Difference{{"order.lines.0.price", "20", "25"}}},
		{Account: "a", Order: "2", Reason: RefundMissing},
		{Account: "a", Order: "3", Refund: "r3", Reason: RefundDiffers, Fields: []Difference{{"amount", "5", "7"}}},
		{Account: "a", Order: "3", Refund: "r4", Reason: RefundUnknown},
		{Account: "a", Order: "3", Refund: "r5", Reason: RefundMissing},
		{Account: "a", Order: "4", Reason: OrderMissing},
	}, got)
	var extra []string
	for id, err := range b.Unmatched(ctx, "a", func(id string) bool { return id != "2" }) {
		require.NoError(t, err)
		extra = append(extra, id)
	}
	assert.Equal(t, []string{"2"}, extra)
}

func TestForget(t *testing.T) {
	b := newBench(t, nil)
	b.order("a", "1", "100", "2025-01-01")
	b.hold("a", "h", 10, "2025-01-02", 1000*time.Hour)
	b.earn("b", "e", 9, "2025-01-01", "")
	r := b.must(b.Forget(ctx, ForgetRequest{Account: "a", Key: "f", At: b.on("2025-01-03"), By: By{"ann", "asked to be erased"}}))
	assert.Equal(t, Balance{}, r.Balance)
	assert.EqualValues(t, 100, r.Points)
	assert.NotContains(t, b.raw("a"), "asked to be erased")
	require.NoError(t, b.Verify(ctx, "a"))
	_, err := b.Earn(ctx, b.orderRequest("a", "1", "100", "2025-01-01"))
	require.ErrorIs(t, err, ErrForgotten)
	_, err = b.gift("b", "a", "g", 1, "2025-01-04")
	require.ErrorIs(t, err, ErrForgotten)
}

func TestPastBalance(t *testing.T) {
	b := newBench(t, nil)
	b.earn("a", "x", 100, "2025-01-10", "2025-02-15")
	b.redeem("a", "r", 30, "2025-02-01")
	b.hold("a", "h", 20, "2025-02-10", time.Hour)
	b.earn("a", "y", 5, "2025-03-10", "")
	for at, want := range map[string]Balance{
		"2025-01-09":       {},
		"2025-01-31":       {Available: 100},
		"2025-02-01":       {Available: 70},
		"2025-02-10 00:30": {Available: 50, Held: 20},
		"2025-02-15 23:59": {Available: 70},
		"2025-02-16":       {},
		"2025-03-10":       {Available: 5},
	} {
		assert.Equal(t, want, b.balance("a", at), at)
	}
	_, err := b.Account(ctx, "a", b.on("2025-02-01"))
	require.ErrorIs(t, err, ErrOutOfOrder)
	_, err = b.Redeem(ctx, RedeemRequest{Account: "a", Key: "late", Points: 1, At: b.on("2025-02-01")})
	require.ErrorIs(t, err, ErrOutOfOrder)
	late := b.earn("a", "late", 3, "2025-02-01", "")
	assert.Equal(t, b.on("2025-02-01").UTC(), late.Entries[0].At, "a credit may be back-dated")
	assert.EqualValues(t, 73, b.balance("a", "2025-02-01").Available)
	assert.EqualValues(t, 8, b.balance("a", "2025-03-10").Available)
}

// TestZeroAtMeansNow lets a year pass in a bubble of virtual time.
func TestZeroAtMeansNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, func(c *Config) { c.Expiry = Expiry{Months: 12} })
		r := b.must(b.Earn(ctx, EarnRequest{Account: "a", Key: "e", Points: 10}))
		assert.True(t, r.At.Equal(time.Now())) //nolint:forbidigo // the clock of the bubble
		b.must(b.Hold(ctx, HoldRequest{Account: "a", Hold: "h", Points: 4, TTL: time.Hour}))
		now := func() Balance {
			s, err := b.Balance(ctx, "a", time.Time{})
			require.NoError(t, err)
			return s
		}
		assert.Equal(t, Balance{Available: 6, Held: 4}, now())
		time.Sleep(time.Hour)
		assert.Equal(t, Balance{Available: 10}, now())
		time.Sleep(367 * 24 * time.Hour)
		assert.Equal(t, Balance{}, now())
		again := b.must(b.Earn(ctx, EarnRequest{Account: "a", Key: "e", Points: 10}))
		assert.True(t, again.Replayed, "the time of a request is not part of it")
	})
}

func TestQuoteOfAccount(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Redeem.MaxPerDay = 500 })
	b.earn("a", "e", 900, "2025-01-01", "")
	b.redeem("a", "r", 300, "2025-01-02 10:00")
	ask := Ask{Order: *b.orderRequest("a", "1", "100", "2025-01-02").Order, At: b.on("2025-01-02 12:00")}
	q, err := b.Quote(ctx, "a", ask)
	require.NoError(t, err)
	assert.EqualValues(t, 200, q.Points, "what the day has left")
	ask.At = b.on("2025-01-03")
	q, err = b.Quote(ctx, "a", ask)
	require.NoError(t, err)
	assert.EqualValues(t, 500, q.Points)
}

func TestReconcileInstants(t *testing.T) {
	received := func(c *Config) { c.Pending, c.Expiry = Pending{Event: "received", Days: 14}, Expiry{Months: 12} }
	confirm := func(b *bench) {
		b.must(b.Confirm(ctx, ConfirmRequest{Account: "a", Of: "order:1", Event: "received", At: b.on("2025-03-05 10:00")}))
	}
	for name, c := range map[string]struct {
		alter func(*Config)
		since func(*bench)
		shop  func(b *bench, o *Order)
		want  []Difference
	}{
		"later in the day": {nil, nil, func(b *bench, o *Order) { o.Paid = b.on("2025-03-01 23:59") }, nil},
		"not named":        {nil, nil, func(_ *bench, o *Order) { o.Paid = time.Time{} }, nil},
		"another day": {nil, nil, func(b *bench, o *Order) { o.Paid = b.on("2025-03-02") },
			[]Difference{{"order.paid", "2025-03-01T00:00:00Z", "2025-03-01T16:00:00Z"}}},
		"another day of the zone alone": {nil, nil, func(b *bench, o *Order) { o.Paid = b.on("2025-02-28 23:59") },
			[]Difference{{"order.paid", "2025-03-01T00:00:00Z", "2025-02-28T15:59:00Z"}}},
		"what nothing counts from": {nil, nil, func(b *bench, o *Order) { o.Placed, o.Completed = b.on("2025-02-01"), b.on("2025-05-01") }, nil},
		"the same end of the month": {func(c *Config) { c.Expiry, c.Pending = Expiry{Align: AlignMonth}, Pending{Event: "received"} }, confirm,
			func(b *bench, o *Order) { o.Received = b.on("2025-03-05 20:00") }, nil},
		"an end to the minute": {func(c *Config) { c.Expiry = Expiry{Days: 30, Align: AlignNone} }, nil, func(b *bench, o *Order) { o.Paid = b.on("2025-03-01 08:01") },
			[]Difference{{"order.paid", "2025-03-01T00:00:00Z", "2025-03-01T00:01:00Z"}}},
		"another revision": {func(c *Config) { c.Revision, c.Since = 2, "2025-03-01T12:00" }, nil, func(b *bench, o *Order) { o.Paid = b.on("2025-03-01 12:00") },
			[]Difference{{"order.paid", "2025-03-01T00:00:00Z", "2025-03-01T04:00:00Z"}}},
		"received as told":  {received, confirm, func(b *bench, o *Order) { o.Received = b.on("2025-03-05 10:00") }, nil},
		"received that day": {received, confirm, func(b *bench, o *Order) { o.Received = b.on("2025-03-05 11:00") }, nil},
		"received another day": {received, confirm, func(b *bench, o *Order) { o.Received = b.on("2025-03-06 10:00") },
			[]Difference{{"order.received", "2025-03-05T02:00:00Z", "2025-03-06T02:00:00Z"}}},
		"received and never told": {received, nil, func(b *bench, o *Order) { o.Received = b.on("2025-03-06 10:00") },
			[]Difference{{"order.received", "", "2025-03-06T02:00:00Z"}}},
		"not received": {received, nil, func(*bench, *Order) {}, nil},
		"after an edit": {nil, func(b *bench) {
			o := *b.orderRequest("a", "1", "100", "2025-03-09").Order
			b.must(b.Edit(ctx, EditRequest{Account: "a", Edit: "e", At: b.on("2025-03-10"), Order: &o}))
		}, func(b *bench, o *Order) { o.Paid = b.on("2025-03-09") },
			[]Difference{{"order.paid", "2025-03-01T00:00:00Z", "2025-03-08T16:00:00Z"}}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, nil)
			if c.alter != nil {
				latest := programP(c.alter)
				policy := must(Compile(latest))
				if latest.Since != "" {
					policy = must(Versions(must(Compile(programP(nil))), policy))
				}
				b.Ledger = must(New(b.store, policy))
			}
			b.order("a", "1", "100", "2025-03-01 08:00")
			if c.since != nil {
				c.since(b)
			}
			o := ShopOrder{Account: "a", Order: *b.orderRequest("a", "1", "100", "2025-03-01 08:00").Order}
			c.shop(b, &o.Order)
			var got []Difference
			for m, err := range b.Reconcile(ctx, func(yield func(ShopOrder, error) bool) { yield(o, nil) }) {
				require.NoError(t, err)
				require.Equal(t, OrderDiffers, m.Reason)
				got = append(got, m.Fields...)
			}
			assert.Equal(t, c.want, got)
		})
	}
}
