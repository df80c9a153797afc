package tiers

import (
	"slices"
	"time"

	"github.com/regulars-go/regulars/internal/civil"
)

// Ladder is a compiled [Config]: immutable, safe for concurrent use. Its zero value has no levels and
// refuses every question; [New] makes one.
type Ladder struct {
	zone        *time.Location
	scale       int
	numbers     []Number
	levels      []level
	needsJoined bool
}

type level struct {
	id    string
	enter []node
	keep  []node // empty where keeping takes what entering takes
}

// node is one condition. A tree lies flat, parents first: the children of tree[0] start at tree[1], and
// each is as many nodes long as its size.
type node struct {
	size int
	need int // how many children must hold; 0 marks a comparison

	metric    Metric
	measure   measure
	list      int
	scale     int
	atMost    bool
	bound     int64 // at scale; of a mean, per order or piece
	minOrders int64
	window    Window
	span      span
}

// fromJoining reports whether a comparison counts from the day the member joined.
func (n *node) fromJoining() bool { return n.measure == sinceJoin || n.span.kind == KindAnniversary }

// Levels returns the ids of the levels, lowest first.
func (l *Ladder) Levels() []string {
	ids := make([]string, len(l.levels))
	for i, v := range l.levels {
		ids[i] = v.id
	}
	return ids
}

// Rank returns the position of a level, 0 for the lowest, and whether the ladder has it.
func (l *Ladder) Rank(id string) (int, bool) {
	i := slices.IndexFunc(l.levels, func(v level) bool { return v.id == id })
	return max(i, 0), i >= 0
}

// view is one member at one instant.
type view struct {
	*Activity
	at      int64
	day     civil.Day
	entered civil.Day
}

// reaches reports whether a member who stands on the rank held reaches the level of a rank.
func (v *view) reaches(l *level, rank, held int) bool {
	return v.holds(l.enter) || rank <= held && len(l.keep) > 0 && v.holds(l.keep)
}

// holds reports whether a tree holds. An empty one, that of the first level, always does.
func (v *view) holds(tree []node) bool {
	if len(tree) == 0 {
		return true
	}
	n := &tree[0]
	if n.need == 0 {
		value, ok := v.value(n)
		return ok && value.meets(n)
	}
	held := 0
	for i := 1; i < n.size && held < n.need; i += tree[i].size {
		if v.holds(tree[i:]) {
			held++
		}
	}
	return held >= n.need
}
