package tags_test

import (
	"context"
	"fmt"
	"time"

	"github.com/regulars-go/regulars/tags"
)

var vocabulary = tags.MustNew(tags.Config{
	Groups: []tags.Group{
		{ID: "life-stage", Description: "where the customer stands with us", Exclusive: tags.LatestWins},
		{ID: "front-page", Description: "what we show first", Exclusive: tags.Suspend},
	},
	Tags: []tags.Tag{
		{ID: "growing", Description: "buys more than before", Group: "life-stage", Rank: 2},
		{ID: "stable", Description: "buys steadily", Group: "life-stage", Rank: 3},
		{ID: "calm", Description: "the quiet page", Group: "front-page"},
		{ID: "festive", Description: "the red page", Group: "front-page"},
		{ID: "plus-size", Description: "wears XL and above (大码)"},
		{ID: "referrer", Description: "brought three friends (老带新)"},
	},
})

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func Example() {
	var set tags.Set
	for _, r := range []tags.Request{
		{Action: tags.Assign, Tag: "growing", Source: "rule:stage", At: day("2025-01-01")},
		{Action: tags.Assign, Tag: "plus-size", Source: tags.Manual, At: day("2025-02-01"), Until: day("2026-01-01")},
		{Action: tags.Assign, Tag: "stable", Source: "rule:stage", At: day("2025-06-01")},
	} {
		next, change, err := vocabulary.Apply(set, r)
		if err != nil {
			panic(err)
		}
		fmt.Printf("%s: %d added, %d closed\n", r.Tag, len(change.Added), len(change.Closed))
		set = next
	}
	for _, at := range []string{"2025-01-15", "2025-05-31", "2025-06-01", "2026-01-01"} {
		fmt.Println(at, vocabulary.At(set, day(at)))
	}
	// Output:
	// growing: 1 added, 0 closed
	// plus-size: 1 added, 0 closed
	// stable: 1 added, 1 closed
	// 2025-01-15 [growing]
	// 2025-05-31 [growing plus-size]
	// 2025-06-01 [plus-size stable]
	// 2026-01-01 [stable]
}

func ExamplePolicy() {
	set, _, err := vocabulary.Apply(nil, tags.Request{Action: tags.Assign, Tag: "calm", Source: tags.Manual, At: day("2025-01-01")})
	if err != nil {
		panic(err)
	}
	set, _, err = vocabulary.Apply(set, tags.Request{
		Action: tags.Assign, Tag: "festive", Source: "campaign:spring", At: day("2025-01-20"), Until: day("2025-02-05"),
	})
	if err != nil {
		panic(err)
	}
	for _, at := range []string{"2025-01-19", "2025-01-20", "2025-02-05"} {
		fmt.Println(at, vocabulary.At(set, day(at)))
	}
	// Output:
	// 2025-01-19 [calm]
	// 2025-01-20 [festive]
	// 2025-02-05 [calm]
}

func ExampleVocabulary_Find() {
	for _, tag := range vocabulary.Find("老带新") {
		fmt.Println(tag.ID, "-", tag.Description)
	}
	// Output:
	// referrer - brought three friends (老带新)
}

func ExampleBook() {
	ctx := context.Background()
	book := tags.NewBook(vocabulary, new(tags.MemStore))
	request := tags.Request{Action: tags.Assign, Tag: "plus-size", Source: "manual:anna", At: day("2025-01-01")}
	for range 2 {
		r, err := book.Apply(ctx, "customer-7", "ticket-42", request)
		if err != nil {
			panic(err)
		}
		fmt.Println(len(r.Change.Added), "added, replayed", r.Replayed)
	}
	present, err := book.At(ctx, "customer-7", day("2025-01-02"))
	fmt.Println(present, err)
	// Output:
	// 1 added, replayed false
	// 1 added, replayed true
	// [plus-size] <nil>
}

// customer is the shop's own struct.
type customer struct {
	ID      string
	Size    string
	Friends int
}

func customers(yield func(customer, error) bool) {
	for _, c := range []customer{{"lin", "2XL", 3}, {"mei", "M", 4}, {"bo", "XL", 0}} {
		if !yield(c, nil) {
			return
		}
	}
}

func ExampleRun() {
	tagger, err := tags.NewTagger(vocabulary,
		tags.Tagging[customer]{Tag: "plus-size", Revocable: true, Rule: tags.RuleFunc[customer](func(c customer, _ time.Time) bool {
			return c.Size == "XL" || c.Size == "2XL"
		})},
		tags.Tagging[customer]{Tag: "referrer", For: 365 * 24 * time.Hour, Rule: tags.RuleFunc[customer](func(c customer, _ time.Time) bool {
			return c.Friends >= 3
		})},
	)
	if err != nil {
		panic(err)
	}
	ctx, store := context.Background(), new(tags.MemStore)
	book := tags.NewBook(vocabulary, store)
	var report tags.Report
	for r, err := range tags.Run(ctx, book, tagger, day("2025-03-01"), customers, func(c customer) string { return c.ID }) {
		report.AddReceipt(r, err)
	}
	fmt.Println(report.Changed, "of", report.Holders, "changed", report.Tags)
	for holder, err := range book.Find(ctx, store, tags.And(tags.Is("referrer"), tags.Not(tags.Is("plus-size"))), day("2025-04-01")) {
		fmt.Println(holder, err)
	}
	// Output:
	// 3 of 3 changed [{plus-size 2 0 0 0} {referrer 2 0 0 0}]
	// mei <nil>
}

func ExampleTagAll() {
	tagger, err := tags.NewTagger(vocabulary, tags.Tagging[customer]{
		Tag:  "referrer",
		Rule: tags.RuleFunc[customer](func(c customer, _ time.Time) bool { return c.Friends >= 3 }),
	})
	if err != nil {
		panic(err)
	}
	none := func(customer) tags.Set { return nil } // the shop's own table, were there one
	for out, err := range tags.TagAll(tagger, day("2025-03-01"), customers, none) {
		fmt.Println(out.Customer.ID, vocabulary.At(out.Set, day("2025-03-01")), err)
	}
	// Output:
	// lin [referrer] <nil>
	// mei [referrer] <nil>
	// bo [] <nil>
}

func ExampleBook_ApplyAll() {
	book := tags.NewBook(vocabulary, new(tags.MemStore))
	holders := func(yield func(string, error) bool) {
		for _, h := range []string{"lin", "", "mei"} {
			if !yield(h, nil) {
				return
			}
		}
	}
	request := tags.Request{Action: tags.Assign, Tag: "festive", Source: tags.Manual, At: day("2025-01-20")}
	for range 2 { // the second time under the same key
		var report tags.Report
		for r, err := range book.ApplyAll(context.Background(), holders, "spring 2025", request) {
			report.AddReceipt(r, err)
		}
		fmt.Println(report.Changed, "changed,", report.Unchanged, "unchanged,", len(report.Failed), "failed")
	}
	// Output:
	// 2 changed, 0 unchanged, 1 failed
	// 0 changed, 2 unchanged, 1 failed
}

func ExampleBook_Settle() {
	ctx, book := context.Background(), tags.NewBook(vocabulary, new(tags.MemStore))
	_, err := book.Apply(ctx, "lin", "", tags.Request{
		Action: tags.Assign, Tag: "festive", Source: tags.Manual, At: day("2025-01-20"), Until: day("2025-02-05"),
	})
	if err != nil {
		panic(err)
	}
	for _, date := range []string{"2025-02-04", "2025-02-05", "2025-02-06"} {
		for r, err := range book.Settle(ctx, day(date)) {
			fmt.Println(date, r.Holder, r.Change.Closed[0].Tag, "is over", err)
		}
	}
	// Output:
	// 2025-02-05 lin festive is over <nil>
}

func ExampleParseConfig() {
	_, err := tags.ParseConfig([]byte(`{"version": 1, "tags": [{"id": "vip", "Description": "the owner knows the name"}]}`))
	fmt.Println(err)
	// Output:
	// tags: unknown_key at "/tags/0/Description" (byte 38): no key "Description" here; it is written "description"
}

func ExampleIndex() {
	population := func(yield func(tags.Set, error) bool) {
		for i := range 1000 {
			var s tags.Set
			if i%2 == 0 {
				s = append(s, tags.Assignment{Tag: "plus-size", Source: tags.Manual, From: day("2025-01-01")})
			}
			if i%3 == 0 {
				s = append(s, tags.Assignment{Tag: "referrer", Source: "rule:referrer", From: day("2025-01-01")})
			}
			if !yield(s, nil) {
				return
			}
		}
	}
	index, err := tags.NewIndex(vocabulary, day("2025-02-01"), population)
	if err != nil {
		panic(err)
	}
	fmt.Println(index.Count(tags.And(tags.Is("plus-size"), tags.Is("referrer"))))
	fmt.Println(index.Count(tags.Not(tags.Or(tags.Is("plus-size"), tags.Is("referrer")))))
	// Output:
	// 167 <nil>
	// 333 <nil>
}
