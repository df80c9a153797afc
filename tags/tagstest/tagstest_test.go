package tagstest

import (
	"context"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/regulars-go/regulars/tags"
)

func TestMemStore(t *testing.T) {
	Run(t, func(context.Context) (tags.Store, error) { return new(tags.MemStore), nil })
}

// A mutant is a MemStore with one bug. It fails the law named, and none before it.
type mutant struct {
	tags.MemStore
	load   func(ctx context.Context, m *mutant, holder string, keys []string) (tags.Card, error)
	commit func(ctx context.Context, m *mutant, cards []tags.Card) error
	due    func(ctx context.Context, m *mutant, until time.Time) iter.Seq2[string, error]
	cards  func(ctx context.Context, m *mutant, tag string) iter.Seq2[tags.Card, error]
	kept   map[string]tags.Card
}

func (m *mutant) Load(ctx context.Context, holder string, keys ...string) (tags.Card, error) {
	if m.load != nil {
		return m.load(ctx, m, holder, keys)
	}
	return m.MemStore.Load(ctx, holder, keys...)
}

func (m *mutant) Commit(ctx context.Context, cards ...tags.Card) error {
	if m.commit != nil {
		return m.commit(ctx, m, cards)
	}
	return m.MemStore.Commit(ctx, cards...)
}

func (m *mutant) Due(ctx context.Context, until time.Time) iter.Seq2[string, error] {
	if m.due != nil {
		return m.due(ctx, m, until)
	}
	return m.MemStore.Due(ctx, until)
}

func (m *mutant) Cards(ctx context.Context, tag string) iter.Seq2[tags.Card, error] {
	if m.cards != nil {
		return m.cards(ctx, m, tag)
	}
	return m.MemStore.Cards(ctx, tag)
}

// current makes a commit's versions follow whatever is there.
func current(ctx context.Context, m *mutant, cards []tags.Card) {
	next := map[string]int64{}
	for i, c := range cards {
		if _, ok := next[c.Holder]; !ok {
			old, _ := m.MemStore.Load(ctx, c.Holder)
			next[c.Holder] = old.Version
		}
		next[c.Holder]++
		cards[i].Version = next[c.Holder]
	}
}

func changed(cards []tags.Card, change func(*tags.Card)) []tags.Card {
	cards = slices.Clone(cards)
	for i := range cards {
		cards[i].Set = slices.Clone(cards[i].Set)
		cards[i].Records = slices.Clone(cards[i].Records)
		change(&cards[i])
	}
	return cards
}

func TestMutants(t *testing.T) {
	onLoad := func(change func(*tags.Card)) mutant {
		return mutant{load: func(ctx context.Context, m *mutant, holder string, keys []string) (tags.Card, error) {
			c, err := m.MemStore.Load(ctx, holder, keys...)
			change(&c)
			return c, err
		}}
	}
	onCommit := func(change func(*tags.Card)) mutant {
		return mutant{commit: func(ctx context.Context, m *mutant, cards []tags.Card) error {
			return m.MemStore.Commit(ctx, changed(cards, change)...)
		}}
	}
	all := map[string][]mutant{
		"Empty": {onLoad(func(c *tags.Card) {
			if c.Version == 0 {
				c.Holder = ""
			}
		})},
		"RoundTrip": {
			onCommit(func(c *tags.Card) {
				for i, a := range c.Set {
					c.Set[i].From = a.From.Truncate(time.Millisecond)
				}
			}),
			onLoad(func(c *tags.Card) {
				for i, a := range c.Set {
					c.Set[i].From = a.From.In(time.FixedZone("shop", 8*3600))
				}
			}),
			onCommit(func(c *tags.Card) { c.Settled = time.Time{} }),
			onCommit(func(c *tags.Card) {
				for i := range c.Set {
					c.Set[i].Cut = time.Time{}
				}
			}),
			onLoad(func(c *tags.Card) {
				for i := range c.Records {
					c.Records[i].Change.Refused = nil
				}
			}),
			onCommit(func(c *tags.Card) { // one source a tag
				c.Set = slices.CompactFunc(c.Set, func(x, y tags.Assignment) bool { return x.Tag == y.Tag })
			}),
			onCommit(func(c *tags.Card) {
				for i := range c.Set {
					c.Set[i].Source = "rule:law"
				}
			}),
		},
		"Limits": {
			onCommit(func(c *tags.Card) { c.Holder = c.Holder[:min(len(c.Holder), 254)] }),
			onCommit(func(c *tags.Card) {
				for i, r := range c.Records {
					c.Records[i].Key = r.Key[:min(len(r.Key), 100)]
				}
			}),
			onCommit(func(c *tags.Card) {
				for i, a := range c.Set {
					if a.Until.Year() > 2037 {
						c.Set[i].Until = time.Time{}
					}
				}
			}),
		},
		"Exact": {
			{
				load: func(ctx context.Context, m *mutant, holder string, keys []string) (tags.Card, error) {
					c, err := m.MemStore.Load(ctx, strings.ToLower(holder), keys...)
					c.Holder = holder
					return c, err
				},
				commit: func(ctx context.Context, m *mutant, cards []tags.Card) error {
					return m.MemStore.Commit(ctx, changed(cards, func(c *tags.Card) { c.Holder = strings.ToLower(c.Holder) })...)
				},
			},
			onLoad(func(c *tags.Card) { c.Holder = strings.TrimRight(c.Holder, " ") }),
		},
		"Replace": {{commit: func(ctx context.Context, m *mutant, cards []tags.Card) error {
			return m.MemStore.Commit(ctx, changed(cards, func(c *tags.Card) {
				old, _ := m.MemStore.Load(ctx, c.Holder)
				c.Set = append(old.Set, c.Set...)
			})...)
		}}, {commit: func(ctx context.Context, m *mutant, cards []tags.Card) error { // Settled is never moved
			return m.MemStore.Commit(ctx, changed(cards, func(c *tags.Card) {
				if old, _ := m.MemStore.Load(ctx, c.Holder); old.Version > 0 {
					c.Settled = old.Settled
				}
			})...)
		}}},
		"Records": {
			{load: func(ctx context.Context, m *mutant, holder string, keys []string) (tags.Card, error) {
				if len(keys) == 2 {
					keys = keys[:1]
				}
				return m.MemStore.Load(ctx, holder, keys...)
			}},
			{commit: func(ctx context.Context, m *mutant, cards []tags.Card) error { // of the first card alone
				cards = slices.Clone(cards)
				for i := range cards[1:] {
					cards[1+i].Records = nil
				}
				return m.MemStore.Commit(ctx, cards...)
			}},
			{load: func(ctx context.Context, m *mutant, holder string, keys []string) (tags.Card, error) {
				return m.MemStore.Load(ctx, holder, append(keys, "k2")...)
			}},
			onLoad(func(c *tags.Card) {
				c.Records = slices.DeleteFunc(c.Records, func(r tags.Record) bool { return r.Version < c.Version })
			}),
		},
		"Stale": {{commit: func(ctx context.Context, m *mutant, cards []tags.Card) error {
			cards = slices.Clone(cards)
			current(ctx, m, cards)
			return m.MemStore.Commit(ctx, cards...)
		}}},
		"Key": {{commit: func(ctx context.Context, m *mutant, cards []tags.Card) error {
			return m.MemStore.Commit(ctx, changed(cards, func(c *tags.Card) {
				c.Records = slices.DeleteFunc(c.Records, func(r tags.Record) bool {
					old, _ := m.MemStore.Load(ctx, c.Holder, r.Key)
					return len(old.Records) > 0
				})
			})...)
		}}},
		"Whole": {{commit: func(ctx context.Context, m *mutant, cards []tags.Card) error {
			for _, c := range cards {
				if err := m.MemStore.Commit(ctx, c); err != nil {
					return err
				}
			}
			return nil
		}}},
		"Order": {{commit: func(ctx context.Context, m *mutant, cards []tags.Card) error {
			cards = slices.Clone(cards)
			slices.SortStableFunc(cards, func(x, y tags.Card) int { return int(x.Version - y.Version) })
			return m.MemStore.Commit(ctx, cards...)
		}}},
		"Copies": {{
			commit: func(ctx context.Context, m *mutant, cards []tags.Card) error {
				if err := m.MemStore.Commit(ctx, cards...); err != nil {
					return err
				}
				if m.kept == nil {
					m.kept = map[string]tags.Card{}
				}
				for _, c := range cards {
					m.kept[c.Holder] = c
				}
				return nil
			},
			load: func(ctx context.Context, m *mutant, holder string, keys []string) (tags.Card, error) {
				c, err := m.MemStore.Load(ctx, holder, keys...)
				c.Set = m.kept[holder].Set
				return c, err
			},
		}},
		"Cancelled": {{commit: func(ctx context.Context, m *mutant, cards []tags.Card) error {
			return m.MemStore.Commit(context.WithoutCancel(ctx), cards...)
		}}},
		"Due": {
			{due: func(ctx context.Context, m *mutant, until time.Time) iter.Seq2[string, error] {
				return m.MemStore.Due(ctx, until.Add(-time.Microsecond))
			}},
			{due: func(ctx context.Context, m *mutant, until time.Time) iter.Seq2[string, error] {
				return func(yield func(string, error) bool) {
					for c, err := range m.MemStore.Cards(ctx, "") { // forgets that a rival may end one
						late := func(a tags.Assignment) bool {
							return !a.Until.IsZero() && a.Until.After(c.Settled) && !a.Until.After(until)
						}
						if slices.ContainsFunc(c.Set, late) && !yield(c.Holder, err) {
							return
						}
					}
				}
			}},
		},
		"DueWhileCommitting": {{due: func(ctx context.Context, m *mutant, until time.Time) iter.Seq2[string, error] {
			return func(yield func(string, error) bool) { // pages by offset over what changes meanwhile
				for offset := 0; ; offset++ {
					var due []string
					for h := range m.MemStore.Due(ctx, until) {
						due = append(due, h)
					}
					if offset >= len(due) || !yield(due[offset], nil) {
						return
					}
				}
			}
		}}},
		"Race": {{commit: func(ctx context.Context, m *mutant, cards []tags.Card) error {
			err := m.MemStore.Commit(ctx, cards...)
			if err != nil && len(cards) == 1 && len(cards[0].Set) > 0 && strings.HasPrefix(cards[0].Set[0].Tag, "tag") {
				return nil // tells the loser that it won
			}
			return err
		}}},
		"Cards": {
			{cards: func(ctx context.Context, m *mutant, tag string) iter.Seq2[tags.Card, error] {
				return func(yield func(tags.Card, error) bool) {
					for c, err := range m.MemStore.Cards(ctx, "") {
						fold := func(a tags.Assignment) bool { return strings.EqualFold(a.Tag, tag) }
						if (tag == "" || slices.ContainsFunc(c.Set, fold)) && !yield(c, err) {
							return
						}
					}
				}
			}},
			{cards: func(ctx context.Context, m *mutant, tag string) iter.Seq2[tags.Card, error] {
				return func(yield func(tags.Card, error) bool) {
					for c, err := range m.MemStore.Cards(ctx, tag) {
						c, _ = m.MemStore.Load(ctx, c.Holder, "k")
						if !yield(c, err) {
							return
						}
					}
				}
			}},
		},
	}
	for _, law := range Laws() {
		if len(all[law.Name]) == 0 {
			t.Errorf("no mutant breaks %s", law.Name)
		}
		for i := range all[law.Name] {
			if got := firstFailure(t, &all[law.Name][i]); got != law.Name {
				t.Errorf("mutant %d of %s first fails %q", i, law.Name, got)
			}
		}
	}
}

// firstFailure returns the first law that a fresh copy of a mutant fails.
func firstFailure(t *testing.T, pattern *mutant) string {
	t.Helper()
	for _, law := range Laws() {
		m := &mutant{load: pattern.load, commit: pattern.commit, due: pattern.due, cards: pattern.cards}
		if err := law.Check(t.Context(), m); err != nil {
			return law.Name
		}
	}
	return ""
}

func TestEveryLawHasItsWords(t *testing.T) {
	seen := map[string]bool{}
	for _, law := range Laws() {
		if seen[law.Name] || !strings.HasSuffix(law.Sentence, ".") {
			t.Errorf("%s: %q", law.Name, law.Sentence)
		}
		seen[law.Name] = true
	}
}
