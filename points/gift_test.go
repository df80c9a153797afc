package points

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBirthdayGift(t *testing.T) {
	p := compiled(t, func(k *Config) {
		k.Birthday = Birthday{Gift: &Gift{Points: 88, Family: "gifts", Color: "brand", Expiry: &Expiry{Days: 30}}}
		k.Caps = []Cap{{ID: "gifts", Of: "birthday", Per: Ever, Points: 100}}
	})
	march := MonthDay{time.March, 10}
	a, err := p.BirthdayGift(march, clock("2025-03-10T08:00:00+08:00"))
	require.NoError(t, err)
	assert.Equal(t, "birthday:2025", a.Key)
	assert.EqualValues(t, 88, a.Points)
	require.Len(t, a.Lots, 1)
	assert.Equal(t, "brand", a.Lots[0].Color)
	assert.Equal(t, clock("2025-04-09T16:00:00Z"), a.Lots[0].ExpiresAt)
	assert.Equal(t, []Use{{Cap: "gifts", Points: 88}}, a.Uses)
	assert.Equal(t, []Note{{Reason: Bonused, Of: "birthday", Need: 88}}, a.Trace)

	// The second year the cap over a lifetime has twelve left.
	b, err := p.BirthdayGift(march, clock("2026-03-10T08:00:00+08:00"), a.Uses...)
	require.NoError(t, err)
	assert.EqualValues(t, 12, b.Points)
	assert.Equal(t, []Cut{{PeriodCap, "gifts", 76}}, b.CutBy)

	// Taken back and restored under its own terms.
	gone, err := a.Evidence.After(Return{Everything: true})
	require.NoError(t, err)
	assert.Zero(t, gone.Points)
	back, err := a.Evidence.After()
	require.NoError(t, err)
	assert.Equal(t, a, back)

	for name, born := range map[string]MonthDay{"another day": {time.March, 11}, "unknown": {}} {
		a, err := p.BirthdayGift(born, clock("2025-03-10T08:00:00+08:00"))
		require.NoError(t, err, name)
		assert.Zero(t, a.Points)
		assert.Equal(t, []Note{{Reason: NotBirthday}}, a.Trace)
	}
	none, err := compiled(t).BirthdayGift(march, clock("2025-03-10T08:00:00+08:00"))
	require.NoError(t, err)
	assert.Equal(t, []Note{{Reason: NoGift}}, none.Trace)
	_, err = p.BirthdayGift(MonthDay{time.February, 30}, clock("2025-03-10"))
	require.ErrorIs(t, err, ErrAmount)
	_, err = p.BirthdayGift(march, time.Time{})
	require.ErrorIs(t, err, ErrAmount)
}

func TestMonthDay(t *testing.T) {
	var d MonthDay
	for s, want := range map[string]MonthDay{"02-29": {time.February, 29}, "12-31": {time.December, 31}, "": {}} {
		require.NoError(t, d.UnmarshalText([]byte(s)))
		assert.Equal(t, want, d)
		assert.Equal(t, s, d.String())
	}
	for _, s := range []string{"02-30", "13-01", "2-1", "x", "02-29-1"} {
		require.Error(t, d.UnmarshalText([]byte(s)), s)
	}
}

func TestReferral(t *testing.T) {
	p := compiled(t, func(k *Config) {
		k.Referral = &Referral{Referrer: &Gift{Points: 100}, Friend: &Gift{Points: 50, Pending: &Pending{Event: "received"}}, Spend: dec("30")}
		k.Caps = []Cap{{ID: "friends", Of: "referrer", Per: EachYear, Points: 250}}
	})
	o := sale("40")
	o.First = true
	one, two, err := p.Referral("ann", o, Use{Cap: "friends", Period: clock("2024-12-31T16:00:00Z"), Points: 200})
	require.NoError(t, err)
	assert.Equal(t, []any{"referral:ann", int64(50), "referred:ann", int64(50)}, []any{one.Key, one.Points, two.Key, two.Points})
	assert.Equal(t, "received", two.Lots[0].Awaits)
	assert.Empty(t, one.Lots[0].Awaits)
	for refund, want := range map[string]int64{"10": 50, "10.01": 0} { // still 30.00, or below
		after, err := two.Evidence.After(Return{Amount: dec(refund)})
		require.NoError(t, err)
		assert.Equal(t, want, after.Points, refund)
	}
	o.Lines[0].Price = dec("29.99")
	small, _, err := p.Referral("ann", o)
	require.NoError(t, err)
	assert.Equal(t, []Note{{Reason: BelowSpend, Of: "29.99 < 30"}}, small.Trace)
	o.First = false
	second, _, err := p.Referral("ann", o)
	require.NoError(t, err)
	assert.Equal(t, []Note{{Reason: NotFirstOrder}}, second.Trace)
	_, _, err = p.Referral("", o)
	require.ErrorIs(t, err, ErrID)
	none, _, err := compiled(t).Referral("ann", o)
	require.NoError(t, err)
	assert.Equal(t, []Note{{Reason: NoGift}}, none.Trace)
}

func TestCheckIn(t *testing.T) {
	visit := func(p *Policy, s Streak, days ...string) (Streak, []int64) {
		var got []int64
		for _, d := range days {
			var a Award
			var err error
			s, a, err = p.CheckIn(s, clock(d).Add(12*time.Hour))
			require.NoError(t, err)
			got = append(got, a.Points)
		}
		return s, got
	}
	stays := compiled(t, func(k *Config) { k.CheckIn = &CheckIn{Points: []int64{1, 0, 5}, Zone: "UTC"} })
	s, got := visit(stays, Streak{}, "2024-02-27", "2024-02-28", "2024-02-29", "2024-03-01", "2024-03-03")
	assert.Equal(t, []int64{1, 0, 5, 5, 1}, got)
	assert.Equal(t, Streak{Last: "2024-03-03", Days: 1}, s)
	cycles := compiled(t, func(k *Config) { k.CheckIn = &CheckIn{Points: []int64{1, 2}, Cycle: true} })
	_, got = visit(cycles, Streak{}, "2025-01-01", "2025-01-02", "2025-01-03", "2025-01-04")
	assert.Equal(t, []int64{1, 2, 1, 2}, got)

	same, _, err := stays.CheckIn(s, clock("2024-03-02"))
	require.ErrorIs(t, err, ErrOutOfOrder)
	assert.Equal(t, s, same)
	for _, wrong := range []Streak{{Last: "yesterday", Days: 1}, {Last: "2024-03-01"}, {Last: "2024-03-01", Days: -1}, {Last: "2024-03-01", Days: math.MaxInt}} {
		same, _, err = stays.CheckIn(wrong, clock("2024-03-02"))
		require.ErrorIs(t, err, ErrAmount)
		assert.Equal(t, wrong, same)
	}
	_, a, err := stays.CheckIn(Streak{Last: "2024-03-01", Days: 1}, clock("2024-03-02"))
	require.NoError(t, err)
	assert.Equal(t, []any{"check_in:2024-03-02", int64(0), []Note{{Reason: NoGift, Of: "check_in"}}}, []any{a.Key, a.Points, a.Trace})
	apia := compiled(t, func(k *Config) { k.CheckIn = &CheckIn{Points: []int64{1, 2}, Zone: "Pacific/Apia"} })
	s, _, err = apia.CheckIn(Streak{Last: "2011-12-29", Days: 1}, clock("2011-12-30T12:00:00Z"))
	require.NoError(t, err)
	assert.Equal(t, Streak{Last: "2011-12-31", Days: 2}, s, "there was no 30 December")
	_, _, err = compiled(t).CheckIn(Streak{}, clock("2024-03-02"))
	require.ErrorIs(t, err, ErrUnknown)
}

func TestAction(t *testing.T) {
	p := compiled(t, func(k *Config) {
		k.Actions = []Action{
			{ID: "sign_up", Points: 50}, {ID: "review", Points: 10, Once: EachDay},
			{ID: "survey", Points: 5, Once: EachQuarter, From: "2025-01-01", Until: "2025-06-01"},
		}
		k.Caps = []Cap{{ID: "daily", Of: "review", Per: EachDay, Points: 25}}
	})
	for _, c := range []struct{ id, subject, at, key string }{
		{"sign_up", "", "2025-03-10T20:00:00Z", "sign_up"},
		{"review", "order 7", "2025-03-10T20:00:00Z", "review:order 7:2025-03-11"},
		{"survey", "", "2025-05-31T15:59:59Z", "survey:2025-04-01"},
	} {
		a, err := p.Action(c.id, c.subject, clock(c.at))
		require.NoError(t, err)
		assert.Equal(t, c.key, a.Key)
		assert.Positive(t, a.Points)
	}
	capped, err := p.Action("review", "8", clock("2025-03-10T20:00:00Z"), Use{Cap: "daily", Period: clock("2025-03-10T16:00:00Z"), Points: 20})
	require.NoError(t, err)
	assert.EqualValues(t, 5, capped.Points)
	for at, why := range map[string]Reason{"2024-12-31T15:59:59Z": NotYet, "2025-05-31T16:00:00Z": Over} {
		a, err := p.Action("survey", "", clock(at))
		require.NoError(t, err)
		assert.Zero(t, a.Points)
		assert.Equal(t, why, a.Trace[0].Reason)
	}
	_, err = p.Action("dance", "", clock("2025-03-10"))
	require.ErrorIs(t, err, ErrUnknown)
}

var _ = spec("A19", func(t *testing.T) {
	p := compiled(t, func(k *Config) { k.Birthday.Gift = &Gift{Points: 88} })
	l, err := New(new(MemStore), p)
	require.NoError(t, err)
	claim := func(born MonthDay, at time.Time) (Receipt, error) {
		a, err := p.BirthdayGift(born, at)
		require.NoError(t, err)
		require.EqualValues(t, 88, a.Points)
		return l.Earn(t.Context(), EarnRequest{Account: "ann", At: at, Award: &a})
	}
	march, september := clock("2025-03-10T10:00:00+08:00"), clock("2025-09-01T10:00:00+08:00")
	_, err = claim(MonthDay{time.March, 10}, march)
	require.NoError(t, err)
	again, err := claim(MonthDay{time.March, 10}, march)
	require.NoError(t, err)
	assert.True(t, again.Replayed)
	_, err = claim(MonthDay{time.September, 1}, september) // the birthday was edited
	require.ErrorIs(t, err, ErrAlreadyGranted)
	require.EqualError(t, err, "points: already granted: birthday:2025")
	_, err = claim(MonthDay{time.September, 1}, clock("2026-09-01T10:00:00+08:00"))
	require.NoError(t, err, "the next year has its own")
})
