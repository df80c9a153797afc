package tags

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/regulars-go/regulars/internal/strictjson"
)

// JSONError is stored JSON that cannot be read: a stable word such as unknown_key, the JSON Pointer of the
// place, and the byte where the reader stopped.
type JSONError struct {
	Code    string
	Pointer string
	Offset  int
	Detail  string
}

func (e *JSONError) Error() string {
	return fmt.Sprintf("tags: %s at %q (byte %d): %s", e.Code, e.Pointer, e.Offset, e.Detail)
}

var jsonLimits = strictjson.Limits{Bytes: 16 << 20, Depth: 8, List: 100_000, Text: 4096}

// ParseConfig reads a vocabulary from JSON: the fields by their names in snake_case, and "version": 1. It
// refuses what encoding/json would let through, such as a key that stands twice or that nobody knows, with
// a *[JSONError]. [New] judges what the Config says.
func ParseConfig(data []byte) (Config, error) {
	var stored struct {
		Version int     `json:"version"`
		Tags    []Tag   `json:"tags"`
		Groups  []Group `json:"groups"`
	}
	if err := parse(data, &stored); err != nil {
		return Config{}, err
	}
	if err := checkVersion(stored.Version, len(data)); err != nil {
		return Config{}, err
	}
	return Config{Tags: stored.Tags, Groups: stored.Groups}, nil
}

// UnmarshalJSON is [ParseConfig].
func (c *Config) UnmarshalJSON(data []byte) error {
	parsed, err := ParseConfig(data)
	if err == nil {
		*c = parsed
	}
	return err
}

// MarshalJSON writes what [ParseConfig] reads.
func (c Config) MarshalJSON() ([]byte, error) {
	type plain Config
	return json.Marshal(struct {
		Version int `json:"version"`
		plain
	}{1, plain(c)})
}

// ParseSet reads the assignments of a holder from JSON: {"version": 1, "assignments": [...]}, instants in
// RFC 3339, truncated to microseconds and in UTC. It is as strict as [ParseConfig], and refuses assignments
// that could not have been made.
func ParseSet(data []byte) (Set, error) {
	var stored struct {
		Version     int          `json:"version"`
		Assignments []Assignment `json:"assignments"`
	}
	if err := parse(data, &stored); err != nil {
		return nil, err
	}
	if err := checkVersion(stored.Version, len(data)); err != nil {
		return nil, err
	}
	for i := range stored.Assignments {
		a := &stored.Assignments[i]
		for _, t := range []*time.Time{&a.From, &a.Until, &a.Cut} {
			*t = t.Truncate(time.Microsecond).UTC()
		}
		if err := a.check(); err != nil {
			return nil, &JSONError{strictjson.CodeValue, fmt.Sprintf("/assignments/%d", i), len(data), err.Error()}
		}
	}
	if twice(stored.Assignments) {
		return nil, &JSONError{strictjson.CodeValue, "/assignments", len(data), "one source gives one tag twice at once"}
	}
	return stored.Assignments, nil
}

// twice reports whether two assignments of one tag by one source overlap.
func twice(s Set) bool {
	s = slices.Clone(s)
	slices.SortFunc(s, func(x, y Assignment) int {
		return cmp.Or(cmp.Compare(x.Tag, y.Tag), cmp.Compare(x.Source, y.Source), x.From.Compare(y.From))
	})
	for i := 1; i < len(s); i++ {
		if s[i-1].Tag == s[i].Tag && s[i-1].Source == s[i].Source && endsAfter(s[i-1].Until, s[i].From) {
			return true
		}
	}
	return false
}

// UnmarshalJSON is [ParseSet].
func (s *Set) UnmarshalJSON(data []byte) error {
	parsed, err := ParseSet(data)
	if err == nil {
		*s = parsed
	}
	return err
}

// MarshalJSON writes what [ParseSet] reads.
func (s Set) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Version     int          `json:"version"`
		Assignments []Assignment `json:"assignments"`
	}{1, append([]Assignment{}, s...)})
}

func (a Assignment) check() error {
	switch {
	case checkID(a.Tag) != nil, checkID(string(a.Source)) != nil:
		return errors.New("tag and source are 1 to 255 bytes of UTF-8 without NUL")
	case a.From.IsZero():
		return errors.New("from is missing")
	case !storable(a.From), !storable(a.Until), !storable(a.Cut):
		return errors.New("a year not within 1 to 9999")
	case !endsAfter(a.End(), a.From):
		return errors.New("it ends before it begins")
	}
	return nil
}

func parse(data []byte, v any) error {
	err := strictjson.Unmarshal(data, v, jsonLimits)
	if e, ok := errors.AsType[*strictjson.Error](err); ok {
		return &JSONError{e.Code, e.Pointer, e.Offset, e.Detail}
	}
	return err
}

func checkVersion(version, offset int) error {
	if version != 1 {
		return &JSONError{strictjson.CodeValue, "/version", offset, "this library reads version 1"}
	}
	return nil
}
