package points

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// Policy is a compiled [Config], or several revisions of one chosen by date (see [Versions]). It is
// immutable and safe for concurrent use.
type Policy struct {
	cfg      Config
	id       string
	revision int
	since    time.Time
	loc      *time.Location
	currency string
	decimals int
	growth   bool
	at       Moment
	shared   *programme

	timingAt  []string // where each of the shared timings stands in the Config
	rules     terms[ruleTerm]
	modifiers terms[modifierTerm]
	bonuses   terms[bonusTerm]
	caps      []capTerm

	gifts   gifts
	burn    *burn
	actions []action

	older []*Policy // earlier revisions, the latest first
}

// Versions joins revisions of one policy into one that uses each from its Since on. They must agree
// in ID, Zone, Currency, Decimals, PolicyAt and Growth, and rise in Revision and Since; only the first may
// be without a Since. The error is a [*ConfigError] with every problem, under the position of the
// revision: /1/zone.
func Versions(revisions ...*Policy) (*Policy, error) {
	var c compiler
	if len(revisions) == 0 {
		c.bad("0", "is missing: there is no revision")
	}
	for i, p := range revisions {
		if p == nil || p.older != nil {
			c.bad(strconv.Itoa(i), "is not a single compiled policy")
			continue
		}
		if i > 0 && revisions[i-1] != nil {
			c.follows(strconv.Itoa(i), p, revisions[i-1])
		}
	}
	if len(c.problems) > 0 {
		return nil, &ConfigError{c.problems}
	}
	latest := *revisions[len(revisions)-1]
	for i := len(revisions) - 2; i >= 0; i-- {
		latest.older = append(latest.older, revisions[i])
	}
	return &latest, nil
}

// follows checks a revision against the one before.
func (c *compiler) follows(path string, p, last *Policy) {
	for _, same := range []struct {
		field    string
		was, now any
	}{
		{"id", last.id, p.id}, {"zone", last.loc.String(), p.loc.String()}, {"currency", last.currency, p.currency},
		{"decimals", last.decimals, p.decimals}, {"policy_at", last.at, p.at}, {"growth", last.growth, p.growth},
	} {
		if same.was != same.now {
			c.bad(path+"."+same.field, "is %v, but %v in revision %d", same.now, same.was, last.revision)
		}
	}
	if p.revision <= last.revision {
		c.bad(path+".revision", "is %d, after %d", p.revision, last.revision)
	}
	if !p.since.After(last.since) {
		c.bad(path+".since", "is not later than that of revision %d", last.revision)
	}
}

// At returns the revision in force at an instant, or nil before the first.
func (p *Policy) At(t time.Time) *Policy {
	if !t.Before(p.since) {
		return p
	}
	for _, o := range p.older {
		if !t.Before(o.since) {
			return o
		}
	}
	return nil
}

// in returns the revision in force at an instant that a pure function was given.
func (p *Policy) in(t time.Time) (*Policy, error) {
	if t.IsZero() {
		return nil, fmt.Errorf("%w: the instant is missing", ErrAmount)
	}
	if v := p.At(t); v != nil {
		return v, nil
	}
	return nil, fmt.Errorf("%w: no revision of policy %q is in force at %v", ErrUnknown, p.id, t.UTC().Format(time.RFC3339))
}

// Config returns a copy of the Config the policy was compiled from; of several revisions, the latest.
func (p *Policy) Config() Config {
	var c Config
	data, err := json.Marshal(p.cfg)
	if err == nil {
		err = json.Unmarshal(data, &c)
	}
	if err != nil {
		panic(err) // it was written and read once before, when it was compiled
	}
	return c
}

// ID returns the policy's name, and Revision the number of its latest revision.
func (p *Policy) ID() string { return p.id }

// Revision returns the number of the revision; of several, the latest.
func (p *Policy) Revision() int { return p.revision }

// Zone returns the time zone of the policy's days.
func (p *Policy) Zone() *time.Location { return p.loc }

// Currency returns the label of the policy's money and its number of minor digits.
func (p *Policy) Currency() (label string, decimals int) { return p.currency, p.decimals }

// Growth reports whether the points are a growth value that cannot be redeemed.
func (p *Policy) Growth() bool { return p.growth }

// Terms returns the choices about points that already exist; of several revisions, the latest.
func (p *Policy) Terms() Terms {
	t := p.cfg.Terms
	t.Activity = append([]string(nil), t.Activity...)
	return t
}

// Timing returns the default pending and expiry, as a grant carries them.
func (p *Policy) Timing() Timing {
	t := p.shared.Timings[0]
	t.Expiry = t.Expiry.clone()
	return t
}
