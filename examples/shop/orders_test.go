package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var testColumns = columns{
	ID: "id", Customer: "customer", Time: "time", Amount: "amount", Kind: "kind", Units: "units",
	RefundOf: "refund_of", Channel: "channel", Region: "region", Birthday: "birthday",
}

func readAll(t *testing.T, r io.Reader, cols columns, zone string) ([]entry, error) {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	require.NoError(t, err)
	var all []entry
	for e, err := range readOrders(r, "book.csv", cols, loc) {
		if err != nil {
			return all, err
		}
		all = append(all, e)
	}
	return all, nil
}

func TestReadOrders(t *testing.T) {
	const file = "\ufeffid,customer,time,amount,kind,units,birthday\n" +
		"1,ann,2024-02-29 23:59:59,12.345,sale,2,02-29\n" +
		"2,,2024-03-01,0,sale,,\n" +
		"3,\"ann\",2024-03-01T10:00:00.1234567+01:00,-2.00,cancel,-1,1990-12-31\n" +
		"4,bob,2024-03-01 10:00:00,5,,1,\n" +
		"5,bob,2024-03-02 10:00:00,-5,,1,\n"
	check := func(t *testing.T, r io.Reader) {
		t.Helper()
		all, err := readAll(t, r, testColumns, "Europe/London")
		require.NoError(t, err)
		require.Len(t, all, 5)
		assert.Equal(t, "12.345", all[0].Amount.String())
		assert.Equal(t, int64(2), all[0].Units)
		assert.Equal(t, "02-29", all[0].Birthday)
		assert.Empty(t, all[1].Customer)
		assert.Equal(t, "2024-03-01T00:00:00Z", all[1].At.UTC().Format(time.RFC3339Nano))
		assert.Equal(t, "2024-03-01T09:00:00.123456Z", all[2].At.UTC().Format(time.RFC3339Nano))
		assert.Equal(t, []kind{sale, sale, refund, sale, refund},
			[]kind{all[0].Kind, all[1].Kind, all[2].Kind, all[3].Kind, all[4].Kind})
	}
	check(t, strings.NewReader(file))
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := io.WriteString(z, file)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	check(t, &packed)
}

func TestReadOrdersRefuses(t *testing.T) {
	const header = "id,customer,time,amount,kind,refund_of,birthday\n"
	for _, c := range []struct{ name, file, want string }{
		{"no lines at all", "", "book.csv: header: the file is empty"},
		{"a column missing", "id,customer,when,amount\n", `book.csv: line 1: no column "time": the header has id, customer, when, amount; name the right one with -col-time`},
		{"a column twice", "id,id\n", `book.csv: line 1: column "id" stands twice in the header`},
		{"a field missing", header + "1,ann,2024-01-01,5,sale,,\n2,ann\n", "book.csv: line 3, byte 1: wrong number of fields"},
		{"a stray quote", header + "1,ann,2024-01-01,5,sa\"le,,\n", `book.csv: line 2, byte 22: bare " in non-quoted-field`},
		{"no id", header + ",ann,2024-01-01,5,sale,,\n", `book.csv: line 2, column "id": "" is not an order id`},
		{"a broken time", header + "1,ann,2024-13-01,5,sale,,\n", `book.csv: line 2, column "time": "2024-13-01" is not a time like`},
		{"a time no clock showed", header + "1,ann,2024-03-31 01:30:00,5,sale,,\n", `book.csv: line 2, column "time": "2024-03-31 01:30:00" is a time that the clocks of Europe/London never showed`},
		{"a word for an amount", header + "1,ann,2024-01-01,five,sale,,\n", `book.csv: line 2, column "amount": "five" is not a plain amount like 12.50`},
		{"a monstrous amount", header + "1,ann,2024-01-01,1e30000000,sale,,\n", `"1e30000000" is not a plain amount like 12.50`},
		{"a negative sale", header + "1,ann,2024-01-01,-5,sale,,\n", `line 2, column "amount": "-5" is negative, but the line is a sale`},
		{"a positive refund", header + "1,ann,2024-01-01,5,refund,,\n", `column "amount": "5" is positive, but the line is a refund`},
		{"an unknown kind", header + "1,ann,2024-01-01,5,gift,,\n", `column "kind": "gift" is none of sale`},
		{"a sale that refunds", header + "1,ann,2024-01-01,5,sale,7,\n", "belongs to a sale that names a refunded order"},
		{"30 February", header + "1,ann,2024-01-01,5,sale,,02-30\n", `column "birthday": "02-30" is not a birthday`},
		{"a long id", header + strings.Repeat("x", 300) + ",ann,2024-01-01,5,sale,,\n", "is not text of at most 255 bytes"},
		{"bad UTF-8", header + "1,a\xffn,2024-01-01,5,sale,,\n", `column "customer"`},
		{"the second line of three", header + "1,ann,2024-01-01,5,sale,,\n2,ann,2024-01-01,x,sale,,\n3,ann,2024-01-01,5,sale,,\n", "line 3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := readAll(t, strings.NewReader(c.file), testColumns, "Europe/London")
			require.ErrorContains(t, err, c.want)
		})
	}
}

// endless is a line without an end, as long as a caller keeps reading.
type endless struct{ read int64 }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	e.read += int64(len(p))
	return len(p), nil
}

func TestReadOrdersRefusesEndlessLine(t *testing.T) {
	line := &endless{}
	_, err := readAll(t, io.MultiReader(strings.NewReader("id,customer,time,amount\n"), line), testColumns, "UTC")
	require.ErrorContains(t, err, "book.csv: line 2 is longer than 1048576 bytes")
	assert.Less(t, line.read, int64(4*maxLine), "the line was read on after it was too long")
}

func TestReadOrdersNumbersLines(t *testing.T) {
	cols := testColumns
	cols.ID = "#"
	all, err := readAll(t, strings.NewReader("customer,time,amount\na,2024-01-01,1\nb,2024-01-01,2\n"), cols, "UTC")
	require.NoError(t, err)
	assert.Equal(t, "2", all[1].ID)
}

func TestSimulate(t *testing.T) {
	loc, err := time.LoadLocation(simulatedZone)
	require.NoError(t, err)
	book := simulate(1, 400, loc)
	assert.Equal(t, book, simulate(1, 400, loc), "the same seed gives the same shop")
	assert.NotEqual(t, book, simulate(2, 400, loc))
	ids, leapling, counter, november := map[string]bool{}, 0, 0, 0
	for i, e := range book {
		assert.False(t, ids[e.ID], "id %s twice", e.ID)
		ids[e.ID] = true
		if i > 0 {
			assert.False(t, e.At.Before(book[i-1].At), "the book is in order of time")
		}
		if e.Birthday == "02-29" {
			leapling++
		}
		if e.Channel == "counter" {
			counter++
		}
		if e.At.Month() == time.November && (e.At.Day() == 10 || e.At.Day() == 11) {
			november++
		}
		assert.Equal(t, e.Kind == refund, e.Amount.IsNegative())
	}
	assert.Positive(t, leapling)
	assert.Greater(t, counter, len(book)/10)
	assert.Greater(t, november, 4*len(book)*4/731, "双11 is busier than four ordinary days")
}
