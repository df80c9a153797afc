package rfm

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/regulars-go/regulars/internal/fixed"
	"github.com/regulars-go/regulars/internal/strictjson"
)

// Scheme is a compiled [Config]. It is immutable and safe for concurrent use. It comes from [Compile]: the
// zero Scheme and a nil one cannot be used.
type Scheme struct {
	config Config
	zone   *time.Location
	bins   [3]int // the number of scores of each dimension
}

// Compile compiles a Config. Its error joins one error for every problem, each with the field's path.
func Compile(c Config) (*Scheme, error) {
	s := &Scheme{config: c.clone()}
	var problems []error
	problem := func(format string, args ...any) {
		problems = append(problems, fmt.Errorf("rfm: "+format, args...))
	}
	switch zone, err := time.LoadLocation(c.Zone); {
	case c.Zone == "" || c.Zone == "Local":
		problem("zone: the name of a time zone is required, such as UTC or Asia/Shanghai")
	case err != nil:
		problem("zone: %q is not a known time zone", c.Zone)
	default:
		s.zone = zone
	}
	if !isName(c.Currency) {
		problem("currency: must be 255 bytes of UTF-8 at most")
	}
	if c.Scale < 0 || c.Scale > fixed.MaxExponent {
		problem("scale: %d is outside 0 to %d", c.Scale, fixed.MaxExponent)
		s.config.Scale = 0 // so that the cuts can be checked all the same
	}
	if int(c.Frequency) >= len(frequencyLabels) {
		problem("frequency: unknown measure %d", c.Frequency)
	}
	if int(c.Monetary) >= len(monetaryLabels) {
		problem("monetary: unknown measure %d", c.Monetary)
	}
	for d, b := range s.config.binnings() {
		b.check(func(format string, args ...any) { problem("%c: "+format, append([]any{"rfm"[d]}, args...)...) })
		s.bins[d] = b.Bins
	}
	s.checkCuts(problem)
	if c.Nested && slices.Max(s.bins[:]) > 0 && s.bins[0]*s.bins[1] > 10_000 {
		problem("nested: more than 10,000 pairs of R and F scores")
	}
	if w := c.Weights; w.R < 0 || w.F < 0 || w.M < 0 || max(w.R, w.F, w.M) > 1_000_000 {
		problem("weights: each must be 0 to 1,000,000")
	} else if (w == Weights{}) {
		s.config.Weights = Weights{R: 1, F: 1, M: 1}
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return s, nil
}

// MustCompile is [Compile] for package variables: it panics where Compile fails.
func MustCompile(c Config) *Scheme {
	s, err := Compile(c)
	if err != nil {
		panic(err)
	}
	return s
}

var configLimits = strictjson.Limits{Bytes: 1 << 16, Depth: 8, List: 1000, Text: 256}

// ParseConfig reads a Config from JSON, strictly: unknown and repeated keys, another case, broken UTF-8
// and trailing bytes are refused, with JSON Pointer and byte offset.
func ParseConfig(data []byte) (Config, error) {
	var c Config
	if err := strictjson.Unmarshal(data, &c, configLimits); err != nil {
		return Config{}, fmt.Errorf("rfm: config: %w", err)
	}
	return c, nil
}

func (c *Config) binnings() [3]*Binning { return [3]*Binning{&c.R, &c.F, &c.M} }

func (c Config) clone() Config {
	for _, b := range c.binnings() {
		b.Cuts = slices.Clone(b.Cuts)
	}
	return c
}

// check fills in the number of bins and reports what is wrong.
func (b *Binning) check(problem func(format string, args ...any)) {
	want := map[Rule]int{Quantiles: b.Bins, MeanRule: 2, FixedCuts: len(b.Cuts) + 1}[b.Rule]
	if want == 0 {
		want = 5
	}
	if b.Bins == 0 {
		b.Bins = want
	}
	switch {
	case int(b.Rule) >= len(ruleLabels):
		problem("rule: unknown rule %d", b.Rule)
	case int(b.Ties) >= len(tiesLabels):
		problem("ties: unknown choice %d", b.Ties)
	case b.Bins < 2 || b.Bins > 100:
		problem("bins: %d is outside 2 to 100", b.Bins)
	case b.Bins != want:
		problem("bins: %d, but the %v rule makes %d", b.Bins, b.Rule, want)
	case b.Rule != FixedCuts && len(b.Cuts) > 0:
		problem("cuts: only the fixed rule takes them")
	case b.Rule != Quantiles && b.Ties != Low:
		problem("ties: only quantiles have a choice")
	}
}

// checkCuts checks the fixed cuts, which are compared as exact numbers.
func (s *Scheme) checkCuts(problem func(format string, args ...any)) {
	for d, b := range s.config.binnings() {
		for i, v := range b.Cuts {
			if _, err := s.ratio(Dimension(d), v, 1); err != nil {
				problem("%c: cuts[%d]: %w", "rfm"[d], i, err)
			} else if i > 0 && fixed.Check(b.Cuts[i-1]) == nil && !b.Cuts[i-1].LessThan(v) {
				problem("%c: cuts[%d]: %v is not above the cut before it", "rfm"[d], i, v)
			}
		}
	}
}

// Config returns a copy of what the scheme was compiled from, with every default filled in.
func (s *Scheme) Config() Config { return s.config.clone() }

// Zone returns the zone in which civil days are counted.
func (s *Scheme) Zone() *time.Location { return s.zone }

// Bins returns the number of scores of a dimension, zero where d is none.
func (s *Scheme) Bins(d Dimension) int {
	if d > Monetary {
		return 0
	}
	return s.bins[d]
}

// Day returns the civil day of an instant in the scheme's zone.
func (s *Scheme) Day(at time.Time) Day { return DayOf(at, s.zone) }
