package tags

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"
)

// MemStore is a [Store] and [Reader] in memory, and what the interfaces mean. Its zero value is ready to
// use, and safe for concurrent use. It must not be copied.
type MemStore struct {
	mu    sync.RWMutex
	cards map[string]Card // with all of their records
}

// Load implements [Store].
func (m *MemStore) Load(ctx context.Context, holder string, keys ...string) (Card, error) {
	if err := ctx.Err(); err != nil {
		return Card{}, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	c := m.cards[holder]
	c.Holder = holder
	return copied(c, func(r Record) bool { return slices.Contains(keys, r.Key) }), nil
}

// Commit implements [Store].
func (m *MemStore) Commit(ctx context.Context, cards ...Card) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	next := map[string]Card{}
	for _, c := range cards {
		old, ok := next[c.Holder]
		if !ok {
			old = m.cards[c.Holder]
		}
		if c.Version != old.Version+1 {
			return fmt.Errorf("%w: version %d does not follow %d", ErrConflict, c.Version, old.Version)
		}
		for _, r := range c.Records {
			if slices.ContainsFunc(old.Records, func(o Record) bool { return o.Key == r.Key }) {
				return fmt.Errorf("%w: the key is taken", ErrConflict)
			}
		}
		c = copied(c, func(Record) bool { return true })
		c.Records = append(slices.Clone(old.Records), c.Records...)
		next[c.Holder] = c
	}
	if m.cards == nil {
		m.cards = map[string]Card{}
	}
	maps.Copy(m.cards, next)
	return nil
}

// Due implements [Store]. It yields in byte order what was due when it was called.
func (m *MemStore) Due(ctx context.Context, until time.Time) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for c, err := range m.Cards(ctx, "") {
			due := err != nil || slices.ContainsFunc(c.Set, func(a Assignment) bool { return a.ends(c.Settled, until) })
			if due && !yield(c.Holder, err) {
				return
			}
		}
	}
}

// Cards implements [Reader]. It yields what was there when it was called.
func (m *MemStore) Cards(ctx context.Context, tag string) iter.Seq2[Card, error] {
	return func(yield func(Card, error) bool) {
		m.mu.RLock()
		all := maps.Clone(m.cards) // a card is replaced, never changed
		m.mu.RUnlock()
		for _, holder := range slices.Sorted(maps.Keys(all)) {
			if err := ctx.Err(); err != nil {
				yield(Card{}, err)
				return
			}
			c := all[holder]
			if tag != "" && !slices.ContainsFunc(c.Set, func(a Assignment) bool { return a.Tag == tag }) {
				continue
			}
			if !yield(copied(c, func(Record) bool { return false }), nil) {
				return
			}
		}
	}
}

// copied returns a card that shares nothing that can be written to, with some of its records.
func copied(c Card, keep func(Record) bool) Card {
	c.Set = slices.Clone(c.Set)
	var records []Record
	for _, r := range c.Records {
		if keep(r) {
			r.Change = Change{slices.Clone(r.Change.Added), slices.Clone(r.Change.Extended), slices.Clone(r.Change.Closed), slices.Clone(r.Change.Refused)}
			records = append(records, r)
		}
	}
	c.Records = records
	return c
}

// ends reports whether an assignment ends within (after, until].
func (a Assignment) ends(after, until time.Time) bool {
	end := a.End()
	return !end.IsZero() && end.After(after) && !end.After(until)
}
