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

// Forget closes an account: its points are forfeited, its holds given up, its debt forgiven, and every
// later operation on it is [ErrForgotten]. What it did stays in the books under the name it has; a
// shop that must erase the person as well deletes what ties the name to them, or, in a store that is
// an [Eraser], the recorded requests.
func (l *Ledger) Forget(ctx context.Context, r ForgetRequest) (Receipt, error) {
	receipt, err := l.Do(ctx, r)
	if err != nil {
		return Receipt{}, err
	}
	e, ok := l.store.(Eraser)
	for account := r.Account; ok && account != ""; {
		acc, err := l.store.Load(ctx, account)
		if err == nil {
			err = e.Erase(ctx, account)
		}
		if err != nil {
			return receipt, err
		}
		account = acc.MergedInto
	}
	return receipt, nil
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
	for i := range p.acc.Lots {
		l := &p.acc.Lots[i]
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
