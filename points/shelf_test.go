package points

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A shelf does what a sorted list of lots does, whether it may write over what it was lent or others
// are still reading that.
func TestShelf(t *testing.T) {
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 3))
		var s shelf
		var kept []packedLot
		want := []Lot{}
		var lent [][]packedLot // to those that still read
		var then [][]packedLot // what they must go on reading
		var next micros
		for round := range 12 {
			note := fmt.Sprint("seed ", seed, " round ", round)
			s.hold(kept, true, next)
			if r.IntN(3) == 0 {
				lent, then = append(lent, kept), append(then, slices.Clone(kept))
			}
			for step := range r.IntN(6) {
				disturb(t, r, &s, &want, fmt.Sprintf("lot %d-%d", round, step))
				require.Equal(t, len(want), s.len(), note)
			}
			s.sort()
			slices.SortFunc(want, func(a, b Lot) int { return before(&a, &b) })
			s.drop()
			want = slices.DeleteFunc(want, func(l Lot) bool { return !l.open() })
			require.Equal(t, want, append([]Lot{}, s.lots()...), note)
			var sum Balance
			due := micros(none)
			for _, l := range want {
				sum.Pending, sum.Available, sum.Held = sum.Pending+l.Pending, sum.Available+l.Available, sum.Held+l.Held
				if l.Pending > 0 {
					due = min(due, microsOf(l.ActiveFrom))
				}
				if l.Pending+l.Available > 0 {
					due = min(due, microsOf(l.ExpiresAt))
				}
			}
			require.Equal(t, sum, s.sum(), note)
			require.Equal(t, due, s.due(sum.Pending), note)
			if next = due; r.IntN(4) == 0 {
				next = 0
			}
			kept = s.onto(len(lent) > 0)
			require.Equal(t, then, lent, note)
			if r.IntN(3) == 0 {
				lent, then = nil, nil
			}
			var again shelf
			again.hold(kept, false, 0)
			require.Equal(t, want, append([]Lot{}, again.lots()...), note)
		}
	}
}

// disturb does something at random to a shelf and to a list.
func disturb(t *testing.T, r *rand.Rand, s *shelf, want *[]Lot, id string) {
	t.Helper()
	day := func(n int) time.Time {
		if n = r.IntN(n); n == 0 {
			return time.Time{}
		}
		return time.Date(2025, 1, n, 0, 0, 0, 0, time.UTC)
	}
	place := func(l *Lot) int { return slices.IndexFunc(*want, func(w Lot) bool { return w.ID == l.ID }) }
	switch n := s.len(); {
	case n == 0 || r.IntN(3) == 0:
		l := Lot{ID: id, EarnedAt: day(9), ActiveFrom: day(3), ExpiresAt: day(30), Available: r.Int64N(3), Pending: r.Int64N(2)}
		if r.IntN(4) == 0 {
			l.Color, l.Timing, l.EarnedAt = "red", &Timing{Zone: "UTC"}, l.EarnedAt.Add(time.Nanosecond)
		}
		require.Equal(t, l, *s.add(l))
		at, _ := slices.BinarySearchFunc(*want, l, func(a, b Lot) int { return before(&a, &b) })
		*want = slices.Insert(*want, at, l)
	case r.IntN(5) == 0:
		s.drop()
		*want = slices.DeleteFunc(*want, func(l Lot) bool { return !l.open() })
	case r.IntN(6) == 0:
		odd := func(l *Lot) bool { return l.Available == 1 && l.ExpiresAt.Day()%2 == 1 }
		var out []Lot
		*want = slices.DeleteFunc(*want, func(l Lot) bool {
			if odd(&l) {
				out = append(out, l)
			}
			return odd(&l)
		})
		require.Equal(t, out, s.extract(odd))
	default:
		i := r.IntN(n)
		l := s.at(i)
		w := &(*want)[place(l)]
		require.Equal(t, *w, *l)
		require.Equal(t, i, s.find(l.ID))
		switch r.IntN(3) {
		case 0:
			l.Available, l.Held = 0, 0
		case 1:
			l.Held += 2
		default:
			l.ExpiresAt = day(30)
		}
		*w = *l
		s.sort() // as an operation does before it adds
		slices.SortFunc(*want, func(a, b Lot) int { return before(&a, &b) })
	}
}

func TestConsumptionOrder(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2025, 1, n, 0, 0, 0, 0, time.UTC) }
	lots := []Lot{
		{ID: "ends first", ActiveFrom: day(9), ExpiresAt: day(20)},
		{ID: "awaits its event", ExpiresAt: day(21)},
		{ID: "a", ActiveFrom: day(1), ExpiresAt: day(21)},
		{ID: "b", ActiveFrom: day(1), ExpiresAt: day(21)},
		{ID: "active later", ActiveFrom: day(2), ExpiresAt: day(21)},
		{ID: "never ends, awaits"},
		{ID: "never ends", ActiveFrom: day(1)},
	}
	for i := range lots {
		for j := range lots {
			require.Equal(t, cmp.Compare(i, j), before(&lots[i], &lots[j]), "%s and %s", lots[i].ID, lots[j].ID)
		}
	}
}
