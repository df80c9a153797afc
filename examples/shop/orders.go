package main

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/rfm"
)

// entry is one line of the shop's order book: a sale, money given back, or a bookkeeping adjustment.
type entry struct {
	ID       string
	Customer string // empty: nobody asked for a name
	At       time.Time
	Kind     kind
	Amount   decimal.Decimal // as the book has it: negative when money went back
	Units    int64           // pieces, as the book has them: negative when they came back
	RefundOf string          // the sale that was refunded, where the book knows it
	Channel  string
	Region   string
	Birthday string // MM-DD or YYYY-MM-DD

	place string // where the entry was read, for errors
}

type kind string

const (
	sale   kind = "sale"
	refund kind = "refund"
	adjust kind = "adjust"
)

// kinds are the words accepted for each kind; an empty or unmapped kind is told by the amount's sign.
var kinds = map[string]kind{
	"sale": sale, "order": sale, "paid": sale,
	"refund": refund, "cancel": refund, "return": refund,
	"adjust": adjust, "adjustment": adjust,
}

// columns says in which column of the file each fact stands: names, the first that the header has wins.
// The id "#" numbers the lines instead.
type columns struct {
	ID, Customer, Time, Amount, Kind, Units, RefundOf, Channel, Region, Birthday string
}

const (
	maxLine   = 1 << 20 // bytes; an order line is a few hundred
	maxID     = 255
	maxDigits = 38
)

var plainDecimal = regexp.MustCompile(`^-?[0-9]{1,38}(\.[0-9]{1,18})?$`)

// readOrders yields the entries of a CSV file with a header, gzipped or not, in the order of the file.
// It stops at the first line it cannot read, with an error that names the line and the column.
func readOrders(r io.Reader, name string, cols columns, loc *time.Location) iter.Seq2[entry, error] {
	return func(yield func(entry, error) bool) {
		plain, err := unzipped(r)
		if err != nil {
			yield(entry{}, fmt.Errorf("%s: %w", name, err))
			return
		}
		in := csv.NewReader(&lineLimit{r: plain})
		in.ReuseRecord = true
		header, err := in.Read()
		if err != nil {
			yield(entry{}, fmt.Errorf("%s: header: %w", name, explain(err)))
			return
		}
		t := sheet{name: name, loc: loc, in: in}
		if err := t.locate(header, cols); err != nil {
			yield(entry{}, err)
			return
		}
		for {
			record, err := in.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(entry{}, fmt.Errorf("%s: %w", name, explain(err)))
				return
			}
			e, err := t.entry(record)
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// explain says a malformed file's error in words: what encoding/csv calls a column is a byte.
func explain(err error) error {
	if errors.Is(err, io.EOF) {
		return errors.New("the file is empty")
	}
	if parse := (*csv.ParseError)(nil); errors.As(err, &parse) {
		return fmt.Errorf("line %d, byte %d: %w", parse.Line, parse.Column, parse.Err)
	}
	return err
}

// unzipped looks at the first bytes: a file is gzipped by what it is, not by its name.
func unzipped(r io.Reader) (io.Reader, error) {
	b := bufio.NewReader(r)
	magic, err := b.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	switch {
	case len(magic) >= 2 && magic[0] == 0x1f && magic[1] == 0x8b:
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, err
		}
		return unzipped(z)
	case string(magic) == "\ufeff": // a byte-order mark, which spreadsheets write
		_, err = b.Discard(3)
	default:
		err = nil
	}
	return b, err
}

// lineLimit refuses a line too long to be one, before it fills the memory.
type lineLimit struct {
	r    io.Reader
	line int
	size int
}

func (l *lineLimit) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	for _, b := range p[:n] {
		l.size++
		if b == '\n' {
			l.line++
			l.size = 0
		}
	}
	if l.size > maxLine {
		return 0, fmt.Errorf("line %d is longer than %d bytes", l.line+1, maxLine)
	}
	return n, err
}

// sheet reads the records of one file.
type sheet struct {
	name                                                                       string
	loc                                                                        *time.Location
	in                                                                         *csv.Reader
	header                                                                     []string
	id, customer, at, amount, kind, units, refundOf, channel, region, birthday int
	number                                                                     int
}

const absent = -1

func (t *sheet) locate(header []string, cols columns) error {
	t.header = append([]string(nil), header...)
	at := make(map[string]int, len(header))
	for i, name := range t.header {
		if _, twice := at[name]; twice {
			return fmt.Errorf("%s: line 1: column %q stands twice in the header", t.name, name)
		}
		at[name] = i
	}
	for _, c := range []struct {
		flag, column string
		to           *int
		required     bool
	}{
		{"col-order", cols.ID, &t.id, true},
		{"col-customer", cols.Customer, &t.customer, true},
		{"col-time", cols.Time, &t.at, true},
		{"col-amount", cols.Amount, &t.amount, true},
		{"col-kind", cols.Kind, &t.kind, false},
		{"col-units", cols.Units, &t.units, false},
		{"col-refund-of", cols.RefundOf, &t.refundOf, false},
		{"col-channel", cols.Channel, &t.channel, false},
		{"col-region", cols.Region, &t.region, false},
		{"col-birthday", cols.Birthday, &t.birthday, false},
	} {
		*c.to = absent
		for name := range strings.SplitSeq(c.column, ",") {
			if i, found := at[name]; found && *c.to == absent {
				*c.to = i
			}
		}
		numbered := c.flag == "col-order" && c.column == "#"
		if c.required && *c.to == absent && !numbered {
			return fmt.Errorf("%s: line 1: no column %q: the header has %s; name the right one with -%s",
				t.name, c.column, strings.Join(t.header, ", "), c.flag)
		}
	}
	return nil
}

func (t *sheet) entry(record []string) (entry, error) {
	line, _ := t.in.FieldPos(0)
	t.number++
	e := entry{place: fmt.Sprintf("%s: line %d", t.name, line)}
	field := func(i int) string {
		if i == absent {
			return ""
		}
		return strings.Clone(record[i]) // the record's memory is used again for the next line
	}
	refuse := func(i int, why string) (entry, error) {
		value := record[i]
		if len(value) > 60 {
			value = value[:60] + "…"
		}
		return entry{}, fmt.Errorf("%s, column %q: %q %s", e.place, t.header[i], value, why)
	}
	text := []struct {
		i  int
		to *string
	}{
		{t.id, &e.ID}, {t.customer, &e.Customer}, {t.refundOf, &e.RefundOf},
		{t.channel, &e.Channel}, {t.region, &e.Region}, {t.birthday, &e.Birthday},
	}
	for _, f := range text {
		*f.to = field(f.i)
		if len(*f.to) > maxID || !utf8.ValidString(*f.to) || strings.ContainsRune(*f.to, 0) {
			return refuse(f.i, fmt.Sprintf("is not text of at most %d bytes", maxID))
		}
	}
	switch {
	case t.id == absent:
		e.ID = strconv.Itoa(t.number)
	case e.ID == "":
		return refuse(t.id, "is not an order id")
	}
	var why string
	if e.At, why = parseTime(field(t.at), t.loc); why != "" {
		return refuse(t.at, why)
	}
	amount := field(t.amount)
	if !plainDecimal.MatchString(amount) || len(amount) > maxDigits {
		return refuse(t.amount, "is not a plain amount like 12.50")
	}
	var err error
	if e.Amount, err = decimal.NewFromString(amount); err != nil {
		return refuse(t.amount, err.Error())
	}
	if t.units != absent && record[t.units] != "" {
		if e.Units, err = strconv.ParseInt(record[t.units], 10, 32); err != nil {
			return refuse(t.units, "is not a whole number of pieces")
		}
	}
	if e.Birthday != "" {
		if _, ok := parseBirthday(e.Birthday); !ok {
			return refuse(t.birthday, "is not a birthday like 02-29 or 1990-02-28")
		}
	}
	if why := t.kindOf(&e, field(t.kind)); why != "" {
		at := t.amount
		if why == unknownKind {
			at = t.kind
		}
		return refuse(at, why)
	}
	return e, nil
}

const unknownKind = "is none of sale, order, paid, refund, cancel, return, adjust"

// kindOf settles the kind and refuses an amount whose sign contradicts it.
func (t *sheet) kindOf(e *entry, word string) (why string) {
	switch {
	case word != "":
		e.Kind = kinds[strings.ToLower(word)]
		if e.Kind == "" {
			return unknownKind
		}
	case e.Amount.IsNegative():
		e.Kind = refund
	default:
		e.Kind = sale
	}
	switch {
	case e.Kind == sale && e.Amount.IsNegative():
		return "is negative, but the line is a sale"
	case e.Kind == refund && e.Amount.IsPositive():
		return "is positive, but the line is a refund"
	case e.RefundOf != "" && e.Kind != refund:
		return fmt.Sprintf("belongs to a %s that names a refunded order", e.Kind)
	}
	return ""
}

// parseTime reads an instant with an offset, or a wall-clock time or date of the shop's zone. A date
// is the first instant of its day.
func parseTime(s string, loc *time.Location) (at time.Time, why string) {
	if at, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return at.Truncate(time.Microsecond), ""
	}
	if d, err := rfm.ParseDay(strings.ReplaceAll(s, "/", "-")); err == nil {
		return d.Start(loc), ""
	}
	for _, layout := range []string{time.DateTime, "2006-01-02T15:04:05", "2006-01-02 15:04", "2006/01/02 15:04:05", "2006/01/02 15:04"} {
		at, err := time.ParseInLocation(layout, s, loc)
		if err != nil {
			continue
		}
		// Where the clock jumps over a time, package time answers another one.
		wall, err := time.Parse(layout, s)
		if err != nil || at.Hour() != wall.Hour() || at.Minute() != wall.Minute() {
			return time.Time{}, fmt.Sprintf("is a time that the clocks of %v never showed", loc)
		}
		return at.Truncate(time.Microsecond), ""
	}
	return time.Time{}, "is not a time like 2025-06-18 20:00:00, 2025-06-18 or 2025-06-18T20:00:00+08:00"
}

// birthday is a day of the year; the year of birth is often unknown and never needed here.
type birthday struct {
	Month time.Month
	Day   int
}

func parseBirthday(s string) (birthday, bool) {
	if len(s) == len("01-02") {
		s = "2000-" + s // a leap year, so that 29 February is a birthday
	}
	t, err := time.Parse(time.DateOnly, s)
	return birthday{t.Month(), t.Day()}, err == nil
}
