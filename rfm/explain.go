package rfm

import (
	"math/big"

	"github.com/shopspring/decimal"
)

// Explanation is why a customer has a score. It is the zero value, but for On, for a prospect.
type Explanation struct {
	Model     string    `json:"model"` // its id
	On        Day       `json:"on"`
	Score     Score     `json:"score"`
	Composite Fraction  `json:"composite"`
	Recency   Reasoning `json:"recency"`
	Frequency Reasoning `json:"frequency"`
	Monetary  Reasoning `json:"monetary"`
	Segment   Segment   `json:"segment,omitzero"`
	// Next is what [Model.NextChange] tells, and Days how many days away that is; nil where time alone
	// changes nothing any more.
	Next *ScoreChange `json:"next,omitempty"`
	Days int64        `json:"days,omitzero"`
}

// Reasoning is why a customer has a score in one dimension.
type Reasoning struct {
	// Value is the exact value, in days, orders or major units, divided by Per; zero means one.
	Value decimal.Decimal `json:"value"`
	Per   int64           `json:"per,omitzero"`
	Score int             `json:"score"`
	Bins  int             `json:"bins"`
	// Above is the cut the value is better than, or equal to where the cut is inclusive, nil for the
	// lowest score. Below is the next cut, which it does not reach, nil for the highest.
	Above *Cut `json:"above,omitempty"`
	Below *Cut `json:"below,omitempty"`
	// Worse is the share of the model's customers with a strictly worse value, Equal of those with the
	// same, each 0/0 where the model was trimmed or is empty. Where the scheme is nested they are shares
	// of the customers with the same scores in the dimensions before.
	Worse Fraction `json:"worse"`
	Equal Fraction `json:"equal"`
	// Missing is how much better the value must become for the next score; nil for the highest, and where
	// even a purchase today does not reach it.
	Missing *Distance `json:"missing,omitempty"`
}

// Distance is how far a value is from a better score: fewer days, more orders, more money. Of money spent
// it is the least amount that is enough; of a mean it is the exact difference, or up to 2^-62 minor units
// more where Per cannot tell it.
type Distance struct {
	Score  int             `json:"score"` // what will be reached, which is more than one higher where cuts coincide
	Amount decimal.Decimal `json:"amount"`
	Per    int64           `json:"per,omitzero"`    // what Amount is divided by; zero means one
	Beyond bool            `json:"beyond,omitzero"` // strictly more than Amount is needed
}

// Explain scores a summary as [Model.Score] does, and says why. Segments may be nil; a map for another
// number of scores is refused.
func (m *Model) Explain(sum Summary, asOf Day, segments *Segments) (Explanation, error) {
	v, ok, err := m.values(sum, asOf)
	if err != nil {
		return Explanation{}, err
	}
	if segments != nil {
		if err := segments.fits(m.scheme); err != nil {
			return Explanation{}, err
		}
	}
	e := Explanation{Model: m.id, On: asOf}
	if !ok {
		return e, nil
	}
	m.explain(&e, v, segments)
	if next, ok := m.next(v, sum.Last); ok {
		e.Next, e.Days = &next, int64(next.On)-int64(asOf)
	}
	return e, nil
}

// ExplainValues explains values that were measured by the caller, as [OwnMeasure] asks. It cannot date the
// next change.
func (m *Model) ExplainValues(v Values, segments *Segments) (Explanation, error) {
	values, err := m.measured(v)
	if err == nil && segments != nil {
		err = segments.fits(m.scheme)
	}
	if err != nil {
		return Explanation{}, err
	}
	e := Explanation{Model: m.id, On: m.asOf}
	m.explain(&e, values, segments)
	return e, nil
}

func (m *Model) explain(e *Explanation, v measured, segments *Segments) {
	e.Score = m.score(v)
	e.Composite = m.Composite(e.Score)
	r, f := int(e.Score.R)-1, int(e.Score.F)-1
	days, count, money := m.dists(r, f)
	e.Recency = m.reason(Recency, int(e.Score.R), ratio{v.days, 1}, m.lines.r, days)
	e.Frequency = m.reason(Frequency, int(e.Score.F), ratio{v.count, 1}, m.lines.f[m.scheme.groupF(r)], count)
	e.Monetary = m.reason(Monetary, int(e.Score.M), v.money.reduced(), m.lines.m[m.scheme.groupM(r, f)], money)
	if segments != nil {
		e.Segment = segments.Of(e.Score)
	}
}

// dists returns the distributions that a customer with these scores, counted from 0, was compared with.
func (m *Model) dists(r, f int) (days, count, money dist) {
	p := m.population
	if p == nil {
		p = &Population{scheme: m.scheme}
	}
	if !m.scheme.config.Nested {
		return &p.days, &p.count, &p.money
	}
	var inR tally
	var inRF column
	for i, pair := range p.joint {
		if passed(m.steps.r, -pair.days) != r {
			continue
		}
		v, n := p.money.at(i)
		inR.add(pair.count, n)
		if passed(m.steps.f[r], pair.count) == f {
			inRF.add(v, n)
		}
	}
	return &p.days, &inR, &inRF
}

func (m *Model) reason(d Dimension, score int, v ratio, cuts []cut, values dist) Reasoning {
	scale := m.scheme.scale(d)
	r := Reasoning{Score: score, Bins: m.scheme.bins[d]}
	r.Value, r.Per = v.amount(scale)
	if n := values.total(); n > 0 {
		below, equal := values.around(v)
		if d == Recency {
			below = n - below - equal
		}
		r.Worse, r.Equal = Fraction{below, n}, Fraction{equal, n}
	}
	if score > 1 {
		r.Above = cuts[score-2].public(scale)
	}
	if score > len(cuts) {
		return r
	}
	r.Below = cuts[score-1].public(scale)
	if d == Monetary && m.scheme.config.Monetary != NetSpend {
		r.Missing = meanDistance(score, v, cuts, scale)
	} else {
		r.Missing = wholeDistance(d, score, v, cuts, scale)
	}
	return r
}

// wholeDistance tells how far it is to the next score in whole units, nil where fewer than no days would
// be needed.
func wholeDistance(d Dimension, score int, v ratio, cuts []cut, scale int) *Distance {
	steps := countSteps(cuts)
	if d == Recency {
		steps = daySteps(cuts)
	}
	step := steps[score-1]
	target := ratio{step, 1}
	if d == Recency {
		if target.num = -step; step > 0 {
			return nil
		}
	}
	away := new(big.Rat).Sub(target.rat(), v.rat())
	return distance(1+passed(steps, step), away.Abs(away), scale)
}

// meanDistance tells how far it is to the next score where values lie as close together as one likes.
func meanDistance(score int, v ratio, cuts []cut, scale int) *Distance {
	target, beyond := cuts[score-1].at.rat(), !cuts[score-1].inclusive
	away := new(big.Rat).Sub(target, v.rat())
	if !away.Denom().IsInt64() { // too fine to be told: a little more is told, and enough
		fine := big.NewInt(1 << 62)
		more := new(big.Int).Mul(away.Num(), fine)
		away.SetFrac(more.Quo(more, away.Denom()).Add(more, big.NewInt(1)), fine)
		target.Add(away, v.rat())
		beyond = false
	}
	reached := 1
	for _, c := range cuts {
		if way := target.Cmp(c.at.rat()); way > 0 || way == 0 && (c.inclusive || beyond) {
			reached++
		}
	}
	missing := distance(reached, away, scale)
	missing.Beyond = beyond
	return missing
}

func distance(score int, away *big.Rat, scale int) *Distance {
	d := &Distance{Score: score, Amount: decimal.NewFromBigInt(away.Num(), int32(-scale))}
	if !away.IsInt() {
		d.Per = away.Denom().Int64()
	}
	return d
}

func (c cut) public(scale int) *Cut {
	p := &Cut{Inclusive: c.inclusive}
	p.Value, p.Per = c.at.amount(scale)
	return p
}
