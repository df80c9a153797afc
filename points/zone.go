package points

import (
	"fmt"
	"maps"
	"sync"
	"sync/atomic"
	"time"
)

// zones remembers loaded time zones: reading one from disk costs more than everything else a lot
// needs. Readers take the map as it is; a new zone replaces it.
var (
	zones     atomic.Pointer[map[string]*time.Location]
	zonesLock sync.Mutex
)

func zone(name string) (*time.Location, error) {
	if known := zones.Load(); known != nil {
		if loc := (*known)[name]; loc != nil {
			return loc, nil
		}
	}
	loc, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		return nil, fmt.Errorf("%w: %.60q is not the name of a time zone", ErrAmount, name)
	}
	zonesLock.Lock()
	defer zonesLock.Unlock()
	next := map[string]*time.Location{name: loc}
	if known := zones.Load(); known != nil {
		maps.Copy(next, *known)
	}
	zones.Store(&next)
	return loc, nil
}
