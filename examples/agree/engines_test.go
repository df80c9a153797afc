package agree

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	_ "github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"
)

// open returns a connection to an engine, or skips the test with the variable that is not set.
func open(t *testing.T, engine string) *sql.DB {
	t.Helper()
	var db *sql.DB
	var err error
	switch engine {
	case "sqlite":
		db, err = sql.Open("sqlite", filepath.Join(t.TempDir(), "shop.db"))
	case "postgres":
		db, err = sql.Open("pgx", dsn(t, "REGULARS_POSTGRES", "postgres://user@host:5432/test"))
	case "mariadb":
		db, err = sql.Open("mysql", dsn(t, "REGULARS_MARIADB", "user@tcp(host:3306)/test"))
	}
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

func dsn(t *testing.T, variable, like string) string {
	t.Helper()
	s := os.Getenv(variable)
	if s == "" {
		t.Skipf("set %s to a data source such as %s to run this on that engine", variable, like)
	}
	return s
}

func TestOpen(t *testing.T) {
	for _, e := range []string{"sqlite", "postgres", "mariadb"} {
		t.Run(e, func(t *testing.T) {
			require.NoError(t, open(t, e).Ping())
		})
	}
}
