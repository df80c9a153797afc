package points

import "github.com/shopspring/decimal"

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
// evidence of the order: its refund claws them back as it does the order's own.
func (p *Policy) Referral(friend string, o Order, used ...Use) (toReferrer, toFriend Award, err error) {
	return Award{}, Award{}, errTODO
}
