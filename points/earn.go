package points

import (
	"context"
	"slices"
	"time"

	"github.com/regulars-go/regulars/internal/fixed"
)

var _ = register(EarnRequest{}, ConfirmRequest{})

// EarnRequest credits points: those of an Order by the policy, those of an Award that the policy
// worked out before (a gift, an action, a referral), or bare Points. Exactly one of the three is set.
type EarnRequest struct {
	Account string `json:"account"`
	// Key names bare points. An order and an award bring their own, such as "order:7".
	Key string `json:"key,omitempty"`
	// At is when the points become known; zero means now. Points of an order count from the order's
	// own instant, and bare points dated before the account's latest change from At.
	At time.Time `json:"at,omitzero"`

	Order *Order `json:"order,omitempty"`
	// Award is booked as the account may still have it: what the periods of its caps have granted since
	// it was worked out is cut, the receipt then says [PeriodCap]. So a race for the same cap ends as if
	// the awards had been worked out one after the other.
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
func (l *Ledger) Earn(ctx context.Context, r EarnRequest) (Receipt, error) { return l.Do(ctx, r) }

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
		return validOrder(r.Order)
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
	return checkID("key", r.Key)
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
		award, err := p.recap(*r.Award)
		if err != nil {
			return err
		}
		if r.For == "" {
			return p.bookAward(award, award.Evidence, "")
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
	return p.record(of, ev)
}

// grant is a lot of bare points under the policy's timing.
func (p *plan) grant(n int64, pending *Pending, expiry *Expiry, earned time.Time) (Grant, error) {
	t := p.revision(earned).Timing()
	if pending != nil {
		t.Pending = *pending
	}
	if expiry != nil {
		t.Expiry = *expiry
	}
	g, err := Grant{Points: n, Timing: t, Awaits: t.Pending.Event}, error(nil)
	switch {
	case g.Awaits == "":
		g.ActiveFrom, g.ExpiresAt, err = t.Confirm(earned, time.Time{})
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
		ID: lotID(p.name(p.receipt.Key), p.lots), Of: p.name(of), Family: g.Family, Color: g.Color,
		EarnedAt: instant(earned), ActiveFrom: instant(g.ActiveFrom), ExpiresAt: instant(g.ExpiresAt), Awaits: g.Awaits,
	}
	if g.Awaits != "" || g.Timing.Moves() {
		lot.Timing = g.Timing.clone()
	}
	if err := p.follow(&lot); err != nil {
		return err
	}
	p.lots++
	return p.issue(kind, lot, g.Points)
}

func (p *plan) issue(kind Kind, lot Lot, n int64) error {
	if err := lot.checkInstants(); err != nil {
		return err
	}
	if lot.ended(p.at) {
		switch t := p.terms(p.at); t.BackDated {
		case RejectExpired:
			return ErrExpired
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
	l := p.add(lot)
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
	// A cap looks at its own period only; two years leave room for orders that arrive late.
	old := p.at.AddDate(-2, 0, 0)
	p.acc.Uses = slices.DeleteFunc(p.acc.Uses, func(u Use) bool {
		return u.Points == 0 || !u.Period.IsZero() && u.Period.Before(old)
	})
	return nil
}

func orderKey(id string) string { return "order:" + id }

// checkKey checks a natural key: a word for the kind, a colon, and an id.
func checkKey(key string) error {
	if len(key) > 255 { // the id may be 255 bytes long on its own
		return checkID("key", key[len(key)-255:])
	}
	return checkID("key", key)
}

// ConfirmRequest tells that an event happened on which pending points wait, such as "received".
type ConfirmRequest struct {
	Account string `json:"account"`
	// Of is the natural key whose points wait, such as "order:7", or the key of bare points.
	Of string `json:"of"`
	// Event is the event that happened.
	Event string `json:"event"`
	// At is when it happened; zero means now.
	At time.Time `json:"at,omitzero"`
}

// Confirm tells that an event happened. The pending points that await it become available, at once
// or after the days that the policy adds; their expiry is settled with it. Points that do not await
// the event stay as they are, and confirming twice is a replay.
func (l *Ledger) Confirm(ctx context.Context, r ConfirmRequest) (Receipt, error) { return l.Do(ctx, r) }

// Kind implements [Op].
func (ConfirmRequest) Kind() Kind { return KindConfirm }

func (r ConfirmRequest) head() head {
	return head{r.Account, "confirm:" + r.Event + ":" + r.Of, r.At}
}
func (r ConfirmRequest) refs() []string  { return []string{r.Of} }
func (r ConfirmRequest) backDates() bool { return true }

func (r ConfirmRequest) check() error {
	if err := checkID("event", r.Event); err != nil {
		return err
	}
	return checkKey(r.Of)
}

func (r ConfirmRequest) plan(p *plan) error {
	if p.byKey(r.Of) == nil {
		return fieldError{"of", ErrUnknown}
	}
	of := p.name(r.Of)
	var confirmed []Lot
	p.acc.Lots = slices.DeleteFunc(p.acc.Lots, func(l Lot) bool {
		ours := l.Awaits == r.Event && (l.Of == of || l.ID == of)
		if ours {
			confirmed = append(confirmed, l)
		}
		return ours
	})
	for _, lot := range confirmed {
		if err := p.confirm(lot); err != nil {
			return err
		}
	}
	return p.done(r.Of)
}

// confirm puts a lot whose event has happened back with its instants.
func (p *plan) confirm(lot Lot) error {
	active, ends, err := lot.Timing.Confirm(lot.EarnedAt, p.asked)
	if err != nil {
		return err
	}
	lot.ActiveFrom, lot.ExpiresAt, lot.Awaits = instant(active), instant(ends), ""
	if err := p.follow(&lot); err != nil {
		return err
	}
	if !lot.Timing.Moves() {
		lot.Timing = nil
	}
	l := p.add(lot)
	p.receipt.Points += l.Pending
	p.catchUp(l, l.EarnedAt)
	return nil
}
