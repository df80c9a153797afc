package points

import (
	"errors"

	"github.com/regulars-go/regulars/internal/fixed"
)

// check refuses stored evidence that would make a computation go wrong.
func (f *frozen) check() error {
	switch {
	case f.Version != 1:
		return errors.New("unknown version")
	case f.At.IsZero(), f.Basis == nil, len(f.Timings) == 0, len(f.Stacks) == 0:
		return errors.New("incomplete")
	case f.Decimals < 0 || f.Decimals > fixed.MaxExponent, f.Rate.sign() <= 0, f.Times.sign() < 0:
		return errors.New("bad exchange or multiplier")
	}
	lots := make([]lotTerm, 0, len(f.Rules)+len(f.Bonuses))
	for _, r := range f.Rules {
		if r == nil || r.Points < 0 || r.Per.sign() < 0 || r.Kind != unit && r.Per.sign() == 0 {
			return errors.New("bad rule")
		}
		lots = append(lots, r.lotTerm)
	}
	for _, b := range f.Bonuses {
		if b == nil || b.Points < 0 {
			return errors.New("bad bonus")
		}
		lots = append(lots, b.lotTerm)
	}
	for _, l := range lots {
		if l.Timing < 0 || l.Timing >= len(f.Timings) {
			return errors.New("bad timing")
		}
	}
	for _, m := range f.Modifiers {
		if m == nil || m.Factor.sign() < 0 || m.Stack < 0 || m.Stack >= len(f.Stacks) {
			return errors.New("bad modifier")
		}
	}
	for _, t := range f.Timings {
		if err := t.check(); err != nil { // what no policy may say, no evidence can
			return err
		}
	}
	for _, c := range f.Caps {
		if c.Points < 0 {
			return errors.New("bad cap")
		}
	}
	return f.checkLines()
}

func (f *frozen) checkLines() error {
	sum := f.Shipping.Net
	if !f.Shipping.adds() {
		return errors.New("bad shipping")
	}
	for i := range f.Lines {
		x := &f.Lines[i]
		if !x.adds() || x.Net > x.Amount || x.Tax < 0 || x.Tax > x.Amount || x.Quantity < 1 {
			return errors.New("bad line")
		}
		var err error
		if sum, err = fixed.Add(sum, x.Amount); err != nil {
			return errors.New("amounts out of range")
		}
	}
	return nil
}

// adds reports whether the parts fit the whole.
func (x *paid) adds() bool {
	return x.Net >= 0 && x.ByPoints >= 0 && x.ByCard >= 0 && x.ByPoints <= x.Net && x.ByCard <= x.Net-x.ByPoints && x.Spent >= 0
}
