package points

import (
	"encoding/json"
	"fmt"
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
// in ID, Zone, Currency, Decimals and PolicyAt, and rise in Revision and Since; only the first may be
// without a Since.
func Versions(revisions ...*Policy) (*Policy, error) {
	if len(revisions) == 0 {
		return nil, fmt.Errorf("points: no revision of the policy")
	}
	for i, p := range revisions {
		if p == nil || p.older != nil {
			return nil, fmt.Errorf("points: revision %d is not a single compiled policy", i)
		}
		if i == 0 {
			continue
		}
		last := revisions[i-1]
		switch {
		case p.id != last.id, p.loc.String() != last.loc.String(), p.currency != last.currency, p.decimals != last.decimals, p.at != last.at:
			return nil, fmt.Errorf("points: revisions %d and %d differ in id, zone, currency, decimals or policy_at", last.revision, p.revision)
		case p.revision <= last.revision:
			return nil, fmt.Errorf("points: revision %d comes after revision %d", p.revision, last.revision)
		case !p.since.After(last.since):
			return nil, fmt.Errorf("points: revision %d is not in force later than revision %d", p.revision, last.revision)
		}
	}
	latest := *revisions[len(revisions)-1]
	for i := len(revisions) - 2; i >= 0; i-- {
		latest.older = append(latest.older, revisions[i])
	}
	return &latest, nil
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
