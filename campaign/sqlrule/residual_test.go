package sqlrule

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regulars-go/regulars/campaign/rule"
)

func canonical(t *testing.T, r *rule.Rule[buyer]) string {
	t.Helper()
	text, err := r.MarshalJSON()
	require.NoError(t, err)
	return string(text)
}

// What has no column is asked afterwards, and nothing else is.
func TestResidual(t *testing.T) {
	type expr = rule.Expr[buyer]
	a, b, x, y := vip.Is(true), consent.Is(true), phone.Eq("1"), hunch.Holds()
	const A, B = "`b`.`vip` <> 0", "`b`.`consent` <> 0"
	for _, tc := range []struct {
		name     string
		e        expr
		sql      string
		residual expr
	}{
		{"nothing is mapped", x, "TRUE", x},
		{"a function", y, "TRUE", y},
		{"all falls apart", rule.All(a, x, b, y), "(" + A + " AND " + B + ")", rule.All(x, y)},
		{"all but one are mapped", rule.All(a, x, b), "(" + A + " AND " + B + ")", x},
		{"all within all", rule.All(a, rule.All(b, x)), "(" + A + " AND " + B + ")", x},
		{"any cannot be narrowed", rule.Any(a, x), "TRUE", rule.Any(a, x)},
		{"any of alls can", rule.Any(rule.All(a, x), b), "(" + A + " OR " + B + ")", rule.Any(rule.All(a, x), b)},
		{"not any falls apart", rule.Not(rule.Any(a, x)), "NOT (" + A + ")", rule.Not(x)},
		{"not all cannot be narrowed", rule.Not(rule.All(a, x)), "TRUE", rule.Not(rule.All(a, x))},
		{"not not", rule.Not(rule.Not(rule.All(a, x))), "NOT (NOT (" + A + "))", rule.Not(rule.Not(x))},
		{"unless false", rule.All(a, x).OrElse(true), "(" + A + ") IS NOT FALSE", x.OrElse(true)},
		{"unless true", rule.Not(rule.Any(a, x).OrElse(false)), "NOT ((" + A + ") IS TRUE)", rule.Not(x.OrElse(false))},
		{"not even unknown", rule.Not(rule.Any(a, x).OrElse(true)), "NOT ((" + A + ") IS NOT FALSE)", rule.Not(x.OrElse(true))},
		{"a date without its year", rule.All(a, nameday.Before(rule.Date{Year: 2000, Month: 1, Day: 1})), A, nameday.Before(rule.Date{Year: 2000, Month: 1, Day: 1})},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := where(t, config(SQLite), tc.e)
			assert.Equal(t, tc.sql, w.SQL)
			require.NotNil(t, w.Residual)
			assert.False(t, w.Exact())
			assert.Equal(t, canonical(t, shop.MustCompile(tc.residual)), canonical(t, w.Residual))
		})
	}
}

func TestKeepAsksTheResidualAtTheSameInstant(t *testing.T) {
	s := rule.NewSchema[buyer]("shop", 1)
	early := s.TimedFunc("early", 1,
		func(_ buyer, at time.Time) rule.Truth { return rule.Of(at.Equal(noon.Truncate(time.Microsecond))) },
		func(buyer, time.Time) (time.Time, bool) { return time.Time{}, false })
	m, err := New(s, Config{Dialect: SQLite, Table: "b"})
	require.NoError(t, err)
	w, err := m.Where(s.MustCompile(early.Holds()), noon)
	require.NoError(t, err)
	assert.True(t, w.Keep(buyer{}))
	w, err = m.Where(s.MustCompile(early.Holds()), noon.Add(time.Microsecond))
	require.NoError(t, err)
	assert.False(t, w.Keep(buyer{}))
}

// Conditions beyond the limit of arguments are left to the residual.
func TestMaxArgs(t *testing.T) {
	c := config(MariaDB)
	c.MaxArgs = 3
	w := where(t, c, rule.All(city.In("a", "b", "c", "d"), orders.Over(1), region.Eq("GD"), orders.Under(9)))
	assert.Equal(t, "(`b`.`orders` > ? AND (`b`.`region` = ? AND BINARY CONVERT(`b`.`region` USING utf8mb4) = ?))", w.SQL)
	assert.Len(t, w.Args, 3)
	assert.Equal(t, canonical(t, shop.MustCompile(rule.All(city.In("a", "b", "c", "d"), orders.Under(9)))), canonical(t, w.Residual))
}

// The arguments of the query around the WHERE count towards what the engine takes.
func TestArgsOfTheQueryAround(t *testing.T) {
	e := rule.All(orders.Over(1), orders.Under(9))
	w := where(t, config(SQLite), e, StartAt(32_766))
	assert.Equal(t, "`b`.`orders` > ?", w.SQL)
	assert.Equal(t, canonical(t, shop.MustCompile(orders.Under(9))), canonical(t, w.Residual))
	w = where(t, config(SQLite), e, StartAt(40_000))
	assert.Equal(t, "TRUE", w.SQL)
	assert.False(t, w.Exact())
}

// A residual is no larger and no deeper than its rule, so it is legal where the rule is.
func TestResidualOfTheLargestRules(t *testing.T) {
	list := []rule.Expr[buyer]{vip.Is(true)}
	for len(list) < rule.MaxNodes-2 {
		list = append(list, phone.Eq("1"))
	}
	w := where(t, config(SQLite), rule.Not(rule.Any(list...)))
	assert.Equal(t, "NOT (`b`.`vip` <> 0)", w.SQL)

	deep := rule.All(vip.Is(true), phone.Eq("1"))
	for range rule.MaxDepth - 2 {
		deep = rule.Not(deep)
	}
	where(t, config(SQLite), deep)
}
