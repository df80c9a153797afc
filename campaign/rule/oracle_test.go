package rule

import (
	"math/bits"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// This file asks everything there is to ask of a world so small that nothing needs to be clever: three
// fields, every customer that differs in them, and rules in which the same conditions come again and again.

func everyCustomer() (all []*customer) {
	for _, region := range []*string{nil, new("GD"), new("ZJ")} {
		for _, orders := range []*int64{nil, new(int64(-1)), new(int64(0)), new(int64(1)), new(int64(2)), new(int64(3))} {
			for _, consent := range []*bool{nil, new(true), new(false)} {
				all = append(all, &customer{region: region, orders: orders, consent: consent})
			}
		}
	}
	return all
}

func (w *world) smallExpr(depth int) Expr[*customer] {
	if depth == 0 || w.IntN(5) == 0 {
		n := int64(w.IntN(4))
		return one2(w, []Expr[*customer]{
			Orders.AtLeast(n), Orders.Under(n), Orders.Eq(n), Orders.Ne(n), Region.Eq("GD"), Region.Ne("ZJ"), Region.Known(),
			OptIn.Is(true), OptIn.Is(false), OptIn.Known(),
		})
	}
	switch w.IntN(7) {
	case 0, 1:
		return Not(w.smallExpr(depth - 1))
	case 2:
		return w.smallExpr(depth - 1).OrElse(w.IntN(2) == 0)
	}
	kids := make([]Expr[*customer], 1+w.IntN(3))
	for i := range kids {
		kids[i] = w.smallExpr(depth - 1)
	}
	if w.IntN(2) == 0 {
		return All(kids...)
	}
	return Any(kids...)
}

// TestFindingsOfASmallWorld checks findings on every customer there is. Of consent it is silence that
// must be right; a report must be where no field is asked about twice, so that nothing rules it out.
func TestFindingsOfASmallWorld(t *testing.T) {
	w := newWorld(5)
	people := everyCustomer()
	reported, silent := 0, 0
	for range 3000 {
		r := shop.MustCompile(w.smallExpr(4))
		selects := func(r *Rule[*customer], c *customer) bool { return r.Match(c, w.now) }
		ignores := false
		for _, f := range r.Findings() {
			ignores = ignores || f.Code == IgnoresConsent
			without := r
			if f.Code == DeadBranch || f.Code == Duplicate {
				n := r.Node()
				n.remove(f.Path)
				without = shop.MustCompile(shop.Expr(n))
			}
			for _, c := range people {
				require.Equal(t, selects(r, c), selects(without, c), "%s: %s", f, mustJSON(t, r))
				switch {
				case f.Code == AlwaysFalse:
					require.False(t, selects(r, c), "%s: %s", f, mustJSON(t, r))
				case f.Code == AlwaysTrue && f.Path == "":
					require.NotEqual(t, False, r.Test(c, w.now), "%s: %s", f, mustJSON(t, r))
				}
			}
		}
		witness := slices.ContainsFunc(people, func(c *customer) bool {
			return selects(r, c) && (c.consent == nil || !*c.consent)
		})
		if !ignores {
			silent++
			require.False(t, witness, "nothing said: %s", mustJSON(t, r))
		} else if r.Node().asksOnce() {
			reported++
			require.True(t, witness, "said in vain: %s", mustJSON(t, r))
		}
	}
	require.Positive(t, silent)
	require.Positive(t, reported)
}

func (n *Node) asksOnce() bool {
	asked := map[string]int{}
	once := true
	n.walk(nil, func(n *Node, _ *place) {
		if n.Kind == KindField {
			asked[n.Name]++
			once = once && asked[n.Name] == 1
		}
	})
	return once
}

// TestRemedyIsTheShortestWayIn tries every set of conditions and every verdict they could change to.
func TestRemedyIsTheShortestWayIn(t *testing.T) {
	w := newWorld(6)
	people := everyCustomer()
	for range 3000 {
		r := shop.MustCompile(w.smallExpr(3))
		e := r.Explain(one2(w, people), w.now)
		leaves := e.Leaves()
		if len(leaves) > 8 {
			continue
		}
		fewest, reachable := len(leaves)+1, map[string]bool{}
		for set := range 1 << len(leaves) {
			if n := bits.OnesCount(uint(set)); n <= fewest && e.Root.canBeTrue(leaves, set) {
				if n < fewest {
					fewest, reachable = n, map[string]bool{}
				}
				reachable[pathsOf(leaves, set)] = true
			}
		}
		remedy := e.Remedy()
		set := 0
		for _, s := range remedy {
			set |= 1 << slices.Index(leaves, s)
		}
		require.Len(t, remedy, fewest, "%s\n%s", mustJSON(t, r), e)
		require.True(t, reachable[pathsOf(leaves, set)], "%s\n%s", mustJSON(t, r), e)
		blockers := e.Blockers()
		for _, s := range remedy {
			require.Contains(t, blockers, s, "%s\n%s", mustJSON(t, r), e)
		}
	}
}

func pathsOf(leaves []*Step, set int) (out string) {
	for i, s := range leaves {
		if set>>i&1 != 0 {
			out += s.Path + " "
		}
	}
	return out
}

// canBeTrue tries all verdicts for the leaves of a set.
func (s *Step) canBeTrue(leaves []*Step, set int) bool {
	free := map[*Step]Truth{}
	var try func(i int) bool
	try = func(i int) bool {
		if i == len(leaves) {
			return s.with(free) == True
		}
		if set>>i&1 == 0 {
			return try(i + 1)
		}
		for _, t := range []Truth{False, Unknown, True} {
			free[leaves[i]] = t
			if try(i + 1) {
				return true
			}
		}
		delete(free, leaves[i])
		return false
	}
	return try(0)
}

// with returns the verdict of a step where some leaves have another.
func (s *Step) with(changed map[*Step]Truth) Truth {
	if t, ok := changed[s]; ok {
		return t
	}
	var kids []Truth
	for _, k := range s.Steps {
		kids = append(kids, k.with(changed))
	}
	switch s.Kind {
	case KindAll:
		return slices.Min(kids)
	case KindAny:
		return slices.Max(kids)
	case KindNot:
		return kids[0].Not()
	case KindOrElse:
		return kids[0].OrElse(s.node.Value)
	default:
		return s.Verdict
	}
}

func (n *Node) asksWhetherKnown() (asks bool) {
	n.walk(nil, func(n *Node, _ *place) { asks = asks || n.Op == OpKnown || n.Kind == KindOrElse })
	return asks
}

// TestMissingIsWhatDecides: there are missing facts where the verdict is unknown, and it is decided once
// they are filled in, whichever way.
func TestMissingIsWhatDecides(t *testing.T) {
	w := newWorld(7)
	people := everyCustomer()
	for range 3000 {
		e := w.smallExpr(3)
		if e.Node().asksWhetherKnown() {
			continue // a fact that is filled in changes the answer
		}
		r := shop.MustCompile(e)
		c := one2(w, people)
		missing := r.Explain(c, time.Time{}).Missing()
		require.Equal(t, r.Test(c, time.Time{}) == Unknown, len(missing) > 0, mustJSON(t, r))
		for _, full := range people {
			filled := *c
			if slices.Contains(missing, "region") {
				filled.region = full.region
			}
			if slices.Contains(missing, "orders") {
				filled.orders = full.orders
			}
			if slices.Contains(missing, "consent") {
				filled.consent = full.consent
			}
			if full.region != nil && full.orders != nil && full.consent != nil {
				require.NotEqual(t, Unknown, r.Test(&filled, time.Time{}), "%v: %s", missing, mustJSON(t, r))
			}
		}
	}
}
