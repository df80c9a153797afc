package orders

import "github.com/regulars-go/regulars/examples/bench/data"

// Peer is another program that scores the same orders. It has read them before the clock starts.
type Peer interface {
	Name() string
	// Threads sets how many threads it may use.
	Threads(n int) error
	// Prepare forgets the last answer; it is not timed.
	Prepare() error
	// Run scores every customer and keeps the answer.
	Run() error
	// Sum reads the kept answer.
	Sum() (data.Sum, error)
	Close() error
}
