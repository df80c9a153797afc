package pointstest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/regulars-go/regulars/points"
)

var replayLaws = []Law{
	{"S22", 2, "The stored balance of every account is what its changes add up to, after every operation.", func(t testing.TB, h Harness) {
		for seed := range uint64(2) {
			s := h.Open(t)
			history, ok := s.(points.History)
			if !ok {
				t.Skip("the store keeps no history")
			}
			l, r, at := ledger(t, s), rand.New(rand.NewPCG(seed, 22)), day(0)
			for i := range steps(60) {
				at = at.Add(time.Duration(r.IntN(3*24*3600)) * time.Second)
				op := rare(r, i, at)
				_, refusal := l.Do(context.Background(), op)
				if i%9 == 8 {
					if _, err := l.Sweep(context.Background(), at); err != nil {
						t.Fatalf("sweep: %v", err)
					}
				}
				for name, err := range history.Accounts(context.Background(), "") {
					if err != nil {
						t.Fatalf("accounts: %v", err)
					}
					what := fmt.Sprintf("seed %d, operation %d (%s: %v), %s", seed, i, op.Kind(), refusal, name)
					same(t, what, load(t, s, name).Balance(), replay(t, history, name))
					if err := l.Verify(context.Background(), name); err != nil {
						t.Errorf("%s: %v", what, err)
					}
				}
				if t.Failed() {
					return
				}
			}
		}
	}},
}

// replay adds the changes of an account up.
func replay(t testing.TB, h points.History, account string) points.Balance {
	t.Helper()
	sum := map[points.Bucket]int64{}
	for c, err := range h.Changes(context.Background(), account, 0) {
		if err != nil {
			t.Fatalf("changes: %v", err)
		}
		for _, e := range c.Entries {
			sum[e.From] -= e.Points
			sum[e.To] += e.Points
		}
	}
	return points.Balance{
		Available: sum[points.InAvailable], Pending: sum[points.InPending], Held: sum[points.InHeld],
		Debt: sum[points.InDebt] - sum[points.InRepaid],
	}
}

// rare is an operation as random makes it, or one that a shop's staff would do.
func rare(r *rand.Rand, i int, at time.Time) points.Op {
	who, id, few := members[r.IntN(len(members))], fmt.Sprint("rare", i), fmt.Sprint(r.IntN(6))
	by := points.By{Actor: "suite", Note: "rare"}
	switch r.IntN(16) {
	case 0:
		return points.AdjustRequest{Account: who, Key: id, Points: r.Int64N(100) - 50, At: at, By: by}
	case 1:
		return points.ChargebackRequest{Account: who, Chargeback: few, Order: few, At: at}
	case 2:
		return points.WinRequest{Account: who, Chargeback: few, Order: few, At: at}
	case 3:
		return points.WriteOffRequest{Account: who, Key: id, Points: 1 + r.Int64N(20), At: at, By: by}
	case 4:
		if i > 30 { // late, so that two accounts have something to merge
			return points.MergeRequest{Account: who, Into: members[r.IntN(len(members))], At: at}
		}
		fallthrough
	default:
		return random(r, i, at)
	}
}
