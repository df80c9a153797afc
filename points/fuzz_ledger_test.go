package points

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// tape is a source of random numbers that the fuzzer writes; at its end it goes on by itself.
type tape struct {
	left []byte
	rest *rand.PCG
}

func (t *tape) Uint64() uint64 {
	if len(t.left) == 0 { // not a constant: the package draws again until it likes a number
		return t.rest.Uint64()
	}
	n := uint64(t.left[0])
	t.left = t.left[1:]
	return n<<56 | n<<24 | t.rest.Uint64()&0xffffff // short, so that a mutation changes one decision
}

// FuzzLedger lets the fuzzer write histories, and checks every step against the naive model.
func FuzzLedger(f *testing.F) {
	for seed := range uint64(4) {
		r := rand.New(rand.NewPCG(seed, 9))
		data := make([]byte, 300)
		for i := range data {
			data[i] = byte(r.Uint32())
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) == 0 {
			return
		}
		w := newWalk(t, uint64(data[0]))
		source := &tape{left: data[1:min(len(data), 600)], rest: rand.NewPCG(1, 1)}
		w.r = rand.New(source)
		for len(source.left) > 0 {
			w.step()
		}
		w.recall()
	})
}

// FuzzChange reads changes as a store would hand them back: whatever is read can be written and read again.
func FuzzChange(f *testing.F) {
	w := newWalk(&testing.T{}, 1)
	for range 60 {
		w.step()
	}
	for _, name := range w.names {
		for c := range w.store.Changes(ctx, name, 0) {
			data, err := json.Marshal(c)
			require.NoError(f, err)
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var c Change
		if json.Unmarshal(data, &c) != nil {
			return
		}
		c = c.Clone()
		once, err := json.Marshal(c)
		if err != nil { // such as a year beyond 9999
			return
		}
		var back Change
		require.NoError(t, json.Unmarshal(once, &back))
		twice, err := json.Marshal(back)
		require.NoError(t, err)
		require.Equal(t, string(once), string(twice))
	})
}
