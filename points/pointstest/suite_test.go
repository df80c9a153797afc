package pointstest_test

import (
	"testing"

	"github.com/regulars-go/regulars/points"
	"github.com/regulars-go/regulars/points/pointstest"
)

// TestSpec checks a MemStore with a log, which outlives a restart, by the laws of the suite.
func TestSpec(t *testing.T) { pointstest.Run(t, durable(line)) }

// TestMemStore checks MemStore itself, the executable specification of a store.
func TestMemStore(t *testing.T) {
	pointstest.Run(t, pointstest.Harness{Open: func(testing.TB) points.Store { return new(points.MemStore) }})
}
