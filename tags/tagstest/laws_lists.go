package tagstest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/regulars-go/regulars/tags"
)

func due(ctx context.Context, s tags.Store) error {
	cut := card("cut", 1, assignment("vip", 1, 0))
	cut.Set[0].Cut = at(5)
	settled := card("settled", 1, assignment("vip", 1, 3), assignment("gift", 1, 5))
	settled.Settled = at(3)
	told := card("told", 1, assignment("vip", 1, 5))
	told.Settled = at(5)
	err := s.Commit(ctx, card("ends", 1, assignment("vip", 1, 5)), card("open", 1, assignment("vip", 1, 0)),
		card("later", 1, assignment("vip", 1, 6)), card("none", 1), cut, settled, told)
	if err != nil {
		return err
	}
	for _, c := range []struct {
		until time.Time
		want  []string
	}{
		{at(5).Add(-time.Microsecond), nil},
		{at(5), []string{"cut", "ends", "settled"}},
		{at(6), []string{"cut", "ends", "later", "settled"}},
	} {
		var got []string
		for h, err := range s.Due(ctx, c.until) {
			if err != nil {
				return err
			}
			got = append(got, h)
		}
		for _, h := range c.want { // a store may yield more
			if !slices.Contains(got, h) {
				return fmt.Errorf("until %v: got %q, want at least %q", c.until, got, c.want)
			}
		}
	}
	return nil
}

func dueWhileCommitting(ctx context.Context, s tags.Store) error {
	holders := []string{"a", "b", "c", "d"}
	for _, h := range holders {
		if err := s.Commit(ctx, card(h, 1, assignment("vip", 1, 5))); err != nil {
			return err
		}
	}
	for _, err := range s.Due(ctx, at(9)) {
		if err != nil {
			return err
		}
		break
	}
	seen := map[string]bool{}
	for h, err := range s.Due(ctx, at(9)) {
		if err != nil {
			return err
		}
		if !seen[h] {
			seen[h] = true
			c := card(h, 2, assignment("vip", 1, 5))
			c.Settled = at(9)
			if err := s.Commit(ctx, c); err != nil {
				return fmt.Errorf("commit while ranging: %w", err)
			}
		}
	}
	for _, h := range holders {
		if !seen[h] {
			return fmt.Errorf("%q was not yielded", h)
		}
	}
	return nil
}

func race(ctx context.Context, s tags.Store) error {
	const rivals, rounds = 8, 20
	for version := int64(1); version <= rounds; version++ {
		results := make([]error, rivals)
		var wg sync.WaitGroup
		start := make(chan struct{})
		for i := range rivals {
			wg.Go(func() {
				<-start
				results[i] = s.Commit(ctx, card("lin", version, assignment(fmt.Sprint("tag", i), 1, 0)))
			})
		}
		close(start)
		wg.Wait()
		winner := -1
		for i, err := range results {
			switch {
			case err == nil && winner >= 0:
				return fmt.Errorf("version %d: two commits won", version)
			case err == nil:
				winner = i
			case !errors.Is(err, tags.ErrConflict):
				return err
			}
		}
		if winner < 0 {
			return fmt.Errorf("version %d: nobody won", version)
		}
		if err := loaded(ctx, s, card("lin", version, assignment(fmt.Sprint("tag", winner), 1, 0))); err != nil {
			return err
		}
	}
	return nil
}

func cards(ctx context.Context, s tags.Store) error {
	r, ok := s.(tags.Reader)
	if !ok {
		return nil
	}
	keyed := card("B", 1, assignment("vip", 1, 5))
	keyed.Records = []tags.Record{record("k", 1)}
	for _, c := range []tags.Card{card("é", 1, assignment("vip", 1, 0)), keyed, card("a", 1, assignment("VIP", 1, 0), assignment("gift", 1, 0)), card("c", 1)} {
		if err := s.Commit(ctx, c); err != nil {
			return err
		}
	}
	keyed.Records = nil
	for tag, want := range map[string][]string{"vip": {"B", "é"}, "gift": {"a"}, "nobody": nil, "": {"B", "a", "c", "é"}} {
		var got []string
		for c, err := range r.Cards(ctx, tag) {
			if err != nil {
				return err
			}
			got = append(got, c.Holder)
			if c.Holder == "B" {
				if err := alike(c, keyed); err != nil {
					return err
				}
			}
		}
		if err := same(got, want); err != nil {
			return fmt.Errorf("tag %q: %w", tag, err)
		}
	}
	for _, err := range r.Cards(ctx, "") {
		return err // the consumer may stop early
	}
	return nil
}
