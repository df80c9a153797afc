package points

import (
	"slices"
	"time"
)

func total(list []Award) (n int64) {
	for _, a := range list {
		n += a.Points
	}
	return n
}

// awards returns the evidence in force of everything that the order earned here: its own award
// first, then others that hang on it, such as a referral's, which the order's edits revise as well.
func (p *plan) awards(order string) []Evidence {
	var list []Evidence
	own := -1
	for i := range p.found {
		c := &p.found[i]
		if c.Key != order && c.Of != order {
			continue
		}
		if c.Kind == KindEdit && c.Request != nil {
			for j := range list {
				if list[j] = list[j].revised(c.Request.Op.(EditRequest).Order); j == own {
					list[j] = c.Evidence
				}
			}
			continue
		}
		if c.Evidence.IsZero() {
			continue
		}
		if c.Key == order {
			own = len(list)
		}
		list = append(list, c.Evidence)
	}
	if own > 0 {
		list[0], list[own] = list[own], list[0]
	}
	return list
}

// worth returns what the awards for an order come to after returns, of which the known were accepted
// before. An order is not refunded beyond what it was; its other awards follow as far as they go, and
// a gift is lost with the whole order only.
func worth(awards []Evidence, known []Return, more ...Return) ([]Award, error) {
	all := slices.Concat(known, more)
	var list []Award
	var whole bool
	for i, ev := range awards {
		var a Award
		var err error
		switch {
		case ev.f.Gift && i == 0:
			whole = slices.ContainsFunc(all, func(r Return) bool { return r.Everything })
			fallthrough
		case ev.f.Gift:
			var gone []Return
			if whole {
				gone = []Return{{Everything: true}}
			}
			a, err = ev.after(gone)
		case i == 0:
			var r Returned
			if r, err = ev.returned(known, more...); err != nil {
				return nil, err
			}
			whole = r.Full
			a, err = ev.after(known, more...)
		default:
			a, err = ev.after(all)
		}
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, nil
}

// recount moves the counters of caps from what awards were to what they are, and returns the grants
// by which they grew and by which they shrank.
func (p *plan) recount(was, is []Award) (more []credit, fewer []Grant, err error) {
	for i := range was {
		if err := p.use(was[i].Uses, -1); err != nil {
			return nil, nil, err
		}
		if err := p.use(is[i].Uses, 1); err != nil {
			return nil, nil, err
		}
		grown, shrunk := compareGrants(was[i].Lots, is[i].Lots)
		for _, g := range grown {
			more = append(more, credit{g, is[i].At})
		}
		fewer = append(fewer, shrunk...)
	}
	return more, fewer, nil
}

// credit is a grant with the instant it counts from.
type credit struct {
	Grant
	earned time.Time
}

// refunds lists what was paid back of an order so far, without its charge-backs.
func (p *plan) refunds(order string) []Return { return p.returned(order, false, "") }

// cancelled reports whether an order was undone.
func (p *plan) cancelled(order string) bool {
	return slices.ContainsFunc(p.found, func(c Change) bool { return c.Of == order && c.Kind == KindCancel })
}

// returns lists what was returned of an order so far. A charge-back that was won returned nothing.
func (p *plan) returns(order string) []Return { return p.returned(order, true, "") }

// returned is returns with or without charge-backs, and as if one case were won.
func (p *plan) returned(order string, chargebacks bool, winning string) []Return {
	won := map[string]bool{winning: true}
	for _, c := range p.found {
		if c.Request == nil {
			continue
		}
		if w, ok := c.Request.Op.(WinRequest); ok {
			won[w.Chargeback] = true
		}
	}
	var list []Return
	var ev Evidence // of the order as the returns found it
	for i := range p.found {
		c := &p.found[i]
		if c.Key == order {
			ev = c.Evidence
		}
		if c.Request == nil || c.Of != order {
			continue
		}
		switch op := c.Request.Op.(type) {
		case EditRequest:
			list = ev.settled(list)
			if ev.f != nil {
				ev = c.Evidence
			}
		case RefundRequest:
			list = append(list, op.Return)
		case CancelRequest:
			list = append(list, Return{Everything: true})
		case ChargebackRequest:
			if chargebacks && !won[op.Chargeback] {
				list = append(list, Return{Everything: true})
			}
		}
	}
	return list
}
