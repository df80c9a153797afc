package points

import (
	"context"
	"time"
)

var _ = register(EarnRequest{})

// EarnRequest credits points: those of an Order by the policy, those of an Award that the policy
// worked out before (a gift, an action, a referral), or bare Points. Exactly one of the three is set.
type EarnRequest struct {
	Account string `json:"account"`
	// Key names bare points. An order and an award bring their own, such as "order:7"; a key that looks
	// like one of those, or like that of another operation, is [ErrID].
	Key string `json:"key,omitempty"`
	// At is when the points become known; zero means now. Points of an order count from the order's
	// own instant, and bare points dated before the account's latest change from At.
	At time.Time `json:"at,omitzero"`

	Order *Order `json:"order,omitempty"`
	// Award is booked as the account may still have it: what the periods of its caps have granted since
	// it was worked out is cut, the receipt then says [PeriodCap]. So a race for the same cap ends as if
	// the awards had been worked out one after the other. A gift or action that gave nothing may have no
	// key, which is [ErrID]: look at its Points first.
	Award  *Award `json:"award,omitempty"`
	Points int64  `json:"points,omitempty"`
	// For is the id of an order that an Award hangs on, such as a referral's: refunds of the order on
	// this account take the award back too.
	For string `json:"for,omitempty"`

	// Family and Color mark the lot of bare points; Pending and Expiry replace the policy's for them.
	Family  string   `json:"family,omitempty"`
	Color   string   `json:"color,omitempty"`
	Pending *Pending `json:"pending,omitempty"`
	Expiry  *Expiry  `json:"expiry,omitempty"`
}

// Earn credits points. Points that have a waiting time come as pending; points that are available at
// once repay debt first. A credit may be dated in the past and never changes what was spent since.
func (l *Ledger) Earn(ctx context.Context, r EarnRequest) (Receipt, error) {
	return usual(ctx, l, r, func(s *session) *EarnRequest { return &s.earn })
}

// Kind implements [Op].
func (EarnRequest) Kind() Kind { return KindEarn }

func (r EarnRequest) head() head {
	key := r.Key
	switch {
	case r.Order != nil:
		key = orderKey(r.Order.ID)
	case r.Award != nil:
		key = r.Award.Key
	}
	return head{r.Account, key, r.At}
}

func (r EarnRequest) backDates() bool { return true }

func (r EarnRequest) refs() []string {
	if r.For == "" {
		return nil
	}
	return []string{orderKey(r.For)}
}

func (r EarnRequest) check() error {
	sources := 0
	for _, set := range []bool{r.Order != nil, r.Award != nil, r.Points != 0} {
		if set {
			sources++
		}
	}
	switch {
	case sources > 1:
		return fieldError{"one of order, award and points", ErrAmount}
	case r.Order != nil:
		if r.Key != "" {
			return fieldError{"key: an order brings its own", ErrID}
		}
		return checkOrder(r.Order)
	case r.Award != nil:
		if r.Key != "" {
			return fieldError{"key: an award brings its own", ErrID}
		}
		if err := r.Award.check(); err != nil {
			return err
		}
		if r.For != "" {
			if err := checkID("for", r.For); err != nil {
				return err
			}
		}
		return checkKey(r.Award.Key)
	case r.Points <= 0:
		return fieldError{"points", ErrAmount}
	}
	if err := checkTiming(r.Pending, r.Expiry); err != nil {
		return err
	}
	if err := checkWords("family and color", r.Family, r.Color); err != nil {
		return err
	}
	return checkBare(r.Key)
}

func (r EarnRequest) shares() bool {
	return r.Order != nil || r.Award != nil || r.Pending != nil || r.Expiry != nil
}

func (r EarnRequest) clone() Op {
	if r.Order != nil {
		o := r.Order.clone()
		r.Order = &o
	}
	if r.Award != nil {
		a := r.Award.clone()
		r.Award = &a
	}
	if r.Pending != nil {
		p := *r.Pending
		r.Pending = &p
	}
	if r.Expiry != nil {
		e := r.Expiry.clone()
		r.Expiry = &e
	}
	return r
}

func (r EarnRequest) plan(p *plan) error {
	switch {
	case r.Order != nil:
		return p.earnOrder(*r.Order)
	case r.Award != nil:
		if r.onceOnly() {
			given, err := p.granted(r.Award.Key)
			if err != nil {
				return err
			}
			if given {
				return &AlreadyGrantedError{Key: r.Award.Key}
			}
		}
		award, err := p.recap(*r.Award)
		if err != nil {
			return err
		}
		if r.For == "" {
			err := p.bookAward(award, award.Evidence, "")
			if err == nil && r.onceOnly() && len(p.hops) > 0 && p.terms(p.at).DedupeOnce {
				p.note(KindEarn, grantedOnce{key: r.Award.Key, of: p.name(r.Award.Key)}, p.at, p.request)
			}
			return err
		}
		return p.earnFor(orderKey(r.For), award)
	}
	g, err := p.grant(r.Points, r.Pending, r.Expiry, p.asked)
	if err != nil {
		return err
	}
	g.Family, g.Color = r.Family, r.Color
	if err := p.credit(KindEarn, g, p.asked, ""); err != nil {
		return err
	}
	p.receipt.Points = r.Points
	return p.done("")
}

// earnOrder books what the policy gives for an order, net of refunds that came before it.
func (p *plan) earnOrder(o Order) error {
	award, err := p.policy.Award(o, p.acc.Uses...)
	if err != nil {
		return err
	}
	evidence := award.Evidence
	order := orderKey(o.ID)
	if early := p.returns(order); len(early) > 0 {
		if award, err = evidence.after(early); err != nil {
			return err
		}
		if err := p.reinstateFor(order, []Evidence{evidence}); err != nil {
			return err
		}
		p.receipt.Reasons = append(p.receipt.Reasons, NetOfEarlierRefund)
	}
	return p.bookAward(award, evidence, "")
}

// earnFor books an award that hangs on an order, net of what was returned of that before.
func (p *plan) earnFor(order string, a Award) error {
	evidence := a.Evidence
	if early := p.returns(order); len(early) > 0 && !evidence.IsZero() {
		list, err := worth(append(p.awards(order), evidence), early)
		if err != nil {
			return err
		}
		a = list[len(list)-1]
		p.receipt.Reasons = append(p.receipt.Reasons, NetOfEarlierRefund)
	}
	return p.bookAward(a, evidence, order)
}

// bookAward credits the lots of an award and keeps its evidence.
func (p *plan) bookAward(a Award, ev Evidence, of string) error {
	earned := p.receipt.Key
	if of != "" {
		earned = of
	}
	for _, g := range a.Lots {
		if err := p.credit(KindEarn, g, a.At, earned); err != nil {
			return err
		}
	}
	if err := p.use(a.Uses, 1); err != nil {
		return err
	}
	p.receipt.Points = a.Points
	for _, n := range a.Trace {
		if n.Reason == ZeroBasis && a.Points == 0 {
			p.receipt.Reasons = append(p.receipt.Reasons, n.Reason)
		}
	}
	return p.record(p.name(of), ev)
}

func orderKey(id string) string { return "order:" + id }
