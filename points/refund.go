package points

import (
	"context"
	"time"

	"github.com/shopspring/decimal"
)

var _ = register(RefundRequest{}, CancelRequest{})

// RefundRequest tells that an order was paid back, in full or in part.
type RefundRequest struct {
	Account string `json:"account"`
	// Refund is the caller's id of the refund. The same refund counts once.
	Refund string `json:"refund"`
	// Order is the id of the order. It may be empty where the shop does not know it; then Amount, and
	// nothing else of Return, says how much was paid back.
	Order string    `json:"order,omitempty"`
	At    time.Time `json:"at,omitzero"`
	Return
}

// Refund takes back the points that the order no longer deserves and gives back those that had paid
// for what is returned. What an order deserves is computed anew from everything returned so far,
// under the terms on which the points were given, so that many partial refunds end where one full
// refund does. A refund that comes before its order is remembered, and the order then earns net; the
// receipt cannot tell the cash part of it. A refund without an order takes what its amount would earn
// today, without flat bonuses, as far as the balance goes.
//
// The points that come back are those redeemed for the order in these books, in the share that the
// order says they paid of what is returned (see [Order].PointsSpent), or, where it says nothing of
// points, in the share of its value.
//
// Points come from the order's own pending and then available lots; what of the order has expired
// unspent is let off; the rest comes from other available lots and then becomes debt, or as
// [Terms].Refund says. Held points are never touched.
func (l *Ledger) Refund(ctx context.Context, r RefundRequest) (Receipt, error) { return l.Do(ctx, r) }

// Kind implements [Op].
func (RefundRequest) Kind() Kind { return KindRefund }

func (r RefundRequest) head() head { return head{r.Account, "refund:" + r.Refund, r.At} }

func (r RefundRequest) refs() []string {
	if r.Order == "" {
		return nil
	}
	return []string{orderKey(r.Order)}
}

func (r RefundRequest) backDates() bool { return true }

func (r RefundRequest) check() error {
	if err := checkID("refund", r.Refund); err != nil {
		return err
	}
	if err := checkMoney("amount", r.Amount); err != nil {
		return err
	}
	if err := checkMoney("shipping", r.Shipping); err != nil {
		return err
	}
	for _, l := range r.Lines {
		if err := checkID("lines.id", l.ID); err != nil {
			return err
		}
		if err := checkMoney("lines.amount", l.Amount); err != nil {
			return err
		}
		if l.Quantity < 0 || l.Quantity > 0 && !l.Amount.IsZero() {
			return fieldError{"lines.quantity: one of quantity and amount", ErrAmount}
		}
	}
	if r.Order != "" {
		if len(r.Lines) == 0 && r.Shipping.IsZero() && r.Amount.IsZero() && !r.Everything {
			return fieldError{"lines, shipping, amount and everything: one is needed", ErrAmount}
		}
		return checkID("order", r.Order)
	}
	if !r.Amount.IsPositive() || len(r.Lines) > 0 || r.Everything || !r.Shipping.IsZero() {
		return fieldError{"amount: a refund without an order is an amount and nothing else", ErrAmount}
	}
	return nil
}

func (r RefundRequest) shares() bool { return r.Lines != nil }

func (r RefundRequest) clone() Op {
	r.Return = r.Return.clone()
	return r
}

func (r RefundRequest) plan(p *plan) error {
	if r.Order == "" {
		return p.refundLoose(r)
	}
	return p.giveBack(orderKey(r.Order), r.Return, false)
}

// refundLoose takes what an amount would earn, as an adjustment within the balance.
func (p *plan) refundLoose(r RefundRequest) error {
	f, _, err := p.policy.freeze(&Order{
		ID: r.Refund, Lines: []Line{{Price: r.Amount}},
		Placed: p.asked, Paid: p.asked, Received: p.asked, Completed: p.asked,
	}, nil)
	if err != nil {
		return err
	}
	f.Bonuses = nil // they were given for an order, not for each part of it that comes back
	award, err := f.award(nil, false)
	if err != nil {
		return err
	}
	left := award.Points
	p.receipt.Points = p.claw(left, InAvailable, nil)
	if err := p.fallShort(left - p.receipt.Points); err != nil {
		return err
	}
	return p.done("")
}

// CancelRequest undoes an order: what it earned, and what was redeemed for it.
type CancelRequest struct {
	Account string    `json:"account"`
	Order   string    `json:"order"`
	At      time.Time `json:"at,omitzero"`
}

// Cancel returns what is left of an order, gives up its open holds and reinstates every point
// redeemed for it, as one step.
func (l *Ledger) Cancel(ctx context.Context, r CancelRequest) (Receipt, error) { return l.Do(ctx, r) }

// Kind implements [Op].
func (CancelRequest) Kind() Kind { return KindCancel }

func (r CancelRequest) head() head      { return head{r.Account, "cancel:" + r.Order, r.At} }
func (r CancelRequest) refs() []string  { return []string{orderKey(r.Order)} }
func (r CancelRequest) backDates() bool { return true }
func (r CancelRequest) check() error    { return checkID("order", r.Order) }

func (r CancelRequest) plan(p *plan) error {
	return p.giveBack(orderKey(r.Order), Return{Everything: true}, true)
}

// giveBack reinstates and claws back for one more return of an order. A cancellation gives up the
// order's open holds and reinstates all that was redeemed for it, a refund the part that paid for
// what is returned.
func (p *plan) giveBack(order string, r Return, cancel bool) error {
	known, told := p.returns(order), p.refunds(order)
	awards := p.awards(order)
	if len(awards) == 0 {
		p.receipt.Reasons = append(p.receipt.Reasons, AwaitsOrder)
	}
	if !cancel { // refunds must fit the order among themselves: an open charge-back may yet be won
		if _, err := worth(awards, told, r); err != nil {
			return err
		}
	}
	was, err := worth(awards, known)
	if err != nil {
		return err
	}
	is, err := worth(awards, append(known, r))
	if err != nil {
		return err
	}
	if len(awards) > 0 && awards[0].Key() == order { // whoever else was given something for it did not pay
		if err := p.payBack(awards[0], order, append(told, r)); err != nil {
			return err
		}
	}
	if cancel {
		if err = p.voidAll(order); err == nil {
			err = p.reinstateOrder(order, allOf)
		}
	} else {
		p.returnHeld(order)
		err = p.reinstateFor(order, awards, r)
	}
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
	return p.done(order)
}

// returnHeld notes on the open holds for an order that something of it was paid back.
func (p *plan) returnHeld(order string) {
	of := p.name(order)
	for i := range p.acc.Holds {
		if h := &p.acc.Holds[i]; h.Of == of {
			h.Returned = true
		}
	}
}

// payBack says how much cash belongs to the latest of the returns of an order: all that belongs to them,
// less what was said of those before. Those that came before the order could not be told.
func (p *plan) payBack(ev Evidence, order string, returns []Return) error {
	if ev.f.Gift {
		return nil
	}
	all, err := ev.returned(returns)
	if err != nil {
		return err
	}
	early, known := 0, false
	paid := decimal.Decimal{}
	for i := range p.found {
		c := &p.found[i]
		known = known || c.Key == order
		if c.Of == order && (c.Kind == KindRefund || c.Kind == KindCancel) {
			if paid = paid.Add(c.Receipt.Money); !known {
				early++
			}
		}
	}
	untold, err := ev.returned(returns[:early])
	if err != nil {
		return err
	}
	if money := all.Cash.Sub(untold.Cash).Sub(paid); money.IsPositive() { // an edit may leave less than was paid back
		p.receipt.Money = money
	}
	return nil
}
