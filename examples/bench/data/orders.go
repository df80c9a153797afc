package data

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/rfm"
)

// Orders returns the table as a Go program has it, keyed by number.
func (t Table) Orders() []rfm.Order[int64] {
	return orders(t, t.Customer)
}

// TextOrders returns the table as a Go program has it, keyed by text.
func (t Table) TextOrders() []rfm.Order[string] {
	return orders(t, t.Text)
}

func orders[K comparable](t Table, keys []K) []rfm.Order[K] {
	out := make([]rfm.Order[K], len(keys))
	for i, key := range keys {
		out[i] = rfm.Order[K]{Customer: key, At: time.UnixMicro(t.At[i]), Amount: decimal.New(t.Minor[i], -2)}
	}
	return out
}
