package pointstest

import (
	"context"
	"errors"
	"iter"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/regulars-go/regulars/points"
)

var errLost = errors.New("connection lost")

// rough is the way between a ledger and a store: it takes its time, and where it is broken it loses
// questions and answers, delivers a commit twice, and lets the store crash and restart.
type rough struct {
	t      testing.TB
	h      Harness
	broken bool

	mu    sync.RWMutex // a restart has the store for itself
	store points.Store

	rolls sync.Mutex
	dice  *rand.Rand
}

func newRough(t testing.TB, h Harness, s points.Store, seed uint64, broken bool) *rough {
	return &rough{t: t, h: h, store: s, broken: broken, dice: rand.New(rand.NewPCG(seed, 25))}
}

func (r *rough) roll(n int) int {
	r.rolls.Lock()
	defer r.rolls.Unlock()
	return r.dice.IntN(n)
}

// wait lets others go first.
func (r *rough) wait() {
	for range r.roll(4) {
		runtime.Gosched()
	}
	if r.broken && r.roll(8) == 0 {
		time.Sleep(time.Duration(r.roll(200)) * time.Microsecond)
	}
}

func (r *rough) fails(oneIn int) bool { return r.broken && r.roll(oneIn) == 0 }

func (r *rough) Load(ctx context.Context, account string, keys ...string) (points.Account, error) {
	r.wait()
	if r.fails(15) {
		return points.Account{}, errLost
	}
	defer r.wait()
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.store.Load(ctx, account, keys...)
}

func (r *rough) Commit(ctx context.Context, changes ...points.Change) error {
	r.wait()
	defer r.wait()
	if r.fails(12) {
		return r.crash(ctx, changes)
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	if r.fails(12) {
		return errLost
	}
	err := r.store.Commit(ctx, changes...)
	if r.fails(12) {
		if err := r.store.Commit(ctx, changes...); !errors.Is(err, points.ErrConflict) {
			r.t.Errorf("a commit that came twice returned %v the second time, want ErrConflict", err)
		}
	}
	if r.fails(8) {
		return errLost
	}
	return err
}

// crash lets the store die while it commits, if the harness can, and restart.
func (r *rough) crash(ctx context.Context, changes []points.Change) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.h.Reopen != nil && r.h.Crash != nil {
		r.h.Crash(r.store, r.roll(20))
	}
	err := r.store.Commit(ctx, changes...)
	r.restart()
	return err
}

// restart is for who has the store for himself.
func (r *rough) restart() {
	if r.h.Reopen != nil {
		r.store = r.h.Reopen(r.t, r.store)
	}
}

func (r *rough) Due(ctx context.Context, until time.Time) iter.Seq2[string, error] {
	return r.store.Due(ctx, until)
}
