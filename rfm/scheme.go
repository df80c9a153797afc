package rfm

import "time"

// Scheme is a compiled [Config]. It is immutable and safe for concurrent use.
type Scheme struct {
	config Config
	zone   *time.Location
	bins   [3]int // the number of scores of each dimension
}

// Config returns a copy of what the scheme was compiled from, with every default filled in.
func (s *Scheme) Config() Config { return s.config }

// Zone returns the zone in which civil days are counted.
func (s *Scheme) Zone() *time.Location { return s.zone }

// Bins returns the number of scores of a dimension.
func (s *Scheme) Bins(d Dimension) int { return s.bins[d] }

// Day returns the civil day of an instant in the scheme's zone.
func (s *Scheme) Day(at time.Time) Day { return DayOf(at, s.zone) }
