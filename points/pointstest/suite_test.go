package pointstest_test

import (
	"testing"

	"github.com/regulars-go/regulars/points"
	"github.com/regulars-go/regulars/points/pointstest"
)

func TestMemStore(t *testing.T) {
	pointstest.Run(t, pointstest.Harness{Open: func(testing.TB) points.Store { return new(points.MemStore) }})
}
