package orders

import (
	"fmt"
	"runtime"

	"github.com/regulars-go/regulars/examples/bench/contest"
	"github.com/regulars-go/regulars/examples/bench/data"
	"github.com/regulars-go/regulars/examples/bench/floor"
	"github.com/regulars-go/regulars/rfm"
)

// Names of contestants, beside that of the peer.
const (
	library  = "regulars"
	structs  = "floor, the same orders"
	columns  = "floor, int64 columns"
	fit      = "regulars, Fit of customers"
	fitPop   = "regulars, Fit of a population"
	fitFloor = "floor, radix selection"
)

// entrant is a contestant whose answer can be checked.
type entrant struct {
	name    string
	prepare func() error
	run     func() error
	sum     func() (data.Sum, error)
}

// runner is what all contests have in common.
type runner struct {
	out     *printer
	clock   contest.Clock
	rounds  int
	threads []string
}

func (w runner) all(table data.Table, open Open) error {
	var peer Peer
	if open != nil {
		var err error
		if peer, err = open(table); err != nil {
			return err
		}
		defer func() { _ = peer.Close() }() // it holds nothing that outlives the process
	}
	if table.Text != nil {
		orders := table.TextOrders()
		return each(w, orders, data.Number, peer, func(threads int) []entrant {
			return []entrant{byHand(structs, func() floor.Scored { return floor.Texts(orders, threads) })}
		})
	}
	orders := table.Orders()
	return each(w, orders, func(id int64) int64 { return id }, peer, func(threads int) []entrant {
		return []entrant{
			byHand(structs, func() floor.Scored { return floor.Decimals(orders, threads) }),
			byHand(columns, func() floor.Scored { return floor.Columns(table, threads) }),
		}
	})
}

// each runs the contest once for each number of threads, and the fit alone at last.
func each[K comparable](w runner, orders []rfm.Order[K], number func(K) int64, peer Peer, floors func(int) []entrant) error {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	var ours *Library[K]
	for i, text := range w.threads {
		n := int(text[0] - '0')
		runtime.GOMAXPROCS(n)
		lib, err := NewLibrary[K](n)
		if err != nil {
			return err
		}
		ours = lib
		last := append([]entrant{{
			name:    library,
			prepare: func() error { lib.Prepare(); return nil },
			run:     func() error { return lib.Run(orders) },
			sum:     func() (data.Sum, error) { return lib.Sum(number) },
		}}, floors(n)...)
		bars := []contest.Bar{{Name: library, Unit: structs}}
		if peer != nil {
			if err := peer.Threads(n); err != nil {
				return err
			}
			last = append(last, entrant{peer.Name(), peer.Prepare, peer.Run, peer.Sum})
			bars = append(bars, contest.Bar{Name: library, Unit: peer.Name(), Most: bar[K](n)}, contest.Bar{Name: structs, Unit: peer.Name()})
		}
		if i == 0 {
			// Before anything else has run: a database keeps the memory it once had.
			if err := memory(w.out, last, int64(24*len(orders)), lib); err != nil {
				return err
			}
		}
		result, err := w.run(last)
		if err != nil {
			return err
		}
		w.out.printf("%s thread(s), orders to scores, %d rounds\n%s\n", text, w.rounds, result.Table(1, bars...))
	}
	if err := ours.Run(orders); err != nil {
		return err
	}
	return fitAlone(w, ours)
}

// memory prints how much each entrant needs at most, beyond the orders it reads.
func memory[K comparable](w *printer, entrants []entrant, buffer int64, lib *Library[K]) error {
	w.printf("peak memory beyond the input\n")
	for _, e := range entrants {
		var err error
		w.printf("  %s: %s\n", e.name, megabytes(peak(func() { err = e.run() })))
		if err != nil {
			return fmt.Errorf("%s: %w", e.name, err)
		}
		if e.name == library {
			w.printf("    bar: 24 B an order and 80 B a customer, %s\n", megabytes(buffer+int64(80*lib.customers.Len())))
		}
		if err := e.prepare(); err != nil {
			return fmt.Errorf("%s: %w", e.name, err)
		}
	}
	w.printf("\n")
	return nil
}

// bar is how much of a database's time the library may take.
func bar[K comparable](threads int) float64 {
	var key K
	switch _, text := any(key).(string); {
	case text:
		return 0.9
	case threads == 1:
		return 0.5
	default:
		return 0.7
	}
}

func byHand(name string, score func() floor.Scored) entrant {
	var answer floor.Scored
	return entrant{
		name:    name,
		prepare: func() error { answer = floor.Scored{}; return nil },
		run:     func() error { answer = score(); return nil },
		sum:     func() (data.Sum, error) { return answer.Sum(), nil },
	}
}

// run times the entrants and checks that all gave the same answer. What one leaves behind is forgotten
// and collected before the next begins.
func (w runner) run(entrants []entrant) (contest.Result, error) {
	var failed error
	fail := func(name string, err error) {
		if failed == nil && err != nil {
			failed = fmt.Errorf("%s: %w", name, err)
		}
	}
	var contestants []contest.Contestant
	for _, e := range entrants {
		contestants = append(contestants, contest.Contestant{
			Name: e.name,
			Before: func() {
				for _, o := range entrants {
					fail(o.name, o.prepare())
				}
				runtime.GC()
			},
			Run: func() { fail(e.name, e.run()) },
		})
	}
	result := contest.Run(w.clock, w.rounds, contestants...)
	var first data.Sum
	for i, e := range entrants {
		fail(e.name, e.run())
		sum, err := e.sum()
		fail(e.name, err)
		if i == 0 {
			first = sum
		}
		if failed == nil && sum != first {
			failed = fmt.Errorf("%s answers %+v, but %s %+v", e.name, sum, entrants[0].name, first)
		}
		fail(e.name, e.prepare())
	}
	return result, failed
}

// fitAlone times finding the cut points of customers already summed.
func fitAlone[K comparable](w runner, l *Library[K]) error {
	runtime.GOMAXPROCS(1)
	var s floor.Scored
	for _, c := range l.customers.All() {
		s.Days = append(s.Days, int32(l.customers.AsOf()-c.Last))
		s.Orders = append(s.Orders, int32(c.Orders))
		s.Minor = append(s.Minor, c.Net.CoefficientInt64())
	}
	population, err := l.customers.Population()
	if err != nil {
		return err
	}
	var model *rfm.Model
	var cuts floor.Cuts
	result := contest.Run(w.clock, w.rounds,
		contest.Contestant{Name: fit, Before: runtime.GC, Run: func() {
			if m, e := l.customers.Fit(); e != nil {
				err = e
			} else {
				model = m
			}
		}},
		contest.Contestant{Name: fitPop, Before: runtime.GC, Run: func() {
			if _, e := l.scheme.Fit(data.AsOf, population); e != nil {
				err = e
			}
		}},
		contest.Contestant{Name: fitFloor, Before: runtime.GC, Run: func() { cuts = floor.Fit(s.Days, s.Orders, s.Minor) }},
	)
	if err != nil {
		return err
	}
	for i, c := range model.Cuts().Monetary[0] {
		if got := c.Value.Shift(2).BigInt().Int64(); got != cuts[2][i] {
			return fmt.Errorf("monetary cut %d is %d cents, but the floor's %d", i, got, cuts[2][i])
		}
	}
	w.out.printf("1 thread, cut points of customers already summed\n%s\n", result.Table(1,
		contest.Bar{Name: fit, Unit: fitFloor, Most: 1.5}, contest.Bar{Name: fitPop, Unit: fitFloor, Most: 1.5}))
	return nil
}
