package pointstest

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/regulars-go/regulars/points"
)

var contextLaws = []Law{
	{"S15", 1, "A context that ends, before a commit or in it, leaves all of it or nothing; a nil error means all. A question under it is answered in full or fails.", func(t testing.TB, h Harness) {
		s := h.Open(t)
		for n := 0; ; n++ {
			if n == 1000 {
				t.Fatal("a commit looks a thousand times whether its context has ended")
			}
			ended := interrupt(t, s, n)
			if t.Failed() {
				t.Fatalf("the context ended when the store looked at it after %d times", n)
			}
			if !ended {
				break
			}
		}
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		want := load(t, s, "ann0", "k")
		if got, err := s.Load(ctx, "ann0", "k"); err == nil {
			same(t, "what a load under a cancelled context returned without an error", got, want)
			same(t, "and its changes", got.Changes, want.Changes)
		}
		history, ok := s.(points.History)
		if !ok {
			return
		}
		count := 0
		for _, err := range history.Changes(ctx, "ann0", 0) {
			if err != nil {
				return
			}
			count++
		}
		if int64(count) != want.Version {
			t.Errorf("the changes end after %d of %d under a cancelled context, without an error", count, want.Version)
		}
	}},
}

// interrupt lets a context end when a commit looks at it after n times, and reports whether it did.
func interrupt(t testing.TB, s points.Store, n int) bool {
	t.Helper()
	ann, bob := fmt.Sprint("ann", n), fmt.Sprint("bob", n)
	mem := forgetful(s, new(points.MemStore))
	first := credit(points.Account{ID: ann}, "k", "", 1)
	commit(t, mem, first)
	commit(t, s, first)
	changes := []points.Change{credit(load(t, s, ann), "l", "", 1), credit(load(t, s, bob), "l", "", 1)}
	old := snapshot(t, s, ann, bob)
	commit(t, mem, changes...)
	want := snapshot(t, mem, ann, bob)

	ctx := &fuse{Context: context.Background(), left: n, done: make(chan struct{})}
	err := s.Commit(ctx, changes...)
	switch got := snapshot(t, s, ann, bob); {
	case got == want:
	case got != old:
		t.Errorf("neither the old state nor the new one, the commit returned %v: %s", err, diff(got, want))
	case err == nil:
		t.Errorf("the commit returned nil, and nothing was committed")
	default:
		commit(t, s, changes...)
	}
	return ctx.burnt()
}

// fuse is a context that ends when it is looked at after a number of times.
type fuse struct {
	context.Context
	mu   sync.Mutex
	left int
	done chan struct{}
}

func (f *fuse) look() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.left < 0 {
		return context.Canceled
	}
	if f.left--; f.left >= 0 {
		return nil
	}
	close(f.done)
	return context.Canceled
}

func (f *fuse) burnt() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.left < 0
}

func (f *fuse) Err() error { return f.look() }

func (f *fuse) Done() <-chan struct{} {
	_ = f.look() // whoever waits sees it end
	return f.done
}
