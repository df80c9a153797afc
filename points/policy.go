package points

import (
	"time"
)

// Policy is a compiled [Config], or several revisions of one chosen by date. It is immutable and safe
// for concurrent use.
type Policy struct{ c *Config }

// Compile checks a Config and makes a Policy. The error joins every problem found, each with the path
// of its field.
func Compile(c Config) (*Policy, error) { return nil, errTODO }

// MustCompile is [Compile] for package variables: it panics on a Config that does not compile.
func MustCompile(c Config) *Policy {
	p, err := Compile(c)
	if err != nil {
		panic(err)
	}
	return p
}

// Versions joins revisions of one policy into one that uses each from its Since on. They must agree
// in ID, Zone, Currency, Decimals and PolicyAt, and rise in Revision and Since.
func Versions(revisions ...*Policy) (*Policy, error) { return nil, errTODO }

// At returns the revision in force at an instant, or nil before the first.
func (p *Policy) At(t time.Time) *Policy { return p }

// Config returns a copy of the Config the policy was compiled from; of several revisions, the latest.
func (p *Policy) Config() Config { return *p.c }

// ID and Revision name the policy; of several revisions, the latest.
func (p *Policy) ID() string { return p.c.ID }

// Revision returns the number of the revision; of several, the latest.
func (p *Policy) Revision() int { return p.c.Revision }

// Zone returns the time zone of the policy's days.
func (p *Policy) Zone() *time.Location { return nil }

// Terms returns the choices about points that already exist.
func (p *Policy) Terms() Terms { return p.c.Terms }

// Timing returns the default pending and expiry, as a grant carries them.
func (p *Policy) Timing() Timing { return Timing{} }

// Award returns what an order earns: points, lots, line shares and trace. It is pure: the same order
// and the same usage always give the same award. Usage is what the account has already taken from
// the caps that count a period; periods and caps that the order does not touch are ignored. An
// order whose qualifying instant is zero is refused.
func (p *Policy) Award(o Order, used ...Use) (Award, error) { return Award{}, errTODO }

// WhyNot says why the rule, modifier or bonus of that id did nothing for an order; nothing if it did.
func (p *Policy) WhyNot(id string, o Order) ([]Note, error) { return nil, errTODO }
