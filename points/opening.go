package points

import (
	"context"
	"slices"
	"strconv"
	"time"
)

var _ = register(OpenRequest{})

// OpenRequest imports the balance an account had elsewhere.
type OpenRequest struct {
	Account string    `json:"account"`
	Key     string    `json:"key"`
	At      time.Time `json:"at,omitzero"` // when it is taken over
	// Lots are the points with their original dates.
	Lots []OpeningLot `json:"lots"`
	By
}

// OpeningLot is a parcel of points that were earned elsewhere.
type OpeningLot struct {
	Points   int64     `json:"points"`
	EarnedAt time.Time `json:"earned"`
	// ActiveFrom is when they can be spent; zero means since they were earned. ExpiresAt is the first
	// instant at which they cannot; zero means never.
	ActiveFrom time.Time `json:"active_from,omitzero"`
	ExpiresAt  time.Time `json:"expires,omitzero"`
	Family     string    `json:"family,omitempty"`
	Color      string    `json:"color,omitempty"`
}

// Open imports an opening balance as lots with their original dates, marked as migrated. It comes
// before everything else: lots earned before the account's latest change, or after At, are [ErrOutOfOrder].
// An error names the lot by its place, from 0, such as "lots.1.earned".
func (l *Ledger) Open(ctx context.Context, r OpenRequest) (Receipt, error) { return l.Do(ctx, r) }

// Kind implements [Op].
func (OpenRequest) Kind() Kind { return KindOpen }

func (r OpenRequest) head() head     { return head{r.Account, r.Key, r.At} }
func (r OpenRequest) refs() []string { return nil }

func (r OpenRequest) shares() bool { return true }

func (r OpenRequest) clone() Op {
	r.Lots = slices.Clone(r.Lots)
	return r
}

func (r OpenRequest) check() error {
	if len(r.Lots) == 0 {
		return fieldError{"lots", ErrAmount}
	}
	for i := range r.Lots {
		if err := r.Lots[i].check("lots." + strconv.Itoa(i) + "."); err != nil {
			return err
		}
	}
	if err := r.By.check(); err != nil {
		return err
	}
	return checkID("key", r.Key)
}

// check refuses a lot whose fields cannot be; path is that of the lot.
func (l *OpeningLot) check(path string) error {
	switch {
	case l.Points <= 0:
		return fieldError{path + "points", ErrAmount}
	case l.EarnedAt.IsZero():
		return fieldError{path + "earned", ErrAmount}
	case !l.ExpiresAt.IsZero() && !l.ExpiresAt.After(l.EarnedAt):
		return fieldError{path + "expires", ErrAmount}
	}
	for _, word := range []struct{ name, word string }{{"family", l.Family}, {"color", l.Color}} {
		if err := checkWords(path+word.name, word.word); err != nil {
			return err
		}
	}
	for _, is := range []struct {
		name string
		at   time.Time
	}{{"earned", l.EarnedAt}, {"active_from", l.ActiveFrom}, {"expires", l.ExpiresAt}} {
		if err := checkInstant(path+is.name, is.at); err != nil {
			return err
		}
	}
	return nil
}

func (r OpenRequest) plan(p *plan) error {
	behind := p.acc.At
	lots := make([]opening, len(r.Lots))
	for i, o := range r.Lots {
		earned, active := instant(o.EarnedAt), instant(o.ActiveFrom)
		if active.IsZero() {
			active = earned
		}
		if earned.Before(behind) || earned.After(p.at) {
			return fieldError{"lots." + strconv.Itoa(i) + ".earned", ErrOutOfOrder}
		}
		lots[i] = opening{i, o.Points, Lot{
			ID: lotID(p.name(r.Key), i), Family: o.Family, Color: o.Color, Migrated: true,
			EarnedAt: earned, ActiveFrom: active, ExpiresAt: instant(o.ExpiresAt),
		}}
	}
	// In consumption order every lot goes behind the one before it, however many there are.
	slices.SortFunc(lots, func(a, b opening) int { return before(&a.lot, &b.lot) })
	for _, o := range lots {
		if err := p.room(o.points); err != nil {
			return fieldError{"lots." + strconv.Itoa(o.place) + ".points", err}
		}
		if err := p.issue(KindOpen, o.lot, o.points); err != nil {
			return err
		}
		p.receipt.Points += o.points // room has checked the sum
	}
	return p.done("")
}

type opening struct {
	place  int // in the request
	points int64
	lot    Lot
}
