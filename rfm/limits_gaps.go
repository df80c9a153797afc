package rfm

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Gaps counts the waits of a shop's customers between one day of purchase and the next, in civil days.
// The zero value is ready. It is a plain value with JSON, so that SQL can fill it as well: one row per
// length and kind. The sums of two shards are what [Gaps.Merge] makes. A Gaps is for one goroutine.
type Gaps struct {
	Closed []GapCount // waits that a purchase ended, rising in Days, which are 1 or more
	Open   []GapCount // waits that still run at the as-of day, rising in Days, 0 or more
}

// GapCount says how many waits lasted that many days.
type GapCount struct {
	Days  int   `json:"days"`
	Count int64 `json:"count"`
}

// GapsOf counts the gaps of all customers of a snapshot as of its day. Their summaries must have kept their
// days (see [Config].KeepDays).
func GapsOf[K comparable](customers Snapshot[K]) (Gaps, error) {
	var closed, open tally
	on := customers.AsOf()
	for _, s := range customers.All() {
		silence, ok, err := s.waits(on)
		if err != nil {
			return Gaps{}, err
		}
		if ok {
			for i, day := range s.Days[1:] {
				closed.add(int64(day-s.Days[i]), 1)
			}
			open.add(silence, 1)
		}
	}
	return Gaps{closed.gaps(), open.gaps()}, nil
}

func (t *tally) gaps() []GapCount {
	var counts []GapCount
	for days, n := range t.all() {
		counts = append(counts, GapCount{int(days), n})
	}
	return counts
}

// Add counts one customer as of a day: the closed gaps between their active days, which the summary must
// have kept (see [Config].KeepDays), and the silence since the last of them. A prospect counts nothing.
// After an error nothing is counted.
func (g *Gaps) Add(s Summary, on Day) error {
	silence, ok, err := s.waits(on)
	if err != nil || !ok {
		return err
	}
	for i, day := range s.Days[1:] {
		g.Closed = count(g.Closed, GapCount{int(day - s.Days[i]), 1})
	}
	g.Open = count(g.Open, GapCount{int(silence), 1})
	return nil
}

// waits checks that all gaps of a customer can be counted, and returns the open one; ok is false for a
// prospect, who has none.
func (s Summary) waits(on Day) (silence int64, ok bool, err error) {
	f, err := s.facts(on)
	if err != nil || f.days == 0 {
		return 0, false, err
	}
	if len(s.Days) == 0 {
		return 0, false, fmt.Errorf("rfm: gaps: the list of active days: %w", ErrDays)
	}
	if err := checkDays(s); err != nil {
		return 0, false, err
	}
	for i, day := range s.Days[1:] {
		if int64(day)-int64(s.Days[i]) > mostDays {
			return 0, false, fmt.Errorf("rfm: gaps: more than %d days from %v to %v", mostDays, s.Days[i], day)
		}
	}
	if f.silence > mostDays {
		return 0, false, fmt.Errorf("rfm: gaps: more than %d days from %v to %v", mostDays, s.Last, on)
	}
	return f.silence, true, nil
}

// Merge adds the gaps of other customers. The customers of the two must be distinct, as a gap between
// them would be missing else. Nothing is added where a count would not fit.
func (g *Gaps) Merge(other Gaps) error {
	if err := errors.Join(g.check(), other.check()); err != nil {
		return err
	}
	sum := Gaps{slices.Clone(g.Closed), slices.Clone(g.Open)}
	for _, c := range other.Closed {
		sum.Closed = count(sum.Closed, c)
	}
	for _, c := range other.Open {
		sum.Open = count(sum.Open, c)
	}
	if err := sum.check(); err != nil {
		return err
	}
	*g = sum
	return nil
}

func count(counts []GapCount, c GapCount) []GapCount {
	i, found := slices.BinarySearchFunc(counts, c, func(a, b GapCount) int { return cmp.Compare(a.Days, b.Days) })
	if !found {
		return slices.Insert(counts, i, c)
	}
	counts[i].Count += c.Count
	return counts
}

// check refuses lengths out of order, counts that are not positive, and sums beyond [mostGaps].
func (g *Gaps) check() error {
	var total int64
	for _, side := range []struct {
		name   string
		least  int
		counts []GapCount
	}{{"closed", 1, g.Closed}, {"open", 0, g.Open}} {
		least := side.least
		for i, c := range side.counts {
			if c.Days < least || c.Days > mostDays {
				return fmt.Errorf("rfm: gaps: %s[%d].days: want %d to %d, rising, not %d", side.name, i, least, mostDays, c.Days)
			}
			weight := max(int64(c.Days), 1)
			if c.Count < 1 || c.Count > (mostGaps-total)/weight {
				return fmt.Errorf("rfm: gaps: %s[%d].count: want 1 or more, and at most 2^45 days in all, not %d", side.name, i, c.Count)
			}
			least, total = c.Days+1, total+c.Count*weight
		}
	}
	return nil
}

// Mean returns the mean of all closed gaps in days, pooled over customers: their sum and their number.
func (g Gaps) Mean() Fraction {
	var m Fraction
	for _, c := range g.Closed {
		m.Num += int64(c.Days) * c.Count
		m.Den += c.Count
	}
	return m
}
