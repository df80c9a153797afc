package points

import (
	"context"
	"time"
)

var _ = register(CheckInRequest{})

// CheckInRequest tells that a member checked in.
type CheckInRequest struct {
	Account string    `json:"account"`
	Key     string    `json:"key"`
	At      time.Time `json:"at,omitzero"`
}

// CheckIn counts a visit towards the member's streak and credits what it earns. A second visit on a
// local day is an [AlreadyGrantedError].
func (l *Ledger) CheckIn(ctx context.Context, r CheckInRequest) (Receipt, error) { return l.Do(ctx, r) }

// Kind implements [Op].
func (CheckInRequest) Kind() Kind { return KindCheckIn }

func (r CheckInRequest) head() head     { return head{r.Account, r.Key, r.At} }
func (r CheckInRequest) refs() []string { return nil }
func (r CheckInRequest) check() error   { return checkID("key", r.Key) }

func (r CheckInRequest) plan(p *plan) error {
	streak, award, err := p.policy.CheckIn(p.acc.Streak, p.at, p.acc.Uses...)
	if err != nil {
		return err
	}
	p.acc.Streak = streak
	return p.bookAward(award, award.Evidence, "")
}
