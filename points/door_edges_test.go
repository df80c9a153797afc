package points

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// unharmed checks that an account is sound and that its history can be told.
func (b *bench) unharmed(account string) {
	b.t.Helper()
	require.NoError(b.t, b.Verify(ctx, account))
	_, err := b.Statement(ctx, account, time.Time{}, b.on("2099-01-01"))
	require.NoError(b.t, err)
}

func TestRequestRefusesTimingThatPolicyWouldRefuse(t *testing.T) {
	tooDeep := Expiry{Days: 1}
	for range maxNested + 1 {
		tooDeep = Expiry{Later: []Expiry{tooDeep}}
	}
	for _, e := range []Expiry{
		{Days: -400}, {Days: math.MaxInt}, {Months: math.MaxInt}, {Months: -13}, {Align: "week", Days: 1},
		{From: "bogus", Days: 3}, {Through: "soon"}, {Through: "9999-12-31"}, {Through: "0000-12-31"}, {Days: 1, Through: "2026-01-01"},
		{Earlier: []Expiry{{Days: 30}, {Months: -1}}}, tooDeep,
	} {
		t.Run(fmt.Sprintf("%+v", e), func(t *testing.T) {
			b := newBench(t, func(c *Config) { c.Zone = "America/New_York" })
			_, err := b.Earn(ctx, EarnRequest{Account: "a", Key: "k", Points: 100, At: b.on("2025-01-02"), Expiry: &e})
			require.ErrorIs(t, err, ErrAmount)
			assert.Contains(t, err.Error(), "expiry")
			_, err = b.Adjust(ctx, AdjustRequest{Account: "a", Key: "k", Points: 100, At: b.on("2025-01-02"), Expiry: &e, By: By{"clerk", "gift"}})
			require.ErrorIs(t, err, ErrAmount)
			assert.Zero(t, must(b.store.Load(ctx, "a")).Version)
		})
	}
	for _, w := range []Pending{{Days: -5}, {Days: math.MaxInt}, {Hours: math.MaxInt}, {Hours: -50}, {Days: 1, Hours: 1}, {Event: string(make([]byte, 300))}} {
		t.Run(fmt.Sprintf("%+v", w), func(t *testing.T) {
			b := newBench(t, nil)
			_, err := b.Earn(ctx, EarnRequest{Account: "a", Key: "k", Points: 100, At: b.on("2025-01-02"), Pending: &w})
			require.ErrorIs(t, err, ErrAmount)
			assert.Contains(t, err.Error(), "pending")
			assert.Zero(t, must(b.store.Load(ctx, "a")).Version)
		})
	}
}

func TestPointsEarnedAfterTheirFixedEndAreBornExpired(t *testing.T) {
	for _, wait := range []Pending{{}, {Days: 3}} {
		b := newBench(t, func(c *Config) { c.Expiry = Expiry{Through: "2024-12-31"}; c.Pending = wait })
		r := b.must(b.Earn(ctx, EarnRequest{Account: "a", Key: "k", Points: 100, At: b.on("2025-01-02")}))
		assert.Equal(t, Balance{}, r.Balance)
		assert.Equal(t, Balance{}, b.order("a", "7", "100", "2025-01-03").Balance)
		b.unharmed("a")
	}
}

func TestNothingIsBookedBeyondTheYear9999(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Expiry = Expiry{Months: 12} })
	late, beyond := time.Date(9999, 6, 1, 0, 0, 0, 0, time.UTC), time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
	order := b.orderRequest("a", "7", "100", "2025-01-02")
	order.Order.Received = beyond
	for name, op := range map[string]Op{
		"order":   order,
		"edit":    EditRequest{Account: "a", Edit: "1", Order: order.Order},
		"expiry":  EarnRequest{Account: "a", Key: "k", Points: 1, At: late},
		"hold":    HoldRequest{Account: "b", Hold: "h", Points: 1, At: late, TTL: 365 * 24 * time.Hour},
		"prolong": ProlongRequest{Account: "c", Hold: "h", Key: "p", At: late, TTL: 365 * 24 * time.Hour},
		"opening": OpenRequest{Account: "a", Key: "k", Lots: []OpeningLot{{Points: 1, EarnedAt: b.on("2025-01-01"), ExpiresAt: beyond}}, By: By{"clerk", "import"}},
		"extend":  ExtendRequest{Account: "d", Lot: "k", Key: "x", Days: maxExtension, At: late, By: By{"clerk", "why"}},
	} {
		t.Run(name, func(t *testing.T) {
			account := op.head().account
			if account != "a" {
				b.must(b.Open(ctx, OpenRequest{Account: account, Key: "k", Lots: []OpeningLot{{Points: 9, EarnedAt: b.on("2025-01-01"), ExpiresAt: late.AddDate(0, 1, 0)}}, By: By{"clerk", "import"}}))
			}
			if account == "c" {
				b.must(b.Hold(ctx, HoldRequest{Account: "c", Hold: "h", Points: 1, At: late, TTL: time.Hour}))
			}
			before := must(b.store.Load(ctx, account))
			_, err := b.Do(ctx, op)
			require.ErrorContains(t, err, "beyond the years 1 to 9999")
			assert.Equal(t, before, must(b.store.Load(ctx, account)))
		})
	}
	_, err := b.Policy().Award(*order.Order)
	require.ErrorIs(t, err, ErrAmount)
}

func TestOrderRefusesABirthdayThatIsNoDay(t *testing.T) {
	b := newBench(t, nil)
	for _, born := range []MonthDay{{time.February, 30}, {13, 1}, {time.May, 0}, {0, 7}, {-1, -1}} {
		r := b.orderRequest("a", "7", "100", "2025-01-02")
		r.Order.Birthday = born
		_, err := b.Earn(ctx, r)
		require.ErrorIs(t, err, ErrAmount, "%+v", born)
		_, err = b.Policy().Award(*r.Order)
		require.ErrorIs(t, err, ErrAmount, "%+v", born)
	}
	b.order("a", "7", "100", "2025-01-02")
	r := b.orderRequest("a", "7", "120", "2025-01-02")
	r.Order.Birthday = MonthDay{time.April, 31}
	_, err := b.Edit(ctx, EditRequest{Account: "a", Edit: "1", Order: r.Order})
	require.ErrorIs(t, err, ErrAmount)
}

func TestMoneyOfASpendIsCheckedWithAnOrderToo(t *testing.T) {
	b := newBench(t, nil)
	b.earn("a", "k", 100, "2025-01-01", "")
	for _, s := range []Spend{
		{Order: "7", Money: dec("-5")}, {Order: "7", Cash: dec("-0.01")}, {Order: "7", Lines: []decimal.Decimal{dec("1"), dec("-1")}},
		{Order: "7", Money: decimal.New(1, 40)}, {Reward: "mug", Money: dec("-5")},
	} {
		_, err := b.Redeem(ctx, RedeemRequest{Account: "a", Key: "r", Points: 10, At: b.on("2025-01-02"), Spend: s})
		require.ErrorIs(t, err, ErrAmount)
		_, err = b.Hold(ctx, HoldRequest{Account: "a", Hold: "h", Points: 10, At: b.on("2025-01-02"), TTL: time.Hour, Spend: s})
		require.ErrorIs(t, err, ErrAmount)
	}
	_, err := b.Redeem(ctx, RedeemRequest{Account: "a", Key: "r", Points: 10, At: b.on("2025-01-02"), Spend: Spend{Order: "7", Reward: "a\x00b"}})
	require.ErrorIs(t, err, ErrID)
	assert.Equal(t, Balance{Available: 100}, b.balance("a", "2025-01-02"))
}

func TestGrowthCannotBeSpent(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Growth, c.Redeem = true, nil })
	b.earn("a", "k", 100, "2025-01-01", "")
	at := b.on("2025-01-02")
	for _, op := range []Op{
		RedeemRequest{Account: "a", Key: "r", Points: 10, At: at},
		HoldRequest{Account: "a", Hold: "h", Points: 10, At: at, TTL: time.Hour},
		TransferRequest{Account: "a", To: "b", Key: "t", Points: 10, At: at},
	} {
		_, err := b.Do(ctx, op)
		require.ErrorIs(t, err, ErrGrowth)
	}
	assert.Equal(t, Balance{Available: 100}, b.balance("a", "2025-01-02"))
}

func TestDayLimitBoundsWhatIsGivenAway(t *testing.T) {
	start := func(t *testing.T, perDay int64) *bench {
		b := newBench(t, func(c *Config) { c.Terms.TransferPerDay = perDay })
		b.earn("a", "k", 200, "2025-01-01", "")
		b.earn("b", "k", 200, "2025-01-01", "")
		return b
	}
	refused := func(b *bench, from, key string, n int64, at string) {
		b.t.Helper()
		before := b.raw(from)
		_, err := b.gift(from, "z", key, n, at)
		require.ErrorIs(b.t, err, ErrDayLimit)
		assert.Equal(b.t, before, b.raw(from))
	}
	t.Run("a day", func(t *testing.T) {
		b := start(t, 50)
		refused(b, "a", "g1", 51, "2025-01-02")
		b.must(b.Transfer(ctx, TransferRequest{Account: "a", To: "b", Key: "g1", Points: 30, Fee: 90, At: b.on("2025-01-02")}))
		b.must(b.gift("a", "c", "g2", 20, "2025-01-02 10:00"))
		assert.True(t, b.must(b.gift("a", "c", "g2", 20, "2025-01-02 11:00")).Replayed)
		refused(b, "a", "g3", 1, "2025-01-02 23:59:59")
		b.must(b.gift("b", "a", "g", 50, "2025-01-02 23:59:59"))
		b.must(b.gift("a", "c", "g3", 50, "2025-01-03"))
		b.redeem("a", "r", 60, "2025-01-03")
		b.verified("a", "b", "c")
	})
	t.Run("two accounts that become one", func(t *testing.T) {
		b := start(t, 50)
		b.must(b.gift("a", "c", "g", 30, "2025-01-02"))
		b.must(b.gift("b", "c", "g", 30, "2025-01-02"))
		b.merge("b", "a", "2025-01-02")
		refused(b, "b", "g2", 1, "2025-01-02")
		b.must(b.Unmerge(ctx, UnmergeRequest{Account: "b", Into: "a", Key: "u", At: b.on("2025-01-02")}))
		b.must(b.gift("a", "c", "g2", 20, "2025-01-02"))
		refused(b, "b", "g2", 21, "2025-01-02")
	})
	t.Run("no bound", func(t *testing.T) {
		b := start(t, 0)
		b.must(b.gift("a", "c", "g", 200, "2025-01-02"))
		acc, err := b.Account(ctx, "a", b.on("2025-01-02"))
		require.NoError(t, err)
		assert.Empty(t, acc.Uses)
	})
}

func TestDayLimitBoundsWhatIsRedeemedAndHeld(t *testing.T) {
	start := func(t *testing.T) *bench {
		b := newBench(t, func(c *Config) { c.Redeem.MaxPerDay = 50 })
		b.earn("a", "k", 1000, "2025-01-01", "")
		return b
	}
	redeem := func(b *bench, key string, n int64, at string) error {
		_, err := b.Redeem(ctx, RedeemRequest{Account: "a", Key: key, Points: n, At: b.on(at)})
		return err
	}
	quoted := func(b *bench, at string) int64 {
		q, err := b.Quote(ctx, "a", Ask{Order: *b.orderRequest("a", "1", "100", at).Order, At: b.on(at)})
		require.NoError(b.t, err)
		return q.Points
	}
	t.Run("redeem", func(t *testing.T) {
		b := start(t)
		require.ErrorIs(t, redeem(b, "r1", 51, "2025-01-02"), ErrDayLimit)
		require.NoError(t, redeem(b, "r1", 50, "2025-01-02"))
		require.ErrorIs(t, redeem(b, "r2", 1, "2025-01-02 23:59"), ErrDayLimit)
		require.NoError(t, redeem(b, "r2", 50, "2025-01-03"))
	})
	t.Run("partial", func(t *testing.T) {
		b := start(t)
		b.redeem("a", "r1", 30, "2025-01-02")
		r := b.must(b.Redeem(ctx, RedeemRequest{Account: "a", Key: "r2", Points: 30, AllowPartial: true, At: b.on("2025-01-02")}))
		assert.EqualValues(t, 20, r.Points)
		_, err := b.Redeem(ctx, RedeemRequest{Account: "a", Key: "r3", Points: 30, AllowPartial: true, At: b.on("2025-01-02")})
		require.ErrorIs(t, err, ErrDayLimit)
	})
	t.Run("reinstate gives back", func(t *testing.T) {
		b := start(t)
		b.redeem("a", "r1", 50, "2025-01-02")
		b.must(b.Reinstate(ctx, ReinstateRequest{Account: "a", Key: "x", Redemption: "r1", Points: 20, At: b.on("2025-01-02 10:00")}))
		assert.EqualValues(t, 20, quoted(b, "2025-01-02 10:00"))
		require.ErrorIs(t, redeem(b, "r2", 21, "2025-01-02 11:00"), ErrDayLimit)
		require.NoError(t, redeem(b, "r2", 20, "2025-01-02 11:00"))
		b.must(b.Reinstate(ctx, ReinstateRequest{Account: "a", Key: "y", Redemption: "r1", At: b.on("2025-01-03")}))
		require.NoError(t, redeem(b, "r3", 50, "2025-01-03"), "what came back counted for another day")
		require.ErrorIs(t, redeem(b, "r4", 1, "2025-01-03"), ErrDayLimit)
	})
	t.Run("cancel gives back", func(t *testing.T) {
		b := start(t)
		b.must(b.Redeem(ctx, RedeemRequest{Account: "a", Key: "r1", Points: 50, At: b.on("2025-01-02"), Spend: Spend{Order: "7"}}))
		b.must(b.Cancel(ctx, CancelRequest{Account: "a", Order: "7", At: b.on("2025-01-02")}))
		require.NoError(t, redeem(b, "r2", 50, "2025-01-02"))
	})
	t.Run("hold", func(t *testing.T) {
		b := start(t)
		b.hold("a", "h1", 30, "2025-01-02", 48*time.Hour)
		assert.EqualValues(t, 20, quoted(b, "2025-01-02"))
		_, err := b.Hold(ctx, HoldRequest{Account: "a", Hold: "h2", Points: 21, At: b.on("2025-01-02"), TTL: time.Hour})
		require.ErrorIs(t, err, ErrDayLimit)
		b.hold("a", "h2", 20, "2025-01-02", time.Hour)
		require.ErrorIs(t, redeem(b, "r", 1, "2025-01-02"), ErrDayLimit)
		b.must(b.Void(ctx, VoidRequest{Account: "a", Hold: "h2", At: b.on("2025-01-02")}))
		_, err = b.Capture(ctx, CaptureRequest{Account: "a", Hold: "h1", Points: 51, TopUp: true, At: b.on("2025-01-03")})
		require.ErrorIs(t, err, ErrDayLimit)
		b.must(b.Capture(ctx, CaptureRequest{Account: "a", Hold: "h1", Points: 45, TopUp: true, At: b.on("2025-01-03")}))
		require.ErrorIs(t, redeem(b, "r", 6, "2025-01-03"), ErrDayLimit)
		require.NoError(t, redeem(b, "r", 5, "2025-01-03"))
	})
	t.Run("timeout and part of a capture", func(t *testing.T) {
		b := start(t)
		b.hold("a", "h1", 50, "2025-01-02", time.Hour)
		b.hold("a", "h2", 50, "2025-01-02 01:00", time.Hour)
		b.must(b.Capture(ctx, CaptureRequest{Account: "a", Hold: "h2", Points: 10, At: b.on("2025-01-02 01:10")}))
		require.NoError(t, redeem(b, "r", 40, "2025-01-02 02:00"))
	})
}

func TestAwardsThatRaceForACapAreCutAsIfTheyCameInTurn(t *testing.T) {
	start := func(t *testing.T) *bench {
		return newBench(t, func(c *Config) {
			c.Actions = []Action{{ID: "share", Points: 20}}
			c.Caps = []Cap{{ID: "shares", Of: "share", Per: EachDay, Points: 30}, {ID: "month", Per: EachMonth, Points: 100}}
		})
	}
	b, turn := start(t), start(t)
	at := b.on("2025-01-02 10:00")
	var all []Award
	for i := range 5 { // what five requests at once see
		all = append(all, must(b.Policy().Action("share", fmt.Sprint(i), at)))
	}
	var granted []int64
	for i, a := range all {
		r := b.must(b.Earn(ctx, EarnRequest{Account: "a", Award: &a, At: at}))
		granted = append(granted, r.Points)
		if i > 0 {
			assert.Equal(t, []Reason{PeriodCap}, r.Reasons)
		}
		assert.True(t, b.must(b.Earn(ctx, EarnRequest{Account: "a", Award: &a, At: at})).Replayed)

		informed := must(turn.Policy().Action("share", fmt.Sprint(i), at, must(turn.Account(ctx, "a", at)).Uses...))
		turn.must(turn.Earn(ctx, EarnRequest{Account: "a", Award: &informed, At: at}))
	}
	assert.Equal(t, []int64{20, 10, 0, 0, 0}, granted)
	mine, theirs := must(b.Account(ctx, "a", at)), must(turn.Account(ctx, "a", at))
	assert.Equal(t, theirs.Uses, mine.Uses)
	assert.Equal(t, theirs.Lots, mine.Lots)

	next := b.on("2025-01-03 10:00")
	a := must(b.Policy().Action("share", "next", next))
	assert.EqualValues(t, 20, b.must(b.Earn(ctx, EarnRequest{Account: "a", Award: &a, At: next})).Points, "another day")
	b.unharmed("a")
}

func TestAwardWhosePartsContradictEachOtherIsRefused(t *testing.T) {
	b := newBench(t, func(c *Config) {
		c.Actions = []Action{{ID: "share", Points: 20, Pending: &Pending{Event: "checked"}}}
		c.Caps = []Cap{{ID: "shares", Of: "share", Per: EachDay, Points: 30}}
	})
	at := b.on("2025-01-02")
	for name, alter := range map[string]func(*Award){
		"more in lots":   func(a *Award) { a.Lots[0].Points = 1000 },
		"fewer in lots":  func(a *Award) { a.Lots = nil },
		"negative":       func(a *Award) { a.Points, a.Lots = -5, nil },
		"sum overflows":  func(a *Award) { a.Lots = []Grant{{Points: math.MaxInt64}, {Points: 21}} },
		"negative use":   func(a *Award) { a.Uses[0].Points = -1 },
		"use of nothing": func(a *Award) { a.Evidence = Evidence{} },
		"bad zone":       func(a *Award) { a.Lots[0].Timing.Zone = "Nowhere" },
		"bad expiry":     func(a *Award) { a.Lots[0].Timing.Expiry.Days = -1 },
		"year 10000":     func(a *Award) { a.At = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) },
	} {
		t.Run(name, func(t *testing.T) {
			a := must(b.Policy().Action("share", "1", at)).clone()
			alter(&a)
			_, err := b.Earn(ctx, EarnRequest{Account: "a", Award: &a, At: at})
			require.Error(t, err)
			assert.Contains(t, err.Error(), "award.")
		})
	}
	b.must(b.Earn(ctx, EarnRequest{Account: "a", Award: &Award{Key: "k:1", Points: 5, Lots: []Grant{{Points: 5}}}, At: at}))
	b.unharmed("a")
}

func TestAuditSeesWhatIsGivenForTooLittle(t *testing.T) {
	bonus := func(points int64, spend string) []Bonus {
		return []Bonus{{ID: "b", Points: points, When: When{Spend: dec(spend)}}}
	}
	burns := func(path, of string) []Finding { return []Finding{{path, Note{Reason: EarnBurn, Of: of}}} }
	for name, c := range map[string]struct {
		change func(*Config)
		want   []Finding
	}{
		"fortune for one":  {func(k *Config) { k.Bonuses = bonus(100_000, "1") }, burns("/bonuses/0", "1000.01")},
		"all of it back":   {func(k *Config) { k.Bonuses = bonus(9_900, "100") }, nil},
		"and a point more": {func(k *Config) { k.Bonuses = bonus(9_901, "100") }, burns("/bonuses/0", "1.0001")},
		"within a cap":     {func(k *Config) { k.Bonuses, k.Caps = bonus(100_000, "100"), []Cap{{ID: "c", Points: 9_000}} }, nil},
		"multiplied": {func(k *Config) {
			k.Bonuses = bonus(6_000, "100")
			k.Bonuses[0].MultiplyMe = true
			k.Modifiers = []Modifier{{ID: "m", Factor: dec("2")}}
		}, burns("/bonuses/0", "1.22")},
		"nothing to redeem": {func(k *Config) { k.Bonuses, k.Redeem = bonus(100_000, "1"), nil }, nil},
		"referral": {func(k *Config) {
			k.Referral = &Referral{Referrer: &Gift{Points: 600}, Friend: &Gift{Points: 500}, Spend: dec("10")}
			k.Caps = []Cap{{ID: "c", Of: "referrer", Per: EachMonth, Points: 6_000}}
		}, burns("/referral", "1.11")},
		"birthdays that a merge adds up": {func(k *Config) { k.Birthday.Gift = &Gift{Points: 10_000} },
			[]Finding{{"/birthday/gift", Note{Reason: GiftForFree, Of: "100.00"}}}},
		"a birthday a year": {func(k *Config) { k.Birthday.Gift, k.Terms.DedupeOnce = &Gift{Points: 10_000}, true }, nil},
	} {
		assert.Equal(t, c.want, Audit(compiled(t, c.change)), name)
	}
}

func TestCompilingManyTimingsGrowsWithTheirNumber(t *testing.T) {
	allocs := func(n int) float64 {
		c := house()
		for i := range n {
			c.Rules = append(c.Rules, Rule{ID: fmt.Sprint("r", i), Family: fmt.Sprint("f", i), Linear: &Linear{Points: 1, Per: dec("1")}, Expiry: &Expiry{Days: i + 1}})
		}
		return testing.AllocsPerRun(1, func() { MustCompile(c) })
	}
	assert.Less(t, allocs(2000), 3*allocs(1000))

	same := house()
	for i := range 10 {
		same.Rules = append(same.Rules, Rule{ID: fmt.Sprint("r", i), Family: fmt.Sprint("f", i), Linear: &Linear{Points: 1, Per: dec("1")}, Expiry: &Expiry{Days: i%2 + 1}})
	}
	assert.Len(t, MustCompile(same).shared.Timings, 3, "equal pairs have one place")
}

// A refused opening balance names the lot and the field.
func TestOpeningNamesTheLotThatIsWrong(t *testing.T) {
	b := newBench(t, nil)
	b.earn("late", "k", 1, "2025-01-03", "")
	day := func(s string) time.Time { return b.on(s) }
	for path, c := range map[string]struct {
		lot  OpeningLot
		want error
	}{
		"lots.1.points":  {OpeningLot{EarnedAt: day("2025-01-01")}, ErrAmount},
		"lots.1.earned":  {OpeningLot{Points: 1}, ErrAmount},
		"lots.1.expires": {OpeningLot{Points: 1, EarnedAt: day("2025-01-01"), ExpiresAt: day("2025-01-01")}, ErrAmount},
		"lots.1.family":  {OpeningLot{Points: 1, EarnedAt: day("2025-01-01"), Family: "\xff"}, ErrID},
		"lots.1.color":   {OpeningLot{Points: 1, EarnedAt: day("2025-01-01"), Color: "a\x00"}, ErrID},
		"lots.1.active_from: an instant beyond the years 1 to 9999": {
			OpeningLot{Points: 1, EarnedAt: day("2025-01-01"), ActiveFrom: time.Date(10001, 1, 1, 0, 0, 0, 0, time.UTC)}, ErrAmount,
		},
	} {
		b.refusedOpening("a", path, c.want, OpeningLot{Points: 1, EarnedAt: day("2025-01-01")}, c.lot)
	}
	b.refusedOpening("a", "lots.1.earned", ErrOutOfOrder, OpeningLot{Points: 1, EarnedAt: day("2025-01-04")}, OpeningLot{Points: 1, EarnedAt: day("2025-01-06")})
	b.refusedOpening("late", "lots.0.earned", ErrOutOfOrder, OpeningLot{Points: 1, EarnedAt: day("2025-01-02")}, OpeningLot{Points: 1, EarnedAt: day("2025-01-06")})
	b.refusedOpening("late", "lots.0.points", ErrOverflow, OpeningLot{Points: math.MaxInt64, EarnedAt: day("2025-01-04")}, OpeningLot{Points: 1, EarnedAt: day("2025-01-03")})
}

func (b *bench) refusedOpening(account, path string, want error, lots ...OpeningLot) {
	b.t.Helper()
	before := b.raw(account)
	_, err := b.Open(ctx, OpenRequest{Account: account, Key: "o", At: b.on("2025-01-05"), By: By{"ann", "moved"}, Lots: lots})
	require.ErrorIs(b.t, err, want)
	assert.Equal(b.t, want.Error()+": "+path, err.Error())
	assert.Equal(b.t, before, b.raw(account))
}
