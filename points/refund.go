package points

import (
	"context"
	"errors"
	"slices"
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
// receipt cannot tell the cash part of it. A
// refund without an order takes what its amount would earn today, as far as the balance goes.
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

// replace takes back what an order deserves less, or gives what it deserves more. Under a cap, what is left
// of an order may come to more points of one family or colour than before and to fewer of another: those
// that it still has of the one are exchanged for the other, as far as they would not have ended by now.
func (p *plan) replace(order string, more []credit, fewer []Grant) error {
	var net int64
	for _, g := range fewer {
		net += g.Points
	}
	for i := range more {
		net -= more[i].Points
		if end := more[i].ExpiresAt; !end.IsZero() && !end.After(p.at) {
			continue
		}
		if err := p.exchange(order, &more[i], fewer); err != nil {
			return err
		}
	}
	if net > 0 {
		return p.clawBack(order, net, fewer...)
	}
	return p.creditMore(upTo(more, -net), order)
}

// exchange gives a grant for as many of the order's own points as it has of those that are fewer.
func (p *plan) exchange(order string, give *credit, fewer []Grant) error {
	var n int64
	for i := range fewer {
		for _, from := range []Bucket{InPending, InAvailable} {
			taken := p.clawOwn(order, min(give.Points-n, fewer[i].Points), from, &fewer[i])
			fewer[i].Points -= taken
			n += taken
		}
	}
	if n == 0 {
		return nil
	}
	give.Points -= n
	g := give.Grant
	g.Points = n
	return p.credit(KindEarn, g, give.earned, order)
}

// upTo keeps the first n points.
func upTo(list []credit, n int64) []credit {
	for i := range list {
		list[i].Points = min(list[i].Points, n)
		n -= list[i].Points
	}
	return slices.DeleteFunc(list, func(c credit) bool { return c.Points == 0 })
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

func total(list []Award) (n int64) {
	for _, a := range list {
		n += a.Points
	}
	return n
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

// awards returns the evidence in force of everything that the order earned here: its own award
// first, then others that hang on it, such as a referral's, which the order's edits revise as well.
func (p *plan) awards(order string) []Evidence {
	var list []Evidence
	own := -1
	for i := range p.found {
		c := &p.found[i]
		if c.Key != order && c.Of != order {
			continue
		}
		if c.Kind == KindEdit && c.Request != nil {
			for j := range list {
				if list[j] = list[j].revised(c.Request.Op.(EditRequest).Order); j == own {
					list[j] = c.Evidence
				}
			}
			continue
		}
		if c.Evidence.IsZero() {
			continue
		}
		if c.Key == order {
			own = len(list)
		}
		list = append(list, c.Evidence)
	}
	if own > 0 {
		list[0], list[own] = list[own], list[0]
	}
	return list
}

// worth returns what the awards for an order come to after returns, of which the known were accepted
// before. An order is not refunded beyond what it was; its other awards follow as far as they go, and
// a gift is lost with the whole order only.
func worth(awards []Evidence, known []Return, more ...Return) ([]Award, error) {
	all := slices.Concat(known, more)
	var list []Award
	var whole bool
	for i, ev := range awards {
		var a Award
		var err error
		switch {
		case ev.f.Gift && i == 0:
			whole = slices.ContainsFunc(all, func(r Return) bool { return r.Everything })
			fallthrough
		case ev.f.Gift:
			var gone []Return
			if whole {
				gone = []Return{{Everything: true}}
			}
			a, err = ev.after(gone)
		case i == 0:
			var r Returned
			if r, err = ev.returned(known, more...); err != nil {
				return nil, err
			}
			whole = r.Full
			a, err = ev.after(known, more...)
		default:
			a, err = ev.after(all)
		}
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, nil
}

// recount moves the counters of caps from what awards were to what they are, and returns the grants
// by which they grew and by which they shrank.
func (p *plan) recount(was, is []Award) (more []credit, fewer []Grant, err error) {
	for i := range was {
		if err := p.use(was[i].Uses, -1); err != nil {
			return nil, nil, err
		}
		if err := p.use(is[i].Uses, 1); err != nil {
			return nil, nil, err
		}
		grown, shrunk := compareGrants(was[i].Lots, is[i].Lots)
		for _, g := range grown {
			more = append(more, credit{g, is[i].At})
		}
		fewer = append(fewer, shrunk...)
	}
	return more, fewer, nil
}

// credit is a grant with the instant it counts from.
type credit struct {
	Grant
	earned time.Time
}

// refunds lists what was paid back of an order so far, without its charge-backs.
func (p *plan) refunds(order string) []Return { return p.returned(order, false, "") }

// cancelled reports whether an order was undone.
func (p *plan) cancelled(order string) bool {
	return slices.ContainsFunc(p.found, func(c Change) bool { return c.Of == order && c.Kind == KindCancel })
}

// returns lists what was returned of an order so far. A charge-back that was won returned nothing.
func (p *plan) returns(order string) []Return { return p.returned(order, true, "") }

// returned is returns with or without charge-backs, and as if one case were won.
func (p *plan) returned(order string, chargebacks bool, winning string) []Return {
	won := map[string]bool{winning: true}
	for _, c := range p.found {
		if c.Request == nil {
			continue
		}
		if w, ok := c.Request.Op.(WinRequest); ok {
			won[w.Chargeback] = true
		}
	}
	var list []Return
	var ev Evidence // of the order as the returns found it
	for i := range p.found {
		c := &p.found[i]
		if c.Key == order {
			ev = c.Evidence
		}
		if c.Request == nil || c.Of != order {
			continue
		}
		switch op := c.Request.Op.(type) {
		case EditRequest:
			list = ev.settled(list)
			if ev.f != nil {
				ev = c.Evidence
			}
		case RefundRequest:
			list = append(list, op.Return)
		case CancelRequest:
			list = append(list, Return{Everything: true})
		case ChargebackRequest:
			if chargebacks && !won[op.Chargeback] {
				list = append(list, Return{Everything: true})
			}
		}
	}
	return list
}

// clawBack takes back n points that an order no longer deserves, of the order's own those first that
// are of the family and colour of what was lost.
func (p *plan) clawBack(order string, n int64, lost ...Grant) error {
	own := p.name(order)
	left := n
	take := func(from Bucket) {
		for i := range lost {
			taken := p.clawOwn(order, min(left, lost[i].Points), from, &lost[i])
			lost[i].Points -= taken
			left -= taken
		}
		left -= p.claw(left, from, func(l *Lot) bool { return l.Of == own })
	}
	terms := p.terms(p.at)
	var lapsed int64
	take(InPending)
	if terms.Refund != OnlyPending {
		take(InAvailable)
		lapsed = min(left, p.expiredOf(order))
		p.receipt.Lapsed += lapsed
		left -= lapsed
		left -= p.claw(left, InAvailable, nil)
	}
	p.receipt.Points += n - left - lapsed
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

// clawOwn takes up to n of an order's own points that are of the family and colour of a grant.
func (p *plan) clawOwn(order string, n int64, from Bucket, of *Grant) int64 {
	own := p.name(order)
	return p.claw(n, from, func(l *Lot) bool { return l.Of == own && l.Family == of.Family && l.Color == of.Color })
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

// expiredOf returns how many of an order's points have expired unspent, less what claw-backs let off
// for it so far.
func (p *plan) expiredOf(order string) int64 {
	n := -p.receipt.Lapsed
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
	v := p.revision(p.at)
	if v.burn == nil {
		return nil
	}
	money, err := v.Worth(max(p.receipt.Shortfall, -p.receipt.Shortfall))
	switch {
	case errors.Is(err, ErrOverflow): // no reason to keep the points
		p.receipt.ShortfallMoney = decimal.Decimal{}
		return nil
	case p.receipt.Shortfall < 0:
		money = money.Neg()
	}
	p.receipt.ShortfallMoney = money
	return err
}

// creditMore gives what an order deserves in addition. What earlier claw-backs of it fell short of
// the account still has; that comes first and is no shortfall any more.
func (p *plan) creditMore(more []credit, order string) error {
	kept := p.receipt.Shortfall
	for i := range p.found {
		if c := &p.found[i]; c.Key == order || c.Of == order {
			kept += c.Receipt.Shortfall
		}
	}
	for _, c := range more {
		part := max(min(kept, c.Points), 0)
		kept -= part
		if err := p.fallShort(-part); err != nil {
			return err
		}
		if c.Points -= part; c.Points == 0 {
			continue
		}
		if err := p.credit(KindEarn, c.Grant, c.earned, order); err != nil {
			return err
		}
	}
	return nil
}
