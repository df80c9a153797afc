package pointstest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/regulars-go/regulars/points"
)

var durableLaws = []Law{
	{"S16", 2, "A restart changes nothing: neither the state, nor what is due, nor the keys that are taken.", func(t testing.TB, h Harness) {
		if h.Reopen == nil {
			t.Skip("the harness restarts no store")
		}
		const seed = 16
		s, r, at := h.Open(t), rand.New(rand.NewPCG(seed, 3)), day(0)
		var done []points.Op
		var told []string
		for i := range steps(40) {
			at = at.Add(time.Duration(r.IntN(3*24*3600)) * time.Second)
			op := random(r, i, at)
			got, err := ledger(t, s).Do(context.Background(), op)
			before := snapshot(t, s, members...) + due(t, s)
			s = h.Reopen(t, s)
			sameText(t, fmt.Sprintf("seed %d, after operation %d and a restart", seed, i), snapshot(t, s, members...)+due(t, s), before)
			if err == nil {
				got.Replayed = true
				done, told = append(done, op), append(told, text(t, got)+text(t, got.Entries))
			}
			for j, op := range done {
				if j%7 != i%7 && j < len(done)-1 { // the latest, and some of the others
					continue
				}
				again, err := ledger(t, s).Do(context.Background(), op)
				if have := text(t, again) + text(t, again.Entries); err != nil || !again.Replayed || have != told[j] {
					t.Fatalf("seed %d, operation %d, repeated after restart %d: %v, replayed %v\n got %s\nwant %s",
						seed, j, i, err, again.Replayed, have, told[j])
				}
			}
		}
	}},

	{"S17", 2, "A crash in a commit leaves the old state or the new one, nothing between, and what was there before.", func(t testing.TB, h Harness) {
		if h.Reopen == nil || h.Crash == nil {
			t.Skip("the harness crashes no store")
		}
		for _, shape := range shapes {
			s := h.Open(t)
			died := true
			for n := 0; died; n++ {
				if n == 1000 {
					t.Fatalf("a commit of %s dies at every place: Crash should let it through where n is too large", shape.what)
				}
				s, died = crash(t, h, s, n, shape.changes)
				if t.Failed() {
					t.Fatalf("the commit was of %s, and the crash at place %d", shape.what, n)
				}
			}
		}
	}},
}

// shapes are commits that follow what ann has had and bob has not.
var shapes = []struct {
	what    string
	changes func(ann, bob points.Account) []points.Change
}{
	{"a first change", func(_, bob points.Account) []points.Change { return []points.Change{credit(bob, "n", "", 7)} }},
	{"a later change", func(ann, _ points.Account) []points.Change { return []points.Change{credit(ann, "n", "order:1", 7)} }},
	{"two accounts", func(ann, bob points.Account) []points.Change {
		return []points.Change{credit(ann, "n", "", 7), credit(bob, "n", "", 8)}
	}},
	{"several of each", func(ann, bob points.Account) []points.Change {
		return append(series(bob, "n", 3), series(ann, "n", 2)...)
	}},
}

// crash lets a store die at the nth place of a commit, and reports whether that commit got there.
func crash(t testing.TB, h Harness, s points.Store, n int, next func(ann, bob points.Account) []points.Change) (points.Store, bool) {
	t.Helper()
	ann, bob := fmt.Sprint("ann", n), fmt.Sprint("bob", n)
	mem := forgetful(s, new(points.MemStore))
	first := credit(load(t, s, ann), "k", "order:1", 5)
	commit(t, mem, first)
	commit(t, s, first)
	changes := next(load(t, s, ann), load(t, s, bob))
	old := snapshot(t, s, ann, bob)
	commit(t, mem, changes...)
	want := snapshot(t, mem, ann, bob)

	h.Crash(s, n)
	err := s.Commit(context.Background(), changes...)
	s = h.Reopen(t, s)
	switch got := snapshot(t, s, ann, bob); {
	case got == want:
	case got != old:
		t.Errorf("neither the old state nor the new one:\n got %s\n old %s\n new %s", got, old, want)
		return s, false
	case err == nil:
		t.Errorf("the commit returned nil, and is gone")
		return s, false
	default:
		if err := s.Commit(context.Background(), changes...); err != nil {
			t.Errorf("the same commit after the crash: %v", err)
		}
	}
	refused(t, s.Commit(context.Background(), changes...))
	sameText(t, "in the end", snapshot(t, s, ann, bob), want)
	if n == 0 && err == nil {
		t.Errorf("Crash(s, 0) let a commit through")
	}
	return s, err != nil
}

// forgetful returns a store that keeps as much history as another.
func forgetful(like, s points.Store) points.Store {
	if _, ok := like.(points.History); ok {
		return s
	}
	return struct{ points.Store }{s}
}

// due is everything that ever falls due, as text.
func due(t testing.TB, s points.Store) string {
	t.Helper()
	var names []string
	for name, err := range s.Due(context.Background(), day(400)) {
		if err != nil {
			t.Fatalf("due: %v", err)
		}
		names = append(names, name)
	}
	return text(t, names)
}

// steps is how long a random history is: shorter in a short run.
func steps(n int) int {
	if testing.Short() {
		return n / 4
	}
	return n
}
