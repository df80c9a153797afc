package points

import (
	"context"
	"time"
)

var _ = register(ConfirmRequest{})

// ConfirmRequest tells that an event happened on which pending points wait, such as "received".
type ConfirmRequest struct {
	Account string `json:"account"`
	// Of is the natural key whose points wait, such as "order:7", or the key of bare points.
	Of string `json:"of"`
	// Event is the event that happened; it holds no colon.
	Event string `json:"event"`
	// At is when it happened; zero means now.
	At time.Time `json:"at,omitzero"`
}

// Confirm tells that an event happened. The pending points that await it become available, at once
// or after the days that the policy adds; their expiry is settled with it. Points that do not await
// the event stay as they are, and confirming twice is a replay. It holds for points that the same order
// earns later, by an edit or a charge-back that is won, as well.
func (l *Ledger) Confirm(ctx context.Context, r ConfirmRequest) (Receipt, error) { return l.Do(ctx, r) }

// Kind implements [Op].
func (ConfirmRequest) Kind() Kind { return KindConfirm }

func (r ConfirmRequest) head() head {
	return head{r.Account, "confirm:" + r.Event + ":" + r.Of, r.At}
}
func (r ConfirmRequest) refs() []string  { return []string{r.Of} }
func (r ConfirmRequest) backDates() bool { return true }

func (r ConfirmRequest) check() error {
	if err := checkEvent(r.Event); err != nil {
		return err
	}
	return checkKey(r.Of)
}

func (r ConfirmRequest) plan(p *plan) error {
	if p.byKey(r.Of) == nil {
		return fieldError{"of", ErrUnknown}
	}
	of := p.name(r.Of)
	for _, lot := range p.lots.extract(func(l *Lot) bool { return l.Awaits == r.Event && (l.Of == of || l.ID == of) }) {
		if err := p.confirm(lot); err != nil {
			return err
		}
	}
	return p.done(r.Of)
}

// confirm puts a lot whose event has happened back with its instants.
func (p *plan) confirm(lot Lot) error {
	if err := p.awaken(&lot, p.asked); err != nil {
		return err
	}
	l := p.lots.add(lot)
	p.receipt.Points += l.Pending
	born := l.EarnedAt
	if l.Parent != "" { // it came by a merge, before which nothing happened to it here
		born = p.at
	}
	p.catchUp(l, born)
	return nil
}

// awaken gives a lot the instants that follow from its event.
func (b *book) awaken(l *Lot, event time.Time) error {
	active, ends, err := l.Timing.Confirm(l.EarnedAt, event)
	if err != nil {
		return err
	}
	l.ActiveFrom, l.ExpiresAt, l.Awaits = instant(active), instant(ends), ""
	if err := b.follow(l); err != nil {
		return err
	}
	if !l.Timing.Moves() {
		l.Timing = nil
	}
	return nil
}

// overtake gives a lot its instants that comes, or comes back, after its event was told.
func (p *plan) overtake(l *Lot) error {
	if l.Awaits == "" {
		return nil
	}
	for i := range p.found {
		c := &p.found[i]
		if c.Request == nil {
			continue
		}
		op, ok := c.Request.Op.(ConfirmRequest)
		if of := p.name(c.Of); ok && op.Event == l.Awaits && (l.Of == of || l.ID == of) {
			return p.awaken(l, op.happened(c))
		}
	}
	return nil
}

// happened is when the event of a recorded request happened.
func (r ConfirmRequest) happened(c *Change) time.Time {
	if r.At.IsZero() {
		return c.At
	}
	return instant(r.At)
}
