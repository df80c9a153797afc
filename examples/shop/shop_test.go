package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// shopRun runs the program and returns what it printed.
func shopRun(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out, silent bytes.Buffer
	err := run(context.Background(), args, &out, &silent)
	assert.Empty(t, silent.String(), "not a terminal: no bar")
	return out.String(), err
}

func shopReport(t *testing.T, args ...string) report {
	t.Helper()
	out, err := shopRun(t, append(args, "-json")...)
	require.NoError(t, err)
	var r report
	require.NoError(t, json.Unmarshal([]byte(out), &r))
	return r
}

func TestSimulatedShop(t *testing.T) {
	db := filepath.Join(t.TempDir(), "shop.db")
	args := []string{"-db", db, "-customers", "300", "-seed", "7"}
	first := shopReport(t, args...)
	assert.Equal(t, first.Import.Read, first.Import.New)
	assert.Positive(t, first.Ledger.Booked)
	assert.Positive(t, first.Points.Available)
	assert.Positive(t, first.Points.Expiring)
	assert.Positive(t, first.Audience.Matched)
	assert.Equal(t, first.Audience.Matched, first.Audience.HeldOut+first.Audience.Touched)
	require.Len(t, first.Rules, 3)
	for _, r := range first.Rules {
		assert.Equal(t, first.Totals.Customers, r.Matched+r.Rejected+r.Undecided, r.Rule)
		assert.Equal(t, r.Matched, r.InSQL, "%s in SQL", r.Rule)
		assert.Equal(t, r.Rule == winBack, r.Exact, "%s has all its facts in columns", r.Rule)
	}
	assert.Equal(t, first.Rules[0].Matched, first.Audience.Matched)
	sum := func(rows []row) (n int) {
		for _, r := range rows {
			n += r.Customers
		}
		return n
	}
	assert.Equal(t, first.Totals.Scored, sum(first.Segments))
	assert.Equal(t, first.Totals.Customers, sum(first.Lifecycle))
	assert.Equal(t, first.Totals.Customers, sum(first.Tiers))

	second := shopReport(t, args...)
	assert.Zero(t, second.Import.New)
	assert.Zero(t, second.Ledger.Booked)
	assert.Zero(t, second.Retagged)
	assert.Equal(t, first.Ledger.Booked, second.Ledger.Replayed)
	second.Import, second.Ledger, second.Retagged = first.Import, first.Ledger, first.Retagged
	assert.Equal(t, first, second, "a second run changes nothing")

	text, err := shopRun(t, args...)
	require.NoError(t, err)
	assert.Contains(t, text, "Nothing changed: the same balances, the same entries.")
}

func TestOnlineRetail(t *testing.T) {
	if testing.Short() {
		t.Skip("a year of orders takes minutes under the race detector: run without -short")
	}
	const file = "../../../shared/data/online_retail_orders.csv.gz"
	if _, err := os.Stat(file); err != nil {
		t.Skip("the Online Retail data set is not here: put online_retail_orders.csv.gz into shared/data beside the project")
	}
	r := shopReport(t, "-orders", file, "-zone", "Europe/London", "-currency", "GBP", "-as-of", "2011-12-10",
		"-db", filepath.Join(t.TempDir(), "or.db"))
	assert.Equal(t, 25_900, r.Import.New)
	assert.Equal(t, 4_338, r.Totals.Scored)
	assert.Equal(t, 34, r.Totals.Prospects)
	assert.Equal(t, 3_707, r.Totals.Anonymous)
	assert.Equal(t, 3, r.Totals.Adjustments)
	assert.Equal(t, "8300065.814", r.Totals.Net.String())
	assert.Equal(t, 22_190, r.Ledger.Booked)
}

const header = "id,customer,time,amount,kind,refund_of\n"

// book writes a file of orders and returns the flags that read it into a database of its own.
func book(t *testing.T, lines string) (file string, args []string) {
	t.Helper()
	dir := t.TempDir()
	file = filepath.Join(dir, "book.csv")
	require.NoError(t, os.WriteFile(file, []byte(header+lines), 0o600))
	return file, []string{"-orders", file, "-zone", "Europe/London", "-currency", "GBP", "-db", filepath.Join(dir, "book.db")}
}

func TestBadInputLeavesDatabaseAsItWas(t *testing.T) {
	const good = "1,ann,2024-01-02 10:00:00,100.00,sale,\n2,ann,2024-02-02 10:00:00,50.00,sale,\n"
	for _, c := range []struct{ name, lines, want string }{
		{"a broken line after good ones", good + "3,bob,2024-03-02 10:00:00,9.99,sale,\n4,bob,yesterday,1.00,sale,\n", `line 5, column "time": "yesterday"`},
		{"another order under a known id", "1,ann,2024-01-02 10:00:00,120.00,sale,\n", `line 2: order "1" stands in the book already with amount "100", not "120"`},
		{"two orders under one id", good + "3,bob,2024-03-02 10:00:00,9.99,sale,\n3,cat,2024-03-02 10:00:00,9.99,sale,\n", `line 5: order "3" stands in the book already with customer "bob", not "cat"`},
		{"a refund of more than was paid", good + "3,ann,2024-03-02 10:00:00,-60.00,refund,2\n", `line "3" of the book: points: refund exceeds the order`},
		{"a huge amount", good + "3,bob,2024-03-02 10:00:00,1e30000000,sale,\n", `line 4, column "amount": "1e30000000" is not a plain amount`},
		{"an amount beyond counting", good + "3,bob,2024-03-02 10:00:00," + strings.Repeat("9", 30) + ",sale,\n", `line "3" of the book`},
	} {
		t.Run(c.name, func(t *testing.T) {
			file, args := book(t, good)
			before := shopReport(t, args...)
			require.NoError(t, os.WriteFile(file, []byte(header+c.lines), 0o600))
			_, err := shopRun(t, args...)
			require.ErrorContains(t, err, c.want)
			require.NoError(t, os.WriteFile(file, []byte(header+good), 0o600))
			after := shopReport(t, args...)
			assert.Zero(t, after.Import.New, "nothing of the bad file stayed, nothing of the good one went")
			after.Import, after.Ledger, after.Retagged = before.Import, before.Ledger, before.Retagged
			assert.Equal(t, before, after)
		})
	}
}

func TestSecondPartOfABook(t *testing.T) {
	file, args := book(t, "1,ann,2024-01-02 10:00:00,100.00,sale,\n2,ann,2024-02-02 10:00:00,50.00,sale,\n")
	shopReport(t, args...)
	more := header + "3,ann,2024-03-02 10:00:00,30.00,sale,\n4,ann,2024-03-05 10:00:00,-50.00,refund,2\n5,ann,2024-03-06 10:00:00,-10.00,refund,\n"
	require.NoError(t, os.WriteFile(file, []byte(more), 0o600))
	r := shopReport(t, args...)
	assert.Equal(t, imported{Read: 3, New: 3}, r.Import)
	assert.Equal(t, booked{Booked: 3, Replayed: 2}, r.Ledger)
	assert.Equal(t, int64(100+30-10), r.Points.Available)
	assert.Equal(t, "120", r.Totals.Net.String())
}

// TestExpiringOnAPastDay buys again between the day that is asked about and the end of the points.
func TestExpiringOnAPastDay(t *testing.T) {
	_, args := book(t, `1,ann,2023-02-10 10:00:00,100.00,sale,
2,ann,2024-02-20 10:00:00,70.00,sale,
3,bob,2023-02-10 10:00:00,30.00,sale,
4,bob,2024-02-20 10:00:00,-30.00,refund,3
5,cat,2024-01-10 10:00:00,10.00,sale,
`)
	r := shopReport(t, append(args, "-as-of", "2024-02-01")...)
	assert.Equal(t, int64(140), r.Points.Available)
	assert.Equal(t, int64(130), r.Points.Expiring, "ann bought again and bob returned since")
	assert.Equal(t, 2, r.Points.ExpiringFor)
	r = shopReport(t, append(args, "-as-of", "2025-01-15")...)
	assert.Equal(t, int64(80), r.Points.Expiring)
	assert.Equal(t, 2, r.Points.ExpiringFor)
}

func TestOptionsRefuse(t *testing.T) {
	_, args := book(t, "1,ann,2024-01-02,1,sale,\n")
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"an unknown zone", []string{"-zone", "Mars/Olympus"}, `-zone "Mars/Olympus": not a zone of the tz database`},
		{"the machine's zone", []string{"-zone", "Local"}, `-zone "Local"`},
		{"a currency in words", []string{"-currency", "pounds"}, `-currency "pounds": not a code`},
		{"a day that is none", []string{"-as-of", "2024-02-30"}, `-as-of "2024-02-30" is not a time`},
		{"a file that is not there", []string{"-orders", "nowhere.csv"}, "nowhere.csv"},
		{"a stray argument", []string{"orders.csv"}, `unexpected argument "orders.csv"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := shopRun(t, append(slices.Clip(args), c.args...)...)
			require.ErrorContains(t, err, c.want)
		})
	}
	_, err := shopRun(t, "-orders", "x.csv")
	require.ErrorContains(t, err, "-orders needs -zone and -currency")
	_, err = shopRun(t, "-customers", "0")
	require.ErrorContains(t, err, "-customers 0")
	_, err = shopRun(t, "explain")
	require.ErrorContains(t, err, "-customer: say whom to explain")
	shopReport(t, args...)
	_, err = shopRun(t, append(slices.Clip(args), "-currency", "EUR")...)
	require.ErrorContains(t, err, "this database holds the currency GBP, not EUR")
}

func TestExplain(t *testing.T) {
	_, args := book(t, "1,ann,2024-01-02 10:00:00,1500.00,sale,\n2,ann,2024-02-12 10:00:00,500.00,sale,\n3,bob,2024-02-12 10:00:00,5,sale,\n")
	out, err := shopRun(t, append([]string{"explain", "-customer", "ann"}, args...)...)
	require.NoError(t, err)
	for _, want := range []string{
		"Customer ann as of 2024-02-13 (Europe/London)",
		"money in GBP",
		"silver   asks: net spend 2,000.00 ≥ 1,000.00",
		"2000 available",
		`Rule "big-basket" is true`,
	} {
		assert.Contains(t, out, want)
	}
	_, err = shopRun(t, append([]string{"explain", "-customer", "zoe"}, args...)...)
	require.ErrorContains(t, err, "nobody of that id is in the book before 2024-02-13")
}

func TestPage(t *testing.T) {
	dir := t.TempDir()
	page := filepath.Join(dir, "shop.html")
	args := []string{"-db", filepath.Join(dir, "shop.db"), "-customers", "50"}
	_, err := shopRun(t, append(slices.Clip(args), "-html", "none")...)
	require.NoError(t, err)
	assert.NoFileExists(t, page)
	out, err := shopRun(t, args...)
	require.NoError(t, err)
	assert.Contains(t, out, page, "the report links to its pictures")
	data, err := os.ReadFile(page)
	require.NoError(t, err)
	assert.Contains(t, string(data), "<svg")
	assert.NotContains(t, string(data), "<script")
}
