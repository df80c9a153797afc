package tagstest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/regulars-go/regulars/tags"
)

func at(day int) time.Time { return time.Date(2025, 1, day, 8, 30, 0, 123456000, time.UTC) }

func assignment(tag string, from, until int) tags.Assignment {
	a := tags.Assignment{Tag: tag, Source: "rule:law", From: at(from)}
	if until > 0 {
		a.Until = at(until)
	}
	return a
}

func card(holder string, version int64, set ...tags.Assignment) tags.Card {
	return tags.Card{Holder: holder, Version: version, Set: set}
}

func record(key string, version int64) tags.Record {
	a := assignment("vip", 1, 5)
	return tags.Record{
		Key: key, Version: version,
		Request: tags.Request{Action: tags.Assign, Tag: "vip", Source: "rule:law", At: at(1), Until: at(5)},
		Change: tags.Change{
			Added: []tags.Assignment{a}, Extended: []tags.Assignment{assignment("gift", 1, 9)}, Closed: []tags.Assignment{assignment("stage", 2, 3)},
			Refused: []tags.Refusal{{Assignment: assignment("new", 1, 0), Why: tags.Occupied}},
		},
	}
}

// loaded compares a card of the store with what it should be, as whole values.
func loaded(ctx context.Context, s tags.Store, want tags.Card, keys ...string) error {
	got, err := s.Load(ctx, want.Holder, keys...)
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	return alike(got, want)
}

// alike compares by value: zones have to be UTC, an empty list may be nil or not, and records may come in
// any order.
func alike(got, want tags.Card) error {
	slices.SortFunc(got.Records, func(x, y tags.Record) int { return strings.Compare(x.Key, y.Key) })
	if g, w := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); g != w {
		return fmt.Errorf("got  %s\nwant %s", g, w)
	}
	if len(got.Set) != len(want.Set) || len(got.Records) != len(want.Records) {
		return fmt.Errorf("got  %d assignments and %d records\nwant %d and %d", len(got.Set), len(got.Records), len(want.Set), len(want.Records))
	}
	return nil
}

func conflict(err error) error {
	if !errors.Is(err, tags.ErrConflict) {
		return errors.Join(errors.New("want ErrConflict"), err)
	}
	return nil
}

func empty(ctx context.Context, s tags.Store) error {
	return loaded(ctx, s, tags.Card{Holder: "nobody"}, "k")
}

func roundTrip(ctx context.Context, s tags.Store) error {
	c := card("老客户 7/é", 1, assignment("双11", 1, 5), assignment("vip", 2, 0), assignment("vip", 2, 0), assignment("vip", 3, 4))
	c.Set[0].Cut = at(3)
	c.Set[2].Source, c.Set[3].Source = "rule:other", tags.Manual
	c.Settled = at(4)
	c.Records = []tags.Record{record("ticket 1", 1)}
	if err := s.Commit(ctx, c); err != nil {
		return err
	}
	return loaded(ctx, s, c, "ticket 1")
}

func limits(ctx context.Context, s tags.Store) error {
	long := strings.Repeat("客", 84) + "é" // 254 bytes
	for _, last := range []string{"a", "b"} {
		c := card(long+last, 1, assignment(long+last, 1, 0))
		c.Set[0].Source = tags.Source(long + last)
		c.Set[0].From = time.Date(1900, 1, 1, 0, 0, 0, 1000, time.UTC)
		c.Set[0].Until = time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC)
		c.Records = []tags.Record{record(long+last, 1)}
		if err := s.Commit(ctx, c); err != nil {
			return err
		}
		if err := loaded(ctx, s, c, c.Holder); err != nil {
			return err
		}
	}
	return nil
}

func exact(ctx context.Context, s tags.Store) error {
	holders := []string{"a", "A", "a ", " a", "á", "a\u0301", "a%", "a_"}
	for i, h := range holders {
		c := card(h, 1, assignment(h, 1, i+2))
		c.Records = []tags.Record{record(h, 1)}
		if err := s.Commit(ctx, c); err != nil {
			return fmt.Errorf("holder %q: %w", h, err)
		}
	}
	for i, h := range holders {
		want := card(h, 1, assignment(h, 1, i+2))
		want.Records = []tags.Record{record(h, 1)}
		if err := loaded(ctx, s, want, holders...); err != nil {
			return err
		}
	}
	return nil
}

func replace(ctx context.Context, s tags.Store) error {
	for i, c := range []tags.Card{card("lin", 1, assignment("vip", 1, 5), assignment("gift", 1, 0)), card("lin", 2, assignment("gift", 1, 7)), card("lin", 3)} {
		c.Settled = at(i + 1)
		if err := s.Commit(ctx, c); err != nil {
			return err
		}
		if err := loaded(ctx, s, c); err != nil {
			return err
		}
	}
	return nil
}

func records(ctx context.Context, s tags.Store) error {
	for v := int64(1); v <= 3; v++ {
		c := card("lin", v)
		c.Records = []tags.Record{record(fmt.Sprint("k", v), v)}
		if err := s.Commit(ctx, c); err != nil {
			return err
		}
	}
	want := card("lin", 3)
	if err := loaded(ctx, s, want); err != nil {
		return err
	}
	want.Records = []tags.Record{record("k1", 1)}
	if err := loaded(ctx, s, want, "k9", "k1"); err != nil {
		return err
	}
	if err := loaded(ctx, s, tags.Card{Holder: "mei"}, "k1"); err != nil {
		return err
	}
	together := []tags.Card{card("one", 1), card("two", 1)}
	for i := range together {
		together[i].Records = []tags.Record{record("k1", 1), record("k2", 1)}
	}
	if err := s.Commit(ctx, together...); err != nil {
		return err
	}
	return errors.Join(loaded(ctx, s, together[0], "k1", "k2"), loaded(ctx, s, together[1], "k1", "k2"))
}

func stale(ctx context.Context, s tags.Store) error {
	first := card("lin", 1, assignment("vip", 1, 5))
	if err := s.Commit(ctx, first); err != nil {
		return err
	}
	for _, v := range []int64{0, 1, 3} {
		if err := conflict(s.Commit(ctx, card("lin", v))); err != nil {
			return fmt.Errorf("version %d after 1: %w", v, err)
		}
	}
	if err := conflict(s.Commit(ctx, card("mei", 2))); err != nil {
		return fmt.Errorf("version 2 of a new card: %w", err)
	}
	return errors.Join(loaded(ctx, s, first), loaded(ctx, s, tags.Card{Holder: "mei"}))
}

func key(ctx context.Context, s tags.Store) error {
	first := card("lin", 1, assignment("vip", 1, 5))
	first.Records = []tags.Record{record("k", 1)}
	if err := s.Commit(ctx, first); err != nil {
		return err
	}
	second := card("lin", 2)
	second.Records = []tags.Record{record("other", 2), record("k", 2)}
	if err := conflict(s.Commit(ctx, second)); err != nil {
		return err
	}
	if err := loaded(ctx, s, first, "k", "other"); err != nil {
		return err
	}
	mei := card("mei", 1)
	mei.Records = []tags.Record{record("k", 1)}
	return s.Commit(ctx, mei) // another holder's key is another key
}

func whole(ctx context.Context, s tags.Store) error {
	if err := conflict(s.Commit(ctx, card("lin", 1, assignment("vip", 1, 5)), card("mei", 2))); err != nil {
		return err
	}
	if err := loaded(ctx, s, tags.Card{Holder: "lin"}); err != nil {
		return err
	}
	if err := s.Commit(ctx, card("lin", 1), card("mei", 1)); err != nil {
		return err
	}
	return errors.Join(loaded(ctx, s, card("lin", 1)), loaded(ctx, s, card("mei", 1)))
}

func order(ctx context.Context, s tags.Store) error {
	one, two := card("lin", 1, assignment("vip", 1, 5)), card("lin", 2, assignment("gift", 1, 5))
	if err := conflict(s.Commit(ctx, two, one)); err != nil {
		return err
	}
	if err := s.Commit(ctx, one, two); err != nil {
		return err
	}
	return loaded(ctx, s, two)
}

func copies(ctx context.Context, s tags.Store) error {
	want := card("lin", 1, assignment("vip", 1, 5))
	want.Records = []tags.Record{record("k", 1)}
	in := card("lin", 1, assignment("vip", 1, 5))
	in.Records = []tags.Record{record("k", 1)}
	if err := s.Commit(ctx, in); err != nil {
		return err
	}
	spoil := func(c tags.Card) {
		c.Set[0].Tag = "spoilt"
		c.Records[0].Key = "spoilt"
		c.Records[0].Change.Added[0].Tag = "spoilt"
	}
	spoil(in)
	out, err := s.Load(ctx, "lin", "k")
	if err != nil {
		return err
	}
	if err := alike(out, want); err != nil {
		return fmt.Errorf("after writing to what was handed in: %w", err)
	}
	spoil(out)
	return loaded(ctx, s, want, "k")
}

func cancelled(ctx context.Context, s tags.Store) error {
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if err := s.Commit(gone, card("lin", 1)); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("commit: got %w, want context.Canceled", err)
	}
	if _, err := s.Load(gone, "lin"); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("load: got %w, want context.Canceled", err)
	}
	return loaded(ctx, s, tags.Card{Holder: "lin"})
}

func same(got, want []string) error {
	if !reflect.DeepEqual(got, want) {
		return fmt.Errorf("got %q, want %q", got, want)
	}
	return nil
}
