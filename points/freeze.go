package points

import (
	"context"
	"slices"
	"time"
)

var _ = register(FreezeRequest{}, UnfreezeRequest{})

// FreezeRequest stops spending.
type FreezeRequest struct {
	Account string    `json:"account"`
	Key     string    `json:"key"`
	At      time.Time `json:"at,omitzero"`
	By
}

// Freeze refuses holds, redemptions and transfers of an account from now on. Credits still come in.
func (l *Ledger) Freeze(ctx context.Context, r FreezeRequest) (Receipt, error) { return l.Do(ctx, r) }

// Kind implements [Op].
func (FreezeRequest) Kind() Kind { return KindFreeze }

func (r FreezeRequest) head() head     { return head{r.Account, r.Key, r.At} }
func (r FreezeRequest) refs() []string { return nil }

func (r FreezeRequest) check() error {
	if err := r.By.check(); err != nil {
		return err
	}
	return checkID("key", r.Key)
}

func (r FreezeRequest) plan(p *plan) error {
	p.acc.Frozen = append(p.acc.Frozen, p.name(r.Key))
	return p.done("")
}

// UnfreezeRequest lifts a freeze.
type UnfreezeRequest struct {
	Account string    `json:"account"`
	Key     string    `json:"key"`
	At      time.Time `json:"at,omitzero"`
	// Freeze is the key of the freeze, or "chargeback:" and the case.
	Freeze string `json:"freeze"`
	By
}

// Unfreeze lifts one freeze. An account is free when the last is lifted.
func (l *Ledger) Unfreeze(ctx context.Context, r UnfreezeRequest) (Receipt, error) {
	return l.Do(ctx, r)
}

// Kind implements [Op].
func (UnfreezeRequest) Kind() Kind { return KindUnfreeze }

func (r UnfreezeRequest) head() head     { return head{r.Account, r.Key, r.At} }
func (r UnfreezeRequest) refs() []string { return nil }

func (r UnfreezeRequest) check() error {
	if err := r.By.check(); err != nil {
		return err
	}
	if err := checkKey(r.Freeze); err != nil {
		return err
	}
	return checkID("key", r.Key)
}

func (r UnfreezeRequest) plan(p *plan) error {
	name := p.name(r.Freeze)
	if !slices.Contains(p.acc.Frozen, name) {
		return fieldError{"freeze", ErrUnknown}
	}
	p.acc.Frozen = slices.DeleteFunc(p.acc.Frozen, func(by string) bool { return by == name })
	return p.done(r.Freeze)
}
