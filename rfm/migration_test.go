package rfm

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// book is a snapshot that a test writes down.
type book struct {
	on        Day
	customers map[string]Summary
}

func (b book) AsOf() Day                       { return b.on }
func (b book) All() iter.Seq2[string, Summary] { return maps.All(b.customers) }
func (b book) Of(key string) (Summary, bool) {
	s, ok := b.customers[key]
	return s, ok
}

func TestMigrateStates(t *testing.T) {
	loose := MustLifecycle(Limits{AtRisk: 100, Dormant: 200, Lost: 300, MeanGap: Fraction{30, 1}})
	tight := MustLifecycle(house)
	for _, c := range []struct {
		name          string
		before, after []Day // on days 100 and 200
		old, fitted   *Lifecycle
		want          Move[State]
		held          []Move[State]
	}{
		{name: "waited", before: []Day{90}, after: []Day{90},
			old: tight, fitted: tight, want: Move[State]{New, Dormant, ByTime, 1}},
		{name: "came back", before: []Day{0}, after: []Day{0, 150},
			old: tight, fitted: tight, want: Move[State]{Dormant, WonBack, ByOrder, 1}},
		{name: "came back, and is silent again", before: []Day{0}, after: []Day{0, 110},
			old: tight, fitted: tight, want: Move[State]{Dormant, WonBack, ByOrder, 1}},
		{name: "bought early, and waited", before: []Day{90, 100}, after: []Day{90, 100, 140},
			old: tight, fitted: tight, want: Move[State]{Growing, AtRisk, ByTime, 1}},
		{name: "bought, which was not enough to recover", before: []Day{-30}, after: []Day{-30, 101},
			old: tight, fitted: tight, want: Move[State]{Lost, WonBack, ByOrder, 1}},
		{name: "gave everything back", before: []Day{90}, after: []Day{},
			old: tight, fitted: tight, want: Move[State]{New, Prospect, ByOrder, 1}},
		{name: "stayed", before: []Day{-100}, after: []Day{-100},
			old: tight, fitted: tight, want: Move[State]{Lost, Lost, Stayed, 1}},
		{name: "new limits reach further down", before: []Day{95}, after: []Day{95},
			old: loose, fitted: tight, want: Move[State]{New, Dormant, ByThresholds, 1}},
		{name: "new limits reach further up", before: []Day{20}, after: []Day{20},
			old: tight, fitted: loose, want: Move[State]{AtRisk, AtRisk, Stayed, 1}},
		{name: "new limits undo what time did", before: []Day{95}, after: []Day{95},
			old: tight, fitted: MustLifecycle(Limits{AtRisk: 200, Dormant: 300, Lost: 400, MeanGap: Fraction{30, 1}}),
			want: Move[State]{New, New, Stayed, 1}},
		{name: "up by new limits alone", before: []Day{-60}, after: []Day{-60},
			old: tight, fitted: MustLifecycle(Limits{AtRisk: 500, Dormant: 600, Lost: 700, MeanGap: Fraction{30, 1}}),
			want: Move[State]{Lost, New, ByThresholds, 1}},
		{name: "up by new limits, and held half way", before: []Day{-60}, after: []Day{-60},
			old: tight, fitted: MustLifecycle(Limits{AtRisk: 270, Dormant: 300, Lost: 400, MeanGap: Fraction{30, 1}}),
			want: Move[State]{Lost, AtRisk, ByThresholds, 1}, held: []Move[State]{{AtRisk, New, ByThresholds, 1}}},
		{name: "held where they were", before: []Day{-60}, after: []Day{-60},
			old: tight, fitted: MustLifecycle(Limits{AtRisk: 100, Dormant: 200, Lost: 265, MeanGap: Fraction{30, 1}}),
			want: Move[State]{Lost, Lost, Stayed, 1}, held: []Move[State]{{Lost, Dormant, ByThresholds, 1}}},
		{name: "new here", after: []Day{190},
			old: tight, fitted: tight, want: Move[State]{Prospect, New, Appeared, 1}},
		{name: "gone", before: []Day{90},
			old: tight, fitted: tight, want: Move[State]{New, Prospect, Vanished, 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			before, after := book{100, map[string]Summary{}}, book{200, map[string]Summary{}}
			if c.before != nil {
				before.customers["ann"] = bought(c.before...)
			}
			if c.after != nil {
				after.customers["ann"] = bought(c.after...)
			}
			m, err := MigrateStates(before, after, c.old, c.fitted)
			require.NoError(t, err)
			assert.Equal(t, &Migration[State]{From: 100, To: 200, Moves: []Move[State]{c.want}, Held: c.held}, m)
		})
	}
}

// TestMigrateAddsUp draws shops at random and checks that each customer is counted once, that with the
// same limits nobody moves by thresholds or is held, and that nobody moves up by time.
func TestMigrateAddsUp(t *testing.T) {
	const seed = 11
	r := rand.New(rand.NewPCG(seed, 0))
	tight := MustLifecycle(house)
	loose := MustLifecycle(Limits{AtRisk: 80, Dormant: 120, Lost: 150, MeanGap: Fraction{40, 1}})
	for round := range 30 {
		before, after := book{400, map[string]Summary{}}, book{460, map[string]Summary{}}
		for i := range 60 {
			var early, all []Day
			for day := range Day(460) {
				if r.IntN(100) == 0 && day%7 == Day(i%7) {
					all = append(all, day)
					if day <= 400 {
						early = append(early, day)
					}
				}
			}
			key := fmt.Sprint(i)
			if len(early) > 0 {
				before.customers[key] = bought(early...)
			}
			if len(all) > 0 && r.IntN(10) > 0 {
				after.customers[key] = bought(all...)
			}
		}
		everybody := maps.Clone(before.customers)
		maps.Copy(everybody, after.customers)
		for _, fitted := range []*Lifecycle{tight, loose} {
			m, err := MigrateStates(before, after, tight, fitted)
			require.NoError(t, err)
			var total int64
			for _, move := range m.Moves {
				total += move.Customers
				require.Equal(t, move.Cause == Stayed, move.From == move.To && move.Cause < Appeared, "seed %d round %d: %+v", seed, round, move)
				if move.Cause == ByTime {
					require.Less(t, move.To.height(), move.From.height(), "seed %d round %d: %+v", seed, round, move)
				}
			}
			require.EqualValues(t, len(everybody), total)
			require.EqualValues(t, len(everybody)-len(before.customers), m.Customers(Appeared))
			require.EqualValues(t, len(everybody)-len(after.customers), m.Customers(Vanished))
			if fitted == tight {
				require.Zero(t, m.Customers(ByThresholds))
				require.Empty(t, m.Held)
			}
		}
	}
}

// TestMigrateSegments compares every customer's move with the definition of its cause.
func TestMigrateSegments(t *testing.T) {
	const seed = 17
	orders := trade(rand.New(rand.NewPCG(seed, 0)), 200, 400)
	snapshot := func(on Day) (*Customers[int], *Model) {
		customers, err := SummarizeSlice(trialScheme, Before(on.Start(time.UTC)), orders)
		require.NoError(t, err)
		m, err := customers.Fit()
		require.NoError(t, err)
		return customers, m
	}
	before, old := snapshot(320)
	after, fitted := snapshot(350)
	segments := Eleven()
	key := func(m *Model, s Summary, on Day) string {
		score, err := m.Score(s, on)
		require.NoError(t, err)
		return segments.Key(score)
	}
	for _, m := range []*Model{old, fitted} {
		want := map[Move[string]]int64{}
		causes := map[Cause]int64{}
		for customer, now := range after.All() {
			move := Move[string]{To: key(m, now, 350), Cause: Appeared}
			if was, ok := before.Of(customer); ok {
				move.From, move.Cause = key(old, was, 320), ByOrder
				for waited := range Day(30) {
					if key(old, was, 321+waited) == move.To {
						move.Cause = ByTime
					}
				}
				if key(old, now, 350) != move.To {
					move.Cause = ByThresholds
				}
				if move.From == move.To {
					move.Cause = Stayed
				}
			}
			want[move]++
			causes[move.Cause]++
		}
		got, err := MigrateSegments(before, after, old, m, segments)
		require.NoError(t, err)
		assert.Equal(t, sorted(want), got.Moves)
		assert.Empty(t, got.Held)
		for cause := range Vanished {
			assert.Equal(t, causes[cause], got.Customers(cause), cause)
			assert.Equal(t, m == old && cause == ByThresholds, causes[cause] == 0, "%v: %d", cause, causes[cause])
		}
	}
	_, err := MigrateSegments(before, after, old, fitted, Eight())
	require.ErrorContains(t, err, "rfm: migration: ")
}

func TestMigrateRefused(t *testing.T) {
	l := MustLifecycle(house)
	none := book{on: 5}
	_, err := Migrate(none, none, Thresholds[State]{Old: l.State})
	require.EqualError(t, err, "rfm: migration: both the old and the new thresholds are required")
	_, err = MigrateStates(book{on: 6}, none, l, l)
	require.EqualError(t, err, "rfm: migration: the first day, 1970-01-07, lies after the second, 1970-01-06")
	broken := errors.New("broken")
	fails := func(Summary, Day) (State, error) { return 0, broken }
	ann := book{5, map[string]Summary{"ann": bought(1)}}
	for name, by := range map[string]Thresholds[State]{
		"old": {Old: fails, New: l.State},
		"new": {Old: l.State, New: fails},
		"keep": {Old: l.State, New: l.State, Keep: func(State, Summary, Summary, Day) (State, error) {
			return 0, broken
		}},
	} {
		_, err = Migrate(ann, ann, by)
		require.ErrorIs(t, err, broken, name)
	}
	_, err = Migrate(ann, none, Thresholds[State]{Old: fails, New: l.State})
	require.ErrorIs(t, err, broken)
}

func TestCauseWords(t *testing.T) {
	for cause := range Vanished + 1 {
		var back Cause
		data, err := json.Marshal(cause)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(data, &back))
		assert.Equal(t, cause, back)
		assert.NotEqual(t, cause.Text("en"), cause.Text("zh"))
	}
	assert.Equal(t, "Moved by an order", ByOrder.Text(""))
	_, err := (Vanished + 1).MarshalText()
	require.EqualError(t, err, "rfm: no cause has the number 6")
	assert.Equal(t, "(6)", (Vanished + 1).Text("zh"))
}
