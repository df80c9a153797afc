package campaign

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSpec(t *testing.T) {
	summer := func(ppm int) HoldOut { return MustHoldOut("summer-2025", ppm) }
	held := func(t *testing.T, h HoldOut, ids []string) (out []string) {
		t.Helper()
		for _, id := range ids {
			is, err := h.Held(id)
			require.NoError(t, err)
			if is {
				out = append(out, id)
			}
		}
		return out
	}

	t.Run("C54", func(t *testing.T) {
		assert.Equal(t, []string{"c6", "c19", "c20"}, held(t, summer(50_000), numbered(20)))
	})
	t.Run("C56", func(t *testing.T) { // the pure half: whom a larger share adds
		add, release, err := Delta(summer(50_000), summer(100_000), each(numbered(20)...))
		require.NoError(t, err)
		assert.Equal(t, []string{"c2", "c8"}, add)
		assert.Empty(t, release)
	})
	t.Run("C58", func(t *testing.T) { // a campaign's display name is no part of anything that is hashed
		type campaign struct {
			name    string
			holdOut HoldOut
		}
		c := campaign{"Summer", summer(50_000)}
		before := held(t, c.holdOut, numbered(1000))
		c.name = "Summer sale"
		assert.Equal(t, before, held(t, c.holdOut, numbered(1000)))
		assert.NotEqual(t, before, held(t, MustHoldOut("Summer sale", 50_000), numbered(1000)))
	})
	t.Run("C60", func(t *testing.T) {
		shares := map[int]int{50_000: 50_061, 100_000: 100_480, 200_000: 200_939}
		count := map[int]int{}
		for i := range 1_000_000 {
			b, err := Bucket("summer-2025", fmt.Sprintf("cust-%d", i+1))
			require.NoError(t, err)
			for ppm := range shares {
				if b < ppm {
					count[ppm]++
				}
			}
		}
		assert.Equal(t, shares, count)
	})
}
