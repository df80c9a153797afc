package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/regulars-go/regulars/tags"
)

const tagsSchema = `
CREATE TABLE IF NOT EXISTS tags_card (
	holder  TEXT PRIMARY KEY,
	version INTEGER NOT NULL,
	due     INTEGER,          -- the next end after the settled instant, in microseconds since 1970
	card    TEXT NOT NULL     -- the tags.Card as JSON, without its records
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS tags_card_due ON tags_card (due) WHERE due IS NOT NULL;
CREATE TABLE IF NOT EXISTS tags_record (
	holder TEXT NOT NULL,
	key    TEXT NOT NULL,
	record TEXT NOT NULL,     -- the tags.Record as JSON
	PRIMARY KEY (holder, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tags_holder (
	tag    TEXT NOT NULL,
	holder TEXT NOT NULL,
	PRIMARY KEY (tag, holder)
) STRICT, WITHOUT ROWID;
`

// Tags is a [tags.Store] and a [tags.Reader]. One from [NewTags] is safe for concurrent use; one from
// [Tags.Tx] belongs to its transaction.
type Tags struct {
	db *sql.DB
	q  querier
}

// NewTags makes the tables where they are missing.
func NewTags(ctx context.Context, db *sql.DB) (*Tags, error) {
	if _, err := db.ExecContext(ctx, tagsSchema); err != nil {
		return nil, fmt.Errorf("sqlite: tags tables: %w", err)
	}
	return &Tags{db: db, q: db}, nil
}

// Tx returns the store bound to a transaction of the caller.
func (t *Tags) Tx(tx *sql.Tx) *Tags { return &Tags{q: tx} }

// Load implements [tags.Store].
func (t *Tags) Load(ctx context.Context, holder string, keys ...string) (tags.Card, error) {
	card := tags.Card{Holder: holder}
	var data []byte
	err := t.q.QueryRowContext(ctx, `SELECT card FROM tags_card WHERE holder = ?`, holder).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return card, nil
	}
	if err != nil {
		return card, err
	}
	if err := json.Unmarshal(data, &card); err != nil {
		return card, fmt.Errorf("sqlite: tags card: %w", err)
	}
	for _, key := range keys {
		var r tags.Record
		err := t.q.QueryRowContext(ctx, `SELECT record FROM tags_record WHERE holder = ? AND key = ?`, holder, key).Scan(&data)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err == nil {
			err = json.Unmarshal(data, &r)
		}
		if err != nil {
			return card, fmt.Errorf("sqlite: tags record: %w", err)
		}
		card.Records = append(card.Records, r)
	}
	return card, nil
}

// Commit implements [tags.Store].
func (t *Tags) Commit(ctx context.Context, cards ...tags.Card) error {
	if t.db == nil {
		return t.commit(ctx, cards)
	}
	tx, err := t.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after a commit
	if err := t.Tx(tx).commit(ctx, cards); err != nil {
		return err
	}
	return tx.Commit()
}

// commit looks before it writes: a transaction of the caller's is still as it was after a refusal.
func (t *Tags) commit(ctx context.Context, cards []tags.Card) error {
	versions := map[string]int64{}
	keys := map[[2]string]bool{}
	for _, c := range cards {
		version, written := versions[c.Holder]
		if !written {
			err := t.q.QueryRowContext(ctx, `SELECT version FROM tags_card WHERE holder = ?`, c.Holder).Scan(&version)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return err
			}
		}
		if c.Version != version+1 {
			return tags.ErrConflict
		}
		versions[c.Holder] = c.Version
		for _, r := range c.Records {
			taken := keys[[2]string{c.Holder, r.Key}]
			keys[[2]string{c.Holder, r.Key}] = true
			if !taken {
				err := t.q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM tags_record WHERE holder = ? AND key = ?)`, c.Holder, r.Key).Scan(&taken)
				if err != nil {
					return err
				}
			}
			if taken {
				return tags.ErrConflict
			}
		}
	}
	for _, c := range cards {
		if err := t.write(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

func (t *Tags) write(ctx context.Context, c tags.Card) error {
	records := c.Records
	c.Records = nil
	card, err := json.Marshal(c)
	if err != nil {
		return err
	}
	_, err = t.q.ExecContext(ctx, `INSERT INTO tags_card (holder, version, due, card) VALUES (?, ?, ?, ?)
		ON CONFLICT (holder) DO UPDATE SET version = excluded.version, due = excluded.due, card = excluded.card`,
		c.Holder, c.Version, due(c), string(card))
	if err != nil {
		return err
	}
	for _, r := range records {
		record, err := json.Marshal(r)
		if err != nil {
			return err
		}
		if _, err := t.q.ExecContext(ctx, `INSERT INTO tags_record (holder, key, record) VALUES (?, ?, ?)`, c.Holder, r.Key, string(record)); err != nil {
			return err
		}
	}
	for _, a := range c.Set {
		if _, err := t.q.ExecContext(ctx, `INSERT INTO tags_holder (tag, holder) VALUES (?, ?) ON CONFLICT DO NOTHING`, a.Tag, c.Holder); err != nil {
			return err
		}
	}
	return nil
}

// due returns the first end that has not been told.
func due(c tags.Card) sql.NullInt64 {
	var first sql.NullInt64
	for _, a := range c.Set {
		end := a.End()
		if us := end.UnixMicro(); !end.IsZero() && end.After(c.Settled) && (!first.Valid || us < first.Int64) {
			first = sql.NullInt64{Int64: us, Valid: true}
		}
	}
	return first
}

// Due implements [tags.Store]. The holders come in byte order.
func (t *Tags) Due(ctx context.Context, until time.Time) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for c, err := range t.cards(ctx, `due <= ?`, until.UnixMicro()) {
			if !yield(c.Holder, err) || err != nil {
				return
			}
		}
	}
}

// Cards implements [tags.Reader].
func (t *Tags) Cards(ctx context.Context, tag string) iter.Seq2[tags.Card, error] {
	if tag == "" {
		return t.cards(ctx, `true`)
	}
	return t.cards(ctx, `holder IN (SELECT holder FROM tags_holder WHERE tag = ?)`, tag)
}

// cards yields the cards that a clause of this file chooses.
func (t *Tags) cards(ctx context.Context, clause string, args ...any) iter.Seq2[tags.Card, error] {
	query := fmt.Sprintf(`SELECT card FROM tags_card WHERE %s AND holder > ? ORDER BY holder LIMIT %d`, clause, page)
	return pages("", func(after string) ([]tags.Card, error) {
		return column(ctx, t.q, document[tags.Card], query, append(slices.Clip(args), after)...)
	}, func(c tags.Card) string { return c.Holder })
}
