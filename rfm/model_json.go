package rfm

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/internal/fixed"
	"github.com/regulars-go/regulars/internal/strictjson"
)

// exact is a decimal that is a string in JSON whatever the decimal package is told elsewhere.
type exact decimal.Decimal

func (e exact) MarshalText() ([]byte, error) { return []byte(decimal.Decimal(e).String()), nil }

func (e *exact) UnmarshalText(b []byte) error {
	d, err := decimal.NewFromString(string(b))
	if err == nil {
		err = fixed.Check(d)
	}
	if err == nil {
		*e = exact(d)
	}
	return err
}

// modelJSON is a Model as it is stored.
type modelJSON struct {
	Version    int             `json:"version"`
	ID         string          `json:"id"`
	At         time.Time       `json:"at"`
	Customers  int64           `json:"customers"`
	Config     Config          `json:"config"`
	Cuts       Cuts            `json:"cuts"`
	Population *populationJSON `json:"population,omitempty"`
}

var modelLimits = strictjson.Limits{Bytes: 1 << 30, Depth: 8, List: 1 << 26, Text: 256}

// MarshalJSON writes the model with its population, if it has one; see [ParseModel].
func (m *Model) MarshalJSON() ([]byte, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	j := modelJSON{Version: 1, ID: m.id, At: m.at, Customers: m.customers, Config: m.scheme.config, Cuts: m.Cuts()}
	if m.population != nil {
		j.Population = m.population.json()
	}
	return json.Marshal(j)
}

// ParseModel reads a model that was written as JSON, strictly. It scores every customer as the model
// that was written did.
func ParseModel(data []byte) (*Model, error) {
	var j modelJSON
	if err := strictjson.Unmarshal(data, &j, modelLimits); err != nil {
		return nil, fmt.Errorf("rfm: model: %w", err)
	}
	if j.Version != 1 {
		return nil, fmt.Errorf("rfm: model: version: %d is not known", j.Version)
	}
	s, err := Compile(j.Config)
	if err != nil {
		return nil, fmt.Errorf("rfm: model: config: %w", err)
	}
	if err := s.checkInstant(j.At); err != nil {
		return nil, fmt.Errorf("rfm: model: at: %w", err)
	}
	if err := checkID(j.ID); err != nil {
		return nil, err
	}
	m := &Model{scheme: s, id: j.ID, at: j.At.UTC().Truncate(time.Microsecond), asOf: s.Day(j.At), customers: j.Customers}
	if m.lines, err = s.lines(j.Cuts); err != nil {
		return nil, fmt.Errorf("rfm: model: cuts: %w", err)
	}
	if j.Population != nil {
		if m.population, err = s.population(j.Population); err != nil {
			return nil, fmt.Errorf("rfm: model: %w", err)
		}
		if m.population.Customers() != m.customers {
			return nil, errors.New("rfm: model: customers: is not the size of the population")
		}
	}
	if m.customers < 0 {
		return nil, errors.New("rfm: model: customers: below zero")
	}
	m.compile()
	return m, nil
}

// UnmarshalJSON reads a model as [ParseModel] does.
func (m *Model) UnmarshalJSON(data []byte) error {
	read, err := ParseModel(data)
	if err == nil {
		*m = *read
	}
	return err
}

// Cuts returns the boundaries in major units.
func (m *Model) Cuts() Cuts {
	scale := m.scheme.config.Scale
	public := func(list []cut, scale int) []Cut {
		cuts := make([]Cut, len(list))
		for i, c := range list {
			cuts[i] = *c.public(scale)
		}
		return cuts
	}
	c := Cuts{Recency: public(m.lines.r, 0)}
	for _, list := range m.lines.f {
		c.Frequency = append(c.Frequency, public(list, 0))
	}
	for _, list := range m.lines.m {
		c.Monetary = append(c.Monetary, public(list, scale))
	}
	return c
}

// lines checks cuts that were stored and brings them into exact form.
func (s *Scheme) lines(c Cuts) (lines, error) {
	var l lines
	var err error
	if l.r, err = s.line(Recency, c.Recency); err != nil {
		return l, err
	}
	if want := s.groupF(s.bins[Recency]-1) + 1; len(c.Frequency) != want {
		return l, fmt.Errorf("frequency: %d lists, not %d", len(c.Frequency), want)
	}
	if want := s.groupM(s.bins[Recency]-1, s.bins[Frequency]-1) + 1; len(c.Monetary) != want {
		return l, fmt.Errorf("monetary: %d lists, not %d", len(c.Monetary), want)
	}
	if l.f, err = s.lists(Frequency, c.Frequency); err != nil {
		return l, err
	}
	l.m, err = s.lists(Monetary, c.Monetary)
	return l, err
}

func (s *Scheme) lists(d Dimension, lists [][]Cut) ([][]cut, error) {
	out := make([][]cut, len(lists))
	for i, list := range lists {
		var err error
		if out[i], err = s.line(d, list); err != nil {
			return nil, fmt.Errorf("list %d: %w", i, err)
		}
	}
	return out, nil
}

func (s *Scheme) line(d Dimension, list []Cut) ([]cut, error) {
	if n := len(list); n != 0 && n != s.bins[d]-1 {
		return nil, fmt.Errorf("%v: %d cuts do not make %d scores", d, n, s.bins[d])
	}
	better := 1
	if d == Recency {
		better = -1
	}
	cuts := make([]cut, len(list))
	for i, c := range list {
		at, err := s.ratio(d, c.Value, c.Per)
		if err != nil {
			return nil, fmt.Errorf("%v: cut %d: %w", d, i, err)
		}
		cuts[i] = cut{at, c.Inclusive}
		if i > 0 {
			before := cuts[i-1]
			if way := at.compare(before.at) * better; way < 0 || way == 0 && c.Inclusive && !before.inclusive {
				return nil, fmt.Errorf("%v: cut %d: is not better than the one before it", d, i)
			}
		}
	}
	return cuts, nil
}
