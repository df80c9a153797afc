package rfm

import (
	"errors"
	"fmt"
	"math/big"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/internal/fixed"
)

// Approach is what a shop would do to keep a customer in decline, and what it expects of it. Money is in
// one currency; probabilities are exact fractions from 0 to 1, such as big.NewRat(1, 8) or what
// [Gaps.Return] learned from the shop's own customers.
type Approach struct {
	// Value is what a customer who comes back is worth to the shop, as margin over the time it looks
	// ahead. It may be negative: some customers give back more than they keep.
	Value decimal.Decimal
	// Cost is spent on every customer approached, Reward only on those who come back (a coupon).
	// Neither may be negative.
	Cost   decimal.Decimal
	Reward decimal.Decimal
	// Return is the probability that a customer who is approached comes back, Anyway that one who is left
	// alone does. A hold-out group tells the two apart.
	Return *big.Rat
	Anyway *big.Rat
}

// Choice is what [Retain] advises. The amounts are exact; FloatString(2) writes one with two decimals.
type Choice struct {
	// Retain advises to approach the customer. Where both ways are worth the same it is false, as
	// letting go costs no work.
	Retain bool `json:"retain"`
	// Retained and LetGo are the expected values of approaching the customer and of leaving them alone.
	Retained *big.Rat `json:"retained"`
	LetGo    *big.Rat `json:"let_go"`
	// BreakEven is the Value beyond which the approach pays. It is nil where no value makes it pay,
	// because the approach does not make a return more likely.
	BreakEven *big.Rat `json:"break_even,omitempty"`
}

// Retain weighs, for a customer in decline, approaching them against letting them go:
//
//	retained = Return·(Value - Reward) - Cost
//	let go   = Anyway·Value
//
// The customer is worth the approach where the first is more than the second, which is where Value is
// beyond (Cost + Return·Reward) / (Return - Anyway). Nothing is rounded. A state outside the stage
// [Decline] is refused, as are amounts beyond 38 digits or an exponent of 18.
func Retain(s State, a Approach) (Choice, error) {
	if s.Stage() != Decline {
		return Choice{}, fmt.Errorf("rfm: retain: a customer who is %v is not in decline", s)
	}
	if err := a.check(); err != nil {
		return Choice{}, err
	}
	value, cost, reward := a.Value.Rat(), a.Cost.Rat(), a.Reward.Rat()
	c := Choice{Retained: new(big.Rat), LetGo: new(big.Rat)}
	c.Retained.Mul(a.Return, c.Retained.Sub(value, reward))
	c.Retained.Sub(c.Retained, cost)
	c.LetGo.Mul(a.Anyway, value)
	c.Retain = c.Retained.Cmp(c.LetGo) > 0
	if gain := new(big.Rat).Sub(a.Return, a.Anyway); gain.Sign() > 0 {
		spent := new(big.Rat).Mul(a.Return, reward)
		c.BreakEven = spent.Quo(spent.Add(spent, cost), gain)
	}
	return c, nil
}

func (a *Approach) check() error {
	var wrong []error
	for _, money := range []struct {
		field string
		d     decimal.Decimal
		least bool // may not be below zero
	}{{"value", a.Value, false}, {"cost", a.Cost, true}, {"reward", a.Reward, true}} {
		if err := fixed.Check(money.d); err != nil {
			wrong = append(wrong, fmt.Errorf("rfm: approach: %s: %w", money.field, err))
		} else if money.least && money.d.Sign() < 0 {
			wrong = append(wrong, fmt.Errorf("rfm: approach: %s: %v is negative", money.field, money.d))
		}
	}
	for _, chance := range []struct {
		field string
		p     *big.Rat
	}{{"return", a.Return}, {"anyway", a.Anyway}} {
		if chance.p == nil || chance.p.Sign() < 0 || chance.p.Num().Cmp(chance.p.Denom()) > 0 {
			wrong = append(wrong, fmt.Errorf("rfm: approach: %s: want a probability from 0 to 1, not %v", chance.field, chance.p))
		}
	}
	return errors.Join(wrong...)
}

// Return returns the probability, learned from these gaps as [FitLimits] learns, that a customer who has
// been silent for a number of days buys again within the days after: 1 - S(silent+within)/S(silent). It is
// exact for the gaps counted; beyond the longest of them it assumes no return. It is false where no gap
// counted is longer than the silence, so that nothing is known.
func (g Gaps) Return(silent, within int) (p *big.Rat, ok bool) {
	if silent < 0 || within < 0 || silent >= g.longest() || g.check() != nil {
		return nil, false
	}
	stay := fraction{big.NewInt(1), big.NewInt(1)}
	g.survival(silent, func(days int, s fraction) bool {
		if days-silent > within {
			return false
		}
		stay = s
		return true
	})
	p = new(big.Rat).SetFrac(stay.num, stay.den)
	return p.Sub(big.NewRat(1, 1), p), true
}

func (g *Gaps) longest() int {
	longest := 0
	for _, counts := range [][]GapCount{g.Closed, g.Open} {
		if n := len(counts); n > 0 {
			longest = max(longest, counts[n-1].Days)
		}
	}
	return longest
}
