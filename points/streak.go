package points

import "time"

// CheckIn rewards daily visits.
type CheckIn struct {
	// Points are for the first, second… day in a row. A longer row starts the list again if Cycle is
	// set and stays at its last otherwise.
	Points  []int64  `json:"points"`
	Cycle   bool     `json:"cycle,omitempty"`
	Zone    string   `json:"zone,omitempty"` // the policy's unless set
	Family  string   `json:"family,omitempty"`
	Color   string   `json:"color,omitempty"`
	Pending *Pending `json:"pending,omitempty"`
	Expiry  *Expiry  `json:"expiry,omitempty"`
}

// CheckIn adds one visit to a streak and returns the streak and what the visit earns; the key is
// "check_in:" and the local day. A second visit on a day leaves the streak as it was and earns
// nothing, and the trace says so; one before the last day is an error.
func (p *Policy) CheckIn(s Streak, at time.Time, used ...Use) (Streak, Award, error) {
	return s, Award{}, errTODO
}

// Streak is a row of daily check-ins. The zero value has none.
type Streak struct {
	Last string `json:"last,omitempty"` // the local day of the last one, as 2006-01-02
	Days int    `json:"days,omitempty"` // how many in a row
}
