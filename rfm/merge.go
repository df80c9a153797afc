package rfm

import (
	"fmt"
	"math"
	"slices"

	"github.com/regulars-go/regulars/internal/fixed"
)

// Add returns a summary with one more order counted, as far as the window sees it. Where the order lies
// between days that the summary did not keep it is refused with [ErrDays]. The summary must be of the
// same scheme and window. For many orders use [Summarize].
func Add[K comparable](s *Scheme, w Window, sum Summary, o Order[K]) (Summary, error) {
	in, err := s.intake(w)
	if err != nil {
		return Summary{}, err
	}
	t, back, ok, err := in.take(o.At, o.Amount, o.Units, o.Refunds)
	if err != nil {
		return Summary{}, fmt.Errorf("rfm: order.%w", err)
	}
	if !ok {
		return sum, nil
	}
	var one cell
	if err := one.add(t); err != nil {
		return Summary{}, err
	}
	if err := one.add(refund(back)); err != nil {
		return Summary{}, err
	}
	other := one.summary(s.config.Scale)
	if one.orders > 0 && (sum.Orders == 0 || len(sum.Days) > 0) {
		other.Days = []Day{other.First}
	}
	if sum, err = s.Merge(sum, other); err == nil && !s.config.KeepDays {
		sum.Days = nil
	}
	return sum, err
}

// Merge returns the summary of the orders of two summaries of one customer, which must share no order:
// two shops, or yesterday's summary and today's. It is exact, commutative and associative, or it refuses:
// where the days of one lie between the days of the other, active days and the last gap can only be
// known if both kept their days, else the error is [ErrDays].
func (s *Scheme) Merge(a, b Summary) (Summary, error) {
	x, err := s.cell(a)
	if err != nil {
		return Summary{}, err
	}
	y, err := s.cell(b)
	if err != nil {
		return Summary{}, err
	}
	days, err := x.merge(y, dayNumbers(a.Days), dayNumbers(b.Days))
	if err != nil {
		return Summary{}, err
	}
	sum := x.summary(s.config.Scale)
	for _, d := range days {
		sum.Days = append(sum.Days, Day(d))
	}
	return sum, nil
}

func dayNumbers(days []Day) []int32 {
	numbers := make([]int32, len(days))
	for i, d := range days {
		numbers[i] = int32(d)
	}
	return numbers
}

// merge adds another cell, given the lists of days of both where they were kept, and returns the list of
// both together, if both have one. It refuses what overflows or cannot be known, and leaves the cell as
// it was.
func (c *cell) merge(o cell, own, others []int32) ([]int32, error) {
	m := *c
	var err [3]error
	m.gross, err[0] = fixed.Add(c.gross, o.gross)
	m.refunds, err[1] = fixed.Add(c.refunds, o.refunds)
	m.units, err[2] = fixed.Add(c.units, o.units)
	orders := uint64(c.orders) + uint64(o.orders)
	if err != [3]error{} || orders > math.MaxUint32 {
		return nil, errTooMuch
	}
	m.orders = uint32(orders)
	days := slices.Concat(own, others)
	switch {
	case o.orders == 0:
	case c.orders == 0:
		m.first, m.last, m.gap, m.days, m.unsure = o.first, o.last, o.gap, o.days, o.unsure
	case len(own) > 0 && len(others) > 0:
		slices.Sort(days)
		days = slices.Compact(days)
		m.setDays(days)
	default:
		days = nil
		if !m.mergeDays(*c, o) {
			return nil, ErrDays
		}
	}
	*c = m
	return days, nil
}

// mergeDays merges what is known of days without lists, if that is enough. Of a cell three days are known:
// the first, the last but one and the last. All others lie in the dark between the first two, where no day
// of the other cell may be, for it could be one of them. The last two days of both are known ones.
func (c *cell) mergeDays(a, b cell) bool {
	if a.unsure || b.unsure {
		return false
	}
	var known []int32
	dark := uint32(0)
	for _, pair := range [2][2]cell{{a, b}, {b, a}} {
		own, other := pair[0], pair[1]
		known = append(known, own.first, own.last-own.gap, own.last)
		if own.days <= 3 {
			continue
		}
		dark += own.days - 3
		if other.days > 3 && other.first == own.first {
			return false
		}
		for _, d := range []int32{other.first, other.last - other.gap, other.last} {
			if own.first < d && d < own.last-own.gap {
				return false
			}
		}
	}
	slices.Sort(known)
	c.setDays(slices.Compact(known))
	c.days += dark
	return true
}
