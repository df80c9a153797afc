package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"time"

	"github.com/regulars-go/regulars/examples/sqlite"
	"github.com/regulars-go/regulars/points"
	"github.com/regulars-go/regulars/rfm"
)

// run imports, books and reports. Import and bookings are one transaction: it ends with all of them or
// leaves the database as it was.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	book, err := o.source()
	if err != nil {
		return err
	}
	defer book.close()
	db, err := openDB(o.db)
	if err != nil {
		return err
	}
	defer func() {
		if closed := db.Close(); err == nil {
			err = closed
		}
	}()
	if _, err := db.ExecContext(ctx, schema); err != nil {
		return fmt.Errorf("%s: %w", o.db, err)
	}
	s := &shop{options: o, db: db}
	if s.store, err = sqlite.NewPoints(ctx, db); err != nil {
		return err
	}
	if s.labels, err = sqlite.NewTags(ctx, db); err != nil {
		return err
	}
	done, err := s.bring(ctx, book, newBar(stderr))
	if err != nil {
		return err
	}
	if err := s.look(ctx); err != nil {
		return err
	}
	if o.explain {
		return s.explainCustomer(ctx, stdout)
	}
	r, err := s.report(ctx)
	if err != nil {
		return err
	}
	r.Source, r.Import, r.Ledger, r.Retagged = book.name, done.imported, done.booked, s.retagged
	if o.html != "none" {
		r.Pictures = o.html
		if err := r.page(o.html); err != nil {
			return err
		}
	}
	if o.json {
		return r.json(stdout)
	}
	return r.text(stdout)
}

// orderBook is where the orders come from. It tells how much of its size was read, in bytes or lines.
type orderBook struct {
	name  string
	size  int64
	lines func(read func(int)) iter.Seq2[entry, error]
	close func()
}

// source opens a file, or makes up the simulated shop.
func (o options) source() (orderBook, error) {
	if o.file == "" {
		made := simulate(o.seed, o.buyers, o.loc)
		return orderBook{simulatedName(o.seed, o.buyers), int64(len(made)), func(read func(int)) iter.Seq2[entry, error] {
			return func(yield func(entry, error) bool) {
				for _, e := range made {
					if read(1); !yield(e, nil) {
						return
					}
				}
			}
		}, func() {}}, nil
	}
	f, err := os.Open(o.file)
	if err != nil {
		return orderBook{}, err
	}
	book := orderBook{name: o.file, close: func() { _ = f.Close() }} // it was only read
	if info, err := f.Stat(); err == nil {
		book.size = info.Size()
	}
	book.lines = func(read func(int)) iter.Seq2[entry, error] {
		return readOrders(&counted{f, read}, o.file, o.columns, o.loc)
	}
	return book, nil
}

// counted tells how much of a file was read.
type counted struct {
	io.Reader
	read func(int)
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.read(n)
	return n, err
}

// brought is what an import did.
type brought struct {
	imported
	booked
}

// bring imports the book and books its points, as one transaction.
func (s *shop) bring(ctx context.Context, book orderBook, bar *bar) (done brought, err error) {
	defer bar.stop()
	kind := "a book of orders"
	if s.file == "" {
		kind = book.name // two simulated shops do not mix
	}
	err = s.within(ctx, func(tx *sql.Tx) error {
		for _, setting := range [][2]string{{"the time zone", s.zone}, {"the currency", s.currency}, {"the contents", kind}} {
			if err := settle(ctx, tx, setting[0], setting[1]); err != nil {
				return err
			}
		}
		bar.start("reading orders", book.size)
		if done.imported, err = importBook(ctx, tx, book.lines(bar.add)); err != nil {
			return err
		}
		if s.scale, err = scale(entries(ctx, tx, ``)); err != nil {
			return err
		}
		if s.policy, err = newPolicy(s.zone, s.currency, s.scale); err != nil {
			return err
		}
		ledger, err := points.New(s.store, s.policy)
		if err != nil {
			return err
		}
		var lines int64
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM book WHERE `+concerned).Scan(&lines); err != nil {
			return err
		}
		bar.start("booking points", lines)
		done.booked, err = bookPoints(ctx, tx, ledger.With(s.store.Tx(tx)), bar.add)
		return err
	})
	return done, err
}

// lastDay returns the first instant of the day after the last line of the book.
func lastDay(ctx context.Context, q querier, loc *time.Location) (time.Time, error) {
	for e, err := range entries(ctx, q, `ORDER BY at DESC LIMIT 1`) {
		if err != nil {
			return time.Time{}, err
		}
		return (rfm.DayOf(e.At, loc) + 1).Start(loc), nil
	}
	return time.Time{}, errors.New("the book is empty: say with -as-of from when to look at it")
}
