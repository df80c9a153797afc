package points

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	_ = spec("L23", func(t *testing.T) { sweepers(t, 2) })

	_ = spec("H11", func(t *testing.T) {
		for i := range 50 {
			b := newBench(t, nil)
			b.earn("a", "e", 100, "2025-01-01", "2025-02-28")
			var redeemed, refused int
			race(2, func(n int) error {
				if n == 0 {
					_, err := b.Sweep(ctx, b.on("2025-03-01"))
					return errors.Join(err, errSwept)
				}
				_, err := b.Redeem(ctx, RedeemRequest{Account: "a", Key: key("r", i), Points: 100, At: b.on("2025-03-01").Add(-time.Microsecond)})
				return err
			}, func(err error) {
				switch {
				case errors.Is(err, errSwept):
				case err == nil:
					redeemed++
				case errors.Is(err, ErrOutOfOrder):
					refused++
				default:
					t.Error(err)
				}
			})
			assert.Equal(t, 1, redeemed+refused)
			s, err := b.Statement(ctx, "a", time.Time{}, b.on("2025-03-02"))
			require.NoError(t, err)
			assert.Equal(t, int64(-100*redeemed), s.Totals[KindRedeem])
			assert.Equal(t, int64(-100*refused), s.Totals[KindExpire])
			require.NoError(t, b.Verify(ctx, "a"))
		}
	})

	_ = spec("H14", func(t *testing.T) {
		b := newBench(t, nil)
		for i := range 6 {
			b.earn("a", key("e", i), 10, "2025-01-01", "")
		}
		for name, mangle := range map[string]func([]Change) []Change{
			"twice":     func(c []Change) []Change { return append(c[:3:3], c[2:]...) },
			"unordered": func(c []Change) []Change { c[1], c[4] = c[4], c[1]; return c },
			"lost":      func(c []Change) []Change { return slices.Delete(c, 2, 3) },
			"cut":       func(c []Change) []Change { return c[:5] },
		} {
			l := must(New(&mangled{b.store, mangle}, b.Policy()))
			_, err := l.Statement(ctx, "a", time.Time{}, b.on("2025-02-01"))
			require.ErrorIs(t, err, ErrCorrupt, name)
			require.ErrorIs(t, l.Verify(ctx, "a"), ErrCorrupt, name)
		}
	})

	_ = spec("H15", func(t *testing.T) {
		b := newBench(t, nil)
		goroutines, each := 200, 20
		if testing.Short() {
			goroutines, each = 40, 10
		}
		accounts := make([]string, 50)
		for i := range accounts {
			accounts[i] = key("m", i)
			b.earn(accounts[i], "start", 300, "2025-01-01", "")
		}
		at := b.on("2025-01-02")
		var mu sync.Mutex
		receipts := map[string]map[int64]Receipt{}
		race(goroutines, func(g int) error {
			r := rand.New(rand.NewPCG(uint64(g), 5))
			for i := range each {
				who, id, n := accounts[r.IntN(len(accounts))], fmt.Sprint(g, "-", i), 1+r.Int64N(90)
				var op Op
				switch r.IntN(4) {
				case 0:
					op = EarnRequest{Account: who, Key: id, Points: n, At: at}
				case 1:
					op = RedeemRequest{Account: who, Key: id, Points: n, At: at}
				case 2:
					op = HoldRequest{Account: who, Hold: id, Points: n, TTL: time.Hour, At: at}
				default:
					op = AdjustRequest{Account: who, Key: id, Points: n - 45, At: at, By: By{"ann", "race"}}
				}
				got, err := b.Do(ctx, op)
				switch {
				case errors.Is(err, ErrInsufficient), errors.Is(err, ErrAmount):
					continue
				case err != nil:
					return err
				}
				mu.Lock()
				if receipts[who] == nil {
					receipts[who] = map[int64]Receipt{}
				}
				receipts[who][got.Version] = got
				mu.Unlock()
			}
			return nil
		}, func(err error) { require.NoError(t, err) })
		for _, who := range accounts {
			require.NoError(t, b.Verify(ctx, who))
			replayed := newBench(t, nil) // the versions are an order that explains every answer
			replayed.earn(who, "start", 300, "2025-01-01", "")
			for c, err := range b.store.Changes(ctx, who, 1) {
				require.NoError(t, err)
				got := replayed.must(replayed.Do(ctx, c.Request.Op))
				require.Equal(t, receipts[who][c.Version], got)
			}
		}
	})

	_ = spec("G08", func(t *testing.T) {
		b := newBench(t, nil)
		for _, color := range []string{"red", "blue"} {
			b.must(b.Earn(ctx, EarnRequest{Account: "a", Key: color, Points: 100, Color: color, At: b.on("2025-01-01")}))
		}
		r := b.must(b.Redeem(ctx, RedeemRequest{Account: "a", Key: "r", Points: 150, Prefer: []string{"blue"}, At: b.on("2025-01-02")}))
		spent := map[string]int64{}
		for _, s := range r.Entries[0].Slices {
			spent[s.Lot.Color] += s.Points
		}
		assert.Equal(t, map[string]int64{"red": 50, "blue": 100}, spent)
		o, err := b.Outstanding(ctx, b.on("2025-01-02"))
		require.NoError(t, err)
		assert.Equal(t, map[string]int64{"red": 50}, o.Colors)
	})
)

var errSwept = errors.New("swept")

// mangled is a store that hands out its history wrongly.
type mangled struct {
	*MemStore
	mangle func([]Change) []Change
}

func (m *mangled) Changes(ctx context.Context, account string, after int64) iter.Seq2[Change, error] {
	var list []Change
	for c := range m.MemStore.Changes(ctx, account, after) {
		list = append(list, c)
	}
	list = m.mangle(list)
	return func(yield func(Change, error) bool) {
		for _, c := range list {
			if !yield(c, nil) {
				return
			}
		}
	}
}

// TestManyLots holds from an account with 100,000 open lots: only the pinned ones are touched.
func TestManyLots(t *testing.T) {
	b := newBench(t, nil)
	manyLots(t, b, 100_000)
	s := new(session)
	s.begin(ctx, b.Ledger)
	op := HoldRequest{Account: "a", Hold: "h", Points: 7, TTL: time.Hour, At: b.on("2025-03-01")}
	j := job{op: op, head: op.head(), at: op.At}
	require.NoError(t, s.do(&j))
	assert.Len(t, s.books[0].lots.loose, 7)
	assert.Len(t, j.receipt.Entries[0].Slices, 7)
	require.NoError(t, s.commit())
	c := b.must(b.Capture(ctx, CaptureRequest{Account: "a", Hold: "h", Points: 5, At: b.on("2025-03-01")}))
	assert.EqualValues(t, 99_995, c.Balance.Available)
}

// The usual operations unpack only the lots whose points they move, however many an account has.
func TestOperationsTouchFewLots(t *testing.T) {
	b := newBench(t, nil)
	manyLots(t, b, 1000)
	at := b.on("2025-03-01")
	for _, c := range []struct {
		op      Op
		touched int
	}{
		{EarnRequest{Account: "a", Key: "e", Points: 9, At: at}, 1},
		{RedeemRequest{Account: "a", Key: "r", Points: 3, At: at}, 3},
		{HoldRequest{Account: "a", Hold: "h", Points: 2, TTL: time.Hour, At: at}, 2},
		{CaptureRequest{Account: "a", Hold: "h", At: at}, 2},
		{HoldRequest{Account: "a", Hold: "i", Points: 4, TTL: time.Hour, At: at}, 4},
		{VoidRequest{Account: "a", Hold: "i", At: at}, 4},
		{AdjustRequest{Account: "a", Key: "x", Points: -2, At: at, By: By{"ann", "count"}}, 2},
		{HoldRequest{Account: "a", Hold: "j", Points: 1, Prefer: []string{"red"}, TTL: time.Hour, At: at}, 1},
		{RedeemRequest{Account: "a", Key: "s", Points: 2, Prefer: []string{"red", "blue"}, At: at}, 2},
	} {
		s := new(session)
		s.begin(ctx, b.Ledger)
		require.NoError(t, s.do(&job{op: c.op, head: c.op.head(), at: at}), "%T", c.op)
		require.Len(t, s.books[0].lots.loose, c.touched, "%T", c.op)
		require.NoError(t, s.commit())
	}
	require.NoError(t, b.Verify(ctx, "a"))
}

func manyLots(t testing.TB, b *bench, n int) {
	t.Helper()
	open := OpenRequest{Account: "a", Key: "o", At: b.on("2025-01-02"), By: By{"ann", "many"}}
	for i := range n {
		open.Lots = append(open.Lots, OpeningLot{Points: 1, EarnedAt: b.on("2025-01-01").Add(time.Duration(n-i) * time.Microsecond)})
	}
	b.must(b.Open(ctx, open))
}

func BenchmarkManyLots(b *testing.B) {
	l := benchLedger(b)
	open := OpenRequest{Account: "a", Key: "o", At: benchAt, By: By{"ann", "many"}}
	for i := range 100_000 {
		open.Lots = append(open.Lots, OpeningLot{Points: 1, EarnedAt: benchAt.Add(-time.Duration(i) * time.Microsecond)})
	}
	_, err := l.Open(ctx, open)
	require.NoError(b, err)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		_, err := l.Hold(ctx, HoldRequest{Account: "a", Hold: fmt.Sprint("h", i), Points: 1, TTL: time.Hour, At: benchAt})
		require.NoError(b, err)
		_, err = l.Void(ctx, VoidRequest{Account: "a", Hold: fmt.Sprint("h", i), At: benchAt})
		require.NoError(b, err)
	}
}

// TestOverflow checks the sums that could leave int64.
func TestOverflow(t *testing.T) {
	b := newBench(t, nil)
	b.earn("a", "e", math.MaxInt64, "2025-01-01", "")
	before := b.raw("a")
	ops := []Op{
		EarnRequest{Account: "a", Key: "f", Points: 1, At: b.on("2025-01-02")},
		AdjustRequest{Account: "a", Key: "f", Points: 1, At: b.on("2025-01-02"), By: By{"ann", "x"}},
		EarnRequest{Account: "a", Key: "f", Points: 1, At: b.on("2025-01-02"), Pending: &Pending{Days: 1}},
		TransferRequest{Account: "a", To: "b", Key: "f", Points: math.MaxInt64, Fee: 1, At: b.on("2025-01-02")},
	}
	b.earn("c", "e", 1, "2025-01-01", "")
	ops = append(ops,
		TransferRequest{Account: "c", To: "a", Key: "f", Points: 1, At: b.on("2025-01-02")},
		MergeRequest{Account: "c", Into: "a", At: b.on("2025-01-02")},
	)
	for _, op := range ops {
		_, err := b.Do(ctx, op)
		require.ErrorIs(t, err, ErrOverflow, op.Kind())
	}
	assert.Equal(t, before, b.raw("a"))
	b.redeem("a", "r", math.MaxInt64, "2025-01-02")
	b.earn("a", "g", math.MaxInt64, "2025-01-03", "")
	_, err := b.Statement(ctx, "a", time.Time{}, b.on("2025-02-01"))
	require.ErrorIs(t, err, ErrOverflow, "the total of a lifetime")
	_, err = b.Outstanding(ctx, b.on("2025-02-01"))
	require.ErrorIs(t, err, ErrOverflow)
}

// TestRequestsSurviveJSON sends every kind of request through JSON and back.
func TestRequestsSurviveJSON(t *testing.T) {
	at := time.Date(2025, 1, 1, 0, 0, 0, 1000, time.UTC)
	for kind, typ := range opTypes {
		v := reflect.New(typ).Elem()
		fill(v, at)
		op := v.Interface().(Op)
		data, err := json.Marshal(Request{Op: op})
		require.NoError(t, err, kind)
		var back Request
		require.NoError(t, json.Unmarshal(data, &back), kind)
		again, err := json.Marshal(back)
		require.NoError(t, err, kind)
		assert.Equal(t, string(data), string(again), kind)
		diffs, err := differences(op, back.Op)
		require.NoError(t, err, kind)
		assert.Empty(t, diffs, kind)
		assert.Equal(t, kind, op.Kind())
	}
	for _, bad := range []string{`{}`, `{"earn":{},"redeem":{}}`, `{"steal":{}}`, `{"earn":7}`, `7`} {
		require.Error(t, json.Unmarshal([]byte(bad), new(Request)), bad)
	}
}

// fill sets every plain field of a request to something.
func fill(v reflect.Value, at time.Time) {
	for i := range v.NumField() {
		f := v.Field(i)
		switch {
		case f.Type() == reflect.TypeFor[time.Time]():
			f.Set(reflect.ValueOf(at))
		case f.Kind() == reflect.String:
			f.SetString("x" + v.Type().Field(i).Name)
		case f.Kind() == reflect.Int64:
			f.SetInt(int64(i + 1))
		case f.Kind() == reflect.Struct && f.Type().NumField() > 0 && f.Type().Field(0).IsExported():
			fill(f, at)
		}
	}
}

// TestBadRequests refuses what no state of an account can make right, before anything is loaded.
func TestBadRequests(t *testing.T) {
	b := newBench(t, nil)
	long := string(make([]byte, 256))
	for want, ops := range map[error][]Op{
		ErrID: {
			EarnRequest{Key: "k", Points: 1}, EarnRequest{Account: "a", Points: 1}, EarnRequest{Account: "a\x00", Key: "k", Points: 1},
			EarnRequest{Account: "a", Key: "\xff", Points: 1}, EarnRequest{Account: long, Key: "k", Points: 1},
			EarnRequest{Account: "a", Order: &Order{}}, EarnRequest{Account: "a", Key: "k", Order: &Order{ID: "1"}},
			HoldRequest{Account: "a", Points: 1, TTL: 1000}, AdjustRequest{Account: "a", Key: "k", Points: 1},
			AdjustRequest{Account: "a", Key: "k", Points: 1, By: By{Actor: "ann"}}, TransferRequest{Account: "a", Key: "k", Points: 1},
		},
		ErrAmount: {
			EarnRequest{Account: "a", Key: "k"}, EarnRequest{Account: "a", Key: "k", Points: -1},
			EarnRequest{Account: "a", Points: 1, Order: &Order{ID: "1"}}, RedeemRequest{Account: "a", Key: "k"},
			HoldRequest{Account: "a", Hold: "h", Points: 1}, CaptureRequest{Account: "a", Hold: "h", Points: -1},
			RefundRequest{Account: "a", Refund: "r"}, RefundRequest{Account: "a", Refund: "r", Return: Return{Everything: true}},
			RefundRequest{Account: "a", Refund: "r", Order: "1", Return: Return{Amount: dec("-1")}},
			RefundRequest{Account: "a", Refund: "r", Return: Return{Amount: dec("1e30")}},
			ExtendRequest{Account: "a", Key: "k", Lot: "x", By: By{"a", "b"}}, OpenRequest{Account: "a", Key: "k", By: By{"a", "b"}},
			EarnRequest{Account: "a", Key: "k", Points: 1, At: time.Date(10001, 1, 1, 0, 0, 0, 0, time.UTC)},
		},
		ErrUnknown: {
			CaptureRequest{Account: "a", Hold: "h"}, VoidRequest{Account: "a", Hold: "h"}, ConfirmRequest{Account: "a", Of: "order:1", Event: "received"},
			ReinstateRequest{Account: "a", Key: "k", Redemption: "r"}, EditRequest{Account: "a", Edit: "e", Order: &Order{ID: "1"}},
			EditRequest{Account: "a", Edit: "e"},
			WinRequest{Account: "a", Chargeback: "c", Order: "1"}, UnfreezeRequest{Account: "a", Key: "k", Freeze: "f", By: By{"a", "b"}},
			UnmergeRequest{Account: "a", Into: "b", Key: "k"},
		},
	} {
		for _, op := range ops {
			_, err := b.Do(ctx, op)
			require.ErrorIs(t, err, want, "%T%+v", op, op)
			assert.Regexp(t, "^points: ", err.Error())
		}
	}
	acc, err := b.store.Load(ctx, "a")
	require.NoError(t, err)
	assert.Equal(t, Account{ID: "a"}, acc)
}

// TestTransaction shows that a bound ledger tries once.
func TestTransaction(t *testing.T) {
	b := newBench(t, nil)
	b.earn("a", "e", 10, "2025-01-01", "")
	rival := &faulty{MemStore: b.store, before: ErrConflict}
	_, err := b.With(rival).Redeem(ctx, RedeemRequest{Account: "a", Key: "r", Points: 1, At: b.on("2025-01-02")})
	require.ErrorIs(t, err, ErrConflict)
	b.must(b.With(b.store).Redeem(ctx, RedeemRequest{Account: "a", Key: "r", Points: 1, At: b.on("2025-01-02")}))
}

// A store that could not tell, and a look that could: nothing was committed, and the error says only that.
func TestSettledIsNotAmbiguous(t *testing.T) {
	b := newBench(t, nil)
	b.earn("a", "e", 10, "2025-01-01", "")
	for name, failed := range map[string]error{
		"joined": errors.Join(ErrAmbiguous, context.Canceled), "wrapped": fmt.Errorf("%w: %w", ErrAmbiguous, context.Canceled),
	} {
		l := must(New(&faulty{MemStore: b.store, before: failed}, b.Policy()))
		_, err := l.Redeem(ctx, RedeemRequest{Account: "a", Key: "r", Points: 1, At: b.on("2025-01-02")})
		require.NotErrorIs(t, err, ErrAmbiguous, name)
		require.ErrorIs(t, err, context.Canceled, name)
		require.ErrorContains(t, err, ErrAmbiguous.Error(), name)
	}
}
