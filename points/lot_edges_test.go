package points

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLotsOfOrdersWhoseIDsLookLikeLots(t *testing.T) {
	b := newBench(t, func(c *Config) {
		c.Bonuses = []Bonus{{ID: "b", Points: 10, Color: "x"}}
		c.Expiry = Expiry{Months: 1}
	})
	for _, id := range []string{"7", "7#2", "7#1", "7#", "7#2#1", "7#x"} {
		b.order("a", id, "100", "2025-01-02")
	}
	assert.Len(t, b.lots("a", "2025-01-05"), 12)
	b.verified("a")
	for lot := range b.lots("a", "2025-01-05") {
		r, err := b.Extend(ctx, ExtendRequest{Account: "a", Key: "x" + lot, Lot: lot, Days: 1, At: b.on("2025-01-06"), By: By{"ann", "kind"}})
		require.NoError(t, err, lot)
		assert.Contains(t, []int64{10, 100}, r.Points)
	}
	assert.Equal(t, Balance{}, b.balance("a", "2025-02-04"))
	for _, key := range []string{"order:7", "order:7#2", "order:7#", "order:7#2#1"} {
		for n := range 3 {
			assert.Equal(t, key, lotKey(lotID(key, n)), lotID(key, n))
		}
	}
}

func TestConfirmAfterTheEnd(t *testing.T) {
	fixed := Expiry{Through: "2025-12-31"}
	for name, end := range map[string]Expiry{"fixed": fixed, "the earlier of two": {Earlier: []Expiry{fixed, {Months: 6}}}} {
		for what, request := range map[string]EarnRequest{
			"points": {Account: "a", Key: "k", Points: 100},
			"order":  {Account: "a", Order: &Order{ID: "7", Lines: []Line{{Price: dec("100")}}}},
		} {
			for _, wait := range []Pending{{Event: "received"}, {Event: "received", Days: 40}} {
				t.Run(name+"/"+what+"/"+key("days ", wait.Days), func(t *testing.T) {
					b := newBench(t, func(c *Config) { c.Expiry, c.Pending = end, wait })
					request.At = b.on("2025-11-02")
					if request.Order != nil {
						request.Order.Paid = request.At
					}
					b.must(b.Earn(ctx, request))
					r := b.must(b.Confirm(ctx, ConfirmRequest{Account: "a", Of: request.head().key, Event: "received", At: b.on("2026-02-01")}))
					assert.Equal(t, Balance{}, r.Balance)
					b.verified("a")
					past := b.balance("a", "2026-01-15")
					_, err := b.Sweep(ctx, b.on("2026-03-01"))
					require.NoError(t, err)
					assert.Equal(t, past, b.balance("a", "2026-01-15"), "with or without a sweep")
					s, err := b.Statement(ctx, "a", b.on("2025-01-01"), b.on("2026-03-01"))
					require.NoError(t, err)
					assert.Equal(t, Balance{}, s.Closing)
				})
			}
		}
	}
}

func TestBarePointsThatAwaitTheirEventEndWithoutIt(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Expiry, c.Pending = Expiry{Through: "2025-12-31"}, Pending{Event: "received"} })
	b.must(b.Earn(ctx, EarnRequest{Account: "a", Key: "k", Points: 100, At: b.on("2025-11-02")}))
	assert.Equal(t, Balance{Pending: 100}, b.balance("a", "2025-12-31"))
	assert.Equal(t, Balance{}, b.balance("a", "2026-01-01"))
}

func TestConfirmKeepsAnEndThatWasSetByHand(t *testing.T) {
	late := func(c *Config) {
		c.Expiry, c.Pending = Expiry{Days: 30, From: FromEarned}, Pending{Event: "received"}
		c.Terms.BackDated, c.Terms.BackDatedDays = GraceBackDated, 10
	}
	b := newBench(t, late)
	b.must(b.Earn(ctx, EarnRequest{Account: "extended", Key: "k", Points: 100, At: b.on("2025-03-01")}))
	b.must(b.Extend(ctx, ExtendRequest{Account: "extended", Key: "x", Lot: "k", Through: "2025-04-10", At: b.on("2025-03-02"), By: By{"ann", "kind"}}))
	r := b.orderRequest("grace", "7", "100", "2025-01-02")
	r.At = b.on("2025-03-31")
	b.must(b.Earn(ctx, r))
	for account, of := range map[string]string{"extended": "k", "grace": "order:7"} {
		b.must(b.Confirm(ctx, ConfirmRequest{Account: account, Of: of, Event: "received", At: b.on("2025-04-02")}))
		assert.Equal(t, Balance{Available: 100}, b.balance(account, "2025-04-10 23:59"), account)
		assert.Equal(t, Balance{}, b.balance(account, "2025-04-11"), account)
		b.verified(account)
	}
}

// inactive ends all points a year after the account's last activity.
func inactive(c *Config) { c.Expiry = Expiry{Months: 12, From: FromActivity} }

func TestActivityDoesNotReviveHeldPoints(t *testing.T) {
	b := newBench(t, inactive)
	b.must(b.Earn(ctx, EarnRequest{Account: "a", Key: "k", Points: 100, At: b.on("2025-01-15")}))
	b.must(b.Earn(ctx, EarnRequest{Account: "a", Key: "other", Points: 100, At: b.on("2025-01-15"), Expiry: &Expiry{}}))
	// The hold itself is no activity; spending from it would be.
	b.must(b.Hold(ctx, HoldRequest{Account: "a", Hold: "h", Points: 60, At: b.on("2026-01-15 23:50"), TTL: time.Hour}))
	b.must(b.Earn(ctx, EarnRequest{Account: "a", Key: "k2", Points: 5, At: b.on("2026-01-16 00:10")}))
	r := b.must(b.Void(ctx, VoidRequest{Account: "a", Hold: "h", At: b.on("2026-01-16 00:20")}))
	assert.Equal(t, Balance{Available: 105}, r.Balance)
	b.verified("a")
}

func TestLatePointsShareTheInactivityDeadline(t *testing.T) {
	b := newBench(t, inactive)
	b.must(b.Earn(ctx, EarnRequest{Account: "a", Key: "k", Points: 100, At: b.on("2025-06-01")}))
	for id, paid := range map[string]string{"7": "2025-01-02", "8": "2025-06-01", "9": "2024-06-01"} {
		r := b.orderRequest("a", id, "100", paid)
		r.At = b.on("2025-06-01")
		b.must(b.Earn(ctx, r))
	}
	assert.Equal(t, Balance{Available: 400}, b.balance("a", "2026-06-01 23:59"))
	assert.Equal(t, Balance{}, b.balance("a", "2026-06-02"))
	b.verified("a")
}

func TestAwaitedPointsShareTheInactivityDeadline(t *testing.T) {
	for name, end := range map[string]Expiry{
		"activity": {Months: 12, From: FromActivity},
		"later":    {Later: []Expiry{{Months: 12, From: FromActivity}, {Months: 1}}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, func(c *Config) { c.Expiry, c.Pending = end, Pending{Event: "received"} })
			b.order("a", "7", "100", "2025-01-15")
			b.must(b.Earn(ctx, EarnRequest{Account: "a", Key: "k", Points: 100, At: b.on("2025-12-20"), Pending: &Pending{}}))
			assert.Equal(t, Balance{Available: 100, Pending: 100}, b.balance("a", "2026-01-20"))
			b.must(b.Confirm(ctx, ConfirmRequest{Account: "a", Of: "order:7", Event: "received", At: b.on("2026-01-20")}))
			assert.Equal(t, Balance{Available: 200}, b.balance("a", "2026-12-20"))
			assert.Equal(t, Balance{}, b.balance("a", "2026-12-21"))
			b.verified("a")
		})
	}
}

// junk is a store that hands changes out in a way it must not.
type junk struct {
	*MemStore
	spoil func([]Change) []Change
}

func (s junk) Load(ctx context.Context, account string, keys ...string) (Account, error) {
	a, err := s.MemStore.Load(ctx, account, keys...)
	a.Changes = s.spoil(a.Changes)
	return a, err
}

func (s junk) Changes(ctx context.Context, account string, after int64) iter.Seq2[Change, error] {
	var all []Change
	for c := range s.MemStore.Changes(ctx, account, after) {
		all = append(all, c)
	}
	return func(yield func(Change, error) bool) {
		for _, c := range s.spoil(all) {
			if !yield(c, nil) {
				return
			}
		}
	}
}

func TestStoreThatRepeatsLosesOrTurnsChanges(t *testing.T) {
	for name, spoil := range map[string]func([]Change) []Change{
		"twice": func(list []Change) (out []Change) {
			for _, c := range list {
				out = append(out, c, c.Clone())
			}
			return out
		},
		"backwards": func(list []Change) []Change {
			slices.Reverse(list)
			return list
		},
		"last page twice": func(list []Change) []Change { return append(list, list[len(list)/2:]...) },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, nil)
			b.earn("a", "k", 200, "2025-01-01", "")
			for i, at := range []string{"2025-01-02", "2025-01-03"} {
				b.must(b.Redeem(ctx, RedeemRequest{Account: "a", Key: key("r", i), Points: 25, At: b.on(at), Spend: Spend{Order: "7"}}))
			}
			l, err := New(junk{b.store, spoil}, b.Policy())
			require.NoError(t, err)
			_, err = l.Balance(ctx, "a", b.on("2025-01-01"))
			require.ErrorIs(t, err, ErrCorrupt)
			_, err = l.Cancel(ctx, CancelRequest{Account: "a", Order: "7", At: b.on("2025-01-04")})
			require.ErrorIs(t, err, ErrCorrupt)
			_, err = l.Statement(ctx, "a", time.Time{}, b.on("2025-02-01"))
			require.ErrorIs(t, err, ErrCorrupt)
			require.ErrorIs(t, l.Verify(ctx, "a"), ErrCorrupt)
			assert.Equal(t, Balance{Available: 150}, b.balance("a", "2025-01-05"), "nothing moved")
			assert.Equal(t, Balance{Available: 200}, b.balance("a", "2025-01-01"))
		})
	}
}

func TestGraceIsForHeldPointsAlone(t *testing.T) {
	week := func(c *Config) { c.Terms.RegraceDays = 7 }
	for name, held := range map[string]map[string]int64{"one hold": {"h": 40}, "two holds": {"h": 30, "g": 10}} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, week)
			b.earn("a", "k", 100, "2025-01-02", "2025-02-28")
			for id, n := range held { // all run out at the instant at which the lot ends
				b.hold("a", id, n, "2025-02-28 23:00", time.Hour)
			}
			assert.Equal(t, Balance{Available: 60, Held: 40}, b.balance("a", "2025-02-28 23:59"))
			assert.Equal(t, Balance{Available: 40}, b.balance("a", "2025-03-01"))
			assert.Equal(t, Balance{Available: 40}, b.balance("a", "2025-03-08 23:59"))
			assert.Equal(t, Balance{}, b.balance("a", "2025-03-09"))
			_, err := b.Sweep(ctx, b.on("2025-03-09"))
			require.NoError(t, err)
			b.verified("a")
		})
	}
}

func TestGraceCountsFromEachRelease(t *testing.T) {
	for void, ends := range map[string]string{"2025-03-08": "2025-03-16", "2025-03-09": "2025-03-17", "2025-03-10": "2025-03-18"} {
		for _, sweeping := range []bool{false, true} {
			for _, merged := range []bool{false, true} {
				t.Run(fmt.Sprint(void, sweeping, merged), func(t *testing.T) {
					b := newBench(t, func(c *Config) { c.Terms.RegraceDays = 7 })
					b.must(b.Earn(ctx, EarnRequest{Account: "b", Key: "k", Points: 100, Color: "red", At: b.on("2025-01-02"), Expiry: &Expiry{Through: "2025-02-28"}}))
					b.hold("b", "h1", 10, "2025-02-28 22:00", 3*time.Hour)
					b.hold("b", "h2", 20, "2025-02-28 22:00", 9999*time.Hour)
					if merged {
						b.merge("b", "a", "2025-02-28 23:00")
					}
					if sweeping {
						must(b.Sweep(ctx, b.on(void)))
					}
					b.must(b.Void(ctx, VoidRequest{Account: "b", Hold: "h2", At: b.on(void)}))
					list, err := b.Expiring(ctx, "b", b.on(void), 30)
					require.NoError(t, err)
					var got []string
					for _, e := range list {
						got = append(got, fmt.Sprint(e.At.In(b.zone).Format(time.DateOnly), " ", e.Points+e.Held))
					}
					want := []string{ends + " 20"}
					if void < "2025-03-09" { // until then those of the first hold are there
						want = append([]string{"2025-03-09 10"}, want...)
					}
					assert.Equal(t, want, got)
					assert.Equal(t, Balance{}, b.balance("b", ends))
					v, err := b.Vintages(ctx, b.on("2025-04-01"))
					require.NoError(t, err)
					assert.EqualValues(t, 100, v[0].Issued)
					assert.EqualValues(t, 100, v[0].Expired[2])
					b.verified("b")
					must(b.Sweep(ctx, b.on("2025-05-01")))
					b.verified("a", "b")
				})
			}
		}
	}
}

func TestReplayOfTheSameRequestInOtherWords(t *testing.T) {
	b := newBench(t, nil)
	b.order("a", "7", "100", "2025-01-02")
	paid := b.on("2025-01-02")
	for name, o := range map[string]Order{
		"another zone":     {Paid: paid.UTC(), Lines: []Line{{Price: dec("100")}}},
		"nanoseconds":      {Paid: paid.Add(300), Lines: []Line{{Price: dec("100")}}},
		"another instant":  {Paid: paid.Add(time.Second), Lines: []Line{{Price: dec("100")}}},
		"a later stage":    {Paid: paid, Received: paid.Add(time.Hour), Lines: []Line{{Price: dec("100")}}},
		"a quantity":       {Paid: paid, Lines: []Line{{Quantity: 1, Price: dec("100.00")}}},
		"another quantity": {Paid: paid, Lines: []Line{{Quantity: 2, Price: dec("100.00")}}},
		"another amount":   {Paid: paid, Lines: []Line{{Price: dec("100.01")}}},
	} {
		t.Run(name, func(t *testing.T) {
			o.ID = "7"
			r, err := b.Earn(ctx, EarnRequest{Account: "a", Order: &o, At: b.on("2025-01-03")})
			if name == "another quantity" || name == "another amount" {
				require.ErrorIs(t, err, ErrKeyReused)
				return
			}
			require.NoError(t, err)
			assert.True(t, r.Replayed)
			assert.EqualValues(t, 100, r.Points)
		})
	}

	lot := OpeningLot{Points: 5, EarnedAt: b.on("2025-01-01")}
	open := func() (Receipt, error) {
		return b.Open(ctx, OpenRequest{Account: "b", Key: "o", At: b.on("2025-01-05"), By: By{"ann", "moved"}, Lots: []OpeningLot{lot}})
	}
	b.must(open())
	lot.EarnedAt = lot.EarnedAt.UTC().Add(999)
	assert.True(t, b.must(open()).Replayed)
	assert.Equal(t, b.on("2025-01-01").UTC().Add(999), lot.EarnedAt, "the caller's own stays as it was")
	lot.EarnedAt = lot.EarnedAt.Add(time.Hour)
	_, err := open()
	require.ErrorIs(t, err, ErrKeyReused, "the dates of an opening balance are what it is about")
}

func TestLateOrderThatAwaitsItsEventPastItsEnd(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Expiry, c.Pending = Expiry{Days: 30, From: FromEarned}, Pending{Event: "received"} })
	r := b.orderRequest("a", "7", "100", "2025-01-02")
	r.At = b.on("2025-03-02")
	assert.Equal(t, Balance{}, b.must(b.Earn(ctx, r)).Balance)
	past := b.balance("a", "2025-02-20")
	_, err := b.Sweep(ctx, b.on("2025-03-02"))
	require.NoError(t, err)
	assert.Equal(t, past, b.balance("a", "2025-02-20"), "with or without a sweep")
	b.verified("a")
}
