package points

import (
	"fmt"
	"math/big"
	"slices"
	"time"
)

var unity = big.NewRat(1, 1)

func ratio(n num) *big.Rat { return new(big.Rat).SetFrac(n.int(), bigPow10(n.e)) }

// each returns what one point is worth.
func (b *burn) each() *big.Rat { return new(big.Rat).Quo(ratio(b.money), big.NewRat(b.points, 1)) }

// worth returns what points are worth where they are redeemed.
func (a *auditor) worth(points *big.Rat) *big.Rat { return new(big.Rat).Mul(points, a.p.burn.each()) }

// burns reports that points are worth so many times what was paid, with as many digits as tell it from once.
func (a *auditor) burns(path string, times *big.Rat) {
	of := times.FloatString(2)
	for digits := 3; digits < 40; digits++ {
		if shown, ok := new(big.Rat).SetString(of); ok && shown.Cmp(unity) > 0 {
			break
		}
		of = times.FloatString(digits)
	}
	a.add(path, Note{Reason: EarnBurn, Of: of})
}

// ratio compares what points are worth with what earns them, under the worst legal stacking.
func (a *auditor) ratio() {
	if a.p.burn == nil {
		return
	}
	a.rate = a.worth(a.perUnit(true, linear, step, lineStep))
	if a.rate.Cmp(unity) <= 0 {
		return
	}
	path := "/modifiers"
	if a.worth(a.perUnit(false, linear, step, lineStep)).Cmp(unity) > 0 {
		path = "/rules"
	}
	for i, r := range a.p.rules.list {
		if r.Kind != unit && a.worth(r.perUnit()).Cmp(unity) > 0 {
			path = fmt.Sprintf("/rules/%d", i)
			break
		}
	}
	a.burns(path, a.rate)
}

// perUnit returns the points that a rule gives for one unit of money.
func (r *ruleTerm) perUnit() *big.Rat { return new(big.Rat).Quo(big.NewRat(r.Points, 1), ratio(r.Per)) }

// perUnit returns what the best rules of these kinds, one of each family, give together for one unit of
// money, multiplied at worst or not at all.
func (a *auditor) perUnit(multiplied bool, kinds ...termKind) *big.Rat {
	var families []string
	var rates []*big.Rat
	for _, r := range a.p.rules.list {
		if !slices.Contains(kinds, r.Kind) {
			continue
		}
		rate := r.perUnit()
		if n := slices.Index(families, r.Family); n < 0 {
			families, rates = append(families, r.Family), append(rates, rate)
		} else if rates[n].Cmp(rate) < 0 {
			rates[n] = rate
		}
	}
	sum := new(big.Rat)
	for n, rate := range rates {
		if multiplied {
			rate.Mul(rate, a.worstFactor(families[n]))
		}
		sum.Add(sum, rate)
	}
	return sum
}

// halves looks at the least order that half a point is rounded up for. Steps are whole already.
func (a *auditor) halves() {
	if a.rate == nil || a.rate.Cmp(unity) > 0 {
		return
	}
	perMinor := a.perUnit(true, linear)
	if perMinor.Quo(perMinor, new(big.Rat).SetInt(bigPow10(a.p.decimals))); perMinor.Sign() == 0 {
		return
	}
	half := big.NewRat(1, 2)
	least := up(new(big.Rat).Quo(half, perMinor))
	earned := new(big.Rat).Mul(perMinor, least)
	earned.Add(earned, half)
	points := new(big.Rat).SetInt(new(big.Int).Quo(earned.Num(), earned.Denom()))
	money := least.Quo(least, new(big.Rat).SetInt(bigPow10(a.p.decimals)))
	if times := a.worth(points); times.Quo(times, money).Cmp(unity) > 0 {
		a.burns("/rounding", times)
	}
}

func up(r *big.Rat) *big.Rat {
	n, rest := new(big.Int).QuoRem(r.Num(), r.Denom(), new(big.Int))
	if rest.Sign() > 0 {
		n.Add(n, big.NewInt(1))
	}
	return new(big.Rat).SetInt(n)
}

// per returns what points are worth that come with an order of an amount, for one unit of it; nil where
// nothing is redeemed or any amount will do.
func (a *auditor) per(points *big.Rat, spend num) *big.Rat {
	if a.rate == nil || spend.IsZero() {
		return nil
	}
	given := a.worth(points)
	return given.Quo(given, ratio(spend))
}

// exceeds reports whether what is given with an order is worth more than the order, by itself or on top
// of what every order earns.
func (a *auditor) exceeds(given *big.Rat) bool {
	return given != nil && (given.Cmp(unity) > 0 || a.rate.Cmp(unity) <= 0 && new(big.Rat).Add(given, a.rate).Cmp(unity) > 0)
}

// together judges a bonus by itself and with those that the same least order brings. Of several the one
// that goes too far is named.
func (a *auditor) together(path string, i int) {
	list := a.p.bonuses.list
	b := list[i]
	own := a.granted(b)
	if given := a.per(own, b.Spend); a.exceeds(given) {
		a.burns(path, given.Add(given, a.rate))
		return
	}
	others := new(big.Rat)
	chosen := []int{i}
	for j, o := range list {
		if less := o.Spend.cmp(b.Spend); less > 0 || less == 0 && j >= i || slices.ContainsFunc(chosen, func(k int) bool { return a.apart(j, k) }) {
			continue
		}
		chosen = append(chosen, j)
		others.Add(others, a.granted(o))
	}
	before := a.per(a.bounded(others), b.Spend)
	after := a.per(a.bounded(others.Add(others, own)), b.Spend)
	if !a.exceeds(before) && a.exceeds(after) {
		a.burns(path, after.Add(after, a.rate))
	}
}

// apart reports whether no order can have two bonuses for the same goods.
func (a *auditor) apart(i, j int) bool {
	x, y := &a.p.bonuses.conds[i], &a.p.bonuses.conds[j]
	s, t := a.p.bonuses.list[i].Scope, a.p.bonuses.list[j].Scope
	return !x.until.IsZero() && !y.from.Before(x.until) || !y.until.IsZero() && !x.from.Before(y.until) ||
		foreign(x.channels, y.channels) || x.weekdays != 0 && y.weekdays != 0 && x.weekdays&y.weekdays == 0 ||
		x.days != 0 && y.days != 0 && x.days&y.days == 0 || s != nil && t != nil && foreign(s.SKUs, t.SKUs)
}

func foreign(a, b []string) bool { return len(a) > 0 && len(b) > 0 && !overlap(a, b) }

// granted returns the points of a bonus or gift as far as caps let them through.
func (a *auditor) granted(b *bonusTerm) *big.Rat {
	points := big.NewRat(b.Points, 1)
	if b.MultiplyMe {
		points.Mul(points, a.worstFactor(b.Family))
	}
	for _, c := range a.p.caps {
		if most := big.NewRat(c.Points, 1); c.Of == b.ID && points.Cmp(most) > 0 {
			points = most
		}
	}
	return a.bounded(points)
}

// bounded returns what the caps of everything leave of points that are given together.
func (a *auditor) bounded(points *big.Rat) *big.Rat {
	for _, c := range a.p.caps {
		if most := big.NewRat(c.Points, 1); c.Of == "" && points.Cmp(most) > 0 {
			points = most
		}
	}
	return points
}

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
