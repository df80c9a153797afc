package points

import (
	"context"
	"slices"
	"time"

	"github.com/regulars-go/regulars/internal/civil"
)

var _ = register(AdjustRequest{}, WriteOffRequest{}, ExtendRequest{}, FreezeRequest{}, UnfreezeRequest{})

// By says who did something by hand, and why. Both are needed and are recorded.
type By struct {
	Actor string `json:"actor"`
	Note  string `json:"note"`
}

func (b By) check() error {
	if err := checkID("actor", b.Actor); err != nil {
		return err
	}
	if b.Note == "" {
		return fieldError{"note", ErrID}
	}
	return nil
}

// AdjustRequest corrects a balance by hand.
type AdjustRequest struct {
	Account string    `json:"account"`
	Key     string    `json:"key"`
	At      time.Time `json:"at,omitzero"`
	// Points are added, or taken if negative.
	Points int64 `json:"points"`
	By
	// Color and Expiry are those of added points; the policy's expiry if nil.
	Color  string  `json:"color,omitempty"`
	Expiry *Expiry `json:"expiry,omitempty"`
}

// Adjust corrects a balance by hand. Added points are available at once; taken points must be available.
func (l *Ledger) Adjust(ctx context.Context, r AdjustRequest) (Receipt, error) { return l.Do(ctx, r) }

// Kind implements [Op].
func (AdjustRequest) Kind() Kind { return KindAdjust }

func (r AdjustRequest) head() head      { return head{r.Account, r.Key, r.At} }
func (r AdjustRequest) refs() []string  { return nil }
func (r AdjustRequest) backDates() bool { return r.Points > 0 }

func (r AdjustRequest) check() error {
	if r.Points == 0 || r.Points == -1<<63 {
		return fieldError{"points", ErrAmount}
	}
	if err := r.By.check(); err != nil {
		return err
	}
	if err := checkTiming(nil, r.Expiry); err != nil {
		return err
	}
	return checkID("key", r.Key)
}

func (r AdjustRequest) shares() bool { return r.Expiry != nil }

func (r AdjustRequest) clone() Op {
	if r.Expiry != nil {
		e := r.Expiry.clone()
		r.Expiry = &e
	}
	return r
}

func (r AdjustRequest) plan(p *plan) error {
	p.receipt.Points = r.Points
	if r.Points < 0 {
		if have := p.balance(); have.Available < -r.Points {
			return p.short(-r.Points, have)
		}
		p.enter(KindAdjust, p.at, InAvailable, InClawed)
		p.take(-r.Points, nil)
		return p.done("")
	}
	g, err := p.grant(r.Points, &Pending{}, r.Expiry, p.asked)
	if err != nil {
		return err
	}
	g.Color = r.Color
	if err := p.credit(KindAdjust, g, p.asked, ""); err != nil {
		return err
	}
	return p.done("")
}

// WriteOffRequest forgives debt.
type WriteOffRequest struct {
	Account string    `json:"account"`
	Key     string    `json:"key"`
	At      time.Time `json:"at,omitzero"`
	// Points is how much; zero means all.
	Points int64 `json:"points,omitempty"`
	By
}

// WriteOff forgives debt, no more than there is.
func (l *Ledger) WriteOff(ctx context.Context, r WriteOffRequest) (Receipt, error) {
	return l.Do(ctx, r)
}

// Kind implements [Op].
func (WriteOffRequest) Kind() Kind { return KindWriteOff }

func (r WriteOffRequest) head() head      { return head{r.Account, r.Key, r.At} }
func (r WriteOffRequest) refs() []string  { return nil }
func (r WriteOffRequest) backDates() bool { return true }

func (r WriteOffRequest) check() error {
	if r.Points < 0 {
		return fieldError{"points", ErrAmount}
	}
	if err := r.By.check(); err != nil {
		return err
	}
	return checkID("key", r.Key)
}

func (r WriteOffRequest) plan(p *plan) error {
	n := r.Points
	if n == 0 {
		n = p.acc.Debt
	}
	if n == 0 || n > p.acc.Debt {
		return fieldError{"points: more than is owed", ErrAmount}
	}
	p.writeOff(n)
	p.receipt.Points = n
	return p.done("")
}

// ExtendRequest lets a lot live longer.
type ExtendRequest struct {
	Account string    `json:"account"`
	Key     string    `json:"key"`
	At      time.Time `json:"at,omitzero"`
	Lot     string    `json:"lot"`
	// Days are added to its last day; or Through names the new last day, 2006-01-02. One of the two is set.
	Days    int    `json:"days,omitempty"`
	Through string `json:"through,omitempty"`
	By
}

// Extend lets a lot live longer. It never shortens it and never revives what has expired.
func (l *Ledger) Extend(ctx context.Context, r ExtendRequest) (Receipt, error) { return l.Do(ctx, r) }

// Kind implements [Op].
func (ExtendRequest) Kind() Kind { return KindExtend }

func (r ExtendRequest) head() head { return head{r.Account, r.Key, r.At} }

func (r ExtendRequest) refs() []string {
	return []string{lotKey(r.Lot)}
}

func (r ExtendRequest) check() error {
	if (r.Days == 0) == (r.Through == "") || r.Days < 0 || r.Days > maxExtension {
		return fieldError{"one of days and through", ErrAmount}
	}
	if r.Through != "" {
		if _, err := civil.Parse(r.Through); err != nil {
			return fieldError{"through: " + err.Error(), ErrAmount}
		}
	}
	if err := r.By.check(); err != nil {
		return err
	}
	if r.Lot == "" {
		return fieldError{"lot", ErrID}
	}
	return checkID("key", r.Key)
}

// maxExtension keeps the sum of days within what a calendar can hold.
const maxExtension = 366 * 1000

func (r ExtendRequest) plan(p *plan) error {
	l := p.lot(r.Lot)
	if l == nil {
		if len(p.found) > 0 {
			return ErrExpired
		}
		return fieldError{"lot", ErrUnknown}
	}
	switch {
	case l.ExpiresAt.IsZero():
		return ErrWouldShorten
	case !l.ExpiresAt.After(p.at): // only held points are left of it
		return ErrExpired
	}
	zone := p.policy.Zone()
	last := civil.Of(l.ExpiresAt.Add(-time.Microsecond), zone) + civil.Day(r.Days)
	if r.Through != "" {
		last, _ = civil.Parse(r.Through) // checked before
	}
	ends := (last + 1).Start(zone).UTC()
	if err := checkInstant("through", ends); err != nil {
		return err
	}
	if ends.Before(l.ExpiresAt) {
		return ErrWouldShorten
	}
	p.end(l, ends)
	p.receipt.Points = l.Pending + l.Available + l.Held
	p.entries = append(p.entries, Entry{Kind: KindExtend, At: p.at, Slices: []Slice{{Lot: *l}}})
	p.resort()
	return p.done("")
}

// FreezeRequest stops spending.
type FreezeRequest struct {
	Account string    `json:"account"`
	Key     string    `json:"key"`
	At      time.Time `json:"at,omitzero"`
	By
}

// Freeze refuses holds, redemptions and transfers of an account from now on. Credits still come in.
func (l *Ledger) Freeze(ctx context.Context, r FreezeRequest) (Receipt, error) { return l.Do(ctx, r) }

// Kind implements [Op].
func (FreezeRequest) Kind() Kind { return KindFreeze }

func (r FreezeRequest) head() head     { return head{r.Account, r.Key, r.At} }
func (r FreezeRequest) refs() []string { return nil }

func (r FreezeRequest) check() error {
	if err := r.By.check(); err != nil {
		return err
	}
	return checkID("key", r.Key)
}

func (r FreezeRequest) plan(p *plan) error {
	p.acc.Frozen = append(p.acc.Frozen, p.name(r.Key))
	return p.done("")
}

// UnfreezeRequest lifts a freeze.
type UnfreezeRequest struct {
	Account string    `json:"account"`
	Key     string    `json:"key"`
	At      time.Time `json:"at,omitzero"`
	// Freeze is the key of the freeze, or "chargeback:" and the case.
	Freeze string `json:"freeze"`
	By
}

// Unfreeze lifts one freeze. An account is free when the last is lifted.
func (l *Ledger) Unfreeze(ctx context.Context, r UnfreezeRequest) (Receipt, error) {
	return l.Do(ctx, r)
}

// Kind implements [Op].
func (UnfreezeRequest) Kind() Kind { return KindUnfreeze }

func (r UnfreezeRequest) head() head     { return head{r.Account, r.Key, r.At} }
func (r UnfreezeRequest) refs() []string { return nil }

func (r UnfreezeRequest) check() error {
	if err := r.By.check(); err != nil {
		return err
	}
	if err := checkKey(r.Freeze); err != nil {
		return err
	}
	return checkID("key", r.Key)
}

func (r UnfreezeRequest) plan(p *plan) error {
	name := p.name(r.Freeze)
	if !slices.Contains(p.acc.Frozen, name) {
		return fieldError{"freeze", ErrUnknown}
	}
	p.acc.Frozen = slices.DeleteFunc(p.acc.Frozen, func(by string) bool { return by == name })
	return p.done(r.Freeze)
}
