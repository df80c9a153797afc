package points

import (
	"context"
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// tampered is a store in which somebody has altered what lies there.
type tampered struct {
	*MemStore
	state  func(*Account)
	change func(*Change)
}

func (s *tampered) Load(ctx context.Context, account string, keys ...string) (Account, error) {
	a, err := s.MemStore.Load(ctx, account, keys...)
	if s.state != nil {
		s.state(&a)
	}
	return a, err
}

func (s *tampered) Changes(ctx context.Context, account string, after int64) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		for c, err := range s.MemStore.Changes(ctx, account, after) {
			if s.change != nil {
				s.change(&c)
			}
			if !yield(c, err) {
				return
			}
		}
	}
}

func TestVerifyFindsWhatWasAltered(t *testing.T) {
	b := newBench(t, nil)
	b.order("a", "1", "100", "2025-01-01")
	b.earn("a", "x", 100, "2025-01-10", "2025-12-31")
	b.earn("a", "y", 40, "2025-01-10", "2026-02-28")
	b.redeem("a", "r", 120, "2025-01-20") // version 4
	b.refund("a", "rf", "1", "30", "2025-01-21")
	b.hold("a", "h", 10, "2025-01-22", 1000*time.Hour)
	b.earn("a", "z", 10, "2025-01-23", "")
	require.NoError(t, b.Verify(ctx, "a"))

	for name, alter := range map[string]func(a *Account, last *Lot){
		"colour":        func(_ *Account, last *Lot) { last.Color = "red" },
		"origin":        func(_ *Account, last *Lot) { last.Of = "order:99" },
		"birth":         func(_ *Account, last *Lot) { last.EarnedAt = last.EarnedAt.AddDate(-5, 0, 0) },
		"end":           func(a *Account, _ *Lot) { l := &a.Lots[len(a.Lots)-2]; l.ExpiresAt = l.ExpiresAt.AddDate(0, 0, 1) },
		"points":        func(_ *Account, last *Lot) { last.Available++ },
		"lost lot":      func(a *Account, _ *Lot) { a.Lots = a.Lots[1:] },
		"instant":       func(a *Account, _ *Lot) { a.At = a.At.AddDate(0, 0, -20) },
		"hold gone":     func(a *Account, _ *Lot) { a.Holds = nil },
		"due":           func(a *Account, _ *Lot) { a.Due = a.Due.Add(time.Hour) },
		"another terms": func(_ *Account, last *Lot) { last.Timing = &Timing{Zone: "UTC"} },
	} {
		s := &tampered{MemStore: b.store, state: func(a *Account) { alter(a, &a.Lots[len(a.Lots)-1]) }}
		require.ErrorIs(t, must(New(s, b.Policy())).Verify(ctx, "a"), ErrCorrupt, name)
	}

	for name, alter := range map[string]func(c *Change, e *Entry){
		"key twice":            func(c *Change, _ *Entry) { c.Key = "x" },
		"another account":      func(c *Change, _ *Entry) { c.Account = "zz" },
		"redeemed, not gone":   func(_ *Change, e *Entry) { e.To = InExpired },
		"another kind":         func(_ *Change, e *Entry) { e.Kind = KindExpire },
		"balance told":         func(c *Change, _ *Entry) { c.Receipt.Balance.Available++ },
		"earlier":              func(c *Change, _ *Entry) { c.At = c.At.AddDate(-1, 0, 0) },
		"after the end":        func(c *Change, e *Entry) { e.At = e.At.AddDate(2, 0, 0); c.At = e.At },
		"after its change":     func(_ *Change, e *Entry) { e.At = e.At.Add(time.Hour) },
		"debts that cancel":    func(c *Change, _ *Entry) { c.Entries = append(c.Entries, debt(c.At, -5), debt(c.At, 5)) },
		"debt of a lot":        func(c *Change, e *Entry) { d := debt(c.At, 0); d.Slices = e.Slices; c.Entries = append(c.Entries, d) },
		"more than was bought": func(c *Change, _ *Entry) { c.Of = "order:1"; c.Entries = append(c.Entries, debt(c.At, 101)) },
	} {
		s := &tampered{MemStore: b.store, change: func(c *Change) {
			if c.Version == 4 {
				alter(c, &c.Entries[0])
			}
		}}
		require.ErrorIs(t, must(New(s, b.Policy())).Verify(ctx, "a"), ErrCorrupt, name)
	}
}

func debt(at time.Time, n int64) Entry { return Entry{Kind: KindDebt, At: at, To: InDebt, Points: n} }

// What is taken back for an order of a merged account is measured by what that account was given.
func TestVerifyKnowsOrdersOfMergedAccounts(t *testing.T) {
	b := newBench(t, nil)
	b.order("b", "1", "100", "2025-01-01")
	b.earn("a", "x", 300, "2025-01-01", "")
	b.merge("b", "a", "2025-01-02")
	b.refund("b", "rf", "1", "", "2025-01-03")
	require.NoError(t, b.Verify(ctx, "a"))

	acc := must(b.store.Load(ctx, "a"))
	lot := &acc.Lots[0]
	lot.Available -= 50
	acc.Version++
	claw := Entry{Kind: KindClaw, At: acc.At, From: InAvailable, To: InClawed, Points: 50, Slices: []Slice{{50, *lot}}}
	require.NoError(t, b.store.Commit(ctx, Change{
		Account: "a", Version: acc.Version, Key: "refund:twice", Of: scoped("b", "order:1"), Kind: KindRefund, At: acc.At,
		Entries: []Entry{claw}, State: &acc,
	}))
	err := b.Verify(ctx, "a")
	require.ErrorIs(t, err, ErrCorrupt)
	require.ErrorContains(t, err, "taken back")
}

// A charge-back that was won, and whose debt staff had forgiven in part, may be followed by a refund.
func TestVerifyAllowsForgivenDebtTwice(t *testing.T) {
	b := newBench(t, nil)
	b.order("a", "1", "100", "2025-01-01")
	b.redeem("a", "r", 100, "2025-01-02")
	at := b.on("2025-01-03")
	b.must(b.Chargeback(ctx, ChargebackRequest{Account: "a", Chargeback: "c", Order: "1", At: at}))
	b.must(b.WriteOff(ctx, WriteOffRequest{Account: "a", Key: "w", Points: 60, At: at, By: By{"ann", "kind"}}))
	b.must(b.Win(ctx, WinRequest{Account: "a", Chargeback: "c", Order: "1", At: at}))
	b.refund("a", "rf", "1", "", "2025-01-04")
	require.NoError(t, b.Verify(ctx, "a"))
}

// No history that the ledger writes is called corrupt.
func TestVerifyKeepsQuiet(t *testing.T) {
	if testing.Short() {
		t.Skip("the model verifies after every step too")
	}
	for seed := range uint64(40) {
		w := newWalk(t, 5000+seed)
		for range 120 {
			w.step()
		}
	}
}
