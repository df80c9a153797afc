package points

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ends returns when points earned and active at an instant end.
func ends(t *testing.T, zone string, e Expiry, at string) string {
	t.Helper()
	_, until, err := Timing{Zone: zone, Expiry: e}.Confirm(clock(at), time.Time{})
	require.NoError(t, err)
	if until.IsZero() {
		return "never"
	}
	return until.Format(time.RFC3339)
}

const shanghai = "Asia/Shanghai"

var _ = spec("L03", func(t *testing.T) {
	month := Expiry{Months: 1}
	assert.Equal(t, "2025-02-28T16:00:00Z", ends(t, shanghai, month, "2025-01-31T09:00:00+08:00"))
	assert.Equal(t, "2024-02-29T16:00:00Z", ends(t, shanghai, month, "2024-01-31T09:00:00+08:00"))
})

var _ = spec("L04", func(t *testing.T) {
	for n, through := range map[int]string{1: "2025-02-28", 2: "2025-03-31", 3: "2025-04-30"} {
		assert.Equal(t, ends(t, shanghai, Expiry{Through: through}, "2025-01-31"), ends(t, shanghai, Expiry{Months: n}, "2025-01-31"))
	}
})

var _ = spec("L06", func(t *testing.T) {
	assert.Equal(t, "2021-08-01T00:00:00Z", ends(t, "UTC", Expiry{Months: 12, Align: AlignMonth}, "2020-07-06T12:00:00Z"))
})

var _ = spec("L07", func(t *testing.T) {
	next := Expiry{Months: 12, Align: AlignYear}
	for _, earned := range []string{"2025-01-01T00:00:00+08:00", "2025-07-06T12:00:00+08:00", "2025-12-31T23:59:59+08:00"} {
		assert.Equal(t, "2026-12-31T16:00:00Z", ends(t, shanghai, next, earned))
	}
	assert.Equal(t, "2025-12-31T16:00:00Z", ends(t, shanghai, Expiry{Align: AlignYear}, "2025-07-06"))
})

var _ = spec("L08", func(t *testing.T) {
	assert.Equal(t, "2025-03-10T04:00:00Z", ends(t, "America/New_York", Expiry{Through: "2025-03-09"}, "2025-01-01"))
})

var _ = spec("L10", func(t *testing.T) {
	assert.Equal(t, "2024-04-25T22:00:00Z", ends(t, "Africa/Cairo", Expiry{Through: "2024-04-25"}, "2024-01-01"))
})

var _ = spec("L11", func(t *testing.T) {
	for _, day := range []string{"2011-12-29", "2011-12-30"} {
		assert.Equal(t, "2011-12-30T10:00:00Z", ends(t, "Pacific/Apia", Expiry{Through: day}, "2011-01-01"))
	}
})

func TestExpiry(t *testing.T) {
	at := "2025-05-20T10:30:00Z"
	for _, c := range []struct {
		expiry Expiry
		want   string
	}{
		{Expiry{}, "never"},
		{Expiry{Days: 30}, "2025-06-20T00:00:00Z"},
		{Expiry{Months: 1, Days: 1}, "2025-06-22T00:00:00Z"},
		{Expiry{Align: AlignDay}, "2025-05-21T00:00:00Z"},
		{Expiry{Days: 30, Align: AlignNone}, "2025-06-19T10:30:00Z"},
		{Expiry{Months: 2, Align: AlignQuarter}, "2025-10-01T00:00:00Z"},
		{Expiry{Months: 1, Align: AlignQuarter}, "2025-07-01T00:00:00Z"},
		{Expiry{Months: 2, Align: AlignHalf}, "2026-01-01T00:00:00Z"},
		{Expiry{Align: AlignHalf}, "2025-07-01T00:00:00Z"},
		{Expiry{Later: []Expiry{{Months: 1}, {Through: "2025-12-31"}}}, "2026-01-01T00:00:00Z"},
		{Expiry{Later: []Expiry{{Months: 1}, {}}}, "never"},
		{Expiry{Earlier: []Expiry{{Months: 1}, {}}}, "2025-06-21T00:00:00Z"},
		{Expiry{Earlier: []Expiry{{}, {Later: []Expiry{{Days: 1}, {Days: 3}}}, {Days: 9}}}, "2025-05-24T00:00:00Z"},
	} {
		assert.Equal(t, c.want, ends(t, "UTC", c.expiry, at), "%+v", c.expiry)
	}
}

// TestExpiryAtTheSameTimeOfDay follows the clock on the wall across its changes.
func TestExpiryAtTheSameTimeOfDay(t *testing.T) {
	for _, c := range []struct{ zone, from, want string }{
		{"America/New_York", "2025-02-09T01:30:00-05:00", "2025-03-09T01:30:00-05:00"},
		{"America/New_York", "2025-02-09T10:00:00-05:00", "2025-03-09T10:00:00-04:00"},
		{"America/New_York", "2025-03-09T10:00:00-04:00", "2025-04-09T10:00:00-04:00"},
		{"America/New_York", "2025-02-09T02:30:00-05:00", "2025-03-09T03:00:00-04:00"}, // 02:30 does not exist
		{"America/New_York", "2025-10-02T01:30:00-04:00", "2025-11-02T01:30:00-04:00"}, // the first of two
		{"America/New_York", "2025-11-02T01:30:00-05:00", "2025-12-02T01:30:00-05:00"}, // from the second of two
		{"America/New_York", "2025-02-09T23:59:59.999999-05:00", "2025-03-09T23:59:59.999999-04:00"},
		{"Africa/Cairo", "2024-03-26T00:30:00+02:00", "2024-04-26T01:00:00+03:00"}, // the day begins at one
		{"Pacific/Apia", "2011-11-30T09:00:00-10:00", "2011-12-31T00:00:00+14:00"}, // the day does not exist
	} {
		_, until, err := Timing{Zone: c.zone, Expiry: Expiry{Months: 1, Align: AlignNone}}.Confirm(clock(c.from), time.Time{})
		require.NoError(t, err)
		assert.Equal(t, clock(c.want).UTC(), until, c.from)
	}
}

// TestNotBeforeEarned: an event that came before the points were earned makes them usable from then.
func TestNotBeforeEarned(t *testing.T) {
	o := sale("100")
	o.Placed, o.Completed = clock("2025-03-01T10:00:00+08:00"), clock("2025-03-20T10:00:00+08:00")
	for wait, want := range map[Pending]time.Time{
		{Event: "placed"}:           o.Completed,
		{Event: "placed", Days: 14}: o.Completed,
		{Event: "placed", Days: 30}: clock("2025-04-01T00:00:00+08:00"),
	} {
		p := compiled(t, func(k *Config) { k.PolicyAt, k.Pending = AtCompleted, wait })
		assert.True(t, want.Equal(award(t, p, o).Lots[0].ActiveFrom), wait)
	}
}

// TestAnchors: the same length counts from what the terms name.
func TestAnchors(t *testing.T) {
	a := Anchors{Earned: clock("2025-01-10"), Active: clock("2025-02-10"), Activity: clock("2025-07-01")}
	for from, want := range map[Anchor]string{FromEarned: "2025-02-11", FromActive: "2025-03-11", FromActivity: "2025-08-02"} {
		terms := Timing{Zone: "UTC", Expiry: Expiry{Months: 1, From: from}}
		until, err := terms.ExpiresAt(a)
		require.NoError(t, err)
		assert.Equal(t, clock(want), until)
		assert.Equal(t, from == FromActivity, terms.Moves())
	}
	nested := Timing{Zone: "UTC", Expiry: Expiry{Later: []Expiry{{Days: 1}, {Months: 1, From: FromActivity}}}}
	assert.True(t, nested.Moves())
	a.Activity = clock("2024-01-01") // before the points were earned: earning counts
	until, err := Timing{Zone: "UTC", Expiry: Expiry{Months: 1, From: FromActivity}}.ExpiresAt(a)
	require.NoError(t, err)
	assert.Equal(t, clock("2025-02-11"), until)
	_, err = nested.ExpiresAt(Anchors{Earned: a.Earned})
	require.ErrorIs(t, err, ErrAmount, "the instant of activation is missing")
	_, err = Timing{Zone: "Nowhere"}.ExpiresAt(a)
	require.ErrorIs(t, err, ErrAmount)
}

func TestPending(t *testing.T) {
	for _, c := range []struct {
		wait Pending
		want string
	}{
		{Pending{}, "2025-03-05T02:00:00Z"},
		{Pending{Hours: 48}, "2025-03-07T02:00:00Z"},
		{Pending{Days: 1}, "2025-03-06T16:00:00Z"},
	} {
		from, _, err := Timing{Zone: shanghai, Pending: c.wait}.Confirm(clock("2025-03-05T10:00:00+08:00"), time.Time{})
		require.NoError(t, err)
		assert.Equal(t, clock(c.want), from)
	}
	_, _, err := Timing{Zone: shanghai, Pending: Pending{Event: "stamped"}}.Confirm(clock("2025-03-05"), time.Time{})
	require.ErrorIs(t, err, ErrAmount)
	// Points that expire from when they were earned know their end while they still wait.
	p := compiled(t, func(k *Config) { k.Pending, k.Expiry = Pending{Event: "stamped"}, Expiry{Days: 10, From: FromEarned} })
	g := award(t, p, sale("100")).Lots[0]
	assert.Equal(t, "stamped", g.Awaits)
	assert.Equal(t, clock("2025-03-20T16:00:00Z"), g.ExpiresAt)
}
