package rule

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

// shopper is a flat struct as a shop would load it: values, and whether they are there.
type shopper struct {
	region    string
	tier      string
	spend     decimal.Decimal
	spendOK   bool
	orders    int64
	ordersOK  bool
	last      time.Time
	birthday  Date
	consent   bool
	consentOK bool
	tags      []string
	tagsOK    bool
}

var (
	shoppers     = NewSchema[*shopper]("bench.shopper", 1)
	benchRegion  = shoppers.Text("region", func(c *shopper) (string, bool) { return c.region, c.region != "" })
	benchTier    = shoppers.Ranked("tier", []string{"bronze", "silver", "gold", "platinum"}, func(c *shopper) (string, bool) { return c.tier, c.tier != "" })
	benchSpend   = shoppers.Money("spend", func(c *shopper) (decimal.Decimal, bool) { return c.spend, c.spendOK })
	benchOrders  = shoppers.Int("orders", func(c *shopper) (int64, bool) { return c.orders, c.ordersOK })
	benchLast    = shoppers.Instant("last_order", func(c *shopper) (time.Time, bool) { return c.last, !c.last.IsZero() })
	benchBirth   = shoppers.Date("birthday", func(c *shopper) (Date, bool) { return c.birthday, c.birthday.Month != 0 })
	benchConsent = shoppers.Flag("consent", func(c *shopper) (bool, bool) { return c.consent, c.consentOK }, Consent())
	benchTags    = shoppers.Labels("tags", func(c *shopper) ([]string, bool) { return c.tags, c.tagsOK })
)

func rule8(zone *time.Location) Expr[*shopper] {
	return All(
		benchConsent.Is(true),
		benchRegion.In("GD", "ZJ", "JS"),
		benchTier.AtLeast("silver"),
		benchSpend.Over(dec("500.00")),
		benchOrders.AtLeast(3),
		benchLast.Within(90*24*time.Hour),
		benchBirth.Near(30, 30, LeapFeb28, zone),
		benchTags.Any("vip", "plus-size"),
	)
}

// byHand8 is the floor: what a careful programmer writes for the same rule, in the same order, on the
// same decimals, with missing facts as unknown. The calendar is worked out once, outside.
func byHand8(c *shopper, at time.Time, limit decimal.Decimal, days *daysOfYear) Truth {
	verdict := True
	switch {
	case !c.consentOK:
		verdict = Unknown
	case !c.consent:
		return False
	}
	switch c.region {
	case "":
		verdict = Unknown
	case "GD", "ZJ", "JS":
	default:
		return False
	}
	switch c.tier {
	case "silver", "gold", "platinum":
	case "bronze":
		return False
	default:
		verdict = Unknown
	}
	if !c.spendOK {
		verdict = Unknown
	} else if !c.spend.GreaterThan(limit) {
		return False
	}
	if !c.ordersOK {
		verdict = Unknown
	} else if c.orders < 3 {
		return False
	}
	if c.last.IsZero() {
		verdict = Unknown
	} else if last := c.last.Truncate(time.Microsecond); last.After(at) || !last.After(at.Add(-90*24*time.Hour)) {
		return False
	}
	if c.birthday.Month == 0 {
		verdict = Unknown
	} else if !days.has(c.birthday) {
		return False
	}
	if !c.tagsOK {
		verdict = Unknown
	} else {
		has := false
		for _, t := range c.tags {
			if t == "vip" || t == "plus-size" {
				has = true
				break
			}
		}
		if !has {
			return False
		}
	}
	return verdict
}

// benchShoppers returns customers of whom about a third fails at each condition, so that no branch is
// always the same, and one fact in twenty is missing.
func benchShoppers(n int, now time.Time) []shopper {
	r := rand.New(rand.NewPCG(8, 8))
	known := func() bool { return r.IntN(20) > 0 }
	pick := func(words ...string) string {
		if !known() {
			return ""
		}
		return words[r.IntN(len(words))]
	}
	out := make([]shopper, n)
	for i := range out {
		c := &out[i]
		c.consent, c.consentOK = r.IntN(10) < 8, known()
		c.region = pick("GD", "GD", "ZJ", "JS", "BJ")
		c.tier = pick("bronze", "silver", "silver", "gold", "platinum")
		c.spend, c.spendOK = decimal.New(r.Int64N(250_000), -2), known()
		c.orders, c.ordersOK = r.Int64N(15), known()
		if known() {
			c.last = now.Add(-time.Duration(r.Int64N(int64(110 * 24 * time.Hour))))
		}
		if known() {
			c.birthday = Date{Month: time.Month(1 + r.IntN(12)), Day: 1 + r.IntN(28)}
		}
		if c.tagsOK = known(); c.tagsOK {
			c.tags = []string{"vip", "plus-size", "gift", "new"}[r.IntN(3):]
		}
	}
	return out
}

func bench8(tb testing.TB) (*Rule[*shopper], []shopper, time.Time, func(*shopper) Truth) {
	tb.Helper()
	zone, err := time.LoadLocation("Asia/Shanghai")
	require.NoError(tb, err)
	now := time.Date(2026, 11, 20, 4, 0, 0, 0, time.UTC)
	r := shoppers.MustCompile(rule8(zone))
	days := *r.root.kids[6].node.birthdaysAt(now)
	limit := dec("500.00")
	hand := func(c *shopper) Truth { return byHand8(c, now, limit, &days) }
	return r, benchShoppers(4096, now), now, hand
}

func (n *Node) birthdaysAt(at time.Time) *daysOfYear {
	d := daily[daysOfYear]{zone: n.Zone, derive: n.birthdays}
	return d.at(micro(at))
}

func TestByHandAgrees(t *testing.T) {
	r, customers, now, hand := bench8(t)
	verdicts := map[Truth]int{}
	for i := range customers {
		got := r.Test(&customers[i], now)
		require.Equal(t, hand(&customers[i]), got, "customer %d", i)
		verdicts[got]++
	}
	require.Len(t, verdicts, 3, "the customers reach every verdict")
}

func TestTestDoesNotAllocate(t *testing.T) {
	r, customers, now, _ := bench8(t)
	customers[0] = shopper{
		consent: true, consentOK: true, region: "ZJ", tier: "gold", spend: dec("500.1"), spendOK: true,
		orders: 3, ordersOK: true, last: now, birthday: Date{Month: 11, Day: 20}, tags: []string{"vip"}, tagsOK: true,
	}
	require.True(t, r.Match(&customers[0], now))
	i := 0
	allocs := testing.AllocsPerRun(10_000, func() {
		r.Test(&customers[i%len(customers)], now)
		i++
	})
	require.Zero(t, allocs)
}

var sink int

// BenchmarkTest8 measures one test of a rule of eight conditions against its hand-written floor, over
// the same customers; ratios of the two are what counts.
func BenchmarkTest8(b *testing.B) {
	r, customers, now, hand := bench8(b)
	full := make([]shopper, 64)
	for i := range full {
		full[i] = shopper{
			consent: true, consentOK: true, region: "ZJ", tier: "gold", spend: dec(fmt.Sprint(600 + i)), spendOK: true,
			orders: 3, ordersOK: true, last: now, birthday: Date{Month: 11, Day: 20}, tags: []string{"gift", "vip"}, tagsOK: true,
		}
		full[i].spend = decimal.New(60000+int64(i), -2)
	}
	for _, set := range []struct {
		name      string
		customers []shopper
	}{{"mixed", customers}, {"all", full}} {
		for _, contestant := range []struct {
			name string
			test func(*shopper) Truth
		}{
			{"rule", func(c *shopper) Truth { return r.Test(c, now) }},
			{"hand", hand},
		} {
			b.Run(set.name+"/"+contestant.name, func(b *testing.B) {
				b.ReportAllocs()
				i := 0
				for b.Loop() {
					c := &set.customers[i&(len(set.customers)-1)]
					sink += int(contestant.test(c))
					i++
				}
			})
		}
	}
}

// BenchmarkCompile8 measures the way from an expression to a rule, and from JSON.
func BenchmarkCompile8(b *testing.B) {
	r, _, _, _ := bench8(b)
	e := r.Expr()
	b.Run("expr", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			shoppers.MustCompile(e)
		}
	})
	text, err := r.MarshalJSON()
	require.NoError(b, err)
	b.Run("json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			shoppers.MustParse(string(text))
		}
	})
}
