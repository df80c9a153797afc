package rfm

import (
	"cmp"
	"errors"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// story is a random history: few customers and few days, so that everything meets.
func story(r *rand.Rand, orders, customers int) []Order[int] {
	start := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	out := make([]Order[int], orders)
	for i := range out {
		o := Order[int]{
			Customer: r.IntN(customers),
			At:       start.Add(time.Duration(r.IntN(120*24*60)) * time.Minute),
			Amount:   decimal.New(r.Int64N(10_000)-1000, -2),
		}
		if r.IntN(20) == 0 {
			o.Amount = decimal.Zero
		}
		if !o.Amount.IsNegative() {
			o.Units = r.Int32N(5)
			for range r.IntN(3) {
				o.Refunds = append(o.Refunds, Refund{
					At: o.At.Add(time.Duration(r.IntN(60*24)) * time.Hour), Amount: decimal.New(r.Int64N(8_000), -2),
				})
			}
		}
		out[i] = o
	}
	return out
}

// naive is the definition, spelled out for one customer.
func naive(orders []Order[int], customer int, w Window, zone *time.Location, keep bool) (s Summary, known bool) {
	days := map[Day]bool{}
	for _, o := range orders {
		if o.Customer != customer || !o.At.Before(w.At) || o.At.Before(w.From) {
			continue
		}
		known = true
		if o.Amount.IsNegative() {
			s.Refunds = s.Refunds.Sub(o.Amount)
			continue
		}
		left := o.Amount
		for _, r := range o.Refunds {
			if r.At.Before(w.At) {
				left = left.Sub(r.Amount)
				s.Refunds = s.Refunds.Add(r.Amount)
			}
		}
		s.Gross = s.Gross.Add(o.Amount)
		if left.IsPositive() || keep && o.Amount.IsPositive() {
			s.Orders++
			s.Units += int64(o.Units)
			days[DayOf(o.At, zone)] = true
		}
	}
	s.Net = s.Gross.Sub(s.Refunds)
	list := slices.Sorted(maps.Keys(days))
	if s.ActiveDays = int64(len(list)); len(list) > 0 {
		s.First, s.Last = list[0], list[len(list)-1]
	}
	if len(list) > 1 {
		s.LastGap = int32(s.Last - list[len(list)-2])
	}
	s.Days = list
	return s, known
}

func TestSummarizeAgainstTheDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for round := range 60 {
		// The last rounds are long enough to be spread over all parts.
		n, customers := r.IntN(400), 1+r.IntN(40)
		if round >= 57 {
			n, customers = spreadFrom+r.IntN(5000)-100*round%3, 900
		}
		orders := story(r, n, customers)
		c := Config{Zone: "America/St_Johns", Scale: 2, KeepRefunded: round%3 == 0, KeepDays: round%2 == 0}
		s := MustCompile(c)
		w := Window{At: time.Date(2024, 4, 1, 4, 0, 0, 0, time.UTC)}
		if round%5 == 0 {
			w.From = time.Date(2024, 2, 1, 4, 0, 0, 0, time.UTC)
		}
		streamed, err := Summarize(s, w, each(orders...))
		require.NoError(t, err)
		sliced, err := SummarizeSlice(s, w, orders)
		require.NoError(t, err)
		shared, err := SummarizeSlice(s, w, orders, Workers(3))
		require.NoError(t, err)
		var inOrder []int
		for k, sum := range streamed.All() {
			inOrder = append(inOrder, k)
			want, known := naive(orders, k, w, s.Zone(), c.KeepRefunded)
			require.True(t, known)
			if !c.KeepDays {
				want.Days = nil
			}
			assertJSON(t, want, sum)
		}
		for i, other := range []*Customers[int]{sliced, shared} {
			require.Equal(t, streamed.Report(), other.Report())
			at := 0
			for k, sum := range other.All() {
				require.Equal(t, inOrder[at], k, "the same order of customers, %d", i)
				one, _ := streamed.Of(k)
				require.Equal(t, one, sum)
				at++
			}
			require.Equal(t, len(inOrder), at)
		}
		if n < spreadFrom {
			slices.SortStableFunc(orders, func(a, b Order[int]) int { return a.At.Compare(b.At) })
			ordered, err := Summarize(s, w, each(orders...), Ordered())
			require.NoError(t, err)
			for k, sum := range ordered.All() {
				one, _ := streamed.Of(k)
				require.Equal(t, one.ActiveDays, sum.ActiveDays)
				require.Equal(t, one.LastGap, sum.LastGap)
			}
		}
	}
}

// Later orders and later refunds must not change what was known before them.
func TestAsOfIsStable(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	s := MustCompile(Config{Zone: "Asia/Shanghai", Scale: 2})
	for range 50 {
		orders := story(r, 300, 30)
		w := Before(time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC))
		var known []Order[int]
		for _, o := range orders {
			if o.At.Before(w.At) {
				o.Refunds = slices.DeleteFunc(slices.Clone(o.Refunds), func(r Refund) bool { return !r.At.Before(w.At) })
				known = append(known, o)
			}
		}
		now, err := SummarizeSlice(s, w, known)
		require.NoError(t, err)
		later, err := SummarizeSlice(s, w, orders)
		require.NoError(t, err)
		assert.Equal(t, maps.Collect(now.All()), maps.Collect(later.All()))
		before, err := now.Fit()
		require.NoError(t, err)
		after, err := later.Fit()
		require.NoError(t, err)
		assertJSON(t, before, after)
	}
}

func TestSummarizeRefuses(t *testing.T) {
	now := time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC)
	s := MustCompile(Config{Zone: "UTC", Scale: 2})
	good := Order[string]{Customer: "a", At: now.AddDate(0, -1, 0), Amount: dec("1.50")}
	change := func(f func(*Order[string])) []Order[string] {
		o := good
		f(&o)
		return []Order[string]{good, good, o}
	}
	back := func(r Refund) func(*Order[string]) {
		return func(o *Order[string]) { o.Refunds = []Refund{{At: now, Amount: dec("0.10")}, r} }
	}
	for want, orders := range map[string][]Order[string]{
		"rfm: orders[2].at: is missing":                                change(func(o *Order[string]) { o.At = time.Time{} }),
		"rfm: orders[2].at: is outside the years 1 to 9999":            change(func(o *Order[string]) { o.At = time.Unix(1<<60, 0) }),
		"rfm: orders[2].amount: more decimals":                         change(func(o *Order[string]) { o.Amount = dec("0.005") }),
		"rfm: orders[2].amount: out of range":                          change(func(o *Order[string]) { o.Amount = decimal.New(1, 30_000_000) }),
		"rfm: orders[2].amount: out of rang":                           change(func(o *Order[string]) { o.Amount = dec("-92233720368547758.08") }),
		"rfm: orders[2].units: below zero":                             change(func(o *Order[string]) { o.Units = -1 }),
		"rfm: orders[2].refunds[1].at: is missing":                     change(back(Refund{Amount: dec("1")})),
		"rfm: orders[2].refunds[1].amount: below zero":                 change(back(Refund{At: now, Amount: dec("-1")})),
		"rfm: orders[2].refunds[1].amount: more decimals":              change(back(Refund{At: now, Amount: dec("0.001")})),
		"rfm: orders[2].refunds[1].units: below zero":                  change(back(Refund{At: now, Units: -1})),
		"rfm: orders[2].refunds: more units came back":                 change(func(o *Order[string]) { o.Units = 1; back(Refund{At: good.At, Units: 2})(o) }),
		"rfm: orders[2].refunds: a credit has none":                    change(func(o *Order[string]) { o.Amount = dec("-1"); back(Refund{At: now})(o) }),
		"rfm: customer a: rfm: the sum of one customer's money or ord": change(func(o *Order[string]) { o.Amount = dec("92233720368547758.07") }),
	} {
		_, err := Summarize(s, Before(now), each(orders...))
		require.ErrorContains(t, err, want)
		_, err = SummarizeSlice(s, Before(now), orders)
		require.ErrorContains(t, err, want)
		_, err = SummarizeSlice(s, Before(now), slices.Repeat(orders, spreadFrom), Workers(2))
		require.ErrorContains(t, err, want)
	}

	broken := errors.New("connection lost")
	_, err := Summarize(s, Before(now), func(yield func(Order[string], error) bool) {
		_ = yield(good, nil) && yield(Order[string]{}, broken)
	})
	require.ErrorIs(t, err, broken)
	require.ErrorContains(t, err, "rfm: orders[1]: connection lost")

	for want, w := range map[string]Window{
		"rfm: window: at: is missing":          {},
		"rfm: window: from: is not before at":  {From: now, At: now},
		"rfm: window: from: is outside the ye": {From: time.Unix(-1<<60, 0), At: now},
	} {
		_, err := Summarize(s, w, each(good))
		require.ErrorContains(t, err, want)
	}
}

// A customer whose pieces nobody counted is left out and counted; the others are scored.
func TestCustomersWithoutPiecesAreLeftOut(t *testing.T) {
	s := MustCompile(Config{Zone: "UTC", KeepRefunded: true, Monetary: MeanPiece})
	day := time.Date(2024, 1, 1, 12, 0, 0, 0, time.UTC)
	w := Before(day.AddDate(0, 1, 0))
	orders := []Order[string]{
		{Customer: "counted", At: day, Amount: dec("100"), Units: 10, Refunds: []Refund{{At: day, Amount: dec("100"), Units: 10}}},
		{Customer: "counted", At: day, Amount: dec("200"), Units: 2},
		{Customer: "all came back", At: day, Amount: dec("5"), Units: 1, Refunds: []Refund{{At: day, Amount: dec("5"), Units: 1}}},
		{Customer: "unknown", At: day, Amount: dec("9")},
		{Customer: "paid for the last", At: day, Amount: dec("9"), Units: 3, Refunds: []Refund{{At: day, Amount: dec("1"), Units: 3}}},
		{Customer: "prospect", At: day, Amount: dec("-1")},
	}
	c, err := SummarizeSlice(s, w, orders)
	require.NoError(t, err)
	for customer, units := range map[string]int64{"counted": 2, "all came back": 0, "paid for the last": 1} {
		sum, _ := c.Of(customer)
		assert.Equal(t, units, sum.Units, customer)
	}
	assert.EqualValues(t, 5, c.Report().Customers)
	assert.EqualValues(t, 1, c.Report().Prospects)
	assert.EqualValues(t, 2, c.Report().Pieceless)
	m, err := c.Fit()
	require.NoError(t, err)
	assert.EqualValues(t, 2, m.Customers())
	scores, err := c.Scores(m)
	require.NoError(t, err)
	for customer, score := range scores {
		sum, _ := c.Of(customer)
		one, err := m.Score(sum, c.AsOf())
		require.NoError(t, err)
		assert.Equal(t, score, one)
		_, ok, err := s.Values(sum, c.AsOf())
		require.NoError(t, err)
		assert.Equal(t, customer == "counted" || customer == "paid for the last", ok, customer)
		assert.Equal(t, ok, !score.IsZero(), customer)
	}
	both, err := SummarizeSlice(s, w, []Order[string]{{Customer: "unknown", At: day, Amount: dec("1"), Units: 1}})
	require.NoError(t, err)
	require.NoError(t, both.Merge(c))
	assert.EqualValues(t, 1, both.Report().Pieceless)
}

// Instants are compared in microseconds.
func TestWindowEdges(t *testing.T) {
	s := MustCompile(Config{Zone: "UTC"})
	w := Window{From: time.Date(2024, 1, 1, 0, 0, 0, 5_000, time.UTC), At: time.Date(2024, 3, 1, 0, 0, 0, 7_999, time.UTC)}
	for at, want := range map[time.Time]int64{
		w.From: 1, w.From.Add(-time.Nanosecond): 0, w.From.Add(999): 1,
		w.At: 0, w.At.Add(-999): 0, w.At.Add(-time.Microsecond): 1,
	} {
		sum, err := Add(s, w, Summary{}, Order[int]{At: at, Amount: dec("1")})
		require.NoError(t, err)
		assert.Equal(t, want, sum.Orders, "%v", at)
	}
}

// A day beyond the years 1 to 9999 could not be read again, so an instant that has one is refused.
func TestDaysBeyondTheCalendarAreRefused(t *testing.T) {
	last := time.Date(9999, 12, 31, 15, 59, 59, 0, time.UTC) // midnight is a second away in Shanghai
	first := time.Date(1, 1, 1, 5, 0, 0, 0, time.UTC)        // midnight in New York was four minutes ago
	for zone, instants := range map[string][2]time.Time{
		"Asia/Shanghai": {last, last.Add(time.Second)}, "America/New_York": {first, first.Add(-5 * time.Minute)},
	} {
		s := MustCompile(Config{Zone: zone})
		_, err := ParseDay(s.Day(instants[0]).String())
		require.NoError(t, err)
		o := Order[int]{At: instants[1], Amount: dec("1")}
		_, err = SummarizeSlice(s, Before(last), []Order[int]{o})
		require.ErrorContains(t, err, "rfm: orders[0].at: is outside the years 1 to 9999")
		o = Order[int]{At: last.AddDate(-1, 0, 0), Amount: dec("1"), Refunds: []Refund{{At: instants[1]}}}
		_, err = SummarizeSlice(s, Before(last), []Order[int]{o})
		require.ErrorContains(t, err, "rfm: orders[0].refunds[0].at: is outside the years 1 to 9999")
		_, err = s.Fit(instants[1], s.NewPopulation())
		require.ErrorContains(t, err, "rfm: at: is outside the years 1 to 9999")
		_, err = s.Fit(instants[0], s.NewPopulation())
		require.NoError(t, err)
	}
}

func TestOrderedRefusesWhatItCannotKnow(t *testing.T) {
	s := MustCompile(Config{Zone: "UTC"})
	w := Before(time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC))
	on := func(day int) Order[string] {
		return Order[string]{At: time.Date(2024, 1, day, 12, 0, 0, 0, time.UTC), Amount: dec("1")}
	}
	// Beyond the ends, or within the last gap, order does not matter.
	c, err := Summarize(s, w, each(on(5), on(20), on(3), on(10), on(20), on(3)), Ordered())
	require.NoError(t, err)
	sum, _ := c.Of("")
	assert.EqualValues(t, 4, sum.ActiveDays)
	assert.EqualValues(t, 10, sum.LastGap)
	_, err = Summarize(s, w, each(on(5), on(20), on(3), on(4)), Ordered())
	require.ErrorIs(t, err, ErrDays)
	require.ErrorContains(t, err, "rfm: customer : ")
}

// Days that are kept are kept whatever an option says, and then nothing rests on the promise.
func TestOrderedKeepsTheDays(t *testing.T) {
	s := MustCompile(Config{Zone: "UTC", KeepDays: true})
	w := Before(time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC))
	var orders []Order[int]
	for _, day := range []int{5, 20, 3, 4} {
		orders = append(orders, Order[int]{Customer: 1, At: time.Date(2024, 1, day, 12, 0, 0, 0, time.UTC), Amount: dec("1")})
	}
	want := []Day{Date(2024, 1, 3), Date(2024, 1, 4), Date(2024, 1, 5), Date(2024, 1, 20)}
	sliced, err := SummarizeSlice(s, w, orders, Ordered())
	require.NoError(t, err)
	streamed, err := Summarize(s, w, each(orders...), Ordered())
	require.NoError(t, err)
	for _, c := range []*Customers[int]{sliced, streamed} {
		sum, _ := c.Of(1)
		assert.Equal(t, want, sum.Days)
	}
}

func TestEveryKindOfKey(t *testing.T) {
	type name string
	type number uint32
	type place struct{ shop, customer int }
	w := Before(time.Date(2024, 4, 1, 0, 0, 0, 0, time.UTC))
	orders := story(rand.New(rand.NewPCG(21, 22)), 40_000, 5000)
	want, err := SummarizeSlice(MustCompile(Config{Zone: "UTC", Scale: 2}), w, orders)
	require.NoError(t, err)
	sameBy(t, w, orders, want, func(k int) name { return name(decimal.NewFromInt(int64(k)).String()) })
	sameBy(t, w, orders, want, func(k int) number { return number(k) * 2654435761 })
	sameBy(t, w, orders, want, func(k int) int64 { return int64(k) << 40 })
	sameBy(t, w, orders, want, func(k int) place { return place{k % 7, k} })
	sameBy(t, w, orders, want, func(k int) [2]string { return [2]string{"", string(rune('a' + k))} })
	sameBy(t, w, orders, want, func(k int) float64 { return math.Sqrt(float64(k)) })
	sameBy(t, w, orders, want, func(k int) any { return cmp.Or[any](k) })
}

func sameBy[K comparable](t *testing.T, w Window, orders []Order[int], want *Customers[int], key func(int) K) {
	t.Helper()
	s := want.Scheme()
	keyed := make([]Order[K], len(orders))
	for i, o := range orders {
		keyed[i] = Order[K]{key(o.Customer), o.At, o.Amount, o.Units, o.Refunds}
	}
	c, err := SummarizeSlice(s, w, keyed, Workers(2))
	require.NoError(t, err)
	require.Equal(t, want.Report(), c.Report())
	again, err := Summarize(s, w, each(keyed...))
	require.NoError(t, err)
	for k, sum := range want.All() {
		got, ok := c.Of(key(k))
		require.True(t, ok)
		require.Equal(t, sum, got)
		got, ok = again.Of(key(k))
		require.True(t, ok)
		require.Equal(t, sum, got)
	}
	_, ok := c.Of(key(-1))
	require.False(t, ok)
	first := slices.Collect(maps.Keys(maps.Collect(c.All())))
	require.Len(t, first, c.Len())
}
