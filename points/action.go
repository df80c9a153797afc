package points

import (
	"fmt"
	"strings"
	"time"
)

// Action is something other than a purchase that earns: a sign-up, a review, a completed profile.
type Action struct {
	// ID is the first part of the award's key, so it holds no colon and is no kind of key already, such
	// as "order", "cancel" or "hold".
	ID     string `json:"id"`
	Points int64  `json:"points"`
	// Once is the period in which one subject earns once: [Ever], which is the default, or a
	// calendar period of the policy's zone. The award's key is built from it.
	Once Period `json:"once,omitempty"`
	// From and Until bound the instant, half open, as in [When].
	From    string   `json:"from,omitempty"`
	Until   string   `json:"until,omitempty"`
	Family  string   `json:"family,omitempty"`
	Color   string   `json:"color,omitempty"`
	Pending *Pending `json:"pending,omitempty"`
	Expiry  *Expiry  `json:"expiry,omitempty"`
}

type action struct {
	once        Period
	from, until time.Time
	term        *bonusTerm
}

func (c *compiler) actions(cfg *Config) {
	for i, a := range cfg.Actions {
		path := item("actions", i)
		c.id(path+".id", a.ID)
		if a.ID == referrerID || a.ID == friendID {
			c.bad(path+".id", "%q is the id of a gift", a.ID)
		}
		if strings.Contains(a.ID, ":") {
			c.bad(path+".id", "must not hold a colon, which separates the parts of a key")
		}
		if _, taken := naturalKeys[a.ID]; taken {
			c.bad(path+".id", "%q is a kind of key already", a.ID)
		}
		c.points(path+".points", a.Points)
		x := action{
			once: oneOf(c, path+".once", a.Once, Ever, EachDay, EachWeek, EachMonth, EachQuarter, EachYear),
			from: c.instant(path+".from", a.From, c.p.loc), until: c.instant(path+".until", a.Until, c.p.loc),
			term: &bonusTerm{ID: a.ID, Points: a.Points, lotTerm: c.lot(path+".", a.Family, a.Color, a.Pending, a.Expiry, cfg)},
		}
		if !x.from.IsZero() && !x.until.IsZero() && !x.from.Before(x.until) {
			c.bad(path+".until", "is not after from, so this never holds")
		}
		c.p.actions = append(c.p.actions, x)
	}
}

// Action returns what an action earns. Subject is what it is about, such as the reviewed order, and
// may be empty. The key is the action's id, the subject if any and the first day of the period of
// Once if it has one: "sign_up", "review:7", "share:7:2025-03-01"; one of more than 255 bytes is [ErrID].
// Outside its window the award is zero, has no key and the trace says why; an action the policy does not
// know is [ErrUnknown].
func (p *Policy) Action(id, subject string, at time.Time, used ...Use) (Award, error) {
	at = instant(at)
	p, err := p.in(at)
	if err != nil {
		return Award{}, err
	}
	for _, x := range p.actions {
		if x.term.ID != id {
			continue
		}
		switch {
		case !x.from.IsZero() && at.Before(x.from):
			return Award{At: at, Trace: []Note{{Reason: NotYet, Of: id}}}, nil
		case !x.until.IsZero() && !at.Before(x.until):
			return Award{At: at, Trace: []Note{{Reason: Over, Of: id}}}, nil
		}
		key := id
		if subject != "" {
			key += ":" + subject
		}
		if first, ok := x.once.first(at, p.loc); ok {
			key += ":" + first.String()
		}
		if err := checkID("key", key); err != nil {
			return Award{}, err
		}
		return p.give(x.term, key, at, used)
	}
	return Award{}, fmt.Errorf("%w: action %.60q", ErrUnknown, id)
}
