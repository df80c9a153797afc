package points

import "time"

// Action is something other than a purchase that earns: a sign-up, a review, a completed profile.
type Action struct {
	ID     string `json:"id"`
	Points int64  `json:"points"`
	// Once is the period in which one subject earns once; [Ever] by default. The award's key is built
	// from it.
	Once Period `json:"once,omitempty"`
	// From and Until bound the instant, half open, as in [When].
	From    string   `json:"from,omitempty"`
	Until   string   `json:"until,omitempty"`
	Family  string   `json:"family,omitempty"`
	Color   string   `json:"color,omitempty"`
	Pending *Pending `json:"pending,omitempty"`
	Expiry  *Expiry  `json:"expiry,omitempty"`
}

// Action returns what an action earns. Subject is what it is about, such as the reviewed order, and
// may be empty. The key is the action's id, the subject if any and the period of Once if it has one:
// "sign_up", "review:7", "share:2025-03-01".
func (p *Policy) Action(id, subject string, at time.Time, used ...Use) (Award, error) {
	return Award{}, errTODO
}
