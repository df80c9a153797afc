package main

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/regulars-go/regulars/campaign/rule"
	"github.com/regulars-go/regulars/campaign/sqlrule"
)

// factsSchema is a table of facts that the database can be asked about: what a shop with millions of
// customers would keep, so as not to read them all for one campaign.
const factsSchema = `
DROP TABLE IF EXISTS facts;
CREATE TABLE facts (
	customer  TEXT PRIMARY KEY,
	lifecycle TEXT NOT NULL,
	net_minor INTEGER NOT NULL, -- in minor units: SQLite has no exact decimals
	orders    INTEGER NOT NULL,
	usual_gap INTEGER           -- NULL: not known
) STRICT, WITHOUT ROWID;
`

// asked is what the database answered to a rule.
type asked struct {
	customers []string // in order of id
	exact     bool     // the whole rule was answered in SQL; else the residual sorted some out
}

// askSQL asks the stored rules of the database as well. The same rule must select the same customers; what
// has no column (the mean order, the shop's own operator) is left to a residual in Go.
func (s *shop) askSQL(ctx context.Context) error {
	columns := map[string]sqlrule.Column{
		"id": {Name: "customer"}, "lifecycle": {Name: "lifecycle"}, "orders": {Name: "orders"},
		"net_spend": {Name: "net_minor", As: sqlrule.Minor, Scale: s.scale}, "usual_gap": {Name: "usual_gap"},
	}
	mapping, err := sqlrule.New(s.schema, sqlrule.Config{Dialect: sqlrule.SQLite, Table: "facts", Columns: columns})
	if err != nil {
		return err
	}
	s.asked = map[string]asked{}
	return s.within(ctx, func(tx *sql.Tx) error {
		if err := s.storeFacts(ctx, tx); err != nil {
			return err
		}
		for _, name := range ruleNames {
			answer, err := s.ask(ctx, tx, mapping, s.rules[name])
			if err != nil {
				return fmt.Errorf("rule %s in SQL: %w", name, err)
			}
			s.asked[name] = answer
		}
		return nil
	})
}

func (s *shop) storeFacts(ctx context.Context, tx *sql.Tx) error {
	if _, err := tx.ExecContext(ctx, factsSchema); err != nil {
		return err
	}
	insert, err := tx.PrepareContext(ctx, `INSERT INTO facts VALUES (?, ?, ?, ?, ?)`)
	if err != nil {
		return err
	}
	defer insert.Close()
	for _, c := range s.customers {
		gap, known := c.usualGap()
		minor := c.Summary.Net.Shift(int32(s.scale)).BigInt() // whole: the scale is the most decimals there are
		if !minor.IsInt64() {
			return fmt.Errorf("net spend of %q does not fit the column", c.ID)
		}
		if _, err := insert.ExecContext(ctx, c.ID, c.State.String(), minor.Int64(), c.Summary.Orders, sql.NullInt64{Int64: gap, Valid: known}); err != nil {
			return err
		}
	}
	return nil
}

func (s *shop) ask(ctx context.Context, tx *sql.Tx, m *sqlrule.Mapping[*customer], r *rule.Rule[*customer]) (asked, error) {
	where, err := m.Where(r, s.asOf)
	if err != nil {
		return asked{}, err
	}
	answer := asked{exact: where.Exact()}
	rows, err := tx.QueryContext(ctx, `SELECT customer FROM facts WHERE `+where.SQL+` ORDER BY customer`, where.Args...)
	if err != nil {
		return asked{}, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return asked{}, err
		}
		c, err := s.find(id)
		if err != nil {
			return asked{}, err
		}
		if where.Keep(c) {
			answer.customers = append(answer.customers, id)
		}
	}
	return answer, rows.Err()
}

// agree compares whom each rule selected in memory, to be addressed or held out, and in the database.
func (s *shop) agree() error {
	for _, name := range ruleNames {
		a := s.audiences[name]
		selected := slices.AppendSeq(slices.Collect(a.Treated()), a.Control())
		slices.Sort(selected)
		if found := s.asked[name].customers; !slices.Equal(selected, found) {
			return fmt.Errorf("rule %s selects %d customers in memory and %d in SQL", name, len(selected), len(found))
		}
	}
	return nil
}
