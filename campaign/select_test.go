package campaign

import (
	"errors"
	"iter"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regulars-go/regulars/campaign/rule"
)

type customer struct {
	id     string
	region string
	orders int64 // -1: not known
}

var (
	shop   = rule.NewSchema[*customer]("shop.customer", 1)
	region = shop.Text("region", func(c *customer) (string, bool) { return c.region, c.region != "" })
	orders = shop.Int("orders", func(c *customer) (int64, bool) { return c.orders, c.orders >= 0 })
	winter = shop.MustCompile(rule.All(region.In("GD", "HN"), orders.AtLeast(2)))
	noon   = time.Date(2025, 6, 15, 4, 0, 0, 0, time.UTC)
)

func criteria(h HoldOut) Criteria[*customer] {
	return Criteria[*customer]{Rule: winter, ID: func(c *customer) string { return c.id }, At: noon, HoldOut: h}
}

// shoppers returns twenty customers: c1 to c12 match, c13 to c16 do not, c17 lacks the region, c18 the
// orders, c19 and c20 both.
func shoppers() []*customer {
	var cs []*customer
	for i := range 20 {
		c := &customer{"c" + strconv.Itoa(i+1), "GD", 2}
		switch {
		case i >= 18:
			c.region, c.orders = "", -1
		case i == 17:
			c.orders = -1
		case i == 16:
			c.region = ""
		case i >= 12:
			c.orders = 1
		}
		cs = append(cs, c)
	}
	return cs
}

func TestSelect(t *testing.T) {
	a, err := Select(each(shoppers()...), criteria(MustHoldOut("summer-2025", 100_000)))
	require.NoError(t, err)
	assert.Equal(t, Preview{
		Customers: 20, Matched: 12, HeldOut: 3, Rejected: 4, Undecided: 4,
		ByMissing: []Missing{{"orders", 3}, {"region", 3}},
	}, a.Preview())
	assert.Equal(t, 9, a.Preview().Treated())
	assert.Equal(t, []string{"c2", "c6", "c8"}, slices.Collect(a.Control()))
	assert.Equal(t, []string{"c1", "c10", "c11", "c12", "c3", "c4", "c5", "c7", "c9"}, slices.Collect(a.Treated()))
	for id, want := range map[string]Arm{"c1": Treated, "c2": Control, "c13": Outside, "c19": Outside, "": Outside} {
		assert.Equal(t, want, a.Arm(id), id)
	}
	assert.Equal(t, "control", Control.String())
	assert.Equal(t, noon, a.At())
	assert.Equal(t, 100_000, a.HoldOut().PPM())
}

// Neither the order of the customers nor what happens to them later changes a frozen audience.
func TestAnAudienceIsFrozen(t *testing.T) {
	cs := shoppers()
	c := criteria(MustHoldOut("summer-2025", 100_000))
	first, err := Select(each(cs...), c)
	require.NoError(t, err)
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		rng.Shuffle(len(cs), func(i, j int) { cs[i], cs[j] = cs[j], cs[i] })
		again, err := Select(each(cs...), c)
		require.NoError(t, err)
		require.Equal(t, first, again)
	}
	trace := first.Trace()
	for _, c := range cs {
		c.region = ""
	}
	assert.Equal(t, Treated, first.Arm("c1"))
	assert.Equal(t, trace, first.Trace())
	p := first.Preview()
	p.ByMissing[0].Customers = 99
	assert.Equal(t, 3, first.Preview().ByMissing[0].Customers, "a preview is a copy")
}

// The trace tells apart whatever could differ between two runs.
func TestTrace(t *testing.T) {
	traces := map[string]string{}
	add := func(name string, change func(cs []*customer, c *Criteria[*customer])) {
		cs := shoppers()
		c := criteria(MustHoldOut("summer-2025", 100_000))
		change(cs, &c)
		a, err := Select(each(cs...), c)
		require.NoError(t, err)
		for other, trace := range traces {
			assert.NotEqual(t, trace, a.Trace(), "%s and %s", name, other)
		}
		traces[name] = a.Trace()
	}
	add("as it is", func([]*customer, *Criteria[*customer]) {})
	add("an instant later", func(_ []*customer, c *Criteria[*customer]) { c.At = c.At.Add(time.Microsecond) })
	add("another share", func(_ []*customer, c *Criteria[*customer]) { c.HoldOut = MustHoldOut("summer-2025", 100_001) })
	add("another salt", func(_ []*customer, c *Criteria[*customer]) { c.HoldOut = MustHoldOut("summer-2026", 100_000) })
	add("another id", func(cs []*customer, _ *Criteria[*customer]) { cs[0].id = "c21" })
	add("rejected", func(cs []*customer, _ *Criteria[*customer]) { cs[0].orders = 0 })
	add("undecided", func(cs []*customer, _ *Criteria[*customer]) { cs[0].orders = -1 })
	add("undecided in another way", func(cs []*customer, _ *Criteria[*customer]) { cs[12].orders = -1 })

	c := criteria(MustHoldOut("summer-2025", 100_000))
	c.At = c.At.Add(999)
	a, err := Select(each(shoppers()...), c)
	require.NoError(t, err)
	assert.Equal(t, traces["as it is"], a.Trace(), "instants have microseconds")
}

func TestSelectRefuses(t *testing.T) {
	lost := errors.New("connection lost")
	broken := func(yield func(*customer, error) bool) {
		_ = yield(&customer{id: "c1"}, nil) && yield(nil, lost)
	}
	twice := append(shoppers(), &customer{id: "c7"})
	nameless := append(shoppers(), &customer{})
	for _, tc := range []struct {
		name      string
		customers iter.Seq2[*customer, error]
		change    func(*Criteria[*customer])
		want      string
	}{
		{"error of the iterator", broken, nil, "campaign: reading customer 2: connection lost"},
		{"twice", each(twice...), nil, "campaign: a customer came twice"},
		{"no id", each(nameless...), nil, ErrID.Error() + " (customer 21)"},
		{"no rule", each(twice...), func(c *Criteria[*customer]) { c.Rule = nil }, "campaign: criteria without a rule"},
		{"no compiled rule", each(twice...), func(c *Criteria[*customer]) { c.Rule = (*rule.Rule[*customer])(nil) }, "campaign: criteria without a rule"},
		{"no id function", each(twice...), func(c *Criteria[*customer]) { c.ID = nil }, "campaign: criteria without an id function"},
		{"no instant", each(twice...), func(c *Criteria[*customer]) { c.At = time.Time{} }, "campaign: criteria without an instant"},
		{"sizes", each(twice...), func(c *Criteria[*customer]) { c.Size = Size{Min: 2, Max: 1} }, "campaign: size: min 2 and max 1 are not a range"},
		{"share", each(twice...), func(c *Criteria[*customer]) { c.Size = Size{MaxPPM: -1} }, ErrShare.Error() + ", not -1 (size/max_ppm)"},
	} {
		c := criteria(HoldOut{})
		if tc.change != nil {
			tc.change(&c)
		}
		a, err := Select(tc.customers, c)
		require.EqualError(t, err, tc.want, tc.name)
		assert.Equal(t, Audience{}, a, tc.name)
	}
	_, err := Select(broken, criteria(HoldOut{}))
	require.ErrorIs(t, err, lost)
	_, err = Select(each(twice...), criteria(HoldOut{}))
	duplicate, ok := errors.AsType[*DuplicateError](err)
	require.True(t, ok)
	assert.Equal(t, "c7", duplicate.ID)
}

func TestWarnings(t *testing.T) {
	for _, tc := range []struct {
		matched int // of 20
		size    Size
		want    []Warning
	}{
		{12, Size{}, nil},
		{0, Size{}, []Warning{TooSmall}},
		{20, Size{}, []Warning{TooLarge}},
		{20, Size{MaxPPM: Buckets}, nil},
		{12, Size{Min: 12, Max: 12}, nil},
		{12, Size{Min: 13}, []Warning{TooSmall}},
		{12, Size{Max: 11}, []Warning{TooLarge}},
		{12, Size{MaxPPM: 600_000}, nil},
		{12, Size{MaxPPM: 599_999}, []Warning{TooLarge}},
		{12, Size{Min: 13, MaxPPM: 1}, []Warning{TooSmall, TooLarge}},
	} {
		cs := shoppers()
		for i, c := range cs {
			c.region, c.orders = "GD", 1
			if i < tc.matched {
				c.orders = 2
			}
		}
		s := criteria(HoldOut{})
		s.Size = tc.size
		a, err := Select(each(cs...), s)
		require.NoError(t, err)
		assert.Equal(t, tc.want, a.Preview().Warnings, "%+v", tc)
	}
	a, err := Select(each[*customer](), criteria(HoldOut{}))
	require.NoError(t, err)
	assert.Equal(t, []Warning{TooSmall}, a.Preview().Warnings, "an empty shop")
	assert.Equal(t, "too few customers match", TooSmall.Text("en"))
	assert.Equal(t, "符合条件的客户太多", TooLarge.Text("zh-CN"))
}

func BenchmarkSelect(b *testing.B) {
	cs := make([]*customer, 100_000)
	for i := range cs {
		cs[i] = &customer{"cust-" + strconv.Itoa(i), "GD", int64(i % 4)}
	}
	c := criteria(MustHoldOut("summer-2025", 50_000))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Select(each(cs...), c); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(cs)), "ns/customer")
}
