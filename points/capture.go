package points

import (
	"context"
	"slices"
	"time"
)

var _ = register(CaptureRequest{})

// CaptureRequest spends a hold.
type CaptureRequest struct {
	Account string `json:"account"`
	Hold    string `json:"hold"`
	// Key names the capture; empty means "capture:" and the hold.
	Key string    `json:"key,omitempty"`
	At  time.Time `json:"at,omitzero"`
	// Points is how many of the held points are spent; zero means all. The rest is released.
	Points int64 `json:"points,omitempty"`
	// TopUp allows more than was held; the difference comes from the available points, of the colours that
	// the hold preferred first, or nothing is captured.
	TopUp bool `json:"top_up,omitempty"`
}

// Capture spends a hold, once. What it does not spend is released. The receipt tells the share that the
// points have in the money and the lines of the hold, rounded down to the minor unit. A refund of the
// hold's order leaves the hold open; what is captured after it comes back at once in the share that was
// paid back, so it does not matter which of the two arrives first.
func (l *Ledger) Capture(ctx context.Context, r CaptureRequest) (Receipt, error) {
	return usual(ctx, l, r, func(s *session) *CaptureRequest { return &s.capture })
}

// Kind implements [Op].
func (CaptureRequest) Kind() Kind { return KindCapture }

func (r CaptureRequest) head() head     { return head{r.Account, keyOr(r.Key, "capture:"+r.Hold), r.At} }
func (r CaptureRequest) refs() []string { return nil }

func (r CaptureRequest) check() error {
	if r.Points < 0 {
		return fieldError{"points", ErrAmount}
	}
	return checkHoldKey(r.Hold, r.Key)
}

func (r CaptureRequest) plan(p *plan) error {
	i, err := p.hold(r.Hold)
	if err != nil {
		return err
	}
	hold := p.acc.Holds[i]
	n := r.Points
	if n == 0 {
		n = hold.Points
	}
	switch {
	case len(p.acc.Frozen) > 0 && p.terms(p.at).FreezeBlocksCapture:
		return ErrFrozen
	case n > hold.Points && !r.TopUp:
		return fieldError{"points: more than was held", ErrAmount}
	}
	topUp := max(n-hold.Points, 0)
	if topUp > 0 { // while the hold is there: a refusal tells what the account has
		if _, err := p.redeemable(topUp, false); err != nil {
			return err
		}
	}
	p.acc.Holds = slices.Delete(p.acc.Holds, i, i+1)
	left := n
	err = p.pinned(&hold, func(i int, l *Lot) {
		pin := hold.Pins[i].Points
		part := min(pin, left)
		if part > 0 {
			p.enter(KindRedeem, p.at, InHeld, InRedeemed)
			p.move(l, part)
		}
		if pin > part {
			p.release(&hold, i, l, pin-part, p.at)
		}
		left -= part
	})
	if err != nil {
		return err
	}
	p.resort()
	if topUp > 0 {
		if err := p.topUp(r, topUp); err != nil {
			return err
		}
	}
	p.spent(p.at, n)
	p.receipt.Points = n
	p.receipt.Money, p.receipt.Lines = pays(hold.Money, hold.Lines, n, hold.Points, p.revision(p.at).decimals)
	if hold.Returned {
		if err := p.reinstateHeld(r); err != nil {
			return err
		}
	}
	return p.record(hold.ref(), Evidence{})
}

// topUp spends n points beyond those of a hold, of the colours that the hold preferred first.
func (p *plan) topUp(r CaptureRequest, n int64) error {
	taken, err := p.taken(r.Account, r.Hold)
	if err != nil {
		return err
	}
	var prefer []string
	if taken.Request != nil { // else it is erased
		if op, ok := taken.Request.Op.(HoldRequest); ok {
			prefer = op.Prefer
		}
	}
	p.enter(KindRedeem, p.at, InAvailable, InRedeemed)
	p.takePreferring(n, prefer)
	return nil
}

// taken returns the change that took a hold which is open.
func (p *plan) taken(account, hold string) (*Change, error) {
	d, err := p.s.open(account, []string{holdKey(hold)})
	if err != nil {
		return nil, err
	}
	c := d.byKey(holdKey(hold))
	if c == nil {
		return nil, ErrCorrupt
	}
	return c, nil
}

// reinstateHeld gives back of a capture what the refunds of its order come to.
func (p *plan) reinstateHeld(r CaptureRequest) error {
	taken, err := p.taken(r.Account, r.Hold)
	if err != nil {
		return err
	}
	ref, err := p.spentOn(taken)
	if err != nil {
		return err
	}
	d, err := p.s.open(r.Account, []string{ref})
	if err != nil {
		return err
	}
	p.found, p.known = d.found, d.known
	return p.reinstateNow(ref)
}

// pinned visits the lots of a hold in the order in which it pinned them, each with the place of its pin,
// with one pass over the account.
func (p *plan) pinned(h *Hold, visit func(i int, l *Lot)) error {
	if len(h.Pins) == 1 { // as mostly
		l := p.lot(h.Pins[0].Lot)
		if l == nil {
			return ErrCorrupt
		}
		visit(0, l)
		return nil
	}
	at := p.s.pins
	if at == nil {
		at = map[string]int{}
		p.s.pins = at
	}
	defer clear(at)
	for _, pin := range h.Pins {
		at[pin.Lot] = -1
	}
	left := len(at)
	for i := 0; i < p.lots.len() && left > 0; i++ {
		id := p.lots.id(i)
		if _, ok := at[id]; ok {
			at[id] = i
			left--
		}
	}
	if left > 0 {
		return ErrCorrupt
	}
	for i, pin := range h.Pins {
		visit(i, p.lots.at(at[pin.Lot]))
	}
	return nil
}
