package tags

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// shopper is the caller's own struct.
type shopper struct {
	id        string
	region    string
	orders    []order
	referrals int // completed, less those refunded
}

type order struct {
	at   time.Time
	size string
	gift bool
}

// referrer is 老带新: at least three friends who completed an order.
func referrer(revocable bool) Tagging[shopper] {
	return Tagging[shopper]{
		Tag: "referrer", Revocable: revocable,
		Rule: RuleFunc[shopper](func(s shopper, _ time.Time) bool { return s.referrals >= 3 }),
	}
}

// wears reports whether the latest order was of a plus size.
func wears(s shopper, _ time.Time) bool {
	if len(s.orders) == 0 {
		return false
	}
	size := s.orders[len(s.orders)-1].size
	return size == "XL" || size == "2XL"
}

func tagger(t *testing.T, taggings ...Tagging[shopper]) *Tagger[shopper] {
	t.Helper()
	tg, err := NewTagger(house, taggings...)
	require.NoError(t, err)
	return tg
}

func TestSpec(t *testing.T) {
	t.Run("C32", func(t *testing.T) {
		s, _ := apply(t, nil, assign("双11", "rule:double-eleven", "2025-11-01", "2025-11-12"))
		assert.Equal(t, []string{"双11"}, house.At(s, on("2025-11-11T23:59:59.999999")))
		assert.Empty(t, house.At(s, on("2025-11-12")))
		assert.True(t, house.Present(s, "双11", on("2025-11-01")))
		assert.False(t, house.Present(s, "双11", on("2025-11-01").Add(-time.Microsecond)))
	})

	t.Run("C33", func(t *testing.T) {
		tg := tagger(t, Tagging[shopper]{Tag: "plus-size", Rule: RuleFunc[shopper](wears), Revocable: true})
		big := shopper{orders: []order{{size: "XL"}}}
		s, _ := apply(t, nil, assign("plus-size", Manual, "2025-01-01"))
		s, change, err := tg.Tag(big, s, on("2025-02-01"))
		require.NoError(t, err)
		assert.Len(t, change.Added, 1)

		small := shopper{orders: []order{{size: "M"}}}
		s, change, err = tg.Tag(small, s, on("2025-03-01"))
		require.NoError(t, err)
		require.Len(t, change.Closed, 1)
		assert.Equal(t, Source("rule:plus-size"), change.Closed[0].Source)
		assert.True(t, change.Closed[0].End().Equal(on("2025-03-01")))
		assert.Equal(t, []string{"plus-size"}, house.At(s, on("2025-03-01")), "by hand")
		s, _ = apply(t, s, remove("plus-size", Manual, "2025-04-01"))
		assert.Empty(t, house.At(s, on("2025-04-01")))
	})

	t.Run("C34", func(t *testing.T) {
		s, _ := apply(t, nil, assign("growing", "rule:life-stage", "2025-01-01"))
		s, change := apply(t, s, assign("stable", "rule:life-stage", "2025-06-01T12:00:00"))
		require.Len(t, change.Closed, 1)
		assert.Equal(t, "growing", change.Closed[0].Tag)
		assert.True(t, change.Closed[0].End().Equal(on("2025-06-01T12:00:00")))
		assert.Equal(t, []string{"growing"}, house.At(s, on("2025-06-01T11:59:59.999999")))
		assert.Equal(t, []string{"stable"}, house.At(s, on("2025-06-01T12:00:00")))
	})

	t.Run("C36", func(t *testing.T) {
		// RankWins, and every other policy that refuses, settles one instant by rank.
		for _, pair := range [][2]string{{"size-m", "size-l"}, {"growing", "stable"}, {"online", "counter"}} {
			low, high := assign(pair[0], Manual, "2025-01-01"), assign(pair[1], "rule:a", "2025-01-01")
			one, first := apply(t, nil, low, high)
			two, second := apply(t, nil, high, low)
			assert.Equal(t, one, two)
			assert.Equal(t, []string{pair[1]}, house.At(one, on("2025-01-01")))
			for _, c := range []Change{first, second} {
				require.Len(t, c.Refused, 1)
				assert.Equal(t, pair[0], c.Refused[0].Assignment.Tag)
				assert.Equal(t, SameInstant, c.Refused[0].Why)
			}
		}
		ties := MustNew(Config{
			Groups: []Group{{ID: "g", Description: "ties", Exclusive: RankWins}},
			Tags:   []Tag{{ID: "b", Description: "b", Group: "g"}, {ID: "a", Description: "a", Group: "g"}},
		})
		for _, order := range [][2]string{{"a", "b"}, {"b", "a"}} {
			var s Set
			for _, tag := range order {
				var err error
				s, _, err = ties.Apply(s, assign(tag, Manual, "2025-01-01"))
				require.NoError(t, err)
			}
			assert.Equal(t, []string{"a"}, ties.At(s, on("2025-01-01")), "the first in byte order")
		}
	})

	t.Run("C38", func(t *testing.T) {
		for _, revocable := range []bool{false, true} {
			ctx, b, tg := context.Background(), NewBook(house, new(MemStore)), tagger(t, referrer(revocable))
			has := func(completed int, day string) bool {
				customers := each(shopper{id: "lin", referrals: completed})
				for _, err := range Run(ctx, b, tg, on(day), customers, func(s shopper) string { return s.id }) {
					require.NoError(t, err)
				}
				present, err := b.At(ctx, "lin", on(day))
				require.NoError(t, err)
				return len(present) == 1
			}
			assert.False(t, has(2, "2025-01-01"), "three referred, two completed")
			assert.True(t, has(3, "2025-01-02"))
			assert.Equal(t, !revocable, has(2, "2025-01-03"), "one refunded, revocable %v", revocable)
		}
	})
}
