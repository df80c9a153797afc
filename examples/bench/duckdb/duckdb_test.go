package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regulars-go/regulars/examples/bench/data"
	"github.com/regulars-go/regulars/examples/bench/orders"
)

func open(tb testing.TB, shape data.Shape) (*duck, data.Table) {
	tb.Helper()
	table := data.Make(shape)
	d, err := openDuck(tb.Context(), table)
	require.NoError(tb, err)
	tb.Cleanup(func() { assert.NoError(tb, d.Close()) })
	return d, table
}

// The library, DuckDB's quantiles and DuckDB's ranks give every customer the same values and scores.
func TestPeerAgrees(t *testing.T) {
	for _, shape := range []data.Shape{
		{Seed: 1, Orders: 40_000, Customers: 9_001},
		{Seed: 2, Orders: 40_000, Customers: 9_003, Shuffled: true},
		{Seed: 3, Orders: 3, Customers: 3},
	} {
		d, table := open(t, shape)
		lib, err := orders.NewLibrary[int64](1)
		require.NoError(t, err)
		require.NoError(t, lib.Run(table.Orders()))
		want, err := lib.Sum(func(id int64) int64 { return id })
		require.NoError(t, err)
		for name, statement := range map[string]string{"score": score, "ranked": ranked} {
			require.NoError(t, d.Prepare())
			require.NoError(t, d.exec(statement))
			got, err := d.Sum()
			require.NoError(t, err)
			assert.Equal(t, want, got, "%s of %+v", name, shape)
		}
	}
}

// BenchmarkSummarize10M is the contest with one thread and whole-number keys as a Go benchmark; the
// command prints all of it.
func BenchmarkSummarize10M(b *testing.B) {
	var table strings.Builder
	for b.Loop() {
		table.Reset()
		err := orders.Main(&table, []string{"-keys", "int", "-threads", "1", "-rounds", "5"},
			func(t data.Table) (orders.Peer, error) { return openDuck(b.Context(), t) })
		require.NoError(b, err)
	}
	b.Log("\n" + table.String())
}
