package points

import (
	"context"
	"slices"
	"time"

	"github.com/regulars-go/regulars/internal/fixed"
)

var _ = register(TransferRequest{})

// TransferRequest gives points to another account.
type TransferRequest struct {
	Account string    `json:"account"`
	To      string    `json:"to"`
	Key     string    `json:"key"`
	At      time.Time `json:"at,omitzero"`
	Points  int64     `json:"points"`
	// Fee is spent by the sender on top.
	Fee int64 `json:"fee,omitempty"`
	// Colors lists the colours that may be given; none means all.
	Colors []string `json:"colors,omitempty"`
	// MinAge is how long ago, in elapsed time, points must have been earned.
	MinAge time.Duration `json:"min_age_ns,omitempty"`
}

// Transfer moves available points to another account, those that expire first first, up to what
// [Terms].TransferPerDay allows in a local day. They keep their dates and colour. Both accounts change,
// or neither.
func (l *Ledger) Transfer(ctx context.Context, r TransferRequest) (Receipt, error) {
	return l.Do(ctx, r)
}

// Kind implements [Op].
func (TransferRequest) Kind() Kind { return KindTransfer }

func (r TransferRequest) head() head     { return head{r.Account, r.Key, r.At} }
func (r TransferRequest) refs() []string { return nil }

func (r TransferRequest) shares() bool { return r.Colors != nil }

func (r TransferRequest) clone() Op {
	r.Colors = slices.Clone(r.Colors)
	return r
}

func (r TransferRequest) check() error {
	if r.Points <= 0 {
		return fieldError{"points", ErrAmount}
	}
	if r.Fee < 0 || r.MinAge < 0 {
		return fieldError{"fee and min_age", ErrAmount}
	}
	if err := checkID("to", r.To); err != nil {
		return err
	}
	if r.To == r.Account {
		return ErrSameAccount
	}
	if err := checkWords("colors", r.Colors...); err != nil {
		return err
	}
	return checkID("key", r.Key)
}

func (r TransferRequest) plan(p *plan) error {
	peer, err := p.s.open(r.To, nil)
	if err != nil {
		return err
	}
	if peer.book == p.book {
		return ErrSameAccount
	}
	if peer.acc.Forgotten {
		return ErrForgotten
	}
	total, err := fixed.Add(r.Points, r.Fee)
	if err != nil {
		return ErrOverflow
	}
	if _, err := p.spendable(total, false); err != nil {
		return err
	}
	if err := p.give(r.Points); err != nil {
		return err
	}
	may := func(l *Lot) bool {
		return (len(r.Colors) == 0 || slices.Contains(r.Colors, l.Color)) && !l.EarnedAt.Add(r.MinAge).After(p.at)
	}
	p.enter(KindTransfer, p.at, InAvailable, InTransferred)
	if p.take(r.Points, may) < r.Points {
		return p.short(r.Points, p.allowed(may)) // any points pay the fee
	}
	gift := p.entries[len(p.entries)-1].Slices
	if r.Fee > 0 {
		p.enter(KindRedeem, p.at, InAvailable, InRedeemed)
		p.take(r.Fee, nil)
	}
	if err := p.receive(peer.book, gift); err != nil {
		return err
	}
	p.receipt.Points = r.Points
	return p.done("")
}

// allowed is the balance of an account whose other points may not be given away.
func (p *plan) allowed(may func(*Lot) bool) Balance {
	have := p.balance()
	have.Available = 0
	for _, e := range p.entries { // what was taken in vain
		have.Available += e.Points
	}
	for l := range p.lots.all() {
		if may(l) {
			have.Available += l.Available
		}
	}
	return have
}

// receive credits slices of another account's lots.
func (p *plan) receive(b *book, gift []Slice) error {
	at := latest(p.at, b.acc.At)
	if err := b.settle(at); err != nil {
		return err
	}
	from := scoped(p.acc.ID, p.name(p.receipt.Key))
	for i, s := range gift {
		if err := b.room(s.Points); err != nil {
			return err
		}
		lot := s.Lot
		lot.ID, lot.Parent, lot.Of = lotID(from, i), lot.ID, ""
		lot.Pending, lot.Available, lot.Held = 0, 0, 0
		l := b.lots.add(lot)
		b.enter(KindReceive, at, Outside, InAvailable)
		b.move(l, s.Points)
		if !l.ExpiresAt.IsZero() && !l.ExpiresAt.After(at) { // the other account is ahead in time
			b.expire(l, at)
			continue
		}
		b.repay(l, at)
	}
	b.post(&Change{Kind: KindReceive, At: at, Request: p.request})
	return nil
}
