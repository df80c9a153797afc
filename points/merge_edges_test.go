package points

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// verified checks the books of accounts.
func (b *bench) verified(accounts ...string) {
	b.t.Helper()
	for _, a := range accounts {
		require.NoError(b.t, b.Verify(context.Background(), a), a)
	}
}

func TestReinstateWhatAnAliasRedeemed(t *testing.T) {
	ctx := context.Background()
	for name, terms := range map[string]Terms{"original expiry": {Reinstate: OriginalExpiry}, "grace": {}} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, func(c *Config) { c.Terms = terms })
			b.earn("c", "signup", 100, "2025-01-02", "2025-07-02")
			b.earn("b", "signup", 70, "2025-02-02", "2025-08-02")
			b.earn("a", "signup", 50, "2025-03-02", "2025-09-02")
			b.must(b.Redeem(ctx, RedeemRequest{Account: "c", Key: "r", Points: 60, At: b.on("2025-01-03"), Spend: Spend{Order: "7"}}))
			b.merge("c", "b", "2025-03-03")
			b.must(b.Redeem(ctx, RedeemRequest{Account: "c", Key: "r2", Points: 40, At: b.on("2025-03-03"), Spend: Spend{Order: "7"}}))
			b.merge("c", "a", "2025-03-04") // which is b by now
			r := b.must(b.Cancel(ctx, CancelRequest{Account: "c", Order: "7", At: b.on("2025-03-05")}))
			assert.EqualValues(t, 100, r.Reinstated)
			assert.EqualValues(t, 220, r.Balance.Available)
			b.verified("a", "b", "c")

			assert.EqualValues(t, 120, b.balance("a", "2025-07-03").Available, "the points of c end when they did")
			_, err := b.Reinstate(ctx, ReinstateRequest{Account: "c", Key: "x", Redemption: "r", Points: 1, At: b.on("2025-03-06")})
			require.ErrorIs(t, err, ErrAmount, "all of it came back")
			_, err = b.Statement(ctx, "a", time.Time{}, b.on("2025-10-01"))
			require.NoError(t, err)
		})
	}
}

func TestReinstateExpiredPointsOfAnAlias(t *testing.T) {
	ctx := context.Background()
	b := newBench(t, nil)
	b.order("a", "7", "30", "2025-01-02") // another order of the same number
	b.earn("b", "k", 100, "2025-01-02", "2025-01-31")
	b.must(b.Redeem(ctx, RedeemRequest{Account: "b", Key: "r", Points: 100, At: b.on("2025-01-03"), Spend: Spend{Order: "7"}}))
	b.merge("b", "a", "2025-02-04")
	r := b.must(b.Cancel(ctx, CancelRequest{Account: "b", Order: "7", At: b.on("2025-02-05")}))
	assert.EqualValues(t, 130, r.Balance.Available)
	b.verified("a", "b")
}

func TestWinACaseOfAnAlias(t *testing.T) {
	ctx := context.Background()
	b := newBench(t, nil)
	b.order("b", "7", "100", "2025-01-02")
	b.order("a", "7", "30", "2025-01-02")
	b.must(b.Chargeback(ctx, ChargebackRequest{Account: "b", Chargeback: "c", Order: "7", At: b.on("2025-01-03")}))
	b.merge("b", "a", "2025-01-04")
	r := b.must(b.Win(ctx, WinRequest{Account: "b", Chargeback: "c", Order: "7", At: b.on("2025-01-05")}))
	assert.EqualValues(t, 130, r.Balance.Available)
	b.verified("a", "b")

	r = b.must(b.Refund(ctx, RefundRequest{Account: "a", Refund: "1", Order: "7", At: b.on("2025-01-06"), Return: Return{Everything: true}}))
	assert.EqualValues(t, 100, r.Balance.Available, "the order of a loses its own points")
	r = b.must(b.Refund(ctx, RefundRequest{Account: "b", Refund: "1", Order: "7", At: b.on("2025-01-06"), Return: Return{Everything: true}}))
	assert.Equal(t, Balance{}, r.Balance)
	b.verified("a", "b")
}

func TestCaptureOfAnAliasComesBackOnce(t *testing.T) {
	ctx := context.Background()
	b := newBench(t, nil)
	b.earn("b", "k", 100, "2025-01-02", "")
	b.must(b.Hold(ctx, HoldRequest{Account: "b", Hold: "h", Points: 60, At: b.on("2025-01-03"), TTL: 9999 * time.Hour, Spend: Spend{Order: "7"}}))
	b.merge("b", "a", "2025-01-04")
	b.must(b.Capture(ctx, CaptureRequest{Account: "b", Hold: "h", At: b.on("2025-01-05")}))
	_, err := b.Void(ctx, VoidRequest{Account: "b", Hold: "h", At: b.on("2025-01-05")})
	var closed *HoldClosedError
	require.ErrorAs(t, err, &closed)
	assert.Equal(t, KindCapture, closed.By)
	b.must(b.Reinstate(ctx, ReinstateRequest{Account: "b", Key: "x", Redemption: "capture:h", Points: 50, At: b.on("2025-01-06")}))
	_, err = b.Reinstate(ctx, ReinstateRequest{Account: "b", Key: "y", Redemption: "capture:h", Points: 11, At: b.on("2025-01-06")})
	require.ErrorIs(t, err, ErrAmount)
	r := b.must(b.Cancel(ctx, CancelRequest{Account: "b", Order: "7", At: b.on("2025-01-07")}))
	assert.EqualValues(t, 10, r.Reinstated)
	assert.EqualValues(t, 100, r.Balance.Available)
	b.verified("a", "b")
}

func TestBalanceOfAnAliasBeforeItsMerge(t *testing.T) {
	b := newBench(t, nil)
	b.earn("c", "k", 7, "2025-01-02", "2025-01-31")
	b.earn("b", "k", 70, "2025-01-02", "")
	b.earn("a", "k", 100, "2025-01-02", "")
	b.merge("c", "b", "2025-01-10")
	b.merge("b", "a", "2025-01-20")
	for account, want := range map[string]map[string]int64{
		"c": {"2025-01-05": 7, "2025-01-10": 77, "2025-01-15": 77, "2025-01-20": 177, "2025-02-01": 170},
		"b": {"2025-01-05": 70, "2025-01-10": 77, "2025-01-15": 77, "2025-01-20": 177, "2025-02-01": 170},
		"a": {"2025-01-05": 100, "2025-01-10": 100, "2025-01-15": 100, "2025-01-20": 177, "2025-02-01": 170},
	} {
		for at, n := range want {
			assert.Equal(t, Balance{Available: n}, b.balance(account, at), account+" on "+at)
			s, err := b.Statement(ctx, account, time.Time{}, b.on(at).Add(time.Microsecond))
			require.NoError(t, err)
			assert.Equal(t, Balance{Available: n}, s.Closing, account+" on "+at)
		}
	}
}

// eraser is a store whose nth erasure fails.
type eraser struct {
	*MemStore
	left *int
}

func (s eraser) Erase(ctx context.Context, account string) error {
	if *s.left--; *s.left == 0 {
		return errors.New("disk full")
	}
	return s.MemStore.Erase(ctx, account)
}

func TestForgetAMemberOfSeveralAccounts(t *testing.T) {
	for fails := range 5 { // the last attempt meets no fault
		for _, name := range []string{"a", "b", "c", "d"} {
			t.Run(key(name+" fails ", fails), func(t *testing.T) {
				b := newBench(t, nil)
				for i, account := range []string{"a", "b", "c", "d", "apart"} {
					b.order(account, "7", key("10", i), "2025-01-02")
				}
				b.merge("c", "b", "2025-01-03")
				b.merge("b", "a", "2025-01-04")
				b.merge("d", "a", "2025-01-05")
				left := fails + 1
				l, err := New(eraser{b.store, &left}, b.Policy())
				require.NoError(t, err)
				forget := ForgetRequest{Account: name, Key: "f", At: b.on("2025-01-11"), By: By{"ann", "asked to be erased"}}
				first, err := l.Forget(ctx, forget)
				assert.Equal(t, fails < 4, err != nil)
				assert.EqualValues(t, 100+101+102+103, first.Points)
				left = 0 // no further fault
				again, err := l.Forget(ctx, forget)
				require.NoError(t, err)
				assert.True(t, again.Replayed)
				assert.Equal(t, first.Version, again.Version)
				assert.Equal(t, first.Points, again.Points)
				for _, account := range []string{"a", "b", "c", "d"} {
					assert.NotContains(t, b.raw(account), `"request"`, account)
				}
				assert.Contains(t, b.raw("apart"), `"request"`)
				b.verified("a", "b", "c", "d")
				_, err = l.Earn(ctx, b.orderRequest("b", "8", "1", "2025-01-12"))
				require.ErrorIs(t, err, ErrForgotten)
				_, err = l.Adjust(ctx, AdjustRequest{Account: name, Key: "f", Points: 1, At: b.on("2025-01-12"), By: By{"ann", "x"}})
				require.ErrorIs(t, err, ErrForgotten)
			})
		}
	}
}

func TestMergeSharesTheInactivityDeadline(t *testing.T) {
	for name, c := range map[string]struct {
		a, b   string // the last activity of each
		counts []string
		ends   string // the last day of all points
	}{
		"that of the survivor": {"2025-05-01", "2025-03-01", nil, "2026-05-01"},
		"that of the alias":    {"2025-03-01", "2025-05-01", nil, "2026-05-01"},
		"the merge":            {"2025-03-01", "2025-05-01", []string{"earn", "merge"}, "2026-06-01"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, func(c2 *Config) {
				inactive(c2)
				c2.Terms.Activity = c.counts
			})
			b.earnIdle("a", "k", 100, c.a)
			b.earnIdle("b", "k", 70, c.b)
			b.must(b.Earn(ctx, EarnRequest{Account: "a", Key: "fixed", Points: 5, At: b.on("2025-01-01"), Expiry: &Expiry{Through: "2025-12-31"}}))
			b.merge("b", "a", "2025-06-01")
			assert.Equal(t, Balance{Available: 170}, b.balance("a", c.ends))
			next := b.on(c.ends).AddDate(0, 0, 1).Format(time.DateOnly)
			assert.Equal(t, Balance{}, b.balance("a", next))
			b.verified("a", "b")

			past := b.expiring("a", "2025-06-01", 400)
			assert.Equal(t, map[string]int64{"2026-01-01": 5, next: 170}, past)
			b.earnIdle("a", "later", 1, "2025-07-01")
			assert.Equal(t, past, b.expiring("a", "2025-06-01", 400), "told again later")
			assert.Equal(t, Balance{Available: 171}, b.balance("a", "2026-07-01"))
			b.verified("a")
		})
	}
}

func TestUnmergeKeepsTheInactivityDeadline(t *testing.T) {
	b := newBench(t, inactive)
	b.earnIdle("a", "k", 100, "2025-03-01")
	b.earnIdle("b", "k", 70, "2025-01-01")
	b.merge("b", "a", "2025-06-01")
	b.must(b.Unmerge(ctx, UnmergeRequest{Account: "b", Into: "a", Key: "u", At: b.on("2025-06-02")}))
	assert.Equal(t, map[string]int64{"2026-03-02": 70}, b.expiring("b", "2025-06-02", 400))
	b.must(b.Adjust(ctx, AdjustRequest{Account: "b", Key: "late", Points: 10, At: b.on("2024-12-01"), By: By{"ann", "forgotten"}}))
	assert.Equal(t, Balance{Available: 80}, b.balance("b", "2026-03-01"))
	assert.Equal(t, Balance{}, b.balance("b", "2026-03-02"), "one deadline for all")
	b.verified("a", "b")
}

func TestMergeRevivesNothing(t *testing.T) {
	b := newBench(t, inactive)
	b.earnIdle("b", "k", 70, "2024-06-01")
	b.hold("b", "h", 70, "2025-06-01", 72*time.Hour)
	b.earnIdle("a", "k", 100, "2025-05-01")
	b.merge("b", "a", "2025-06-02")
	assert.Equal(t, Balance{Available: 100}, b.balance("a", "2025-06-04"), "the points that were held have lapsed")
	b.verified("a", "b")
}

func TestUnmergeSeesWhatCameByItsAliases(t *testing.T) {
	for name, c := range map[string]struct {
		since func(*bench)
		want  []string
	}{
		"nothing": {func(*bench) {}, nil},
		"by the survivor": {func(b *bench) {
			b.order("c", "8", "5", "2025-01-05")
			b.must(b.gift("c", "d", "g", 1, "2025-01-05"))
			b.must(b.gift("d", "c", "g", 1, "2025-01-06"))
		}, nil},
		"by itself":               {func(b *bench) { b.order("b", "8", "5", "2025-01-05") }, []string{"earn"}},
		"by an alias":             {func(b *bench) { b.order("a", "8", "5", "2025-01-05") }, []string{"earn"}},
		"by an alias of an alias": {func(b *bench) { b.order("aa", "8", "5", "2025-01-05") }, []string{"earn"}},
		"a refund by an alias":    {func(b *bench) { b.refund("a", "r", "9", "0.01", "2025-01-05") }, []string{"refund"}},
		"a gift to it":            {func(b *bench) { b.must(b.gift("d", "b", "g", 1, "2025-01-05")) }, []string{"receive"}},
		"a gift to an alias":      {func(b *bench) { b.must(b.gift("d", "aa", "g", 1, "2025-01-05")) }, []string{"receive"}},
		"a merge into an alias":   {func(b *bench) { b.merge("d", "a", "2025-01-05") }, []string{"merge"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, nil)
			for _, account := range []string{"aa", "a", "b", "c", "d"} {
				b.order(account, "7", "100", "2025-01-01")
			}
			b.merge("aa", "a", "2025-01-02")
			b.merge("a", "b", "2025-01-02")
			b.merge("b", "c", "2025-01-03")
			c.since(b)
			_, err := b.Unmerge(ctx, UnmergeRequest{Account: "b", Into: "c", Key: "u", At: b.on("2025-01-07")})
			if c.want == nil {
				require.NoError(t, err)
				assert.Equal(t, Balance{Available: 300}, b.balance("aa", "2025-01-07"))
				b.verified("aa", "a", "b", "c", "d")
				return
			}
			var unclean *NotCleanError
			require.ErrorAs(t, err, &unclean)
			assert.Equal(t, c.want, unclean.Blocks)
		})
	}
}

// An event that happened before the merge is told after it: nothing happens to a lot before it came.
func TestConfirmBeforeMerge(t *testing.T) {
	b := newBench(t, nil)
	b.must(b.Earn(ctx, EarnRequest{Account: "a", Key: "k", Points: 10, At: b.on("2025-01-01"), Pending: &Pending{Event: "received"}}))
	b.must(b.Merge(ctx, MergeRequest{Account: "a", Into: "b", At: b.on("2025-01-10")}))
	r := b.must(b.Confirm(ctx, ConfirmRequest{Account: "a", Of: "k", Event: "received", At: b.on("2025-01-05")}))
	assert.Equal(t, Balance{Available: 10}, r.Balance)
	require.NoError(t, b.Verify(ctx, "b"))
	was, err := b.Balance(ctx, "b", b.on("2025-01-09"))
	require.NoError(t, err)
	assert.Zero(t, was)
}
