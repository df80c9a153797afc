package tags

import (
	"testing"
	"time"
)

var house = MustNew(Config{
	Groups: []Group{
		{ID: "life-stage", Description: "where the customer stands with us", Exclusive: LatestWins},
		{ID: "size", Description: "clothing size", Exclusive: RankWins},
		{ID: "channel", Description: "where the customer was won", Exclusive: Refuse},
		{ID: "mood", Description: "what we show first", Exclusive: Suspend},
		{ID: "habit", Description: "how the customer buys"},
	},
	Tags: []Tag{
		{ID: "new", Description: "first order within a month", Group: "life-stage", Rank: 1},
		{ID: "growing", Description: "buys more", Group: "life-stage", Rank: 2},
		{ID: "stable", Description: "buys steadily", Group: "life-stage", Rank: 3},
		{ID: "size-m", Description: "medium", Group: "size", Rank: 1},
		{ID: "size-l", Description: "large", Group: "size", Rank: 2},
		{ID: "size-xl", Description: "extra large", Group: "size", Rank: 3},
		{ID: "online", Description: "won online", Group: "channel", Rank: 1},
		{ID: "counter", Description: "won at the counter", Group: "channel", Rank: 2},
		{ID: "calm", Description: "the quiet page", Group: "mood", Rank: 1},
		{ID: "festive", Description: "the red page", Group: "mood", Rank: 2},
		{ID: "winter", Description: "the white page", Group: "mood", Rank: 3},
		{ID: "gift", Description: "buys for others", Group: "habit"},
		{ID: "pay-day", Description: "buys on the 10th to 15th 发薪日", Group: "habit"},
		{ID: "plus-size", Description: "wears XL and above 大码"},
		{ID: "referrer", Description: "brought three friends 老带新"},
		{ID: "vip", Description: "the owner knows the name"},
		{ID: "双11", Description: "bought on Singles' Day"},
	},
})

var shanghai = func() *time.Location {
	loc, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		panic(err)
	}
	return loc
}()

// on reads a local date or time.
func on(s string) time.Time {
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04:05.999999"} {
		if at, err := time.ParseInLocation(layout, s, shanghai); err == nil {
			return at
		}
	}
	panic(s)
}

// apply carries requests out that must not fail.
func apply(tb testing.TB, s Set, requests ...Request) (Set, Change) {
	tb.Helper()
	var change Change
	for _, r := range requests {
		var err error
		if s, change, err = house.Apply(s, r); err != nil {
			tb.Fatal(err)
		}
	}
	return s, change
}

func assign(tag string, source Source, at string, until ...string) Request {
	r := Request{Action: Assign, Tag: tag, Source: source, At: on(at)}
	for _, u := range until {
		r.Until = on(u)
	}
	return r
}

func remove(tag string, source Source, at string) Request {
	return Request{Action: Remove, Tag: tag, Source: source, At: on(at)}
}
