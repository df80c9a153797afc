package pointstest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/regulars-go/regulars/points"
)

var coreLaws = []Law{
	{"S01", 1, "What was committed is what is loaded: state, changes by key and by what they refer to, in order.", func(t testing.TB, h Harness) {
		s := h.Open(t)
		same(t, "an account that was never written", load(t, s, "ann", "k"), points.Account{ID: "ann"})
		first := add(t, s, "ann", "k4", "", 5) // versions run against the keys
		second := add(t, s, "ann", "k3", "order:7", 6)
		third := add(t, s, "ann", "k2", "order:7", 7)
		add(t, s, "ann", "k1", "", 8)
		acc := load(t, s, "ann", "order:7", "k4", "none", "k2")
		if acc.Version != 4 || acc.Balance().Available != 26 || !acc.Due.Equal(day(30)) {
			t.Errorf("state after four changes: %s", text(t, acc))
		}
		same(t, "the changes asked for", acc.Changes, []points.Change{first, second, third})
		if len(load(t, s, "ann").Changes) != 0 {
			t.Error("changes that nobody asked for")
		}
		if acc := load(t, s, "ann", ""); len(acc.Changes) != 0 {
			t.Error("the empty key names no change")
		}
	}},

	{"S02", 1, "A change that follows a stale version is refused with ErrConflict and leaves nothing.", func(t testing.TB, h Harness) {
		s := h.Open(t)
		stale := load(t, s, "ann")
		add(t, s, "ann", "k1", "", 5)
		before := snapshot(t, s, "ann")
		ahead := load(t, s, "ann")
		ahead.Version++
		for _, c := range []points.Change{credit(stale, "k2", "", 6), credit(ahead, "k3", "", 6)} {
			refused(t, s.Commit(context.Background(), c))
		}
		sameText(t, "after the refusals", snapshot(t, s, "ann"), before)
		if len(load(t, s, "ann", "k2", "k3").Changes) > 0 {
			t.Error("the key of a refused change is taken")
		}
	}},

	{"S03", 1, "A key is taken once in the life of an account, and the empty key never is.", func(t testing.TB, h Harness) {
		s := h.Open(t)
		first := add(t, s, "ann", "k", "", 5)
		before := snapshot(t, s, "ann")
		refused(t, s.Commit(context.Background(), credit(load(t, s, "ann"), "k", "", 5)))
		sameText(t, "after the refusal", snapshot(t, s, "ann"), before)
		same(t, "the change under the key", load(t, s, "ann", "k").Changes, []points.Change{first})
		acc := load(t, s, "ann")
		one := credit(acc, "x", "", 1)
		two := credit(*one.State, "x", "", 1)
		one.State = nil
		refused(t, s.Commit(context.Background(), one, two))
		sameText(t, "after a commit with one key twice", snapshot(t, s, "ann"), before)
		for range 2 {
			c := credit(load(t, s, "ann"), "lot", "order:7", 1)
			c.Key = ""
			commit(t, s, c)
		}
		if got := len(load(t, s, "ann", "order:7").Changes); got != 2 {
			t.Errorf("%d changes without a key, want 2", got)
		}
	}},

	{"S04", 1, "Accounts, keys and what changes refer to are opaque and compared byte by byte; a key in one account is free in another.", func(t testing.TB, h Harness) {
		s := h.Open(t)
		names := []string{"a", "A", "a ", "á", "a\u0301", "ａ", "a%", "a_", "'a'", "日本𠮷", "\u0001"}
		for i, name := range names {
			for j, key := range names {
				add(t, s, name, key, "", int64(1+i*100+j))
			}
		}
		for i, name := range names {
			if v := load(t, s, name).Version; v != int64(len(names)) {
				t.Errorf("account %q has version %d", name, v)
			}
			for j, key := range names {
				found := load(t, s, name, key).Changes
				if len(found) != 1 || found[0].Receipt.Points != int64(1+i*100+j) {
					t.Errorf("key %q of account %q finds %d changes", key, name, len(found))
				}
			}
		}
		refs := append(slices.Clone(names), "x", "xy", "xyz", "order:1", "order:10", "ORDER:1")
		for i, of := range refs {
			add(t, s, "referring", fmt.Sprint("key", i), of, int64(1+i))
		}
		for i, of := range refs {
			if found := load(t, s, "referring", of).Changes; len(found) != 1 || found[0].Receipt.Points != int64(1+i) {
				t.Errorf("%d changes refer to %q, want one", len(found), of)
			}
		}
	}},

	{"S05", 1, "Several changes of one account are applied in order, all or none.", func(t testing.TB, h Harness) {
		s := h.Open(t)
		changes := series(load(t, s, "ann"), "k", 4)
		commit(t, s, changes...)
		acc := load(t, s, "ann", "k0", "k1", "k2", "k3")
		if acc.Version != 4 || len(acc.Lots) != 4 || len(acc.Changes) != 4 {
			t.Errorf("after four changes: %s", text(t, acc))
		}
		before := snapshot(t, s, "ann")
		for broken := range 3 {
			changes := series(load(t, s, "ann"), "n", 3)
			changes[broken].Key = "k1"
			refused(t, s.Commit(context.Background(), changes...))
			sameText(t, fmt.Sprintf("after change %d of 3 was refused", broken+1), snapshot(t, s, "ann"), before)
		}
	}},

	{"S06", 1, "Changes of several accounts are applied all or none, and every version is checked.", func(t testing.TB, h Harness) {
		s := h.Open(t)
		add(t, s, "ann", "k", "", 1)
		add(t, s, "bob", "k", "", 1)
		before := snapshot(t, s, "ann", "bob")
		for _, order := range [][]string{{"ann", "bob"}, {"bob", "ann"}} {
			for stale := range order {
				var changes []points.Change
				for i, name := range order {
					acc := load(t, s, name)
					if i == stale {
						acc.Version--
					}
					changes = append(changes, credit(acc, "both", "", 1))
				}
				refused(t, s.Commit(context.Background(), changes...))
				sameText(t, "after the refusal", snapshot(t, s, "ann", "bob"), before)
			}
		}
		commit(t, s, credit(load(t, s, "bob"), "both", "", 1), credit(load(t, s, "ann"), "both", "", 1))
		if load(t, s, "ann").Version != 2 || load(t, s, "bob").Version != 2 {
			t.Error("a commit of two accounts did not change both")
		}
	}},

	{"S07", 1, "After a refused commit a good one succeeds.", func(t testing.TB, h Harness) {
		s := h.Open(t)
		add(t, s, "ann", "k", "", 5)
		for range 3 {
			refused(t, s.Commit(context.Background(), credit(load(t, s, "ann"), "k", "", 5)))
		}
		add(t, s, "ann", "l", "", 5)
		if got := load(t, s, "ann").Balance().Available; got != 10 {
			t.Errorf("available %d, want 10", got)
		}
	}},

	{"S08", 1, "Values survive: the largest numbers, long and four-byte ids, microseconds, the year 9999, no expiry.", func(t testing.TB, h Harness) {
		s := h.Open(t)
		long := ""
		for len(long) < 252 {
			long += "𠮷"
		}
		c := credit(load(t, s, long), "order:"+long, long, math.MaxInt64)
		lot := &c.State.Lots[0]
		lot.ExpiresAt = time.Time{}
		lot.Color, lot.Family, lot.Awaits = "brand\n\"x\"", "<b>", "received"
		lot.Timing = &points.Timing{Zone: "Asia/Shanghai", Expiry: points.Expiry{Later: []points.Expiry{{Months: 1}, {Days: 3}}}}
		lot.EarnedAt = time.Date(1970, 1, 1, 0, 0, 0, 1000, time.UTC)
		lot.ActiveFrom = time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC)
		c.State.Frozen = []string{"freeze"}
		c.State.Due = time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC)
		c.State.Holds = []points.Hold{{ID: "hold:1", Points: 3, At: day(0), ExpiresAt: day(1), Pins: []points.Pin{{Lot: "x", Points: 3}}}}
		c.State.Uses = []points.Use{{Cap: "monthly", Period: day(0), Points: -7}}
		c.State.Streak = points.Streak{Last: "2025-02-28", Days: 12}
		c.Entries[0].Slices[0].Lot = *lot
		c.Receipt.Reasons = []points.Reason{points.AwaitsOrder}
		want := c.State.Clone()
		commit(t, s, c)
		acc := load(t, s, long, long)
		found := acc.Changes
		acc.Changes = nil
		same(t, "state", acc, want)
		c.State = nil
		same(t, "change", found, []points.Change{c})
	}},

	{"S10", 1, "A commit is visible to the next load.", func(t testing.TB, h Harness) {
		s := h.Open(t)
		for i := range 50 {
			add(t, s, "ann", fmt.Sprint(i), "", 1)
			if v := load(t, s, "ann").Version; v != int64(i+1) {
				t.Fatalf("version %d after %d commits", v, i+1)
			}
		}
	}},

	{"S11", 1, "What is stored cannot be altered through what went in or came out.", func(t testing.TB, h Harness) {
		s := h.Open(t)
		c := credit(load(t, s, "ann"), "k", "order:7", 5)
		c.State.Frozen = []string{"f"}
		c.State.Holds = []points.Hold{{ID: "h", Points: 1, Pins: []points.Pin{{Lot: "k", Points: 1}}}}
		c.State.Lots[0].Timing = &points.Timing{Zone: "UTC", Expiry: points.Expiry{Later: []points.Expiry{{Days: 1}, {Days: 2}}}}
		c.Entries[0].Slices[0].Lot.Timing = &points.Timing{Zone: "UTC", Expiry: points.Expiry{Earlier: []points.Expiry{{Days: 1}, {Days: 2}}}}
		c.Receipt.Reasons = []points.Reason{"r"}
		commit(t, s, c)
		before := snapshot(t, s, "ann")
		spoil(c)
		spoilState(c.State)
		sameText(t, "after what went in was altered", snapshot(t, s, "ann"), before)
		acc := load(t, s, "ann", "k")
		spoilState(&acc)
		for _, c := range acc.Changes {
			spoil(c)
		}
		sameText(t, "after what came out was altered", snapshot(t, s, "ann"), before)
	}},

	{"S19", 2, "Due yields every account with something to do, tolerates commits while it ranges, and may be left early.", func(t testing.TB, h Harness) {
		s := h.Open(t)
		for i := range 30 {
			c := credit(load(t, s, fmt.Sprintf("a%02d", i)), "k", "", 1)
			c.State.Due = time.Time{}
			if i%3 == 0 {
				c.State.Due = day(i)
			}
			commit(t, s, c)
		}
		due := func(until time.Time) (names []string) {
			for name, err := range s.Due(context.Background(), until) {
				if err != nil {
					t.Fatalf("due: %v", err)
				}
				if !slices.Contains(names, name) {
					names = append(names, name)
				}
			}
			return names
		}
		for i := range 30 {
			for j := 0; j <= i; j += 3 {
				if !slices.Contains(due(day(i)), fmt.Sprintf("a%02d", j)) {
					t.Fatalf("account due on day %d is missing on day %d", j, i)
				}
			}
		}
		seen := map[string]bool{}
		for name, err := range s.Due(context.Background(), day(99)) {
			if err != nil {
				t.Fatalf("due while committing: %v", err)
			}
			seen[name] = true
			c := credit(load(t, s, name), fmt.Sprint("again", len(seen), name), "", 1)
			c.State.Due = time.Time{}
			if err := s.Commit(context.Background(), c); err != nil && !errors.Is(err, points.ErrConflict) {
				t.Fatalf("commit while ranging: %v", err)
			}
		}
		if len(seen) < 10 {
			t.Errorf("ranging and committing saw %d accounts of 10", len(seen))
		}
		if left := due(day(99)); len(left) > 0 {
			for _, name := range left { // over-reporting is allowed, but only of accounts that exist
				if !seen[name] {
					t.Errorf("due reports %q", name)
				}
			}
		}
		for _, err := range s.Due(context.Background(), day(99)) {
			if err != nil {
				t.Fatalf("due: %v", err)
			}
			break
		}
		add(t, s, "after", "k", "", 1)
	}},

	{"S09", 2, "History yields an account's changes in order, page by page, while writers append: none lost, none twice.", func(t testing.TB, h Harness) {
		s := h.Open(t)
		history, ok := s.(points.History)
		if !ok {
			t.Skip("the store keeps no history")
		}
		var want []points.Change
		grow := func(n int) {
			for range n {
				c := add(t, s, "ann", fmt.Sprint(len(want)), "", 1)
				c.State = nil
				want = append(want, c)
			}
		}
		grow(25)
		add(t, s, "bob", "k", "", 1)
		var got []points.Change
		after := int64(0)
		for page := range 100 {
			n := 0
			for c, err := range history.Changes(context.Background(), "ann", after) {
				if err != nil {
					t.Fatalf("changes: %v", err)
				}
				if c.State != nil {
					t.Errorf("change %d is handed out with a state", c.Version)
				}
				got = append(got, c)
				after = c.Version
				if n++; n == 7 {
					break
				}
			}
			if page < 4 {
				grow(1)
			}
			if n == 0 {
				break
			}
		}
		same(t, "all pages", got, want)
		load(t, s, "merely asked for")
		all := []string{"B", "a", "a ", "ann", "bob", "á", "𠮷"} // by bytes
		for _, name := range []string{"á", "a ", "B", "𠮷", "a"} {
			add(t, s, name, "k", "", 1)
		}
		for i, after := range append([]string{""}, all...) {
			var names []string
			for name, err := range history.Accounts(context.Background(), after) {
				if err != nil {
					t.Fatalf("accounts: %v", err)
				}
				names = append(names, name)
			}
			same(t, fmt.Sprintf("accounts after %q", after), names, append([]string(nil), all[i:]...))
		}
	}},
}

func refused(t testing.TB, err error) {
	t.Helper()
	if !errors.Is(err, points.ErrConflict) {
		t.Errorf("commit returned %v, want ErrConflict", err)
	}
}

// series is a commit of several changes of one account; only the last carries the state.
func series(acc points.Account, key string, n int) []points.Change {
	var changes []points.Change
	for i := range n {
		c := credit(acc, fmt.Sprint(key, i), "", 1)
		acc = *c.State
		if i < n-1 {
			c.State = nil
		}
		changes = append(changes, c)
	}
	return changes
}

func spoil(c points.Change) {
	c.Entries[0].Points = 999
	c.Entries[0].Slices[0].Points = 999
	c.Entries[0].Slices[0].Lot.Available = 999
	spoilTiming(c.Entries[0].Slices[0].Lot.Timing)
	c.Receipt.Reasons[0] = "spoilt"
	c.Request.Op = points.RedeemRequest{Account: "eve", Points: 999}
}

func spoilState(a *points.Account) {
	a.Lots[0].Available = 999
	spoilTiming(a.Lots[0].Timing)
	a.Frozen[0] = "spoilt"
	a.Holds[0].Pins[0].Points = 999
}

func spoilTiming(t *points.Timing) {
	t.Zone = "spoilt"
	for _, list := range [][]points.Expiry{t.Expiry.Later, t.Expiry.Earlier} {
		for i := range list {
			list[i].Days = 999
		}
	}
}
