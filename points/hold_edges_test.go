package points

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// holdFor takes a hold for an order.
func (b *bench) holdFor(account, id, order string, n int64, at string, ttl time.Duration) Receipt {
	b.t.Helper()
	return b.must(b.Hold(ctx, HoldRequest{Account: account, Hold: id, Points: n, At: b.on(at), TTL: ttl, Spend: Spend{Order: order}}))
}

func (b *bench) cancel(account, order, at string) Receipt {
	b.t.Helper()
	return b.must(b.Cancel(ctx, CancelRequest{Account: account, Order: order, At: b.on(at)}))
}

// A closed hold says what closed it: a cancellation only if it came before the hold ran out.
func TestClosedHoldSaysWhatClosedIt(t *testing.T) {
	for name, c := range map[string]struct {
		do func(b *bench)
		by Kind
	}{
		"cancelled":                {func(b *bench) { b.cancel("b", "7", "2025-01-03 12:29") }, KindCancel},
		"ran out, then cancelled":  {func(b *bench) { b.cancel("b", "7", "2025-01-03 13:00") }, KindTimeout},
		"cancelled as it runs out": {func(b *bench) { b.cancel("b", "7", "2025-01-03 12:30") }, KindTimeout},
		"prolonged, then cancelled": {func(b *bench) {
			b.must(b.Prolong(ctx, ProlongRequest{Account: "b", Hold: "h", Key: "p", TTL: 2 * time.Hour, At: b.on("2025-01-03 12:10")}))
			b.cancel("b", "7", "2025-01-03 13:00")
		}, KindCancel},
		"prolonged, ran out, then cancelled": {func(b *bench) {
			b.must(b.Prolong(ctx, ProlongRequest{Account: "b", Hold: "h", Key: "p", TTL: time.Hour, At: b.on("2025-01-03 12:00")}))
			b.cancel("b", "7", "2025-01-03 13:00")
		}, KindTimeout},
		"merged, then cancelled": {func(b *bench) {
			b.merge("b", "a", "2025-01-03 12:10")
			b.cancel("b", "7", "2025-01-03 12:20")
		}, KindCancel},
		"merged, ran out, then cancelled": {func(b *bench) {
			b.merge("b", "a", "2025-01-03 12:10")
			b.cancel("b", "7", "2025-01-03 13:20")
		}, KindTimeout},
		"merged, and another's order cancelled": {func(b *bench) {
			b.merge("b", "a", "2025-01-03 12:10")
			b.cancel("a", "7", "2025-01-03 12:20")
		}, KindTimeout},
		"merged, prolonged, then cancelled": {func(b *bench) {
			b.merge("b", "a", "2025-01-03 12:10")
			b.must(b.Prolong(ctx, ProlongRequest{Account: "b", Hold: "h", Key: "p", TTL: 2 * time.Hour, At: b.on("2025-01-03 12:20")}))
			b.cancel("b", "7", "2025-01-03 13:20")
		}, KindCancel},
		"cancelled, merged": {func(b *bench) {
			b.cancel("b", "7", "2025-01-03 12:20")
			b.merge("b", "a", "2025-01-03 12:25")
		}, KindCancel},
		"voided, then cancelled": {func(b *bench) {
			b.must(b.Void(ctx, VoidRequest{Account: "b", Hold: "h", At: b.on("2025-01-03 12:20")}))
			b.cancel("b", "7", "2025-01-03 12:25")
		}, KindVoid},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, nil)
			b.earn("b", "k", 100, "2025-01-02", "")
			b.holdFor("b", "h", "7", 40, "2025-01-03 12:00", 30*time.Minute)
			c.do(b)
			_, err := b.Capture(ctx, CaptureRequest{Account: "b", Hold: "h", At: b.on("2025-01-03 15:00")})
			var closed *HoldClosedError
			require.ErrorAs(t, err, &closed)
			assert.Equal(t, c.by, closed.By)
			assert.NotRegexp(t, ": $", err.Error())
		})
	}
}

// A hold that came after the cancellation of its order was not closed by it.
func TestHoldAfterItsOrdersCancellationRunsOut(t *testing.T) {
	b := newBench(t, nil)
	b.earn("a", "k", 100, "2025-01-02", "")
	b.cancel("a", "7", "2025-01-03 12:00")
	b.holdFor("a", "h", "7", 40, "2025-01-03 12:00", time.Hour)
	b.closed(KindTimeout, VoidRequest{Account: "a", Hold: "h", At: b.on("2025-01-03 13:00")})
}

// A top-up that fails tells what the account has, with the hold in it.
func TestTopUpThatFailsTellsTheBalance(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Redeem.MaxPerDay = 1000 })
	b.earn("a", "k", 150, "2025-01-02", "")
	b.earn("a", "later", 30, "2025-01-02", "")
	b.redeem("a", "r", 30, "2025-01-02")
	b.hold("a", "h", 100, "2025-01-03", time.Hour)
	before := b.raw("a")
	top := func(n int64) error {
		_, err := b.Capture(ctx, CaptureRequest{Account: "a", Hold: "h", Points: n, TopUp: true, At: b.on("2025-01-03")})
		return err
	}
	var short *InsufficientError
	require.ErrorAs(t, top(160), &short)
	assert.Equal(t, InsufficientError{Need: 60, Available: 50, Held: 100}, *short)
	assert.Equal(t, Balance{Available: 50, Held: 100}, b.balance("a", "2025-01-03"))
	assert.Equal(t, before, b.raw("a"))
	require.NoError(t, top(150))
	assert.Equal(t, Balance{}, b.sound("a", "2025-01-03"))
}

func TestTopUpTakesWhatTheHoldPreferred(t *testing.T) {
	for _, who := range []string{"a", "b"} { // b was merged into a
		b := newBench(t, nil)
		for _, color := range []string{"red", "blue"} {
			b.must(b.Earn(ctx, EarnRequest{Account: who, Key: color, Points: 100, Color: color, At: b.on("2025-01-01")}))
		}
		b.must(b.Hold(ctx, HoldRequest{Account: who, Hold: "h", Points: 50, Prefer: []string{"blue"}, TTL: 48 * time.Hour, At: b.on("2025-01-02")}))
		if who == "b" {
			b.merge("b", "a", "2025-01-02")
		}
		b.must(b.Capture(ctx, CaptureRequest{Account: who, Hold: "h", Points: 120, TopUp: true, At: b.on("2025-01-03")}))
		o, err := b.Outstanding(ctx, b.on("2025-01-04"))
		require.NoError(t, err)
		assert.Equal(t, map[string]int64{"red": 80}, o.Colors)
		b.verified(who)
	}
}
