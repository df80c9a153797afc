package pointstest_test

import (
	"context"
	"errors"
	"runtime"
	"sync"

	"github.com/regulars-go/regulars/points"
)

// writers are stores with one bug in what they write.
var writers = map[string]func() points.Store{
	"S04/global": func() points.Store { // takes a key once among all accounts
		m := &mutant{}
		var mu sync.Mutex
		owners := map[string]string{}
		m.commit = func(ctx context.Context, changes []points.Change) error {
			mu.Lock()
			defer mu.Unlock()
			for _, c := range changes {
				if owner, taken := owners[c.Key]; taken && c.Key != "" && owner != c.Account {
					return points.ErrConflict
				}
			}
			err := m.MemStore.Commit(ctx, changes...)
			if err == nil {
				for _, c := range changes {
					owners[c.Key] = c.Account
				}
			}
			return err
		}
		return m
	},
	"S13": func() points.Store { // looks whether a key is taken, without an index that is unique
		m := &mutant{}
		m.commit = func(ctx context.Context, changes []points.Change) error {
			if err := m.look(ctx, changes); err != nil {
				return err
			}
			err := m.force(ctx, changes)
			if !errors.Is(err, points.ErrConflict) {
				return err
			}
			for i := range changes {
				changes[i].Key = ""
			}
			return m.force(ctx, changes)
		}
		return m
	},
	"S14": func() points.Store { // locks rows in the order of the changes
		m := &mutant{}
		var mu sync.Mutex
		rows := map[string]*sync.Mutex{}
		m.commit = func(ctx context.Context, changes []points.Change) error {
			held := map[string]bool{}
			for _, c := range changes {
				if held[c.Account] {
					continue
				}
				mu.Lock()
				if rows[c.Account] == nil {
					rows[c.Account] = new(sync.Mutex)
				}
				row := rows[c.Account]
				mu.Unlock()
				for try := 0; !row.TryLock(); try++ {
					if try == 1_000_000 {
						return errors.New("deadlock detected")
					}
					runtime.Gosched()
				}
				defer row.Unlock()
				held[c.Account] = true
				yield()
			}
			return m.MemStore.Commit(ctx, changes...)
		}
		return m
	},
	"S15/between": func() points.Store { // looks at the context between two accounts
		m := &mutant{}
		var mu sync.Mutex
		m.commit = func(ctx context.Context, changes []points.Change) error {
			mu.Lock()
			defer mu.Unlock()
			if err := m.look(context.WithoutCancel(ctx), changes); err != nil {
				return err
			}
			for len(changes) > 0 {
				n := 1
				for n < len(changes) && changes[n].Account == changes[0].Account {
					n++
				}
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := m.MemStore.Commit(context.WithoutCancel(ctx), changes[:n]...); err != nil {
					return err
				}
				changes = changes[n:]
			}
			return nil
		}
		return m
	},
	"S18": func() points.Store { // keeps the requests of kinds that it knows
		m := &mutant{}
		m.commit = func(ctx context.Context, changes []points.Change) error {
			for i := range changes {
				if changes[i].Kind == points.KindRedeem {
					changes[i].Request = nil
				}
			}
			return m.MemStore.Commit(ctx, changes...)
		}
		return m
	},
	"S23": func() points.Store { // has no column for evidence
		m := &mutant{}
		m.commit = func(ctx context.Context, changes []points.Change) error {
			for i := range changes {
				changes[i].Evidence = points.Evidence{}
			}
			return m.MemStore.Commit(ctx, changes...)
		}
		return m
	},
	"S26": func() points.Store { // remembers keys that were asked for and not used
		m := &mutant{}
		var mu sync.Mutex
		asked, gone := map[string][]string{}, map[[2]string]bool{}
		m.load = func(ctx context.Context, account string, keys []string) (points.Account, error) {
			acc, err := m.MemStore.Load(ctx, account, keys...)
			if err == nil && len(acc.Changes) == 0 {
				mu.Lock()
				asked[account] = append(asked[account], keys...)
				mu.Unlock()
			}
			return acc, err
		}
		m.commit = func(ctx context.Context, changes []points.Change) error {
			mu.Lock()
			defer mu.Unlock()
			for _, c := range changes {
				if gone[[2]string{c.Account, c.Key}] {
					return points.ErrConflict
				}
			}
			if err := m.MemStore.Commit(ctx, changes...); err != nil {
				return err
			}
			for _, c := range changes {
				for _, key := range asked[c.Account] {
					gone[[2]string{c.Account, key}] = key != c.Key
				}
				asked[c.Account] = nil
			}
			return nil
		}
		return m
	},
	"S27": func() points.Store { // has a column that is too small
		m := &mutant{}
		m.commit = func(ctx context.Context, changes []points.Change) error {
			for _, c := range changes {
				if c.State != nil && len(c.State.Lots) > 5000 {
					return errors.New("value too long")
				}
			}
			return m.MemStore.Commit(ctx, changes...)
		}
		return m
	},
}

// transactions are ways to run one with a bug, by the law that must find it.
var transactions = map[string]func(ctx context.Context, s points.Store, do func(points.Store) error) error{
	"Tx1": func(_ context.Context, s points.Store, do func(points.Store) error) error { // rolls nothing back
		return do(s)
	},
	"Tx2": func(_ context.Context, s points.Store, do func(points.Store) error) error { // is aborted by a refusal
		j := s.(*journal)
		tx := &aborting{journal: j.begin()}
		if err := do(tx); err != nil {
			return err
		}
		j.end(tx.journal)
		return nil
	},
}

// aborting is a transaction in which nothing works any more after a refusal.
type aborting struct {
	*journal
	aborted bool
}

var errAborted = errors.New("current transaction is aborted")

func (a *aborting) Load(ctx context.Context, account string, keys ...string) (points.Account, error) {
	if a.aborted {
		return points.Account{}, errAborted
	}
	return a.journal.Load(ctx, account, keys...)
}

func (a *aborting) Commit(ctx context.Context, changes ...points.Change) error {
	if a.aborted {
		return errAborted
	}
	err := a.journal.Commit(ctx, changes...)
	a.aborted = err != nil
	return err
}
