package main

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"
)

// The simulated shop sells two years long, online and at a counter, in China.
const (
	simulatedZone     = "Asia/Shanghai"
	simulatedCurrency = "CNY"
)

var (
	simulatedFrom = day{2024, time.January, 1}
	simulatedDays = 731
	// For 618 and 双11 people wait; in the Spring Festival weeks the couriers are at home.
	sales    = []span{{day{2024, 6, 16}, 3}, {day{2024, 11, 10}, 2}, {day{2025, 6, 16}, 3}, {day{2025, 11, 10}, 2}}
	holidays = []span{{day{2024, 2, 8}, 10}, {day{2025, 1, 27}, 10}}
	// Prices in fen.
	prices  = []int64{990, 1990, 2990, 3990, 5900, 8900, 12900, 19900, 29900, 69900}
	regions = []string{"GD", "ZJ", "JS", "SH", "BJ", "SD", "SC", "FJ", "HB", "HN"}
)

type day struct {
	year  int
	month time.Month
	day   int
}

func (d day) time(loc *time.Location) time.Time {
	return time.Date(d.year, d.month, d.day, 0, 0, 0, 0, loc)
}

// simulate returns the order book of a shop with so many customers, the same for the same seed, sorted
// by time. Buyers are heavy-tailed: most come once or twice, a few come every week.
func simulate(seed uint64, customers int, loc *time.Location) []entry {
	s := simulation{rng: rand.New(rand.NewPCG(seed, seed)), loc: loc}
	for c := range customers {
		s.customer(c)
	}
	s.strangers(customers / 5)
	slices.SortStableFunc(s.book, func(a, b entry) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
	for i := range s.book {
		s.book[i].place = fmt.Sprintf("simulated line %d", i+1)
	}
	return s.book
}

type simulation struct {
	rng    *rand.Rand
	loc    *time.Location
	book   []entry
	orders int
}

// span is some days in a row.
type span struct {
	from day
	days int
}

// number returns the span's first day, counted from the first day of the simulation.
func (f span) number() int {
	utc := func(d day) time.Time { return d.time(time.UTC) }
	return int(utc(f.from).Sub(utc(simulatedFrom)) / (24 * time.Hour))
}

// season moves an order that was due on a day to the day it is made: half of those due in the three
// weeks before a sale wait for it, most of those due in a holiday are not made at all.
func (s *simulation) season(due int) (on int, made bool) {
	for _, f := range sales {
		if first := f.number(); first-21 <= due && due < first && s.rng.Float64() < 0.5 {
			return first + s.rng.IntN(f.days), true
		}
	}
	for _, f := range holidays {
		if first := f.number(); first <= due && due < first+f.days {
			return due, s.rng.Float64() < 0.3
		}
	}
	return due, true
}

func (s *simulation) customer(n int) {
	who := entry{Customer: fmt.Sprintf("c%05d", n+1), Channel: "online"}
	if s.rng.Float64() < 0.3 {
		who.Channel = "counter"
	}
	if who.Channel == "online" || s.rng.Float64() < 0.5 {
		who.Region = regions[min(int(s.rng.ExpFloat64()*2.5), len(regions)-1)]
	}
	switch {
	case n%200 == 199:
		who.Birthday = "02-29"
	case s.rng.Float64() < 0.6:
		born := day{2000, 1, 1}.time(s.loc).AddDate(0, 0, s.rng.IntN(366))
		who.Birthday = born.Format("01-02")
	}
	gap := 6 + 90*s.rng.ExpFloat64()*s.rng.ExpFloat64() // mean days between two orders
	leave := 0.05 + 0.5*s.rng.Float64()*s.rng.Float64() // chance that an order was the last one
	budget := 1 + int64(2*s.rng.ExpFloat64())
	for at := float64(simulatedDays) * s.rng.Float64(); int(at) < simulatedDays; at += gap * s.rng.ExpFloat64() {
		on, made := s.season(int(at))
		if !made {
			continue
		}
		s.sell(who, on, budget)
		if s.rng.Float64() < leave {
			return
		}
	}
}

// strangers pay at the counter and leave no name.
func (s *simulation) strangers(n int) {
	for range n {
		s.sell(entry{Channel: "counter"}, s.rng.IntN(simulatedDays), 1)
	}
}

func (s *simulation) sell(who entry, dayNumber int, budget int64) {
	s.orders++
	e := who
	e.ID = fmt.Sprintf("o%06d", s.orders)
	e.Kind = sale
	e.At = simulatedFrom.time(s.loc).AddDate(0, 0, dayNumber).
		Add(9*time.Hour + time.Duration(s.rng.Int64N(int64(13*time.Hour/time.Second)))*time.Second)
	var cents int64
	for range 1 + s.rng.IntN(3) {
		pieces := 1 + s.rng.Int64N(budget)
		cents += pieces * prices[min(int(s.rng.ExpFloat64()*2.2), len(prices)-1)]
		e.Units += pieces
	}
	e.Amount = decimal.New(cents, -2)
	s.book = append(s.book, e)
	if e.Customer != "" && s.rng.Float64() < 0.06 {
		s.giveBack(e, cents)
	}
}

func (s *simulation) giveBack(of entry, cents int64) {
	back := of
	back.ID, back.RefundOf, back.Kind = "r"+of.ID[1:], of.ID, refund
	back.At = of.At.Add(time.Duration(1+s.rng.IntN(15*24*60)) * time.Minute)
	if s.rng.Float64() < 0.5 && cents > 2000 { // one thing went back, not all
		cents, back.Units = cents/3, 1
	}
	back.Amount, back.Units = decimal.New(-cents, -2), -back.Units
	if back.At.Before(simulatedFrom.time(s.loc).AddDate(0, 0, simulatedDays)) {
		s.book = append(s.book, back)
	}
}

// simulatedName names the source in the database and the report.
func simulatedName(seed uint64, customers int) string {
	return "a simulated shop, seed " + strconv.FormatUint(seed, 10) + ", " + strconv.Itoa(customers) + " customers"
}
