package points

import (
	"context"
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// floor is what hand-written maps can do: sharded balances and, as under a unique index, one set of
// idempotency keys a shard; no lots, no expiry, no receipts. The ledger's bar is a quarter of its
// operations per second.
type floor struct {
	shards [64]struct {
		sync.Mutex
		balances map[string]int64
		keys     map[floorKey]floorEntry
	}
}

type floorKey struct{ account, key string }

type floorEntry struct {
	delta, after int64
	at           time.Time
}

func (f *floor) post(account, key string, n int64, at time.Time) (int64, bool) {
	h := uint64(14695981039346656037)
	for i := range len(account) {
		h = (h ^ uint64(account[i])) * 1099511628211
	}
	s := &f.shards[h%64]
	s.Lock()
	defer s.Unlock()
	if was, ok := s.keys[floorKey{account, key}]; ok {
		return was.after, was.delta == n
	}
	after := s.balances[account] + n
	if after < 0 {
		return after, false
	}
	if s.keys == nil {
		s.balances, s.keys = map[string]int64{}, map[floorKey]floorEntry{}
	}
	s.balances[account], s.keys[floorKey{account, key}] = after, floorEntry{n, after, at}
	return after, true
}

// A programme of this size, whose members have done this much before, since keys are kept for ever.
const benchAccounts, benchPast = 10_000, 20

var benchNames = func() (names [benchAccounts]string) {
	for i := range names {
		names[i] = fmt.Sprintf("member-%07d", i)
	}
	return names
}()

var benchKeys atomic.Int64 // no key is used twice, whatever -count says

// load runs an operation on one core or two, on many accounts and, if hot, on one, and in turn with it
// the floor on accounts and keys of its own, so that a machine whose speed drifts is as slow for both. It
// reports the share of the floor's speed that was reached, where one operation of ours stands for so many
// of the floor's.
func load(b *testing.B, hot bool, ops int, do func(account, key string, i int64) error) {
	b.Helper()
	f := new(floor)
	lived(func(account, key string, n int64) { f.post(account, key, n, benchAt) })
	below := func(account, key string, i int64) error {
		n := int64(10)
		if i%2 == 0 {
			n = -5
		}
		f.post(account, key, n, benchAt)
		if ops == 2 {
			f.post(account, key+"'", n, benchAt)
		}
		return nil
	}
	for _, cores := range []int{1, 2} {
		for _, one := range []bool{false, true} {
			name := fmt.Sprintf("cores=%d", cores)
			if one {
				name += "/hot"
			}
			if one && !hot {
				continue
			}
			pick := func(i int64) string {
				if one {
					return benchNames[0]
				}
				return benchNames[i/2*7919%benchAccounts]
			}
			b.Run(name, func(b *testing.B) {
				defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
				b.ReportAllocs()
				var least time.Duration
				for done := 0; done < b.N; done += benchTurn {
					n := min(benchTurn, b.N-done)
					b.StopTimer()
					start := time.Now() //nolint:forbidigo // a benchmark measures
					together(b, n, cores, pick, below)
					least += time.Since(start) //nolint:forbidigo // as above
					b.StartTimer()
					together(b, n, cores, pick, do)
				}
				b.ReportMetric(float64(b.N*ops)/b.Elapsed().Seconds(), "ops/s")
				b.ReportMetric(least.Seconds()/b.Elapsed().Seconds(), "of-floor")
			})
		}
	}
}

// benchTurn is how many operations each of the two does in its turn.
const benchTurn = 2000

// together does an operation so many times, on as many goroutines as there are cores.
func together(b *testing.B, times, cores int, pick func(int64) string, do func(account, key string, i int64) error) {
	b.Helper()
	var wg sync.WaitGroup
	var done atomic.Int64
	for range cores {
		wg.Go(func() {
			for done.Add(1) <= int64(times) {
				i := benchKeys.Add(1)
				if err := do(pick(i), "k"+strconv.FormatInt(i, 10), i); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}

func benchLedger(b *testing.B) *Ledger {
	b.Helper()
	l, err := New(new(MemStore), MustCompile(programP(func(c *Config) { c.Expiry = Expiry{Months: 12} })))
	require.NoError(b, err)
	lived(func(account, key string, n int64) {
		if n > 0 {
			_, err = l.Earn(context.Background(), EarnRequest{Account: account, Key: key, Points: n, At: benchAt})
		} else {
			_, err = l.Redeem(context.Background(), RedeemRequest{Account: account, Key: key, Points: -n, At: benchAt})
		}
		require.NoError(b, err)
	})
	return l
}

var benchAt = time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)

func BenchmarkLedgerEarn(b *testing.B) {
	l := benchLedger(b)
	load(b, false, 1, func(account, key string, i int64) error {
		at := benchAt.Add(time.Duration(i) * time.Second)
		_, err := l.Earn(context.Background(), EarnRequest{Account: account, Key: key, Points: 10, At: at})
		return err
	})
}

func BenchmarkLedgerRedeem(b *testing.B) {
	l := benchLedger(b)
	load(b, true, 1, func(account, key string, _ int64) error {
		_, err := l.Redeem(context.Background(), RedeemRequest{Account: account, Key: key, Points: 1, At: benchAt})
		return err
	})
}

// lived credits every account and lets it spend.
func lived(post func(account, key string, n int64)) {
	past := benchPast
	if testing.Short() {
		past = 1
	}
	for i := range past {
		key, n := "past-"+strconv.Itoa(i), int64(-1)
		if i == 0 {
			n = 1 << 40
		}
		for _, name := range benchNames {
			post(name, key, n)
		}
	}
}

func BenchmarkLedgerHoldCapture(b *testing.B) {
	l := benchLedger(b)
	load(b, true, 2, func(account, key string, _ int64) error {
		_, err := l.Hold(context.Background(), HoldRequest{Account: account, Hold: key, Points: 5, TTL: time.Hour, At: benchAt})
		if err == nil {
			_, err = l.Capture(context.Background(), CaptureRequest{Account: account, Hold: key, At: benchAt})
		}
		return err
	})
}

// BenchmarkLedgerMixed earns ten and redeems ten in turn on each account.
func BenchmarkLedgerMixed(b *testing.B) {
	l := benchLedger(b)
	load(b, true, 1, func(account, key string, i int64) error {
		var err error
		if i%2 == 0 {
			_, err = l.Earn(context.Background(), EarnRequest{Account: account, Key: key, Points: 10, At: benchAt})
		} else {
			_, err = l.Redeem(context.Background(), RedeemRequest{Account: account, Key: key, Points: 10, At: benchAt})
		}
		return err
	})
}
