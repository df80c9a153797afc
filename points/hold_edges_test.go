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
