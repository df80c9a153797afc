package rfm

import (
	"encoding/json"
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// house are the limits most tests use: those of the worked examples.
var house = Limits{AtRisk: 60, Dormant: 90, Lost: 120, MeanGap: Fraction{30, 1}}

// bought summarises a customer who bought on these distinct days, one order a day, in any order.
func bought(days ...Day) Summary {
	days = slices.Clone(days)
	slices.Sort(days)
	n := len(days)
	if n == 0 {
		return Summary{}
	}
	s := Summary{Orders: int64(n), ActiveDays: int64(n), First: days[0], Last: days[n-1], Days: days}
	if n > 1 {
		s.LastGap = int32(days[n-1] - days[n-2])
	}
	return s
}

// naiveState follows the definition word by word, over the list of days, in fractions of any size.
func naiveState(l Limits, days []Day, on Day) State {
	if len(days) == 0 {
		return Prospect
	}
	prior := int64(l.Prior)
	if prior == 0 {
		prior = 2
	}
	g := big.NewRat(l.MeanGap.Num, l.MeanGap.Den)
	pace := func(days []Day) *big.Rat {
		n := int64(len(days))
		s := big.NewRat(int64(days[n-1])-int64(days[0]), 1)
		s.Add(s, new(big.Rat).Mul(big.NewRat(prior, 1), g))
		s.Mul(s, big.NewRat(1, n-1+prior))
		s.Quo(s, g)
		switch {
		case s.Cmp(big.NewRat(1, 3)) < 0:
			return big.NewRat(1, 3)
		case s.Cmp(big.NewRat(3, 1)) > 0:
			return big.NewRat(3, 1)
		}
		return s
	}
	times := func(limit int, s *big.Rat) *big.Rat { return new(big.Rat).Mul(big.NewRat(int64(limit), 1), s) }
	whole := func(days int64) *big.Rat { return big.NewRat(days, 1) }

	n := len(days)
	s := pace(days)
	a := whole(int64(on) - int64(days[n-1]))
	switch {
	case a.Cmp(times(l.Lost, s)) > 0:
		return Lost
	case a.Cmp(times(l.Dormant, s)) > 0:
		return Dormant
	case a.Cmp(times(l.AtRisk, s)) > 0:
		return AtRisk
	case n == 1:
		return New
	case whole(int64(days[n-1])-int64(days[n-2])).Cmp(times(l.Dormant, pace(days[:n-1]))) > 0:
		return WonBack
	case n >= 3 && whole(int64(days[n-1])-int64(days[0])).Cmp(times(l.AtRisk, s)) >= 0:
		return Stable
	}
	return Growing
}

func stateOf(t *testing.T, l *Lifecycle, days []Day, on Day) State {
	t.Helper()
	s, err := l.State(bought(days...), on)
	require.NoError(t, err)
	return s
}

func TestState(t *testing.T) {
	l := MustLifecycle(house)
	for _, c := range []struct {
		days []Day
		on   Day
		want State
	}{
		{nil, 100, Prospect},
		{[]Day{0}, 0, New},
		{[]Day{0}, 60, New}, // reaching a limit does not cross it
		{[]Day{0}, 61, AtRisk},
		{[]Day{0}, 90, AtRisk},
		{[]Day{0}, 91, Dormant},
		{[]Day{0}, 120, Dormant},
		{[]Day{0}, 121, Lost},
		{[]Day{0, 20}, 73, Growing}, // pace 8/9: at risk beyond 53 1/3
		{[]Day{0, 20}, 74, AtRisk},
		{[]Day{0, 91}, 91, WonBack}, // a single day has pace 1
		{[]Day{0, 90}, 90, Growing},
		{[]Day{0, 10, 20, 170}, 170, WonBack},
		{[]Day{0, 10, 20, 80}, 80, Stable},            // the pace before was 2/3, and 60 does not exceed 60
		{[]Day{0, 10, 20, 81}, 81, WonBack},           // 61 does
		{[]Day{0, 10, 20, 170, 175}, 175, Stable},     // ended by the next order, which came soon
		{[]Day{0, 10, 20, 170, 400}, 400, WonBack},    // which came late once more
		{[]Day{0, 10, 20, 170}, 170 + 92, WonBack},    // pace 23/15
		{[]Day{0, 10, 20, 170}, 170 + 93, AtRisk},     // ended by silence
		{[]Day{0, 30, 60}, 60, Stable},                // pace 1, 60 days long
		{[]Day{0, 30, 59}, 59, Growing},               // pace 119/120, 59 < 59.5
		{[]Day{0, 1, 2, 3, 4, 5}, 5 + 20, Growing},    // pace 13/42 is held at 1/3
		{[]Day{0, 1, 2, 3, 4, 5}, 5 + 21, AtRisk},     //
		{[]Day{0, 300, 600}, 600 + 180, WonBack},      // pace 11/2 is held at 3
		{[]Day{0, 300, 600}, 600 + 181, AtRisk},       //
		{[]Day{-719528, -719500}, -719490, Growing},   // long before 1970
		{[]Day{0, math.MaxInt32}, 1<<31 - 1, WonBack}, // as long as days go
	} {
		assert.Equal(t, c.want, stateOf(t, l, c.days, c.on), "%v on %d", c.days, c.on)
	}
}

// TestStateSmall compares every small life with the definition, and checks on the way that time alone
// never improves a state and that NextChange names the day and the state of the next change.
func TestStateSmall(t *testing.T) {
	for _, limits := range []Limits{
		{AtRisk: 3, Dormant: 5, Lost: 7, MeanGap: Fraction{5, 2}},
		{AtRisk: 2, Dormant: 3, Lost: 4, MeanGap: Fraction{4, 1}, Prior: 1},
		{AtRisk: 1, Dormant: 2, Lost: 9, MeanGap: Fraction{1, 3}, Prior: 5},
	} {
		l := MustLifecycle(limits)
		for set := range 1 << 11 {
			var days []Day
			for d := range Day(11) {
				if set>>d&1 == 1 {
					days = append(days, d)
				}
			}
			s := bought(days...)
			height := math.MaxInt
			for on := s.Last; on < s.Last+30; on++ {
				got, err := l.State(s, on)
				require.NoError(t, err)
				require.LessOrEqual(t, got.height(), height, "days %v on %d", days, on)
				height = got.height()
				require.Equal(t, naiveState(limits, days, on), got, "%v, days %v on %d", limits, days, on)
				change, ok, err := l.NextChange(s, on)
				require.NoError(t, err)
				if !ok {
					require.Contains(t, []State{Prospect, Lost}, got, "%v on %d", days, on)
					continue
				}
				require.Greater(t, change.On, on)
				require.Equal(t, got, naiveState(limits, days, change.On-1), "%v on %d: %v", days, on, change)
				require.Equal(t, change.State, naiveState(limits, days, change.On), "%v on %d", days, on)
				require.Less(t, change.State.height(), got.height(), "%v on %d: %v", days, on, change)
			}
		}
	}
}

// TestTransitions walks the transition table over all small lives: from every state, each event leads to
// the states it may lead to and to no other, and each of them is seen.
func TestTransitions(t *testing.T) {
	type event string
	table := map[State]map[event][]State{
		Prospect: {"order": {New}, "time": {Prospect}},
		New:      {"order": {Growing}, "time": {New, AtRisk}, "removal": {Prospect}},
		Growing:  {"order": {Growing, Stable}, "time": {Growing, AtRisk}},
		Stable:   {"order": {Stable}, "time": {Stable, AtRisk}},
		AtRisk:   {"order": {Growing, Stable}, "time": {AtRisk, Dormant}},
		Dormant:  {"order": {WonBack}, "two quick orders": {Growing, Stable}, "time": {Dormant, Lost}},
		Lost:     {"order": {WonBack}, "two quick orders": {Growing, Stable}, "time": {Lost}},
		WonBack:  {"order": {Growing, Stable}, "time": {WonBack, AtRisk}},
	}
	seen := map[State]map[event]map[State]bool{}
	note := func(l *Lifecycle, from State, e event, days []Day, on Day) {
		if seen[from] == nil {
			seen[from] = map[event]map[State]bool{}
		}
		if seen[from][e] == nil {
			seen[from][e] = map[State]bool{}
		}
		seen[from][e][stateOf(t, l, days, on)] = true
	}
	for _, gap := range []int64{4, 1} { // a shop whose customers come weekly, and one where they come daily
		l := MustLifecycle(Limits{AtRisk: 6, Dormant: 9, Lost: 12, MeanGap: Fraction{gap, 1}})
		for set := range 1 << 12 {
			var days []Day
			for d := range Day(12) {
				if set>>d&1 == 1 {
					days = append(days, 2*d)
				}
			}
			last := bought(days...).Last
			for on := last + 1; on < last+60; on++ {
				from := stateOf(t, l, days, on)
				note(l, from, "time", days, on+1)
				more := append(slices.Clone(days), on)
				note(l, from, "order", more, on)
				if from == Dormant || from == Lost {
					note(l, from, "two quick orders", append(more, on+1), on+1)
				}
				if from == New {
					note(l, from, "removal", nil, on)
				}
			}
		}
	}
	for from, events := range table {
		for e, want := range events {
			assert.Len(t, seen[from][e], len(want), "%v after %s: %v", from, e, seen[from][e])
			for _, to := range want {
				assert.True(t, seen[from][e][to], "%v after %s is never %v", from, e, to)
			}
		}
	}
}

func TestContradictions(t *testing.T) {
	l := MustLifecycle(house)
	for _, c := range []struct {
		name string
		s    Summary
	}{
		{"after the as-of day", Summary{Orders: 1, ActiveDays: 1, First: 101, Last: 101}},
		{"days without orders", Summary{ActiveDays: 1}},
		{"orders without days", Summary{Orders: 1}},
		{"more days than orders", Summary{Orders: 1, ActiveDays: 2, Last: 1, LastGap: 1}},
		{"one day, two dates", Summary{Orders: 1, ActiveDays: 1, First: 1, Last: 2}},
		{"one day, a gap", Summary{Orders: 1, ActiveDays: 1, LastGap: 1}},
		{"two days, another gap", Summary{Orders: 2, ActiveDays: 2, Last: 5, LastGap: 4}},
		{"two days, no gap", Summary{Orders: 2, ActiveDays: 2}},
		{"too many days for the time", Summary{Orders: 9, ActiveDays: 5, Last: 5, LastGap: 3}},
		{"last before first", Summary{Orders: 3, ActiveDays: 3, First: 9, Last: 3, LastGap: 1}},
		{"gap longer than all", Summary{Orders: 3, ActiveDays: 3, Last: 9, LastGap: 10}},
		{"days below zero", Summary{Orders: 3, ActiveDays: -3, Last: 9}},
		{"orders below zero", Summary{Orders: -1}},
		{"a gap without orders", Summary{LastGap: 3}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := l.State(c.s, 100)
			require.ErrorContains(t, err, "rfm: ")
			_, _, err = l.NextChange(c.s, 100)
			require.Error(t, err)
			_, err = l.Explain(c.s, 100)
			require.Error(t, err)
			before := Standing{State: Stable, ActiveDays: 3, Last: 7}
			after, err := l.Update(before, c.s, 100)
			require.Error(t, err)
			assert.Equal(t, before, after)
		})
	}
}

func TestNextChangeBeyondTheCalendar(t *testing.T) {
	_, ok, err := MustLifecycle(house).NextChange(bought(math.MaxInt32-60), math.MaxInt32-30)
	require.NoError(t, err)
	assert.False(t, ok)
	change, ok, err := MustLifecycle(house).NextChange(bought(math.MaxInt32-61), math.MaxInt32-30)
	require.NoError(t, err)
	assert.True(t, ok)
	assert.Equal(t, Change{math.MaxInt32, AtRisk}, change)
}

func TestDaysNotCounted(t *testing.T) {
	l := MustLifecycle(house)
	for _, s := range []Summary{{Orders: 3, Last: 5}, {Orders: 3, ActiveDays: 3, Last: 5}} {
		_, err := l.State(s, 100)
		require.ErrorIs(t, err, ErrDays)
	}
	require.ErrorIs(t, new(Gaps).Add(Summary{Orders: 2, ActiveDays: 2, Last: 5, LastGap: 5}, 100), ErrDays)
}

func FuzzState(f *testing.F) {
	f.Add([]byte{10, 10, 150}, uint32(0), uint32(60), uint32(30), uint32(30), int64(30), int64(1), 2)
	f.Add([]byte{255, 255, 1}, uint32(70000), uint32(0), uint32(0), uint32(0), int64(1)<<45, int64(1), 1000)
	f.Add([]byte{}, uint32(1<<31), uint32(1<<20-3), uint32(0), uint32(0), int64(1), int64(1)<<45, 1)
	f.Fuzz(func(t *testing.T, gaps []byte, silence, b1, b2, b3 uint32, num, den int64, prior int) {
		limits := Limits{MeanGap: Fraction{num, den}, Prior: prior}
		limits.AtRisk = 1 + int(b1%mostDays)
		limits.Dormant = limits.AtRisk + 1 + int(b2%mostDays)
		limits.Lost = limits.Dormant + 1 + int(b3%mostDays)
		l, err := NewLifecycle(limits)
		if err != nil {
			return
		}
		days := []Day{-1 << 30}
		for _, gap := range gaps {
			days = append(days, days[len(days)-1]+1+Day(gap)*Day(gap))
		}
		s := bought(days...)
		on := Day(min(int64(s.Last)+int64(silence), math.MaxInt32))
		if got, want := stateOf(t, l, days, on), naiveState(limits, days, on); got != want {
			t.Fatalf("%+v, days %v on %d: %v, want %v", limits, days, on, got, want)
		}
		change, ok, err := l.NextChange(s, on)
		require.NoError(t, err)
		if ok && (naiveState(limits, days, change.On) != change.State || naiveState(limits, days, change.On-1) == change.State) {
			t.Fatalf("%+v, days %v on %d: not %+v", limits, days, on, change)
		}
	})
}

func TestStateAllocations(t *testing.T) {
	l := MustLifecycle(house)
	s := bought(0, 10, 20, 170)
	var standing Standing
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		_, _ = l.State(s, 300)
		_, _, _ = l.NextChange(s, 300)
		standing, _ = l.Update(standing, s, 300)
	}))
}

func BenchmarkState(b *testing.B) {
	l := MustLifecycle(house)
	s := bought(0, 10, 20, 170)
	b.ReportAllocs()
	for b.Loop() {
		_, _ = l.State(s, 200)
	}
}

func TestWords(t *testing.T) {
	stages := map[Stage][]State{
		Identification: {Prospect},
		Development:    {New, Growing, WonBack},
		Stability:      {Stable},
		Decline:        {AtRisk, Dormant, Lost},
	}
	seen := map[string]bool{}
	for stage, states := range stages {
		for _, s := range states {
			assert.Equal(t, stage, s.Stage(), s)
			for _, text := range []string{s.String(), s.Text("en"), s.Text("zh")} {
				assert.False(t, seen[text] && text != s.String(), text)
				seen[text] = true
			}
			var back State
			data, err := json.Marshal(s)
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal(data, &back))
			assert.Equal(t, s, back)
		}
		var back Stage
		data, err := json.Marshal(stage)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(data, &back))
		assert.Equal(t, stage, back)
	}
	assert.Len(t, seen, 3*len(stateLabels))
	assert.Equal(t, "衰退期", Decline.Text("zh-CN"))
	assert.Equal(t, "Decline", Decline.Text("fr"))
	assert.Equal(t, "State(99)", State(99).String())
	_, err := State(99).MarshalText()
	require.EqualError(t, err, "rfm: no state has the number 99")
	require.EqualError(t, new(Stage).UnmarshalText([]byte("Decline")), `rfm: no stage is called "Decline"`)
}

func TestExplain(t *testing.T) {
	l := MustLifecycle(house)
	c, err := l.Explain(bought(0, 10, 20, 170), 200)
	require.NoError(t, err)
	assert.Equal(t, Course{
		State: WonBack, Stage: Development, On: 200, Silence: 30, Pace: big.NewRat(23, 15),
		AtRiskAfter: 92, DormantAfter: 138, LostAfter: 184, Gap: 150, WonBackAfter: 60,
		Next: &Change{263, AtRisk}, Days: 63,
	}, c)
	assert.Equal(t, "Won back (Development). Silent for 30 days; at a pace of 1.53 at risk after 92, dormant after 138, "+
		"lost after 184. The last order came after 150 days, more than 60. Without an order: At risk on 1970-09-21, in 63 days.",
		c.Text("en"))
	assert.Equal(t, "召回客户（发展期）。已静默30天；按其节奏1.53，超过92天预警，超过138天沉睡，超过184天流失。"+
		"最近一单间隔150天，超过60天。若不再下单：预警客户，始于1970-09-21，还有63天。", c.Text("zh"))
	c, err = l.Explain(Summary{}, 200)
	require.NoError(t, err)
	assert.Equal(t, Course{On: 200}, c)
	assert.Equal(t, "Prospect (Identification).", c.Text(""))
	c, err = l.Explain(bought(0), 500)
	require.NoError(t, err)
	assert.Nil(t, c.Next)
	_, err = json.Marshal(c)
	require.NoError(t, err)
}
