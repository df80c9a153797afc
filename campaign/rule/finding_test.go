package rule

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFindings(t *testing.T) {
	utc := time.UTC
	ok := OptIn.Is(true)
	for _, c := range []struct {
		name string
		e    Expr[*customer]
		want string
	}{
		{"nothing to say", All(ok, Spend.Over(dec("500")), Region.In("GD")), ""},
		{"no consent", Spend.Over(dec("500")), " ignores_consent"},
		{"consent in one branch only", Any(ok, Spend.Over(dec("500"))), " ignores_consent"},
		{"consent refused", OptIn.Is(false), " ignores_consent"},
		{"consent or unknown", ok.OrElse(true), " ignores_consent"},
		{"consent in every branch", Any(All(ok, Region.Eq("GD")), All(Region.Eq("ZJ"), ok)), ""},
		{"consent not refused", Not(OptIn.Is(false)).OrElse(false), ""},
		{"consent in the only branch that can be", Any(ok, All(Orders.Over(3), Orders.Under(3))), "/any/1 dead_branch"},
		{"nothing is given below a not", All(ok, Not(All(Orders.Over(5), Any(Orders.Under(3), Region.Eq("GD"))))), "/all/1 open_not"},
		{"money that cannot be", All(ok, Spend.Over(dec("500")), Spend.Under(dec("100"))), " always_false"},
		{"no number in between", All(ok, Orders.Over(1), Orders.Under(2)), " always_false"},
		{"no amount in between", All(ok, Spend.Over(dec("1")), Spend.Under(dec("1.000000000000000001"))), " always_false"},
		{"an amount in between", All(ok, Spend.Over(dec("1")), Spend.Under(dec("1.000000000000000002"))), ""},
		{"deep contradiction", All(ok, All(Region.Eq("GD"), Region.Eq("ZJ"))), "/all/1 always_false"},
		{"labels contradict", All(ok, Tags.All("a", "b"), Tags.None("b")), " always_false"},
		{"windows contradict", All(ok, Last.Within(time.Hour), Last.OlderThan(time.Hour)), " always_false"},
		{"calendar windows contradict", All(ok, Last.WithinDays(3, utc), Last.OlderThanDays(3, utc)), " always_false"},
		{"always", Any(Orders.AtLeast(3), Orders.Under(3)), " always_true; ignores_consent"},
		{"lowest rank", All(ok, Tier.AtLeast("bronze")), "/all/1 always_true"},
		{"dead branch", All(ok, Any(Region.Eq("GD"), All(Orders.Over(3), Orders.Under(3)))), "/all/1/any/1 dead_branch"},
		{"dead beside another condition", All(ok, Spend.Over(dec("500")), Any(Spend.Under(dec("100")), Region.Eq("GD"))), "/all/2/any/0 dead_branch"},
		{"implied", All(ok, Spend.Over(dec("500")), Spend.Over(dec("100"))), "/all/2 dead_branch"},
		{"implied window", All(ok, Last.Within(time.Hour), Last.Within(2*time.Hour)), "/all/2 dead_branch"},
		{"swallowed", All(ok, Any(Orders.Over(3), Orders.Over(5))), "/all/1/any/1 dead_branch"},
		{"duplicate", All(ok, Region.In("GD", "ZJ"), Region.In("ZJ", "GD")), "/all/2 duplicate"},
		{"open not", All(ok, Not(Region.Eq("GD"))), "/all/1 open_not"},
		{"open ne", All(ok, Region.Ne("GD")), "/all/1 open_not"},
		{"closed not", All(ok, Not(Region.Eq("GD")).OrElse(true)), ""},
		{"not of known", All(ok, Not(Region.Known())), ""},
		{"not beside known", All(ok, Region.Known(), Not(Region.Eq("GD"))), ""},
		{"not beside a condition on the same field", All(ok, Last.Within(48*time.Hour), Not(Last.Within(24*time.Hour))), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, f := range shop.MustCompile(c.e).Findings() {
				got = append(got, f.Path+" "+string(f.Code))
			}
			assert.Equal(t, c.want, strings.Join(got, ";"))
		})
	}
}

// TestFindingsAreSo checks on random rules and customers that what is reported is so.
func TestFindingsAreSo(t *testing.T) {
	const seed = 11
	w := newWorld(seed)
	found := map[FindingCode]int{}
	for i := range 1500 {
		e := w.expr(3)
		if i%2 == 0 { // conditions on few fields meet more often
			for e.Node().countFields() > 2 {
				e = w.expr(3)
			}
		}
		r := shop.MustCompile(e)
		for _, f := range r.Findings() {
			found[f.Code]++
			var without *Rule[*customer]
			if f.Code == DeadBranch || f.Code == Duplicate {
				n := e.Node()
				n.remove(f.Path)
				without = shop.MustCompile(shop.Expr(n))
			}
			for range 60 {
				c, at := w.customer(), w.instant()
				switch f.Code {
				case AlwaysFalse:
					require.NotEqual(t, True, r.Test(c, at), "%s: %s", f, mustJSON(t, r))
				case AlwaysTrue:
					if f.Path == "" {
						require.NotEqual(t, False, r.Test(c, at), "%s: %s", f, mustJSON(t, r))
					}
				case DeadBranch, Duplicate:
					require.Equal(t, r.Match(c, at), without.Match(c, at), "%s: %s", f, mustJSON(t, r))
				default:
				}
			}
		}
	}
	for _, code := range []FindingCode{AlwaysFalse, AlwaysTrue, DeadBranch, Duplicate, OpenNot, IgnoresConsent} {
		assert.Positive(t, found[code], "%s", code)
	}
}

func (n *Node) countFields() int {
	names := map[string]bool{}
	n.walk(nil, func(n *Node, _ *place) { names[n.Name] = true })
	return len(names)
}

// remove takes the node at a path out of its list.
func (n *Node) remove(path string) {
	n.walk(nil, func(parent *Node, p *place) {
		for i := range parent.Kids {
			if parent.listed() && p.kid(parent, i).String() == path {
				parent.Kids = append(append([]*Node{}, parent.Kids[:i]...), parent.Kids[i+1:]...)
				return
			}
		}
	})
}
