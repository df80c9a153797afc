package rfm

import (
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/shopspring/decimal"
)

// Population is what a model is fitted to: how many customers have which value, exactly, for each of the
// three dimensions. Populations of shards merge into the very population of the whole. It is made by
// [Scheme.NewPopulation] or [Customers.Population]. It does not know the day its recencies were counted back
// from, which all of them must share. Reading is safe for concurrent use, changing is not.
type Population struct {
	scheme *Scheme
	days   tally
	count  tally
	money  column
	// For a nested scheme: recency and frequency of the values in money, one by one.
	joint []pair
}

type pair struct{ days, count int64 }

// maxPopulation keeps all products with bins within an int64.
const maxPopulation = 1 << 53

// room makes sure that a dimension that has total customers can take more.
func room(total, more int64) error {
	if more < 1 || more > maxPopulation-total {
		return fmt.Errorf("a count of %d customers beside %d is out of range", more, total)
	}
	return nil
}

// NewPopulation returns an empty population for a scheme.
func (s *Scheme) NewPopulation() *Population { return &Population{scheme: s} }

// Customers returns the number of customers counted.
func (p *Population) Customers() int64 { return p.money.n }

// made makes sure that the population is not the zero one, which nothing could be measured by.
func (p *Population) made() error {
	if p == nil || p.scheme == nil {
		return errors.New("rfm: population: has no scheme")
	}
	return nil
}

// snapshot returns the population as it is now, whatever is counted later. Columns only grow, so the part
// there is can be shared.
func (p *Population) snapshot() *Population {
	return &Population{p.scheme, p.days.clone(), p.count.clone(), p.money.clip(), slices.Clip(p.joint)}
}

// Add counts one customer.
func (p *Population) Add(v Values) error {
	if err := p.made(); err != nil {
		return err
	}
	m, err := p.scheme.measured(v)
	if err != nil {
		return err
	}
	return p.add(m, 1)
}

func (p *Population) add(m measured, n int64) error {
	if err := room(max(p.days.n, p.count.n, p.money.n), n); err != nil {
		return fmt.Errorf("rfm: population: %w", err)
	}
	p.days.add(m.days, n)
	p.count.add(m.count, n)
	p.money.add(m.money, n)
	if p.scheme.config.Nested {
		p.joint = append(p.joint, pair{m.days, m.count})
	}
	return nil
}

// Count counts n customers with the same value in one dimension, which is what a GROUP BY of the value
// gives; value is divided by per, zero meaning one, in the monetary dimension only. In the end all three
// dimensions must have counted the same number of customers. A nested scheme needs customers one by one,
// see [Population.Add].
func (p *Population) Count(d Dimension, value decimal.Decimal, per, n int64) error {
	if err := p.made(); err != nil {
		return err
	}
	if d > Monetary {
		return fmt.Errorf("rfm: population: no dimension has the number %d", d)
	}
	v, err := p.scheme.ratio(d, value, per)
	if err == nil {
		err = room([]int64{p.days.n, p.count.n, p.money.n}[d], n)
	}
	switch {
	case err != nil:
		return fmt.Errorf("rfm: %v: %w", d, err)
	case p.scheme.config.Nested:
		return errors.New("rfm: a nested scheme needs all three values of a customer together")
	case d == Monetary:
		p.money.add(v, n)
	case v.den != 1 || v.num < 0 || d == Frequency && v.num == 0:
		return fmt.Errorf("rfm: %v: is not a whole number of days or orders", d)
	case d == Recency:
		p.days.add(v.num, n)
	default:
		p.count.add(v.num, n)
	}
	return nil
}

// Merge adds another population of a scheme that measures alike, as of the same day.
func (p *Population) Merge(o *Population) error {
	for _, one := range []*Population{p, o} {
		if err := one.made(); err != nil {
			return err
		}
	}
	if err := p.scheme.alike(o.scheme); err != nil {
		return err
	}
	for d, n := range [][2]int64{{p.days.n, o.days.n}, {p.count.n, o.count.n}, {p.money.n, o.money.n}} {
		if n[1] > maxPopulation-n[0] {
			return fmt.Errorf("rfm: %v: %d and %d customers are too many", Dimension(d), n[0], n[1])
		}
	}
	for v, n := range o.days.all() {
		p.days.add(v, n)
	}
	for v, n := range o.count.all() {
		p.count.add(v, n)
	}
	for i := range o.money.num {
		p.money.add(o.money.at(i))
	}
	p.joint = append(p.joint, o.joint...)
	return nil
}

// alike checks that two schemes measure the same, so that their populations may meet.
func (s *Scheme) alike(o *Scheme) error {
	a, b := s.config, o.config
	differ := func(field string, x, y any) error {
		return fmt.Errorf("rfm: %s: %v and %v do not go together", field, x, y)
	}
	switch {
	case a.Zone != b.Zone:
		return differ("zone", a.Zone, b.Zone)
	case a.Currency != b.Currency:
		return differ("currency", a.Currency, b.Currency)
	case a.Scale != b.Scale:
		return differ("scale", a.Scale, b.Scale)
	case a.KeepRefunded != b.KeepRefunded:
		return differ("keep_refunded", a.KeepRefunded, b.KeepRefunded)
	case a.Frequency != b.Frequency:
		return differ("frequency", a.Frequency, b.Frequency)
	case a.Monetary != b.Monetary:
		return differ("monetary", a.Monetary, b.Monetary)
	case a.Nested != b.Nested:
		return differ("nested", a.Nested, b.Nested)
	}
	return nil
}

// Share is how many customers have a value.
type Share struct {
	Value     decimal.Decimal `json:"value"`
	Per       int64           `json:"per,omitzero"` // what Value is divided by; zero means one
	Customers int64           `json:"customers"`
}

// Histogram yields the distinct values of a dimension, smallest first, with their customers.
func (p *Population) Histogram(d Dimension) iter.Seq[Share] {
	return func(yield func(Share) bool) {
		switch d {
		case Recency, Frequency:
			t := &p.days
			if d == Frequency {
				t = &p.count
			}
			for v, n := range t.all() {
				if !yield(Share{Value: decimal.NewFromInt(v), Customers: n}) {
					return
				}
			}
		case Monetary:
			for _, r := range p.rows(func(a, b joined) int { return a.money.compare(b.money) }) {
				amount, per := r.money.amount(p.scheme.config.Scale)
				if !yield(Share{amount, per, r.n}) {
					return
				}
			}
		}
	}
}

// joined is a value of the monetary column with all that is known beside it.
type joined struct {
	measured
	n int64
}

// rows returns the monetary column sorted, equal rows counted together.
func (p *Population) rows(compare func(a, b joined) int) []joined {
	rows := make([]joined, 0, len(p.money.num))
	for i := range p.money.num {
		v, n := p.money.at(i)
		r := joined{measured{money: v.reduced()}, n}
		if p.joint != nil {
			r.days, r.count = p.joint[i].days, p.joint[i].count
		}
		rows = append(rows, r)
	}
	slices.SortFunc(rows, compare)
	merged := rows[:0]
	for _, r := range rows {
		if last := len(merged) - 1; last >= 0 && compare(merged[last], r) == 0 {
			merged[last].n += r.n
		} else {
			merged = append(merged, r)
		}
	}
	return merged
}

func (r ratio) compare(o ratio) int {
	switch a, b := r.point(), o.point(); {
	case a.less(b):
		return -1
	case b.less(a):
		return 1
	default:
		return 0
	}
}

// check makes sure that all three dimensions speak of the same customers.
func (p *Population) check() error {
	if n := p.money.n; p.days.n != n || p.count.n != n {
		return fmt.Errorf("rfm: population: %d customers have a recency, %d a frequency and %d a monetary value", p.days.n, p.count.n, n)
	}
	return nil
}
