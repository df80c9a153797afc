package rules

import (
	"testing"

	"cel.dev/cel-go/cel"
	"github.com/expr-lang/expr/vm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regulars-go/regulars/campaign/rule"
	"github.com/regulars-go/regulars/examples/bench/contest"
)

// The four contestants, ready to ask.
type contestants struct {
	rule *rule.Rule[*Customer]
	hand *Hand
	expr *vm.Program
	cel  cel.Program

	people []*Customer
	rows   []*row
	acts   []*activation
}

func ready(tb testing.TB, n int) *contestants {
	tb.Helper()
	c := &contestants{hand: NewHand(Now), people: People(1, n)}
	var err error
	c.rule, err = Compile()
	require.NoError(tb, err)
	c.expr, err = CompileExpr()
	require.NoError(tb, err)
	env, err := CELEnv()
	require.NoError(tb, err)
	c.cel, err = CompileCEL(env)
	require.NoError(tb, err)
	for _, p := range c.people {
		c.rows = append(c.rows, newRow(p))
		c.acts = append(c.acts, newActivation(p))
	}
	return c
}

func TestContestantsAgree(t *testing.T) {
	c := ready(t, 20_000)
	seen := map[rule.Truth]int{}
	machine := vm.VM{}
	for i, p := range c.people {
		want := c.hand.Test(p)
		seen[want]++
		require.Equal(t, want, c.rule.Test(p, Now), "%+v", p)
		got, err := machine.Run(c.expr, c.rows[i])
		require.NoError(t, err)
		require.Equal(t, want == rule.True, got, "expr: %+v", p)
		val, _, err := c.cel.Eval(c.acts[i])
		require.NoError(t, err)
		require.Equal(t, want == rule.True, val.Value(), "cel: %+v", p)
	}
	t.Log(seen)
	for _, verdict := range []rule.Truth{rule.False, rule.Unknown, rule.True} {
		assert.Greater(t, seen[verdict], 500, "%v is hardly asked for", verdict)
	}
}

func TestTestAllocatesNothing(t *testing.T) {
	c := ready(t, 1000)
	assert.Zero(t, testing.AllocsPerRun(10, func() {
		for _, p := range c.people {
			c.rule.Test(p, Now)
		}
	}))
}

// BenchmarkTest8 asks every customer of a few thousand, contestants in turn.
func BenchmarkTest8(b *testing.B) {
	const n = 5000
	c := ready(b, n)
	machine := vm.VM{}
	selected := map[string]int{}
	var result contest.Result
	for b.Loop() {
		result = contest.Run(contest.Wall, 101,
			contest.Contestant{Name: "rule", Run: func() {
				k := 0
				for _, p := range c.people {
					if c.rule.Test(p, Now) == rule.True {
						k++
					}
				}
				selected["rule"] = k
			}},
			contest.Contestant{Name: "hand", Run: func() {
				k := 0
				for _, p := range c.people {
					if c.hand.Test(p) == rule.True {
						k++
					}
				}
				selected["hand"] = k
			}},
			contest.Contestant{Name: "expr", Run: func() {
				k := 0
				for _, r := range c.rows {
					if ok, _ := machine.Run(c.expr, r); ok == true {
						k++
					}
				}
				selected["expr"] = k
			}},
			contest.Contestant{Name: "cel", Run: func() {
				k := 0
				for _, a := range c.acts {
					if v, _, _ := c.cel.Eval(a); v.Value() == true {
						k++
					}
				}
				selected["cel"] = k
			}},
		)
	}
	for name, k := range selected {
		assert.Equal(b, selected["hand"], k, name)
	}
	report(b, result, n, "ns/customer",
		contest.Bar{Name: "rule", Unit: "hand", Most: 2.2},
		contest.Bar{Name: "rule", Unit: "expr", Most: 0.2},
		contest.Bar{Name: "rule", Unit: "cel", Most: 0.2})
}

// BenchmarkCompile8 compiles the question, each contestant from what a program would store.
func BenchmarkCompile8(b *testing.B) {
	env, err := CELEnv()
	require.NoError(b, err)
	definition := Define()
	const n = 20
	times := func(f func() error) func() {
		return func() {
			for range n {
				if err := f(); err != nil {
					b.Error(err)
				}
			}
		}
	}
	var result contest.Result
	for b.Loop() {
		result = contest.Run(contest.Wall, 51,
			contest.Contestant{Name: "rule", Run: times(func() error { _, err := schema.Compile(definition); return err })},
			contest.Contestant{Name: "rule, with its definition", Run: times(func() error { _, err := Compile(); return err })},
			contest.Contestant{Name: "expr", Run: times(func() error { _, err := CompileExpr(); return err })},
			contest.Contestant{Name: "cel", Run: times(func() error { _, err := CompileCEL(env); return err })},
		)
	}
	report(b, result, n, "ns/compile",
		contest.Bar{Name: "rule", Unit: "expr"},
		contest.Bar{Name: "rule", Unit: "cel"})
	b.Logf("bar for rule: 10 µs")
}

func report(b *testing.B, r contest.Result, per int, unit string, bars ...contest.Bar) {
	b.Helper()
	b.Logf("medians %s\n%s", unit, r.Table(per, bars...))
	b.ReportMetric(float64(r.Median("rule"))/float64(per), unit)
	for _, bar := range bars {
		b.ReportMetric(r.Ratio(bar.Name, bar.Unit), bar.Name+"/"+bar.Unit)
	}
}
