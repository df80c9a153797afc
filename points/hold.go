package points

import (
	"context"
	"slices"
	"time"
)

var _ = register(HoldRequest{}, VoidRequest{}, ProlongRequest{})

// HoldRequest sets points aside for a purchase under way.
type HoldRequest struct {
	Account string `json:"account"`
	// Hold is the caller's id of the hold.
	Hold string `json:"hold"`
	// At is when it is taken; zero means now. TTL is the elapsed time after which it is released by itself.
	At     time.Time     `json:"at,omitzero"`
	TTL    time.Duration `json:"ttl_ns"`
	Points int64         `json:"points"`
	Spend
	// Prefer lists colours to set aside first, in this order.
	Prefer []string `json:"prefer,omitempty"`
	// AllowPartial holds what there is if that is less; the receipt says how much, and what it pays of
	// Money and Lines: in proportion, rounded down to the minor unit.
	AllowPartial bool `json:"allow_partial,omitempty"`
}

// Hold sets available points aside. It fails here if they do not cover it; capturing never does.
// Held points do not expire before the hold is closed.
func (l *Ledger) Hold(ctx context.Context, r HoldRequest) (Receipt, error) {
	return usual(ctx, l, r, func(s *session) *HoldRequest { return &s.hold })
}

// Kind implements [Op].
func (HoldRequest) Kind() Kind { return KindHold }

func (r HoldRequest) head() head     { return head{r.Account, holdKey(r.Hold), r.At} }
func (r HoldRequest) refs() []string { return r.Spend.refs() }

func (r HoldRequest) check() error {
	if r.Points <= 0 {
		return fieldError{"points", ErrAmount}
	}
	if r.TTL < time.Microsecond {
		return fieldError{"ttl", ErrAmount}
	}
	if err := r.Spend.check(); err != nil {
		return err
	}
	if err := checkWords("prefer", r.Prefer...); err != nil {
		return err
	}
	return checkID("hold", r.Hold)
}

func (r HoldRequest) shares() bool { return r.Prefer != nil || r.Lines != nil }

func (r HoldRequest) clone() Op {
	r.Prefer, r.Lines = slices.Clone(r.Prefer), slices.Clone(r.Lines)
	return r
}

func (r HoldRequest) plan(p *plan) error {
	n, err := p.redeemable(r.Points, r.AllowPartial)
	if err != nil {
		return err
	}
	p.enter(KindHold, p.at, InAvailable, InHeld)
	p.takePreferring(n, r.Prefer)
	taken := p.entries[len(p.entries)-1].Slices
	hold := Hold{
		ID: p.name(p.receipt.Key), Of: p.name(r.ref()), Points: n,
		At: p.at, ExpiresAt: instant(p.at.Add(r.TTL)), Pins: make([]Pin, len(taken)), Returned: len(p.refunds(r.ref())) > 0,
	}
	if err := checkInstant("ttl", hold.ExpiresAt); err != nil {
		return err
	}
	for i, s := range taken {
		hold.Pins[i] = Pin{s.Lot.ID, s.Points}
	}
	hold.Money, hold.Lines = pays(r.Money, r.Lines, n, r.Points, p.revision(p.at).decimals)
	p.acc.Holds = append(p.acc.Holds, hold)
	p.receipt.Points, p.receipt.Money, p.receipt.Lines = n, hold.Money, slices.Clone(hold.Lines)
	return p.done(r.ref())
}

// hold returns the place of an open hold, or how it was closed.
func (p *plan) hold(id string) (int, error) {
	key := holdKey(id)
	name := p.name(key)
	for i := range p.acc.Holds {
		if p.acc.Holds[i].ID == name {
			return i, nil
		}
	}
	account := p.op.head().account
	d, err := p.s.open(account, []string{key})
	if err != nil {
		return 0, err
	}
	taken := d.byKey(key)
	if taken == nil {
		return 0, fieldError{"hold", ErrUnknown}
	}
	ref, err := p.spentOn(taken)
	if err != nil {
		return 0, err
	}
	if ref != "" { // what closed it refers to its order
		if d, err = p.s.open(account, []string{key, ref}); err != nil {
			return 0, err
		}
	}
	var ends time.Time
	for _, c := range d.found {
		if c.Request == nil {
			continue
		}
		switch op := c.Request.Op.(type) {
		case HoldRequest:
			if c.Key == key {
				ends = instant(c.At.Add(op.TTL))
			}
		case ProlongRequest:
			if op.Hold == id {
				ends = instant(c.At.Add(op.TTL))
			}
		case CaptureRequest:
			if op.Hold == id {
				return 0, &HoldClosedError{By: KindCapture}
			}
		case VoidRequest:
			if op.Hold == id {
				return 0, &HoldClosedError{By: KindVoid}
			}
		case CancelRequest:
			if c.At.Before(ends) { // later it found the hold closed, earlier it found none
				return 0, &HoldClosedError{By: KindCancel}
			}
		}
	}
	return 0, &HoldClosedError{By: KindTimeout}
}

// voidAll gives up the open holds for an order.
func (p *plan) voidAll(order string) error {
	of := p.name(order)
	for i := 0; i < len(p.acc.Holds); {
		hold := p.acc.Holds[i]
		if hold.Of != of {
			i++
			continue
		}
		p.acc.Holds = slices.Delete(p.acc.Holds, i, i+1)
		if err := p.pinned(&hold, func(i int, l *Lot) { p.release(&hold, i, l, hold.Pins[i].Points, p.at) }); err != nil {
			return err
		}
	}
	p.resort()
	return nil
}

// VoidRequest gives a hold up.
type VoidRequest struct {
	Account string    `json:"account"`
	Hold    string    `json:"hold"`
	Key     string    `json:"key,omitempty"` // empty means "void:" and the hold
	At      time.Time `json:"at,omitzero"`
}

// Void releases a hold. Points whose lot has ended meanwhile lapse, or get the programme's grace.
func (l *Ledger) Void(ctx context.Context, r VoidRequest) (Receipt, error) { return l.Do(ctx, r) }

// Kind implements [Op].
func (VoidRequest) Kind() Kind { return KindVoid }

func (r VoidRequest) head() head     { return head{r.Account, keyOr(r.Key, "void:"+r.Hold), r.At} }
func (r VoidRequest) refs() []string { return nil }
func (r VoidRequest) check() error   { return checkHoldKey(r.Hold, r.Key) }

func (r VoidRequest) plan(p *plan) error {
	i, err := p.hold(r.Hold)
	if err != nil {
		return err
	}
	hold := p.acc.Holds[i]
	p.acc.Holds = slices.Delete(p.acc.Holds, i, i+1)
	if err := p.pinned(&hold, func(i int, l *Lot) { p.release(&hold, i, l, hold.Pins[i].Points, p.at) }); err != nil {
		return err
	}
	p.resort()
	p.receipt.Points = hold.Points
	return p.record(hold.ref(), Evidence{})
}

// ProlongRequest gives an open hold more time.
type ProlongRequest struct {
	Account string    `json:"account"`
	Hold    string    `json:"hold"`
	Key     string    `json:"key"`
	At      time.Time `json:"at,omitzero"`
	// TTL counts from At.
	TTL time.Duration `json:"ttl_ns"`
}

// Prolong gives an open hold more time. It never shortens it.
func (l *Ledger) Prolong(ctx context.Context, r ProlongRequest) (Receipt, error) { return l.Do(ctx, r) }

// Kind implements [Op].
func (ProlongRequest) Kind() Kind { return KindProlong }

func (r ProlongRequest) head() head     { return head{r.Account, r.Key, r.At} }
func (r ProlongRequest) refs() []string { return nil }

func (r ProlongRequest) check() error {
	if r.TTL < time.Microsecond {
		return fieldError{"ttl", ErrAmount}
	}
	if err := checkID("hold", r.Hold); err != nil {
		return err
	}
	return checkID("key", r.Key)
}

func (r ProlongRequest) plan(p *plan) error {
	i, err := p.hold(r.Hold)
	if err != nil {
		return err
	}
	hold := &p.acc.Holds[i]
	ends := instant(p.at.Add(r.TTL))
	if err := checkInstant("ttl", ends); err != nil {
		return err
	}
	if ends.Before(hold.ExpiresAt) {
		return ErrWouldShorten
	}
	hold.ExpiresAt = ends
	p.receipt.Points = hold.Points
	return p.record(hold.ref(), Evidence{})
}

func keyOr(key, natural string) string {
	if key != "" {
		return key
	}
	return natural
}

func checkHoldKey(hold, key string) error {
	if key != "" {
		if err := checkID("key", key); err != nil {
			return err
		}
	}
	return checkID("hold", hold)
}
