package points

import (
	"context"
	"strings"
	"time"

	"github.com/regulars-go/regulars/internal/civil"
)

var _ = register(ExtendRequest{})

// ExtendRequest lets a lot live longer.
type ExtendRequest struct {
	Account string    `json:"account"`
	Key     string    `json:"key"`
	At      time.Time `json:"at,omitzero"`
	// Lot is its id: as the account has it, or had it before it was merged.
	Lot string `json:"lot"`
	// Days are added to its last day; or Through names the new last day, 2006-01-02. One of the two is set.
	Days    int    `json:"days,omitempty"`
	Through string `json:"through,omitempty"`
	By
}

// Extend lets a lot live longer. It never shortens it and never revives what has expired. A lot that lives
// as long as the member is active lives at least so long, and days are then those of its own zone, else of
// the policy's.
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
	l := p.lot(p.name(r.Lot))
	if l == nil && len(p.hops) > 0 && strings.HasPrefix(r.Lot, viaPrefix) { // as [Ledger.Account] names it
		l = p.lot(r.Lot)
	}
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
	loc := p.policy.Zone()
	moves := l.Timing != nil && l.Timing.Moves()
	if moves {
		var err error
		if loc, err = zone(l.Timing.Zone); err != nil {
			return err
		}
	}
	last := civil.Of(l.ExpiresAt.Add(-time.Microsecond), loc) + civil.Day(r.Days)
	if r.Through != "" {
		last, _ = civil.Parse(r.Through) // checked before
	}
	ends := (last + 1).Start(loc).UTC()
	if err := checkInstant("through", ends); err != nil {
		return err
	}
	if ends.Before(l.ExpiresAt) {
		return ErrWouldShorten
	}
	if moves { // activity may still take it further
		t := l.Timing.clone()
		t.Expiry = t.Expiry.atLeast(last)
		l.Timing, l.ExpiresAt, p.moved = t, ends, true
	} else {
		p.end(l, ends)
	}
	p.acc.Extended = true
	p.receipt.Points = l.Pending + l.Available + l.Held
	p.entries = append(p.entries, Entry{Kind: KindExtend, At: p.at, Slices: []Slice{{Lot: *l}}})
	of := l.ID
	p.resort()
	return p.record(of, Evidence{})
}

// atLeast is an expiry that does not come before the end of a day.
func (e Expiry) atLeast(last civil.Day) Expiry {
	day := Expiry{Through: last.String()}
	if len(e.Later) == 0 {
		return Expiry{Later: []Expiry{e, day}}
	}
	e = e.clone()
	if n := len(e.Later) - 1; e.Later[n].Through != "" && e.Later[n].Through < day.Through { // an earlier extension
		e.Later[n] = day
		return e
	}
	e.Later = append(e.Later, day)
	return e
}

// extended gives a lot that nothing is left of the life that somebody gave it after it was last seen,
// here or in the account that was merged into this one with it.
func (p *plan) extended(was *Lot) error {
	if !p.acc.Extended {
		return nil
	}
	found, err := p.s.again(p.book, []string{was.ID})
	if err != nil {
		return err
	}
	if n := len(p.hops); n > 0 && was.ID == scoped(p.hops[n-1], was.Parent) {
		_, before, err := p.s.load(p.hops[n-1], []string{was.Parent})
		if err != nil {
			return err
		}
		found = append(found, before...)
	}
	for _, c := range found {
		if c.Kind != KindExtend || c.Of != was.ID && c.Of != was.Parent {
			continue
		}
		for _, e := range c.Entries {
			for _, s := range e.Slices {
				if s.Lot.ExpiresAt.After(was.ExpiresAt) {
					was.ExpiresAt, was.Timing = s.Lot.ExpiresAt, s.Lot.Timing.clone()
				}
			}
		}
	}
	return nil
}
