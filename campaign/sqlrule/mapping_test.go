package sqlrule

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regulars-go/regulars/campaign/rule"
)

func TestNewReportsAllProblems(t *testing.T) {
	long := strings.Repeat("x", 65)
	_, err := New(shop, Config{Dialect: MariaDB, Placeholders: Dollar, MaxArgs: 65_536, Columns: map[string]Column{
		"region":  {Name: "a\x00b"},
		"city":    {Name: "city", As: Minor, Scale: 19},
		"orders":  {Name: "orders", Exact: true, Base: 3},
		"spend":   {Name: long, Scale: 2},
		"seen":    {Name: "seen", As: UTC},
		"tags":    {Name: "tags", As: Rows},
		"likes":   {Name: "likes", Child: &Child{}},
		"bought":  {As: Rows, Child: &Child{Table: "a..b", Label: "\xff"}},
		"nowhere": {Name: "nowhere"},
	}})
	require.Error(t, err)
	for _, want := range []string{
		`sqlrule: /placeholders "dollar" is not a style of mariadb`,
		`sqlrule: /table is missing`,
		`sqlrule: /max_args is 65536, and mariadb takes 0 to 65535`,
		`sqlrule: /columns/region/name is not UTF-8 without NUL`,
		`sqlrule: /columns/city/as "minor" is not a form of text`,
		`sqlrule: /columns/city/scale is 19: it is 0 to 18, and only for "minor"`,
		`sqlrule: /columns/orders/exact is only for text, ranked words and the labels of "rows"`,
		`sqlrule: /columns/orders/base is 3: it is at most 1152921504606846976 either way, and only for "rank"`,
		`sqlrule: /columns/spend/name is longer than 64 characters`,
		`sqlrule: /columns/spend/scale is 2: it is 0 to 18, and only for "minor"`,
		`sqlrule: /columns/seen/as "utc" is only for PostgreSQL`,
		`sqlrule: /columns/tags/name is of no use for "rows"`,
		`sqlrule: /columns/likes/child is only for "rows"`,
		`sqlrule: /columns/bought/child/table is missing`,
		`sqlrule: /columns/bought/child/key is missing`,
		`sqlrule: /columns/bought/child/label is not UTF-8 without NUL`,
		`sqlrule: /columns/bought/child/parent is missing`,
		`sqlrule: /columns/nowhere is not a field of schema shop.buyer`,
	} {
		assert.Contains(t, strings.Split(err.Error(), "\n"), want)
	}
	assert.Len(t, strings.Split(err.Error(), "\n"), 18)
}

func TestNewRefuses(t *testing.T) {
	column := func(field string, c Column) map[string]Column { return map[string]Column{field: c} }
	for _, tc := range []struct {
		config Config
		want   string
	}{
		{Config{}, `sqlrule: /dialect "" is none of postgres, mariadb, sqlite`},
		{Config{Dialect: SQLite, Table: "b", Columns: column("spend", Column{Name: "spend"})},
			`sqlrule: /columns/spend/as is "", and SQLite cannot store decimals exactly: use an integer of minor units, "minor"`},
		{Config{Dialect: Postgres, Table: strings.Repeat("客", 22)}, `sqlrule: /table is longer than 63 bytes`},
		{Config{Dialect: SQLite, Table: "regulars_label", Columns: column("likes", Column{Name: "likes", As: JSON})},
			`sqlrule: /columns/likes needs the alias regulars_label for itself: call the customers otherwise`},
		{Config{Dialect: SQLite, Table: "b", Columns: column("bought", Column{As: Rows})}, `sqlrule: /columns/bought/child is missing`},
	} {
		m, err := New(shop, tc.config)
		require.EqualError(t, err, tc.want)
		assert.Nil(t, m)
	}
	_, err := New[buyer](nil, config(SQLite))
	require.EqualError(t, err, "sqlrule: no schema")
}

// A mapping is not changed through the Config it was compiled from.
func TestMappingsAreTheirOwn(t *testing.T) {
	c := config(Postgres)
	m := mapping(t, c)
	r := shop.MustCompile(rule.All(bought.Any("x"), vip.Is(true)))
	before, err := m.Where(r, noon)
	require.NoError(t, err)
	c.Columns["vip"] = Column{Name: "consent"}
	c.Columns["bought"].Child.Table = "other"
	after, err := m.Where(r, noon)
	require.NoError(t, err)
	assert.Equal(t, before, after)
}

func TestConfigIsPlainData(t *testing.T) {
	c := config(MariaDB)
	text, err := json.Marshal(c)
	require.NoError(t, err)
	assert.Contains(t, string(text), `"dialect":"mariadb","table":"b"`)
	assert.Contains(t, string(text), `"credit":{"name":"cents","as":"minor","scale":2}`)
	var again Config
	require.NoError(t, json.Unmarshal(text, &again))
	assert.Equal(t, c, again)
}
