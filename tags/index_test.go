package tags

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func (r dice) expr(depth int) Expr {
	if depth == 0 || r.IntN(3) == 0 {
		words := []string{"vip", "gift", "plus-size", "pay-day", "calm", "festive", "referrer"}
		return Is(words[r.IntN(len(words))])
	}
	of := make([]Expr, 1+r.IntN(3))
	for i := range of {
		of[i] = r.expr(depth - 1)
	}
	return []Expr{And(of...), Or(of...), Not(of[0])}[r.IntN(3)]
}

// TestIndex: counts and members are those found by asking every Set.
func TestIndex(t *testing.T) {
	for seed := range uint64(16) {
		r := dice{rand.New(rand.NewPCG(seed, 9))}
		n := []int{0, 1, 63, 64, 65, 1000, 64 * blockWords, 64*blockWords + 1, 20_000}[r.IntN(9)]
		population := make([]Set, n)
		for i := range population {
			for _, tag := range []string{"vip", "gift", "plus-size", "pay-day", "calm", "festive"} {
				if r.IntN(3) == 0 {
					population[i] = append(population[i], Assignment{Tag: tag, Source: Manual, From: tick(r.IntN(5)), Until: tick(5 + r.IntN(5))})
				}
			}
		}
		at := tick(r.IntN(10))
		x, err := NewIndex(house, at, each(population...))
		require.NoError(t, err)
		require.Equal(t, n, x.Len())
		for range 5 {
			e := r.expr(4)
			var want []int
			for i, s := range population {
				if e.Match(house, s, at) {
					want = append(want, i)
				}
			}
			got, err := x.Count(e)
			require.NoError(t, err)
			require.Equal(t, len(want), got, "seed %d: %+v of %d", seed, e, n)
			b, err := x.Select(e)
			require.NoError(t, err)
			require.Equal(t, want, slices.Collect(b.All()), "seed %d", seed)
			require.Equal(t, len(want), b.Count())
			require.Equal(t, n, b.Len())
			for _, i := range []int{-1, 0, n - 1, n} {
				require.Equal(t, slices.Contains(want, i), b.Has(i))
			}
		}
	}
}

func TestIndexRefuses(t *testing.T) {
	_, err := NewIndex(house, time.Time{}, each[Set]())
	require.ErrorIs(t, err, ErrInvalid)
	lost := errors.New("lost")
	_, err = NewIndex(house, tick(0), then(each(Set{}), lost))
	require.ErrorIs(t, err, lost)
	x, err := NewIndex(house, tick(0), each(Set{}))
	require.NoError(t, err)
	deep := Is("vip")
	for range maxDepth + 1 {
		deep = Not(deep)
	}
	for _, e := range []Expr{{}, And(), Or(), Not(Expr{}), deep} {
		_, err = x.Count(e)
		require.ErrorIs(t, err, ErrInvalid)
		_, err = x.Select(e)
		require.ErrorIs(t, err, ErrInvalid)
	}
	_, err = x.Count(Or(Is("vip"), Is("VIP")))
	require.ErrorIs(t, err, ErrUnknownTag)
	b, err := x.Select(Not(Is("vip")))
	require.NoError(t, err)
	for range b.All() {
		break
	}
	assert.Zero(t, Bits{}.Count())
	assert.False(t, Bits{}.Has(0))
}

func TestReadingDoesNotAllocate(t *testing.T) {
	s, _ := apply(t, nil, assign("calm", Manual, "2025-01-01"), assign("winter", "rule:a", "2025-02-01"), assign("vip", Manual, "2025-01-01"))
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		if house.Present(s, "calm", tick(5000)) || !house.Present(s, "vip", tick(5000)) {
			t.Fatal("wrong")
		}
	}))
}
