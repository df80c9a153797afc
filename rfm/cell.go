package rfm

import (
	"errors"
	"fmt"
	"math"

	"github.com/regulars-go/regulars/internal/fixed"
)

// cell is a Summary in the form the inner loops add to: money in minor units, days as numbers.
type cell struct {
	gross        int64
	orders, days uint32
	first, last  int32
	gap          int32
	unsure       bool // days and gap are not known
	refunds      int64
	units        int64
}

var (
	errTooMuch = errors.New("rfm: the sum of one customer's money or orders is out of range")
	// ErrDays reports a day between others of which nobody can say any more whether it had an order
	// already, so that neither active days nor the last gap are known. Keep the days ([Config].KeepDays)
	// or bring the orders oldest first.
	ErrDays = errors.New("rfm: orders lie between days that were not kept")
)

// tick is one thing to count: money of an order, or money given back.
type tick struct {
	money int64 // zero or more, in minor units
	day   int32
	units int32 // of a qualifying order; else one of the two below
}

const (
	notQualifying = -1 // an order that counts in money alone
	givenBack     = -2 // refunds and credits
)

func refund(money int64) tick { return tick{money: money, units: givenBack} }

// packed is a tick in eight bytes, for memory is the bottleneck: its day, its units and its money. The few
// ticks that do not fit stand in a list beside.
type packed uint64

const (
	moneyBits, unitBits, dayBits = 37, 11, 16

	dayBias   = 1 << (dayBits - 1) // days from 1880 to 2059 fit
	isWide    = 1<<unitBits - 1    // in the place of the units; that of the money is then a place in the list
	moneyMask = 1<<moneyBits - 1
)

func (t tick) pack(wide *[]tick) packed {
	day, units, money := uint32(t.day+dayBias), uint32(t.units-givenBack), uint64(t.money)
	if day>>dayBits > 0 || units >= isWide || money > moneyMask {
		*wide = append(*wide, t)
		return isWide<<moneyBits | packed(len(*wide)-1)
	}
	return packed(day)<<(moneyBits+unitBits) | packed(units)<<moneyBits | packed(money)
}

func (p packed) unpack(wide []tick) tick {
	units := int32(p >> moneyBits & isWide)
	if units == isWide {
		return wide[p&moneyMask]
	}
	return tick{int64(p & moneyMask), int32(p>>(moneyBits+unitBits)) - dayBias, units + givenBack}
}

// add counts a tick. It refuses what overflows and leaves the cell as it was.
func (c *cell) add(t tick) error {
	if t.units == givenBack {
		sum := c.refunds + t.money
		if sum < 0 {
			return errTooMuch
		}
		c.refunds = sum
		return nil
	}
	sum := c.gross + t.money
	if sum < 0 || c.orders == math.MaxUint32 {
		return errTooMuch
	}
	c.gross = sum
	if t.units == notQualifying {
		return nil
	}
	c.orders++
	if t.units != 0 {
		c.units += int64(t.units) // 2^32 orders of 2^31 pieces do not overflow
	}
	c.addDay(t.day)
	return nil
}

// addDay counts an active day. Days that come in order, or again, or beyond either end, or within the
// last gap leave nothing open; a day strictly between others may or may not be there already.
func (c *cell) addDay(d int32) {
	if d >= c.last && c.orders > 1 && !c.unsure { // the usual; whether the day is a new one could not be foreseen
		days, gap := c.days, c.gap
		if d != c.last {
			gap = d - c.last
		}
		if d != c.last {
			days++
		}
		c.last, c.days, c.gap = d, days, gap
		return
	}
	switch {
	case c.orders == 1:
		c.first, c.last, c.days = d, d, 1
	case d == c.last || d == c.first:
	case c.unsure:
		c.first, c.last = min(c.first, d), max(c.last, d)
	case d < c.first:
		if c.days == 1 {
			c.gap = c.last - d
		}
		c.first = d
		c.days++
	case d > c.last-c.gap:
		c.gap = c.last - d
		c.days++
	case d < c.last-c.gap:
		c.unsure = true
	}
}

// setDays replaces all that is known of days by the list of them, sorted and distinct.
func (c *cell) setDays(days []int32) {
	n := len(days)
	c.days, c.gap, c.unsure = uint32(n), 0, false
	if n > 0 && (c.first != days[0] || c.last != days[n-1]) { // scores may be reading them
		c.first, c.last = days[0], days[n-1]
	}
	if n > 1 {
		c.gap = days[n-1] - days[n-2]
	}
}

func (c *cell) net() int64 { return c.gross - c.refunds } // both are zero or more

// summary returns the cell as a Summary in major units.
func (c *cell) summary(scale int) Summary {
	return Summary{
		Orders: int64(c.orders), ActiveDays: int64(c.days),
		First: Day(c.first), Last: Day(c.last), LastGap: c.gap,
		Net: fixed.Decimal(c.net(), scale), Gross: fixed.Decimal(c.gross, scale), Refunds: fixed.Decimal(c.refunds, scale),
		Units: c.units,
	}
}

// cell checks a Summary and returns it in minor units. Gross and Refunds may be missing where SQL only
// knows the net; they are then made of it.
func (s *Scheme) cell(sum Summary) (cell, error) {
	var c cell
	net, err := s.minor("net", sum.Net)
	if err != nil {
		return c, err
	}
	if c.gross, err = s.minor("gross", sum.Gross); err != nil {
		return c, err
	}
	if c.refunds, err = s.minor("refunds", sum.Refunds); err != nil {
		return c, err
	}
	if c.gross == 0 && c.refunds == 0 {
		c.gross, c.refunds = max(net, 0), max(-net, 0)
	}
	switch {
	case c.gross < 0 || c.refunds < 0 || c.net() != net:
		return c, fmt.Errorf("rfm: net: is not gross less refunds, each zero or more")
	case sum.Orders < 0 || sum.Orders > math.MaxUint32:
		return c, fmt.Errorf("rfm: orders: %d is out of range", sum.Orders)
	case sum.Orders == 0 && (sum.ActiveDays != 0 || sum.LastGap != 0 || sum.Units != 0 || len(sum.Days) > 0):
		return c, fmt.Errorf("rfm: orders: none, but days, a gap or units are given")
	case sum.Units < 0:
		return c, fmt.Errorf("rfm: units: below zero")
	}
	c.orders, c.units = uint32(sum.Orders), sum.Units
	if sum.Orders == 0 {
		return c, nil
	}
	c.first, c.last = int32(sum.First), int32(sum.Last)
	if sum.Last < sum.First {
		return c, fmt.Errorf("rfm: last: %v is before the first day, %v", sum.Last, sum.First)
	}
	c.days, c.gap = uint32(sum.ActiveDays), sum.LastGap
	c.unsure = sum.ActiveDays == 0 || sum.ActiveDays > 1 && sum.LastGap == 0
	if sum.ActiveDays == 0 && sum.LastGap == 0 && len(sum.Days) == 0 {
		return c, nil
	}
	return c, checkDays(sum)
}

func checkDays(s Summary) error {
	span := int64(s.Last) - int64(s.First)
	switch {
	case s.ActiveDays < 1 || s.ActiveDays > s.Orders || s.ActiveDays > span+1:
		return fmt.Errorf("rfm: active_days: %d do not fit %d orders on %v to %v", s.ActiveDays, s.Orders, s.First, s.Last)
	case s.ActiveDays == 1 && (span != 0 || s.LastGap != 0):
		return fmt.Errorf("rfm: last: one active day, but first and last or the gap differ")
	case s.ActiveDays > 1 && s.LastGap == 0 && len(s.Days) == 0:
		return nil // not known
	case s.ActiveDays > 1 && (s.LastGap < 1 || int64(s.LastGap) > span-(s.ActiveDays-2)):
		return fmt.Errorf("rfm: last_gap: %d days do not fit %d active days on %v to %v", s.LastGap, s.ActiveDays, s.First, s.Last)
	case s.ActiveDays == 2 && int64(s.LastGap) != span:
		return fmt.Errorf("rfm: last_gap: %d days, but the two active days are %d apart", s.LastGap, span)
	case len(s.Days) == 0:
		return nil
	}
	n := len(s.Days)
	rises := true
	for i := 1; i < n; i++ {
		rises = rises && s.Days[i-1] < s.Days[i]
	}
	if !rises || int64(n) != s.ActiveDays || s.Days[0] != s.First || s.Days[n-1] != s.Last ||
		n > 1 && int32(s.Days[n-1]-s.Days[n-2]) != s.LastGap {
		return fmt.Errorf("rfm: days: do not agree with the active days, the first, the last or the gap")
	}
	return nil
}
