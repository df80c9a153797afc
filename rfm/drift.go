package rfm

import (
	"errors"
	"fmt"
	"math"
)

// Drift is how far a shop's customers have moved since an old model was fitted, and what a new one would
// change. Its indexes are statistics and the only floats of this package; all counts are exact.
type Drift struct {
	// Customers is the number of customers scored now, prospects not among them.
	Customers int64 `json:"customers"`
	// Changed is how many of them have another score in some dimension under the new cuts.
	Changed int64          `json:"changed"`
	R       DimensionDrift `json:"r"`
	F       DimensionDrift `json:"f"`
	M       DimensionDrift `json:"m"`
}

// DimensionDrift is the drift of one dimension.
type DimensionDrift struct {
	// Index is the population stability index: the sum over the old model's scores of
	// (now - then)·ln(now/then), where now and then are the shares of customers with that score, each
	// with half a customer more so that no share is zero. By common usage below 0.1 is calm and above
	// 0.25 asks for a new fit.
	Index float64 `json:"psi"`
	// Then and Now count the customers with each score under the old cuts, from 1 up: when the old model
	// was fitted, and now.
	Then []int64 `json:"then"`
	Now  []int64 `json:"now"`
	// Changed is how many customers of now have another score under the new cuts.
	Changed int64 `json:"changed"`
}

// MeasureDrift holds the customers of today against those an old model was fitted to, and scores them
// with a new model as well. The old model must still have its population (see [Model.Trim]), and both
// models must measure alike and have as many scores in each dimension.
func MeasureDrift[K comparable](old, fitted *Model, now Snapshot[K]) (*Drift, error) {
	for _, m := range []*Model{old, fitted} {
		if err := m.check(); err != nil {
			return nil, fmt.Errorf("rfm: drift: %w", err)
		}
	}
	if err := old.scheme.alike(fitted.scheme); err != nil {
		return nil, fmt.Errorf("rfm: drift: %w", err)
	}
	if old.scheme.bins != fitted.scheme.bins {
		return nil, fmt.Errorf("rfm: drift: the models have %d and %d scores", old.scheme.bins, fitted.scheme.bins)
	}
	if old.population == nil {
		return nil, errors.New("rfm: drift: the old model was trimmed of its population")
	}
	var d Drift
	dimensions := [3]*DimensionDrift{&d.R, &d.F, &d.M}
	for i, counts := range old.scores() {
		dimensions[i].Then, dimensions[i].Now = counts, make([]int64, len(counts))
	}
	for _, sum := range now.All() {
		was, err := old.Score(sum, now.AsOf())
		if err != nil {
			return nil, fmt.Errorf("rfm: drift: %w", err)
		}
		is, err := fitted.Score(sum, now.AsOf())
		if err != nil {
			return nil, fmt.Errorf("rfm: drift: %w", err)
		}
		if was.IsZero() {
			continue
		}
		d.Customers++
		if was != is {
			d.Changed++
		}
		after := is.digits()
		for i, score := range was.digits() {
			dimensions[i].Now[score-1]++
			if after[i] != score {
				dimensions[i].Changed++
			}
		}
	}
	if d.Customers == 0 || old.customers == 0 {
		return nil, errors.New("rfm: drift: one of the two populations is empty")
	}
	for _, dimension := range dimensions {
		dimension.Index = stabilityIndex(dimension.Then, dimension.Now)
	}
	return &d, nil
}

func (s Score) digits() [3]uint8 { return [3]uint8{s.R, s.F, s.M} }

// scores counts the scores of the customers a model was fitted to.
func (m *Model) scores() (counts [3][]int64) {
	p := m.population
	for i, bins := range m.scheme.bins {
		counts[i] = make([]int64, bins)
	}
	if m.scheme.config.Nested {
		for i, joint := range p.joint {
			money, n := p.money.at(i)
			for j, score := range m.score(measured{joint.days, joint.count, money}).digits() {
				counts[j][score-1] += n
			}
		}
		return counts
	}
	for days, n := range p.days.all() {
		counts[Recency][passed(m.steps.r, -days)] += n
	}
	for count, n := range p.count.all() {
		counts[Frequency][passed(m.steps.f[0], count)] += n
	}
	for money, n := range p.money.all() {
		counts[Monetary][passedPoints(m.steps.m[0], money.point())] += n
	}
	return counts
}

func stabilityIndex(then, now []int64) float64 {
	share := func(counts []int64) func(int) float64 {
		total := float64(len(counts)) / 2
		for _, n := range counts {
			total += float64(n)
		}
		return func(i int) float64 { return (float64(counts[i]) + 0.5) / total }
	}
	p, q := share(then), share(now)
	var index float64
	for i := range then {
		index += (q(i) - p(i)) * math.Log(q(i)/p(i))
	}
	return index
}
