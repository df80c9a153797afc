package points

import (
	"context"
	"iter"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What an earlier operation of a unit set in motion has happened before a later one, as it would have
// one by one.
func TestTimePassesWithinAUnit(t *testing.T) {
	ops := func(b *bench) map[string][]Op {
		hold := HoldRequest{Account: "a", Hold: "h", Points: 100, TTL: time.Hour, At: b.on("2025-01-02 10:00")}
		return map[string][]Op{
			"expired": {
				EarnRequest{Account: "a", Key: "k2", Points: 100, At: b.on("2025-01-01"), Expiry: &Expiry{Through: "2025-01-02"}},
				RedeemRequest{Account: "a", Key: "r", Points: 160, At: b.on("2025-02-01")},
			},
			"hold ran out":      {hold, RedeemRequest{Account: "a", Key: "r", Points: 60, At: b.on("2025-01-02 12:00")}},
			"captured too late": {hold, CaptureRequest{Account: "a", Hold: "h", At: b.on("2025-03-02 12:00")}},
			"active": {
				EarnRequest{Account: "a", Key: "k2", Points: 100, At: b.on("2025-01-01"), Pending: &Pending{Days: 3}},
				RedeemRequest{Account: "a", Key: "r", Points: 160, At: b.on("2025-02-01")},
			},
		}
	}
	for name := range ops(newBench(t, nil)) {
		t.Run(name, func(t *testing.T) {
			single, unit := newBench(t, nil), newBench(t, nil)
			for _, b := range []*bench{single, unit} {
				b.earn("a", "k", 100, "2025-01-01", "")
			}
			var want error
			for _, op := range ops(single)[name] {
				_, want = single.Do(ctx, op)
			}
			before := unit.raw("a")
			_, err := unit.Atomic(ctx, ops(unit)[name]...)
			if want != nil {
				require.ErrorContains(t, err, want.Error())
				require.Equal(t, before, unit.raw("a"))
				return
			}
			require.NoError(t, err)
			require.Equal(t, single.raw("a"), unit.raw("a"))
		})
	}
}

// Neither an account that was asked for nor two receipts of one operation are the store's own, or each other's.
func TestNothingStoredIsHandedOut(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Expiry = Expiry{Days: 30, From: FromActivity} })
	b.must(b.Earn(ctx, EarnRequest{Account: "a", Key: "k", Points: 100, At: b.on("2025-01-01")}))
	b.hold("a", "h", 50, "2025-01-02", 24*time.Hour*10)
	was := b.raw("a")
	acc, err := b.Account(ctx, "a", b.on("2025-01-03"))
	require.NoError(t, err)
	acc.Holds[0].Pins[0] = Pin{"nonsense", 7}
	acc.Lots[0].Timing.Zone = "Nowhere"
	require.Equal(t, was, b.raw("a"))

	again := RedeemRequest{Account: "a", Key: "r", Points: 10, At: b.on("2025-01-03")}
	receipts, err := b.Atomic(ctx, again, again)
	require.NoError(t, err)
	receipts[0].Entries[0].Points = 99
	assert.EqualValues(t, 10, receipts[1].Entries[0].Points)
}

// An operation may be handed over by pointer: it is recorded as the value it was.
func TestOperationByPointer(t *testing.T) {
	b := newBench(t, nil)
	b.earn("a", "k", 500, "2025-01-01", "")
	b.order("a", "7", "100", "2025-01-02")
	hold := &HoldRequest{Account: "a", Hold: "h", TTL: time.Hour, Points: 60, At: b.on("2025-01-03"), Spend: Spend{Order: "7"}}
	b.must(b.Do(ctx, hold))
	hold.Points, hold.Order = 7, "else"
	b.must(b.Do(ctx, RefundRequest{Account: "a", Refund: "1", Order: "7", At: b.on("2025-01-03"), Return: Return{Everything: true}}))
	r := b.must(b.Do(ctx, &CaptureRequest{Account: "a", Hold: "h", At: b.on("2025-01-03")}))
	assert.EqualValues(t, 60, r.Reinstated)
	for _, none := range []Op{nil, (*EarnRequest)(nil)} {
		_, err := b.Do(ctx, none)
		require.ErrorIs(t, err, ErrUnknown)
	}
}

// A cancellation gives back what was redeemed for the order, whichever is posted first and whatever it earned.
func TestRedemptionAfterItsCancellation(t *testing.T) {
	for _, amount := range []string{"100", "0", ""} {
		for _, held := range []bool{false, true} {
			b := newBench(t, nil)
			b.earn("a", "k", 500, "2025-01-01", "")
			if amount != "" {
				b.order("a", "7", amount, "2025-01-02")
			}
			b.must(b.Cancel(ctx, CancelRequest{Account: "a", Order: "7", At: b.on("2025-01-03")}))
			spend := Spend{Order: "7"}
			if held {
				b.must(b.Hold(ctx, HoldRequest{Account: "a", Hold: "h", TTL: time.Hour, Points: 60, At: b.on("2025-01-03"), Spend: spend}))
				b.must(b.Capture(ctx, CaptureRequest{Account: "a", Hold: "h", At: b.on("2025-01-03")}))
			} else {
				b.must(b.Redeem(ctx, RedeemRequest{Account: "a", Key: "r", Points: 60, At: b.on("2025-01-03"), Spend: spend}))
			}
			assert.EqualValues(t, 500, b.sound("a", "2025-01-04").Available, "order of %q, held %v", amount, held)
		}
	}
}

// keeper is a store that keeps what it was given, which it should not.
type keeper struct {
	mu      sync.Mutex
	states  map[string]*Account
	changes map[string][]Change
}

func (k *keeper) Load(_ context.Context, account string, keys ...string) (Account, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	a := Account{ID: account}
	if s := k.states[account]; s != nil {
		a = s.Clone()
	}
	a.Changes = nil
	for _, c := range k.changes[account] {
		if c.among(keys) {
			a.Changes = append(a.Changes, c.Clone())
		}
	}
	return a, nil
}

func (k *keeper) Commit(_ context.Context, changes ...Change) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, c := range changes {
		k.changes[c.Account] = append(k.changes[c.Account], c)
		if c.State != nil {
			k.states[c.Account] = c.State
		}
	}
	return nil
}

func (*keeper) Due(context.Context, time.Time) iter.Seq2[string, error] {
	return func(func(string, error) bool) {}
}

// Operations on a MemStore do not write over what another store was given.
func TestForeignStoreKeepsItsOwn(t *testing.T) {
	b := newBench(t, nil)
	k := &keeper{states: map[string]*Account{}, changes: map[string][]Change{}}
	l, err := New(k, b.Policy())
	require.NoError(t, err)
	for i := range 30 {
		_, err := l.Earn(ctx, EarnRequest{Account: key("acc", i), Key: "k", Points: 100, At: b.on("2025-01-01")})
		require.NoError(t, err)
		b.must(b.Earn(ctx, EarnRequest{Account: "m", Key: key("k", i), Points: 7, At: b.on("2025-01-01")}))
	}
	for i := range 30 {
		assert.Equal(t, key("acc", i), k.states[key("acc", i)].ID)
		assert.EqualValues(t, 100, k.states[key("acc", i)].Balance().Available)
		assert.Len(t, k.changes[key("acc", i)], 1)
	}
}
