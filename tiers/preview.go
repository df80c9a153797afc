package tiers

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"time"
)

// Comparison is what another ladder would make of the same members.
type Comparison struct {
	Members int `json:"members"`
	// Up, Down and Same compare where a member's present level lies in the new ladder with the level the
	// new ladder decides. Dropped counts those whose present level the new ladder does not have.
	Up      int `json:"up"`
	Down    int `json:"down"`
	Same    int `json:"same"`
	Dropped int `json:"dropped"`
	// Levels counts members by level, in the order of the new ladder; levels it dropped come last.
	Levels []LevelCount `json:"levels"`
	// Moves counts members whose level changes, by present and new level in the order of Levels.
	Moves []Move `json:"moves,omitempty"`
}

// LevelCount is the number of members on a level under the present ladder and under the new one.
type LevelCount struct {
	Level  string `json:"level"`
	Before int    `json:"before"`
	After  int    `json:"after"`
}

// Move is a number of members that go from one level to another.
type Move struct {
	From    string `json:"from"`
	To      string `json:"to"`
	Members int    `json:"members"`
}

// Preview decides for every member under two ladders at one instant and counts the difference. Levels
// are the same where their ids are. A level held that the new ladder does not have counts there as none.
// The first error ends it.
func Preview[M any](present, next *Ladder, at time.Time, members iter.Seq2[M, error], of func(M) (Facts, Held)) (Comparison, error) {
	c := newComparison(present, next)
	before, after := present.scratch(), next.scratch()
	moves := map[[2]int]int{}
	for m, err := range members {
		if err != nil {
			return Comparison{}, err
		}
		facts, held := of(m)
		x, err := present.decideFrom(before, facts, at, held)
		if err != nil {
			return Comparison{}, fmt.Errorf("member %d under the present ladder: %w", c.Members, err)
		}
		if _, ok := next.Rank(held.Level); !ok {
			held = Held{}
		}
		y, err := next.decideFrom(after, facts, at, held)
		if err != nil {
			return Comparison{}, fmt.Errorf("member %d under the new ladder: %w", c.Members, err)
		}
		from := c.index(x.Level)
		c.count(from, y.Rank, len(next.levels))
		moves[[2]int{from, y.Rank}]++
	}
	for k, n := range moves {
		if k[0] != k[1] {
			c.Moves = append(c.Moves, Move{c.Levels[k[0]].Level, c.Levels[k[1]].Level, n})
		}
	}
	slices.SortFunc(c.Moves, func(x, y Move) int {
		return cmp.Or(cmp.Compare(c.index(x.From), c.index(y.From)), cmp.Compare(c.index(x.To), c.index(y.To)))
	})
	return c, nil
}

func newComparison(present, next *Ladder) Comparison {
	var c Comparison
	for _, id := range append(next.Levels(), present.Levels()...) {
		if c.index(id) < 0 {
			c.Levels = append(c.Levels, LevelCount{Level: id})
		}
	}
	return c
}

func (c *Comparison) index(id string) int {
	return slices.IndexFunc(c.Levels, func(v LevelCount) bool { return v.Level == id })
}

// count adds a member who goes from one level to another; levels from kept on are dropped ones.
func (c *Comparison) count(from, to, kept int) {
	c.Members++
	c.Levels[from].Before++
	c.Levels[to].After++
	switch {
	case from >= kept:
		c.Dropped++
	case to > from:
		c.Up++
	case to < from:
		c.Down++
	default:
		c.Same++
	}
}
