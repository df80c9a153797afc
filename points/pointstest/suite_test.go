package pointstest_test

import (
	"testing"

	"github.com/regulars-go/regulars/points"
	"github.com/regulars-go/regulars/points/pointstest"
)

// TestSpec checks MemStore, the executable specification of a store, by the laws of the suite.
func TestSpec(t *testing.T) {
	pointstest.Run(t, pointstest.Harness{Open: func(testing.TB) points.Store { return new(points.MemStore) }})
}
