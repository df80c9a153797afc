package points

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var ctx = context.Background()

// insufficient checks a refusal and what it carries.
func insufficient(t *testing.T, err error, want InsufficientError) {
	t.Helper()
	var got *InsufficientError
	require.ErrorAs(t, err, &got)
	require.ErrorIs(t, err, ErrInsufficient)
	assert.Equal(t, want, *got)
}

// three is the account of L01: Y, X and Z, earned in another order than they expire.
func three(b *bench) {
	b.earn("a", "X", 100, "2025-01-01", "2025-05-31")
	b.earn("a", "Y", 100, "2025-01-02", "2025-02-28")
	b.earn("a", "Z", 100, "2025-01-03", "")
}

var (
	_ = spec("L01", func(t *testing.T) {
		b := newBench(t, nil)
		three(b)
		r := b.redeem("a", "r", 150, "2025-01-10")
		require.Len(t, r.Entries, 1)
		var took []string
		for _, s := range r.Entries[0].Slices {
			took = append(took, s.Lot.ID)
		}
		assert.Equal(t, []string{"Y", "X"}, took)
		assert.Equal(t, map[string]int64{"X": 50, "Z": 100}, b.lots("a", "2025-01-10"))
	})

	_ = spec("L02", func(t *testing.T) {
		b := newBench(t, nil)
		b.earn("a", "e", 100, "2025-01-01", "2025-02-28")
		b.redeem("a", "r", 60, "2025-02-01")
		assert.EqualValues(t, 40, b.balance("a", "2025-02-28 23:59").Available)
		assert.EqualValues(t, 0, b.balance("a", "2025-03-01").Available)
		s, err := b.Statement(ctx, "a", b.on("2025-01-01"), b.on("2025-03-02"))
		require.NoError(t, err)
		assert.EqualValues(t, -40, s.Totals[KindExpire])
	})

	_ = spec("L12", func(t *testing.T) {
		b := protected(t, nil)
		r := b.must(b.Capture(ctx, CaptureRequest{Account: "a", Hold: "h", At: b.on("2025-03-01 00:10")}))
		assert.EqualValues(t, 100, r.Points)
		assert.Equal(t, Balance{}, b.balance("a", "2025-03-01 00:10"))
	})

	_ = spec("L13", func(t *testing.T) {
		b := protected(t, nil)
		b.must(b.Void(ctx, VoidRequest{Account: "a", Hold: "h", At: b.on("2025-03-01 00:10")}))
		assert.Equal(t, Balance{}, b.balance("a", "2025-03-01 00:10"))
		assert.Equal(t, []time.Time{b.on("2025-03-01 00:10").UTC()}, b.expired("a", "2025-03-02"))

		b = protected(t, nil)
		assert.Equal(t, Balance{}, b.balance("a", "2025-03-01 00:20"))
		assert.Equal(t, []time.Time{b.on("2025-03-01 00:20").UTC()}, b.expired("a", "2025-03-02"))

		week := func(c *Config) { c.Terms.RegraceDays = 7 }
		for _, closed := range []string{"void", "timeout"} {
			b = protected(t, week)
			if closed == "void" {
				b.must(b.Void(ctx, VoidRequest{Account: "a", Hold: "h", At: b.on("2025-03-01 00:10")}))
			}
			assert.EqualValues(t, 100, b.balance("a", "2025-03-01 00:20").Available, closed)
			assert.EqualValues(t, 100, b.balance("a", "2025-03-08 23:59").Available, closed)
			assert.EqualValues(t, 0, b.balance("a", "2025-03-09").Available, closed)
		}
	})

	_ = spec("L16", func(t *testing.T) {
		b := newBench(t, nil)
		b.earn("a", "A", 70, "2025-01-01", "2025-02-28")
		b.earn("a", "B", 40, "2025-01-01", "2025-03-14")
		b.must(b.Hold(ctx, HoldRequest{Account: "a", Hold: "h", Points: 70, At: b.on("2025-02-20"), TTL: 24 * time.Hour}))
		b.hold("a", "h2", 10, "2025-02-20", 60*24*time.Hour)
		b.must(b.Void(ctx, VoidRequest{Account: "a", Hold: "h", At: b.on("2025-02-20")}))
		soon, err := b.Expiring(ctx, "a", b.on("2025-02-20"), 30)
		require.NoError(t, err)
		assert.Equal(t, []Expiring{
			{At: b.on("2025-03-01").UTC(), Points: 70},
			{At: b.on("2025-03-15").UTC(), Points: 30, Held: 10},
		}, soon)
	})

	_ = spec("L17", func(t *testing.T) {
		for _, mode := range []BackDatedMode{BornExpired, GraceBackDated, RejectExpired} {
			b := newBench(t, func(c *Config) {
				c.Expiry = Expiry{Days: 30}
				c.Terms.BackDated, c.Terms.BackDatedDays = mode, 14
			})
			b.earn("a", "e", 50, "2025-01-05", "")
			b.redeem("a", "r", 20, "2025-02-01")
			r := b.orderRequest("a", "1", "100.00", "2025-01-10")
			r.At = b.on("2025-02-20")
			got, err := b.Earn(ctx, r)
			switch mode {
			case BornExpired:
				require.NoError(t, err)
				assert.EqualValues(t, 30, b.balance("a", "2025-02-20").Available)
				require.Len(t, got.Entries, 2)
				assert.Equal(t, []any{KindEarn, int64(100), b.on("2025-01-10").UTC()}, []any{got.Entries[0].Kind, got.Entries[0].Points, got.Entries[0].At})
				assert.Equal(t, []any{KindExpire, int64(100), b.on("2025-02-10").UTC()}, []any{got.Entries[1].Kind, got.Entries[1].Points, got.Entries[1].At})
			case GraceBackDated:
				require.NoError(t, err)
				assert.EqualValues(t, 130, b.balance("a", "2025-03-06 23:59").Available)
				assert.EqualValues(t, 30, b.balance("a", "2025-03-07").Available)
			default:
				require.ErrorIs(t, err, ErrExpired)
				assert.EqualValues(t, 30, b.balance("a", "2025-02-20").Available)
			}
		}
	})

	_ = spec("L18", func(t *testing.T) {
		b := newBench(t, idle)
		b.earnIdle("a", "e", 500, "2025-01-15")
		b.order("a", "1", "1.00", "2025-12-31")
		assert.EqualValues(t, 501, b.balance("a", "2026-12-31 23:59").Available)
		assert.EqualValues(t, 0, b.balance("a", "2027-01-01").Available)
	})

	_ = spec("L20", func(t *testing.T) {
		b := newBench(t, idle)
		b.order("a", "1", "500.00", "2025-01-15")
		b.must(b.Refund(ctx, RefundRequest{Account: "a", Refund: "1", Order: "1", At: b.on("2025-12-31"), Return: Return{Amount: dec("1")}}))
		assert.EqualValues(t, 499, b.balance("a", "2026-01-15 23:59").Available)
		assert.EqualValues(t, 0, b.balance("a", "2026-01-16").Available)
	})

	_ = spec("L21", func(t *testing.T) {
		b := newBench(t, nil)
		b.earn("a", "e", 100, "2025-01-01", "2025-03-31")
		more := ExtendRequest{Account: "a", Key: "x", Lot: "e", Days: 30, At: b.on("2025-02-01"), By: By{"ann", "asked"}}
		b.must(b.Extend(ctx, more))
		assert.True(t, b.must(b.Extend(ctx, more)).Replayed)
		assert.EqualValues(t, 100, b.balance("a", "2025-04-30 23:59").Available)
		assert.EqualValues(t, 0, b.balance("a", "2025-05-01").Available)
		_, err := b.Extend(ctx, ExtendRequest{Account: "a", Key: "y", Lot: "e", Through: "2025-04-01", At: b.on("2025-02-01"), By: By{"ann", "asked"}})
		require.ErrorIs(t, err, ErrWouldShorten)
		_, err = b.Extend(ctx, ExtendRequest{Account: "a", Key: "z", Lot: "e", Days: 30, At: b.on("2025-05-01"), By: By{"ann", "asked"}})
		require.ErrorIs(t, err, ErrExpired)
		_, err = b.Extend(ctx, ExtendRequest{Account: "a", Key: "z", Lot: "none", Days: 30, At: b.on("2025-05-01"), By: By{"ann", "asked"}})
		require.ErrorIs(t, err, ErrUnknown)
	})

	_ = spec("L22", func(t *testing.T) {
		b := newBench(t, func(c *Config) { c.Zone = "UTC" })
		b.earn("a", "e", 100, "2025-01-01", "2025-03-31")
		moved := newBench(t, nil)
		next, err := New(b.store, moved.Policy())
		require.NoError(t, err)
		_, err = next.Earn(ctx, EarnRequest{Account: "a", Key: "f", Points: 1, At: b.on("2025-01-02"), Expiry: &Expiry{Through: "2025-03-31"}})
		require.NoError(t, err)
		acc, err := next.Account(ctx, "a", b.on("2025-01-02"))
		require.NoError(t, err)
		ends := map[string]string{}
		for _, l := range acc.Lots {
			ends[l.ID] = l.ExpiresAt.Format(time.RFC3339)
		}
		assert.Equal(t, map[string]string{"e": "2025-04-01T00:00:00Z", "f": "2025-03-31T16:00:00Z"}, ends)
	})

	_ = spec("B04", func(t *testing.T) {
		b := newBench(t, nil)
		b.earn("a", "A", 300, "2025-01-01", "2025-03-31")
		b.earn("a", "B", 400, "2025-01-01", "2025-06-30")
		h := b.hold("a", "h", 500, "2025-02-01", time.Hour)
		assert.Equal(t, Balance{Available: 200, Held: 500}, h.Balance)
		acc, err := b.Account(ctx, "a", b.on("2025-02-01"))
		require.NoError(t, err)
		assert.Equal(t, []Pin{{"A", 300}, {"B", 200}}, acc.Holds[0].Pins)
		c := b.must(b.Capture(ctx, CaptureRequest{Account: "a", Hold: "h", Points: 350, At: b.on("2025-02-01 00:10")}))
		assert.Equal(t, Balance{Available: 350}, c.Balance)
		assert.Equal(t, map[string]int64{"B": 350}, b.lots("a", "2025-02-01 00:10"))
		spent := map[string]int64{}
		var released int64
		for _, e := range c.Entries {
			switch e.Kind {
			case KindRedeem:
				for _, s := range e.Slices {
					spent[s.Lot.ID] += s.Points
				}
			case KindRelease:
				released += e.Points
			default:
			}
		}
		assert.Equal(t, map[string]int64{"A": 300, "B": 50}, spent)
		assert.EqualValues(t, 150, released)
	})

	_ = spec("B05", func(t *testing.T) {
		b := newBench(t, nil)
		b.earn("a", "e", 100, "2025-01-01", "")
		b.hold("a", "h", 100, "2025-02-01 12:00", 30*time.Minute)
		assert.Equal(t, Balance{Held: 100}, b.balance("a", "2025-02-01 12:29"))
		assert.Equal(t, Balance{Available: 100}, b.balance("a", "2025-02-01 12:30"))
	})

	_ = spec("B06", func(t *testing.T) {
		b := newBench(t, nil)
		b.earn("a", "e", 100, "2025-01-01", "")
		b.hold("a", "h", 100, "2025-02-01 12:00", 30*time.Minute)
		b.closed(KindTimeout, CaptureRequest{Account: "a", Hold: "h", At: b.on("2025-02-01 12:31")})
		assert.Equal(t, Balance{Available: 100}, b.balance("a", "2025-02-01 12:31"))
	})

	_ = spec("B07", func(t *testing.T) {
		for _, order := range []string{"", "7"} {
			b := newBench(t, nil)
			b.earn("a", "e", 100, "2025-01-01", "")
			b.must(b.Hold(ctx, HoldRequest{Account: "a", Hold: "h", Points: 100, At: b.on("2025-02-01 12:00"), TTL: time.Hour, Spend: Spend{Order: order}}))
			c := CaptureRequest{Account: "a", Hold: "h", Key: "c1", At: b.on("2025-02-01 12:01")}
			first := b.must(b.Capture(ctx, c))
			again := b.must(b.Capture(ctx, c))
			assert.True(t, again.Replayed)
			again.Replayed = false
			assert.Equal(t, first, again)
			c.Key = "c2"
			b.closed(KindCapture, c)
			b.closed(KindCapture, VoidRequest{Account: "a", Hold: "h", At: b.on("2025-02-01 12:02")})
		}
	})

	_ = spec("B09", func(t *testing.T) {
		b := newBench(t, nil)
		b.earn("a", "e", 70, "2025-01-01", "")
		b.hold("a", "h", 50, "2025-02-01", time.Hour)
		_, err := b.Hold(ctx, HoldRequest{Account: "a", Hold: "g", Points: 30, At: b.on("2025-02-01"), TTL: time.Hour})
		insufficient(t, err, InsufficientError{Need: 30, Available: 20, Held: 50})
	})

	_ = spec("B10", func(t *testing.T) {
		b := newBench(t, nil)
		b.earn("a", "e", 100, "2025-01-01", "")
		var wins, losses int
		race(20, func(i int) error {
			_, err := b.Redeem(ctx, RedeemRequest{Account: "a", Key: key("r", i), Points: 100, At: b.on("2025-02-01")})
			return err
		}, func(err error) {
			if err == nil {
				wins++
			} else if errors.Is(err, ErrInsufficient) {
				losses++
			}
		})
		assert.Equal(t, []int{1, 19}, []int{wins, losses})
		assert.Equal(t, Balance{}, b.balance("a", "2025-02-01"))
	})

	_ = spec("B12", func(t *testing.T) {
		b := newBench(t, nil)
		b.earn("a", "e", 200, "2025-01-01", "")
		r := HoldRequest{Account: "a", Hold: "h", Points: 300, At: b.on("2025-02-01"), TTL: time.Hour}
		_, err := b.Hold(ctx, r)
		require.ErrorIs(t, err, ErrInsufficient)
		r.AllowPartial = true
		assert.EqualValues(t, 200, b.must(b.Hold(ctx, r)).Points)
	})

	_ = spec("B15", func(t *testing.T) {
		for _, blocks := range []bool{false, true} {
			b := newBench(t, func(c *Config) { c.Terms.FreezeBlocksCapture = blocks })
			b.earn("a", "e", 100, "2025-01-01", "")
			b.order("a", "1", "10.00", "2025-01-02")
			b.hold("a", "h", 100, "2025-02-01", time.Hour)
			b.must(b.Chargeback(ctx, ChargebackRequest{Account: "a", Chargeback: "c", Order: "1", At: b.on("2025-02-01")}))
			_, err := b.Capture(ctx, CaptureRequest{Account: "a", Hold: "h", At: b.on("2025-02-01")})
			if blocks {
				require.ErrorIs(t, err, ErrFrozen)
				assert.EqualValues(t, 100, b.balance("a", "2025-02-01").Held)
			} else {
				require.NoError(t, err)
			}
			_, err = b.Hold(ctx, HoldRequest{Account: "a", Hold: "g", Points: 1, TTL: time.Hour, At: b.on("2025-02-01")})
			require.ErrorIs(t, err, ErrFrozen)
		}
	})

	_ = spec("H01", func(t *testing.T) {
		b := newBench(t, nil)
		first := b.earn("a", "k", 100, "2025-01-01", "")
		again := b.earn("a", "k", 100, "2025-01-09", "")
		assert.True(t, again.Replayed)
		again.Replayed = false
		assert.Equal(t, first, again)
		assert.EqualValues(t, 100, b.balance("a", "2025-01-09").Available)
	})

	_ = spec("H02", func(t *testing.T) {
		b := newBench(t, nil)
		b.earn("a", "k", 100, "2025-01-01", "")
		_, err := b.Earn(ctx, EarnRequest{Account: "a", Key: "k", Points: 120, Expiry: &Expiry{}})
		var reused *KeyReusedError
		require.ErrorAs(t, err, &reused)
		require.ErrorIs(t, err, ErrKeyReused)
		assert.Equal(t, []Difference{{"points", "100", "120"}}, reused.Fields)
		assert.NotContains(t, err.Error(), `"a"`)
		assert.EqualValues(t, 100, b.balance("a", "2025-01-09").Available)
	})

	_ = spec("H04", func(t *testing.T) {
		b := newBench(t, nil)
		b.earn("a", "e", 50, "2025-01-01", "")
		_, err := b.Redeem(ctx, RedeemRequest{Account: "a", Key: "k", Points: 100, At: b.on("2025-01-02")})
		require.ErrorIs(t, err, ErrInsufficient)
		b.earn("a", "f", 100, "2025-01-03", "")
		assert.EqualValues(t, 50, b.redeem("a", "k", 100, "2025-01-04").Balance.Available)
	})

	_ = spec("H05", func(t *testing.T) {
		b := newBench(t, nil)
		b.earn("a", "e", 100, "2025-01-01", "")
		lost := &faulty{MemStore: b.store, after: errors.New("connection reset")}
		l := must(New(lost, b.Policy()))
		r, err := l.Redeem(ctx, RedeemRequest{Account: "a", Key: "r", Points: 60, At: b.on("2025-01-02")})
		require.NoError(t, err, "the key settles it at once")
		assert.EqualValues(t, 40, r.Balance.Available)
		again := b.redeem("a", "r", 60, "2025-01-03")
		assert.True(t, again.Replayed)
		assert.EqualValues(t, 40, b.balance("a", "2025-01-03").Available)

		lost.before = errors.New("no route")
		_, err = l.Redeem(ctx, RedeemRequest{Account: "a", Key: "s", Points: 10, At: b.on("2025-01-02")})
		require.ErrorIs(t, err, lost.before)
		assert.EqualValues(t, 40, b.balance("a", "2025-01-03").Available)
	})

	_ = spec("H07", func(t *testing.T) {
		b := newBench(t, nil)
		b.earn("a", "k", 100, "2025-01-01", "2025-02-01")
		assert.True(t, b.earn("a", "k", 100, "2026-02-05", "2025-02-01").Replayed)
	})

	_ = spec("H08", func(t *testing.T) {
		b := newBench(t, nil)
		assert.False(t, b.earn("buyer", "order-7", 100, "2025-01-01", "").Replayed)
		assert.False(t, b.earn("referrer", "order-7", 100, "2025-01-01", "").Replayed)
	})

	_ = spec("H09", func(t *testing.T) {
		b := newBench(t, nil)
		b.earn("a", "e", 100, "2025-01-01", "")
		var wins int
		race(2, func(i int) error {
			_, err := b.Hold(ctx, HoldRequest{Account: "a", Hold: key("h", i), Points: 60, At: b.on("2025-02-01"), TTL: time.Hour})
			return err
		}, func(err error) {
			if err == nil {
				wins++
				return
			}
			insufficient(t, err, InsufficientError{Need: 60, Available: 40, Held: 60})
		})
		assert.Equal(t, 1, wins)
	})

	_ = spec("H16", func(t *testing.T) {
		b := newBench(t, nil)
		b.earn("a", "e", 100, "2025-01-01", "")
		gone, cancel := context.WithCancel(ctx)
		lost := &faulty{MemStore: b.store, after: context.Canceled, then: cancel}
		l := must(New(lost, b.Policy()))
		_, err := l.Redeem(gone, RedeemRequest{Account: "a", Key: "r", Points: 60, At: b.on("2025-01-02")})
		require.ErrorIs(t, err, ErrAmbiguous)
		require.ErrorIs(t, err, context.Canceled)
		assert.True(t, b.redeem("a", "r", 60, "2025-01-03").Replayed)
		assert.EqualValues(t, 40, b.balance("a", "2025-01-03").Available)
	})
)

// protected is an account whose only lot expires at midnight while a hold of it is open.
func protected(t *testing.T, alter func(*Config)) *bench {
	t.Helper()
	b := newBench(t, alter)
	b.earn("a", "e", 100, "2025-01-01", "2025-02-28")
	b.hold("a", "h", 100, "2025-02-28 23:50", 30*time.Minute)
	return b
}

// idle lets points die after twelve months without activity.
func idle(c *Config) { c.Expiry = Expiry{Months: 12, From: FromActivity} }

func (b *bench) earnIdle(account, key string, n int64, at string) {
	b.t.Helper()
	b.must(b.Earn(ctx, EarnRequest{Account: account, Key: key, Points: n, At: b.on(at)}))
}

// expired returns the dates of the expiries in an account's statement.
func (b *bench) expired(account, until string) []time.Time {
	b.t.Helper()
	s, err := b.Statement(ctx, account, time.Time{}, b.on(until))
	require.NoError(b.t, err)
	var dates []time.Time
	for _, l := range s.Lines {
		if l.Kind == KindExpire {
			dates = append(dates, l.At)
		}
	}
	return dates
}

func (b *bench) closed(by Kind, op Op) {
	b.t.Helper()
	_, err := b.Do(ctx, op)
	var closed *HoldClosedError
	require.ErrorAs(b.t, err, &closed)
	require.ErrorIs(b.t, err, ErrHoldClosed)
	assert.Equal(b.t, by, closed.By)
}

// race runs n calls at once and looks at their answers one by one.
func race(n int, call func(i int) error, look func(error)) {
	answers := make(chan error, n)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-start
			answers <- call(i)
		})
	}
	close(start)
	wg.Wait()
	close(answers)
	for err := range answers {
		look(err)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// faulty fails commits, before or after they happened.
type faulty struct {
	*MemStore
	before, after error
	then          func()
}

func (f *faulty) Commit(ctx context.Context, changes ...Change) error {
	if f.before != nil {
		return f.before
	}
	err := f.MemStore.Commit(ctx, changes...)
	if f.then != nil {
		f.then()
	}
	return errors.Join(err, f.after)
}
