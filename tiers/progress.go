package tiers

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/internal/fixed"
)

// Progress is how far a member is on the way to the next level.
type Progress struct {
	// From is the level decided, To the one above it. On the highest level To and Goals are empty.
	From string `json:"from"`
	To   string `json:"to,omitempty"`
	// Need is how many of the Goals it takes at least. It is less than all where To asks for any of
	// several; Explain shows how they are grouped.
	Need  int    `json:"need"`
	Goals []Goal `json:"goals,omitempty"`
}

// Goal is one comparison of the next level, met or not.
type Goal struct {
	Evidence
	// Needs is what is missing: bound less value, or for at most value less bound. A goal that holds
	// needs zero.
	Needs decimal.Decimal `json:"needs"`
	// Whole measures value by the bound, Band from what the level decided asks of the same metric over
	// the same window up to the bound (from zero where it asks nothing). Shares run from none to all;
	// those of a bound that is at most, or of a missing value, are zero.
	Whole Share `json:"whole"`
	Band  Share `json:"band"`
}

// Share is an exact part of a whole.
type Share struct {
	Part decimal.Decimal `json:"part"`
	Of   decimal.Decimal `json:"of"`
}

// Percent returns the share in percent with that many places, rounded down: 100 means all. The share of
// nothing is 0.
func (s Share) Percent(places int32) decimal.Decimal {
	if s.Of.IsZero() {
		return decimal.Zero
	}
	q, _ := s.Part.Shift(2).QuoRem(s.Of, places)
	return q
}

// Progress decides as [Ladder.Decide] does and measures what the next level still asks.
func (l *Ladder) Progress(a *Activity, at time.Time, held Held) (Progress, error) {
	v, rank, err := l.view(a, at, held)
	if err != nil {
		return Progress{}, err
	}
	d := l.decide(&v, rank)
	p := Progress{From: d.Level}
	if d.Rank+1 == len(l.levels) {
		return p, nil
	}
	next := l.levels[d.Rank+1]
	p.To, p.Need = next.id, least(next.enter)
	for i := range next.enter {
		if n := &next.enter[i]; n.need == 0 {
			p.Goals = append(p.Goals, v.goal(n, l.levels[d.Rank].enter))
		}
	}
	return p, nil
}

// least returns the smallest number of comparisons that can make a tree hold.
func least(tree []node) int {
	if tree[0].need == 0 {
		return 1
	}
	var parts []int
	for i := 1; i < tree[0].size; i += tree[i].size {
		parts = append(parts, least(tree[i:]))
	}
	slices.Sort(parts)
	sum := 0
	for _, n := range parts[:tree[0].need] {
		sum += n
	}
	return sum
}

func (v *view) goal(n *node, present []node) Goal {
	g := Goal{Evidence: v.evidence(n)}
	bound := g.Bound
	switch {
	case g.Missing && n.atMost:
		return g
	case g.Holds:
	case n.atMost:
		g.Needs = g.Value.Sub(bound)
	default:
		g.Needs = bound.Sub(g.Value)
	}
	if n.atMost {
		return g
	}
	g.Whole = share(g.Value, decimal.Zero, bound)
	floor := decimal.Zero
	for i := range present {
		if p := present[i]; p.need == 0 && p.bound < n.bound && alike([]node{p}, []node{*n}) {
			floor = fixed.Decimal(p.bound, p.scale)
		}
	}
	g.Band = share(g.Value, floor, bound)
	return g
}

// share measures how far value is from one bound to the next, no less than none and no more than all.
func share(value, from, to decimal.Decimal) Share {
	part := decimal.Max(decimal.Zero, decimal.Min(value, to).Sub(from))
	return Share{Part: part, Of: to.Sub(from)}
}
