package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"
)

// querier is a database or a transaction.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// column reads the one column of a query of this package.
func column[T any](ctx context.Context, q querier, read func([]byte) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []T
	for rows.Next() {
		var data []byte
		if err := rows.Scan(&data); err != nil {
			return nil, err
		}
		v, err := read(data)
		if err != nil {
			return nil, err
		}
		found = append(found, v)
	}
	return found, rows.Err()
}

// text reads a name as it stands.
func text(data []byte) (string, error) { return string(data), nil }

// document reads a value stored as JSON.
func document[T any](data []byte) (v T, err error) {
	if err := json.Unmarshal(data, &v); err != nil {
		return v, fmt.Errorf("sqlite: %T: %w", v, err)
	}
	return v, nil
}

// page is how many rows are read at a time. A page is read whole before the first of it is handed out,
// so that the consumer may write meanwhile on the one connection that SQLite likes best.
const page = 500

// pages yields what next finds after a place, page by page; the place of a value is where to go on.
func pages[T, P any](after P, next func(after P) ([]T, error), place func(T) P) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for {
			found, err := next(after)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, v := range found {
				if !yield(v, nil) {
					return
				}
				after = place(v)
			}
			if len(found) < page {
				return
			}
		}
	}
}
