package agree

import (
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	_ "github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/regulars-go/regulars/campaign/rule"
	"github.com/regulars-go/regulars/campaign/sqlrule"
)

// engine is a database with the customers' table: its types, where the fields are, and how the facts
// that have no common form are stored.
type engine struct {
	name    string
	dialect sqlrule.Dialect
	open    func(t *testing.T) *sql.DB
	// ddl follows CREATE TABLE name; the columns are those of row, in order.
	ddl     string
	row     func(c *customer) []any
	columns map[string]sqlrule.Column
}

var engines = []engine{
	{
		name: "SQLite", dialect: sqlrule.SQLite,
		open: func(t *testing.T) *sql.DB {
			t.Helper()
			return connect(t, "sqlite", filepath.Join(t.TempDir(), "shop.db"))
		},
		ddl: `(id TEXT PRIMARY KEY, region TEXT COLLATE NOCASE, city TEXT, orders INTEGER, visits INTEGER, spend INTEGER, credit INTEGER,
			tier TEXT COLLATE RTRIM, level INTEGER, last INTEGER, seen INTEGER, joined INTEGER, birthday TEXT, nameday INTEGER,
			consent INTEGER, vip INTEGER, tags TEXT, likes TEXT, bought_known INTEGER)`,
		row: func(c *customer) []any {
			return []any{minor(c.spend, 3), micros(c.last, time.Microsecond), micros(c.seen, time.Second), str(c.birthday), set(c.tags)}
		},
		columns: map[string]sqlrule.Column{
			"spend": {Name: "spend", As: sqlrule.Minor, Scale: 3}, "seen": {Name: "seen", As: sqlrule.Seconds},
		},
	},
	{
		name: "PostgreSQL", dialect: sqlrule.Postgres,
		open: func(t *testing.T) *sql.DB {
			t.Helper()
			return connect(t, "pgx", variable(t, "REGULARS_POSTGRES", "postgres://user@host:5432/test"))
		},
		ddl: `(id TEXT PRIMARY KEY, region TEXT, city VARCHAR(100), orders BIGINT, visits INTEGER, spend NUMERIC(12,3), credit BIGINT,
			tier TEXT, level SMALLINT, last TIMESTAMPTZ, seen TIMESTAMP, joined BIGINT, birthday DATE, nameday SMALLINT,
			consent BOOLEAN, vip SMALLINT, tags TEXT[], likes JSONB, bought_known INTEGER)`,
		row: func(c *customer) []any {
			return []any{str(c.spend), c.last, c.seen, str(c.birthday), c.tags}
		},
		columns: map[string]sqlrule.Column{
			"spend": {Name: "spend"}, "seen": {Name: "seen", As: sqlrule.UTC},
		},
	},
	{
		name: "MariaDB", dialect: sqlrule.MariaDB,
		open: func(t *testing.T) *sql.DB {
			t.Helper()
			return connect(t, "mysql", variable(t, "REGULARS_MARIADB", "user@tcp(host:3306)/test"))
		},
		ddl: `(id VARCHAR(20) PRIMARY KEY, region VARCHAR(100) COLLATE utf8mb4_general_ci, city VARCHAR(100) COLLATE utf8mb4_nopad_bin,
			orders BIGINT, visits INTEGER, spend DECIMAL(12,3), credit BIGINT, tier VARCHAR(20) COLLATE utf8mb4_unicode_ci,
			level SMALLINT, last DATETIME(6), seen BIGINT, joined BIGINT, birthday DATE, nameday SMALLINT,
			consent BOOLEAN, vip SMALLINT, tags JSON, likes JSON, bought_known INTEGER) CHARACTER SET utf8mb4`,
		row: func(c *customer) []any {
			return []any{str(c.spend), c.last, micros(c.seen, time.Second), str(c.birthday), set(c.tags)}
		},
		columns: map[string]sqlrule.Column{
			"spend": {Name: "spend"}, "seen": {Name: "seen", As: sqlrule.Seconds},
		},
	},
}

func connect(t *testing.T, driver, source string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, source)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// variable returns the value of an environment variable, or skips the test.
func variable(t *testing.T, name, like string) string {
	t.Helper()
	s := os.Getenv(name)
	if s == "" {
		t.Skipf("set %s to a data source such as %s to run this on that engine", name, like)
	}
	return s
}

// table is a filled table of customers.
type table struct {
	engine
	db        *sql.DB
	name      string
	customers []*customer
}

// fill makes a table of its own for the test, and drops it at the end.
func (e engine) fill(t *testing.T, customers []*customer) *table {
	t.Helper()
	tb := &table{engine: e, db: e.open(t), name: "regulars_" + strings.ToLower(rand.Text()[:12]), customers: customers}
	rows := tb.name + "_bought"
	charset := ""
	if e.dialect == sqlrule.MariaDB {
		charset = " CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci"
	}
	t.Cleanup(func() { tb.exec(t, "DROP TABLE IF EXISTS "+rows); tb.exec(t, "DROP TABLE IF EXISTS "+tb.name) })
	tb.exec(t, "CREATE TABLE "+tb.name+" "+e.ddl)
	tb.exec(t, "CREATE TABLE "+rows+" (customer VARCHAR(20), label VARCHAR(100))"+charset)
	tx, err := tb.db.Begin()
	require.NoError(t, err)
	insert := func(table string, values []any) {
		marks := make([]string, len(values))
		for i := range marks {
			marks[i] = "?"
			if e.dialect == sqlrule.Postgres {
				marks[i] = "$" + strconv.Itoa(i+1)
			}
		}
		_, err := tx.Exec("INSERT INTO "+table+" VALUES ("+strings.Join(marks, ", ")+")", values...)
		require.NoError(t, err)
	}
	for _, c := range customers {
		own := e.row(c)
		insert(tb.name, []any{
			c.id, c.region, c.city, c.orders, c.visits, own[0], minor(c.credit, 2), c.tier, rank(c.level), own[1], own[2],
			micros(c.joined, time.Millisecond), own[3], monthDay(c.nameday), c.consent, bit(c.vip), own[4], set(c.likes),
			known(c.bought != nil),
		})
		for _, b := range c.bought {
			insert(rows, []any{c.id, b})
		}
	}
	require.NoError(t, tx.Commit())
	return tb
}

func (tb *table) exec(t *testing.T, query string) {
	t.Helper()
	_, err := tb.db.Exec(query)
	require.NoError(t, err)
}

// config maps every field of the schema that is in the table.
func (tb *table) config() sqlrule.Config {
	c := sqlrule.Config{Dialect: tb.dialect, Table: "c", Columns: map[string]sqlrule.Column{
		"region": {Name: "region"}, "city": {Name: "city", Exact: true}, "orders": {Name: "orders"}, "visits": {Name: "visits"},
		"credit": {Name: "credit", As: sqlrule.Minor, Scale: 2}, "tier": {Name: "tier"},
		"level": {Name: "level", As: sqlrule.Rank, Base: 10}, "last": {Name: "last"},
		"joined": {Name: "joined", As: sqlrule.Millis}, "birthday": {Name: "birthday"},
		"nameday": {Name: "nameday", As: sqlrule.MonthDay}, "consent": {Name: "consent"},
		"vip": {Name: "vip", As: sqlrule.Integer}, "tags": {Name: "tags"}, "likes": {Name: "likes", As: sqlrule.JSON},
		"bought": {As: sqlrule.Rows, Child: &sqlrule.Child{
			Table: tb.name + "_bought", Key: "customer", Label: "label", Parent: "id", Known: "bought_known",
		}},
	}}
	maps.Copy(c.Columns, tb.columns)
	return c
}

// query returns the ids of the rows for which a condition is true.
func (tb *table) query(where string, args []any) ([]string, error) {
	rows, err := tb.db.Query("SELECT c.id FROM "+tb.name+" AS c WHERE "+where, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // Err below says what went wrong
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// How facts are stored. A nil is NULL.

func minor(d *decimal.Decimal, scale int32) any {
	if d == nil {
		return nil
	}
	return d.Shift(scale).String()
}

func micros(t *time.Time, unit time.Duration) any {
	if t == nil {
		return nil
	}
	return t.UnixMicro() / unit.Microseconds()
}

func str[T interface{ String() string }](v *T) any {
	if v == nil {
		return nil
	}
	return (*v).String()
}

func rank(word *string) any {
	if word == nil {
		return nil
	}
	return 10 + slices.Index(tiers, *word) // 9 is no rank
}

func bit(b *bool) any {
	if b == nil {
		return nil
	}
	return flagIf(*b)
}

func flagIf(b bool) any {
	if b {
		return 1
	}
	return 0
}

func known(b bool) any {
	if b {
		return 1
	}
	return nil
}

func monthDay(d *rule.Date) any {
	if d == nil {
		return nil
	}
	return int(d.Month)*100 + d.Day
}

func set(words []string) any {
	if words == nil {
		return nil
	}
	text, err := json.Marshal(words)
	if err != nil {
		panic(err) // text always can be written
	}
	return string(text)
}
