// Package data makes the orders every contestant reads: a shop's order table with a heavy tail of
// customers, the same for the same seed on every machine.
package data

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// Shape says how much to make.
type Shape struct {
	Seed      uint64
	Orders    int
	Customers int
	Text      bool // customers are named by 20 bytes of text as well
	Shuffled  bool // rows are in no order; else in that of time, as an order table grows
}

// Table holds the orders as columns. Row i is one order of customer Customer[i], at At[i]
// microseconds since 1970, of Minor[i] cents.
type Table struct {
	Customer []int64
	Text     []string // the same customers as text; nil unless asked for
	At       []int64
	Minor    []int64
}

// ZoneName is the shop's zone. It had one offset all through the two years before [AsOf] in which orders
// lie, so that a database may add hours instead of asking for the zone.
const ZoneName = "Asia/Shanghai"

// Offset is how far the shop's clocks are ahead of UTC.
const Offset = 8 * time.Hour

const days = 730

// AsOf is the instant scores are taken at: a midnight of the shop.
var AsOf = time.Date(2026, time.July, 1, 0, 0, 0, 0, time.UTC).Add(-Offset)

// Make returns a table. Every customer has at least one order; the others fall to customer k with a
// probability that goes with 1/√k, so the busiest have thousands and half of all customers at most
// three. Instants are uniform, amounts are log-normal around 60.00.
func Make(s Shape) Table {
	r := rand.New(rand.NewPCG(s.Seed, 0x9e3779b97f4a7c15))
	t := Table{Customer: make([]int64, s.Orders), At: make([]int64, s.Orders), Minor: make([]int64, s.Orders)}
	var names []string
	if s.Text {
		t.Text = make([]string, s.Orders)
		names = make([]string, s.Customers)
		for k := range names {
			names[k] = Name(ID(k))
		}
	}
	first := r.Perm(s.Customers)
	until := AsOf.UnixMicro()
	from := AsOf.AddDate(0, 0, -days).UnixMicro()
	for i := range t.At {
		t.At[i] = from + r.Int64N(until-from)
	}
	if !s.Shuffled {
		slices.Sort(t.At)
	}
	for i := range t.Customer {
		var k int
		// The first orders of all customers are spread over the table: row i is one with the
		// probability that leaves room for exactly the rest.
		if left, rows := len(first), s.Orders-i; left > 0 && (left >= rows || r.IntN(rows) < left) {
			k, first = first[left-1], first[:left-1]
		} else {
			u := r.Float64()
			k = int(u * u * float64(s.Customers))
		}
		t.Customer[i] = ID(k)
		if s.Text {
			t.Text[i] = names[k]
		}
		t.Minor[i] = 1 + int64(math.Exp(math.Log(6000)+r.NormFloat64()))
	}
	return t
}

// ID returns the number of customer k: sixteen digits without order, as an id generator gives them.
func ID(k int) int64 {
	z := uint64(k) + 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return int64((z ^ z>>31) % 1e16)
}

// Name writes a customer's number as 20 bytes of text.
func Name(id int64) string { return fmt.Sprintf("cus-%016d", id) }

// Number reads the number back from a name.
func Number(name string) (id int64) {
	for _, c := range []byte(name[len("cus-"):]) {
		id = 10*id + int64(c-'0')
	}
	return id
}
