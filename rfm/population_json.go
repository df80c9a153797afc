package rfm

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/internal/strictjson"
)

// populationJSON is a Population as it is stored: sorted, so that equal populations give equal bytes. A
// nested one is a list of customers with all three values, any other three histograms.
type populationJSON struct {
	Version   int         `json:"version,omitzero"`
	Config    *Config     `json:"config,omitempty"`
	Recency   []Share     `json:"recency,omitempty"`
	Frequency []Share     `json:"frequency,omitempty"`
	Monetary  []Share     `json:"monetary,omitempty"`
	Joint     []jointJSON `json:"joint,omitempty"`
}

type jointJSON struct {
	Recency   int64 `json:"recency"`
	Frequency int64 `json:"frequency"`
	Value     exact `json:"value"`
	Per       int64 `json:"per,omitzero"`
	Customers int64 `json:"customers"`
}

func (p *Population) json() *populationJSON {
	j := new(populationJSON)
	if !p.scheme.config.Nested {
		for d, list := range []*[]Share{&j.Recency, &j.Frequency, &j.Monetary} {
			for s := range p.Histogram(Dimension(d)) {
				*list = append(*list, s)
			}
		}
		return j
	}
	for _, r := range p.rows(func(a, b joined) int {
		return cmp.Or(cmp.Compare(a.days, b.days), cmp.Compare(a.count, b.count), a.money.compare(b.money))
	}) {
		amount, per := r.money.amount(p.scheme.config.Scale)
		j.Joint = append(j.Joint, jointJSON{r.days, r.count, exact(amount), per, r.n})
	}
	return j
}

// population reads a stored population of a scheme.
func (s *Scheme) population(j *populationJSON) (*Population, error) {
	p := s.NewPopulation()
	for d, list := range [][]Share{j.Recency, j.Frequency, j.Monetary} {
		for i, share := range list {
			if err := p.Count(Dimension(d), share.Value, share.Per, share.Customers); err != nil {
				return nil, fmt.Errorf("population: entry %d: %w", i, err)
			}
		}
	}
	for i, row := range j.Joint {
		m, err := s.measured(Values{row.Recency, row.Frequency, decimal.Decimal(row.Value), row.Per})
		if err == nil && !s.config.Nested {
			err = errors.New("only a nested scheme has it")
		}
		if err == nil {
			err = p.add(m, row.Customers)
		}
		if err != nil {
			return nil, fmt.Errorf("population: joint %d: %w", i, err)
		}
	}
	return p, p.check()
}

// MarshalJSON writes the exact histograms and the scheme they were measured by. Populations with the same
// customers give the same bytes, however they came together.
func (p *Population) MarshalJSON() ([]byte, error) {
	if err := p.made(); err != nil {
		return nil, err
	}
	j := p.json()
	j.Version, j.Config = 1, &p.scheme.config
	return json.Marshal(j)
}

// ParsePopulation reads a population that was written as JSON, strictly.
func ParsePopulation(data []byte) (*Population, error) {
	var j populationJSON
	if err := strictjson.Unmarshal(data, &j, modelLimits); err != nil {
		return nil, fmt.Errorf("rfm: population: %w", err)
	}
	if j.Version != 1 || j.Config == nil {
		return nil, fmt.Errorf("rfm: population: version: %d is not known, or the config is missing", j.Version)
	}
	s, err := Compile(*j.Config)
	if err != nil {
		return nil, fmt.Errorf("rfm: population: config: %w", err)
	}
	return s.population(&j)
}

// UnmarshalJSON reads a population as [ParsePopulation] does.
func (p *Population) UnmarshalJSON(data []byte) error {
	read, err := ParsePopulation(data)
	if err == nil {
		*p = *read
	}
	return err
}
