package points

import (
	"fmt"
	"slices"
	"time"

	"github.com/regulars-go/regulars/internal/civil"
)

// Award returns what an order earns: points, lots, line shares and trace. It is pure: the same order
// and the same usage always give the same award. Usage is what the account has already taken from
// the caps that count a period; periods and caps that the order does not touch are ignored.
//
// An order whose qualifying instant is zero, or whose amounts cannot be, is [ErrAmount]; an order or line
// id or a currency that is none, [ErrID]; an instant before the first revision, [ErrUnknown]; amounts or
// points beyond int64, or an instant beyond the year 9999, [ErrOverflow]. The words of the lines, their
// SKUs and tags, are only compared and kept as they are: where they are not UTF-8, their evidence does not
// survive JSON, so a [Ledger] refuses them.
func (p *Policy) Award(o Order, used ...Use) (Award, error) {
	f, notes, err := p.freeze(&o, used)
	if err != nil {
		return Award{}, err
	}
	a, err := f.award(nil, false)
	if err != nil {
		return Award{}, err
	}
	if len(notes) > 0 {
		a.Trace = append(notes, a.Trace...)
	}
	return a, nil
}

// qualify returns the revision that counts for an order, and the qualifying instant.
func (p *Policy) qualify(o *Order) (*Policy, events, time.Time, error) {
	ev := o.events()
	at := ev.of(p.at)
	if at.IsZero() {
		return nil, ev, at, fmt.Errorf("%w: order %.60q has no %s time, which the policy counts from", ErrAmount, o.ID, p.at)
	}
	if at.After(lastInstant) {
		return nil, ev, at, errTooLate
	}
	p, err := p.in(at)
	return p, ev, at, err
}

// freeze gathers the facts of an order and the terms that apply to it.
func (p *Policy) freeze(o *Order, used []Use) (*frozen, []Note, error) {
	p, ev, at, err := p.qualify(o)
	if err != nil {
		return nil, nil, err
	}
	f := p.blank("order:"+o.ID, at)
	f.Events = ev
	notes, err := f.facts(o)
	if err != nil {
		return nil, nil, err
	}
	if !p.growth && !o.Times.IsZero() {
		if f.Times, err = toNum(o.Times); err != nil || f.Times.sign() < 0 {
			return nil, nil, fmt.Errorf("%w: order times must be a positive number of at most 18 digits", ErrAmount)
		}
	}
	x := occasion{p: p, at: at}
	f.Rules = holding(&x, o, p.rules)
	f.Modifiers = holding(&x, o, p.modifiers)
	f.Bonuses = holding(&x, o, p.bonuses)
	f.Caps = p.freezeCaps(at, used)
	return f, notes, nil
}

// holding returns the terms whose conditions on the order as a whole hold. Where all do, and that is
// the usual case, no list is made for the order.
func holding[T any](x *occasion, o *Order, all terms[T]) []*T {
	for i := range all.conds {
		if x.meets(&all.conds[i], o, nil) {
			continue
		}
		var some []*T
		for j, term := range all.list {
			if j < i || j > i && x.meets(&all.conds[j], o, nil) {
				some = append(some, term)
			}
		}
		return some
	}
	return all.list
}

// blank returns evidence without facts.
func (p *Policy) blank(key string, at time.Time) *frozen {
	return &frozen{programme: p.shared, Key: key, At: at, Currency: p.currency, Decimals: p.decimals, Rate: one}
}

// occasion is when something happened, as conditions see it. The order is passed beside it, which
// keeps the copy that Award was given off the heap.
type occasion struct {
	p     *Policy
	at    time.Time
	day   civil.Day
	dated bool
}

func (x *occasion) local() civil.Day {
	if !x.dated {
		x.day, x.dated = civil.Of(x.at, x.p.loc), true
	}
	return x.day
}

// meets tests the conditions. With notes it goes through all of them and says which fail.
func (x *occasion) meets(c *cond, o *Order, notes *[]Note) bool {
	if c.always {
		return true
	}
	ok := true
	for i := range conditions {
		reason, of := x.fails(c, i, o)
		if reason == "" {
			continue
		}
		if ok = false; notes == nil {
			break
		}
		*notes = append(*notes, Note{Reason: reason, Of: of})
	}
	return ok
}

const conditions = 8

// fails says why the ith condition does not hold; nothing if it does.
func (x *occasion) fails(c *cond, i int, o *Order) (reason Reason, of string) {
	switch i {
	case 0:
		if !c.from.IsZero() && x.at.Before(c.from) {
			return NotYet, ""
		}
	case 1:
		if !c.until.IsZero() && !x.at.Before(c.until) {
			return Over, ""
		}
	case 2:
		if c.weekdays != 0 && c.weekdays>>((x.local().Weekday()+6)%7+1)&1 == 0 {
			return OtherDay, ""
		}
	case 3:
		if c.days != 0 && c.days>>dayOfMonth(x.local())&1 == 0 {
			return OtherDay, ""
		}
	case 4:
		if len(c.channels) > 0 && !slices.Contains(c.channels, o.Channel) {
			return OtherChannel, o.Channel
		}
	case 5:
		if len(c.groups) > 0 && !overlap(c.groups, o.Groups) {
			return NotInGroup, ""
		}
	case 6:
		if c.first && !o.First {
			return NotFirstOrder, ""
		}
	case 7:
		if c.onBirthday && !x.birthday(o.Birthday) {
			return NotBirthday, ""
		}
	}
	return "", ""
}

func (x *occasion) birthday(born MonthDay) bool {
	_, ok := x.p.gifts.birthday.holds(born, x.local())
	return ok
}

func dayOfMonth(d civil.Day) int {
	_, _, day := d.Date()
	return day
}
