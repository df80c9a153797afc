package rule

import (
	"iter"
	"math"
)

// Table holds the facts of many customers by column, so that a rule can be tested on 64 of them at a
// time. It is a copy: it answers as of when it was made. A Table is safe for concurrent use.
type Table[C any] struct {
	schema  *Schema[C]
	rows    []C
	columns map[string]*column
}

// NewTable asks customers for all their facts and keeps them by column. The customers themselves are
// kept as well, for functions and for what fits no column. An error of the customers ends it. Where the
// facts already lie in columns of the caller's own, let C be an index, and the getters look there.
func NewTable[C any](s *Schema[C], customers iter.Seq2[C, error]) (*Table[C], error) {
	if err := definitionError(s.problems); err != nil {
		return nil, err
	}
	t := &Table[C]{schema: s, columns: make(map[string]*column, len(s.fields))}
	for c, err := range customers {
		if err != nil {
			return nil, err
		}
		t.rows = append(t.rows, c)
	}
	for _, f := range s.fields {
		c := f.load(t.rows)
		t.columns[f.Name] = &c
	}
	return t, nil
}

// Len returns the number of customers.
func (t *Table[C]) Len() int { return len(t.rows) }

// Row returns the i-th customer, from 0.
func (t *Table[C]) Row(i int) C { return t.rows[i] }

// live returns the bits of a word that stand for customers.
func (t *Table[C]) live(w int) uint64 {
	if rest := len(t.rows) - w*64; rest < 64 {
		return 1<<rest - 1
	}
	return math.MaxUint64
}
