package pointstest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/regulars-go/regulars/points"
)

var linearLaws = []Law{
	{"S24", 3, "Whatever overlapping operations are told, there is an order of them that explains every answer.", func(t testing.TB, h Harness) {
		for seed := range uint64(max(steps(30), 15)) {
			s := h.Open(t)
			way := s
			if seed%2 == 0 {
				way = newRough(t, h, s, seed, false)
			}
			calls := traffic(t, way, seed)
			for _, c := range calls {
				if c.err != nil {
					t.Fatalf("seed %d: %v", seed, c)
				}
			}
			explained(t, s, seed, calls, false)
		}
	}},

	{"S25", 3, "There is one, too, where questions and answers get lost, commits come twice, and the store crashes and restarts.", func(t testing.TB, h Harness) {
		if h.Reopen == nil {
			t.Log("the harness restarts no store: without crashes and restarts")
		}
		for seed := range uint64(max(steps(30), 15)) {
			way := newRough(t, h, h.Open(t), seed, true)
			calls := traffic(t, way, seed)
			explained(t, way.store, seed, calls, true)
		}
	}},
}

// explained checks that an order explains the calls, and that the books verify.
func explained(t testing.TB, s points.Store, seed uint64, calls []call, loose bool) {
	t.Helper()
	if best, ok := explain(calls, loose); !ok {
		t.Fatalf("seed %d: %s", seed, unexplained(calls, best))
	}
	if _, ok := s.(points.History); !ok {
		return
	}
	for _, name := range []string{"ann", "bob"} {
		if err := ledger(t, s).Verify(context.Background(), name); err != nil {
			t.Fatalf("seed %d, %s: %v", seed, name, err)
		}
	}
}

// traffic lets a few clients work on two accounts at once, and returns what they did and were told. A
// client that was not told asks again.
func traffic(t testing.TB, s points.Store, seed uint64) []call {
	t.Helper()
	const clients, each, tries = 4, 5, 5
	l, r := ledger(t, s), rand.New(rand.NewPCG(seed, 24))
	var clock atomic.Int64
	work := func(client int, todo []call) (done []call) {
		for _, c := range todo {
			c.asked = question(c.op, c.account)
			for try := 0; try < tries && c.told.text == ""; try++ {
				c.client, c.begun = client, int(clock.Add(1))
				c.ask(l)
				c.ended = int(clock.Add(1))
				done = append(done, c)
			}
		}
		return done
	}
	todo := make([][]call, clients)
	for w := range todo {
		for range each {
			todo[w] = append(todo[w], rival(r))
		}
	}
	calls := work(clients, []call{
		{op: points.EarnRequest{Account: "ann", Key: "start", Points: 100, At: day(1)}, account: "ann"},
		{op: points.EarnRequest{Account: "bob", Key: "start", Points: 100, At: day(1)}, account: "bob"},
	})
	done := make([][]call, clients)
	together(clients, func(w int) error { done[w] = work(w, todo[w]); return nil })
	calls = append(calls, slices.Concat(done...)...)
	if r, ok := s.(*rough); ok && r.broken {
		r.restart()
	}
	return append(calls, work(clients, []call{{account: "ann"}, {account: "bob"}})...)
}

// ask makes a call and keeps the answer.
func (c *call) ask(l *points.Ledger) {
	c.told, c.open, c.err = told{}, false, nil
	if c.op == nil {
		b, err := l.Balance(context.Background(), c.account, day(1))
		if c.err = err; err == nil {
			c.told.text = balanceText(b)
		}
		return
	}
	r, err := l.Do(context.Background(), c.op)
	if c.told = answer(r, err); c.told.text == "" {
		c.err, c.open = err, errors.Is(err, points.ErrAmbiguous)
	}
}

// rival is a call that others make too, or nearly: under the same key, for the same hold.
func rival(r *rand.Rand) call {
	who, other := "ann", "bob"
	if r.IntN(2) == 0 {
		who, other = other, who
	}
	c, few := call{account: who}, r.IntN(3)
	n := int64(30 + 10*few)
	if r.IntN(8) == 0 {
		n++ // under the same key
	}
	hold := fmt.Sprint("h", few)
	switch r.IntN(13) {
	case 0, 1:
		c.op = points.EarnRequest{Account: who, Key: fmt.Sprint("e", few), Points: n, At: day(1)}
	case 2, 3:
		c.op = points.RedeemRequest{Account: who, Key: fmt.Sprint("r", few), Points: n, At: day(1)}
	case 4:
		c.op = points.TransferRequest{Account: who, To: other, Key: fmt.Sprint("r", few), Points: n, At: day(1)}
	case 5, 6:
		c.op = points.HoldRequest{Account: who, Hold: hold, Points: n, TTL: time.Hour, At: day(1)}
	case 7:
		c.op = points.CaptureRequest{Account: who, Hold: hold, At: day(1)}
	case 8:
		c.op = points.VoidRequest{Account: who, Hold: hold, At: day(1)}
	default: // asks for the balance
	}
	return c
}
