// Package tags keeps what a shop says of its customers: words defined before use, given by people and by
// rules, from an instant until another.
//
// The steps: define the words in a [Config] and compile it with [New] into a [Vocabulary]; keep a [Set] of
// [Assignment]s for each customer; change it with [Vocabulary.Apply] and read it with [Vocabulary.At]. Those
// are pure functions. A [Book] does the same over a [Store], once for ever under each key. A [Tagger] turns
// rules into requests, an [Index] counts over millions.
//
//	vocabulary := tags.MustNew(tags.Config{
//		Groups: []tags.Group{{ID: "life-stage", Description: "where the customer stands", Exclusive: tags.LatestWins}},
//		Tags: []tags.Tag{
//			{ID: "growing", Description: "buys more than before", Group: "life-stage", Rank: 2},
//			{ID: "stable", Description: "buys steadily", Group: "life-stage", Rank: 3},
//			{ID: "plus-size", Description: "wears XL and above"},
//		},
//	})
//	set, change, err := vocabulary.Apply(set, tags.Request{
//		Action: tags.Assign, Tag: "plus-size", Source: tags.Manual, At: now, Until: endOfYear,
//	})
//	present := vocabulary.At(set, now)
//
// An assignment is half open: in force from From until, but not at, Until. It ends by itself, with no job
// run, and a Set answers for any instant, past or future. A tag is present if any source gave it; a source
// extends and removes only what is its own, so no rule ever removes what a person gave. What becomes of two
// tags of an exclusive group its [Policy] says; there too a person's stands, but where both begin at the same
// instant, which rank decides.
//
// There is no clock, but in a Book, where a zero instant means now. Instants are truncated to microseconds
// and kept in UTC: where a tag should end with a day, the caller hands in the first instant of the next one.
package tags
