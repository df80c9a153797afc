package campaign_test

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"time"

	"github.com/regulars-go/regulars/campaign"
	"github.com/regulars-go/regulars/campaign/rule"
)

// Customer is the shop's own struct.
type Customer struct {
	ID        string
	LastOrder time.Time // zero: has not ordered
	MayMail   *bool     // nil: was never asked
}

var (
	schema    = rule.NewSchema[Customer]("shop.customer", 1)
	lastOrder = schema.Instant("last_order", func(c Customer) (time.Time, bool) { return c.LastOrder, !c.LastOrder.IsZero() })
	mayMail   = schema.Flag("may_mail", func(c Customer) (bool, bool) { return c.MayMail != nil && *c.MayMail, c.MayMail != nil }, rule.Consent())
	winBack   = schema.MustCompile(rule.All(lastOrder.OlderThan(180*24*time.Hour), mayMail.Is(true)))
)

// customers yields twenty customers, as a query would.
func customers(at time.Time) iter.Seq2[Customer, error] {
	return func(yield func(Customer, error) bool) {
		for i := range 20 {
			c := Customer{ID: "c" + strconv.Itoa(i+1), LastOrder: at.AddDate(0, 0, -20*i), MayMail: new(true)}
			if i == 19 {
				c.MayMail = nil
			}
			if !yield(c, nil) {
				return
			}
		}
	}
}

func Example() {
	holdOut := campaign.MustHoldOut("summer-2025", 50_000) // 5 %
	at := time.Date(2025, 6, 15, 12, 0, 0, 0, time.UTC)

	audience, err := campaign.Select(customers(at), campaign.Criteria[Customer]{
		Rule:    winBack,
		ID:      func(c Customer) string { return c.ID },
		At:      at,
		HoldOut: holdOut,
	})
	if err != nil {
		panic(err)
	}
	p := audience.Preview()
	fmt.Printf("%d of %d match, %d of them held out\n", p.Matched, p.Customers, p.HeldOut)
	for _, m := range p.ByMissing {
		fmt.Printf("%d undecided for want of %s\n", m.Customers, m.Fact)
	}
	fmt.Println("held out:", slices.Collect(audience.Control()))
	fmt.Println("c15 is", audience.Arm("c15"))
	// Output:
	// 10 of 20 match, 1 of them held out
	// 1 undecided for want of may_mail
	// held out: [c19]
	// c15 is treated
}

func ExampleSelect_warnings() {
	at := time.Date(2025, 6, 15, 12, 0, 0, 0, time.UTC)
	audience, err := campaign.Select(customers(at), campaign.Criteria[Customer]{
		Rule: winBack,
		ID:   func(c Customer) string { return c.ID },
		At:   at,
		Size: campaign.Size{MaxPPM: 250_000}, // more than a quarter of the shop is a mistake
	})
	if err != nil {
		panic(err)
	}
	for _, w := range audience.Preview().Warnings {
		fmt.Println(w, "-", w.Text("en"), "-", w.Text("zh"))
	}
	// Output:
	// too_large - too many customers match - 符合条件的客户太多
}

func ExampleHoldOut() {
	holdOut := campaign.MustHoldOut("summer-2025", 50_000)
	for _, id := range []string{"c1", "c2", "c6"} {
		held, err := holdOut.Held(id)
		if err != nil {
			panic(err)
		}
		bucket, err := campaign.Bucket("summer-2025", id)
		if err != nil {
			panic(err)
		}
		fmt.Println(id, bucket, held)
	}
	// Output:
	// c1 338308 false
	// c2 53155 false
	// c6 6374 true
}

func ExampleDelta() {
	ids := func(yield func(string, error) bool) {
		for i := range 20 {
			if !yield("c"+strconv.Itoa(i+1), nil) {
				return
			}
		}
	}
	five := campaign.MustHoldOut("summer-2025", 50_000)
	ten := campaign.MustHoldOut("summer-2025", 100_000)
	held, released, err := campaign.Delta(five, ten, ids)
	if err != nil {
		panic(err)
	}
	fmt.Println("would be held:", held, "would be released:", released)
	// Output:
	// would be held: [c2 c8] would be released: []
}

func ExampleVariants() {
	variants, err := campaign.NewVariants("summer-2025",
		campaign.Variant{Name: "coupon", PPM: 500_000},
		campaign.Variant{Name: "gift", PPM: 500_000})
	if err != nil {
		panic(err)
	}
	for _, id := range []string{"c1", "c6", "c7"} {
		name, err := variants.Of(id)
		if err != nil {
			panic(err)
		}
		fmt.Println(id, name)
	}
	// Output:
	// c1 coupon
	// c6 gift
	// c7 coupon
}

func ExampleAudience_Blind() {
	at := time.Date(2025, 6, 15, 12, 0, 0, 0, time.UTC)
	audience, err := campaign.Select(customers(at), campaign.Criteria[Customer]{
		Rule: winBack, ID: func(c Customer) string { return c.ID }, At: at,
	})
	if err != nil {
		panic(err)
	}
	key := []byte("kept where ids may be seen")
	blind, err := audience.Blind(5, key)
	if err != nil {
		panic(err)
	}
	fmt.Println(blind.Matched, "of", blind.Customers, "match; handle of", len(blind.Handle), "characters")
	_, err = audience.Blind(11, key)
	fmt.Println(err)
	// Output:
	// 10 of 20 match; handle of 64 characters
	// campaign: too few customers to show an audience blind: both sides need 11
}
