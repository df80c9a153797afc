package rule

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTruthTables builds every expression of up to two levels over three conditions and evaluates it for
// all 27 combinations of their verdicts, against tables written out by hand.
func TestTruthTables(t *testing.T) {
	and := [3][3]Truth{{False, False, False}, {False, Unknown, Unknown}, {False, Unknown, True}}
	or := [3][3]Truth{{False, Unknown, True}, {Unknown, Unknown, True}, {True, True, True}}
	not := [3]Truth{True, Unknown, False}
	yes := [3]Truth{False, True, True}
	no := [3]Truth{False, False, True}

	s := NewSchema[[3]Truth]("truths", 1)
	type term struct {
		e    Expr[[3]Truth]
		want func([3]Truth) Truth
	}
	var terms []term
	for i, name := range []string{"a", "b", "c"} {
		f := s.Flag(name, func(c [3]Truth) (bool, bool) { return c[i] == True, c[i] != Unknown })
		terms = append(terms, term{f.Is(true), func(c [3]Truth) Truth { return c[i] }})
	}
	for level := range 2 {
		for _, x := range terms[:3+level*5] {
			terms = append(terms,
				term{Not(x.e), func(c [3]Truth) Truth { return not[x.want(c)] }},
				term{x.e.OrElse(true), func(c [3]Truth) Truth { return yes[x.want(c)] }},
				term{x.e.OrElse(false), func(c [3]Truth) Truth { return no[x.want(c)] }},
			)
			for _, y := range terms[:3+level*5] {
				terms = append(terms,
					term{All(x.e, y.e), func(c [3]Truth) Truth { return and[x.want(c)][y.want(c)] }},
					term{Any(x.e, y.e), func(c [3]Truth) Truth { return or[x.want(c)][y.want(c)] }},
				)
			}
		}
	}
	require.Greater(t, len(terms), 100)
	for _, x := range terms {
		r := s.MustCompile(x.e)
		for i := range 27 {
			c := [3]Truth{Truth(i % 3), Truth(i / 3 % 3), Truth(i / 9)}
			require.Equal(t, x.want(c), r.Test(c, time.Time{}), "%s of %v", r.Text(English), c)
		}
	}
	for x := range Truth(3) {
		assert.Equal(t, not[x], x.Not())
		assert.Equal(t, yes[x], x.OrElse(true))
		assert.Equal(t, no[x], x.OrElse(false))
		for y := range Truth(3) {
			assert.Equal(t, and[x][y], x.And(y))
			assert.Equal(t, or[x][y], x.Or(y))
		}
	}
}
