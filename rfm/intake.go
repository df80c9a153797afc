package rfm

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/internal/civil"
	"github.com/regulars-go/regulars/internal/fixed"
)

// Report counts what was read and what was left out, and why.
type Report struct {
	// Orders is the number of orders and credits read.
	Orders int64 `json:"orders"`
	// Qualifying is the number of orders that count in recency and frequency.
	Qualifying int64 `json:"qualifying"`
	// Credits is the number of refunds without an order within the window.
	Credits int64 `json:"credits"`
	// Free orders had the amount zero; Refunded ones had nothing left after refunds. Neither qualifies.
	Free     int64 `json:"free"`
	Refunded int64 `json:"refunded"`
	// Early and Future are orders and credits before and after the window, FutureRefunds the refunds of
	// counted orders that had not happened yet. All of them are left out whole.
	Early         int64 `json:"early"`
	Future        int64 `json:"future"`
	FutureRefunds int64 `json:"future_refunds"`
	// Customers is the number of customers with anything in the window, Prospects those of them without
	// a qualifying order: they are not scored.
	Customers int64 `json:"customers"`
	Prospects int64 `json:"prospects"`
	// Pieceless is the number of customers with qualifying orders but no pieces, where [MeanPiece] divides
	// by them: they are not scored either.
	Pieceless int64 `json:"pieceless,omitzero"`
}

func (r *Report) plus(o Report) {
	r.Orders += o.Orders
	r.Qualifying += o.Qualifying
	r.Credits += o.Credits
	r.Free += o.Free
	r.Refunded += o.Refunded
	r.Early += o.Early
	r.Future += o.Future
	r.FutureRefunds += o.FutureRefunds
	r.Customers += o.Customers
	r.Prospects += o.Prospects
	r.Pieceless += o.Pieceless
}

// moment is an instant in the microseconds that everything here is compared in.
type moment struct {
	second int64
	micro  int32
}

func momentOf(t time.Time) moment { return moment{t.Unix(), int32(t.Nanosecond() / 1000)} }

func (m moment) before(o moment) bool {
	return m.second < o.second || m.second == o.second && m.micro < o.micro
}

// Years 1 to 9999: beyond them an instant is a mistake, and its day could not be written.
var firstDay, lastDay = Date(1, 1, 1), Date(9999, 12, 31)

const (
	firstSecond = -62_135_596_800
	lastSecond  = 253_402_300_799
	fullDay     = 24 * 60 * 60 // no zone is further from UTC
)

var (
	errNoInstant = errors.New("is missing")
	errFarAway   = errors.New("is outside the years 1 to 9999")
)

// checkInstant makes sure that an instant lies in a year from 1 to 9999 both in UTC and in the zone.
func (s *Scheme) checkInstant(t time.Time) error { return checkInstant(t, s.zone) }

func checkInstant(t time.Time, zone *time.Location) error {
	if t.IsZero() {
		return errNoInstant
	}
	if !edge(t.Unix()) {
		return nil
	}
	if s := t.Unix(); s < firstSecond || s > lastSecond {
		return errFarAway
	}
	if d := DayOf(t, zone); d < firstDay || d > lastDay {
		return errFarAway
	}
	return nil
}

// edge reports whether an instant lies within a day of those that are refused, or beyond.
func edge(second int64) bool { return second < firstSecond+fullDay || second > lastSecond-fullDay }

// intake turns orders into ticks, for one goroutine.
type intake struct {
	zone         *time.Location
	clock        civil.Clock
	from, at     moment
	scale        int
	keepRefunded bool
	report       Report
}

func (s *Scheme) intake(w Window) (intake, error) {
	if err := s.checkInstant(w.At); err != nil {
		return intake{}, fmt.Errorf("rfm: window: at: %w", err)
	}
	in := intake{
		zone: s.zone, clock: civil.NewClock(s.zone), from: moment{second: firstSecond}, at: momentOf(w.At),
		scale: s.config.Scale, keepRefunded: s.config.KeepRefunded,
	}
	if !w.From.IsZero() {
		if err := s.checkInstant(w.From); err != nil {
			return intake{}, fmt.Errorf("rfm: window: from: %w", err)
		}
		if in.from = momentOf(w.From); !in.from.before(in.at) {
			return intake{}, errors.New("rfm: window: from: is not before at")
		}
	}
	return in, nil
}

// take reads one order: what there is to count of it, unless ok is false, and how much was given back of
// it, if anything. The error lacks the order's place.
func (in *intake) take(at time.Time, amount decimal.Decimal, units int32, refunds []Refund) (t tick, back int64, ok bool, err error) {
	second := at.Unix()
	if edge(second) {
		if err := checkInstant(at, in.zone); err != nil {
			return t, 0, false, fmt.Errorf("at: %w", err)
		}
	}
	money, err := fixed.Minor(amount, in.scale)
	if err == nil && money == math.MinInt64 {
		err = fixed.ErrRange
	}
	if err != nil {
		return t, 0, false, fmt.Errorf("amount: %w", err)
	}
	if units < 0 && money >= 0 {
		return t, 0, false, errors.New("units: below zero")
	}
	var r refunded
	if len(refunds) > 0 {
		if r, err = in.refunded(money, units, refunds); err != nil {
			return t, 0, false, err
		}
	}
	in.report.Orders++
	if second >= in.at.second && !momentOf(at).before(in.at) {
		in.report.Future++
		return t, 0, false, nil
	}
	if second <= in.from.second && momentOf(at).before(in.from) {
		in.report.Early++
		return t, 0, false, nil
	}
	switch {
	case money > r.money || money > 0 && in.keepRefunded:
		in.report.Qualifying++
		if units -= int32(r.units); r.units > 0 && money > r.money {
			units = max(1, units) // money was kept, so at least one piece was
		}
		t = tick{money, int32(in.clock.Day(at)), units}
	case money > 0:
		in.report.Refunded++
		t = tick{money: money, units: notQualifying}
	case money == 0:
		in.report.Free++
		t = tick{units: notQualifying}
	default:
		in.report.Credits++
		t = tick{money: -money, units: givenBack}
	}
	in.report.FutureRefunds += r.later
	return t, r.money, true, nil
}

// refunded is what was given back of an order before the as-of instant.
type refunded struct{ money, units, later int64 }

// refunded checks all refunds of an order, and adds up those that count.
func (in *intake) refunded(money int64, units int32, refunds []Refund) (sum refunded, err error) {
	if money < 0 {
		return sum, errors.New("refunds: a credit has none")
	}
	for i, r := range refunds {
		if err := checkInstant(r.At, in.zone); err != nil {
			return sum, fmt.Errorf("refunds[%d].at: %w", i, err)
		}
		amount, err := fixed.Minor(r.Amount, in.scale)
		if err == nil && amount < 0 {
			err = errors.New("below zero")
		}
		if err != nil {
			return sum, fmt.Errorf("refunds[%d].amount: %w", i, err)
		}
		if r.Units < 0 {
			return sum, fmt.Errorf("refunds[%d].units: below zero", i)
		}
		if !momentOf(r.At).before(in.at) {
			sum.later++
			continue
		}
		if sum.money, err = fixed.Add(sum.money, amount); err != nil {
			return sum, fmt.Errorf("refunds[%d].amount: %w", i, err)
		}
		sum.units += int64(r.Units)
	}
	if units > 0 && sum.units > int64(units) {
		return sum, errors.New("refunds: more units came back than were bought")
	}
	if units == 0 {
		sum.units = 0 // pieces were not counted
	}
	return sum, nil
}

func (s *Scheme) minor(field string, d decimal.Decimal) (int64, error) {
	n, err := fixed.Minor(d, s.config.Scale)
	if err != nil {
		return 0, fmt.Errorf("rfm: %s: %w (scale %d)", field, err, s.config.Scale)
	}
	return n, nil
}
