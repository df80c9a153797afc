package points

import (
	"fmt"
	"math/big"
	"slices"
)

// Finding is a way in which a policy can be turned against the shop: where it stands, as a JSON
// Pointer into the Config, and what it is. The reason is a stable word; [Note.Text] renders it.
type Finding struct {
	Path string `json:"path"`
	Note
}

// The findings of [Audit].
const (
	EarnBurn         Reason = "earn_burn"               // points earned are worth Of times what was paid
	GiftCardLoop     Reason = "gift_card_loop"          // gift cards earn when bought and when used
	GiftCardSwap     Reason = "gift_card_swap"          // points buy gift cards, which then earn
	BonusKept        Reason = "bonus_kept"              // bonus Of survives a refund below its amount
	BonusUnguarded   Reason = "bonus_unguarded"         // bonus Of comes with every order, however small and many
	BonusForFree     Reason = "bonus_for_free"          // bonus Of is worth money and asks for an order of any amount
	ActionUncapped   Reason = "action_uncapped"         // no cap bounds action Of over a period
	ReferralUncapped Reason = "referral_uncapped"       // no cap bounds the referrer over a period
	ReferralForFree  Reason = "referral_for_free"       // a friend's order of any amount counts
	GiftForFree      Reason = "gift_for_free"           // a birthday gift worth Of comes once more with every account that is merged
	PendingOutlives  Reason = "pending_outlives_expiry" // points can expire before they can be used
	UnitUnbounded    Reason = "unit_unbounded"          // rule Of gives points for goods of any price
	RoundsUp         Reason = "rounds_up"               // every small order earns a whole point
)

// Audit looks for what a clever buyer would: earning more than was paid, value that goes round in
// circles, awards that can be had again and again. It judges the policy alone and assumes the worst
// that its rules allow together: all modifiers and bonuses whose windows and channels meet, each bonus
// with the least order that it asks for, and a new account for every first order. A bonus for an order
// of any amount is a finding where it is worth one unit of the currency. A cap that a million awards do
// not fill counts as no cap. An order's own Times is the shop's and taken as 1. Of several revisions it
// looks at the latest, and in a nil policy it finds nothing. No finding is no proof of innocence.
func Audit(p *Policy) []Finding {
	if p == nil {
		return nil
	}
	a := auditor{p: p, c: &p.cfg}
	a.ratio()
	a.giftCards()
	a.bonuses()
	a.actions()
	a.timings()
	switch a.p.shared.Rounding {
	case Up:
		a.add("/rounding", Note{Reason: RoundsUp})
	case HalfUp:
		a.halves()
	default:
	}
	for i, r := range a.c.Rules {
		if w := r.When; r.Unit != nil && len(w.Tags)+len(w.SKUs) == 0 {
			a.add(fmt.Sprintf("/rules/%d/unit", i), Note{Reason: UnitUnbounded, Of: r.ID})
		}
	}
	return a.found
}

type auditor struct {
	p     *Policy
	c     *Config
	found []Finding
	rate  *big.Rat // what is earned at worst for one unit of money, at the burn rate; nil if nothing is redeemed
}

func (a *auditor) add(path string, n Note) { a.found = append(a.found, Finding{path, n}) }

func (a *auditor) giftCards() {
	if b := a.c.Basis; !b.ExcludeGiftCardTender {
		if b.GiftCards {
			a.add("/basis/gift_cards", Note{Reason: GiftCardLoop})
		}
		if r := a.c.Redeem; r != nil && r.GiftCards && !b.PointsTender {
			a.add("/redeem/gift_cards", Note{Reason: GiftCardSwap})
		}
	}
}

// unbounded is how many awards a cap must allow to be none.
const unbounded = 1_000_000

// capped reports whether a cap bounds awards of so many points under an id, or everything, over a period.
func (a *auditor) capped(id string, points int64) bool {
	return slices.ContainsFunc(a.p.caps, func(c capTerm) bool {
		return c.Per != EachOrder && (c.Of == "" || c.Of == id) && c.Points/unbounded < points
	})
}

func (a *auditor) bonuses() {
	for i, b := range a.c.Bonuses {
		path := fmt.Sprintf("/bonuses/%d", i)
		if b.Keep && !b.When.Spend.IsZero() {
			a.add(path+"/keep", Note{Reason: BonusKept, Of: b.ID})
		}
		switch {
		case !b.When.Spend.IsZero():
			a.together(path, i)
		case !b.When.First && !a.capped(b.ID, b.Points):
			a.add(path, Note{Reason: BonusUnguarded, Of: b.ID})
		case a.rate != nil && a.worth(a.granted(a.p.bonuses.list[i])).Cmp(unity) >= 0:
			a.add(path, Note{Reason: BonusForFree, Of: b.ID})
		}
	}
}

func (a *auditor) actions() {
	for i, x := range a.c.Actions {
		if !a.capped(x.ID, x.Points) {
			a.add(fmt.Sprintf("/actions/%d", i), Note{Reason: ActionUncapped, Of: x.ID})
		}
	}
	gifts := &a.p.gifts
	// Its key gives a birthday gift once a year. Only a merge can bring two of them together.
	if b := gifts.onBirthday; b != nil && a.rate != nil && !a.c.Terms.DedupeOnce {
		a.add("/birthday/gift", Note{Reason: GiftForFree, Of: a.worth(a.granted(b)).FloatString(a.p.decimals)})
	}
	r := a.c.Referral
	if r == nil {
		return
	}
	var spend num // both gifts ask for the same
	both := new(big.Rat)
	for _, b := range []*bonusTerm{gifts.referrer, gifts.friend} {
		if b != nil {
			spend = b.Spend
			both.Add(both, a.granted(b))
		}
	}
	if given := a.per(both, spend); a.exceeds(given) {
		a.burns("/referral", given.Add(given, a.rate))
	}
	if r.Spend.IsZero() {
		a.add("/referral", Note{Reason: ReferralForFree})
	}
	if r.Referrer != nil && !a.capped(referrerID, r.Referrer.Points) {
		a.add("/referral/referrer", Note{Reason: ReferralUncapped})
	}
}
