package points

import (
	"context"
	"time"
)

var _ = register(WriteOffRequest{})

// WriteOffRequest forgives debt.
type WriteOffRequest struct {
	Account string    `json:"account"`
	Key     string    `json:"key"`
	At      time.Time `json:"at,omitzero"`
	// Points is how much; zero means all.
	Points int64 `json:"points,omitempty"`
	By
}

// WriteOff forgives debt, no more than there is.
func (l *Ledger) WriteOff(ctx context.Context, r WriteOffRequest) (Receipt, error) {
	return l.Do(ctx, r)
}

// Kind implements [Op].
func (WriteOffRequest) Kind() Kind { return KindWriteOff }

func (r WriteOffRequest) head() head      { return head{r.Account, r.Key, r.At} }
func (r WriteOffRequest) refs() []string  { return nil }
func (r WriteOffRequest) backDates() bool { return true }

func (r WriteOffRequest) check() error {
	if r.Points < 0 {
		return fieldError{"points", ErrAmount}
	}
	if err := r.By.check(); err != nil {
		return err
	}
	return checkID("key", r.Key)
}

func (r WriteOffRequest) plan(p *plan) error {
	n := r.Points
	if n == 0 {
		n = p.acc.Debt
	}
	if n == 0 || n > p.acc.Debt {
		return fieldError{"points: more than is owed", ErrAmount}
	}
	p.writeOff(n)
	p.receipt.Points = n
	return p.done("")
}
