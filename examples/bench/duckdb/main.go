// Command duckdb runs the contest from orders to scores with DuckDB as the peer of the library. It needs
// cgo, and is a module of its own so that nobody else pays for that.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/regulars-go/regulars/examples/bench/data"
	"github.com/regulars-go/regulars/examples/bench/orders"
)

func main() {
	open := func(t data.Table) (orders.Peer, error) { return openDuck(context.Background(), t) }
	if err := orders.Main(os.Stdout, os.Args[1:], open); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}
