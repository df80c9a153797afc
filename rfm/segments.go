package rfm

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/regulars-go/regulars/internal/strictjson"
)

// SegmentConfig is a map of segments as plain data, in Go or JSON; [NewSegments] compiles it.
type SegmentConfig struct {
	// R, F and M are the numbers of scores of the three dimensions; zero means 5.
	R int `json:"r,omitzero"`
	F int `json:"f,omitzero"`
	M int `json:"m,omitzero"`
	// FirstMatch lets segments overlap: a cell belongs to the first that names it. Without it an overlap
	// is a mistake.
	FirstMatch bool `json:"first_match,omitzero"`
	// Segments are the segments, in order.
	Segments []SegmentRule `json:"segments"`
}

// SegmentRule is one segment and the cells it names.
type SegmentRule struct {
	Key string `json:"key"`
	EN  string `json:"en,omitempty"`
	ZH  string `json:"zh,omitempty"`
	// Where lists patterns of R, F and M, any of which names the cell: each dimension is a digit, a span
	// in brackets, or a star, so that "5[4-5]*" is the best recency with the two best frequencies.
	// Scores above 9 stand in brackets.
	Where []string `json:"where,omitempty"`
	// Match names cells in Go that patterns cannot, such as those with F+M above 8. It must depend on
	// the score alone: it is asked once for every cell, when the map is compiled.
	Match func(Score) bool `json:"-"`
}

// Segments is a compiled map from scores to segments, proved to name every cell of the score cube. It is
// immutable and safe for concurrent use.
type Segments struct {
	bins     [3]int
	list     []Segment
	cells    []uint16 // by cell: the number of the segment
	overlaps []Overlap
}

// Overlap is two segments that name the same cells.
type Overlap struct {
	Segments [2]string `json:"segments"`
	Example  Score     `json:"example"`
	Cells    int       `json:"cells"`
}

// SegmentsError says what a map lacks to be one.
type SegmentsError struct {
	// Holes are the cells that no segment names.
	Holes []Score
	// Overlaps are the pairs of segments that name the same cells.
	Overlaps []Overlap
	// Dead are the segments that get no cell, because they name none or others come first.
	Dead []string
}

// Error lists everything, holes by an example.
func (e *SegmentsError) Error() string {
	var parts []string
	if n := len(e.Holes); n > 0 {
		parts = append(parts, fmt.Sprintf("%d cells without a segment, such as %v", n, e.Holes[0]))
	}
	for _, o := range e.Overlaps {
		parts = append(parts, fmt.Sprintf("%s and %s share %d cells, such as %v", o.Segments[0], o.Segments[1], o.Cells, o.Example))
	}
	for _, key := range e.Dead {
		parts = append(parts, key+" gets no cell")
	}
	return "rfm: segments: " + strings.Join(parts, "; ")
}

// NewSegments compiles a map. A map with holes, overlaps or dead segments is refused with a
// [*SegmentsError] that lists all of them; other mistakes come as one joined error, each with its path.
func NewSegments(c SegmentConfig) (*Segments, error) {
	s := &Segments{bins: [3]int{c.R, c.F, c.M}}
	var problems []error
	for d, n := range s.bins {
		if n == 0 {
			s.bins[d] = 5
		} else if n < 2 || n > 100 {
			problems = append(problems, fmt.Errorf("rfm: segments: %c: %d is outside 2 to 100", "rfm"[d], n))
		}
	}
	if len(c.Segments) == 0 || len(c.Segments) > 1000 {
		problems = append(problems, fmt.Errorf("rfm: segments: %d segments, not 1 to 1,000", len(c.Segments)))
	}
	matches := make([]func(Score) bool, len(c.Segments))
	for i, rule := range c.Segments {
		match, errs := rule.compile(s.bins)
		for _, err := range errs {
			problems = append(problems, fmt.Errorf("rfm: segments[%d].%w", i, err))
		}
		for j := range i {
			if c.Segments[j].Key == rule.Key {
				problems = append(problems, fmt.Errorf("rfm: segments[%d].key: %q stands twice", i, rule.Key))
			}
		}
		matches[i] = match
		s.list = append(s.list, Segment{rule.Key, rule.EN, rule.ZH})
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	if err := s.prove(matches, c.FirstMatch); err != nil {
		return nil, err
	}
	return s, nil
}

// MustSegments is [NewSegments] for package variables: it panics where NewSegments fails.
func MustSegments(c SegmentConfig) *Segments {
	s, err := NewSegments(c)
	if err != nil {
		panic(err)
	}
	return s
}

// ParseSegments reads a SegmentConfig from JSON, strictly.
func ParseSegments(data []byte) (SegmentConfig, error) {
	var c SegmentConfig
	if err := strictjson.Unmarshal(data, &c, strictjson.Limits{Bytes: 1 << 20, Depth: 8, List: 10_000, Text: 256}); err != nil {
		return SegmentConfig{}, fmt.Errorf("rfm: segments: %w", err)
	}
	return c, nil
}

// prove asks every rule about every cell.
func (s *Segments) prove(matches []func(Score) bool, firstMatch bool) error {
	var e SegmentsError
	won := make([]int, len(matches))
	pairs := map[[2]int]int{} // where in overlaps
	var names []int           // the rules that name a cell
	s.cells = make([]uint16, s.bins[0]*s.bins[1]*s.bins[2])
	for cell := range s.cells {
		score := s.score(cell)
		names = names[:0]
		for i, match := range matches {
			if !match(score) {
				continue
			}
			for _, before := range names {
				pair := [2]int{before, i}
				at, seen := pairs[pair]
				if !seen {
					at = len(s.overlaps)
					pairs[pair] = at
					s.overlaps = append(s.overlaps, Overlap{[2]string{s.list[before].Key, s.list[i].Key}, score, 0})
				}
				s.overlaps[at].Cells++
			}
			names = append(names, i)
		}
		if len(names) == 0 {
			e.Holes = append(e.Holes, score)
			continue
		}
		won[names[0]]++
		s.cells[cell] = uint16(names[0])
	}
	for i, n := range won {
		if n == 0 {
			e.Dead = append(e.Dead, s.list[i].Key)
		}
	}
	if !firstMatch {
		e.Overlaps = s.overlaps
	}
	if len(e.Holes)+len(e.Overlaps)+len(e.Dead) > 0 {
		return &e
	}
	return nil
}

func (s *Segments) score(cell int) Score {
	m := cell % s.bins[2]
	f := cell / s.bins[2] % s.bins[1]
	r := cell / s.bins[2] / s.bins[1]
	return Score{uint8(r + 1), uint8(f + 1), uint8(m + 1)}
}

// Of returns the segment of a score: the zero Segment for a score outside the map, which the zero Score
// of a prospect is.
func (s *Segments) Of(score Score) Segment {
	r, f, m := int(score.R)-1, int(score.F)-1, int(score.M)-1
	if r < 0 || f < 0 || m < 0 || r >= s.bins[0] || f >= s.bins[1] || m >= s.bins[2] {
		return Segment{}
	}
	return s.list[s.cells[(r*s.bins[1]+f)*s.bins[2]+m]]
}

// Key returns the key of a score's segment, "" for a score outside the map.
func (s *Segments) Key(score Score) string { return s.Of(score).Key }

// List returns the segments in order.
func (s *Segments) List() []Segment { return slices.Clone(s.list) }

// Overlaps returns the pairs of segments that name the same cells, in a map with FirstMatch.
func (s *Segments) Overlaps() []Overlap { return slices.Clone(s.overlaps) }

// Fits reports whether the map is for scores of a scheme: whether it has as many in each dimension.
func (s *Segments) Fits(scheme *Scheme) bool { return s.bins == scheme.bins }

// fits is [Segments.Fits] as an error.
func (s *Segments) fits(scheme *Scheme) error {
	if s == nil || !s.Fits(scheme) {
		return errors.New("rfm: segments: the map is not for the scores of this model")
	}
	return nil
}

// compile makes one predicate of a rule.
func (r SegmentRule) compile(bins [3]int) (func(Score) bool, []error) {
	var errs []error
	if r.Key == "" || !isName(r.Key) {
		errs = append(errs, errors.New("key: must be 1 to 255 bytes of UTF-8"))
	}
	if len(r.Where) == 0 && r.Match == nil {
		errs = append(errs, errors.New("where: names no cell"))
	}
	boxes := make([][3]span, len(r.Where))
	for i, pattern := range r.Where {
		var err error
		if boxes[i], err = parsePattern(pattern, bins); err != nil {
			errs = append(errs, fmt.Errorf("where[%d]: %q %w", i, pattern, err))
		}
	}
	return func(s Score) bool {
		for _, b := range boxes {
			if b[0].has(s.R) && b[1].has(s.F) && b[2].has(s.M) {
				return true
			}
		}
		return r.Match != nil && r.Match(s)
	}, errs
}

// span is a range of scores, both ends in it.
type span struct{ min, max int }

func (s span) has(score uint8) bool { return s.min <= int(score) && int(score) <= s.max }

func parsePattern(pattern string, bins [3]int) (box [3]span, err error) {
	rest := pattern
	for d := range box {
		if rest == "" {
			return box, errors.New("does not speak of R, F and M")
		}
		word := rest[:1]
		if word == "[" {
			end := strings.IndexByte(rest, ']')
			if end < 0 {
				return box, errors.New("lacks a closing bracket")
			}
			word, rest = rest[1:end], rest[end:]
		}
		rest = rest[1:]
		box[d] = span{1, bins[d]}
		if word == "*" {
			continue
		}
		from, to, isSpan := strings.Cut(word, "-")
		if !isSpan {
			to = from
		}
		a, errA := strconv.ParseUint(from, 10, 8) // takes no sign
		b, errB := strconv.ParseUint(to, 10, 8)
		box[d] = span{int(a), int(b)}
		if errA != nil || errB != nil || a < 1 || a > b || box[d].max > bins[d] {
			return box, fmt.Errorf("has %q where scores are 1 to %d", word, bins[d])
		}
	}
	if rest != "" {
		return box, errors.New("says more than R, F and M")
	}
	return box, nil
}
