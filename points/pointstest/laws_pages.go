package pointstest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/regulars-go/regulars/points"
)

var pageLaws = []Law{
	{"S29", 2, "Of more accounts and changes than a page of any size holds none is lost, also while the consumer commits.", func(t testing.TB, h Harness) {
		const many, batch = 1200, 50
		s := h.Open(t)
		names := make([]string, many)
		for i := range names {
			names[i] = fmt.Sprintf("m%04d", i)
		}
		for page := range slices.Chunk(names, batch) {
			var changes []points.Change
			for _, name := range page {
				changes = append(changes, credit(points.Account{ID: name}, "k", "", 1))
			}
			commit(t, s, changes...)
		}
		var seen, settled []string
		settle := func() {
			var changes []points.Change
			for _, name := range settled {
				changes = append(changes, light(name, 2))
			}
			commit(t, s, changes...)
			settled = settled[:0]
		}
		known := map[string]bool{}
		for name, err := range s.Due(context.Background(), day(99)) {
			if err != nil {
				t.Fatalf("due: %v", err)
			}
			if known[name] {
				continue
			}
			known[name] = true
			if seen, settled = append(seen, name), append(settled, name); len(settled) == batch {
				settle()
			}
		}
		if len(seen) != many {
			t.Fatalf("due yields %d accounts of %d, while those before are settled", len(seen), many)
		}
		history, ok := s.(points.History)
		if !ok {
			return
		}
		grow := 2
		longest := func() {
			var changes []points.Change
			for range batch {
				grow++
				changes = append(changes, light(names[0], int64(grow)))
			}
			for i := range changes[:batch-1] {
				changes[i].State = nil
			}
			commit(t, s, changes...)
		}
		seen = nil
		for name, err := range history.Accounts(context.Background(), "") {
			if err != nil {
				t.Fatalf("accounts: %v", err)
			}
			if seen = append(seen, name); len(seen)%batch == 0 {
				longest()
			}
		}
		if !slices.Equal(seen, names) {
			t.Fatalf("accounts yields %d names for %d, or in another order", len(seen), many)
		}
		next := int64(1)
		for c, err := range history.Changes(context.Background(), names[0], 0) {
			if err != nil {
				t.Fatalf("changes: %v", err)
			}
			if c.Version != next {
				t.Fatalf("change %d comes where %d should", c.Version, next)
			}
			if next++; next == many/2 {
				longest()
			}
		}
		if next <= many {
			t.Fatalf("changes ends after %d, the account had %d", next-1, many)
		}
	}},
}

// light is a change that leaves an account with nothing to do and no lots, so that many are fast.
func light(account string, version int64) points.Change {
	c := credit(points.Account{ID: account, Version: version - 1}, fmt.Sprint("k", version), "", 1)
	c.State.Lots, c.State.Due = nil, time.Time{}
	return c
}
