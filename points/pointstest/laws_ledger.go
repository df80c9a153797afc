package pointstest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/regulars-go/regulars/points"
)

var ledgerLaws = []Law{
	{"S26", 2, "A refused operation leaves the store as it was, to the byte, and its key free.", func(t testing.TB, h Harness) {
		s := h.Open(t)
		l := ledger(t, s)
		give(t, l, "ann", "start", 100)
		before := snapshot(t, s, "ann", "bob")
		ops := []points.Op{
			points.RedeemRequest{Account: "ann", Key: "r", Points: 101, At: day(1)},
			points.HoldRequest{Account: "ann", Hold: "h", Points: 101, TTL: time.Hour, At: day(1)},
			points.TransferRequest{Account: "ann", To: "bob", Key: "t", Points: 101, At: day(1)},
			points.CaptureRequest{Account: "ann", Hold: "none", At: day(1)},
			points.EarnRequest{Account: "ann", Key: "start", Points: 7, At: day(1)},
		}
		for _, op := range ops {
			if _, err := l.Do(context.Background(), op); err == nil {
				t.Errorf("%s was not refused", op.Kind())
			}
		}
		sameText(t, "after refusals", snapshot(t, s, "ann", "bob"), before)
		give(t, l, "ann", "more", 1)
		if _, err := l.Do(context.Background(), ops[0]); err != nil {
			t.Errorf("the same redemption, now covered: %v", err)
		}
	}},

	{"S18", 2, "After a commit whose answer was lost, its key is found; a refused one's never is.", func(t testing.TB, h Harness) {
		s := h.Open(t)
		give(t, ledger(t, s), "ann", "start", 100)
		l := ledger(t, deaf{s})
		r, err := l.Redeem(context.Background(), points.RedeemRequest{Account: "ann", Key: "r", Points: 60, At: day(1)})
		if err != nil || r.Balance.Available != 40 {
			t.Errorf("a redemption whose answer was lost: %v, %d left", err, r.Balance.Available)
		}
		if got := available(t, l, "ann"); got != 40 {
			t.Errorf("available %d, want 40", got)
		}
	}},

	{"S20", 2, "However often the sweeper runs, statements are the same.", func(t testing.TB, h Harness) {
		var want string
		for mode, every := range []int{0, 1, 7} {
			s := h.Open(t)
			if _, ok := s.(points.History); !ok {
				t.Skip("the store keeps no history")
			}
			l := ledger(t, s)
			history(l, 1, 60, func(i int, at time.Time) {
				if every > 0 && i%every == 0 {
					if _, err := l.Sweep(context.Background(), at); err != nil {
						t.Fatalf("sweep: %v", err)
					}
				}
			})
			var b strings.Builder
			for _, name := range members {
				statement, err := l.Statement(context.Background(), name, time.Time{}, day(400))
				if err != nil {
					t.Fatalf("statement: %v", err)
				}
				b.WriteString(Statement(statement, suitePolicy.Zone()))
				for _, line := range statement.Lines {
					b.WriteString(text(t, line) + "\n")
				}
			}
			if mode == 0 {
				want = b.String()
			}
			sameText(t, fmt.Sprintf("sweeping before every %d. operation", every), b.String(), want)
		}
	}},

	{"S23", 2, "A ledger gives the same answers over this store as over a MemStore, and its books verify.", func(t testing.TB, h Harness) {
		for seed := range uint64(3) {
			s, mem := h.Open(t), new(points.MemStore)
			got := history(ledger(t, s), seed, 120, nil)
			want := history(ledger(t, mem), seed, 120, nil)
			for i := range want {
				if got[i] != want[i] {
					t.Fatalf("seed %d, operation %d: %s", seed, i, diff(got[i], want[i]))
				}
			}
			if _, ok := s.(points.History); !ok {
				continue
			}
			sameText(t, fmt.Sprint("everything stored, seed ", seed), snapshot(t, s, members...), snapshot(t, mem, members...))
			for _, name := range members {
				if err := ledger(t, s).Verify(context.Background(), name); err != nil {
					t.Errorf("seed %d: %v", seed, err)
				}
			}
		}
	}},

	{"S27", 2, "An account with ten thousand open lots can be held from.", func(t testing.TB, h Harness) {
		if testing.Short() {
			t.Skip("takes seconds on a slow store")
		}
		s := h.Open(t)
		l := ledger(t, s)
		open := points.OpenRequest{Account: "ann", Key: "o", At: day(1), By: points.By{Actor: "suite", Note: "many lots"}}
		for i := range 10_000 {
			open.Lots = append(open.Lots, points.OpeningLot{Points: 1, EarnedAt: day(0).Add(time.Duration(i) * time.Microsecond)})
		}
		if _, err := l.Open(context.Background(), open); err != nil {
			t.Fatalf("open: %v", err)
		}
		r, err := l.Hold(context.Background(), points.HoldRequest{Account: "ann", Hold: "h", Points: 5, TTL: time.Hour, At: day(1)})
		if err != nil || len(r.Entries[0].Slices) != 5 {
			t.Errorf("hold of 5: %v, %d lots", err, len(r.Entries[0].Slices))
		}
	}},
}

// deaf is a store whose answers to a commit get lost.
type deaf struct{ points.Store }

func (d deaf) Commit(ctx context.Context, changes ...points.Change) error {
	if err := d.Store.Commit(ctx, changes...); err != nil {
		return err
	}
	return errors.New("connection lost")
}

// suitePolicy is the programme of the suite: one point per 1.00, 40 days.
var suitePolicy = points.MustCompile(points.Config{
	Format: 1, ID: "suite", Revision: 1, Zone: "America/New_York", Currency: "USD",
	Rules:  []points.Rule{{ID: "base", Linear: &points.Linear{Points: 1, Per: money("1")}}},
	Expiry: points.Expiry{Days: 40},
})

func ledger(t testing.TB, s points.Store) *points.Ledger {
	t.Helper()
	l, err := points.New(s, suitePolicy)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func give(t testing.TB, l *points.Ledger, account, key string, n int64) {
	t.Helper()
	if _, err := l.Earn(context.Background(), points.EarnRequest{Account: account, Key: key, Points: n, At: day(1)}); err != nil {
		t.Fatalf("earn: %v", err)
	}
}

func available(t testing.TB, l *points.Ledger, account string) int64 {
	t.Helper()
	b, err := l.Balance(context.Background(), account, day(1))
	if err != nil {
		t.Fatalf("balance: %v", err)
	}
	return b.Available
}

var members = []string{"ann", "bob", "cat"}

// history runs a random history and returns the answers as text. Before is called ahead of every operation.
func history(l *points.Ledger, seed uint64, steps int, before func(i int, at time.Time)) []string {
	r := rand.New(rand.NewPCG(seed, 3))
	at := day(0)
	var answers []string
	for i := range steps {
		at = at.Add(time.Duration(r.IntN(3*24*3600)) * time.Second)
		if before != nil {
			before(i, at)
		}
		op := random(r, i, at)
		got, err := l.Do(context.Background(), op)
		answers = append(answers, fmt.Sprintf("%s: version %d, points %d, reinstated %d, owed %d, shortfall %d, balance %+v, replayed %v, error %v",
			op.Kind(), got.Version, got.Points, got.Reinstated, got.Owed, got.Shortfall, got.Balance, got.Replayed, err))
	}
	return answers
}

// random is an operation on one of the members, in words of a small set, so that operations meet.
func random(r *rand.Rand, i int, at time.Time) points.Op {
	who, id, few := members[r.IntN(len(members))], fmt.Sprint(i), fmt.Sprint(r.IntN(6))
	n := 1 + r.Int64N(120)
	switch r.IntN(12) {
	case 0, 1:
		return points.EarnRequest{Account: who, Key: id, Points: n, At: at, Pending: &points.Pending{Days: r.IntN(3)}}
	case 2, 3:
		return points.EarnRequest{Account: who, At: at, Order: &points.Order{ID: few, Paid: day(0), Lines: []points.Line{{Price: money("80.40")}}}}
	case 4:
		return points.RedeemRequest{Account: who, Key: id, Points: n, At: at, Spend: points.Spend{Order: few}}
	case 5, 6:
		return points.HoldRequest{Account: who, Hold: few, Points: n, TTL: time.Duration(1+r.IntN(90)) * time.Hour, At: at}
	case 7:
		return points.CaptureRequest{Account: who, Hold: few, At: at}
	case 8:
		return points.VoidRequest{Account: who, Hold: few, At: at}
	case 9:
		return points.RefundRequest{Account: who, Refund: id, Order: few, At: at, Return: points.Return{Amount: money("20.10")}}
	case 10:
		return points.TransferRequest{Account: who, To: members[r.IntN(len(members))], Key: id, Points: n, At: at}
	default:
		return points.CancelRequest{Account: who, Order: few, At: at}
	}
}
