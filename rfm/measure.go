package rfm

import (
	"errors"
	"fmt"
	"math"
)

// measured is Values in the form that is counted and compared.
type measured struct {
	days, count int64
	money       ratio
}

var (
	errAhead = errors.New("rfm: last: is after the as-of day")
	errOwn   = errors.New("rfm: monetary: the own measure is not made of a Summary; hand over Values")
)

// Values measures a summary as of a day. Of a prospect nothing can be measured, nor with [MeanPiece] of a
// customer without pieces: the values are zero, and ok is false. With [OwnMeasure] the monetary value is left for the caller to fill in.
func (s *Scheme) Values(sum Summary, asOf Day) (v Values, ok bool, err error) {
	c, err := s.cell(sum)
	if err != nil || !s.scores(&c) {
		return Values{}, false, err
	}
	own := s.config.Monetary == OwnMeasure
	m, err := s.measure(&c, int32(asOf))
	if err != nil && (!own || !errors.Is(err, errOwn)) {
		return Values{}, false, err
	}
	v = Values{Recency: m.days, Frequency: m.count}
	if !own {
		v.Monetary, v.Per = m.money.amount(s.config.Scale)
	}
	return v, true, nil
}

// values measures a summary as of a day; ok is false where there is nothing to score.
func (s *Scheme) values(sum Summary, asOf Day) (m measured, ok bool, err error) {
	c, err := s.cell(sum)
	if err != nil || !s.scores(&c) {
		return m, false, err
	}
	m, err = s.measure(&c, int32(asOf))
	return m, err == nil, err
}

// scores reports whether a customer has what the measures are made of.
func (s *Scheme) scores(c *cell) bool {
	return c.orders > 0 && (c.units > 0 || s.config.Monetary != MeanPiece)
}

// measure measures a customer who scores.
func (s *Scheme) measure(c *cell, asOf int32) (measured, error) {
	m := measured{days: int64(asOf) - int64(c.last), count: int64(c.orders), money: ratio{c.net(), 1}}
	if m.days < 0 {
		return m, errAhead
	}
	if s.config.Frequency == CountDays {
		if m.count = int64(c.days); c.unsure && c.days == 0 {
			return m, fmt.Errorf("rfm: active_days: not known, but frequency counts them: %w", ErrDays)
		}
	}
	switch s.config.Monetary {
	case MeanOrder:
		m.money.den = c.orders
	case MeanPiece:
		if c.units > math.MaxUint32 {
			return m, fmt.Errorf("rfm: units: %d are more than 2^32", c.units)
		}
		m.money.den = uint32(c.units)
	case OwnMeasure:
		return m, errOwn
	default:
	}
	return m, nil
}

// measured checks values that the caller measured.
func (s *Scheme) measured(v Values) (measured, error) {
	money, err := ratioOf(v.Monetary, v.Per, s.config.Scale)
	switch {
	case v.Recency < 0:
		return measured{}, errors.New("rfm: recency: below zero")
	case max(v.Recency, v.Frequency) > mostWhole:
		return measured{}, errors.New("rfm: recency or frequency: above 2^53")
	case v.Frequency < 1:
		return measured{}, errors.New("rfm: frequency: below one; a prospect has no values")
	case err != nil:
		return measured{}, fmt.Errorf("rfm: monetary: %w", err)
	}
	return measured{v.Recency, v.Frequency, money}, nil
}
