package sqlite_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/regulars-go/regulars/examples/sqlite"
	"github.com/regulars-go/regulars/points"
	"github.com/regulars-go/regulars/points/pointstest"
	"github.com/regulars-go/regulars/tags"
	"github.com/regulars-go/regulars/tags/tagstest"
)

// open makes an empty database file.
func open(tb testing.TB) *sql.DB {
	tb.Helper()
	file := filepath.Join(tb.TempDir(), "test.db")
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=journal_mode(WAL)&_pragma=busy_timeout(10000)&_txlock=immediate")
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, db.Close()) })
	return db
}

func TestPoints(t *testing.T) {
	var db *sql.DB
	pointstest.Run(t, pointstest.Harness{
		Open: func(tb testing.TB) points.Store {
			tb.Helper()
			db = open(tb)
			store, err := sqlite.NewPoints(context.Background(), db)
			require.NoError(tb, err)
			return store
		},
		Tx: func(ctx context.Context, s points.Store, do func(points.Store) error) error {
			tx, err := db.BeginTx(ctx, nil)
			if err != nil {
				return err
			}
			defer tx.Rollback() // does nothing after a commit
			if err := do(s.(*sqlite.Points).Tx(tx)); err != nil {
				return err
			}
			return tx.Commit()
		},
	})
}

func TestTags(t *testing.T) {
	tagstest.Run(t, func(ctx context.Context) (tags.Store, error) { return sqlite.NewTags(ctx, open(t)) })
}
