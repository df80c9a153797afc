package points

import (
	"errors"
	"testing"

	"github.com/shopspring/decimal"
)

// fair changes a policy so that spending less never earns more by its own rules: no reduction ends
// and no richer rule of a family begins below an amount.
func fair(c Config) Config {
	for i := range c.Modifiers {
		if m := &c.Modifiers[i]; m.Factor.LessThan(dec("1")) {
			m.When.Spend = decimal.Decimal{}
		}
	}
	done := map[string]bool{} // families that have a rule without conditions
	all := c.Rules
	c.Rules = nil
	for _, r := range all {
		if done[r.Family] {
			continue
		}
		r.When.Spend = decimal.Decimal{}
		done[r.Family] = len(r.When.Tags)+len(r.When.WithoutTags) == 0
		c.Rules = append(c.Rules, r)
	}
	return c
}

// FuzzRefundSplit returns an order in random steps: by line, by unit, by amount, shipping.
func FuzzRefundSplit(f *testing.F) {
	f.Add([]byte{})
	for i := range byte(24) {
		seed := make([]byte, 150)
		for j := range seed {
			seed[j] = byte(j)*(2*i+3) + i*i + byte(j*j/5)
		}
		f.Add(seed)
	}
	f.Fuzz(checkRefunds)
}

func TestRefundProperties(t *testing.T) { throw(t, checkRefunds) }

func checkRefunds(t *testing.T, data []byte) {
	d := dice{data}
	c := fair(d.programme())
	o := d.order()
	o.Shipping = d.money()
	p, err := Compile(c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Award(o); errors.Is(err, ErrOverflow) {
		return
	}
	a := award(t, p, o)
	e := a.Evidence
	kept := a.Points
	back, err := e.Returned()
	if err != nil {
		t.Fatal(err)
	}
	var done []Return
	for range 12 {
		next := d.refund(o)
		after, err := e.After(append(done, next)...)
		if err != nil {
			continue // more than is left: nothing happens
		}
		done = append(done, next)
		now, err := e.Returned(done...)
		if err != nil {
			t.Fatal(err)
		}
		if after.Points > kept || after.Points < 0 || after.Points > after.Desired {
			t.Fatalf("%d points after %+v, %d before\npolicy %+v\norder %+v", after.Points, done, kept, c, o)
		}
		if now.Points < back.Points || now.Cash.LessThan(back.Cash) || now.GiftCard.LessThan(back.GiftCard) {
			t.Fatalf("%+v after %+v: a part shrank", now, back)
		}
		for i := range now.Lines {
			if now.Lines[i].LessThan(back.Lines[i]) {
				t.Fatalf("%+v: line %d shrank from %v to %v", done, i+1, back.Lines[i], now.Lines[i])
			}
		}
		if !next.Amount.IsZero() && next.Shipping.IsZero() && len(next.Lines) == 0 {
			halves(t, e, done, after)
		}
		kept, back = after.Points, now
	}
	last, err := e.After(append(done, Return{Everything: true})...)
	if err != nil && !back.Full || err == nil && last.Points != 0 {
		t.Fatalf("%d points and %v at the end of %+v", last.Points, err, done)
	}
	if full, err := e.Returned(append(done, Return{Everything: true})...); err == nil && !full.Full {
		t.Fatal("everything is not everything")
	}
}

// halves checks that an amount returned in two parts ends in the same award.
func halves(t *testing.T, e Evidence, done []Return, want Award) {
	t.Helper()
	n := len(done) - 1
	first := done[n].Amount.Mul(dec("0.5")).Truncate(2)
	if first.IsZero() {
		return
	}
	got, err := e.After(append(append([]Return(nil), done[:n]...), Return{Amount: first}, Return{Amount: done[n].Amount.Sub(first)})...)
	if err != nil || got.Points != want.Points {
		t.Fatalf("in two parts %d points (%v), at once %d", got.Points, err, want.Points)
	}
}

func (d *dice) refund(o Order) Return {
	line := LineReturn{ID: key("", 1+d.roll(len(o.Lines)))}
	switch d.roll(6) {
	case 0:
		return Return{Lines: []LineReturn{line}}
	case 1:
		line.Quantity = int64(1 + d.roll(2))
		return Return{Lines: []LineReturn{line}}
	case 2:
		line.Amount = d.money()
		return Return{Lines: []LineReturn{line}}
	case 3:
		return Return{Shipping: d.money()}
	}
	return Return{Amount: d.money()}
}
