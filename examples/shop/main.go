// Shop is an existing shop backend that has taken the library in: it imports its orders, knows its
// customers, rewards them, and prints what the owner wants to read.
//
//	shop                                   a simulated shop, two years of it
//	shop -orders FILE -zone Europe/London  your own orders
//	shop explain -customer ID              every decision about one customer, with its reasons
//
// A second run over the same orders changes nothing.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"time"
	_ "time/tzdata" // named zones on machines without a tz database
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "shop:", err)
		os.Exit(1)
	}
}

// options are what the command line says, checked.
type options struct {
	explain bool
	whom    string

	file     string
	columns  columns
	zone     string
	loc      *time.Location
	currency string
	asOf     time.Time
	db       string
	json     bool
	html     string
	seed     uint64
	buyers   int
}

var currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	if len(args) > 0 && args[0] == "explain" {
		o.explain, args = true, args[1:]
	}
	f := flag.NewFlagSet("shop", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&o.file, "orders", "", "a `file` of orders, CSV with a header, gzipped or not (default: a simulated shop)")
	f.StringVar(&o.zone, "zone", "", "the shop's time `zone`, whose days count (default "+simulatedZone+" when simulated)")
	f.StringVar(&o.currency, "currency", "", "the `code` of the one currency of the book (default "+simulatedCurrency+" when simulated)")
	asOf := f.String("as-of", "", "the `day` (or instant) to look at the shop from; orders of that day do not count (default: the day after the last order)")
	f.StringVar(&o.db, "db", "", "the SQLite `file` (default: named after the orders, in the current folder)")
	f.BoolVar(&o.json, "json", false, "print the report as JSON")
	f.StringVar(&o.html, "html", "", "the `file` for the report's pictures, a page that needs nothing else, or none (default: beside the database)")
	f.Uint64Var(&o.seed, "seed", 1, "the `number` the simulated shop grows from")
	f.IntVar(&o.buyers, "customers", 2000, "how many customers the simulated shop has")
	if o.explain {
		f.StringVar(&o.whom, "customer", "", "the `id` of the customer to explain")
	}
	for _, c := range []struct {
		to                    *string
		name, names, contents string
	}{
		{&o.columns.ID, "col-order", "order_id,invoice,id", "the order id, or # to number the lines"},
		{&o.columns.Customer, "col-customer", "customer_id,customer", "the customer, empty when unknown"},
		{&o.columns.Time, "col-time", "time,order_time,invoice_time,paid_at,date,order_date", "the time of payment"},
		{&o.columns.Amount, "col-amount", "amount,revenue,total", "the amount, negative when money went back"},
		{&o.columns.Kind, "col-kind", "kind,type", "sale, refund (cancel, return) or adjust; else the amount's sign tells"},
		{&o.columns.Units, "col-units", "units,pieces", "the number of pieces"},
		{&o.columns.RefundOf, "col-refund-of", "refund_of", "the order a refund belongs to"},
		{&o.columns.Channel, "col-channel", "channel", "the channel"},
		{&o.columns.Region, "col-region", "region,country", "the region"},
		{&o.columns.Birthday, "col-birthday", "birthday", "the customer's birthday, 01-31 or 1990-01-31"},
	} {
		f.StringVar(c.to, c.name, c.names, "the `column` of "+c.contents)
	}
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if f.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q: flags begin with -", f.Arg(0))
	}
	if o.explain && o.whom == "" {
		return o, errors.New("-customer: say whom to explain")
	}
	return o, o.settle(*asOf)
}

// settle fills what was left out and refuses what makes no sense.
func (o *options) settle(asOf string) (err error) {
	if o.file == "" {
		o.zone, o.currency = orElse(o.zone, simulatedZone), orElse(o.currency, simulatedCurrency)
		o.db = orElse(o.db, "shop.db")
		if o.buyers < 1 || o.buyers > 1_000_000 {
			return fmt.Errorf("-customers %d: must be 1 to 1000000", o.buyers)
		}
	} else if o.zone == "" || o.currency == "" {
		return errors.New("-orders needs -zone and -currency: say whose days and whose money these are, as in -zone Europe/London -currency GBP")
	}
	base, _, _ := strings.Cut(filepath.Base(o.file), ".")
	o.db = orElse(o.db, base+".db")
	o.html = orElse(o.html, strings.TrimSuffix(o.db, filepath.Ext(o.db))+".html")
	if o.loc, err = time.LoadLocation(o.zone); err != nil || o.zone == "Local" {
		return fmt.Errorf("-zone %q: not a zone of the tz database, like Asia/Shanghai", o.zone)
	}
	if !currencyCode.MatchString(o.currency) {
		return fmt.Errorf("-currency %q: not a code of three letters, like CNY", o.currency)
	}
	if asOf != "" {
		var why string
		if o.asOf, why = parseTime(asOf, o.loc); why != "" {
			return fmt.Errorf("-as-of %q %s", asOf, why)
		}
	}
	return nil
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
