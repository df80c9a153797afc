// Package floor holds the loops a programmer would write for these very data and nothing else: no
// validation, no refunds, no overflow checks, two decimals, one zone offset, five bins. They are what
// a library can at best come near to.
package floor

import (
	"github.com/regulars-go/regulars/examples/bench/data"
)

// Scored is the answer as columns, one row a customer, in no particular order.
type Scored struct {
	Customer []int64
	Text     []string // instead of Customer
	Days     []int32  // since the last order
	Orders   []int32
	Minor    []int64
	R, F, M  []uint8
}

// Sum returns what contestants are compared by.
func (s *Scored) Sum() (sum data.Sum) {
	for i := range s.Days {
		var id int64
		if s.Text != nil {
			id = data.Number(s.Text[i])
		} else {
			id = s.Customer[i]
		}
		sum.Add(id, int(s.Days[i]), int64(s.Orders[i]), s.Minor[i], int(s.R[i]), int(s.F[i]), int(s.M[i]))
	}
	return sum
}
