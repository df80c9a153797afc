package points

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func (b *bench) action(account, id, at string) Receipt {
	b.t.Helper()
	a, err := b.Policy().Action(id, "", b.on(at))
	require.NoError(b.t, err)
	return b.must(b.Earn(ctx, EarnRequest{Account: account, Award: &a, At: b.on(at)}))
}

// However two accounts came to their sign-up points and to one another, one sign-up is left.
func TestDedupeOnce(t *testing.T) {
	cases := map[string]struct {
		live func(b *bench)
		want Balance
	}{
		"spent": {func(b *bench) {
			b.action("b", "sign_up", "2025-01-01")
			b.redeem("b", "r", 50, "2025-01-02")
		}, Balance{}},
		"taken for another order": {func(b *bench) {
			b.order("b", "7", "100", "2025-01-01")
			b.redeem("b", "r", 100, "2025-01-01")
			b.action("b", "sign_up", "2025-01-02")
			b.refund("b", "1", "7", "", "2025-01-03")
		}, Balance{Debt: 50}},
		"taken and given back": {func(b *bench) {
			b.order("b", "7", "100", "2025-01-01")
			b.redeem("b", "r", 100, "2025-01-01")
			b.action("b", "sign_up", "2025-01-02")
			b.must(b.Chargeback(ctx, ChargebackRequest{Account: "b", Chargeback: "c", Order: "7", At: b.on("2025-01-03")}))
			b.must(b.Win(ctx, WinRequest{Account: "b", Chargeback: "c", Order: "7", At: b.on("2025-01-04")}))
		}, Balance{Available: 50}},
		"through a chain": {func(b *bench) {
			b.action("c", "sign_up", "2025-01-01")
			b.earn("b", "x", 1, "2025-01-01", "")
			b.merge("c", "b", "2025-01-02")
		}, Balance{Available: 51}},
		"another before": {func(b *bench) {
			b.earn("b", "x", 1, "2025-01-01", "")
			b.action("c", "sign_up", "2025-01-01")
			b.merge("c", "a", "2025-01-02")
		}, Balance{Available: 51}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, signUp)
			b.action("a", "sign_up", "2025-01-01")
			c.live(b)
			assert.Equal(t, c.want, b.merge("b", "a", "2025-01-05").Balance)
			b.verified("a", "b")
		})
	}
	t.Run("a star", func(t *testing.T) {
		b := newBench(t, signUp)
		b.action("b", "sign_up", "2025-01-01")
		b.action("c", "sign_up", "2025-01-01")
		b.earn("a", "x", 1, "2025-01-01", "")
		b.merge("b", "a", "2025-01-02")
		assert.Equal(t, Balance{Available: 51}, b.merge("c", "a", "2025-01-03").Balance)
		b.verified("a", "b", "c")
	})
}

// No more is taken back than was given.
func TestDedupeOfAnAwardThatACapCut(t *testing.T) {
	b := newBench(t, func(c *Config) {
		signUp(c)
		c.Actions = append(c.Actions, Action{ID: "review", Points: 50})
		c.Caps = []Cap{{ID: "m", Per: EachMonth, Points: 60}}
	})
	b.action("a", "sign_up", "2025-01-01")
	first, err := b.Policy().Action("review", "", b.on("2025-01-01"))
	require.NoError(t, err)
	second, err := b.Policy().Action("sign_up", "", b.on("2025-01-01"))
	require.NoError(t, err)
	b.must(b.Earn(ctx, EarnRequest{Account: "b", Award: &first, At: b.on("2025-01-01")}))
	require.EqualValues(t, 10, b.must(b.Earn(ctx, EarnRequest{Account: "b", Award: &second, At: b.on("2025-01-01")})).Points)
	assert.Equal(t, Balance{Available: 100}, b.merge("b", "a", "2025-01-02").Balance)
}

// After a merge, too, nobody is given twice under two names, until the merge is undone.
func TestOnceUnderEveryName(t *testing.T) {
	again := func(b *bench, account, at string) error {
		a, err := b.Policy().Action("sign_up", "", b.on(at))
		require.NoError(b.t, err)
		_, err = b.Earn(ctx, EarnRequest{Account: account, Award: &a, At: b.on(at)})
		return err
	}
	for _, had := range []string{"a", "b", "c"} {
		b := newBench(t, signUp)
		b.action(had, "sign_up", "2025-01-01")
		for _, name := range []string{"a", "b", "c"} {
			b.earn(name, "x", 1, "2025-01-01", "")
		}
		b.merge("c", "b", "2025-01-02")
		b.merge("b", "a", "2025-01-02")
		for _, name := range []string{"a", "b", "c"} {
			if name != had { // for which it is a replay
				require.ErrorIs(t, again(b, name, "2025-01-03"), ErrAlreadyGranted, "%s after %s", name, had)
			}
		}
		b.must(b.Unmerge(ctx, UnmergeRequest{Account: "b", Into: "a", Key: "u", At: b.on("2025-01-04")}))
		if had == "a" {
			require.NoError(t, again(b, "b", "2025-01-05"))
		} else {
			require.NoError(t, again(b, "a", "2025-01-05"))
		}
		b.verified("a", "b", "c")
	}
}

// What a merge took for an award that both had is not given back by undoing it, so it stands in the way.
func TestUnmergeAfterDedupe(t *testing.T) {
	for _, spent := range [][]string{{}, {"b"}, {"a", "b"}} {
		b := newBench(t, signUp)
		for _, name := range []string{"a", "b"} {
			b.action(name, "sign_up", "2025-01-01")
		}
		for _, name := range spent {
			b.redeem(name, "r", 50, "2025-01-02")
		}
		b.merge("b", "a", "2025-01-03")
		_, err := b.Unmerge(ctx, UnmergeRequest{Account: "b", Into: "a", Key: "u", At: b.on("2025-01-04")})
		var blocked *NotCleanError
		require.ErrorAs(t, err, &blocked)
		assert.Contains(t, blocked.Blocks, "claw")
	}
}

func TestMergeOverflow(t *testing.T) {
	const half = math.MaxInt64 / 2
	b := newBench(t, nil)
	b.earn("b", "k", half, "2025-01-01", "")
	b.must(b.Earn(ctx, EarnRequest{Account: "b", Key: "p", Points: half, At: b.on("2025-01-01"), Pending: &Pending{Days: 3}}))
	b.earn("a", "k", half-5, "2025-01-01", "")
	before := b.raw("a") + b.raw("b")
	_, err := b.Merge(ctx, MergeRequest{Account: "b", Into: "a", At: b.on("2025-01-02")})
	require.ErrorIs(t, err, ErrOverflow)
	assert.Equal(t, before, b.raw("a")+b.raw("b"))
}

// A member whose merge is undone goes on where their own check-ins stood.
func TestUnmergeGivesTheStreakBack(t *testing.T) {
	b := newBench(t, func(c *Config) { c.CheckIn = &CheckIn{Points: []int64{1, 2, 4, 8}} })
	visit := func(account, at string) int64 {
		return b.must(b.CheckIn(ctx, CheckInRequest{Account: account, Key: at, At: b.on(at)})).Points
	}
	for _, day := range []string{"2025-01-01", "2025-01-02", "2025-01-03"} {
		visit("b", day)
	}
	visit("a", "2025-01-03")
	b.merge("b", "a", "2025-01-03 12:00")
	b.must(b.Unmerge(ctx, UnmergeRequest{Account: "b", Into: "a", Key: "u", At: b.on("2025-01-03 13:00")}))
	assert.EqualValues(t, 2, visit("a", "2025-01-04"))
	assert.EqualValues(t, 8, visit("b", "2025-01-04"))
}

// A merge that comes late is dated when it became known, in the receipt as in the books.
func TestMergeReceiptIsDatedLikeItsChange(t *testing.T) {
	b := newBench(t, nil)
	b.earn("b", "k", 1, "2025-01-01", "")
	b.earn("a", "k", 1, "2025-02-01", "")
	assert.Equal(t, b.on("2025-02-01").UTC(), b.merge("b", "a", "2025-01-15").At)
}

// An award that came under the name of a merged account is known under the others.
func TestOnceUnderAnAliasAfterTheMerge(t *testing.T) {
	start := func() *bench {
		b := newBench(t, signUp)
		for _, name := range []string{"a", "b", "d"} {
			b.earn(name, "x", 1, "2025-01-01", "")
		}
		b.merge("b", "a", "2025-01-02")
		b.action("b", "sign_up", "2025-01-03")
		return b
	}
	b := start()
	award, err := b.Policy().Action("sign_up", "", b.on("2025-01-04"))
	require.NoError(t, err)
	_, err = b.Earn(ctx, EarnRequest{Account: "a", Award: &award, At: b.on("2025-01-04")})
	require.ErrorIs(t, err, ErrAlreadyGranted)
	b = start()
	b.action("d", "sign_up", "2025-01-04")
	assert.Equal(t, Balance{Available: 53}, b.merge("d", "a", "2025-01-05").Balance)
	b.verified("a", "b", "d")
}

// What has expired of an award is not taken back, however many merges brought it.
func TestDedupeOfAnExpiredAwardThroughAChain(t *testing.T) {
	b := newBench(t, signUp)
	award, err := b.Policy().Action("sign_up", "", b.on("2025-01-01"))
	require.NoError(t, err)
	award.Lots[0].ExpiresAt = b.on("2025-03-01")
	b.must(b.Earn(ctx, EarnRequest{Account: "c", Award: &award, At: b.on("2025-01-01")}))
	b.earn("b", "x", 1, "2025-01-01", "2025-01-15")
	b.merge("c", "b", "2025-01-02")
	b.earn("a", "x", 100, "2025-01-01", "")
	b.merge("b", "a", "2025-01-03")
	b.earn("m", "x", 1, "2025-01-01", "")
	b.action("m", "sign_up", "2025-03-02")
	assert.EqualValues(t, 151, b.merge("a", "m", "2025-04-01").Balance.Available)
	b.verified("a", "b", "c", "m")
}
