package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"math/big"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/regulars-go/regulars/examples/bench/data"
)

// duck is DuckDB in memory, with the orders in a table of its own before the clock starts.
type duck struct {
	ctx  context.Context
	db   *sql.DB
	conn *sql.Conn
	text bool
}

// score is the fastest statement found for DuckDB: one pass for each customer's sums, exact quantiles for
// the cut points, and comparisons. Ranking ties with windows, see ranked, takes it up to twice as long.
// Instants are kept in UTC and the shop's day is taken once a customer; sums are cast to a 64-bit
// decimal, which its quantile sorts faster than the 128-bit one that sum returns.
const score = `
CREATE TEMP TABLE scored AS
WITH s AS MATERIALIZED (` + perCustomer + `),
c AS MATERIALIZED (
	SELECT quantile_disc(-days, [0.2, 0.4, 0.6, 0.8]) AS r,
		quantile_disc(orders, [0.2, 0.4, 0.6, 0.8]) AS f,
		quantile_disc(spent, [0.2, 0.4, 0.6, 0.8]) AS m
	FROM s
)
SELECT customer, days, orders, spent,
	(1 + (-days > c.r[1])::INT + (-days > c.r[2])::INT + (-days > c.r[3])::INT + (-days > c.r[4])::INT)::TINYINT AS r,
	(1 + (orders > c.f[1])::INT + (orders > c.f[2])::INT + (orders > c.f[3])::INT + (orders > c.f[4])::INT)::TINYINT AS f,
	(1 + (spent > c.m[1])::INT + (spent > c.m[2])::INT + (spent > c.m[3])::INT + (spent > c.m[4])::INT)::TINYINT AS m
FROM s, c`

// ranked is the same by the definition of a tie-fair score.
const ranked = `
CREATE TEMP TABLE scored AS
WITH s AS MATERIALIZED (` + perCustomer + `)
SELECT customer, days, orders, spent,
	(1 + (5 * (rank() OVER (ORDER BY days DESC) - 1)) // count(*) OVER ())::TINYINT AS r,
	(1 + (5 * (rank() OVER (ORDER BY orders) - 1)) // count(*) OVER ())::TINYINT AS f,
	(1 + (5 * (rank() OVER (ORDER BY spent) - 1)) // count(*) OVER ())::TINYINT AS m
FROM s`

// The instants and the zone are those of package data; TestPeerAgrees would notice a difference.
const perCustomer = `
	SELECT customer, (DATE '2026-07-01' - (max(placed) + INTERVAL 8 HOUR)::DATE)::INT AS days,
		count(*)::INT AS orders, sum(amount)::DECIMAL(18,2) AS spent
	FROM orders GROUP BY customer`

func openDuck(ctx context.Context, t data.Table) (*duck, error) {
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		return nil, err
	}
	d := &duck{ctx: ctx, db: sql.OpenDB(connector), text: t.Text != nil}
	if d.conn, err = d.db.Conn(ctx); err == nil {
		err = d.load(t)
	}
	if err != nil {
		_ = d.Close() // the first error is the one to tell
		return nil, err
	}
	return d, nil
}

func (d *duck) load(t data.Table) error {
	kind := "BIGINT"
	if d.text {
		kind = "VARCHAR"
	}
	for _, statement := range []string{
		"CREATE TABLE orders (customer " + kind + " NOT NULL, placed TIMESTAMP NOT NULL, amount DECIMAL(12,2) NOT NULL)",
		"SET preserve_insertion_order = false", // spares it work: nobody asked for an order
	} {
		if err := d.exec(statement); err != nil {
			return err
		}
	}
	return d.conn.Raw(func(c any) error { return fill(c.(driver.Conn), t) })
}

func fill(c driver.Conn, t data.Table) error {
	a, err := duckdb.NewAppenderFromConn(c, "", "orders")
	if err != nil {
		return err
	}
	cents := new(big.Int)
	for i, at := range t.At {
		var who driver.Value = t.Customer[i]
		if t.Text != nil {
			who = t.Text[i]
		}
		amount := duckdb.Decimal{Width: 12, Scale: 2, Value: cents.SetInt64(t.Minor[i])}
		if err := a.AppendRow(who, time.UnixMicro(at), amount); err != nil {
			return err
		}
	}
	return a.Close()
}

func (d *duck) exec(statement string) error {
	_, err := d.conn.ExecContext(d.ctx, statement)
	return err
}

// Name implements orders.Peer.
func (d *duck) Name() string { return "DuckDB" }

// Threads implements orders.Peer.
func (d *duck) Threads(n int) error { return d.exec(fmt.Sprintf("SET threads = %d", n)) }

// Prepare implements orders.Peer.
func (d *duck) Prepare() error { return d.exec("DROP TABLE IF EXISTS scored") }

// Run implements orders.Peer. The answer stays in DuckDB: reading two million rows into Go would take it
// as long again.
func (d *duck) Run() error { return d.exec(score) }

// Sum implements orders.Peer.
func (d *duck) Sum() (s data.Sum, err error) {
	id := "customer"
	if d.text {
		id = "substr(customer, 5)::BIGINT"
	}
	err = d.conn.QueryRowContext(d.ctx, `
WITH t AS (
	SELECT `+id+` % 999983 AS w, days, orders, (spent * 100)::BIGINT AS minor, r::INT AS r, f::INT AS f, m::INT AS m
	FROM scored
)
SELECT count(*), sum(days)::BIGINT, sum(orders)::BIGINT, sum(minor)::BIGINT,
	sum(w * (100*r + 10*f + m))::BIGINT, sum(w * (days + orders + minor % 1000))::BIGINT
FROM t`).Scan(&s.Customers, &s.Days, &s.Orders, &s.Minor, &s.Scores, &s.Values)
	return s, err
}

// Close implements orders.Peer.
func (d *duck) Close() error {
	if d.conn != nil {
		_ = d.conn.Close() // it goes with the database
	}
	return d.db.Close()
}
