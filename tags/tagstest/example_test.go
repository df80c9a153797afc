package tagstest_test

import (
	"context"
	"fmt"

	"github.com/regulars-go/regulars/tags"
	"github.com/regulars-go/regulars/tags/tagstest"
)

// forgetful is a store with a bug: it loses the records of keys.
type forgetful struct{ tags.MemStore }

func (f *forgetful) Commit(ctx context.Context, cards ...tags.Card) error {
	for i := range cards {
		cards[i].Records = nil
	}
	return f.MemStore.Commit(ctx, cards...)
}

// A store's own test calls Run; a law may also be put to a store by hand.
func ExampleLaws() {
	for _, law := range tagstest.Laws() {
		if err := law.Check(context.Background(), new(forgetful)); err != nil {
			fmt.Println(law.Name, "-", law.Sentence)
			return
		}
	}
	// Output:
	// RoundTrip - What is committed is loaded whole, instants to the microsecond and in UTC.
}
