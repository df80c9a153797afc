package floor

import (
	"sync"
	"sync/atomic"
)

// Orders go to parts by the top bits of their hash first and are summed part by part then, so that a
// part's table stays in the second-level cache at ten million orders. Summing while reading, in one
// large table or by turns in all parts, waits for memory at every order and takes three times as long.
const (
	partBits  = 9
	parts     = 1 << partBits
	partShift = 64 - partBits
)

const pageRows = 512

// spool keeps the rows of each part in pages, so that orders are read but once: nobody has to count
// first how many go where.
type spool[R any] struct {
	full [parts][][]R
	open [parts][]R
}

func (s *spool[R]) put(part uint64, r R) {
	page := &s.open[part]
	if len(*page) == cap(*page) {
		s.turn(part)
	}
	*page = append(*page, r)
}

func (s *spool[R]) turn(part uint64) {
	s.full[part] = append(s.full[part], s.open[part])
	s.open[part] = make([]R, 0, pageRows)
}

// sorted reads n orders, each thread its stretch of them, and sums each part by itself.
func sorted[R any](n, threads int, read func(s *spool[R], from, to int), sum func() func(pages [][]R) Scored) Scored {
	spools := make([]spool[R], threads)
	each(threads, func(w int) { read(&spools[w], n*w/threads, n*(w+1)/threads) })
	pieces := make([]Scored, parts)
	var dealt atomic.Int64
	each(threads, func(int) {
		one := sum()
		for p := int(dealt.Add(1)) - 1; p < parts; p = int(dealt.Add(1)) - 1 {
			var pages [][]R
			for w := range spools {
				pages = append(append(pages, spools[w].full[p]...), spools[w].open[p])
			}
			pieces[p] = one(pages)
		}
	})
	s := join(pieces)
	s.score()
	return s
}

// each runs a function once for each thread.
func each(threads int, f func(thread int)) {
	var wg sync.WaitGroup
	for w := 1; w < threads; w++ {
		wg.Go(func() { f(w) })
	}
	f(0)
	wg.Wait()
}

func join(pieces []Scored) (s Scored) {
	n := 0
	for i := range pieces {
		n += len(pieces[i].Days)
	}
	s.Days, s.Orders, s.Minor = make([]int32, 0, n), make([]int32, 0, n), make([]int64, 0, n)
	if pieces[0].Text != nil {
		s.Text = make([]string, 0, n)
	} else {
		s.Customer = make([]int64, 0, n)
	}
	for i := range pieces {
		p := &pieces[i]
		s.Customer = append(s.Customer, p.Customer...)
		s.Text = append(s.Text, p.Text...)
		s.Days = append(s.Days, p.Days...)
		s.Orders = append(s.Orders, p.Orders...)
		s.Minor = append(s.Minor, p.Minor...)
		*p = Scored{}
	}
	return s
}
