package points

import (
	"context"
	"slices"
	"time"

	"github.com/regulars-go/regulars/internal/fixed"
)

var _ = register(ReinstateRequest{})

// ReinstateRequest gives redeemed points back, for a reward or an order that came to nothing.
type ReinstateRequest struct {
	Account string    `json:"account"`
	Key     string    `json:"key"`
	At      time.Time `json:"at,omitzero"`
	// Redemption is the key of the redemption, or of the capture ("capture:" and the hold).
	Redemption string `json:"redemption"`
	// Points is how many; zero means all that was not given back before.
	Points int64 `json:"points,omitempty"`
}

// Reinstate gives redeemed points back, those consumed last first: to the lot they came from if it
// still lives, else as [Terms].Reinstate says. No more comes back than was redeemed.
func (l *Ledger) Reinstate(ctx context.Context, r ReinstateRequest) (Receipt, error) {
	return l.Do(ctx, r)
}

// Kind implements [Op].
func (ReinstateRequest) Kind() Kind { return KindReinstate }

func (r ReinstateRequest) head() head      { return head{r.Account, r.Key, r.At} }
func (r ReinstateRequest) refs() []string  { return []string{r.Redemption} }
func (r ReinstateRequest) backDates() bool { return true }

func (r ReinstateRequest) check() error {
	if r.Points < 0 {
		return fieldError{"points", ErrAmount}
	}
	if err := checkKey(r.Redemption); err != nil {
		return err
	}
	return checkID("key", r.Key)
}

func (r ReinstateRequest) plan(p *plan) error {
	c := p.byKey(r.Redemption)
	if c == nil || c.Kind != KindRedeem && c.Kind != KindCapture {
		return fieldError{"redemption", ErrUnknown}
	}
	redemption, found := *c, p.found
	of := r.Redemption
	ref, err := p.spentOn(c)
	if err != nil {
		return err
	}
	if ref != "" { // what was given back before refers to the order
		d, err := p.s.open(r.Account, []string{ref})
		if err != nil {
			return err
		}
		of, found = ref, d.found
	}
	name := p.name(r.Redemption)
	left := redemption.redeemed() - reinstated(found, name)
	n := r.Points
	if n == 0 {
		n = left
	}
	if n > left {
		return fieldError{"points: more than was redeemed", ErrAmount}
	}
	if err := p.reinstate(&redemption, name, redemption.redeemed()-left, n); err != nil {
		return err
	}
	p.receipt.Points = n
	return p.done(of)
}

// spentOn returns what a redemption or a hold refers to, in the caller's keys: its order, if it has
// one, or a capture's hold.
func (p *plan) spentOn(c *Change) (string, error) {
	if c.Request == nil {
		return "", nil
	}
	switch op := c.Request.Op.(type) {
	case RedeemRequest:
		return op.ref(), nil
	case HoldRequest:
		return op.ref(), nil
	case CaptureRequest:
		hold := holdKey(op.Hold)
		d, err := p.s.open(p.op.head().account, []string{hold})
		if err != nil {
			return "", err
		}
		if h := d.byKey(hold); h != nil {
			ref, err := p.spentOn(h)
			return keyOr(ref, hold), err
		}
	}
	return "", nil
}

// allOf stands for everything that was redeemed for an order.
const allOf = -1

// reinstateFor gives back what paid for all that was refunded of an order, less what came back before:
// of the points that the ledger knows were redeemed for it the share that the order says, by points,
// by the money they paid, or, where it says neither, by the value returned.
func (p *plan) reinstateFor(order string, awards []Evidence, more ...Return) error {
	if len(awards) == 0 || awards[0].f.Gift {
		return nil
	}
	var redeemed, back int64
	for i := range p.found {
		if c := &p.found[i]; c.Of == order && (c.Kind == KindRedeem || c.Kind == KindCapture) {
			var err error
			if redeemed, err = fixed.Add(redeemed, c.redeemed()); err != nil {
				return ErrOverflow
			}
			back += reinstated(p.found, p.known[i]) // no more than was redeemed
		}
	}
	if redeemed == back {
		return nil
	}
	ev := awards[0]
	returns := slices.Concat(p.refunds(order), more)
	is, err := ev.parts(returns)
	if err != nil {
		return err
	}
	all, err := ev.parts([]Return{{Everything: true}})
	if err != nil {
		return err
	}
	for i, whole := range all {
		if whole > 0 {
			return p.reinstateOrder(order, max(share(redeemed, is[i], whole)-back, 0))
		}
	}
	if slices.ContainsFunc(returns, func(r Return) bool { return r.Everything }) { // of an order worth nothing else
		return p.reinstateOrder(order, allOf)
	}
	return nil
}

// reinstateNow gives back of the redemption being planned what the refunds of its order come to.
func (p *plan) reinstateNow(order string) error {
	if len(p.refunds(order)) == 0 {
		return nil
	}
	p.found = append(p.found, Change{
		Account: p.acc.ID, Key: p.receipt.Key, Of: order, Kind: p.op.Kind(), At: p.at, Entries: slices.Clone(p.entries),
	})
	p.known = append(p.known, p.name(p.receipt.Key))
	if p.cancelled(order) {
		return p.reinstateOrder(order, allOf)
	}
	return p.reinstateFor(order, p.awards(order))
}

// reinstateOrder gives back n of the points redeemed for an order, the latest redemption first.
func (p *plan) reinstateOrder(order string, n int64) error {
	for i, c := range slices.Backward(p.found) {
		if n == 0 {
			return nil
		}
		if c.Of != order || c.Kind != KindRedeem && c.Kind != KindCapture {
			continue
		}
		before := reinstated(p.found, p.known[i])
		part := c.redeemed() - before
		if n != allOf {
			part = min(part, n)
			n -= part
		}
		if err := p.reinstate(&c, p.known[i], before, part); err != nil {
			return err
		}
		p.receipt.Reinstated += part
	}
	return nil
}

// redeemed returns how many points a change spent.
func (c *Change) redeemed() int64 {
	var n int64
	for _, e := range c.Entries {
		if e.Kind == KindRedeem {
			n += e.Points
		}
	}
	return n
}

// reinstated returns how many points of a redemption came back before.
func reinstated(found []Change, redemption string) int64 {
	var n int64
	for _, c := range found {
		for _, e := range c.Entries {
			if e.Of != "" && e.Of == redemption {
				n += e.Points
			}
		}
	}
	return n
}

// reinstate gives back n points of a redemption of which skip came back before, walking its slices
// from the last consumed.
func (p *plan) reinstate(c *Change, name string, skip, n int64) error {
	from := p.left(c, InRedeemed)
	p.spent(c.At, -n)
	for _, e := range slices.Backward(c.Entries) {
		if e.Kind != KindRedeem {
			continue
		}
		for _, s := range slices.Backward(e.Slices) {
			gone := min(skip, s.Points)
			skip -= gone
			part := min(s.Points-gone, n)
			if part == 0 {
				continue
			}
			n -= part
			if err := p.restore(s.Lot, part, KindReinstate, from, name); err != nil {
				return err
			}
		}
	}
	return nil
}

// left is the bucket that points come back from which a change took away: of an account that was
// merged into this one, they left for good in its own books.
func (p *plan) left(c *Change, into Bucket) Bucket {
	if c.Account != p.acc.ID {
		return Outside
	}
	return into
}

// restore puts n points back into a lot that they once left: into the lot itself if it still lives,
// else by the programme's terms. The lot is given as it stood when they left.
func (p *plan) restore(was Lot, n int64, kind Kind, from Bucket, of string) error {
	if err := p.room(n); err != nil {
		return err
	}
	lot := p.lot(was.ID)
	if lot == nil {
		was.Pending, was.Available, was.Held = 0, 0, 0
		if err := p.extended(&was); err != nil {
			return err
		}
		if err := p.overtake(&was); err != nil {
			return err
		}
		if err := p.follow(&was); err != nil {
			return err
		}
		lot = &was
	}
	terms := p.terms(p.at)
	gone := !lot.ExpiresAt.IsZero() && !lot.ExpiresAt.After(p.at)
	if !gone || terms.Reinstate == OriginalExpiry {
		if lot == &was {
			lot = p.lots.add(was)
		}
		to := InAvailable
		if lot.Awaits != "" || lot.ActiveFrom.After(p.at) {
			to = InPending
		}
		p.enterOf(kind, from, to, of)
		p.move(lot, n)
		switch {
		case gone:
			p.lapse(lot, n, to)
		case to == InAvailable:
			p.repay(lot, p.at)
		}
		return nil
	}
	fresh := Lot{
		ID: lotID(p.name(p.receipt.Key), p.issued), Of: was.Of, Parent: was.ID, Family: was.Family, Color: was.Color,
		EarnedAt: was.EarnedAt, ActiveFrom: p.at,
	}
	if terms.Reinstate == FreshTTL {
		g, err := p.grant(n, &Pending{}, nil, p.at)
		if err != nil {
			return err
		}
		fresh.ExpiresAt = instant(g.ExpiresAt)
		if g.Timing.Moves() {
			fresh.Timing, fresh.EarnedAt = g.Timing.clone(), p.at // from which its deadline counts
		}
	} else {
		days := terms.ReinstateDays
		if days == 0 {
			days = 30
		}
		fresh.ExpiresAt = p.through(p.at, days)
	}
	p.issued++
	lot = p.lots.add(fresh)
	p.enterOf(kind, Outside, InAvailable, of)
	p.move(lot, n)
	p.repay(lot, p.at)
	return nil
}

// enterOf starts an entry that refers to a redemption.
func (p *plan) enterOf(kind Kind, from, to Bucket, of string) {
	p.entries = append(p.entries, Entry{Kind: kind, At: p.at, From: from, To: to, Of: of})
}
