package pointstest

import (
	"cmp"
	"context"
	"slices"
	"testing"
	"time"

	"github.com/regulars-go/regulars/points"
)

// Harness is a store under test.
type Harness struct {
	// Open returns a fresh, empty store. It registers its own cleanup.
	Open func(t testing.TB) points.Store
	// Tx runs a function with the store bound to a transaction of the caller, and commits it if the
	// function returns nil, else rolls back. Without it the laws about transactions are skipped.
	Tx func(ctx context.Context, s points.Store, do func(points.Store) error) error
	// Reopen ends a store, as a process does that stops, and opens it on what it had stored. Without it
	// the laws about restarts are skipped.
	Reopen func(t testing.TB, s points.Store) points.Store
	// Crash makes a store die in its next Commit, as a process does that is killed: at the nth, from 0,
	// of the places at which that may happen, such as before and after each statement. From then on
	// every call returns an error, until Reopen opens what had been stored. A Commit that has no such
	// place goes through. Without it, or without Reopen, the laws about crashes are skipped.
	Crash func(s points.Store, n int)
}

// Law is a promise of a store: an id, a sentence, and a deterministic check. A store that breaks a
// law of a level is not worth asking about the next.
type Law struct {
	ID       string
	Level    int
	Sentence string
	check    func(t testing.TB, h Harness)
}

// Laws returns the laws in the order in which they are checked.
func Laws() []Law { return slices.Clone(laws) }

// Check checks the law.
func (l Law) Check(t testing.TB, h Harness) {
	t.Helper()
	l.check(t, h)
}

// Run checks a store against the laws, each as a subtest, level by level. It stops after a level of
// which a law failed.
func Run(t *testing.T, h Harness) {
	t.Helper()
	climb(func(law Law) bool {
		return t.Run(law.ID, func(t *testing.T) {
			t.Log(law.Sentence)
			law.check(t, h)
		})
	})
}

// climb checks the laws until a level has failed.
func climb(check func(Law) bool) {
	level, failed := 0, false
	for _, law := range laws {
		if law.Level > level && failed {
			return
		}
		level = law.Level
		failed = !check(law) || failed
	}
}

var laws = slices.SortedStableFunc(slices.Values(slices.Concat(
	coreLaws, contextLaws, pageLaws, ledgerLaws, replayLaws, eraseLaws, durableLaws, raceLaws, linearLaws, hotLaws, txLaws,
)), func(a, b Law) int { return cmp.Compare(a.Level, b.Level) })

// day is an instant with microseconds, a number of days into the suite's calendar.
func day(n int) time.Time {
	return time.Date(2025, 1, 1, 9, 30, 0, 123456000, time.UTC).AddDate(0, 0, n)
}

// credit is a change that takes an account from one version to the next by issuing one lot.
func credit(acc points.Account, key, of string, n int64) points.Change {
	lot := points.Lot{ID: key, Of: of, EarnedAt: day(0), ActiveFrom: day(0), ExpiresAt: day(30), Available: n}
	acc.Version++
	acc.At, acc.Due = day(0), day(30)
	acc.Lots = append(slices.Clone(acc.Lots), lot)
	state := acc
	state.Changes = nil
	return points.Change{
		Account: acc.ID, Version: acc.Version, Key: key, Of: of, Kind: points.KindEarn, At: day(0),
		Request: &points.Request{Op: points.EarnRequest{Account: acc.ID, Key: key, Points: n}},
		Entries: []points.Entry{{Kind: points.KindEarn, At: day(0), To: points.InAvailable, Points: n, Slices: []points.Slice{{Points: n, Lot: lot}}}},
		Receipt: points.Receipt{Account: acc.ID, Key: key, Kind: points.KindEarn, At: day(0), Version: acc.Version, Points: n, Balance: acc.Balance()},
		State:   &state,
	}
}

func load(t testing.TB, s points.Store, account string, keys ...string) points.Account {
	t.Helper()
	acc, err := s.Load(context.Background(), account, keys...)
	if err != nil {
		t.Fatalf("load: %v", err)
	}
	return acc
}

func commit(t testing.TB, s points.Store, changes ...points.Change) {
	t.Helper()
	if err := s.Commit(context.Background(), changes...); err != nil {
		t.Fatalf("commit: %v", err)
	}
}

// add commits one more credit.
func add(t testing.TB, s points.Store, account, key, of string, n int64) points.Change {
	t.Helper()
	c := credit(load(t, s, account), key, of, n)
	commit(t, s, c)
	return c
}
