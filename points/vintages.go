package points

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/regulars-go/regulars/internal/civil"
	"github.com/regulars-go/regulars/internal/fixed"
)

// Vintages groups a programme's points by the local month in which they were earned, and counts how
// many of each have expired unspent after so many months, up to an instant (zero for now). It is what
// [Breakage] estimates from. Points that were given to another account, merged or reinstated stay in
// the month in which they were first earned. It reads the whole history and needs a store with [History].
func (l *Ledger) Vintages(ctx context.Context, until time.Time) ([]Vintage, error) {
	until = moment(until)
	v := vintages{clock: civil.NewClock(l.policy.Zone()), months: map[civil.Day]*Vintage{}}
	if err := l.everything(ctx, until, func(c *Change) error { return v.change(c, until) }); err != nil {
		return nil, err
	}
	return v.list(until), nil
}

// everything visits the changes of all accounts, of each in order, with those that time has made before
// an instant and nobody has recorded yet.
func (l *Ledger) everything(ctx context.Context, until time.Time, visit func(*Change) error) error {
	h, ok := l.store.(History)
	if !ok {
		return ErrNoHistory
	}
	for name, err := range h.Accounts(ctx, "") {
		if err != nil {
			return err
		}
		alias, err := l.store.Load(ctx, name)
		if err != nil {
			return err
		}
		if alias.MergedInto == "" {
			err = l.history(ctx, name, until, visit)
		} else { // what it did before it was merged
			err = (&book{acc: alias}).changes(ctx, l.store, visit)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

type vintages struct {
	clock  civil.Clock
	months map[civil.Day]*Vintage // by the first day of the month
}

func (v *vintages) change(c *Change, until time.Time) error {
	for _, e := range c.Entries {
		if !e.At.Before(until) {
			continue
		}
		for _, s := range e.Slices {
			born := v.clock.Day(s.Lot.EarnedAt).MonthStart()
			m := v.month(born)
			sum, n := &m.Issued, s.Points
			switch {
			case e.To == InExpired:
				age := monthsBetween(born, v.clock.Day(e.At))
				for len(m.Expired) <= age {
					m.Expired = append(m.Expired, 0)
				}
				sum = &m.Expired[age]
			case e.To == InClawed:
				n = -n
			case e.From == InClawed, e.From == Outside && e.Kind != KindReinstate && e.Kind != KindReceive && e.Kind != KindRelease && e.Kind != KindMerge && e.Kind != KindUnmerge:
			default:
				continue
			}
			var err error
			if *sum, err = fixed.Add(*sum, n); err != nil {
				return ErrOverflow
			}
		}
	}
	return nil
}

func (v *vintages) month(first civil.Day) *Vintage {
	m := v.months[first]
	if m == nil {
		m = &Vintage{Month: first.String()[:7], Expired: []int64{}}
		v.months[first] = m
	}
	return m
}

// list returns the vintages in order, each with a count for every whole month of its age.
func (v *vintages) list(until time.Time) []Vintage {
	var list []Vintage
	now := v.clock.Day(until)
	for _, first := range slices.Sorted(maps.Keys(v.months)) {
		m := v.months[first]
		seen := monthsBetween(first, now)
		for len(m.Expired) < seen {
			m.Expired = append(m.Expired, 0)
		}
		m.Expired = m.Expired[:seen]
		list = append(list, *m)
	}
	return list
}

func monthsBetween(from, to civil.Day) int {
	y1, m1, _ := from.Date()
	y2, m2, _ := to.Date()
	return max(12*(y2-y1)+int(m2-m1), 0)
}
