package tags

import (
	"context"
	"fmt"
	"iter"
	"time"
)

// Set returns the assignments of a holder.
func (b *Book) Set(ctx context.Context, holder string) (Set, error) {
	card, err := b.store.Load(ctx, holder)
	if err != nil {
		return nil, fmt.Errorf("tags: load: %w", err)
	}
	return card.Set, nil
}

// At returns the tags a holder has at an instant; zero means now.
func (b *Book) At(ctx context.Context, holder string, at time.Time) ([]string, error) {
	s, err := b.Set(ctx, holder)
	return b.v.At(s, instant(at)), err
}

// Under lists the holders who have a tag at an instant, in byte order; zero means now.
func (b *Book) Under(ctx context.Context, r Reader, tag string, at time.Time) iter.Seq2[string, error] {
	return b.Find(ctx, r, Is(tag), at)
}

// Find lists the holders whose tags answer an expression at an instant, in byte order; zero means now. An
// error ends the list.
func (b *Book) Find(ctx context.Context, r Reader, e Expr, at time.Time) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		at := instant(at)
		if err := e.check(b.v, 0); err != nil {
			yield("", err)
			return
		}
		for c, err := range r.Cards(ctx, e.needs()) {
			if err != nil {
				yield("", err)
				return
			}
			if e.Match(b.v, c.Set, at) && !yield(c.Holder, nil) {
				return
			}
		}
	}
}
