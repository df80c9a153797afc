package rfm

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMergeLaws(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	w := Before(time.Date(2024, 4, 1, 0, 0, 0, 0, time.UTC))
	refused, merged := 0, 0
	for round := range 400 {
		s := MustCompile(Config{Zone: "UTC", Scale: 2, KeepDays: round%2 == 0})
		orders := story(r, r.IntN(12), 1)
		if round%3 == 0 {
			slices.SortFunc(orders, func(a, b Order[int]) int { return a.At.Compare(b.At) })
		}
		summary := func(orders []Order[int]) Summary {
			c, err := SummarizeSlice(s, w, orders)
			require.NoError(t, err)
			sum, _ := c.Of(0)
			return sum
		}
		i := r.IntN(len(orders) + 1)
		j := i + r.IntN(len(orders)-i+1)
		a, b, c := summary(orders[:i]), summary(orders[i:j]), summary(orders[j:])
		whole := mustJSON(t, summary(orders))
		both := func(x, y Summary, err error) (Summary, error) {
			if err != nil {
				return Summary{}, err
			}
			return s.Merge(x, y)
		}
		ab, err := both(a, b, nil)
		left, err := both(ab, c, err)
		bc, err2 := both(b, c, nil)
		right, err2 := both(a, bc, err2)
		cb, err3 := both(c, b, nil)
		turned, err3 := both(cb, a, err3)
		for k, err := range []error{err, err2, err3} {
			if err != nil {
				require.ErrorIs(t, err, ErrDays)
				require.False(t, s.config.KeepDays, "with the days kept nothing is refused")
				refused++
				continue
			}
			merged++
			require.Equal(t, string(whole), string(mustJSON(t, []Summary{left, right, turned}[k])))
		}
	}
	assert.Greater(t, merged, 600)
	assert.Greater(t, refused, 20)
}

// Any two sets of days merge both ways into their union, or are refused both ways; and never are they
// refused where one ends before the other begins, or where both have at most three days.
func TestMergeOfDaysIsExactAndCommutative(t *testing.T) {
	s := MustCompile(Config{Zone: "UTC"})
	days := func(set int) []Day {
		var list []Day
		for d := range Day(8) {
			if set>>d&1 == 1 {
				list = append(list, 100+d)
			}
		}
		return list
	}
	summary := func(set int) Summary {
		list := days(set)
		n := len(list)
		sum := Summary{Orders: int64(n), ActiveDays: int64(n), First: list[0], Last: list[n-1]}
		if n > 1 {
			sum.LastGap = int32(list[n-1] - list[n-2])
		}
		return sum
	}
	for a := 1; a < 256; a++ {
		for b := 1; b < 256; b++ {
			x, y := summary(a), summary(b)
			got, err := s.Merge(x, y)
			back, err2 := s.Merge(y, x)
			require.Equal(t, err, err2, "%v and %v", days(a), days(b))
			if err != nil {
				require.ErrorIs(t, err, ErrDays)
				require.True(t, x.ActiveDays > 3 || y.ActiveDays > 3, "%v and %v", days(a), days(b))
				require.True(t, x.Last > y.First && y.Last > x.First, "%v and %v", days(a), days(b))
				continue
			}
			want := summary(a | b)
			want.Orders = x.Orders + y.Orders
			assertJSON(t, want, got)
			assertJSON(t, want, back)
		}
	}
}

// Shards that share no customer merge into the whole, and so do their populations, byte for byte.
func TestShards(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 18))
	w := Before(time.Date(2024, 4, 1, 0, 0, 0, 0, time.UTC))
	for round := range 30 {
		c := Config{Zone: "UTC", Scale: 2, Nested: round%3 == 0, KeepDays: round%4 == 0}
		c.Monetary = []MonetaryMeasure{NetSpend, MeanOrder}[round%2]
		s := MustCompile(c)
		orders := story(r, 2000, 300)
		whole, err := SummarizeSlice(s, w, orders)
		require.NoError(t, err)
		var shards [3][]Order[int]
		for _, o := range orders {
			shards[o.Customer%3] = append(shards[o.Customer%3], o)
		}
		sum, err := SummarizeSlice(s, w, []Order[int](nil))
		require.NoError(t, err)
		population := s.NewPopulation()
		for _, i := range r.Perm(3) {
			shard, err := SummarizeSlice(s, w, shards[i])
			require.NoError(t, err)
			require.NoError(t, sum.Merge(shard))
			p, err := shard.Population()
			require.NoError(t, err)
			require.NoError(t, population.Merge(p))
		}
		assert.Equal(t, whole.Report(), sum.Report())
		assert.Equal(t, maps.Collect(whole.All()), maps.Collect(sum.All()))
		big, err := whole.Fit()
		require.NoError(t, err)
		merged, err := s.Fit(w.At, population)
		require.NoError(t, err)
		assertJSON(t, big, merged)
		read, err := ParseModel(mustJSON(t, big))
		require.NoError(t, err)
		assertJSON(t, big, read)
		scores, err := whole.Scores(big)
		require.NoError(t, err)
		again, err := sum.Scores(read)
		require.NoError(t, err)
		assert.Equal(t, maps.Collect(scores), maps.Collect(again))
	}
}

func TestMergeRefusesWithoutAChange(t *testing.T) {
	s := MustCompile(Config{Zone: "UTC"})
	w := Before(time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC))
	var odd, even []Order[string]
	for day := 1; day < 20; day++ {
		o := Order[string]{Customer: "x", At: time.Date(2024, 1, day, 12, 0, 0, 0, time.UTC), Amount: dec("1")}
		if day%2 == 0 {
			even = append(even, o)
		} else {
			odd = append(odd, o)
		}
	}
	a, err := SummarizeSlice(s, w, append(odd, Order[string]{Customer: "first", At: w.At.AddDate(0, 0, -9), Amount: dec("1")}))
	require.NoError(t, err)
	b, err := SummarizeSlice(s, w, append([]Order[string]{{Customer: "new", At: odd[0].At, Amount: dec("1")}}, even...))
	require.NoError(t, err)
	before := maps.Collect(a.All())
	err = a.Merge(b)
	require.ErrorIs(t, err, ErrDays)
	require.ErrorContains(t, err, "rfm: customer x: ")
	assert.Equal(t, before, maps.Collect(a.All()))
	assert.EqualValues(t, 2, a.Report().Customers)

	other, err := SummarizeSlice(s, Before(w.At.AddDate(0, 0, 1)), even)
	require.NoError(t, err)
	require.ErrorContains(t, a.Merge(other), "rfm: window: at: ")
	yen, err := SummarizeSlice(MustCompile(Config{Zone: "UTC", Currency: "JPY"}), w, even)
	require.NoError(t, err)
	require.ErrorContains(t, a.Merge(yen), "rfm: currency: ")
}

func TestGather(t *testing.T) {
	s := MustCompile(Config{Zone: "UTC", Scale: 2})
	w := Before(time.Date(2024, 4, 1, 0, 0, 0, 0, time.UTC))
	c, err := SummarizeSlice(s, w, story(rand.New(rand.NewPCG(19, 20)), 3000, 200))
	require.NoError(t, err)
	// SQL knows orders, first, last and net without trouble; the rest may be missing.
	var records []Record[int]
	for k, sum := range c.All() {
		records = append(records, Record[int]{k, Summary{Orders: sum.Orders, First: sum.First, Last: sum.Last, Net: sum.Net}})
	}
	gathered, err := Gather(s, w, each(records...))
	require.NoError(t, err)
	want, err := c.Fit()
	require.NoError(t, err)
	got, err := gathered.Fit()
	require.NoError(t, err)
	assertJSON(t, want, got)

	day := s.Day(w.At)
	for want, bad := range map[string]Summary{
		"rfm: orders: -1 is out of range":              {Orders: -1},
		"rfm: last: is after the as-of day":            {Orders: 1, First: day + 1, Last: day + 1, ActiveDays: 1},
		"rfm: net: more decimals":                      {Net: dec("0.001")},
		"rfm: net: is not gross less refunds":          {Net: dec("2"), Gross: dec("3")},
		"rfm: units: below zero":                       {Orders: 1, Units: -1},
		"rfm: orders: none, but days":                  {ActiveDays: 1},
		"rfm: last: 2023-12-31 is before":              {Orders: 2, ActiveDays: 2, First: Date(2024, 1, 1), Last: Date(2023, 12, 31), LastGap: 1},
		"rfm: active_days: 3 do not fit 2 orders":      {Orders: 2, ActiveDays: 3, First: day - 9, Last: day, LastGap: 1},
		"rfm: active_days: 3 do not fit 4 orders":      {Orders: 4, ActiveDays: 3, First: day - 1, Last: day, LastGap: 1},
		"rfm: last: one active day, but":               {Orders: 4, ActiveDays: 1, First: day - 1, Last: day},
		"rfm: last_gap: 9 days do not fit 3 ":          {Orders: 4, ActiveDays: 3, First: day - 9, Last: day, LastGap: 9},
		"rfm: last_gap: 8 days, but the two":           {Orders: 4, ActiveDays: 2, First: day - 9, Last: day, LastGap: 8},
		"rfm: days: do not agree with the active days": {Orders: 4, ActiveDays: 2, First: day - 9, Last: day, LastGap: 9, Days: []Day{day - 9, day - 1}},
	} {
		_, err := Gather(s, w, each(Record[int]{0, Summary{}}, Record[int]{1, bad}))
		require.ErrorContains(t, err, "rfm: records[1]: "+want)
	}
}

func TestGatherManyAndMerge(t *testing.T) {
	s := MustCompile(Config{Zone: "UTC", Scale: 2, KeepDays: true})
	w := Before(time.Date(2024, 4, 1, 0, 0, 0, 0, time.UTC))
	n := spreadFrom + 2000
	records := make([]Record[int], n)
	for i := range records {
		first := Date(2024, 1, 1+i%50)
		records[i] = Record[int]{i, Summary{Orders: 1, ActiveDays: 1, First: first, Last: first, Net: dec("1"), Days: []Day{first}}}
	}
	c, err := Gather(s, w, each(append(records, Record[int]{7, Summary{Orders: 1, ActiveDays: 1, First: 19_700, Last: 19_700, Days: []Day{19_700}}})...))
	require.NoError(t, err)
	require.Equal(t, n, c.Len())
	seven, _ := c.Of(7)
	assert.EqualValues(t, 2, seven.Orders)
	assert.Equal(t, []Day{19_700, Date(2024, 1, 8)}, seven.Days)
	last, _ := c.Of(n - 1)
	assert.Equal(t, []Day{records[n-1].Summary.First}, last.Days)
	_, ok := c.Of(n)
	assert.False(t, ok)
}
