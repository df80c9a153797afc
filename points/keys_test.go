package points

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestKeysOfOperationsAreTheirs: no credit, action or award can take the natural key of an operation.
func TestKeysOfOperationsAreTheirs(t *testing.T) {
	for kind := range naturalKeys {
		_, err := Compile(house(func(c *Config) { c.Actions = []Action{{ID: kind, Points: 5}} }))
		require.ErrorContains(t, err, "/actions/0/id", kind)

		b := newBench(t, nil)
		at, key := b.on("2025-01-02"), kind+":7"
		_, err = b.Earn(ctx, EarnRequest{Account: "a", Key: key, Points: 5, At: at})
		require.ErrorIs(t, err, ErrID, key)
		for _, op := range []Op{
			AdjustRequest{Account: "a", Key: key, Points: 5, At: at, By: By{"clerk", "why"}},
			FreezeRequest{Account: "a", Key: key, At: at, By: By{"clerk", "why"}},
			RedeemRequest{Account: "a", Key: key, Points: 5, At: at},
			TransferRequest{Account: "a", To: "b", Key: key, Points: 5, At: at},
		} {
			_, err = b.Do(ctx, op)
			require.ErrorIs(t, err, ErrID, "%s %s", op.Kind(), key)
		}
		if len(naturalKeys[kind]) == 0 || naturalKeys[kind][0] != KindEarn {
			_, err = b.Earn(ctx, EarnRequest{Account: "a", At: at, Award: &Award{Key: key, Points: 5, Lots: []Grant{{Points: 5, Timing: Timing{Zone: "UTC"}}}}})
			require.ErrorIs(t, err, ErrID, key)
		}
		assert.Zero(t, must(b.store.Load(ctx, "a")).Version)
	}
}

// TestEveryNaturalKeyIsKnown: what an operation calls itself is in the list of kinds, and its own.
func TestEveryNaturalKeyIsKnown(t *testing.T) {
	for _, op := range []Op{
		EarnRequest{Order: &Order{ID: "7"}}, ConfirmRequest{Of: "order:7", Event: "e"}, HoldRequest{Hold: "7"}, CaptureRequest{Hold: "7"},
		VoidRequest{Hold: "7"}, RefundRequest{Refund: "7"}, CancelRequest{Order: "7"}, EditRequest{Edit: "7"},
		ChargebackRequest{Chargeback: "7"}, WinRequest{Chargeback: "7"}, MergeRequest{Into: "7"},
	} {
		kind, _, ok := natural(op.head().key)
		assert.True(t, ok, op.head().key)
		assert.Contains(t, naturalKeys[kind], op.Kind())
	}
	_, _, ok := natural(scoped("a", "k"))
	assert.True(t, ok)
}

func TestCheckKey(t *testing.T) {
	long := strings.Repeat("x", 255)
	for _, key := range []string{"k", "order:7", "order:" + long, "chargeback:" + long, long, "review:7:2025-03-01", "a:b"} {
		require.NoError(t, checkKey(key), key)
	}
	for _, key := range []string{
		"", "order:", "order:" + long + "x", long + "x", "review:" + long, strings.Repeat("x", 1<<20),
		"\xff\xfe\x00:" + long, "order:\xff", "ord\x00er:7",
	} {
		require.ErrorIs(t, checkKey(key), ErrID, "%.300q", key)
		b := newBench(t, nil)
		_, err := b.Earn(ctx, EarnRequest{Account: "a", At: b.on("2025-01-02"), Award: &Award{Key: key, Points: 5, Lots: []Grant{{Points: 5, Timing: Timing{Zone: "UTC"}}}}})
		require.ErrorIs(t, err, ErrID, "%.300q", key)
	}
}

// TestEventsHoldNoColon: event "a" of "b:c" would share its key with event "a:b" of "c".
func TestEventsHoldNoColon(t *testing.T) {
	b := newBench(t, nil)
	_, err := b.Confirm(ctx, ConfirmRequest{Account: "a", Of: "c", Event: "a:b", At: b.on("2025-01-02")})
	require.ErrorIs(t, err, ErrID)
	_, err = b.Earn(ctx, EarnRequest{Account: "a", Key: "c", Points: 5, Pending: &Pending{Event: "a:b"}, At: b.on("2025-01-02")})
	require.ErrorIs(t, err, ErrAmount)
}
