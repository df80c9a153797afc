package points

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// expiring lists what ends within some days, as "day: points" of the zone.
func (b *bench) expiring(account, at string, days int) map[string]int64 {
	b.t.Helper()
	list, err := b.Expiring(ctx, account, b.on(at), days)
	require.NoError(b.t, err)
	ends := map[string]int64{}
	for _, e := range list {
		ends[e.At.In(b.zone).Format(time.DateOnly)] = e.Points + e.Held
	}
	return ends
}

func TestExpiringInThePast(t *testing.T) {
	type ends = map[string]int64
	for name, c := range map[string]struct {
		alter func(*Config)
		play  func(*bench)
		want  map[string]ends // by the day that is asked for, each after all was played
	}{
		"spent since": {nil, func(b *bench) {
			b.earn("a", "x", 70, "2025-01-01", "2025-01-31")
			b.earn("a", "y", 40, "2025-01-01", "2025-02-28")
			b.redeem("a", "r", 90, "2025-01-20")
			b.earn("a", "z", 5, "2025-03-05", "")
		}, map[string]ends{
			"2024-12-31": {}, "2025-01-01": {"2025-02-01": 70, "2025-03-01": 40}, "2025-01-20": {"2025-03-01": 20}, "2025-03-01": {}, "2025-03-06": {},
		}},
		"extended since": {nil, func(b *bench) {
			b.earn("a", "x", 70, "2025-01-01", "2025-01-31")
			b.must(b.Extend(ctx, ExtendRequest{Account: "a", Key: "e", Lot: "x", Days: 10, At: b.on("2025-01-20"), By: By{"ann", "kind"}}))
			b.earn("a", "z", 5, "2025-03-05", "")
		}, map[string]ends{"2025-01-19": {"2025-02-01": 70}, "2025-01-20": {"2025-02-11": 70}, "2025-02-10": {"2025-02-11": 70}, "2025-02-11": {}}},
		"held": {nil, func(b *bench) {
			b.earn("a", "x", 70, "2025-01-01", "2025-01-31")
			b.hold("a", "h", 30, "2025-01-10", 48*time.Hour)
			b.earn("a", "z", 5, "2025-03-05", "")
		}, map[string]ends{"2025-01-11": {"2025-02-01": 70}, "2025-01-13": {"2025-02-01": 70}}},
		"released with grace": {func(c *Config) { c.Terms.RegraceDays = 7 }, func(b *bench) {
			b.earn("a", "x", 70, "2025-01-01", "2025-01-31")
			b.hold("a", "h", 30, "2025-01-31", 48*time.Hour)
			b.earn("a", "z", 5, "2025-03-05", "")
		}, map[string]ends{"2025-01-31": {"2025-02-01": 70}, "2025-02-01": {}, "2025-02-02": {"2025-02-10": 30}}},
		"confirmed but waiting": {func(c *Config) { c.Pending, c.Expiry = Pending{Event: "received", Days: 9}, Expiry{Days: 20} }, func(b *bench) {
			b.order("a", "7", "70", "2025-01-01")
			b.must(b.Confirm(ctx, ConfirmRequest{Account: "a", Of: "order:7", Event: "received", At: b.on("2025-01-05")}))
			b.earn("a", "z", 5, "2025-03-05", "")
		}, map[string]ends{"2025-01-04": {}, "2025-01-05": {"2025-02-05": 70}, "2025-01-16": {"2025-02-05": 70}, "2025-02-05": {}}},
		"activity": {func(c *Config) { c.Expiry = Expiry{Days: 40, From: FromActivity} }, func(b *bench) {
			b.order("a", "1", "70", "2025-01-01")
			b.refund("a", "r", "1", "10", "2025-01-10") // is no activity
			b.redeem("a", "s", 20, "2025-01-20")
			b.order("a", "2", "5", "2025-02-10")
		}, map[string]ends{"2025-01-01": {"2025-02-11": 70}, "2025-01-10": {"2025-02-11": 60}, "2025-01-20": {"2025-03-02": 40}, "2025-02-10": {"2025-03-23": 45}}},
		"activity after the end": {func(c *Config) { c.Expiry = Expiry{Days: 10, From: FromActivity} }, func(b *bench) {
			b.order("a", "1", "70", "2025-01-01")
			b.hold("a", "h", 70, "2025-01-05", 1000*time.Hour)
			b.order("a", "2", "5", "2025-01-20")
			b.earn("a", "z", 5, "2025-03-05", "")
		}, map[string]ends{"2025-01-11": {"2025-01-12": 70}, "2025-01-20": {"2025-01-31": 5}}},
		"merged since": {nil, func(b *bench) {
			b.earn("b", "x", 70, "2025-01-01", "2025-01-31")
			b.earn("a", "x", 40, "2025-01-01", "2025-01-31")
			b.merge("a", "b", "2025-01-10")
			b.earn("a", "z", 5, "2025-03-05", "")
		}, map[string]ends{"2025-01-09": {"2025-02-01": 40}, "2025-01-10": {"2025-02-01": 110}}},
		"booked later": {nil, func(b *bench) {
			b.earn("a", "z", 5, "2025-03-05", "")
			b.earn("a", "x", 40, "2025-01-01", "2025-03-31")
		}, map[string]ends{"2024-12-31": {}, "2025-01-01": {"2025-04-01": 40}}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, c.alter)
			c.play(b)
			for at, want := range c.want {
				require.Equal(t, want, b.expiring("a", at, 100), at)
			}
			_, err := b.Sweep(ctx, b.on("2025-06-01"))
			require.NoError(t, err)
			for at, want := range c.want {
				assert.Equal(t, want, b.expiring("a", at, 100), "swept, "+at)
			}
		})
	}
}

func TestExpiringInThePastNeedsHistory(t *testing.T) {
	b := newBench(t, nil)
	b.earn("a", "x", 70, "2025-01-01", "2025-01-31")
	l, err := New(struct{ Store }{b.store}, b.Policy())
	require.NoError(t, err)
	_, err = l.Expiring(ctx, "a", b.on("2024-12-31"), 60)
	require.ErrorIs(t, err, ErrNoHistory)
	list, err := l.Expiring(ctx, "a", b.on("2025-01-01"), 60)
	require.NoError(t, err)
	assert.Len(t, list, 1)
}
