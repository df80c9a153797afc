package rfm

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"time"
)

// Fit finds the cuts of a population as of an instant, which dates the model and is the day scores are
// counted back from unless the caller says otherwise. An empty population gives a model without quantile
// or mean cuts. The model keeps the population as it is now.
func (s *Scheme) Fit(at time.Time, p *Population) (*Model, error) {
	if err := s.checkInstant(at); err != nil {
		return nil, fmt.Errorf("rfm: at: %w", err)
	}
	if err := p.made(); err != nil {
		return nil, err
	}
	if err := s.alike(p.scheme); err != nil {
		return nil, err
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	m := &Model{scheme: s, at: at.UTC().Truncate(time.Microsecond), asOf: s.Day(at), customers: p.Customers(), population: p.snapshot()}
	var err error
	if !s.config.Nested {
		var lists [3][]cut
		for d, values := range []dist{&p.days, &p.count, &p.money} {
			if lists[d], err = s.cut(Dimension(d), values); err != nil {
				return nil, err
			}
		}
		m.lines = lines{lists[0], [][]cut{lists[1]}, [][]cut{lists[2]}}
	} else if m.lines, err = s.fitNested(p); err != nil {
		return nil, err
	}
	m.compile()
	return m, m.name()
}

// cut finds the cuts of one dimension.
func (s *Scheme) cut(d Dimension, values dist) ([]cut, error) {
	b := s.config.binnings()[d]
	switch b.Rule {
	case FixedCuts:
		return s.fixedCuts(d), nil
	case MeanRule:
		if values.total() == 0 {
			return nil, nil
		}
		mean := values.(interface{ sum() *big.Rat }).sum()
		mean.Quo(mean, new(big.Rat).SetInt64(values.total()))
		at, ok := beside(mean, d == Recency)
		if !ok {
			return nil, errors.New("rfm: the mean is out of range")
		}
		return []cut{{at: at}}, nil
	default:
		return quantiles(values, b.Bins, b.Ties, d == Recency), nil
	}
}

// fixedCuts returns the configured cuts from worst to best: those of recency fall.
func (s *Scheme) fixedCuts(d Dimension) []cut {
	b := s.config.binnings()[d]
	cuts := make([]cut, len(b.Cuts))
	for i, v := range b.Cuts {
		k := i
		if d == Recency {
			k = len(cuts) - 1 - i
		}
		at, _ := s.ratio(d, v, 1) // checked by Compile
		cuts[k] = cut{at, true}
	}
	return cuts
}

// fitNested cuts F within each R score and M within each pair.
func (s *Scheme) fitNested(p *Population) (lines, error) {
	var l lines
	var err error
	if l.r, err = s.cut(Recency, &p.days); err != nil {
		return l, err
	}
	rows := make([]int, len(p.joint))
	for i := range rows {
		rows[i] = i
	}
	byR := p.split(rows, s.bins[Recency], daySteps(l.r), func(i int) int64 { return -p.joint[i].days })
	for _, inR := range byR {
		var counts tally
		for _, i := range inR {
			_, n := p.money.at(i)
			counts.add(p.joint[i].count, n)
		}
		cuts, err := s.cut(Frequency, &counts)
		if err != nil {
			return l, err
		}
		l.f = append(l.f, cuts)
		for _, inRF := range p.split(inR, s.bins[Frequency], countSteps(cuts), func(i int) int64 { return p.joint[i].count }) {
			var money column
			for _, i := range inRF {
				money.add(p.money.at(i))
			}
			if cuts, err = s.cut(Monetary, &money); err != nil {
				return l, err
			}
			l.m = append(l.m, cuts)
		}
	}
	return l, nil
}

// split groups rows by score.
func (p *Population) split(rows []int, bins int, steps []int64, value func(int) int64) [][]int {
	groups := make([][]int, bins)
	for _, i := range rows {
		score := passed(steps, value(i))
		groups[score] = append(groups[score], i)
	}
	return groups
}

// name gives the model the id that its contents have.
func (m *Model) name() error {
	contents, err := json.Marshal(modelJSON{Config: m.scheme.config, At: m.at, Customers: m.customers, Cuts: m.Cuts()})
	if err != nil {
		return fmt.Errorf("rfm: %w", err)
	}
	hash := sha256.Sum256(contents)
	m.id = m.asOf.String() + "-" + hex.EncodeToString(hash[:4])
	return nil
}
