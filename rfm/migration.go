package rfm

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
)

// Cause is why a customer is in another group than before.
type Cause uint8

// The causes.
const (
	// Stayed is no move.
	Stayed Cause = iota
	// ByTime is a move that waiting alone would have brought: without any change in the customer's
	// orders, the old thresholds would have put them into that group at some day up to the second date.
	ByTime
	// ByOrder is any other move that the old thresholds would have made: an order was placed, taken back,
	// merged from another account, or fell out of the window.
	ByOrder
	// ByThresholds is a move to where the old thresholds would not have put the customer.
	ByThresholds
	// Appeared is a customer of the second date alone, Vanished one of the first alone.
	Appeared
	Vanished
)

var causeLabels = [...]label{
	Stayed:       {"stayed", "Stayed", "未变"},
	ByTime:       {"time", "Moved by time", "时间推移"},
	ByOrder:      {"order", "Moved by an order", "订单变化"},
	ByThresholds: {"thresholds", "Moved by new thresholds", "阈值调整"},
	Appeared:     {"appeared", "Appeared", "新增"},
	Vanished:     {"vanished", "Vanished", "消失"},
}

// String returns the cause's word, as JSON has it: "thresholds".
func (c Cause) String() string { return word(causeLabels[:], "Cause", c) }

// Text returns the cause's name for people: in Chinese where lang is zh or begins with zh-, and else in
// English.
func (c Cause) Text(lang string) string { return text(causeLabels[:], c, lang) }

// MarshalText writes the cause's word, and refuses a value that is no cause.
func (c Cause) MarshalText() ([]byte, error) { return marshalWord(causeLabels[:], "cause", c) }

// UnmarshalText reads a cause's word exactly as [Cause.String] writes it.
func (c *Cause) UnmarshalText(b []byte) error { return unmarshalWord(causeLabels[:], "cause", c, b) }

// Snapshot is the customers of a shop as of one day; [Customers] is one. The same customer has the same
// key in all snapshots.
type Snapshot[K comparable] interface {
	AsOf() Day
	All() iter.Seq2[K, Summary]
	Of(K) (Summary, bool)
}

// Thresholds say which group a customer was in under the old thresholds and is in under the new. The groups
// may be anything that has a name: states of a lifecycle ([Lifecycle.State] is such a function), keys of
// segments, or scores as text.
type Thresholds[L cmp.Ordered] struct {
	// Old and New return the group of a summary as of a day. Where nothing was fitted anew they are the
	// same function. Both are required, and must answer the same question in the same way every time.
	Old, New func(Summary, Day) (L, error)
	// Keep, where it is not nil, returns the group in which a customer really is after New: a shop with
	// hysteresis keeps some where they were. It is given their group before, and both summaries.
	Keep func(was L, before, after Summary, on Day) (L, error)
}

// Migration is how customers moved between groups from one day to another. The numbers of all moves add
// up to the customers of both days together, each counted once.
type Migration[L cmp.Ordered] struct {
	From  Day       `json:"from"`
	To    Day       `json:"to"`
	Moves []Move[L] `json:"moves"`
	// Held are customers whom the new thresholds would have put into the group To and hysteresis keeps in
	// the group From. They are among Moves as well, with what became of them.
	Held []Move[L] `json:"held,omitempty"`
}

// Move is a number of customers who were in one group and are in another for the same cause. From is the
// zero group where they appeared, To where they vanished.
type Move[L cmp.Ordered] struct {
	From      L     `json:"from"`
	To        L     `json:"to"`
	Cause     Cause `json:"cause"`
	Customers int64 `json:"customers"`
}

// Migrate compares two snapshots of a shop and says for every customer who is in another group whether
// they moved by time, by an order, or by new thresholds. Moves are sorted by From, To and Cause, whatever
// order the customers come in.
//
// A customer whose orders changed is labelled for every day between the two until their group is found, so
// the effort grows with the days for those who moved.
func Migrate[K comparable, L cmp.Ordered](before, after Snapshot[K], by Thresholds[L]) (*Migration[L], error) {
	m := &Migration[L]{From: before.AsOf(), To: after.AsOf()}
	switch {
	case by.Old == nil || by.New == nil:
		return nil, errors.New("rfm: migration: both the old and the new thresholds are required")
	case m.From > m.To:
		return nil, fmt.Errorf("rfm: migration: the first day, %v, lies after the second, %v", m.From, m.To)
	}
	moves, held := map[Move[L]]int64{}, map[Move[L]]int64{}
	for key, now := range after.All() {
		was, known := before.Of(key)
		move, free, err := by.move(was, known, now, m.From, m.To)
		if err != nil {
			return nil, fmt.Errorf("rfm: migration: %w", err)
		}
		moves[move]++
		if free != move.To {
			held[Move[L]{From: move.To, To: free, Cause: ByThresholds}]++
		}
	}
	for key, was := range before.All() {
		if _, still := after.Of(key); still {
			continue
		}
		label, err := by.Old(was, m.From)
		if err != nil {
			return nil, fmt.Errorf("rfm: migration: %w", err)
		}
		moves[Move[L]{From: label, Cause: Vanished}]++
	}
	m.Moves, m.Held = sorted(moves), sorted(held)
	return m, nil
}

// MigrateStates is [Migrate] for lifecycle states, with the hysteresis of the new lifecycle. Where nothing
// was fitted anew the two are the same.
func MigrateStates[K comparable](before, after Snapshot[K], old, fitted *Lifecycle) (*Migration[State], error) {
	return Migrate(before, after, Thresholds[State]{
		Old: old.State,
		New: fitted.State,
		Keep: func(was State, before, after Summary, on Day) (State, error) {
			now, err := fitted.Update(Standing{was, before.ActiveDays, before.Last}, after, on)
			return now.State, err
		},
	})
}

// MigrateSegments is [Migrate] for the keys of segments, with the scores of an old model and of a new one.
// Prospects have the key "". Where nothing was fitted anew the two models are the same.
func MigrateSegments[K comparable](before, after Snapshot[K], old, fitted *Model, segments *Segments) (*Migration[string], error) {
	if !segments.Fits(old.scheme) || !segments.Fits(fitted.scheme) {
		return nil, errors.New("rfm: migration: the segments are made for other numbers of scores than the models")
	}
	keys := func(m *Model) func(Summary, Day) (string, error) {
		return func(s Summary, on Day) (string, error) {
			score, err := m.Score(s, on)
			return segments.Key(score), err
		}
	}
	return Migrate(before, after, Thresholds[string]{Old: keys(old), New: keys(fitted)})
}

// move returns how one customer moved, and the group they would be in without hysteresis.
func (by *Thresholds[L]) move(was Summary, known bool, now Summary, from, to Day) (m Move[L], free L, err error) {
	if free, err = by.New(now, to); err != nil {
		return m, free, err
	}
	if m.To = free; !known {
		m.Cause = Appeared
		return m, free, nil
	}
	if m.From, err = by.Old(was, from); err != nil {
		return m, free, err
	}
	if by.Keep != nil {
		if m.To, err = by.Keep(m.From, was, now, to); err != nil {
			return m, free, err
		}
	}
	if m.From != m.To {
		m.Cause, err = by.cause(m, was, now, from, to)
	}
	return m, free, err
}

func (by *Thresholds[L]) cause(m Move[L], was, now Summary, from, to Day) (Cause, error) {
	if frozen, err := by.Old(now, to); err != nil || frozen != m.To {
		return ByThresholds, err
	}
	for day := to; day > from; day-- { // most who waited are still where the wait brought them
		if waited, err := by.Old(was, day); err != nil || waited == m.To {
			return ByTime, err
		}
	}
	return ByOrder, nil
}

// Customers returns how many customers there are with a cause.
func (m *Migration[L]) Customers(cause Cause) int64 {
	var sum int64
	for _, move := range m.Moves {
		if move.Cause == cause {
			sum += move.Customers
		}
	}
	return sum
}

func sorted[L cmp.Ordered](moves map[Move[L]]int64) []Move[L] {
	var list []Move[L]
	for move, customers := range moves {
		move.Customers = customers
		list = append(list, move)
	}
	slices.SortFunc(list, func(a, b Move[L]) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Cause, b.Cause))
	})
	return list
}
