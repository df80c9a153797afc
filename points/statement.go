package points

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/internal/fixed"
)

// Statement is what happened on an account in an interval: Opening plus every line is Closing.
type Statement struct {
	Account string    `json:"account"`
	From    time.Time `json:"from,omitzero"`
	Until   time.Time `json:"until"`
	Opening Balance   `json:"opening"`
	Lines   []Posting `json:"lines"`
	Closing Balance   `json:"closing"`
	// Totals sums the Points of the lines by kind.
	Totals map[Kind]int64 `json:"totals"`
}

// Posting is one line of a statement.
type Posting struct {
	// ID is the same whenever and however the statement is drawn up, and no two lines of an account share it.
	ID   string    `json:"id"`
	At   time.Time `json:"at"`
	Kind Kind      `json:"kind"`
	// Cause is the kind of the operation, and Key its key; empty for what time does by itself.
	Cause Kind   `json:"cause,omitempty"`
	Key   string `json:"key,omitempty"`
	// Of is what the operation refers to, such as "order:7".
	Of string `json:"of,omitempty"`
	// Channel is where the order was sold, for the points it earned.
	Channel string `json:"channel,omitempty"`
	// Money is what the points of a redemption paid, Cash what the buyer paid beside them, and Reward what
	// they bought. They stand on the first line of a redemption or capture, once.
	Money  decimal.Decimal `json:"money,omitzero"`
	Cash   decimal.Decimal `json:"cash,omitzero"`
	Reward string          `json:"reward,omitempty"`
	// Points is what the line adds to available plus held less debt. Points that are earned pending
	// count when they become available.
	Points int64 `json:"points"`
	// Moved is how many points moved, whichever way.
	Moved  int64   `json:"moved"`
	From   Bucket  `json:"from,omitempty"`
	To     Bucket  `json:"to,omitempty"`
	Slices []Slice `json:"slices,omitempty"`
	// Balance is the account after the line.
	Balance Balance `json:"balance"`
}

// Statement returns what happened from an instant (zero for the beginning) until another, zero for
// now, half open. It is computed from the entries, and from what time has done since the last of
// them, so it is the same whether or not a sweeper has run. Of a merged account it is that of the
// account it was merged into, unless it ends before the merge. It needs a store with [History].
func (l *Ledger) Statement(ctx context.Context, account string, from, until time.Time) (Statement, error) {
	until = moment(until)
	s := Statement{Account: account, From: instant(from), Until: until, Lines: []Posting{}, Totals: map[Kind]int64{}}
	postings, err := l.postings(ctx, account, until)
	if err != nil {
		return Statement{}, err
	}
	var sum Balance
	for _, p := range postings {
		was := sum.Net()
		if err := sum.add(p); err != nil {
			return Statement{}, err
		}
		p.Points, p.Balance = sum.Net()-was, sum
		if p.At.Before(s.From) {
			s.Opening = sum
			continue
		}
		if s.Totals[p.Kind], err = fixed.Add(s.Totals[p.Kind], p.Points); err != nil {
			return Statement{}, ErrOverflow
		}
		s.Lines = append(s.Lines, p)
	}
	s.Closing = sum
	return s, nil
}

// postings lists the movements of an account before an instant in the order in which they take effect.
func (l *Ledger) postings(ctx context.Context, account string, until time.Time) ([]Posting, error) {
	var list []Posting
	var cause string
	n := 0 // entries that followed from it
	told := spends{l, ctx, map[string]Spend{}}
	err := l.history(ctx, account, until, func(c *Change) error {
		if c.Cause == "" || c.Cause != cause {
			cause, n = c.Cause, 0
		}
		spend, err := told.of(c)
		if err != nil {
			return err
		}
		for _, e := range c.Entries {
			n++
			if !e.At.Before(until) {
				continue
			}
			p := Posting{
				ID: postingID(c, n), At: e.At, Kind: e.Kind, Key: c.Key, Of: c.Of,
				Moved: e.Points, From: e.From, To: e.To, Slices: e.Slices,
			}
			if c.Key != "" {
				p.Cause = c.Kind
			}
			if c.Request != nil && e.Kind == KindEarn {
				if earn, ok := c.Request.Op.(EarnRequest); ok && earn.Order != nil {
					p.Channel = earn.Order.Channel
				}
			}
			if e.Kind == KindRedeem && n == 1 {
				p.Money, p.Cash, p.Reward = c.Receipt.Money, spend.Cash, spend.Reward
			}
			list = append(list, p)
		}
		return nil
	})
	slices.SortStableFunc(list, func(a, b Posting) int { return a.At.Compare(b.At) })
	return list, err
}

// spends tells what redemptions were spent on. What a capture was for is recorded with its hold.
type spends struct {
	l    *Ledger
	ctx  context.Context
	held map[string]Spend // by the key of the hold
}

// of returns what a change of a history, visited in order, was spent on.
func (s *spends) of(c *Change) (Spend, error) {
	if c.Request == nil {
		return Spend{}, nil
	}
	switch op := c.Request.Op.(type) {
	case RedeemRequest:
		return op.Spend, nil
	case HoldRequest:
		s.held[c.Key] = op.Spend
	case CaptureRequest:
		key := holdKey(op.Hold)
		if spend, ok := s.held[key]; ok && op.Account == c.Account {
			delete(s.held, key)
			return spend, nil
		}
		return s.far(op.Account, key)
	}
	return Spend{}, nil
}

// far returns what a hold was for that was taken under the name of a merged account.
func (s *spends) far(account, key string) (Spend, error) {
	d, err := (&session{ctx: s.ctx, store: s.l.store, policy: s.l.policy}).open(account, []string{key})
	if err != nil {
		return Spend{}, err
	}
	if c := d.byKey(key); c != nil && c.Request != nil {
		if op, ok := c.Request.Op.(HoldRequest); ok {
			return op.Spend, nil
		}
	}
	return Spend{}, nil
}

// history visits the recorded changes of an account, and those that time has made since and nobody has
// recorded yet, dated before an instant.
func (l *Ledger) history(ctx context.Context, account string, until time.Time, visit func(*Change) error) error {
	if _, ok := l.store.(History); !ok {
		return ErrNoHistory
	}
	b, err := l.past(ctx, account, until.Add(-time.Microsecond))
	if err != nil {
		return err
	}
	return b.changes(ctx, l.store, visit)
}

// changes visits the changes of an account that were recorded when it was loaded, and those planned
// since. A store that loses, repeats or reorders one is found out.
func (b *book) changes(ctx context.Context, store Store, visit func(*Change) error) error {
	h, ok := store.(History)
	if !ok {
		return ErrNoHistory
	}
	recorded := b.loaded()
	version := int64(0)
	for c, err := range h.Changes(ctx, b.acc.ID, 0) {
		if err != nil {
			return err
		}
		if c.Version > recorded { // written since the account was loaded
			break
		}
		if c.Version != version+1 {
			return ErrCorrupt
		}
		version = c.Version
		if err := visit(&c); err != nil {
			return err
		}
	}
	if version != recorded {
		return ErrCorrupt
	}
	for i := range b.posted {
		if err := visit(&b.posted[i]); err != nil {
			return err
		}
	}
	return nil
}

// postingID names the nth entry of what followed from one cause by that cause, so that it does not
// depend on who recorded it.
func postingID(c *Change, n int) string {
	number := "/" + strconv.Itoa(n)
	if c.Key != "" {
		return c.Key + number
	}
	what, of := string(c.Kind), c.Cause
	switch {
	case of == "" && len(c.Entries[0].Slices) > 0:
		of = c.Entries[0].Slices[0].Lot.ID
	case of == "":
		of = c.Of
	case c.Kind == KindExpire: // a lot with the same name may end by itself
		what = "lapse"
	}
	return what + ":" + of + "@" + strconv.FormatInt(c.At.UnixMicro(), 10) + number
}

// add applies a posting to a balance. Sums are checked, because a store may hand out anything.
func (s *Balance) add(p Posting) error {
	s.apply(Entry{Kind: p.Kind, From: p.From, To: p.To, Points: p.Moved})
	if min(s.Available, s.Pending, s.Held, s.Debt) < 0 {
		return ErrCorrupt
	}
	return nil
}
