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
// points come as a credit with the order's own dates, as far as the periods of its caps have room today,
// and fewer are taken back as by a refund. What hangs on the order, such as a referral, is computed anew as
// well, and so is what refunds leave of it: a line that was refunded by name keeps the amount that was paid
// back, under the id, or the number, that it still has; a line that is no longer there takes its refund with it.
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
	return checkOrder(r.Order)
}

func (r EditRequest) shares() bool { return r.Order != nil }

func (r EditRequest) clone() Op {
	o := r.Order.clone()
	r.Order = &o
	return r
}

func (r EditRequest) plan(p *plan) error {
	order := orderKey(r.Order.ID)
	old := p.awards(order)
	if len(old) == 0 {
		return fieldError{"order", ErrUnknown}
	}
	returns := p.returns(order)
	was, err := worth(old, returns)
	if err != nil {
		return err
	}
	own, err := p.within(old[0], was[0].Uses).Revise(*r.Order)
	if err != nil {
		return err
	}
	revised := []Evidence{own.Evidence}
	for _, ev := range old[1:] { // what hangs on the order
		revised = append(revised, ev.revised(r.Order))
	}
	if old[0].Key() == order {
		returns = old[0].settled(returns)
	}
	is, err := worth(revised, returns)
	if err != nil {
		return err
	}
	more, fewer, err := p.recount(was, is)
	if err != nil {
		return err
	}
	if err := p.replace(order, more, fewer); err != nil {
		return err
	}
	p.receipt.Points = total(is) - total(was)
	return p.record(p.name(order), own.Evidence)
}

// compareGrants returns the grants by which an award grew and those by which it shrank, by family and colour.
func compareGrants(was, is []Grant) (more, fewer []Grant) {
	type name struct{ family, color string }
	had, has := map[name]int64{}, map[name]int64{}
	for _, g := range was {
		had[name{g.Family, g.Color}] += g.Points
	}
	for _, g := range is {
		has[name{g.Family, g.Color}] += g.Points
	}
	beyond := func(list []Grant, other map[name]int64) (over []Grant) {
		for _, g := range list {
			n := name{g.Family, g.Color}
			common := min(other[n], g.Points)
			other[n] -= common
			if g.Points -= common; g.Points > 0 {
				over = append(over, g)
			}
		}
		return over
	}
	return beyond(is, had), beyond(was, has)
}
