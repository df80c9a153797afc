package points

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func (b *bench) gift(from, to, key string, n int64, at string) (Receipt, error) {
	return b.Transfer(ctx, TransferRequest{Account: from, To: to, Key: key, Points: n, At: b.on(at)})
}

func (b *bench) merge(from, into, at string) Receipt {
	b.t.Helper()
	return b.must(b.Merge(ctx, MergeRequest{Account: from, Into: into, At: b.on(at)}))
}

// ends returns the available points of an account by the day on which they are gone.
func (b *bench) ends(account, at string) map[string]int64 {
	b.t.Helper()
	acc, err := b.Account(ctx, account, b.on(at))
	require.NoError(b.t, err)
	ends := map[string]int64{}
	for _, l := range acc.Lots {
		day := "never"
		if !l.ExpiresAt.IsZero() {
			day = l.ExpiresAt.In(b.zone).Format(time.DateOnly)
		}
		ends[day] += l.Available
	}
	return ends
}

func signUp(c *Config) {
	c.Actions = []Action{{ID: "sign_up", Points: 50}}
	c.Terms.DedupeOnce = true
}

var (
	_ = spec("T01", func(t *testing.T) {
		b := newBench(t, nil)
		b.earn("s", "Y", 100, "2025-01-01", "2025-02-28")
		b.earn("s", "X", 100, "2025-01-01", "2025-05-31")
		b.must(b.gift("s", "r", "g", 150, "2025-01-02"))
		assert.Equal(t, map[string]int64{"2025-03-01": 100, "2025-06-01": 50}, b.ends("r", "2025-01-02"))
		assert.Equal(t, map[string]int64{"X": 50}, b.lots("s", "2025-01-02"))
	})

	_ = spec("T02", func(t *testing.T) {
		b := newBench(t, nil)
		b.earn("s", "e", 60, "2025-01-01", "")
		b.must(b.Earn(ctx, EarnRequest{Account: "s", Key: "p", Points: 60, At: b.on("2025-01-01"), Pending: &Pending{Days: 14}}))
		b.hold("s", "h", 20, "2025-01-02", time.Hour)
		_, err := b.gift("s", "r", "g", 50, "2025-01-02")
		insufficient(t, err, InsufficientError{Need: 50, Available: 40, Held: 20, Pending: 60, NextActive: b.on("2025-01-16").UTC()})
	})

	_ = spec("T03", func(t *testing.T) {
		b := newBench(t, nil)
		b.earn("s", "e", 100, "2025-01-01", "")
		var wins, losses int
		race(20, func(i int) error {
			_, err := b.gift("s", key("r", i), key("g", i), 100, "2025-01-02")
			return err
		}, func(err error) {
			if err == nil {
				wins++
			} else if errors.Is(err, ErrInsufficient) {
				losses++
			}
		})
		assert.Equal(t, []int{1, 19}, []int{wins, losses})
		total := b.balance("s", "2025-01-02").Net()
		for i := range 20 {
			total += b.balance(key("r", i), "2025-01-02").Net()
		}
		assert.EqualValues(t, 100, total)
	})

	_ = spec("T04", func(t *testing.T) {
		b := newBench(t, nil)
		b.earn("s", "e", 100, "2025-01-01", "")
		_, err := b.gift("s", "s", "g", 1, "2025-01-02")
		require.ErrorIs(t, err, ErrSameAccount)
		for _, n := range []int64{0, -1} {
			_, err = b.gift("s", "r", "g", n, "2025-01-02")
			require.ErrorIs(t, err, ErrAmount)
		}
	})

	_ = spec("T05", func(t *testing.T) {
		b := newBench(t, nil)
		b.earn("s", "e", 100, "2025-01-01", "")
		before := b.raw("s")
		torn := must(New(&faulty{MemStore: b.store, before: errors.New("disk full")}, b.Policy()))
		_, err := torn.Transfer(ctx, TransferRequest{Account: "s", To: "r", Key: "g", Points: 10, At: b.on("2025-01-02")})
		require.ErrorContains(t, err, "disk full")
		assert.Equal(t, before, b.raw("s"))
		assert.Equal(t, Balance{}, b.balance("r", "2025-01-02"))
	})

	_ = spec("T06", func(t *testing.T) {
		b := newBench(t, nil)
		b.earn("A", "e", 100, "2025-01-01", "")
		b.earn("B", "e", 100, "2025-01-01", "")
		b.hold("B", "H1", 30, "2025-01-02", time.Hour)
		assert.Equal(t, Balance{Available: 170, Held: 30}, b.merge("B", "A", "2025-01-02").Balance)
		r := b.must(b.Capture(ctx, CaptureRequest{Account: "B", Hold: "H1", At: b.on("2025-01-02 00:30")}))
		assert.EqualValues(t, 30, r.Points)
		assert.Equal(t, Balance{Available: 170}, b.balance("A", "2025-01-02 00:30"))
		b.closed(KindCapture, VoidRequest{Account: "B", Hold: "H1", At: b.on("2025-01-02 00:40")})
	})

	_ = spec("T08", func(t *testing.T) {
		b := newBench(t, nil)
		for account, debt := range map[string]string{"A": "10", "B": "40"} {
			b.order(account, "1", debt, "2025-01-01")
			n := b.balance(account, "2025-01-01").Available
			b.redeem(account, "r", n, "2025-01-02")
			b.refund(account, "1", "1", "", "2025-01-03")
		}
		assert.Equal(t, Balance{Debt: 50}, b.merge("B", "A", "2025-01-04").Balance)
	})

	_ = spec("T09", func(t *testing.T) {
		b := newBench(t, nil)
		b.earn("A", "order-9", 7, "2025-01-01", "")
		b.earn("B", "order-9", 100, "2025-01-01", "")
		b.merge("B", "A", "2025-01-02")
		assert.True(t, b.earn("B", "order-9", 100, "2025-01-01", "").Replayed)
		assert.EqualValues(t, 107, b.balance("A", "2025-01-02").Available)
		assert.EqualValues(t, 107, b.balance("B", "2025-01-02").Available)
	})

	_ = spec("T11", func(t *testing.T) {
		b := newBench(t, signUp)
		for _, account := range []string{"A", "B"} {
			award, err := b.Policy().Action("sign_up", "", b.on("2025-01-01"))
			require.NoError(t, err)
			b.must(b.Earn(ctx, EarnRequest{Account: account, Award: &award, At: b.on("2025-01-01")}))
		}
		r := b.merge("B", "A", "2025-01-02")
		assert.Equal(t, Balance{Available: 50}, r.Balance)
		assert.Equal(t, []Reason{AlreadyGranted}, r.Reasons)
	})

	_ = spec("T12", func(t *testing.T) {
		b := newBench(t, nil)
		b.order("A", "7", "30", "2025-01-01")
		b.order("B", "7", "100", "2025-01-01")
		b.merge("B", "A", "2025-01-02")
		r := b.refund("B", "1", "7", "", "2025-01-03")
		assert.EqualValues(t, 100, r.Points)
		assert.Equal(t, map[string]int64{"order:7": 30}, b.lots("A", "2025-01-03"))
		r = b.refund("A", "1", "7", "", "2025-01-03")
		assert.EqualValues(t, 30, r.Points, "the same ids of the other account")
	})

	_ = spec("T13", func(t *testing.T) {
		b := newBench(t, nil)
		b.earn("A", "e", 10, "2025-01-01", "")
		b.earn("B", "e", 10, "2025-01-01", "")
		b.merge("A", "B", "2025-01-02")
		_, err := b.Merge(ctx, MergeRequest{Account: "B", Into: "A", At: b.on("2025-01-02")})
		require.ErrorIs(t, err, ErrMergeCycle)
		assert.True(t, b.merge("A", "B", "2025-01-03").Replayed)
		_, err = b.Merge(ctx, MergeRequest{Account: "A", Into: "A", At: b.on("2025-01-02")})
		require.ErrorIs(t, err, ErrSameAccount)
		r := b.must(b.Merge(ctx, MergeRequest{Account: "A", Into: "B", Key: "other", At: b.on("2025-01-03")}))
		assert.True(t, r.Replayed)
		assert.Equal(t, Balance{Available: 20}, r.Balance)
	})

	_ = spec("H12", func(t *testing.T) {
		b := newBench(t, nil)
		ops := []Op{
			EarnRequest{Account: "a", Key: "1", Points: 10, At: b.on("2025-01-01")},
			RedeemRequest{Account: "a", Key: "2", Points: 11, At: b.on("2025-01-01")},
			RedeemRequest{Account: "a", Key: "3", Points: 4, At: b.on("2025-01-01")},
		}
		_, err := b.Atomic(ctx, ops...)
		require.ErrorIs(t, err, ErrInsufficient)
		require.ErrorContains(t, err, "operation 1")
		assert.Equal(t, Balance{}, b.balance("a", "2025-01-01"))
		results := b.BestEffort(ctx, ops...)
		require.Len(t, results, 3)
		require.NoError(t, results[0].Err)
		require.ErrorIs(t, results[1].Err, ErrInsufficient)
		require.NoError(t, results[2].Err)
		assert.EqualValues(t, 6, results[2].Receipt.Balance.Available)
	})
)

func TestMergeRepaysDebtOfEitherSide(t *testing.T) {
	for _, indebted := range []string{"A", "B"} {
		b := newBench(t, nil)
		rich := map[string]string{"A": "B", "B": "A"}[indebted]
		b.order(indebted, "1", "30", "2025-01-01")
		b.redeem(indebted, "r", 30, "2025-01-01")
		b.refund(indebted, "1", "1", "", "2025-01-02")
		b.earn(rich, "e", 100, "2025-01-01", "")
		assert.Equal(t, Balance{Available: 70}, b.merge("B", "A", "2025-01-03").Balance, indebted)
	}
}

func TestMergeChain(t *testing.T) {
	b := newBench(t, nil)
	for _, account := range []string{"A", "B", "C"} {
		b.order(account, "7", "100", "2025-01-01")
	}
	b.merge("C", "B", "2025-01-02")
	b.merge("B", "A", "2025-01-03")
	assert.EqualValues(t, 300, b.balance("C", "2025-01-03").Available)
	assert.True(t, b.must(b.Earn(ctx, b.orderRequest("C", "7", "100", "2025-01-01"))).Replayed)
	b.refund("C", "1", "7", "40", "2025-01-04")
	b.refund("B", "1", "7", "50", "2025-01-04")
	assert.True(t, b.refund("C", "1", "7", "40", "2025-01-05").Replayed)
	assert.EqualValues(t, 210, b.balance("A", "2025-01-05").Available)
	_, err := b.Merge(ctx, MergeRequest{Account: "A", Into: "C", At: b.on("2025-01-05")})
	require.ErrorIs(t, err, ErrMergeCycle)
}

func TestUnmerge(t *testing.T) {
	undo := func(b *bench) (Receipt, error) {
		return b.Unmerge(ctx, UnmergeRequest{Account: "B", Into: "A", Key: "u", At: b.on("2025-01-04")})
	}
	start := func() *bench {
		b := newBench(t, nil)
		b.earn("A", "e", 100, "2025-01-01", "")
		b.order("B", "7", "60", "2025-01-01")
		b.earn("B", "e", 10, "2025-01-01", "2025-06-30")
		b.merge("B", "A", "2025-01-02")
		return b
	}
	b := start()
	b.must(undo(b))
	assert.Equal(t, map[string]int64{"order:7": 60, "e": 10}, b.lots("B", "2025-01-04"))
	assert.Equal(t, map[string]int64{"e": 100}, b.lots("A", "2025-01-04"))
	assert.EqualValues(t, 60, b.refund("B", "1", "7", "", "2025-01-05").Points)
	assert.True(t, b.must(undo(b)).Replayed)

	b = start()
	b.earn("A", "f", 5, "2025-01-03", "")
	b.must(undo(b))
	assert.Equal(t, Balance{Available: 105}, b.balance("A", "2025-01-04"), "what A did alone does not matter")

	b = start()
	b.redeem("A", "r", 5, "2025-01-03")
	b.refund("B", "1", "7", "10", "2025-01-03")
	_, err := undo(b)
	var unclean *NotCleanError
	require.ErrorAs(t, err, &unclean)
	require.ErrorIs(t, err, ErrNotClean)
	assert.ElementsMatch(t, []string{"redeem", "refund", "claw"}, unclean.Blocks)
}

func TestOpeningBalance(t *testing.T) {
	b := newBench(t, nil)
	open := OpenRequest{
		Account: "a", Key: "o", At: b.on("2025-01-01"), By: By{"ann", "from the old system"},
		Lots: []OpeningLot{
			{Points: 30, EarnedAt: b.on("2024-05-01"), ExpiresAt: b.on("2025-05-01")},
			{Points: 70, EarnedAt: b.on("2024-08-01")},
		},
	}
	assert.EqualValues(t, 100, b.must(b.Open(ctx, open)).Balance.Available)
	acc, err := b.Account(ctx, "a", b.on("2025-01-01"))
	require.NoError(t, err)
	assert.True(t, acc.Lots[0].Migrated)
	assert.Equal(t, b.on("2024-05-01").UTC(), acc.Lots[0].EarnedAt)
	assert.EqualValues(t, 70, b.balance("a", "2025-05-01").Available)

	open.Key = "p"
	_, err = b.Open(ctx, open)
	require.ErrorIs(t, err, ErrOutOfOrder, "behind what is entered already")
}
