package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	_ "modernc.org/sqlite" // the driver: pure Go, no cgo
)

// The shop's own tables. What an existing backend has already; the library asks for none of it.
const schema = `
CREATE TABLE IF NOT EXISTS settings (
	name  TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS book (
	id        TEXT PRIMARY KEY,
	customer  TEXT NOT NULL,
	at        INTEGER NOT NULL, -- microseconds since 1970
	kind      TEXT NOT NULL,
	amount    TEXT NOT NULL,    -- an exact decimal; SQLite's own numbers are not
	units     INTEGER NOT NULL,
	refund_of TEXT NOT NULL,
	channel   TEXT NOT NULL,
	region    TEXT NOT NULL,
	birthday  TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS book_at ON book (at, id);
CREATE INDEX IF NOT EXISTS book_customer ON book (customer, at, id);
`

// openDB opens or makes the database file.
func openDB(file string) (*sql.DB, error) {
	u := url.URL{Scheme: "file", Opaque: url.PathEscape(file), RawQuery: url.Values{
		"_pragma": {"journal_mode(WAL)", "synchronous(NORMAL)", "busy_timeout(5000)", "cache_size(-65536)"},
		"_txlock": {"immediate"},
	}.Encode()}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // one writer; a second connection would only wait for it
	return db, nil
}

// settle records what the database is about, once. A later run that says otherwise is refused: amounts
// of two currencies or days of two zones cannot be told apart afterwards.
func settle(ctx context.Context, tx *sql.Tx, name, value string) error {
	var known string
	err := tx.QueryRowContext(ctx, `SELECT value FROM settings WHERE name = ?`, name).Scan(&known)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		_, err = tx.ExecContext(ctx, `INSERT INTO settings (name, value) VALUES (?, ?)`, name, value)
		return err
	case err != nil:
		return err
	case known != value:
		return fmt.Errorf("this database holds %s %s, not %s: name another file with -db", name, known, value)
	}
	return nil
}

// imported counts what became of the entries.
type imported struct {
	Read  int `json:"read"`
	New   int `json:"new"`
	Known int `json:"known"`
}

// importBook copies entries into the book. An entry that is there already is left as it is; one that is
// there with other content is an error, and nothing of the import is kept.
func importBook(ctx context.Context, tx *sql.Tx, entries iter.Seq2[entry, error]) (imported, error) {
	var n imported
	insert, err := tx.PrepareContext(ctx, `INSERT INTO book
		(id, customer, at, kind, amount, units, refund_of, channel, region, birthday)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`)
	if err != nil {
		return n, err
	}
	defer insert.Close()
	for e, err := range entries {
		if err != nil {
			return n, err
		}
		n.Read++
		result, err := insert.ExecContext(ctx, e.ID, e.Customer, e.At.UnixMicro(), string(e.Kind), e.Amount.String(),
			e.Units, e.RefundOf, e.Channel, e.Region, e.Birthday)
		if err != nil {
			return n, fmt.Errorf("%s: %w", e.place, err)
		}
		added, err := result.RowsAffected()
		if err != nil {
			return n, err
		}
		if added == 1 {
			n.New++
			continue
		}
		n.Known++
		if err := same(ctx, tx, e); err != nil {
			return n, fmt.Errorf("%s: %w", e.place, err)
		}
	}
	return n, nil
}

// same compares an entry with the one the book has under its id.
func same(ctx context.Context, tx *sql.Tx, e entry) error {
	for known, err := range entries(ctx, tx, `WHERE id = ?`, e.ID) {
		if err != nil {
			return err
		}
		if field, a, b := difference(known, e); field != "" {
			return fmt.Errorf("order %q stands in the book already with %s %s, not %s", e.ID, field, a, b)
		}
	}
	return nil
}

func difference(a, b entry) (field, was, is string) {
	for _, f := range []struct{ name, a, b string }{
		{"customer", a.Customer, b.Customer},
		{"time", a.At.UTC().Format(time.RFC3339Nano), b.At.UTC().Format(time.RFC3339Nano)},
		{"kind", string(a.Kind), string(b.Kind)},
		{"amount", a.Amount.String(), b.Amount.String()},
		{"units", fmt.Sprint(a.Units), fmt.Sprint(b.Units)},
		{"refunded order", a.RefundOf, b.RefundOf},
		{"channel", a.Channel, b.Channel},
		{"region", a.Region, b.Region},
		{"birthday", a.Birthday, b.Birthday},
	} {
		if f.a != f.b {
			return f.name, fmt.Sprintf("%q", f.a), fmt.Sprintf("%q", f.b)
		}
	}
	return "", "", ""
}

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// entries reads the book. The clause is one of this program's own, never input.
func entries(ctx context.Context, q querier, clause string, args ...any) iter.Seq2[entry, error] {
	return func(yield func(entry, error) bool) {
		rows, err := q.QueryContext(ctx, `SELECT id, customer, at, kind, amount, units, refund_of, channel, region, birthday
			FROM book `+clause, args...)
		if err != nil {
			yield(entry{}, err)
			return
		}
		defer rows.Close()
		for rows.Next() {
			var e entry
			var at int64
			var amount string
			err := rows.Scan(&e.ID, &e.Customer, &at, &e.Kind, &amount, &e.Units, &e.RefundOf, &e.Channel, &e.Region, &e.Birthday)
			if err == nil {
				e.At = time.UnixMicro(at).UTC()
				e.Amount, err = decimal.NewFromString(amount)
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(entry{}, err)
		}
	}
}

// scale returns the largest number of decimals the book has: the minor unit everything is counted in.
func scale(amounts iter.Seq2[entry, error]) (int, error) {
	most := 2
	for e, err := range amounts {
		if err != nil {
			return 0, err
		}
		if _, fraction, found := strings.Cut(e.Amount.String(), "."); found {
			most = max(most, len(fraction))
		}
	}
	return most, nil
}
