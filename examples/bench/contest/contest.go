// Package contest times contestants against each other on a machine that is not quiet: they take turns,
// so that whatever else runs meets all of them, and only ratios within a round are compared.
package contest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Contestant is one way of doing the work.
type Contestant struct {
	Name   string
	Before func() // not timed; may be nil
	Run    func()
}

// Result holds the time of every contestant in every round.
type Result struct {
	names  []string
	rounds [][]time.Duration // by contestant
}

// Clock tells how much time has passed since some instant.
type Clock func() time.Duration

var started = time.Now()

// Wall is the clock on the wall.
func Wall() time.Duration { return time.Since(started) }

// Run times the contestants in turn, as many rounds as asked for, after one that does not count.
// Every other round goes backwards, so that nobody always follows the same one.
func Run(clock Clock, rounds int, contestants ...Contestant) Result {
	r := Result{rounds: make([][]time.Duration, len(contestants))}
	for _, c := range contestants {
		r.names = append(r.names, c.Name)
	}
	for round := range rounds + 1 {
		for i := range contestants {
			if round%2 == 1 {
				i = len(contestants) - 1 - i
			}
			c := contestants[i]
			if c.Before != nil {
				c.Before()
			}
			start := clock()
			c.Run()
			took := clock() - start
			if round > 0 {
				r.rounds[i] = append(r.rounds[i], took)
			}
		}
	}
	return r
}

// Median returns the median time of a contestant.
func (r Result) Median(name string) time.Duration {
	return middle(r.rounds[r.index(name)])
}

// Ratio returns the median, over the rounds, of one contestant's time in units of another's.
func (r Result) Ratio(name, unit string) float64 {
	a, b := r.rounds[r.index(name)], r.rounds[r.index(unit)]
	ratios := make([]float64, len(a))
	for i := range a {
		ratios[i] = float64(a[i]) / float64(b[i])
	}
	return middle(ratios)
}

func (r Result) index(name string) int {
	i := slices.Index(r.names, name)
	if i < 0 {
		panic(fmt.Sprintf("contest: nobody is called %q", name))
	}
	return i
}

func middle[T time.Duration | float64](values []T) T {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// Bar is a ratio that should not be exceeded.
type Bar struct {
	Name, Unit string
	Most       float64 // 0 where the ratio is only for the reader
}

// Table returns the medians, each divided by per (customers in a run, say; 1 for the whole), and below
// them the ratios beside their bars.
func (r Result) Table(per int, bars ...Bar) string {
	var rows [][3]string
	for i, name := range r.names {
		all := r.rounds[i]
		rows = append(rows, [3]string{name, show(r.Median(name), per), show(slices.Min(all), per) + " to " + show(slices.Max(all), per)})
	}
	for _, b := range bars {
		ratio := r.Ratio(b.Name, b.Unit)
		verdict := ""
		switch {
		case b.Most > 0 && ratio <= b.Most:
			verdict = fmt.Sprintf("bar %.2f, met", b.Most)
		case b.Most > 0:
			verdict = fmt.Sprintf("bar %.2f, MISSED", b.Most)
		}
		rows = append(rows, [3]string{b.Name + " / " + b.Unit, fmt.Sprintf("%.3f", ratio), verdict})
	}
	var wide [2]int
	for _, row := range rows {
		for i := range wide {
			wide[i] = max(wide[i], len([]rune(row[i])))
		}
	}
	var table strings.Builder
	for _, row := range rows {
		line := fmt.Sprintf("  %-*s  %*s  %s", wide[0], row[0], wide[1], row[1], row[2])
		table.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return table.String()
}

func show(d time.Duration, per int) string {
	switch each := float64(d) / float64(per); {
	case each < 1e3:
		return fmt.Sprintf("%.1f ns", each)
	case each < 1e6:
		return fmt.Sprintf("%.2f µs", each/1e3)
	default:
		return fmt.Sprintf("%.1f ms", each/1e6)
	}
}
