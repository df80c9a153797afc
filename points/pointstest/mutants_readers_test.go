package pointstest_test

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/regulars-go/regulars/points"
)

// readers are stores with one bug in what they hand out.
var readers = map[string]func() points.Store{
	"S01/keys": func() points.Store { // orders changes by their keys
		m := &mutant{}
		m.load = func(ctx context.Context, account string, keys []string) (points.Account, error) {
			acc, err := m.MemStore.Load(ctx, account, keys...)
			slices.SortStableFunc(acc.Changes, func(a, b points.Change) int { return strings.Compare(a.Key, b.Key) })
			return acc, err
		}
		return m
	},
	"S04/fold":   func() points.Store { return referring(strings.EqualFold) },
	"S04/prefix": func() points.Store { return referring(strings.HasPrefix) },
	"S09/state": func() points.Store { // hands out states with the changes
		m := &mutant{}
		m.changes = func(ctx context.Context, account string, after int64) iter.Seq2[points.Change, error] {
			return func(yield func(points.Change, error) bool) {
				for c, err := range m.MemStore.Changes(ctx, account, after) {
					c.State = &points.Account{ID: account}
					if !yield(c, err) {
						return
					}
				}
			}
		}
		return m
	},
	"S09/fold": func() points.Store { // orders names as a case-insensitive collation does
		return named(func(names []string, after string) []string {
			slices.SortFunc(names, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
			return slices.DeleteFunc(names, func(s string) bool { return strings.ToLower(s) <= strings.ToLower(after) })
		})
	},
	"S09/swapped": func() points.Store { // begins with the last name
		return named(func(names []string, after string) []string {
			names = slices.DeleteFunc(names, func(s string) bool { return s <= after })
			if n := len(names) - 1; n > 1 {
				names[0], names[n] = names[n], names[0]
			}
			return names
		})
	},
	"S09/loaded": func() points.Store { // lists accounts that somebody merely asked for
		var mu sync.Mutex
		asked := map[string]bool{}
		m := named(func(names []string, after string) []string {
			mu.Lock()
			defer mu.Unlock()
			all := maps.Clone(asked)
			for _, name := range names {
				all[name] = true
			}
			return slices.DeleteFunc(slices.Sorted(maps.Keys(all)), func(s string) bool { return s <= after })
		})
		m.load = func(ctx context.Context, account string, keys []string) (points.Account, error) {
			mu.Lock()
			asked[account] = true
			mu.Unlock()
			return m.MemStore.Load(ctx, account, keys...)
		}
		return m
	},
	"S11/timing": func() points.Store { // hands out the terms of lots that it keeps
		m := &mutant{}
		var mu sync.Mutex
		kept := map[[2]string]*points.Timing{}
		m.load = func(ctx context.Context, account string, keys []string) (points.Account, error) {
			acc, err := m.MemStore.Load(ctx, account, keys...)
			mu.Lock()
			defer mu.Unlock()
			for i := range acc.Lots {
				l := &acc.Lots[i]
				key := [2]string{account, l.ID}
				if kept[key] == nil {
					kept[key] = l.Timing
				}
				l.Timing = kept[key]
			}
			return acc, err
		}
		return m
	},
	"S15/load": func() points.Store { // answers a question that was called off as if nothing were there
		m := &mutant{}
		m.load = func(ctx context.Context, account string, keys []string) (points.Account, error) {
			if ctx.Err() != nil {
				return points.Account{ID: account}, nil
			}
			return m.MemStore.Load(ctx, account, keys...)
		}
		return m
	},
	"S15/changes": func() points.Store { // ends quietly when the context does
		m := &mutant{}
		m.changes = func(ctx context.Context, account string, after int64) iter.Seq2[points.Change, error] {
			return func(yield func(points.Change, error) bool) {
				for c, err := range m.MemStore.Changes(ctx, account, after) {
					if err != nil || !yield(c, nil) {
						return
					}
				}
			}
		}
		return m
	},
	"S20": func() points.Store { // does not show what time did
		m := &mutant{}
		m.changes = func(ctx context.Context, account string, after int64) iter.Seq2[points.Change, error] {
			return func(yield func(points.Change, error) bool) {
				for c, err := range m.MemStore.Changes(ctx, account, after) {
					if c.Request == nil && err == nil {
						continue
					}
					if !yield(c, err) {
						return
					}
				}
			}
		}
		return m
	},
	"S29/due": func() points.Store { // one page of what is due
		m := &mutant{}
		m.due = func(ctx context.Context, until time.Time) iter.Seq2[string, error] {
			return first(20, m.MemStore.Due(ctx, until))
		}
		return m
	},
	"S29/offset": func() points.Store { // pages by number, while the consumer takes rows away
		m := &mutant{}
		m.due = func(ctx context.Context, until time.Time) iter.Seq2[string, error] {
			return func(yield func(string, error) bool) {
				const page = 100
				for from := 0; ; from += page {
					var names []string
					for name := range m.MemStore.Due(ctx, until) {
						names = append(names, name)
					}
					names = names[min(from, len(names)):]
					for _, name := range names[:min(page, len(names))] {
						if !yield(name, nil) {
							return
						}
					}
					if len(names) < page {
						return
					}
				}
			}
		}
		return m
	},
	"S29/accounts": func() points.Store { // one page of names
		m := &mutant{}
		m.names = func(ctx context.Context, after string) iter.Seq2[string, error] {
			return first(20, m.MemStore.Accounts(ctx, after))
		}
		return m
	},
	"S29/changes": func() points.Store { // one page of changes
		m := &mutant{}
		m.changes = func(ctx context.Context, account string, after int64) iter.Seq2[points.Change, error] {
			return first(130, m.MemStore.Changes(ctx, account, after))
		}
		return m
	},
	"S29/boundary": func() points.Store { // loses the row between two pages
		m := &mutant{}
		m.changes = func(ctx context.Context, account string, after int64) iter.Seq2[points.Change, error] {
			return func(yield func(points.Change, error) bool) {
				n := 0
				for c, err := range m.MemStore.Changes(ctx, account, after) {
					if n++; n%500 != 0 && !yield(c, err) {
						return
					}
				}
			}
		}
		return m
	},
	"S30": func() points.Store { // says that it has erased
		m := &mutant{}
		m.erase = func(context.Context, string) error { return nil }
		return m
	},
}

// referring finds changes by what they refer to, compared in some way.
func referring(same func(of, key string) bool) points.Store {
	m := &mutant{}
	m.load = func(ctx context.Context, account string, keys []string) (points.Account, error) {
		acc, err := m.MemStore.Load(ctx, account)
		if err != nil {
			return acc, err
		}
		wanted := func(c points.Change) bool {
			return slices.ContainsFunc(keys, func(k string) bool { return k != "" && (c.Key == k || same(c.Of, k)) })
		}
		for c := range m.MemStore.Changes(ctx, account, 0) {
			if c.Version <= acc.Version && wanted(c) {
				acc.Changes = append(acc.Changes, c)
			}
		}
		return acc, nil
	}
	return m
}

// named lists accounts in some way.
func named(list func(names []string, after string) []string) *mutant {
	m := &mutant{}
	m.names = func(ctx context.Context, after string) iter.Seq2[string, error] {
		return func(yield func(string, error) bool) {
			var names []string
			for name := range m.MemStore.Accounts(ctx, "") {
				names = append(names, name)
			}
			for _, name := range list(names, after) {
				if !yield(name, nil) {
					return
				}
			}
		}
	}
	return m
}

// first yields no more than n rows.
func first[T any](n int, rows iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		left := n
		for v, err := range rows {
			if left--; left < 0 || !yield(v, err) {
				return
			}
		}
	}
}
