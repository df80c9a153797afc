package points

import (
	"context"
	"time"
)

var _ = register(AdjustRequest{})

// By says who did something by hand, and why. Both are needed and are recorded.
type By struct {
	Actor string `json:"actor"`
	Note  string `json:"note"`
}

func (b By) check() error {
	if err := checkID("actor", b.Actor); err != nil {
		return err
	}
	if b.Note == "" || !plainText(b.Note) {
		return fieldError{"note", ErrID}
	}
	return nil
}

// AdjustRequest corrects a balance by hand.
type AdjustRequest struct {
	Account string    `json:"account"`
	Key     string    `json:"key"`
	At      time.Time `json:"at,omitzero"`
	// Points are added, or taken if negative.
	Points int64 `json:"points"`
	By
	// Color and Expiry are those of added points; the policy's expiry if nil.
	Color  string  `json:"color,omitempty"`
	Expiry *Expiry `json:"expiry,omitempty"`
}

// Adjust corrects a balance by hand. Added points are available at once; taken points must be available.
func (l *Ledger) Adjust(ctx context.Context, r AdjustRequest) (Receipt, error) { return l.Do(ctx, r) }

// Kind implements [Op].
func (AdjustRequest) Kind() Kind { return KindAdjust }

func (r AdjustRequest) head() head      { return head{r.Account, r.Key, r.At} }
func (r AdjustRequest) refs() []string  { return nil }
func (r AdjustRequest) backDates() bool { return r.Points > 0 }

func (r AdjustRequest) check() error {
	if r.Points == 0 || r.Points == -1<<63 {
		return fieldError{"points", ErrAmount}
	}
	if err := r.By.check(); err != nil {
		return err
	}
	if err := checkTiming(nil, r.Expiry); err != nil {
		return err
	}
	if err := checkWords("color", r.Color); err != nil {
		return err
	}
	return checkID("key", r.Key)
}

func (r AdjustRequest) shares() bool { return r.Expiry != nil }

func (r AdjustRequest) clone() Op {
	if r.Expiry != nil {
		e := r.Expiry.clone()
		r.Expiry = &e
	}
	return r
}

func (r AdjustRequest) plan(p *plan) error {
	p.receipt.Points = r.Points
	if r.Points < 0 {
		if have := p.balance(); have.Available < -r.Points {
			return p.short(-r.Points, have)
		}
		p.enter(KindAdjust, p.at, InAvailable, InClawed)
		p.take(-r.Points, nil)
		return p.done("")
	}
	g, err := p.grant(r.Points, &Pending{}, r.Expiry, p.asked)
	if err != nil {
		return err
	}
	g.Color = r.Color
	if err := p.credit(KindAdjust, g, p.asked, ""); err != nil {
		return err
	}
	return p.done("")
}
