// Package sqlite keeps the library's state in an SQLite database, through modernc.org/sqlite: pure Go,
// a file, no server. It is a reference: copy it and change it to fit your own tables.
package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/regulars-go/regulars/points"
)

const pointsSchema = `
CREATE TABLE IF NOT EXISTS points_account (
	account TEXT PRIMARY KEY,
	version INTEGER NOT NULL,
	due     INTEGER,          -- microseconds since 1970; NULL where nothing happens by itself
	state   TEXT NOT NULL     -- the points.Account as JSON
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS points_account_due ON points_account (due) WHERE due IS NOT NULL;
CREATE TABLE IF NOT EXISTS points_change (
	account TEXT NOT NULL,
	version INTEGER NOT NULL,
	key     TEXT,             -- NULL for what time does by itself
	of      TEXT,
	change  TEXT NOT NULL,    -- the points.Change as JSON
	PRIMARY KEY (account, version),
	UNIQUE (account, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS points_change_of ON points_change (account, of) WHERE of IS NOT NULL;
`

// Points is a [points.Store] and a [points.History] for one programme. One from [NewPoints] is safe
// for concurrent use; one from [Points.Tx] belongs to its transaction.
type Points struct {
	db *sql.DB
	q  querier // db, or the transaction the store is bound to
}

type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// NewPoints makes the tables where they are missing. Open the database with _txlock=immediate and a
// busy_timeout, so that two writers wait for one another instead of failing.
func NewPoints(ctx context.Context, db *sql.DB) (*Points, error) {
	if _, err := db.ExecContext(ctx, pointsSchema); err != nil {
		return nil, fmt.Errorf("sqlite: points tables: %w", err)
	}
	return &Points{db: db, q: db}, nil
}

// Tx returns the store bound to a transaction of the caller: what it commits is there when the
// transaction is, and gone when it is rolled back.
func (p *Points) Tx(tx *sql.Tx) *Points { return &Points{q: tx} }

// Load implements [points.Store].
func (p *Points) Load(ctx context.Context, account string, keys ...string) (points.Account, error) {
	acc := points.Account{ID: account}
	var state []byte
	err := p.q.QueryRowContext(ctx, `SELECT state FROM points_account WHERE account = ?`, account).Scan(&state)
	if errors.Is(err, sql.ErrNoRows) {
		return acc, nil
	}
	if err != nil {
		return acc, err
	}
	if err := json.Unmarshal(state, &acc); err != nil {
		return acc, fmt.Errorf("sqlite: points account: %w", err)
	}
	if len(keys) == 0 {
		return acc, nil
	}
	marks := strings.Repeat(", ?", len(keys))[2:]
	args := append(make([]any, 0, 2+2*len(keys)), account)
	for range 2 {
		for _, k := range keys {
			args = append(args, k)
		}
	}
	acc.Changes, err = p.changes(ctx, `WHERE account = ? AND (key IN (`+marks+`) OR of IN (`+marks+`)) ORDER BY version`, args...)
	return acc, err
}

// changes reads the recorded changes that a clause of this file chooses.
func (p *Points) changes(ctx context.Context, clause string, args ...any) ([]points.Change, error) {
	rows, err := p.q.QueryContext(ctx, `SELECT change FROM points_change `+clause, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []points.Change
	for rows.Next() {
		var data []byte
		var c points.Change
		if err := rows.Scan(&data); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(data, &c); err != nil {
			return nil, fmt.Errorf("sqlite: points change: %w", err)
		}
		found = append(found, c)
	}
	return found, rows.Err()
}

// Commit implements [points.Store].
func (p *Points) Commit(ctx context.Context, changes ...points.Change) error {
	if p.db == nil {
		return p.commit(ctx, changes)
	}
	tx, err := p.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after a commit
	if err := p.Tx(tx).commit(ctx, changes); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return errors.Join(points.ErrAmbiguous, err)
	}
	return nil
}

// commit looks before it writes: a transaction of the caller's is still as it was after a refusal.
func (p *Points) commit(ctx context.Context, changes []points.Change) error {
	versions := make(map[string]int64, len(changes))
	keys := map[[2]string]bool{}
	for _, c := range changes {
		var version int64
		var taken bool
		err := p.q.QueryRowContext(ctx, `SELECT
			coalesce((SELECT version FROM points_account WHERE account = ?1), 0),
			EXISTS (SELECT 1 FROM points_change WHERE account = ?1 AND key = ?2)`, c.Account, c.Key).Scan(&version, &taken)
		if err != nil {
			return err
		}
		if earlier, ok := versions[c.Account]; ok {
			version = earlier
		}
		if taken || keys[[2]string{c.Account, c.Key}] || c.Version != version+1 {
			return points.ErrConflict
		}
		versions[c.Account] = c.Version
		keys[[2]string{c.Account, c.Key}] = c.Key != ""
	}
	for i, c := range changes {
		if c.Version == versions[c.Account] && (c.State == nil || c.State.Version != c.Version) {
			return fmt.Errorf("sqlite: change %d of a commit has no state of its version", i)
		}
	}
	for _, c := range changes {
		if err := p.write(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

func (p *Points) write(ctx context.Context, c points.Change) error {
	change, err := json.Marshal(c)
	if err != nil {
		return err
	}
	if _, err = p.q.ExecContext(ctx, `INSERT INTO points_change (account, version, key, of, change)
		VALUES (?, ?, nullif(?, ''), nullif(?, ''), ?)`, c.Account, c.Version, c.Key, c.Of, string(change)); err != nil {
		return err
	}
	if c.State == nil {
		return nil
	}
	state, err := json.Marshal(c.State)
	if err != nil {
		return err
	}
	due := sql.NullInt64{Int64: c.State.Due.UnixMicro(), Valid: !c.State.Due.IsZero()}
	_, err = p.q.ExecContext(ctx, `INSERT INTO points_account (account, version, due, state) VALUES (?, ?, ?, ?)
		ON CONFLICT (account) DO UPDATE SET version = excluded.version, due = excluded.due, state = excluded.state`,
		c.Account, c.State.Version, due, string(state))
	return err
}

// page is how many rows are read at a time. A page is read whole before the first of it is handed out,
// so that the consumer may write meanwhile on the one connection that SQLite likes best.
const page = 500

// Due implements [points.Store]. The accounts come in ascending order.
func (p *Points) Due(ctx context.Context, until time.Time) iter.Seq2[string, error] {
	return p.names(ctx, "", `due <= ? AND account > ? ORDER BY account`, until.UnixMicro())
}

// Accounts implements [points.History].
func (p *Points) Accounts(ctx context.Context, after string) iter.Seq2[string, error] {
	return p.names(ctx, after, `account > ? ORDER BY account`)
}

// names yields accounts page by page; the clause takes the last name as its last argument.
func (p *Points) names(ctx context.Context, after string, clause string, args ...any) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for {
			names, err := p.namesPage(ctx, clause, append(slices.Clip(args), after)...)
			if err != nil {
				yield("", err)
				return
			}
			for _, name := range names {
				if !yield(name, nil) {
					return
				}
				after = name
			}
			if len(names) < page {
				return
			}
		}
	}
}

func (p *Points) namesPage(ctx context.Context, clause string, args ...any) ([]string, error) {
	rows, err := p.q.QueryContext(ctx, fmt.Sprintf(`SELECT account FROM points_account WHERE %s LIMIT %d`, clause, page), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// Changes implements [points.History].
func (p *Points) Changes(ctx context.Context, account string, after int64) iter.Seq2[points.Change, error] {
	return func(yield func(points.Change, error) bool) {
		for {
			found, err := p.changes(ctx, fmt.Sprintf(`WHERE account = ? AND version > ? ORDER BY version LIMIT %d`, page), account, after)
			if err != nil {
				yield(points.Change{}, err)
				return
			}
			for _, c := range found {
				if !yield(c, nil) {
					return
				}
				after = c.Version
			}
			if len(found) < page {
				return
			}
		}
	}
}
