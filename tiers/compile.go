package tiers

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/regulars-go/regulars/internal/fixed"
)

// The limits of a Config.
const (
	maxLevels     = 100
	maxNumbers    = 100
	maxDepth      = 32
	maxConditions = 500
	maxID         = 255
)

// Problem is one thing wrong with a [Config]: where, as a JSON Pointer such as /levels/2/enter/any/0,
// and what.
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
	return "tiers: " + strings.Join(lines, "; ")
}

// New compiles a Config. It refuses one that cannot work as written, with a *[ConfigError] that lists
// all of its problems: among them levels that do not rise (two levels that each ask one metric over the
// same window must ask more of it the higher they are), a Keep harder than its Enter, and conditions
// nobody can meet.
func New(c Config) (*Ladder, error) {
	b := compiler{config: &c}
	l := b.ladder()
	if len(b.problems) > 0 {
		return nil, &ConfigError{b.problems}
	}
	return l, nil
}

// MustNew is [New] for package variables: it panics where New returns an error.
func MustNew(c Config) *Ladder {
	l, err := New(c)
	if err != nil {
		panic(err)
	}
	return l
}

type compiler struct {
	config     *Config
	problems   []Problem
	conditions int
}

func (b *compiler) fail(path, format string, args ...any) {
	b.problems = append(b.problems, Problem{path, fmt.Sprintf(format, args...)})
}

func (b *compiler) ladder() *Ladder {
	c := b.config
	l := &Ladder{scale: c.Scale, numbers: slices.Clone(c.Numbers)}
	var err error
	if l.zone, err = time.LoadLocation(c.Zone); err != nil || c.Zone == "" || c.Zone == "Local" {
		b.fail("/zone", "%q is not the name of a time zone", c.Zone)
	}
	b.scale("/scale", c.Scale)
	b.numbers()
	if len(c.Levels) == 0 || len(c.Levels) > maxLevels {
		b.fail("/levels", "a ladder has 1 to %d levels", maxLevels)
		return nil
	}
	for i, v := range c.Levels {
		path := fmt.Sprintf("/levels/%d", i)
		b.name(path+"/id", v.ID)
		if slices.ContainsFunc(c.Levels[:i], func(o Level) bool { return o.ID == v.ID }) {
			b.fail(path+"/id", "%q stands twice", v.ID)
		}
		l.levels = append(l.levels, b.level(path, i == 0, v))
	}
	b.rising(l.levels)
	for _, v := range l.levels {
		for _, n := range slices.Concat(v.enter, v.keep) {
			l.needsJoined = l.needsJoined || n.fromJoining()
		}
	}
	return l
}

func (b *compiler) level(path string, base bool, v Level) level {
	out := level{id: v.ID}
	switch {
	case base && (!v.Enter.none() || !v.Keep.none()):
		b.fail(path, "the first level asks nothing: everyone stands at least on it")
		return out
	case base:
		return out
	case v.Enter.none():
		b.fail(path+"/enter", "missing: only the first level asks nothing")
		return out
	}
	out.enter = b.condition(path+"/enter", v.Enter)
	if !v.Keep.none() {
		out.keep = b.condition(path+"/keep", v.Keep)
		if alike(out.enter, out.keep) && harder(&out.keep[0], &out.enter[0]) {
			b.fail(path+"/keep", "harder than enter, which keeps the level too")
		}
	}
	return out
}

// rising makes sure that each level asks more than those below it, as far as one comparison can be held
// against another.
func (b *compiler) rising(levels []level) {
	for i, v := range levels {
		for j, below := range levels[:i] {
			if len(v.enter) > 0 && slices.Equal(v.enter, below.enter) ||
				alike(v.enter, below.enter) && !harder(&v.enter[0], &below.enter[0]) {
				b.fail(fmt.Sprintf("/levels/%d/enter", i), "asks no more than level %q below it (/levels/%d/enter)", below.id, j)
				break
			}
		}
	}
}

// alike reports whether two trees are one comparison each, of the same thing in the same way.
func alike(x, y []node) bool {
	if len(x) != 1 || len(y) != 1 || x[0].need > 0 || y[0].need > 0 {
		return false
	}
	p, q := x[0], y[0]
	p.bound, q.bound = 0, 0
	return p == q
}

// harder reports whether x asks more than y, where they are alike.
func harder(x, y *node) bool {
	if x.atMost {
		return x.bound < y.bound
	}
	return x.bound > y.bound
}

func (b *compiler) numbers() {
	if len(b.config.Numbers) > maxNumbers {
		b.fail("/numbers", "more than %d numbers", maxNumbers)
		return
	}
	for i, n := range b.config.Numbers {
		path := fmt.Sprintf("/numbers/%d", i)
		b.name(path+"/name", n.Name)
		b.scale(path+"/scale", n.Scale)
		if slices.ContainsFunc(b.config.Numbers[:i], func(o Number) bool { return o.Name == n.Name }) {
			b.fail(path+"/name", "%q stands twice", n.Name)
		}
	}
}

func (b *compiler) scale(path string, scale int) {
	if !legal(scale) {
		b.fail(path, "%d is not within 0 to %d", scale, fixed.MaxExponent)
	}
}

func legal(scale int) bool { return scale >= 0 && scale <= fixed.MaxExponent }

func (b *compiler) name(path, s string) {
	if s == "" || len(s) > maxID || !utf8.ValidString(s) || strings.Contains(s, "\x00") {
		b.fail(path, "%.60q is not 1 to %d bytes of UTF-8 without NUL", s, maxID)
	}
}
