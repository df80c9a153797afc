package points

import (
	"context"
	"time"

	"github.com/regulars-go/regulars/internal/civil"
)

var _ = register(ExtendRequest{})

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
