package points

import (
	"slices"
	"strings"
	"time"
)

// once-only awards are those with a natural key and no order behind them: a sign-up, a birthday. With
// Terms.DedupeOnce an account and all that were merged into it have each of them once. What a merged
// account was given is noted on the survivor, in changes that move nothing and refer to the award.

// grantedOnce is a once-only award that an account has, itself or through an account that was merged into it.
type grantedOnce struct {
	key  string // of the award
	of   string // what its lots refer to in this account
	from string // the key of the merge that brought it, if one did
	left int64  // granted, less what has expired unspent
}

// once lists the once-only awards that the plan's account brings to another that has not been given
// them, and those that both were given, of which the account's own are to be taken back.
func (p *plan) once(to *book) (once, twice []grantedOnce, err error) {
	if !p.terms(p.at).DedupeOnce {
		return nil, nil, nil
	}
	there, err := p.s.grants(to)
	if err != nil {
		return nil, nil, err
	}
	here, err := p.s.grants(p.book)
	if err != nil {
		return nil, nil, err
	}
	for _, g := range here {
		if slices.ContainsFunc(there, func(o grantedOnce) bool { return o.key == g.key }) {
			twice = append(twice, g)
		} else {
			once = append(once, g)
		}
	}
	return once, twice, nil
}

// grants lists the once-only awards of an account in the order in which they came.
func (s *session) grants(b *book) ([]grantedOnce, error) {
	var list []grantedOnce
	err := b.changes(s.ctx, s.store, func(c *Change) error {
		switch {
		case c.noted(KindMerge):
			list = append(list, grantedOnce{c.Of, c.Cause, c.Receipt.Key, c.Receipt.Points})
		case c.noted(KindUnmerge):
			list = slices.DeleteFunc(list, func(g grantedOnce) bool { return g.key == c.Of && g.from == c.Receipt.Key })
		case c.Key != "" && c.Request != nil:
			if earn, ok := c.Request.Op.(EarnRequest); ok && earn.onceOnly() {
				list = append(list, grantedOnce{key: earn.Award.Key, of: c.Key, left: c.Receipt.Points})
			}
		}
		for _, e := range c.Entries {
			if e.Kind != KindExpire {
				continue
			}
			for _, s := range e.Slices {
				if i := slices.IndexFunc(list, func(g grantedOnce) bool { return g.of == s.Lot.Of }); i >= 0 {
					list[i].left -= s.Points
				}
			}
		}
		return nil
	})
	return list, err
}

func (r EarnRequest) onceOnly() bool {
	return r.Award != nil && r.For == "" && !strings.HasPrefix(r.Award.Key, "check_in:")
}

// note tells that an account was given an award, under a key that is not the award's own, or that it
// no longer has it. It moves nothing.
func (b *book) note(kind Kind, g grantedOnce, at time.Time, request *Request) {
	b.post(&Change{
		Of: g.key, Cause: g.of, Kind: kind, At: at, Request: request, Receipt: Receipt{Key: g.from, Points: g.left},
	})
}

// noted reports whether a change is a note of a kind.
func (c *Change) noted(kind Kind) bool { return c.Kind == kind && c.Key == "" && c.Of != "" }

// granted reports whether the account has a once-only award under another of its names.
func (p *plan) granted(key string) (bool, error) {
	if !p.terms(p.at).DedupeOnce {
		return false, nil
	}
	found := p.found
	if len(p.hops) > 0 { // it was asked for under the name of a merged account
		var err error
		if found, err = p.s.again(p.book, []string{key}); err != nil {
			return false, err
		}
	}
	n := 0
	for i := range found {
		switch c := &found[i]; {
		case c.Key == key, c.Of == key && (c.noted(KindMerge) || c.noted(KindEarn)):
			n++
		case c.Of == key && c.noted(KindUnmerge):
			n--
		}
	}
	return n > 0, nil
}
