package sqlrule

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regulars-go/regulars/campaign/rule"
)

// buyer has no facts at all: here only the text of the SQL matters. Engines answer in examples/agree.
type buyer struct{}

func none[T any](buyer) (v T, known bool) { return v, false }

var (
	shop     = rule.NewSchema[buyer]("shop.buyer", 1)
	region   = shop.Text("region", none[string])
	city     = shop.Text("city", none[string])
	orders   = shop.Int("orders", none[int64])
	spend    = shop.Money("spend", none[decimal.Decimal])
	credit   = shop.Money("credit", none[decimal.Decimal])
	tier     = shop.Ranked("tier", []string{"bronze", "silver", "gold", "black"}, none[string])
	level    = shop.Ranked("level", []string{"low", "mid", "high"}, none[string])
	last     = shop.Instant("last", none[time.Time])
	seen     = shop.Instant("seen", none[time.Time])
	birthday = shop.Date("birthday", none[rule.Date])
	nameday  = shop.Date("nameday", none[rule.Date])
	consent  = shop.Flag("consent", none[bool])
	vip      = shop.Flag("vip", none[bool])
	tags     = shop.Labels("tags", none[[]string])
	likes    = shop.Labels("likes", none[[]string])
	bought   = shop.Labels("bought", none[[]string])
	phone    = shop.Text("phone", none[string]) // never mapped
	hunch    = shop.Func("hunch", 1, func(buyer) rule.Truth { return rule.Unknown })

	noon = time.Date(2025, 6, 15, 12, 0, 0, 123456789, time.UTC)
)

func config(d Dialect) Config {
	c := Config{Dialect: d, Table: "b", Columns: map[string]Column{
		"region": {Name: "region"}, "city": {Name: "city", Exact: true}, "orders": {Name: "orders"}, "spend": {Name: "spend"},
		"credit": {Name: "cents", As: Minor, Scale: 2}, "tier": {Name: "tier"}, "level": {Name: "lvl", As: Rank, Base: 1, Exact: true},
		"last": {Name: "last"}, "seen": {Name: "seen", As: Seconds}, "birthday": {Name: "born"}, "nameday": {Name: "nameday", As: MonthDay},
		"consent": {Name: "consent"}, "vip": {Name: "vip", As: Integer}, "tags": {Name: "tags"}, "likes": {Name: "likes", As: JSON},
		"bought": {As: Rows, Child: &Child{Table: "shop.items", Key: "buyer", Label: "sku", Parent: "id"}},
	}}
	if d == SQLite {
		c.Columns["spend"] = Column{Name: "spend", As: Minor, Scale: 3}
	}
	return c
}

func mapping(tb testing.TB, c Config) *Mapping[buyer] {
	tb.Helper()
	m, err := New(shop, c)
	require.NoError(tb, err)
	return m
}

func where(t *testing.T, c Config, e rule.Expr[buyer], opts ...Option) Where[buyer] {
	t.Helper()
	r, err := shop.Compile(e)
	require.NoError(t, err)
	w, err := mapping(t, c).Where(r, noon, opts...)
	require.NoError(t, err)
	return w
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func TestConditions(t *testing.T) {
	utc := time.UTC
	for _, tc := range []struct {
		e       rule.Expr[buyer]
		dialect Dialect
		sql     string
		args    []any
	}{
		{region.Eq("GD"), Postgres, `"b"."region" = CAST($1 AS text)`, []any{"GD"}},
		{region.Eq("GD"), MariaDB, "(`b`.`region` = ? AND BINARY CONVERT(`b`.`region` USING utf8mb4) = ?)", []any{"GD", "GD"}},
		{region.Eq("GD"), SQLite, "`b`.`region` COLLATE BINARY = ?", []any{"GD"}},
		{city.NotIn("a", "b", "a"), Postgres, `NOT ("b"."city" IN (CAST($1 AS text), CAST($2 AS text)))`, []any{"a", "b"}},
		{city.NotIn("a", "b", "a"), MariaDB, "NOT (`b`.`city` IN (?, ?))", []any{"a", "b"}},
		{city.Known(), SQLite, "`b`.`city` IS NOT NULL", nil},
		{orders.Over(5e9), Postgres, `"b"."orders" > CAST($1 AS bigint)`, []any{int64(5e9)}},
		{orders.Between(1, 3), MariaDB, "`b`.`orders` BETWEEN ? AND ?", []any{int64(1), int64(3)}},
		{spend.Over(dec("500.00")), Postgres, `"b"."spend" > CAST($1 AS numeric)`, []any{"500.00"}},
		{spend.Over(dec("500.00")), MariaDB, "`b`.`spend` > CAST(? AS DECIMAL(5,2))", []any{"500.00"}},
		{spend.Over(dec("5e2")), MariaDB, "`b`.`spend` > CAST(? AS DECIMAL(3,0))", []any{"500"}},
		{spend.Over(dec("-0.00001")), MariaDB, "`b`.`spend` > CAST(? AS DECIMAL(5,5))", []any{"-0.00001"}},
		{spend.Over(dec("500.00")), SQLite, "`b`.`spend` >= ?", []any{int64(500_001)}},
		{credit.Eq(dec("12.34")), Postgres, `"b"."cents" = CAST($1 AS bigint)`, []any{int64(1234)}},
		{credit.Eq(dec("12.345")), SQLite, "`b`.`cents` <> `b`.`cents`", nil},
		{credit.Ne(dec("12.345")), SQLite, "NOT (`b`.`cents` <> `b`.`cents`)", nil},
		{credit.AtLeast(dec("12.345")), SQLite, "`b`.`cents` >= ?", []any{int64(1235)}},
		{credit.AtMost(dec("-12.345")), SQLite, "`b`.`cents` <= ?", []any{int64(-1235)}},
		{credit.Under(dec("12.345")), SQLite, "`b`.`cents` <= ?", []any{int64(1234)}},
		{credit.Under(dec("12.34")), SQLite, "`b`.`cents` <= ?", []any{int64(1233)}},
		{credit.Over(dec("1e18")), SQLite, "`b`.`cents` <> `b`.`cents`", nil},
		{credit.Under(dec("1e18")), SQLite, "`b`.`cents` = `b`.`cents`", nil},
		{credit.Between(dec("-1e18"), dec("0.009")), SQLite, "`b`.`cents` <= ?", []any{int64(0)}},
		{tier.AtLeast("gold"), SQLite, "CASE WHEN `b`.`tier` COLLATE BINARY IN (?, ?, ?, ?) THEN `b`.`tier` COLLATE BINARY IN (?, ?) END",
			[]any{"bronze", "silver", "gold", "black", "gold", "black"}},
		{tier.Known(), Postgres, `("b"."tier" IN (CAST($1 AS text), CAST($2 AS text), CAST($3 AS text), CAST($4 AS text))) IS TRUE`,
			[]any{"bronze", "silver", "gold", "black"}},
		{level.AtLeast("mid"), MariaDB, "`b`.`lvl` BETWEEN ? AND ?", []any{int64(2), int64(3)}},
		{level.NotIn("mid"), MariaDB, "`b`.`lvl` IN (?, ?)", []any{int64(1), int64(3)}},
		{level.Missing(), MariaDB, "`b`.`lvl` IS NULL", nil},
		{last.Within(time.Hour), Postgres, `("b"."last" >= CAST($1 AS timestamptz) AND "b"."last" < CAST($2 AS timestamptz))`,
			[]any{time.Date(2025, 6, 15, 11, 0, 0, 123457000, utc), time.Date(2025, 6, 15, 12, 0, 0, 123457000, utc)}},
		{last.Before(noon), MariaDB, "`b`.`last` < CAST(? AS DATETIME(6))", []any{"2025-06-15 12:00:00.123456"}},
		{last.Before(noon), SQLite, "`b`.`last` <= ?", []any{noon.UnixMicro() - 1}},
		{seen.Before(noon), SQLite, "`b`.`seen` <= ?", []any{noon.Unix()}},
		{seen.After(noon), SQLite, "`b`.`seen` >= ?", []any{noon.Unix() + 1}},
		{birthday.Near(2, 1, rule.LeapFeb28, utc), Postgres,
			`(EXTRACT(MONTH FROM "b"."born") * 100 + EXTRACT(DAY FROM "b"."born")) BETWEEN CAST($1 AS bigint) AND CAST($2 AS bigint)`, []any{int64(614), int64(617)}},
		{birthday.Near(366, 0, rule.LeapFeb28, utc), SQLite, "`b`.`born` = `b`.`born`", nil},
		{birthday.Before(rule.Date{Year: 2000, Month: 3, Day: 1}), SQLite, "`b`.`born` < ?", []any{"2000-03-01"}},
		{nameday.Near(20, 170, rule.LeapFeb28, utc), SQLite, "(`b`.`nameday` BETWEEN ? AND ? OR `b`.`nameday` BETWEEN ? AND ?)",
			[]any{int64(101), int64(705), int64(1227), int64(1231)}},
		{consent.Is(false), Postgres, `NOT "b"."consent"`, nil},
		{consent.Is(true), SQLite, "`b`.`consent` <> 0", nil},
		{vip.Is(true), Postgres, `"b"."vip" <> 0`, nil},
		{tags.Any("x", "y"), Postgres, `"b"."tags" && ARRAY[CAST($1 AS text), CAST($2 AS text)]`, []any{"x", "y"}},
		{tags.All("x", "y"), SQLite, "CASE WHEN `b`.`tags` IS NOT NULL THEN (SELECT COUNT(DISTINCT regulars_label.value) FROM json_each(`b`.`tags`) AS regulars_label" +
			" WHERE regulars_label.type = 'text' AND regulars_label.value COLLATE BINARY IN (?, ?)) = 2 END", []any{"x", "y"}},
		{likes.Any("x", "y"), Postgres, `("b"."likes" @> to_jsonb(CAST($1 AS text)) OR "b"."likes" @> to_jsonb(CAST($2 AS text)))`, []any{"x", "y"}},
		{likes.None("x"), MariaDB, "NOT (CASE WHEN `b`.`likes` IS NOT NULL THEN EXISTS (SELECT 1 FROM JSON_TABLE(`b`.`likes`, '$[*]' COLUMNS (label VARCHAR(257) PATH '$')) AS regulars_label" +
			" WHERE (regulars_label.label = ? AND BINARY CONVERT(regulars_label.label USING utf8mb4) = ?)) END)", []any{"x", "x"}},
		{bought.Any("x"), Postgres, `EXISTS (SELECT 1 FROM "shop"."items" AS regulars_label WHERE regulars_label."buyer" = "b"."id" AND regulars_label."sku" = CAST($1 AS text))`, []any{"x"}},
		{bought.Known(), Postgres, "TRUE", nil},
		{bought.Missing(), SQLite, "FALSE", nil},
	} {
		w := where(t, config(tc.dialect), tc.e)
		assert.Equal(t, tc.sql, w.SQL)
		assert.Equal(t, tc.args, w.Args, tc.sql)
		assert.True(t, w.Exact(), tc.sql)
		assert.Nil(t, w.Residual, tc.sql)
		assert.True(t, w.Keep(buyer{}))
	}
}

func TestJunctions(t *testing.T) {
	a, b, c := vip.Is(true), orders.AtLeast(2), consent.Is(true)
	for _, tc := range []struct {
		e   rule.Expr[buyer]
		sql string
	}{
		{rule.All(a, rule.Any(b, c)), "(`b`.`vip` <> 0 AND (`b`.`orders` >= ? OR `b`.`consent` <> 0))"},
		{rule.Not(rule.All(a, b)), "NOT ((`b`.`vip` <> 0 AND `b`.`orders` >= ?))"},
		{rule.Not(a).OrElse(true), "(NOT (`b`.`vip` <> 0)) IS NOT FALSE"},
		{rule.Any(a, b).OrElse(false), "((`b`.`vip` <> 0 OR `b`.`orders` >= ?)) IS TRUE"},
		{rule.All(a), "`b`.`vip` <> 0"},
	} {
		assert.Equal(t, tc.sql, where(t, config(SQLite), tc.e).SQL)
	}
}

func TestPlaceholders(t *testing.T) {
	e := rule.All(orders.Over(1), vip.Is(true), city.In("a", "b"))
	for _, tc := range []struct {
		dialect Dialect
		style   Placeholders
		first   int
		want    string
	}{
		{Postgres, Native, 1, `("b"."orders" > CAST($1 AS bigint) AND "b"."vip" <> 0 AND "b"."city" IN (CAST($2 AS text), CAST($3 AS text)))`},
		{Postgres, Native, 9, `("b"."orders" > CAST($9 AS bigint) AND "b"."vip" <> 0 AND "b"."city" IN (CAST($10 AS text), CAST($11 AS text)))`},
		{Postgres, Question, 9, `("b"."orders" > CAST(? AS bigint) AND "b"."vip" <> 0 AND "b"."city" IN (CAST(? AS text), CAST(? AS text)))`},
		{SQLite, Dollar, 2, "(`b`.`orders` > $2 AND `b`.`vip` <> 0 AND `b`.`city` IN ($3, $4))"},
	} {
		c := config(tc.dialect)
		c.Placeholders = tc.style
		assert.Equal(t, tc.want, where(t, c, e, StartAt(tc.first)).SQL)
	}
}

// No value of a rule is ever part of the SQL, whatever it says.
func TestValuesAreArguments(t *testing.T) {
	evil := "x'; DROP TABLE buyers; --`\"\\$1?"
	for _, d := range []Dialect{Postgres, MariaDB, SQLite} {
		for _, e := range []rule.Expr[buyer]{region.Eq(evil), city.In(evil, "y"), tags.All(evil, "y"), likes.Any(evil), bought.None(evil)} {
			w := where(t, config(d), e)
			assert.NotContains(t, w.SQL, "DROP")
			assert.Contains(t, w.Args, any(evil))
		}
	}
}

func TestIdentifiersAreQuoted(t *testing.T) {
	for d, want := range map[Dialect]string{
		Postgres: "\"b\"\"; --\".\"vi`p\"\"\\\" <> 0",
		MariaDB:  "`b\"; --`.`vi``p\"\\` <> 0",
		SQLite:   "`b\"; --`.`vi``p\"\\` <> 0",
	} {
		c := Config{Dialect: d, Table: `b"; --`, Columns: map[string]Column{"vip": {Name: "vi`p\"\\", As: Integer}}}
		assert.Equal(t, want, where(t, c, vip.Is(true)).SQL)
	}
}

func TestWhereRefuses(t *testing.T) {
	m := mapping(t, config(SQLite))
	r := shop.MustCompile(vip.Is(true))
	other := rule.NewSchema[buyer]("shop.buyer", 1)
	stranger := other.MustCompile(other.Flag("vip", none[bool]).Is(true))
	for _, tc := range []struct {
		r    *rule.Rule[buyer]
		at   time.Time
		opt  Option
		want string
	}{
		{nil, noon, StartAt(1), "sqlrule: no rule"},
		{stranger, noon, StartAt(1), "sqlrule: the rule is not of the mapping's schema shop.buyer"},
		{r, time.Time{}, StartAt(1), "sqlrule: the instant is zero"},
		{r, noon, StartAt(0), "sqlrule: placeholders start at 1 or later, not at 0"},
	} {
		w, err := m.Where(tc.r, tc.at, tc.opt)
		require.EqualError(t, err, tc.want)
		assert.Equal(t, Where[buyer]{}, w)
	}
}

// Whatever can be stored as a rule can be written as SQL, with an argument for each placeholder.
func FuzzWhere(f *testing.F) {
	for _, e := range []rule.Expr[buyer]{
		region.In("GD", "HN"), spend.Between(dec("1e-18"), dec("9e18")), birthday.Near(3, 7, rule.LeapMar1, time.UTC).OrElse(true),
		rule.Not(rule.Any(tags.All("a", "b"), phone.Eq("1"), hunch.Holds())), last.OlderThan(1 << 62 / 1000 * 1000), level.AtMost("mid"),
	} {
		text, err := shop.MustCompile(e).MarshalJSON()
		require.NoError(f, err)
		f.Add(text, noon.Unix())
	}
	var mappings []*Mapping[buyer]
	for _, d := range []Dialect{Postgres, MariaDB, SQLite} {
		c := config(d)
		c.Placeholders = Question
		mappings = append(mappings, mapping(f, c))
	}
	f.Fuzz(func(t *testing.T, data []byte, seconds int64) {
		r, err := shop.Parse(data)
		at := time.Unix(seconds%(1<<38), 0)
		if err != nil || at.IsZero() {
			return
		}
		for _, m := range mappings {
			w, err := m.Where(r, at)
			require.NoError(t, err)
			assert.Len(t, w.Args, strings.Count(w.SQL, "?"))
			for _, a := range w.Args {
				switch a.(type) {
				case string, int64, time.Time:
				default:
					assert.Fail(t, fmt.Sprintf("%T is no argument", a))
				}
			}
		}
	})
}

func BenchmarkWhere(b *testing.B) {
	r := shop.MustCompile(rule.All(region.In("GD", "HN"), orders.AtLeast(2), spend.Over(dec("500")), tier.AtLeast("gold"),
		last.Within(30*24*time.Hour), birthday.Near(7, 0, rule.LeapFeb28, time.UTC), consent.Is(true), tags.Any("vip")))
	m := mapping(b, config(Postgres))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Where(r, noon); err != nil {
			b.Fatal(err)
		}
	}
}
