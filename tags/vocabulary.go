package tags

import (
	"cmp"
	"slices"
	"strings"
)

// Config is a vocabulary as plain data, written in Go or read from JSON. [New] compiles it.
type Config struct {
	Tags   []Tag   `json:"tags"`
	Groups []Group `json:"groups,omitempty"`
}

// Tag is a word the shop may say of a customer. It is defined, and described, before it is used.
type Tag struct {
	// ID is what is stored: 1 to 255 bytes of UTF-8, compared byte by byte.
	ID string `json:"id"`
	// Description tells colleagues what the tag means. It must not be empty.
	Description string `json:"description"`
	// Group is the id of the group the tag belongs to, or empty.
	Group string `json:"group,omitempty"`
	// Rank orders the tags of an exclusive group; the higher wins.
	Rank int `json:"rank,omitempty"`
}

// Group is a set of tags that belong together, such as life stages or sizes.
type Group struct {
	ID          string `json:"id"`
	Description string `json:"description"`
	// Exclusive, where set, makes sure that a holder has at most one tag of the group at any instant, and
	// says which.
	Exclusive Policy `json:"exclusive,omitempty"`
}

// Policy says what becomes of two tags of an exclusive group. Under every policy two that begin at the
// same instant are settled by rank, the higher winning, then by id, the first in byte order winning, and
// the order in which they were written makes no difference to which tag is present.
//
// Under the policies that close an assignment, one made by hand is never closed by a source that is not:
// that source's assignment is refused instead.
type Policy string

// The policies of exclusive groups.
const (
	// LatestWins closes what holds at the instant the new tag begins, for good: no instant has two tags,
	// and none is without one in between.
	LatestWins Policy = "latest_wins"
	// RankWins does so only for a tag of higher rank than what holds. Any other is refused.
	RankWins Policy = "rank_wins"
	// Refuse refuses what would overlap a tag that was there before.
	Refuse Policy = "refuse"
	// Suspend closes nothing. The tag that began latest is present; the others are suspended and come back,
	// latest first, when it ends, if their own time is not over by then. Time suspended still passes.
	Suspend Policy = "suspend"
)

// Vocabulary is a compiled [Config]: immutable, safe for concurrent use. Its methods on a [Set] are pure.
type Vocabulary struct {
	tags   []Tag
	groups []Group
	byID   map[string]word
}

// word is what the vocabulary knows of a tag: its rank, and its group if that is exclusive.
type word struct {
	rank   int
	group  string
	policy Policy
}

// Tags returns the tags in the order of the Config.
func (v *Vocabulary) Tags() []Tag { return slices.Clone(v.tags) }

// Has reports whether a tag is defined.
func (v *Vocabulary) Has(tag string) bool {
	_, ok := v.byID[tag]
	return ok
}

// Find returns the tags whose id, description, group or description of their group contains the text,
// upper and lower case alike, those whose id it is first. Every tag contains the empty text.
func (v *Vocabulary) Find(text string) []Tag {
	text = strings.ToLower(text)
	contains := func(s string) bool { return strings.Contains(strings.ToLower(s), text) }
	var found []Tag
	for _, t := range v.tags {
		i := slices.IndexFunc(v.groups, func(g Group) bool { return g.ID == t.Group })
		if contains(t.ID) || contains(t.Description) || i >= 0 && (contains(t.Group) || contains(v.groups[i].Description)) {
			found = append(found, t)
		}
	}
	slices.SortStableFunc(found, func(x, y Tag) int {
		return cmp.Compare(miss(x, text), miss(y, text))
	})
	return found
}

func miss(t Tag, text string) int {
	if strings.ToLower(t.ID) == text {
		return 0
	}
	return 1
}
