package points

import (
	"maps"
	"slices"
	"testing"
)

// specs holds the worked examples of the specification by id. Any test file adds its own with spec.
var specs = map[string]func(*testing.T){}

func spec(id string, check func(*testing.T)) struct{} {
	if specs[id] != nil {
		panic("two tests for " + id)
	}
	specs[id] = check
	return struct{}{}
}

func TestSpec(t *testing.T) {
	for _, id := range slices.Sorted(maps.Keys(specs)) {
		t.Run(id, specs[id])
	}
}
