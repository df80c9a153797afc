package points

import (
	"context"
	"time"
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
// refund does. A refund that comes before its order is remembered, and the order then earns net. A
// refund without an order takes what its amount would earn today, as far as the balance goes.
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
		if err := checkMoney("lines.amount", l.Amount); err != nil {
			return err
		}
	}
	if r.Order != "" {
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
	award, err := p.policy.Award(Order{
		ID: r.Refund, Lines: []Line{{Price: r.Amount}},
		Placed: p.asked, Paid: p.asked, Received: p.asked, Completed: p.asked,
	})
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

// Cancel returns what is left of an order and reinstates every point redeemed for it, as one step.
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

// giveBack reinstates and claws back for one more return of an order. A cancellation reinstates all
// that was redeemed for it, a refund the part that paid for what is returned.
func (p *plan) giveBack(order string, r Return, cancel bool) error {
	before := p.returns(order)
	after := append(before[:len(before):len(before)], r)
	var back int64
	if cancel {
		back = allOf
	}
	awards := p.awards(order)
	if len(awards) == 0 {
		p.receipt.Reasons = append(p.receipt.Reasons, AwaitsOrder)
	}
	due := int64(0)
	for i, ev := range awards {
		points, err := p.shrink(ev, before, after)
		if err != nil {
			return err
		}
		due += points
		if i > 0 {
			continue // further awards for the same order: the money is counted once
		}
		was, err := ev.Returned(before...)
		if err != nil {
			return err
		}
		is, err := ev.Returned(after...)
		if err != nil {
			return err
		}
		p.receipt.Money = is.Cash.Sub(was.Cash)
		if !cancel {
			back = is.Points - was.Points
		}
	}
	if err := p.reinstateOrder(order, back); err != nil {
		return err
	}
	if err := p.clawBack(order, due); err != nil {
		return err
	}
	return p.done(order)
}

// awards returns the evidence in force of everything that the order earned here: its own award, and
// others that hang on it, such as a referral's.
func (p *plan) awards(order string) []Evidence {
	var list []Evidence
	place := map[string]int{}
	for i := range p.found {
		c := &p.found[i]
		if c.Evidence.IsZero() || c.Key != order && c.Of != order {
			continue
		}
		name := c.Key
		if c.Kind == KindEdit {
			name = order
		}
		if at, ok := place[name]; ok {
			list[at] = c.Evidence
			continue
		}
		place[name] = len(list)
		list = append(list, c.Evidence)
	}
	return list
}

// shrink returns how many points an award loses by a further return, and moves the counters of caps.
func (p *plan) shrink(ev Evidence, before, after []Return) (int64, error) {
	was, err := ev.After(before...)
	if err != nil {
		return 0, err
	}
	is, err := ev.After(after...)
	if err != nil {
		return 0, err
	}
	if err := p.use(was.Uses, -1); err != nil {
		return 0, err
	}
	if err := p.use(is.Uses, 1); err != nil {
		return 0, err
	}
	return max(was.Points-is.Points, 0), nil
}

// returns lists what was returned of an order so far. A charge-back that was won returned nothing.
func (p *plan) returns(order string) []Return {
	won := map[string]bool{}
	for _, c := range p.found {
		if c.Request == nil {
			continue
		}
		if w, ok := c.Request.Op.(WinRequest); ok {
			won[w.Chargeback] = true
		}
	}
	var list []Return
	for _, c := range p.found {
		if c.Request == nil || c.Of != order {
			continue
		}
		switch op := c.Request.Op.(type) {
		case RefundRequest:
			list = append(list, op.Return)
		case CancelRequest:
			list = append(list, Return{Everything: true})
		case ChargebackRequest:
			if !won[op.Chargeback] {
				list = append(list, Return{Everything: true})
			}
		}
	}
	return list
}

// clawBack takes back points that an order no longer deserves.
func (p *plan) clawBack(order string, n int64) error {
	own := p.name(order)
	ours := func(l *Lot) bool { return l.Of == own }
	terms := p.terms(p.at)
	left := n - p.claw(n, InPending, ours)
	if terms.Refund != OnlyPending {
		left -= p.claw(left, InAvailable, ours)
		lapsed := min(left, p.expiredOf(order))
		p.receipt.Lapsed += lapsed
		left -= lapsed
		left -= p.claw(left, InAvailable, nil)
	}
	p.receipt.Points += n - left - p.receipt.Lapsed
	if terms.Refund == AllowDebt || terms.Refund == "" {
		short, err := p.owe(left, terms.DebtCap, p.at)
		if err != nil {
			return err
		}
		p.receipt.Owed += left - short
		left = short
	}
	return p.fallShort(left)
}

// claw takes up to n points. Those that came back only to lapse are spoken for.
func (p *plan) claw(n int64, from Bucket, want func(*Lot) bool) int64 {
	if n == 0 {
		return 0
	}
	p.enter(KindClaw, p.at, from, InClawed)
	taken := p.take(n, func(l *Lot) bool {
		return (l.ExpiresAt.IsZero() || l.ExpiresAt.After(p.at)) && (want == nil || want(l))
	})
	p.drop()
	return taken
}

// expiredOf returns how many of an order's points have expired unspent, less what earlier claw-backs
// let off for it.
func (p *plan) expiredOf(order string) int64 {
	var n int64
	for _, c := range p.found {
		if c.Key != order && c.Of != order {
			continue
		}
		n -= c.Receipt.Lapsed
		switch c.Kind {
		case KindEarn, KindEdit, KindConfirm, KindExpire, KindWin:
			for _, e := range c.Entries {
				if e.Kind == KindExpire {
					n += e.Points
				}
			}
		default:
		}
	}
	return max(n, 0)
}

// fallShort reports what could not be taken, in points and in money.
func (p *plan) fallShort(n int64) error {
	if n == 0 {
		return nil
	}
	p.receipt.Shortfall += n
	if p.policy.cfg.Redeem != nil {
		money, err := p.policy.Worth(n)
		if err != nil {
			return err
		}
		p.receipt.ShortfallMoney = money
	}
	return nil
}
