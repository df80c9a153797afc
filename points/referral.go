package points

import (
	"time"

	"github.com/shopspring/decimal"
)

// Referral rewards a member who brought a friend, and the friend, for the friend's order.
type Referral struct {
	// Referrer and Friend are the two gifts; nil gives nothing.
	Referrer *Gift `json:"referrer,omitempty"`
	Friend   *Gift `json:"friend,omitempty"`
	// Spend is the least the friend's order must be; a refund below it takes the gifts back.
	Spend decimal.Decimal `json:"spend,omitzero"`
	// AnyOrder rewards any order; otherwise only the friend's first.
	AnyOrder bool `json:"any_order,omitempty"`
}

// Referral returns what the referrer and the friend earn for the friend's order. The keys are
// "referral:" and "referred:" with the friend's account, so each friend counts once. Both awards carry
// evidence of the order, so its refund claws them back as it does the order's own points; usage is that
// of the referrer. Where nothing is earned the trace says why: where the policy has no such gift or the
// order is not the first, the award has no key and is not to be earned.
//
// A referral that was clawed back is not granted again for another order of the friend
// ([ErrAlreadyGranted]). It comes back with its own order: by an edit that takes what is left of it to
// the least amount again, and by a charge-back that is won.
func (p *Policy) Referral(friend string, o Order, used ...Use) (toReferrer, toFriend Award, err error) {
	if err := checkID("friend", friend); err != nil {
		return Award{}, Award{}, err
	}
	p, ev, at, err := p.qualify(&o)
	if err != nil {
		return Award{}, Award{}, err
	}
	if toReferrer, err = p.referral("referral:"+friend, p.gifts.referrer, &o, ev, at, used); err != nil {
		return Award{}, Award{}, err
	}
	toFriend, err = p.referral("referred:"+friend, p.gifts.friend, &o, ev, at, nil)
	return toReferrer, toFriend, err
}

func (p *Policy) referral(key string, b *bonusTerm, o *Order, ev events, at time.Time, used []Use) (Award, error) {
	switch {
	case b == nil:
		return Award{At: at, Trace: []Note{{Reason: NoGift}}}, nil
	case !p.gifts.anyOrder && !o.First:
		return Award{At: at, Trace: []Note{{Reason: NotFirstOrder}}}, nil
	}
	f := p.blank(key, at)
	f.Events = ev
	notes, err := f.facts(o)
	if err != nil {
		return Award{}, err
	}
	f.Bonuses = []*bonusTerm{b}
	f.Caps = p.freezeCaps(at, used)
	a, err := f.award(nil, false)
	if len(a.Trace) == 1 && a.Trace[0].Reason == NoLine {
		a.Trace = []Note{f.belowSpend(b.Spend, b.Scope)}
	}
	a.Trace = append(notes, a.Trace...)
	return a, err
}
