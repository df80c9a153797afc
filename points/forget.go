package points

import (
	"context"
	"maps"
	"slices"
	"time"
)

var _ = register(ForgetRequest{})

// ForgetRequest closes an account whose member asked to be erased.
type ForgetRequest struct {
	Account string    `json:"account"`
	Key     string    `json:"key"`
	At      time.Time `json:"at,omitzero"`
	By
}

// Forget closes a member's account: its points are forfeited, its holds given up, its debt forgiven,
// and every later operation on it is [ErrForgotten]. A merged account is one with the account it was
// merged into: forgetting either, under any of the names, forgets the member as a whole.
//
// What it did stays in the books under the name it has; a shop that must erase the person as well
// deletes what ties the name to them, or, in a store that is an [Eraser], the recorded requests, of
// all accounts that were merged too, for which the store must keep [History]. Where that fails,
// forgetting again with the same key goes on with it.
func (l *Ledger) Forget(ctx context.Context, r ForgetRequest) (Receipt, error) {
	e, erases := l.store.(Eraser)
	h, ok := l.store.(History)
	if erases && !ok {
		return Receipt{}, ErrNoHistory
	}
	receipt, err := l.Do(ctx, r)
	if err != nil || !erases {
		return receipt, err
	}
	books, err := l.open(ctx, r.Account)
	if err != nil {
		return receipt, err
	}
	names, err := l.joined(ctx, h, books[len(books)-1].acc.ID, nil)
	if err != nil {
		return receipt, err
	}
	for _, name := range names {
		if err := e.Erase(ctx, name); err != nil {
			return receipt, err
		}
	}
	return receipt, nil
}

// joined adds an account to a list, after all that were merged into it: what was not erased yet still
// leads to the rest.
func (l *Ledger) joined(ctx context.Context, h History, account string, list []string) ([]string, error) {
	var came []string
	for c, err := range h.Changes(ctx, account, 0) {
		if err != nil {
			return nil, err
		}
		if c.Kind == KindMerge && c.Request != nil {
			came = append(came, c.Request.Op.head().account)
		}
	}
	for _, name := range came {
		books, err := l.open(ctx, name)
		if err != nil {
			return nil, err
		}
		// The request may have named an alias; an account that was taken out again does not lead here.
		at := slices.IndexFunc(books, func(b *book) bool { return b.acc.ID == account })
		for _, b := range books[:max(at, 0)] {
			if slices.Contains(list, b.acc.ID) {
				continue
			}
			if list, err = l.joined(ctx, h, b.acc.ID, list); err != nil {
				return nil, err
			}
		}
	}
	return append(list, account), nil
}

// Eraser is a store that can strip the recorded changes of an account of what may tell about a
// person: requests (orders, actors, notes), evidence and receipts. Keys and entries stay, so that the
// books of the programme still add up.
type Eraser interface {
	Erase(ctx context.Context, account string) error
}

// Kind implements [Op].
func (ForgetRequest) Kind() Kind { return KindForget }

func (r ForgetRequest) head() head      { return head{r.Account, r.Key, r.At} }
func (r ForgetRequest) refs() []string  { return nil }
func (r ForgetRequest) backDates() bool { return true }

func (r ForgetRequest) check() error {
	if err := r.By.check(); err != nil {
		return err
	}
	return checkID("key", r.Key)
}

func (r ForgetRequest) plan(p *plan) error {
	for l := range p.lots.all() {
		for _, from := range []Bucket{InPending, InAvailable, InHeld} {
			if n := *l.bucket(from); n > 0 {
				p.enter(KindForget, p.at, from, InExpired)
				p.move(l, n)
				p.receipt.Points += n
			}
		}
	}
	p.acc.Holds = nil
	if d := p.acc.Debt; d > 0 {
		p.acc.Debt = 0
		p.entries = append(p.entries, Entry{Kind: KindForget, At: p.at, From: InDebt, Points: d})
	}
	p.acc.Uses, p.acc.Streak, p.acc.Frozen, p.acc.Disputes = nil, Streak{}, nil, nil
	p.acc.Forgotten = true
	return p.done("")
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
