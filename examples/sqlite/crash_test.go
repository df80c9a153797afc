package sqlite_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	driversqlite "modernc.org/sqlite"

	"github.com/regulars-go/regulars/examples/sqlite"
	"github.com/regulars-go/regulars/points"
	"github.com/regulars-go/regulars/points/pointstest"
)

// machine is a process with an SQLite database, which can die before and after each statement, begin and
// commit that it asks for. What survives are the files as they lie there at that moment, so nothing else
// may be writing then.
type machine struct {
	*sqlite.Points
	tb   testing.TB
	db   *sql.DB
	dir  string
	mode string // of the journal

	mu     sync.Mutex
	places int // until it dies; negative if it does not
	dead   bool
	left   string // the directory with what survives
}

var errDied = errors.New("the process died")

// boot starts a machine on the database in a directory.
func boot(tb testing.TB, dir, mode string) *machine {
	tb.Helper()
	m := &machine{tb: tb, dir: dir, mode: mode, places: -1}
	m.db = sql.OpenDB(m)
	store, err := sqlite.NewPoints(context.Background(), m.db)
	require.NoError(tb, err)
	m.Points = store
	tb.Cleanup(func() { m.db.Close() })
	return m
}

// again starts a machine on what this one left: a copy if it died.
func (m *machine) again(tb testing.TB) *machine {
	tb.Helper()
	m.mu.Lock()
	dir, died := m.dir, m.dead
	if died {
		dir = m.left
	}
	m.mu.Unlock()
	if err := m.db.Close(); !died {
		require.NoError(tb, err)
	}
	return boot(tb, dir, m.mode)
}

// crash arms the machine.
func (m *machine) crash(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.places = n
}

// place is where the machine may die. A dead one does nothing more.
func (m *machine) place() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dead {
		return errDied
	}
	if m.places != 0 {
		m.places = max(m.places-1, -1)
		return nil
	}
	m.dead, m.left = true, m.tb.TempDir()
	for _, name := range []string{"test.db", "test.db-wal", "test.db-journal"} { // locks and shared memory die with the process
		data, err := os.ReadFile(filepath.Join(m.dir, name))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err := errors.Join(err, os.WriteFile(filepath.Join(m.left, name), data, 0o600)); err != nil {
			m.tb.Errorf("copying %s: %v", name, err)
		}
	}
	return errDied
}

// around does something with a place to die before it and one after it.
func around[T any](m *machine, do func() (T, error)) (T, error) {
	var none T
	if err := m.place(); err != nil {
		return none, err
	}
	v, err := do()
	if died := m.place(); died != nil {
		return none, died
	}
	return v, err
}

// Connect implements [driver.Connector].
func (m *machine) Connect(context.Context) (driver.Conn, error) {
	dsn := "file:" + filepath.Join(m.dir, "test.db") + "?_pragma=journal_mode(" + m.mode + ")&_pragma=busy_timeout(10000)&_txlock=immediate"
	c, err := m.Driver().Open(dsn)
	if err != nil {
		return nil, err
	}
	return &mortal{c.(connection), m}, nil
}

// Driver implements [driver.Connector].
func (m *machine) Driver() driver.Driver { return &driversqlite.Driver{} }

// connection is what package sql asks of a connection of the driver.
type connection interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.SessionResetter
	driver.Validator
}

// mortal is a connection of a machine.
type mortal struct {
	connection
	m *machine
}

func (c *mortal) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	tx, err := around(c.m, func() (driver.Tx, error) { return c.connection.BeginTx(ctx, opts) })
	return &mortalTx{tx, c.m}, err
}

func (c *mortal) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	return around(c.m, func() (driver.Result, error) { return c.connection.ExecContext(ctx, query, args) })
}

func (c *mortal) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	return around(c.m, func() (driver.Rows, error) { return c.connection.QueryContext(ctx, query, args) })
}

// mortalTx is a transaction of a machine.
type mortalTx struct {
	driver.Tx
	m *machine
}

func (tx *mortalTx) Commit() error {
	_, err := around(tx.m, func() (struct{}, error) { return struct{}{}, tx.Tx.Commit() })
	return err
}

func (tx *mortalTx) Rollback() error {
	if err := tx.m.place(); err != nil {
		return err
	}
	return tx.Tx.Rollback()
}

// machines is a harness for machines with a kind of journal.
func machines(mode string) pointstest.Harness {
	return pointstest.Harness{
		Open: func(tb testing.TB) points.Store {
			tb.Helper()
			return boot(tb, tb.TempDir(), mode)
		},
		Tx: func(ctx context.Context, s points.Store, do func(points.Store) error) error {
			m := s.(*machine)
			tx, err := m.db.BeginTx(ctx, nil)
			if err != nil {
				return err
			}
			defer tx.Rollback() // does nothing after a commit
			if err := do(m.Tx(tx)); err != nil {
				return err
			}
			return tx.Commit()
		},
		Reopen: func(tb testing.TB, s points.Store) points.Store {
			tb.Helper()
			return s.(*machine).again(tb)
		},
		Crash: func(s points.Store, n int) { s.(*machine).crash(n) },
	}
}

func TestPoints(t *testing.T) { pointstest.Run(t, machines("WAL")) }

// TestRollbackJournal asks the laws about restarts and crashes of SQLite's other journal.
func TestRollbackJournal(t *testing.T) {
	for _, law := range pointstest.Laws() {
		if law.ID == "S16" || law.ID == "S17" {
			t.Run(law.ID, func(t *testing.T) { law.Check(t, machines("DELETE")) })
		}
	}
}
