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

// Points is a [points.Store], a [points.History] and a [points.Eraser] for one programme. One from [NewPoints] is safe
// for concurrent use; one from [Points.Tx] belongs to its transaction.
type Points struct {
	db *sql.DB
	q  querier // db, or the transaction the store is bound to
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
	args := append(make([]any, 0, 2+2*len(keys)), account, acc.Version) // a rival may have committed since
	for range 2 {
		for _, k := range keys {
			args = append(args, k)
		}
	}
	acc.Changes, err = p.changes(ctx, `WHERE account = ? AND version <= ? AND (key IN (`+marks+`) OR of IN (`+marks+`)) ORDER BY version`, args...)
	return acc, err
}

// changes reads the recorded changes that a clause of this file chooses.
func (p *Points) changes(ctx context.Context, clause string, args ...any) ([]points.Change, error) {
	return column(ctx, p.q, document[points.Change], `SELECT change FROM points_change `+clause, args...)
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

// Due implements [points.Store]. The accounts come in ascending order.
func (p *Points) Due(ctx context.Context, until time.Time) iter.Seq2[string, error] {
	return p.names(ctx, "", `due <= ?`, until.UnixMicro())
}

// Accounts implements [points.History].
func (p *Points) Accounts(ctx context.Context, after string) iter.Seq2[string, error] {
	return p.names(ctx, after, `true`)
}

// names yields the accounts above a name that a clause of this file chooses.
func (p *Points) names(ctx context.Context, after, clause string, args ...any) iter.Seq2[string, error] {
	query := fmt.Sprintf(`SELECT account FROM points_account WHERE %s AND account > ? ORDER BY account LIMIT %d`, clause, page)
	return pages(after, func(after string) ([]string, error) {
		return column(ctx, p.q, text, query, append(slices.Clip(args), after)...)
	}, func(name string) string { return name })
}

// Changes implements [points.History].
func (p *Points) Changes(ctx context.Context, account string, after int64) iter.Seq2[points.Change, error] {
	clause := fmt.Sprintf(`WHERE account = ? AND version > ? ORDER BY version LIMIT %d`, page)
	return pages(after, func(after int64) ([]points.Change, error) {
		return p.changes(ctx, clause, account, after)
	}, func(c points.Change) int64 { return c.Version })
}

// Erase implements [points.Eraser]. Open the database with _pragma=secure_delete(1) if nothing of what
// is erased may be left in the free pages of the file.
func (p *Points) Erase(ctx context.Context, account string) error {
	_, err := p.q.ExecContext(ctx, `UPDATE points_change
		SET change = json_remove(change, '$.request', '$.evidence', '$.receipt') WHERE account = ?`, account)
	return err
}
