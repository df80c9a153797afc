package points

import (
	"fmt"
	"sync"
	"time"
)

// zones remembers loaded time zones: reading one from disk costs more than everything else a lot needs.
var zones sync.Map // of name to *time.Location

func zone(name string) (*time.Location, error) {
	if loc, ok := zones.Load(name); ok {
		return loc.(*time.Location), nil
	}
	loc, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		return nil, fmt.Errorf("points: %.60q is not the name of a time zone", name)
	}
	zones.Store(name, loc)
	return loc, nil
}
