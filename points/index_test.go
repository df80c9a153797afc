package points

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// An index does what a map does.
func TestIndex(t *testing.T) {
	const seed = 5
	r := rand.New(rand.NewPCG(seed, seed))
	for _, spread := range []uint32{1, 40, 5000, 1 << 31} {
		var x index
		m := map[uint32]place{}
		for i := range place(20_000) {
			hash := r.Uint32N(spread) << r.IntN(2)
			require.Equal(t, m[hash], x.get(hash), "seed %d", seed)
			if r.IntN(2) == 0 {
				require.Equal(t, m[hash], x.put(hash, i+1))
				m[hash] = i + 1
			}
		}
		require.Equal(t, len(m), x.used)
	}
}
