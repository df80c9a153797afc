package pointstest_test

import (
	"context"
	"errors"
	"iter"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/regulars-go/regulars/points"
	"github.com/regulars-go/regulars/points/pointstest"
)

// mutant is a MemStore with one bug.
type mutant struct {
	points.MemStore
	commit  func(ctx context.Context, changes []points.Change) error
	load    func(ctx context.Context, account string, keys []string) (points.Account, error)
	changes func(ctx context.Context, account string, after int64) iter.Seq2[points.Change, error]
	due     func(ctx context.Context, until time.Time) iter.Seq2[string, error]
	names   func(ctx context.Context, after string) iter.Seq2[string, error]
	erase   func(ctx context.Context, account string) error
}

func (m *mutant) Commit(ctx context.Context, changes ...points.Change) error {
	if m.commit != nil {
		return m.commit(ctx, changes)
	}
	return m.MemStore.Commit(ctx, changes...)
}

func (m *mutant) Load(ctx context.Context, account string, keys ...string) (points.Account, error) {
	if m.load != nil {
		return m.load(ctx, account, keys)
	}
	return m.MemStore.Load(ctx, account, keys...)
}

func (m *mutant) Changes(ctx context.Context, account string, after int64) iter.Seq2[points.Change, error] {
	if m.changes != nil {
		return m.changes(ctx, account, after)
	}
	return m.MemStore.Changes(ctx, account, after)
}

func (m *mutant) Due(ctx context.Context, until time.Time) iter.Seq2[string, error] {
	if m.due != nil {
		return m.due(ctx, until)
	}
	return m.MemStore.Due(ctx, until)
}

func (m *mutant) Accounts(ctx context.Context, after string) iter.Seq2[string, error] {
	if m.names != nil {
		return m.names(ctx, after)
	}
	return m.MemStore.Accounts(ctx, after)
}

func (m *mutant) Erase(ctx context.Context, account string) error {
	if m.erase != nil {
		return m.erase(ctx, account)
	}
	return m.MemStore.Erase(ctx, account)
}

// force commits changes whatever version they follow, as a store does that does not look.
func (m *mutant) force(ctx context.Context, changes []points.Change) error {
	for {
		next := make([]points.Change, len(changes))
		ahead := map[string]int64{}
		for i, c := range changes {
			c = c.Clone()
			if ahead[c.Account] == 0 {
				acc, err := m.MemStore.Load(ctx, c.Account)
				if err != nil {
					return err
				}
				ahead[c.Account] = acc.Version
			}
			ahead[c.Account]++
			c.Version = ahead[c.Account]
			if c.State != nil {
				c.State.Version = c.Version
			}
			next[i] = c
		}
		err := m.MemStore.Commit(ctx, next...)
		if !errors.Is(err, points.ErrConflict) {
			return err
		}
		for _, c := range changes { // a taken key is no race
			if taken, err := m.taken(ctx, c); err != nil || taken {
				return points.ErrConflict
			}
		}
	}
}

func (m *mutant) taken(ctx context.Context, c points.Change) (bool, error) {
	acc, err := m.MemStore.Load(ctx, c.Account, c.Key)
	for _, found := range acc.Changes {
		if found.Key == c.Key {
			return true, err
		}
	}
	return false, err
}

// mutants are stores with one bug, by the law that must find it and, where a law has several, a name.
var mutants = map[string]func() points.Store{
	"S01": func() points.Store { // forgets what changes refer to
		m := &mutant{}
		m.commit = func(ctx context.Context, changes []points.Change) error {
			for i := range changes {
				changes[i].Of = ""
			}
			return m.MemStore.Commit(ctx, changes...)
		}
		return m
	},
	"S02": func() points.Store { // does not check versions
		m := &mutant{}
		m.commit = m.force
		return m
	},
	"S03": func() points.Store { // takes a key twice
		m := &mutant{}
		m.commit = func(ctx context.Context, changes []points.Change) error {
			seen := map[string]bool{}
			for i := range changes {
				taken, err := m.taken(ctx, changes[i])
				if err != nil {
					return err
				}
				if taken || seen[changes[i].Key] {
					changes[i].Key = ""
				}
				seen[changes[i].Key] = true
			}
			return m.MemStore.Commit(ctx, changes...)
		}
		return m
	},
	"S04": func() points.Store { // folds trailing blanks, as a CHAR column does
		m := &mutant{}
		fold := func(s string) string {
			for len(s) > 1 && s[len(s)-1] == ' ' {
				s = s[:len(s)-1]
			}
			return s
		}
		m.commit = func(ctx context.Context, changes []points.Change) error {
			for i := range changes {
				changes[i].Account = fold(changes[i].Account)
				if s := changes[i].State; s != nil {
					state := *s
					state.ID = fold(state.ID)
					changes[i].State = &state
				}
			}
			return m.MemStore.Commit(ctx, changes...)
		}
		m.load = func(ctx context.Context, account string, keys []string) (points.Account, error) {
			return m.MemStore.Load(ctx, fold(account), keys...)
		}
		return m
	},
	"S05": func() points.Store { // commits one by one
		m := &mutant{}
		m.commit = func(ctx context.Context, changes []points.Change) error {
			for i, c := range changes {
				if c.State == nil {
					state, err := m.MemStore.Load(ctx, c.Account)
					if err != nil {
						return err
					}
					for _, later := range changes[i:] {
						if later.State != nil && later.Account == c.Account {
							state = later.State.Clone()
						}
					}
					state.Version = c.Version
					c.State = &state
				}
				if err := m.MemStore.Commit(ctx, c); err != nil {
					return err
				}
			}
			return nil
		}
		return m
	},
	"S06": func() points.Store { // looks at the first account's version only
		m := &mutant{}
		m.commit = func(ctx context.Context, changes []points.Change) error {
			acc, err := m.MemStore.Load(ctx, changes[0].Account)
			if err != nil {
				return err
			}
			one := true
			for _, c := range changes {
				one = one && c.Account == changes[0].Account
			}
			if one || acc.Version != changes[0].Version-1 {
				return m.MemStore.Commit(ctx, changes...)
			}
			return m.force(ctx, changes)
		}
		return m
	},
	"S07": func() points.Store { // is stuck after a refusal, like an aborted transaction
		m := &mutant{}
		stuck := false
		m.commit = func(ctx context.Context, changes []points.Change) error {
			if stuck {
				return errors.New("current transaction is aborted")
			}
			err := m.MemStore.Commit(ctx, changes...)
			stuck = err != nil && changes[0].Key == "k" && changes[0].Version == 2
			return err
		}
		return m
	},
	"S08": func() points.Store { // keeps milliseconds
		m := &mutant{}
		m.commit = func(ctx context.Context, changes []points.Change) error {
			for _, c := range changes {
				if c.State != nil {
					for i := range c.State.Lots {
						l := &c.State.Lots[i]
						l.EarnedAt = l.EarnedAt.Truncate(time.Millisecond)
					}
				}
			}
			return m.MemStore.Commit(ctx, changes...)
		}
		return m
	},
	"S09": func() points.Store { // loses the change after a page
		m := &mutant{}
		m.changes = func(ctx context.Context, account string, after int64) iter.Seq2[points.Change, error] {
			if after > 0 {
				after++
			}
			return m.MemStore.Changes(ctx, account, after)
		}
		return m
	},
	"S10": func() points.Store { // reads from a replica that lags behind
		m := &mutant{}
		var mu sync.Mutex
		calls := 0
		m.load = func(ctx context.Context, account string, keys []string) (points.Account, error) {
			acc, err := m.MemStore.Load(ctx, account, keys...)
			mu.Lock()
			defer mu.Unlock()
			if calls++; calls%60 == 0 && acc.Version > 0 {
				acc.Version--
			}
			return acc, err
		}
		return m
	},
	"S11": func() points.Store { // hands out what it keeps
		m := &mutant{}
		kept := map[string]points.Account{}
		var mu sync.Mutex
		m.load = func(ctx context.Context, account string, keys []string) (points.Account, error) {
			acc, err := m.MemStore.Load(ctx, account, keys...)
			mu.Lock()
			defer mu.Unlock()
			if old, ok := kept[account]; ok && old.Version == acc.Version {
				old.Changes = acc.Changes
				return old, err
			}
			kept[account] = acc
			return acc, err
		}
		return m
	},
	"S12": func() points.Store { // checks, then writes, with a gap between
		m := &mutant{}
		m.commit = func(ctx context.Context, changes []points.Change) error {
			if len(changes) != 1 {
				return m.MemStore.Commit(ctx, changes...)
			}
			acc, err := m.MemStore.Load(ctx, changes[0].Account)
			if err != nil {
				return err
			}
			taken, err := m.taken(ctx, changes[0])
			if err != nil || acc.Version != changes[0].Version-1 || taken {
				return errors.Join(err, points.ErrConflict)
			}
			for range 20 {
				runtime.Gosched()
			}
			return m.force(ctx, changes)
		}
		return m
	},
	"S15": func() points.Store { // stops halfway when the context ends
		m := &mutant{}
		m.commit = func(ctx context.Context, changes []points.Change) error {
			if ctx.Err() != nil {
				if err := m.MemStore.Commit(context.WithoutCancel(ctx), changes[0]); err != nil {
					return err
				}
				return ctx.Err()
			}
			return m.MemStore.Commit(ctx, changes...)
		}
		return m
	},
	"S19": func() points.Store { // leaves out what is due at this very instant
		m := &mutant{}
		m.due = func(ctx context.Context, until time.Time) iter.Seq2[string, error] {
			return m.MemStore.Due(ctx, until.Add(-time.Microsecond))
		}
		return m
	},
	"S22": func() points.Store { // writes an account only when its balance moves, which a hold does not do
		m := &mutant{}
		m.commit = func(ctx context.Context, changes []points.Change) error {
			for i, c := range changes {
				if c.State == nil {
					continue
				}
				old, err := m.MemStore.Load(ctx, c.Account)
				if err != nil {
					return err
				}
				if a, b := old.Balance(), c.State.Balance(); a.Net()+a.Pending == b.Net()+b.Pending {
					old.Version = c.Version
					changes[i].State = &old
				}
			}
			return m.MemStore.Commit(ctx, changes...)
		}
		return m
	},
	"S24/unchecked": func() points.Store { // looks at the version, then writes whatever happened meanwhile
		m := &mutant{}
		m.commit = func(ctx context.Context, changes []points.Change) error {
			if err := m.look(ctx, changes); err != nil {
				return err
			}
			return m.force(ctx, changes)
		}
		return m
	},
	"S24/lost": func() points.Store { // looks at the version, and does not count what it wrote
		m := &mutant{}
		m.commit = func(ctx context.Context, changes []points.Change) error {
			if err := m.look(ctx, changes); err != nil {
				return err
			}
			if err := m.MemStore.Commit(ctx, changes...); !errors.Is(err, points.ErrConflict) {
				return err
			}
			return nil
		}
		return m
	},
	"S24/stale": func() points.Store { // empties its cache before it writes, not after
		m := &mutant{}
		var cache sync.Map
		m.load = func(ctx context.Context, account string, keys []string) (points.Account, error) {
			if acc, ok := cache.Load(account); ok && len(keys) == 0 {
				return acc.(points.Account).Clone(), nil
			}
			acc, err := m.MemStore.Load(ctx, account, keys...)
			if err == nil {
				kept := acc.Clone()
				kept.Changes = nil
				cache.Store(account, kept)
			}
			return acc, err
		}
		m.commit = func(ctx context.Context, changes []points.Change) error {
			for _, c := range changes {
				cache.Delete(c.Account)
			}
			yield()
			return m.MemStore.Commit(ctx, changes...)
		}
		return m
	},
	"S24/torn": func() points.Store { // reads the account, and then its changes
		m := &mutant{}
		m.load = func(ctx context.Context, account string, keys []string) (points.Account, error) {
			acc, err := m.MemStore.Load(ctx, account)
			if err != nil {
				return acc, err
			}
			yield()
			later, err := m.MemStore.Load(ctx, account, keys...)
			acc.Changes = later.Changes
			return acc, err
		}
		return m
	},
	"S28": func() points.Store { // says that a race is lost when it cannot have the lock
		m := &mutant{}
		var lock sync.Mutex
		m.commit = func(ctx context.Context, changes []points.Change) error {
			if !lock.TryLock() {
				return points.ErrConflict
			}
			defer lock.Unlock()
			yield()
			return m.MemStore.Commit(ctx, changes...)
		}
		return m
	},
}

// look refuses what is too late already, and gives others time to be first.
func (m *mutant) look(ctx context.Context, changes []points.Change) error {
	versions, keys := map[string]int64{}, map[[2]string]bool{}
	for _, c := range changes {
		acc, err := m.MemStore.Load(ctx, c.Account)
		if err != nil {
			return err
		}
		taken, err := m.taken(ctx, c)
		if err != nil {
			return err
		}
		key := [2]string{c.Account, c.Key}
		if taken || keys[key] || c.Version != max(acc.Version, versions[c.Account])+1 {
			return points.ErrConflict
		}
		versions[c.Account], keys[key] = c.Version, c.Key != ""
	}
	yield()
	return nil
}

// yield lets others run.
func yield() {
	for range 20 {
		runtime.Gosched()
	}
}

// journals are stores with a log and one bug in how they write it, by the law that must find it.
var journals = map[string]func(j *journal, changes []points.Change) error{
	"S16": func(j *journal, changes []points.Change) error { // writes no keys
		for i := range changes {
			changes[i].Key = ""
		}
		return line(j, changes)
	},
	"S17/torn": func(j *journal, changes []points.Change) error { // writes change by change
		for i, c := range changes {
			if c.State == nil {
				for _, later := range changes[i:] {
					if later.Account == c.Account && later.State != nil {
						state := *later.State
						c.State, state.Version = &state, c.Version
						break
					}
				}
			}
			if err := line(j, []points.Change{c}); err != nil {
				return err
			}
		}
		return nil
	},
	"S17/late": func(j *journal, changes []points.Change) error { // writes a commit when the next one comes
		var late []points.Change
		late, j.late = j.late, changes
		return line(j, late)
	},
	"S25": func(j *journal, changes []points.Change) error { // lets others commit before it writes
		j.mu.Unlock()
		time.Sleep(rand.N(200 * time.Microsecond))
		j.mu.Lock()
		return line(j, changes)
	},
}

// TestEveryLawHasAMutant keeps a law from being added that nothing shows to find anything.
func TestEveryLawHasAMutant(t *testing.T) {
	var names []string
	names = slices.AppendSeq(names, maps.Keys(mutants))
	names = slices.AppendSeq(names, maps.Keys(readers))
	names = slices.AppendSeq(names, maps.Keys(writers))
	names = slices.AppendSeq(names, maps.Keys(journals))
	names = slices.AppendSeq(names, maps.Keys(transactions))
	for _, law := range pointstest.Laws() {
		if !slices.ContainsFunc(names, func(name string) bool { return name == law.ID || strings.HasPrefix(name, law.ID+"/") }) {
			t.Errorf("law %s has no mutant", law.ID)
		}
	}
}

// TestMutants shows that the suite finds every bug: a mutant fails its own law, and no law of a lower level.
func TestMutants(t *testing.T) {
	all := maps.Clone(mutants)
	maps.Copy(all, readers)
	maps.Copy(all, writers)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		t.Run(name, func(t *testing.T) {
			if name == "S27" && testing.Short() {
				t.Skip("its law takes seconds on a slow store")
			}
			found(t, name, pointstest.Harness{Open: func(testing.TB) points.Store { return all[name]() }})
		})
	}
	for _, name := range slices.Sorted(maps.Keys(transactions)) {
		t.Run(name, func(t *testing.T) {
			h := durable(line)
			h.Tx = transactions[name]
			found(t, name, h)
		})
	}
	for _, name := range slices.Sorted(maps.Keys(journals)) {
		t.Run(name, func(t *testing.T) { found(t, name, durable(journals[name])) })
	}
}

// found checks that the law a mutant is named after finds it.
func found(t *testing.T, name string, h pointstest.Harness) {
	t.Helper()
	id, _, _ := strings.Cut(name, "/")
	level := 0
	for _, law := range pointstest.Laws() {
		if law.ID == id {
			level = law.Level
		}
	}
	for _, law := range pointstest.Laws() {
		switch {
		case law.ID == id && !breaks(t, law, h):
			t.Errorf("the law did not find its mutant")
		case law.Level < level && breaks(t, law, h):
			t.Errorf("fails %s, a law of a lower level", law.ID)
		}
	}
}

// breaks reports whether a store breaks a law.
func breaks(t *testing.T, law pointstest.Law, h pointstest.Harness) bool {
	t.Helper()
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		law.Check(r, h)
	}()
	<-done
	return r.failed.Load()
}

// recorder notes a failure instead of failing.
type recorder struct {
	testing.TB
	failed atomic.Bool
}

func (r *recorder) Helper()               {}
func (r *recorder) Failed() bool          { return r.failed.Load() }
func (r *recorder) Log(...any)            {}
func (r *recorder) Logf(string, ...any)   {}
func (r *recorder) Error(...any)          { r.failed.Store(true) }
func (r *recorder) Errorf(string, ...any) { r.failed.Store(true) }
func (r *recorder) Fatal(...any)          { r.failed.Store(true); runtime.Goexit() }
func (r *recorder) Fatalf(string, ...any) { r.failed.Store(true); runtime.Goexit() }
func (r *recorder) Skip(...any)           { runtime.Goexit() }
func (r *recorder) FailNow()              { r.failed.Store(true); runtime.Goexit() }
