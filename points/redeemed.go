package points

import (
	"context"
	"time"

	"github.com/regulars-go/regulars/internal/fixed"
)

// Redeemed is what the members of a programme redeemed in an interval.
type Redeemed struct {
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until"`
	// Points are those redeemed, fees of transfers among them, less those that refunds and cancellations
	// gave back in the interval; so it may be negative.
	Points int64 `json:"points"`
	// Colors divides them by colour, such as by who funds them.
	Colors map[string]int64 `json:"colors"`
}

// Redeemed adds up what all accounts redeemed from an instant (zero for the beginning) until another,
// zero for now, half open. From the beginning it is what [Release] counts, and by colour what each
// funder has to pay for. It reads the whole history and needs a store with [History]. A sum beyond
// int64 is [ErrOverflow].
func (l *Ledger) Redeemed(ctx context.Context, from, until time.Time) (Redeemed, error) {
	sum := Redeemed{From: instant(from), Until: moment(until), Colors: map[string]int64{}}
	err := l.everything(ctx, sum.Until, func(c *Change) error {
		for _, e := range c.Entries {
			if e.At.Before(sum.From) || !e.At.Before(sum.Until) {
				continue
			}
			sign := int64(1)
			switch {
			case e.Of != "":
				sign = -1
			case e.To != InRedeemed:
				continue
			}
			if err := sum.add(e, sign); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Redeemed{}, err
	}
	return sum, nil
}

func (r *Redeemed) add(e Entry, sign int64) (err error) {
	for _, s := range e.Slices {
		if r.Points, err = fixed.Add(r.Points, sign*s.Points); err != nil {
			return ErrOverflow
		}
		color := s.Lot.Color
		if r.Colors[color], err = fixed.Add(r.Colors[color], sign*s.Points); err != nil {
			return ErrOverflow
		}
	}
	return nil
}
