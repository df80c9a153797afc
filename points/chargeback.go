package points

import (
	"context"
	"slices"
	"time"
)

var _ = register(ChargebackRequest{}, WinRequest{})

// ChargebackRequest tells that the bank took the payment of an order back.
type ChargebackRequest struct {
	Account    string    `json:"account"`
	Chargeback string    `json:"chargeback"` // the caller's id of the case
	Order      string    `json:"order"`
	At         time.Time `json:"at,omitzero"`
}

// Chargeback takes back what is left of an order's points, as a full refund does, and freezes the
// account: no holds, redemptions and transfers until the case is won or the freeze is lifted.
func (l *Ledger) Chargeback(ctx context.Context, r ChargebackRequest) (Receipt, error) {
	return l.Do(ctx, r)
}

// Kind implements [Op].
func (ChargebackRequest) Kind() Kind { return KindChargeback }

func (r ChargebackRequest) head() head      { return head{r.Account, chargebackKey(r.Chargeback), r.At} }
func (r ChargebackRequest) refs() []string  { return []string{orderKey(r.Order)} }
func (r ChargebackRequest) backDates() bool { return true }

func (r ChargebackRequest) check() error {
	if err := checkID("chargeback", r.Chargeback); err != nil {
		return err
	}
	return checkID("order", r.Order)
}

func (r ChargebackRequest) plan(p *plan) error {
	order := orderKey(r.Order)
	known := p.returns(order)
	awards := p.awards(order)
	if len(awards) == 0 {
		p.receipt.Reasons = append(p.receipt.Reasons, AwaitsOrder)
	}
	was, err := worth(awards, known)
	if err != nil {
		return err
	}
	is, err := worth(awards, slices.Concat(known, []Return{{Everything: true}})) // or what is left, if anything
	if err != nil {
		return err
	}
	_, fewer, err := p.recount(was, is)
	if err != nil {
		return err
	}
	if err := p.clawBack(order, total(was)-total(is), fewer...); err != nil {
		return err
	}
	name := p.name(p.receipt.Key)
	p.acc.Frozen = append(p.acc.Frozen, name)
	if p.receipt.Owed > 0 {
		p.acc.Disputes = append(p.acc.Disputes, Dispute{name, p.receipt.Owed})
	}
	return p.done(order)
}

func chargebackKey(id string) string { return "chargeback:" + id }

// WinRequest tells that a charge-back was decided for the shop.
type WinRequest struct {
	Account    string    `json:"account"`
	Chargeback string    `json:"chargeback"`
	Order      string    `json:"order"`
	At         time.Time `json:"at,omitzero"`
}

// Win reverses a charge-back: its points return to the lots they were taken from (to new ones, by
// [Terms].Reinstate, where those have expired), its debt is forgiven, and its freeze ends.
func (l *Ledger) Win(ctx context.Context, r WinRequest) (Receipt, error) { return l.Do(ctx, r) }

// Kind implements [Op].
func (WinRequest) Kind() Kind { return KindWin }

func (r WinRequest) head() head      { return head{r.Account, "win:" + r.Chargeback, r.At} }
func (r WinRequest) refs() []string  { return []string{orderKey(r.Order)} }
func (r WinRequest) backDates() bool { return true }

func (r WinRequest) check() error {
	if err := checkID("chargeback", r.Chargeback); err != nil {
		return err
	}
	return checkID("order", r.Order)
}

func (r WinRequest) plan(p *plan) error {
	order := orderKey(r.Order)
	lost := p.byKey(chargebackKey(r.Chargeback))
	if lost == nil {
		for i := range p.found {
			if p.found[i].Request == nil {
				continue
			}
			if op, ok := p.found[i].Request.Op.(ChargebackRequest); ok && op.Chargeback == r.Chargeback {
				lost = &p.found[i]
			}
		}
	}
	if lost == nil {
		return fieldError{"chargeback", ErrUnknown}
	}
	with, without := p.returns(order), p.returned(order, true, r.Chargeback)
	awards := p.awards(order)
	was, err := worth(awards, with)
	if err != nil {
		return err
	}
	is, err := worth(awards, without)
	if err != nil {
		return err
	}
	more, _, err := p.recount(was, is)
	if err != nil {
		return err
	}
	took := lost.Receipt.Points + lost.Receipt.Lapsed + lost.Receipt.Owed + lost.Receipt.Shortfall
	name := p.name(chargebackKey(r.Chargeback))
	if err := p.forgive(p.settled(name)); err != nil {
		return err
	}
	// The order may be worth more or less by now than what the charge-back took: what it no longer deserves,
	// as while another case is open, stays taken.
	again := total(is) - total(was) - took
	kept := min(max(-again, 0), lost.Receipt.Points)
	if err := p.unclaw(lost, lost.Receipt.Points-kept); err != nil {
		return err
	}
	if err := p.fallShort(-lost.Receipt.Shortfall); err != nil {
		return err
	}
	if err := p.creditMore(beyond(more, took), order); err != nil {
		return err
	}
	p.receipt.Lapsed -= lost.Receipt.Lapsed // may be let off once more
	if err := p.clawBack(order, max(-again, 0)-kept); err != nil {
		return err
	}
	p.receipt.Points = lost.Receipt.Points + again
	p.acc.Frozen = slices.DeleteFunc(p.acc.Frozen, func(by string) bool { return by == name })
	return p.done(order)
}

// unclaw gives n points back that a change took, those taken last first.
func (p *plan) unclaw(c *Change, n int64) error {
	for _, e := range slices.Backward(c.Entries) {
		if e.Kind != KindClaw {
			continue
		}
		for _, s := range slices.Backward(e.Slices) {
			part := min(s.Points, n)
			if n -= part; part == 0 {
				return nil
			}
			if err := p.restore(s.Lot, part, KindUnclaw, p.left(c, InClawed), ""); err != nil {
				return err
			}
		}
	}
	return nil
}

// beyond leaves the first n points out.
func beyond(list []credit, n int64) []credit {
	for i := range list {
		part := min(n, list[i].Points)
		list[i].Points -= part
		n -= part
	}
	return slices.DeleteFunc(list, func(c credit) bool { return c.Points == 0 })
}

// settled closes a dispute and returns what is left of it.
func (p *plan) settled(chargeback string) int64 {
	i := slices.IndexFunc(p.acc.Disputes, func(d Dispute) bool { return d.Chargeback == chargeback })
	if i < 0 {
		return 0
	}
	left := p.acc.Disputes[i].Points
	p.acc.Disputes = slices.Delete(p.acc.Disputes, i, i+1)
	return left
}

// writeOff forgives n points of debt: what is not in dispute first, then the oldest dispute, which a
// win need not forgive again.
func (p *plan) writeOff(n int64) {
	sure := p.acc.Debt
	for _, d := range p.acc.Disputes {
		sure -= min(d.Points, sure)
	}
	left := max(n-sure, 0)
	for i := range p.acc.Disputes {
		part := min(left, p.acc.Disputes[i].Points)
		p.acc.Disputes[i].Points -= part
		left -= part
	}
	p.acc.Disputes = slices.DeleteFunc(p.acc.Disputes, func(d Dispute) bool { return d.Points == 0 })
	p.acc.Debt -= n
	p.entries = append(p.entries, Entry{Kind: KindWriteOff, At: p.at, From: InDebt, Points: n})
}

// forgive reverses n points of debt. What other credits have repaid of it meanwhile comes back as a
// new lot.
func (p *plan) forgive(n int64) error {
	open := min(n, p.acc.Debt)
	if open > 0 {
		p.acc.Debt -= open
		p.entries = append(p.entries, Entry{Kind: KindWriteOff, At: p.at, From: InDebt, Points: open})
	}
	if n == open {
		return nil
	}
	g, err := p.grant(n-open, &Pending{}, nil, p.at)
	if err != nil {
		return err
	}
	return p.credit(KindUnclaw, g, p.at, "")
}
