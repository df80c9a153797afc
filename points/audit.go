package points

import (
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/regulars-go/regulars/internal/civil"
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
// that its rules allow together: all modifiers whose windows and channels meet, and each bonus with
// the least order that it asks for. An order's own Times is the shop's and taken as 1. Of several revisions it looks at the latest. No finding is no proof
// of innocence.
func Audit(p *Policy) []Finding {
	a := auditor{p: p, c: &p.cfg}
	a.ratio()
	a.giftCards()
	a.bonuses()
	a.actions()
	a.timings()
	if a.p.shared.Rounding == Up {
		a.add("/rounding", Note{Reason: RoundsUp})
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

// ratio compares what points are worth with what earns them, under the worst legal stacking.
func (a *auditor) ratio() {
	b := a.p.burn
	if b == nil {
		return
	}
	var families []string
	var rates []*big.Rat // the best rule of each family, in points for one unit of money
	for _, r := range a.p.rules.list {
		if r.Kind == unit {
			continue
		}
		rate := new(big.Rat).Quo(big.NewRat(r.Points, 1), ratio(r.Per))
		if n := slices.Index(families, r.Family); n < 0 {
			families, rates = append(families, r.Family), append(rates, rate)
		} else if rates[n].Cmp(rate) < 0 {
			rates[n] = rate
		}
	}
	earned := new(big.Rat)
	for n, rate := range rates {
		earned.Add(earned, rate.Mul(rate, a.worstFactor(families[n])))
	}
	if a.rate = earned.Mul(earned, b.each()); a.rate.Cmp(big.NewRat(1, 1)) > 0 {
		a.add("/modifiers", Note{Reason: EarnBurn, Of: a.rate.FloatString(2)})
	}
}

// each returns what one point is worth.
func (b *burn) each() *big.Rat { return new(big.Rat).Quo(ratio(b.money), big.NewRat(b.points, 1)) }

// fixed compares points that are given once with the least order that they are given for, on top of
// what that order earns by itself.
func (a *auditor) fixed(path string, spend num, points *big.Rat) {
	if a.rate == nil || spend.IsZero() {
		return
	}
	given := new(big.Rat).Mul(points, a.p.burn.each())
	given.Quo(given, ratio(spend))
	total, one := new(big.Rat).Add(given, a.rate), big.NewRat(1, 1)
	if given.Cmp(one) > 0 || a.rate.Cmp(one) <= 0 && total.Cmp(one) > 0 {
		a.add(path, Note{Reason: EarnBurn, Of: total.FloatString(2)})
	}
}

// granted returns the points of a bonus or gift as far as caps let them through.
func (a *auditor) granted(b *bonusTerm) *big.Rat {
	points := big.NewRat(b.Points, 1)
	if b.MultiplyMe {
		points.Mul(points, a.worstFactor(b.Family))
	}
	for _, c := range a.p.caps {
		if most := big.NewRat(c.Points, 1); (c.Of == "" || c.Of == b.ID) && points.Cmp(most) > 0 {
			points = most
		}
	}
	return points
}

func ratio(n num) *big.Rat { return new(big.Rat).SetFrac(n.int(), bigPow10(n.e)) }

// worstFactor tries every moment at which a window begins and every channel that a modifier names.
func (a *auditor) worstFactor(family string) *big.Rat {
	moments, channels := []time.Time{{}}, []string{""}
	for _, c := range a.p.modifiers.conds {
		moments = append(moments, c.from)
		channels = append(channels, c.channels...)
	}
	worst := big.NewRat(1, 1)
	for _, at := range moments {
		for _, channel := range channels {
			if f := a.factorAt(family, at, channel); f.Cmp(worst) > 0 {
				worst = f
			}
		}
	}
	return worst
}

func (a *auditor) factorAt(family string, at time.Time, channel string) *big.Rat {
	one := big.NewRat(1, 1)
	stacks := make([]*big.Rat, len(a.p.shared.Stacks))
	for i, m := range a.p.modifiers.list {
		c := &a.p.modifiers.conds[i]
		factor := ratio(m.Factor)
		if factor.Cmp(one) <= 0 || at.Before(c.from) || !c.until.IsZero() && !at.Before(c.until) ||
			len(c.channels) > 0 && !slices.Contains(c.channels, channel) || len(m.Families) > 0 && !slices.Contains(m.Families, family) {
			continue
		}
		switch have := stacks[m.Stack]; {
		case have == nil:
			stacks[m.Stack] = factor
		case a.p.shared.Stacks[m.Stack] == Product:
			have.Mul(have, factor)
		case a.p.shared.Stacks[m.Stack] == Best:
			if have.Cmp(factor) < 0 {
				have.Set(factor)
			}
		default:
			have.Add(have, factor.Sub(factor, one))
		}
	}
	total := big.NewRat(1, 1)
	for _, s := range stacks {
		if s != nil {
			total.Add(total, s.Sub(s, one))
		}
	}
	return total
}

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

// capped reports whether a cap bounds an id, or everything, over a period.
func (a *auditor) capped(id string) bool {
	return slices.ContainsFunc(a.p.caps, func(c capTerm) bool { return c.Per != EachOrder && (c.Of == "" || c.Of == id) })
}

func (a *auditor) bonuses() {
	for i, b := range a.c.Bonuses {
		path := fmt.Sprintf("/bonuses/%d", i)
		if b.Keep {
			a.add(path+"/keep", Note{Reason: BonusKept, Of: b.ID})
		}
		if b.When.Spend.IsZero() && !b.When.First && !a.capped(b.ID) {
			a.add(path, Note{Reason: BonusUnguarded, Of: b.ID})
		}
		a.fixed(path, a.p.bonuses.list[i].Spend, a.granted(a.p.bonuses.list[i]))
	}
}

func (a *auditor) actions() {
	for i, x := range a.c.Actions {
		if !a.capped(x.ID) {
			a.add(fmt.Sprintf("/actions/%d", i), Note{Reason: ActionUncapped, Of: x.ID})
		}
	}
	gifts := &a.p.gifts
	// Its key gives a birthday gift once a year. Only a merge can bring two of them together.
	if b := gifts.onBirthday; b != nil && a.rate != nil && !a.c.Terms.DedupeOnce {
		worth := a.granted(b)
		a.add("/birthday/gift", Note{Reason: GiftForFree, Of: worth.Mul(worth, a.p.burn.each()).FloatString(a.p.decimals)})
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
	a.fixed("/referral", spend, both)
	if r.Spend.IsZero() {
		a.add("/referral", Note{Reason: ReferralForFree})
	}
	if r.Referrer != nil && !a.capped(referrerID) {
		a.add("/referral/referrer", Note{Reason: ReferralUncapped})
	}
}

// timings looks for points that expire before they can be used, for every day of four years on which
// they may be earned.
func (a *auditor) timings() {
	first := civil.Date(2024, time.January, 1)
	if !a.p.since.IsZero() {
		first = civil.Of(a.p.since, a.p.loc)
	}
	for i, t := range a.p.shared.Timings {
		if t.Expiry.needsActive() || t.Expiry.Through != "" && a.p.since.IsZero() {
			continue // the life of the points begins when they can be used, or who knows when
		}
		for d := first; d < first+4*366; d++ {
			earned := d.Start(a.p.loc)
			until, err := t.Expiry.at(Anchors{Earned: earned}, a.p.loc)
			if err != nil || until.IsZero() || t.Expiry.Through != "" && d > first {
				break
			}
			if t.Pending.Event != "" || !t.Pending.from(earned, a.p.loc).Before(until) {
				a.add(a.p.timingAt[i], Note{Reason: PendingOutlives, Of: d.String()})
				break
			}
		}
	}
}
