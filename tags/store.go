package tags

import (
	"context"
	"errors"
	"iter"
	"time"
)

// ErrConflict reports that a card moved, or a key was taken, between Load and Commit.
var ErrConflict = errors.New("tags: conflict")

// Store keeps one card per holder. It never computes, reads no clock and decides nothing: a [Book] does.
// A Store is safe for concurrent use. Its sentences are laws of package tagstest.
//
// Holders and keys are opaque and compared byte by byte: "A" and "a", "a" and "a " are different.
// Instants have microseconds and come back in UTC.
type Store interface {
	// Load returns the card of a holder, with those of its Records whose keys are asked for. The card of a
	// holder never written is at version 0 and empty.
	Load(ctx context.Context, holder string, keys ...string) (Card, error)
	// Commit writes all cards or none. Each replaces the card of its holder, and adds to its Records, if that
	// is at Version-1 and none of the added keys is taken; else it is ErrConflict. Cards of one holder are
	// written in argument order.
	Commit(ctx context.Context, cards ...Card) error
	// Due yields, at least once, every holder of a card with an assignment that ends after Settled and at or
	// before until. It may yield others. The consumer may stop early and may Commit while ranging.
	Due(ctx context.Context, until time.Time) iter.Seq2[string, error]
}

// Reader is the second, smaller interface, for lists. The functions that need one take it as an argument.
type Reader interface {
	// Cards yields the cards, without Records, of every holder who has or had the tag, or of all where the
	// tag is empty, in byte order of holder, each once. What is committed meanwhile may be missed.
	Cards(ctx context.Context, tag string) iter.Seq2[Card, error]
}

// Card is what a Store keeps of one holder.
type Card struct {
	Holder string `json:"holder"`
	// Version counts commits.
	Version int64 `json:"version"`
	Set     Set   `json:"set"`
	// Settled is the instant up to which ends were told by [Book.Settle].
	Settled time.Time `json:"settled,omitzero"`
	// Records are the requests that had a key.
	Records []Record `json:"records,omitempty"`
}

// Record is a request that was carried out under a key, and what it did then.
type Record struct {
	Key     string  `json:"key"`
	Request Request `json:"request"`
	Version int64   `json:"version"`
	Change  Change  `json:"change"`
}
