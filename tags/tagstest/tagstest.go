// Package tagstest checks that a [tags.Store] keeps its word. A store's own test is one call:
//
//	func TestStore(t *testing.T) {
//		tagstest.Run(t, func(ctx context.Context) (tags.Store, error) { return open(ctx) })
//	}
//
// Each law is a name, one sentence of the interface and a check that gives the same verdict every time. Race
// alone depends on luck: a store that looks first and writes later fails it as often as a rival comes
// between, which over a wire is nearly always and in memory is seldom.
package tagstest

import (
	"context"
	"testing"

	"github.com/regulars-go/regulars/tags"
)

// Open returns an empty store. It is called once for each law. A store that is also a [tags.Reader] is
// held to the laws of reading.
type Open func(ctx context.Context) (tags.Store, error)

// Law is one sentence a store has to keep. Check returns nil if it does, and says what it saw otherwise.
type Law struct {
	Name     string
	Sentence string
	Check    func(ctx context.Context, s tags.Store) error
}

// Run holds a store against every law, each in its own subtest.
func Run(t *testing.T, open Open) {
	t.Helper()
	for _, law := range Laws() {
		t.Run(law.Name, func(t *testing.T) {
			s, err := open(t.Context())
			if err != nil {
				t.Fatalf("open: %v", err)
			}
			if err := law.Check(t.Context(), s); err != nil {
				t.Errorf("%s\n%v", law.Sentence, err)
			}
		})
	}
}

// Laws returns the laws, the simplest first: a later one takes the earlier for granted.
func Laws() []Law {
	return []Law{
		{"Empty", "A holder never written has a card at version 0, without assignments or records.", empty},
		{"RoundTrip", "What is committed is loaded whole, instants to the microsecond and in UTC.", roundTrip},
		{"Limits", "Ids of 255 bytes and instants up to the end of the year 9999 are kept whole.", limits},
		{"Exact", "Holders, tags and keys are compared byte by byte.", exact},
		{"Replace", "A card replaces the one before it.", replace},
		{"Records", "Load returns the records asked for, of every version, and no others.", records},
		{"Stale", "A card whose version does not follow is ErrConflict, and nothing changes.", stale},
		{"Key", "A key that is taken is ErrConflict, and nothing changes.", key},
		{"Whole", "All cards of a commit are written, or none.", whole},
		{"Order", "Cards of one holder are written in argument order.", order},
		{"Copies", "What was handed in or out may be written to without changing the store.", copies},
		{"Cancelled", "With a cancelled context nothing is written, and the error says so.", cancelled},
		{"Due", "Due yields every holder with an assignment that ends after Settled and at or before until.", due},
		{"DueWhileCommitting", "The consumer of Due may commit while ranging, and may stop early.", dueWhileCommitting},
		{"Race", "Of rivals that commit the same version one wins and the others are ErrConflict.", race},
		{"Cards", "Cards yields whoever has or had the tag, or all for no tag, in byte order, once, without records.", cards},
	}
}
