package points

import (
	"errors"
	"slices"

	"github.com/shopspring/decimal"
)

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
