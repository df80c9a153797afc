package points

import (
	"slices"
	"time"

	"github.com/regulars-go/regulars/internal/fixed"
)

// grant is a lot of bare points under the policy's timing.
func (p *plan) grant(n int64, pending *Pending, expiry *Expiry, earned time.Time) (Grant, error) {
	v := p.revision(earned)
	t := v.Timing()
	if pending != nil {
		t.Pending = *pending
	}
	if expiry != nil {
		t.Expiry = *expiry
	}
	g, err := Grant{Points: n, Timing: t, Awaits: t.Pending.Event}, error(nil)
	switch {
	case g.Awaits == "":
		g.ActiveFrom, g.ExpiresAt, err = t.confirm(earned, time.Time{}, v.loc)
	case !t.Expiry.needsActive():
		g.ExpiresAt, err = t.ExpiresAt(Anchors{Earned: earned})
	}
	return g, err
}

// credit issues a lot. What happened to it between the instant it counts from and the instant it
// became known is entered under the dates on which it happened.
func (p *plan) credit(kind Kind, g Grant, earned time.Time, of string) error {
	if g.Points <= 0 {
		return ErrAmount
	}
	if err := p.room(g.Points); err != nil {
		return err
	}
	lot := Lot{
		ID: lotID(p.name(p.receipt.Key), p.issued), Of: p.name(of), Family: g.Family, Color: g.Color,
		EarnedAt: instant(earned), ActiveFrom: instant(g.ActiveFrom), ExpiresAt: instant(g.ExpiresAt), Awaits: g.Awaits,
	}
	if g.Awaits != "" || g.Timing.Moves() {
		lot.Timing = g.Timing.clone()
	}
	if err := p.overtake(&lot); err != nil {
		return err
	}
	if err := p.follow(&lot); err != nil {
		return err
	}
	p.issued++
	return p.issue(kind, lot, g.Points)
}

func (p *plan) issue(kind Kind, lot Lot, n int64) error {
	if err := lot.checkInstants(); err != nil {
		return err
	}
	if lot.ended(p.at) {
		switch t := p.terms(p.at); t.BackDated {
		case RejectExpired:
			if k := p.op.Kind(); k == KindEarn || k == KindAdjust || k == KindOpen { // others correct what was earned
				return ErrExpired
			}
		case GraceBackDated:
			p.end(&lot, p.through(p.at, t.BackDatedDays))
		default: // BornExpired: issued and expired, both under their own dates
		}
	}
	born := lot.EarnedAt
	if born.After(p.at) {
		born = p.at
	}
	to := InAvailable
	if lot.Awaits != "" || lot.ActiveFrom.After(born) {
		to = InPending
	}
	l := p.lots.add(lot)
	p.enter(kind, born, Outside, to)
	p.move(l, n)
	p.catchUp(l, born)
	return nil
}

// catchUp enters what has become of a lot between its birth and now.
func (p *plan) catchUp(l *Lot, born time.Time) {
	gone := l.ended(p.at)
	awake := l.Awaits == "" && !l.ActiveFrom.After(p.at)
	if l.Pending > 0 && awake && (!gone || l.ActiveFrom.Before(l.ExpiresAt)) {
		p.enter(KindActivate, latest(l.ActiveFrom, born), InPending, InAvailable)
		p.move(l, l.Pending)
	}
	if gone {
		p.expire(l, latest(born, l.ExpiresAt)) // a fixed last day may lie before the day they were earned
		return
	}
	p.repay(l, p.at)
}

// use counts what the periods of caps have granted, or gives it back with sign -1.
func (p *plan) use(uses []Use, sign int64) error {
	for _, u := range uses {
		i := slices.IndexFunc(p.acc.Uses, func(have Use) bool { return have.Cap == u.Cap && have.Period.Equal(u.Period) })
		if i < 0 {
			if sign < 0 {
				continue // its period was forgotten long ago
			}
			p.acc.Uses = append(p.acc.Uses, Use{Cap: u.Cap, Period: u.Period})
			i = len(p.acc.Uses) - 1
		}
		n, err := fixed.Add(p.acc.Uses[i].Points, sign*u.Points)
		if err != nil {
			return ErrOverflow
		}
		p.acc.Uses[i].Points = n
	}
	late := p.lately() // nothing later is forgotten, so most need no second look
	p.acc.Uses = slices.DeleteFunc(p.acc.Uses, func(u Use) bool {
		return u.Points == 0 || !u.Period.IsZero() && u.Period.Before(late) && u.Period.Before(p.remembers(u.Cap))
	})
	return nil
}

// remembers returns since when the periods of a cap are kept. A cap looks at its own period only; what
// is kept beyond leaves room for orders that arrive late, and keeps an account small.
func (p *plan) remembers(id string) time.Time {
	v := p.revision(p.at)
	if i := slices.IndexFunc(v.caps, func(c capTerm) bool { return c.ID == id }); i >= 0 {
		switch v.caps[i].Per {
		case EachDay:
			return p.lately()
		case EachWeek:
			return p.at.AddDate(-1, 0, 0)
		default:
		}
	}
	return p.at.AddDate(-2, 0, 0)
}

// lately returns since when the periods of all caps are kept.
func (p *plan) lately() time.Time { return p.at.AddDate(0, -3, 0) }
