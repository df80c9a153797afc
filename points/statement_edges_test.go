package points

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ids returns the names of the lines of an account's statement, of which no two are the same.
func (b *bench) ids(account string, until time.Time) []string {
	b.t.Helper()
	s, err := b.Statement(ctx, account, time.Time{}, until)
	require.NoError(b.t, err)
	var list []string
	seen := map[string]bool{}
	for _, l := range s.Lines {
		require.False(b.t, seen[l.ID], "two lines %q", l.ID)
		seen[l.ID] = true
		list = append(list, l.ID)
	}
	return list
}

func TestStatementTellsHoldsOfOneLotApart(t *testing.T) {
	for name, c := range map[string]struct {
		through string
		do      func(b *bench)
		want    []string
	}{
		"both run out": {"", func(*bench) {}, []string{
			"e/1", "hold:h1/1", "hold:h2/1", "timeout:hold:h1@1740762000000000/1", "timeout:hold:h2@1740762000000000/1",
		}},
		"both lapse": {"2025-02-28", func(*bench) {}, []string{
			"e/1", "hold:h1/1", "hold:h2/1", "expire:e@1740758400000000/1",
			"lapse:hold:h1@1740762000000000/1", "lapse:hold:h2@1740762000000000/1",
		}},
		"one is voided": {"2025-02-28", func(b *bench) {
			b.must(b.Void(ctx, VoidRequest{Account: "a", Hold: "h2", At: b.on("2025-03-01 00:30")}))
		}, []string{
			"e/1", "hold:h1/1", "hold:h2/1", "expire:e@1740758400000000/1",
			"lapse:void:h2@1740760200000000/1", "lapse:hold:h1@1740762000000000/1",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, nil)
			b.earn("a", "e", 100, "2025-01-02", c.through)
			b.hold("a", "h1", 10, "2025-02-28 23:00", 2*time.Hour)
			b.hold("a", "h2", 20, "2025-02-28 23:00", 2*time.Hour)
			c.do(b)
			assert.Equal(t, c.want, b.ids("a", b.on("2025-03-02")), "before a sweep")
			_, err := b.Sweep(ctx, b.on("2025-03-02"))
			require.NoError(t, err)
			assert.Equal(t, c.want, b.ids("a", b.on("2025-03-02")), "after a sweep")
		})
	}
}

// Points that come back several times to a lot that has ended lapse under names of their own.
func TestStatementTellsLapsesOfOneLotApart(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Terms.Reinstate = OriginalExpiry })
	b.earn("a", "e", 100, "2025-01-02", "2025-01-31")
	for i := range 3 {
		b.must(b.Redeem(ctx, RedeemRequest{Account: "a", Key: key("r", i), Points: 20, Spend: Spend{Order: "7"}, At: b.on("2025-01-03")}))
	}
	b.cancel("a", "7", "2025-02-10")
	b.verified("a")
	ids := b.ids("a", b.on("2025-03-01"))
	assert.Equal(t, []string{"lapse:cancel:7@1739116800000000/1", "lapse:cancel:7@1739116800000000/2", "lapse:cancel:7@1739116800000000/3"}, ids[len(ids)-3:])
}

// TestStatementIDsAreUnique plays random histories in which much happens at the same instant. No two
// lines share a name, and no name depends on whether a sweeper ran.
func TestStatementIDsAreUnique(t *testing.T) {
	for seed := range uint64(40) {
		var want map[string][]string
		for _, sweeping := range []bool{false, true} {
			b := newBench(t, func(c *Config) {
				c.Terms.RegraceDays = int(seed % 2)
				c.Terms.Reinstate = []ReinstateMode{OriginalExpiry, Grace}[seed/2%2]
			})
			r := rand.New(rand.NewPCG(seed, 3))
			at := b.on("2025-01-30 12:00")
			for i := range 60 {
				at = at.Add(time.Duration(r.IntN(3)/2*r.IntN(12)) * time.Hour)
				if sweeping {
					must(b.Sweep(ctx, at))
				}
				who, order, id := []string{"a", "b"}[r.IntN(2)], fmt.Sprint(r.IntN(3)), fmt.Sprint(i)
				hold := fmt.Sprint(r.IntN(i + 1))
				for _, op := range [][]Op{
					{EarnRequest{Account: who, Key: id, Points: 50, At: at, Expiry: &Expiry{Days: r.IntN(3)}}},
					{
						HoldRequest{Account: who, Hold: id, Points: 5, TTL: time.Duration(1+r.IntN(30)) * time.Hour, At: at, Spend: Spend{Order: order}},
						HoldRequest{Account: who, Hold: id + "'", Points: 7, TTL: time.Duration(1+r.IntN(30)) * time.Hour, At: at, AllowPartial: true},
					},
					{RedeemRequest{Account: who, Key: id, Points: 6, At: at, Spend: Spend{Order: order}}},
					{VoidRequest{Account: who, Hold: hold, At: at}, VoidRequest{Account: who, Hold: hold + "'", At: at}},
					{CaptureRequest{Account: who, Hold: hold, Points: 2, At: at}},
					{CancelRequest{Account: who, Order: order, At: at}},
				}[r.IntN(6)] {
					b.Do(ctx, op) // or it is refused
				}
				if i == 45 {
					b.merge("b", "a", at.In(b.zone).Format("2006-01-02 15:04"))
				}
			}
			got := map[string][]string{}
			for _, who := range []string{"a", "b"} {
				got[who] = b.ids(who, at.Add(9999*time.Hour))
				b.verified(who)
			}
			if sweeping {
				require.Equal(t, want, got, "seed %d", seed)
			}
			want = got
		}
	}
}

// Lapses take the lots that they are given: none is looked for.
func TestLapsesLookForNoLot(t *testing.T) {
	b := &book{policy: newBench(t, nil).Policy()}
	lots := make([]Lot, 100)
	for i := range lots {
		lots[i] = Lot{ID: key("e", i), Held: 1}
	}
	b.lots.pack(lots)
	for l := range b.lots.all() {
		b.lapse(l, 1, InHeld)
	}
	b.lots.clear()
	b.post(&Change{Key: "void:h", Kind: KindVoid})
	require.Len(t, b.posted, 101)
	for i, c := range b.posted[1:] {
		assert.Equal(t, "void:h", c.Cause)
		assert.Equal(t, key("e", i), c.Entries[0].Slices[0].Lot.ID)
	}
}
