package sqlite_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/regulars-go/regulars/examples/sqlite"
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

func TestTags(t *testing.T) {
	tagstest.Run(t, func(ctx context.Context) (tags.Store, error) { return sqlite.NewTags(ctx, open(t)) })
}
