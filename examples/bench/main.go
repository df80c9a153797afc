// Command bench runs the contest from orders to scores without a database: the library against loops
// written by hand for the very same data. The module in the folder duckdb brings a database along.
package main

import (
	"fmt"
	"os"

	"github.com/regulars-go/regulars/examples/bench/orders"
)

func main() {
	if err := orders.Main(os.Stdout, os.Args[1:], nil); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}
