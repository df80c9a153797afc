package tags

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// ErrKeyReused reports a key that was used for another request. A *[KeyReusedError] says what differs.
var ErrKeyReused = errors.New("tags: the key was used for another request")

// KeyReusedError names the fields in which a request differs from the first one under its key.
type KeyReusedError struct{ Fields []string }

func (e *KeyReusedError) Error() string {
	return ErrKeyReused.Error() + ": " + strings.Join(e.Fields, ", ")
}

// Is makes the error match [ErrKeyReused].
func (e *KeyReusedError) Is(target error) bool { return target == ErrKeyReused }

// Book keeps the tags of the shop's customers in a [Store]: load, apply, commit. It is safe for concurrent
// use. A holder is any name of the caller's, 1 to 255 bytes of UTF-8.
type Book struct {
	v        *Vocabulary
	store    Store
	attempts int
}

// attempts is how often a lost race is run again before the caller is told.
const attempts = 16

// NewBook returns a Book over a store.
func NewBook(v *Vocabulary, s Store) *Book { return &Book{v, s, attempts} }

// With returns a Book over another store, usually one bound to the caller's transaction. It tries once:
// after ErrConflict the caller runs its whole unit again.
func (b *Book) With(s Store) *Book { return &Book{b.v, s, 1} }

// Receipt is what a Book did, to be published once the caller has committed.
type Receipt struct {
	Holder string `json:"holder"`
	// At is the instant that was used, Version that of the card after it.
	At      time.Time `json:"at"`
	Version int64     `json:"version"`
	Change  Change    `json:"change"`
	// Replayed says that the key had been used for the same request: the Receipt is the first one's.
	Replayed bool `json:"replayed,omitempty"`
}

// LogValue implements [slog.LogValuer].
func (r Receipt) LogValue() slog.Value {
	return slog.GroupValue(slog.String("holder", r.Holder), slog.Time("at", r.At), slog.Int64("version", r.Version),
		slog.Bool("replayed", r.Replayed), slog.Any("change", r.Change))
}

// Apply carries a request out for a holder. With a key it is carried out once for ever: the same request
// under the same key gives the first Receipt again, another request is a *[KeyReusedError]. What counts is
// the request but for At. A request that is refused leaves its key free. An empty key is for requests that
// may be repeated, since most repetitions change nothing.
//
// A zero At means now. The errors are those of [Vocabulary.Apply], [ErrKeyReused], [ErrConflict] after
// many lost races, and those of the store.
func (b *Book) Apply(ctx context.Context, holder, key string, r Request) (Receipt, error) {
	if key != "" {
		if err := checkID(key); err != nil {
			return Receipt{}, fmt.Errorf("%w: key: %w", ErrInvalid, err)
		}
	}
	r.At, r.Until = instant(r.At), r.Until.Truncate(time.Microsecond).UTC()
	var first *Record
	out, err := b.update(ctx, holder, key, r.At, func(c *Card) (Change, error) {
		if len(c.Records) > 0 {
			first, c.Records = &c.Records[0], nil
			return first.Change, differs(first.Request, r)
		}
		next, change, err := b.v.Apply(c.Set, r)
		c.Set = next
		if refused := change.Empty() && len(change.Refused) > 0; key != "" && !refused {
			c.Records = []Record{{Key: key, Request: r, Version: c.Version + 1, Change: change}}
		}
		return change, err
	})
	if err == nil && first != nil {
		out = Receipt{holder, first.Request.At, first.Version, first.Change, true}
	}
	return out, err
}

// differs says in which fields a request is not the first one under its key.
func differs(first, r Request) error {
	var fields []string
	for _, f := range []struct {
		name   string
		differ bool
	}{
		{"action", first.Action != r.Action},
		{"tag", first.Tag != r.Tag},
		{"source", first.Source != r.Source},
		{"until", !first.Until.Equal(r.Until)},
	} {
		if f.differ {
			fields = append(fields, f.name)
		}
	}
	if len(fields) > 0 {
		return &KeyReusedError{fields}
	}
	return nil
}

// update runs load, change and commit until no rival comes between. What changes nothing is not written.
func (b *Book) update(ctx context.Context, holder, key string, at time.Time, change func(*Card) (Change, error)) (Receipt, error) {
	if err := checkID(holder); err != nil {
		return Receipt{}, fmt.Errorf("%w: holder: %w", ErrInvalid, err)
	}
	var keys []string
	if key != "" {
		keys = []string{key}
	}
	for try := 1; ; try++ {
		card, err := b.store.Load(ctx, holder, keys...)
		if err != nil {
			return Receipt{}, fmt.Errorf("tags: load: %w", err)
		}
		before := card
		out := Receipt{Holder: holder, At: at, Version: card.Version}
		out.Change, err = change(&card)
		if err != nil {
			return Receipt{}, err
		}
		if equal(before.Set, card.Set) && before.Settled.Equal(card.Settled) && len(card.Records) == 0 {
			return out, nil
		}
		card.Version++
		out.Version = card.Version
		if err = b.store.Commit(ctx, card); err == nil {
			return out, nil
		}
		if !errors.Is(err, ErrConflict) || try >= b.attempts {
			return Receipt{}, fmt.Errorf("tags: commit: %w", err)
		}
	}
}

// instant fills a zero At in, the one place where the clock is read, and truncates it.
func instant(at time.Time) time.Time {
	if at.IsZero() {
		at = time.Now() //nolint:forbidigo // the stateful type reads the clock where the caller gave no instant
	}
	return at.Truncate(time.Microsecond).UTC()
}
