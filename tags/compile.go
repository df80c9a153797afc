package tags

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Problem is one thing wrong with a [Config]: where, as a JSON Pointer such as /tags/3/group, and what.
type Problem struct {
	Path   string `json:"path"`
	Detail string `json:"detail"`
}

// ConfigError is every problem of a [Config] at once.
type ConfigError struct{ Problems []Problem }

func (e *ConfigError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.Path + ": " + p.Detail
	}
	return "tags: " + strings.Join(lines, "; ")
}

const maxID = 255

// New compiles a Config, or returns a *[ConfigError] with all of its problems.
func New(c Config) (*Vocabulary, error) {
	v := &Vocabulary{tags: slices.Clone(c.Tags), groups: slices.Clone(c.Groups), byID: make(map[string]word, len(c.Tags))}
	var problems []Problem
	fail := func(path, format string, args ...any) {
		problems = append(problems, Problem{path, fmt.Sprintf(format, args...)})
	}
	define := func(path, id, description string, twice bool) {
		if err := checkID(id); err != nil {
			fail(path+"/id", "%v", err)
		} else if twice {
			fail(path+"/id", "%q stands twice", id)
		}
		if strings.TrimSpace(description) == "" || !utf8.ValidString(description) {
			fail(path+"/description", "missing: say what it means")
		}
	}
	groups := map[string]Policy{}
	for i, g := range c.Groups {
		path := fmt.Sprintf("/groups/%d", i)
		_, twice := groups[g.ID]
		define(path, g.ID, g.Description, twice)
		switch g.Exclusive {
		case "", LatestWins, RankWins, Refuse, Suspend:
		default:
			fail(path+"/exclusive", "unknown policy %.60q", g.Exclusive)
		}
		groups[g.ID] = g.Exclusive
	}
	for i, t := range c.Tags {
		path := fmt.Sprintf("/tags/%d", i)
		define(path, t.ID, t.Description, v.Has(t.ID))
		policy, ok := groups[t.Group]
		if t.Group != "" && !ok {
			fail(path+"/group", "there is no group %.60q", t.Group)
		}
		if t.Rank != 0 && policy == "" {
			fail(path+"/rank", "only the tags of an exclusive group have ranks")
		}
		w := word{rank: t.Rank, policy: policy}
		if policy != "" {
			w.group = t.Group
		}
		v.byID[t.ID] = w
	}
	if len(problems) > 0 {
		return nil, &ConfigError{problems}
	}
	return v, nil
}

// MustNew is [New] for package variables: it panics where New returns an error.
func MustNew(c Config) *Vocabulary {
	v, err := New(c)
	if err != nil {
		panic(err)
	}
	return v
}

func checkID(id string) error {
	if id == "" || len(id) > maxID || !utf8.ValidString(id) || strings.Contains(id, "\x00") {
		return fmt.Errorf("%.60q is not 1 to %d bytes of UTF-8 without NUL", id, maxID)
	}
	return nil
}
