package agree

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/campaign/rule"
)

// customer has a field of every type, for every form a column can have. A nil is a fact that is missing.
type customer struct {
	id                  string
	region, city        *string
	orders, visits      *int64
	spend, credit       *decimal.Decimal
	tier, level         *string
	last, seen, joined  *time.Time
	birthday, nameday   *rule.Date
	consent, vip        *bool
	tags, likes, bought []string // nil: could not be read
	hidden              *string  // never in the database
}

var (
	shop   = rule.NewSchema[*customer]("shop.customer", 1)
	region = shop.Text("region", func(c *customer) (string, bool) { return deref(c.region) })
	orders = shop.Int("orders", func(c *customer) (int64, bool) { return deref(c.orders) })
	spend  = shop.Money("spend", func(c *customer) (decimal.Decimal, bool) { return deref(c.spend) })
	last   = shop.Instant("last", func(c *customer) (time.Time, bool) { return deref(c.last) })
	birth  = shop.Date("birthday", func(c *customer) (rule.Date, bool) { return deref(c.birthday) })
	tags   = shop.Labels("tags", func(c *customer) ([]string, bool) { return c.tags, c.tags != nil })
	odd    = shop.Func("odd_orders", 1, func(c *customer) rule.Truth {
		if c.orders == nil {
			return rule.Unknown
		}
		return rule.Of(*c.orders%2 != 0)
	})
)

var tiers = []string{"bronze", "silver", "gold", "black"}[:4:4]

func init() {
	shop.Text("city", func(c *customer) (string, bool) { return deref(c.city) })
	shop.Int("visits", func(c *customer) (int64, bool) { return deref(c.visits) })
	shop.Money("credit", func(c *customer) (decimal.Decimal, bool) { return deref(c.credit) })
	shop.Ranked("tier", tiers, func(c *customer) (string, bool) { return deref(c.tier) })
	shop.Ranked("level", tiers, func(c *customer) (string, bool) { return deref(c.level) })
	shop.Instant("seen", func(c *customer) (time.Time, bool) { return deref(c.seen) })
	shop.Instant("joined", func(c *customer) (time.Time, bool) { return deref(c.joined) })
	shop.Date("nameday", func(c *customer) (rule.Date, bool) { return deref(c.nameday) })
	shop.Flag("consent", func(c *customer) (bool, bool) { return deref(c.consent) })
	shop.Flag("vip", func(c *customer) (bool, bool) { return deref(c.vip) })
	shop.Labels("likes", func(c *customer) ([]string, bool) { return c.likes, c.likes != nil })
	shop.Text("hidden", func(c *customer) (string, bool) { return deref(c.hidden) })
	shop.Labels("bought", func(c *customer) ([]string, bool) { return c.bought, c.bought != nil })
}

func deref[T any](p *T) (v T, ok bool) {
	if p == nil {
		return v, false
	}
	return *p, true
}

var now = time.Date(2025, 6, 15, 12, 0, 0, 0, time.UTC)

// crowd returns customers whose facts are near one another and often missing.
func crowd(n int, seed uint64) []*customer {
	r := rand.New(rand.NewPCG(seed, 7))
	texts := []string{"GD", "gd", "GD ", "Gd", "", "é", "e", "É", "广东", "O'Neil", `a\b`, "100%", "_", `"`, "x`y", "it''s", "$1", "?"}
	labels := []string{"vip", "VIP", "vip ", "双11", `say "hi"`, `back\slash`, "plus-size", "a/b", "", "o'c"}
	whole := []int64{-1, 0, 1, 2, 3, 7, 100, 1 << 30}
	days := []int{-800, -400, -365, -31, -30, -29, -8, -7, -1, 0, 1, 30}
	money := func() *decimal.Decimal {
		return maybe(r, func() decimal.Decimal { return decimal.New(49_990+r.Int64N(25), -2) })
	}
	instant := func(unit time.Duration) *time.Time {
		return maybe(r, func() time.Time {
			t := now.AddDate(0, 0, pick(r, days)).Add(time.Duration(r.IntN(3)-1) * unit)
			if r.IntN(3) == 0 {
				t = t.Add(time.Duration(r.IntN(86400)) * time.Second)
			}
			return t.Truncate(unit)
		})
	}
	date := func(years ...int) *rule.Date {
		return maybe(r, func() rule.Date {
			d := pick(r, []rule.Date{{Month: 2, Day: 28}, {Month: 2, Day: 29}, {Month: 3, Day: 1}, {Month: 1, Day: 1},
				{Month: 1, Day: 2}, {Month: 12, Day: 31}, {Month: 6, Day: 14}, {Month: 6, Day: 15}, {Month: 6, Day: 16},
				{Month: time.Month(1 + r.IntN(12)), Day: 1 + r.IntN(28)}})
			d.Year = pick(r, years)
			return d
		})
	}
	set := func() []string {
		if r.IntN(5) == 0 {
			return nil
		}
		out := []string{}
		for range r.IntN(4) {
			if l := pick(r, labels); !slices.Contains(out, l) {
				out = append(out, l)
			}
		}
		return out
	}
	text := func() *string { return maybe(r, func() string { return pick(r, texts) }) }
	number := func() *int64 { return maybe(r, func() int64 { return pick(r, whole) }) }
	// A word that is no rank counts as missing, in memory and in SQL.
	rank := func() *string { return maybe(r, func() string { return pick(r, append(tiers, "GOLD", "stone")) }) }
	flag := func() *bool { return maybe(r, func() bool { return r.IntN(2) == 0 }) }
	list := make([]*customer, n)
	for i := range list {
		list[i] = &customer{
			id:     "c" + strconv.Itoa(i+1),
			region: text(), city: text(), orders: number(), visits: number(), spend: money(), credit: money(),
			tier: rank(), level: rank(), last: instant(time.Microsecond), seen: instant(time.Second),
			joined: instant(time.Millisecond), birthday: date(1960, 1996, 2000, 2024), nameday: date(0),
			consent: flag(), vip: flag(), tags: set(), likes: set(), bought: set(), hidden: text(),
		}
	}
	return list
}

func maybe[T any](r *rand.Rand, value func() T) *T {
	if r.IntN(6) == 0 {
		return nil
	}
	return new(value())
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }
