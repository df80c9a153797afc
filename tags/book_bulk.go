package tags

import (
	"context"
	"iter"
	"time"
)

// ApplyAll carries one request out for every holder of a sequence, under the same key if there is one. An
// error comes with its holder and does not end the sequence: the consumer goes on or breaks, and counts
// with [Report.AddReceipt]. A zero At is filled in once, for all.
func (b *Book) ApplyAll(ctx context.Context, holders iter.Seq2[string, error], key string, r Request) iter.Seq2[Receipt, error] {
	return func(yield func(Receipt, error) bool) {
		r.At = instant(r.At)
		for holder, err := range holders {
			out := Receipt{Holder: holder}
			if err == nil {
				if out, err = b.Apply(ctx, holder, key, r); err != nil {
					out.Holder = holder
				}
			}
			if !yield(out, err) {
				return
			}
		}
	}
}

// Run runs rules over the caller's customers and stores what changes, one holder at a time. Errors are as
// in [Book.ApplyAll]. A second run at the same instant changes nothing.
func Run[C any](ctx context.Context, b *Book, t *Tagger[C], at time.Time, customers iter.Seq2[C, error], holder func(C) string) iter.Seq2[Receipt, error] {
	return func(yield func(Receipt, error) bool) {
		at = instant(at)
		for c, err := range customers {
			var out Receipt
			if err == nil {
				requests := t.Requests(c, at)
				out, err = b.update(ctx, holder(c), "", at, func(card *Card) (change Change, err error) {
					card.Set, change, err = b.v.applyAll(card.Set, requests)
					return change, err
				})
				out.Holder = holder(c)
			}
			if !yield(out, err) {
				return
			}
		}
	}
}

// Settle tells of the assignments that ended since the last time, for shops that act on an end: nobody
// needs it for a tag to be gone. Each Receipt has them in Change.Closed, and no end is told twice. A zero
// until means now.
func (b *Book) Settle(ctx context.Context, until time.Time) iter.Seq2[Receipt, error] {
	return func(yield func(Receipt, error) bool) {
		until = instant(until)
		for holder, err := range b.store.Due(ctx, until) {
			out := Receipt{Holder: holder}
			if err == nil {
				out, err = b.settle(ctx, holder, until)
			}
			if err == nil && out.Change.Empty() { // a store may yield those that are not due
				continue
			}
			if !yield(out, err) {
				return
			}
		}
	}
}

func (b *Book) settle(ctx context.Context, holder string, until time.Time) (Receipt, error) {
	return b.update(ctx, holder, "", until, func(c *Card) (Change, error) {
		var change Change
		for _, a := range c.Set {
			if a.ends(c.Settled, until) {
				change.Closed = append(change.Closed, a)
			}
		}
		if len(change.Closed) > 0 {
			c.Settled = until
		}
		return change, nil
	})
}
