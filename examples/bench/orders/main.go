package orders

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/regulars-go/regulars/examples/bench/contest"
	"github.com/regulars-go/regulars/examples/bench/data"
)

// Open gives a peer the orders to read.
type Open func(data.Table) (Peer, error)

// Main runs the contests that the arguments ask for and prints their tables. Open brings a peer along; it
// may be nil. An error means that something could not run or that two contestants disagree; times are
// for the reader.
func Main(w io.Writer, args []string, open Open) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	shape := data.Shape{}
	flags.IntVar(&shape.Orders, "orders", 10_000_000, "number of orders")
	flags.IntVar(&shape.Customers, "customers", 2_000_000, "number of customers, at most that of orders")
	flags.Uint64Var(&shape.Seed, "seed", 1, "seed of the data")
	flags.BoolVar(&shape.Shuffled, "shuffled", false, "rows in no order, instead of by time")
	rounds := flags.Int("rounds", 7, "rounds that count")
	keys := flags.String("keys", "int,text", "kinds of customer keys")
	threads := flags.String("threads", "1,2", "numbers of threads")
	cpu := flags.Bool("cpu", false, "processor time instead of the clock on the wall, for one thread on a busy machine")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return nil
	case err != nil:
		return err
	case shape.Customers < 1 || shape.Customers > shape.Orders || *rounds < 1:
		return errors.New("at least one customer, an order for each, and one round")
	}
	for n := range strings.SplitSeq(*threads, ",") {
		if n != "1" && n != "2" {
			return fmt.Errorf("threads: %q is neither 1 nor 2", n)
		}
	}
	out := &printer{w: w}
	for key := range strings.SplitSeq(*keys, ",") {
		if key != "int" && key != "text" {
			return fmt.Errorf("keys: %q is neither int nor text", key)
		}
		shape.Text = key == "text"
		table := data.Make(shape)
		by := "by time"
		if shape.Shuffled {
			by = "in no order"
		}
		out.printf("%d orders of %d customers, %s keys, rows %s\n\n", shape.Orders, shape.Customers, key, by)
		clock := contest.Clock(contest.Wall)
		if *cpu {
			clock = contest.CPU
		}
		run := runner{out: out, clock: clock, rounds: *rounds, threads: strings.Split(*threads, ",")}
		if err := run.all(table, open); err != nil {
			return fmt.Errorf("%s keys: %w", key, err)
		}
	}
	return out.err
}

// printer remembers that it could not print.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) printf(format string, args ...any) {
	if _, err := fmt.Fprintf(p.w, format, args...); err != nil && p.err == nil {
		p.err = err
	}
}
