package points

import (
	"context"
	"time"
)

var _ = register(EditRequest{})

// EditRequest tells that an order was changed after it had earned.
type EditRequest struct {
	Account string `json:"account"`
	// Edit is the caller's id of this revision of the order.
	Edit string    `json:"edit"`
	At   time.Time `json:"at,omitzero"`
	// Order is the order as it stands now, under its old id.
	Order *Order `json:"order"`
}

// Edit computes an order anew, under the terms on which it earned, and books the difference: more
// points come as a credit with the order's own dates, fewer are taken back as by a refund.
func (l *Ledger) Edit(ctx context.Context, r EditRequest) (Receipt, error) { return l.Do(ctx, r) }

// Kind implements [Op].
func (EditRequest) Kind() Kind { return KindEdit }

func (r EditRequest) head() head { return head{r.Account, "edit:" + r.Edit, r.At} }
func (r EditRequest) refs() []string {
	return []string{orderKey(r.Order.ID)}
}
func (r EditRequest) backDates() bool { return true }

func (r EditRequest) check() error {
	if r.Order == nil {
		return fieldError{"order", ErrUnknown}
	}
	if err := checkID("edit", r.Edit); err != nil {
		return err
	}
	return validOrder(r.Order)
}

func (r EditRequest) shares() bool { return true }

func (r EditRequest) clone() Op {
	o := r.Order.clone()
	r.Order = &o
	return r
}

func (r EditRequest) plan(p *plan) error {
	order := orderKey(r.Order.ID)
	var old Evidence
	for _, c := range p.found {
		if c.Key == order || c.Kind == KindEdit && c.Of == order {
			old = c.Evidence
		}
	}
	if old.IsZero() {
		return fieldError{"order", ErrUnknown}
	}
	returns := p.returns(order)
	was, err := old.After(returns...)
	if err != nil {
		return err
	}
	revised, err := old.Revise(*r.Order)
	if err != nil {
		return err
	}
	is, err := revised.Evidence.After(returns...)
	if err != nil {
		return err
	}
	if err := p.use(was.Uses, -1); err != nil {
		return err
	}
	if err := p.use(is.Uses, 1); err != nil {
		return err
	}
	more, fewer := compareGrants(was.Lots, is.Lots)
	for _, g := range more {
		if err := p.credit(KindEarn, g, is.At, order); err != nil {
			return err
		}
	}
	if err := p.clawBack(order, fewer); err != nil {
		return err
	}
	p.receipt.Points = is.Points - was.Points
	return p.record(order, revised.Evidence)
}

// compareGrants returns the grants by which an award grew, and the points by which it shrank, family by family.
func compareGrants(was, is []Grant) (more []Grant, fewer int64) {
	type name struct{ family, color string }
	had := map[name]int64{}
	for _, g := range was {
		had[name{g.Family, g.Color}] += g.Points
	}
	for _, g := range is {
		n := name{g.Family, g.Color}
		kept := min(had[n], g.Points)
		had[n] -= kept
		if g.Points -= kept; g.Points > 0 {
			more = append(more, g)
		}
	}
	for _, n := range had {
		fewer += n
	}
	return more, fewer
}
