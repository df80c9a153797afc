package orders_test

import (
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regulars-go/regulars/examples/bench/data"
	"github.com/regulars-go/regulars/examples/bench/floor"
	"github.com/regulars-go/regulars/examples/bench/orders"
)

// The library and the floors give every customer the same values and scores, whatever the threads.
func TestContestantsAgree(t *testing.T) {
	for _, shape := range []data.Shape{
		{Seed: 1, Orders: 100_000, Customers: 20_000, Text: true},
		{Seed: 2, Orders: 100_000, Customers: 97, Text: true, Shuffled: true},
		{Seed: 3, Orders: 5, Customers: 5, Text: true},
	} {
		table := data.Make(shape)
		for threads := 1; threads <= 2; threads++ {
			lib, err := orders.NewLibrary[int64](threads)
			require.NoError(t, err)
			require.NoError(t, lib.Run(table.Orders()))
			want, err := lib.Sum(func(id int64) int64 { return id })
			require.NoError(t, err)
			require.Equal(t, [2]int64{int64(shape.Customers), int64(shape.Orders)}, [2]int64{want.Customers, want.Orders})

			text, err := orders.NewLibrary[string](threads)
			require.NoError(t, err)
			require.NoError(t, text.Run(table.TextOrders()))
			got, err := text.Sum(data.Number)
			require.NoError(t, err)
			assert.Equal(t, want, got, "text keys, %+v", shape)

			for name, scored := range map[string]floor.Scored{
				"columns":  floor.Columns(table, threads),
				"decimals": floor.Decimals(table.Orders(), threads),
				"texts":    floor.Texts(table.TextOrders(), threads),
			} {
				assert.Equal(t, want, scored.Sum(), "%s, %+v", name, shape)
			}
		}
	}
}

// The floor of Fit finds what sorting finds.
func TestFloorFit(t *testing.T) {
	table := data.Make(data.Shape{Seed: 4, Orders: 30_000, Customers: 7_001})
	s := floor.Columns(table, 1)
	cuts := floor.Fit(s.Days, s.Orders, s.Minor)
	sorted := slices.Sorted(slices.Values(s.Minor))
	for k, cut := range cuts[2] {
		rank := ((k+1)*len(sorted) + 4) / 5
		assert.Equal(t, sorted[rank-1], cut)
	}
}

func TestTables(t *testing.T) {
	var table strings.Builder
	require.NoError(t, orders.Main(&table, []string{"-orders", "2000", "-customers", "500", "-rounds", "1"}, nil))
	for _, want := range []string{"int keys", "text keys", "1 thread(s)", "2 thread(s)", "peak memory", "cut points", "regulars / floor, the same orders"} {
		assert.Contains(t, table.String(), want)
	}
	for _, args := range [][]string{{"-threads", "3"}, {"-keys", "uuid"}, {"-customers", "0"}, {"-orders", "1"}, {"-rounds", "0"}} {
		assert.Error(t, orders.Main(io.Discard, args, nil), "%v", args)
	}
}
