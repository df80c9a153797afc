package points

import (
	"context"
	"errors"
	"iter"
)

// ShopOrder is an order as the shop's own tables have it, for [Ledger.Reconcile].
type ShopOrder struct {
	Account string
	Order   Order
	// Refunds are the ids of its refunds with what they returned.
	Refunds map[string]Return
	// Cancelled says that the order was undone as a whole.
	Cancelled bool
}

// The reasons of a [Mismatch].
const (
	// OrderMissing is an order that the ledger does not know.
	OrderMissing Reason = "order_missing"
	// OrderDiffers is an order that earned on other facts; Fields says which. An instant counts where
	// it moves something: see [Ledger.Reconcile].
	OrderDiffers Reason = "order_differs"
	// RefundMissing is a refund or a cancellation that the ledger does not know.
	RefundMissing Reason = "refund_missing"
	// RefundUnknown is a refund or a cancellation in the ledger that the shop does not have.
	RefundUnknown Reason = "refund_unknown"
	// RefundDiffers is a refund of other lines or another amount; Fields says which.
	RefundDiffers Reason = "refund_differs"
)

// Mismatch is a difference between the shop's tables and the ledger.
type Mismatch struct {
	Account string
	Order   string
	Refund  string // set where the difference is about a refund
	Reason  Reason
	Fields  []Difference
}

// Reconcile compares the shop's orders with what the ledger has booked for them, and yields every
// difference: what got lost on the way, what arrived in another form. Repeating the missing
// operations with their own ids puts it right, because every one of them counts once. It changes
// nothing, and stops at the first error of the orders or of the store. Orders of an account that was
// erased are passed over: nothing can be repeated there.
//
// An instant of an order that the shop does not name is not compared, and another is a difference only
// where it moves the local day that the points count from, the local day from which they can be used,
// or their end. So an order that points wait for, and whose event nobody has told the ledger, is found.
func (l *Ledger) Reconcile(ctx context.Context, orders iter.Seq2[ShopOrder, error]) iter.Seq2[Mismatch, error] {
	return func(yield func(Mismatch, error) bool) {
		for o, err := range orders {
			var found []Mismatch
			if err == nil {
				found, err = l.reconcile(ctx, o)
			}
			if err != nil {
				yield(Mismatch{}, err)
				return
			}
			for _, m := range found {
				if !yield(m, nil) {
					return
				}
			}
		}
	}
}

func (l *Ledger) reconcile(ctx context.Context, o ShopOrder) ([]Mismatch, error) {
	key := orderKey(o.Order.ID)
	s := &session{ctx: ctx, store: l.store, policy: l.policy}
	d, err := s.open(o.Account, []string{key})
	if err != nil {
		return nil, err
	}
	if d.acc.Forgotten {
		return nil, nil
	}
	var list []Mismatch
	report := func(refund string, why Reason, fields []Difference) {
		list = append(list, Mismatch{Account: o.Account, Order: o.Order.ID, Refund: refund, Reason: why, Fields: fields})
	}
	current, seen, cancelled := Op(nil), map[string]bool{}, false
	var ev Evidence
	var told []ConfirmRequest
	for _, c := range d.found {
		if c.Request == nil {
			continue
		}
		switch op := c.Request.Op.(type) {
		case EarnRequest:
			if c.Key == key {
				current, ev = op, c.Evidence
			}
		case EditRequest:
			current = EarnRequest{Account: op.Account, Order: op.Order}
		case ConfirmRequest:
			op.At = op.happened(&c)
			told = append(told, op)
		case CancelRequest:
			cancelled = true
		case RefundRequest:
			seen[op.Refund] = true
			want, known := o.Refunds[op.Refund]
			if !known {
				report(op.Refund, RefundUnknown, nil)
				continue
			}
			diffs, err := differences(op, RefundRequest{Order: o.Order.ID, Refund: op.Refund, Return: want})
			if err != nil {
				return nil, err
			}
			if len(diffs) > 0 {
				report(op.Refund, RefundDiffers, diffs)
			}
		}
	}
	if current == nil {
		report("", OrderMissing, nil)
	} else {
		diffs, err := differences(current, EarnRequest{Order: &o.Order})
		if err != nil {
			return nil, err
		}
		moved, err := l.moved(ev, told, o.Order.events())
		if err != nil {
			return nil, err
		}
		diffs = append(diffs, moved...)
		if len(diffs) > 0 {
			report("", OrderDiffers, diffs)
		}
	}
	for _, id := range sortedKeys(o.Refunds) {
		if !seen[id] {
			report(id, RefundMissing, nil)
		}
	}
	switch {
	case o.Cancelled && !cancelled:
		report("", RefundMissing, nil)
	case cancelled && !o.Cancelled:
		report("", RefundUnknown, nil)
	}
	return list, nil
}

// Unmatched yields the orders of an account that the ledger has and the shop's known ids do not, in
// the order in which they were booked, and before its own those of the accounts that were merged into
// it, one account after the other. A merged account is one with the account it was merged into. It
// needs a store with [History], and stops where the consumer does.
func (l *Ledger) Unmatched(ctx context.Context, account string, known func(order string) bool) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		err := l.booked(ctx, account, func(order string) error {
			if !known(order) && !yield(order, nil) {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield("", err)
		}
	}
}

// errEnough ends a visit early.
var errEnough = errors.New("points: enough")

// booked visits the ids of the orders that a member's accounts were given points for.
func (l *Ledger) booked(ctx context.Context, account string, visit func(order string) error) error {
	h, ok := l.store.(History)
	if !ok {
		return ErrNoHistory
	}
	books, err := l.open(ctx, account)
	if err != nil {
		return err
	}
	names, err := l.joined(ctx, h, books[len(books)-1].acc.ID, nil)
	if err != nil {
		return err
	}
	for _, name := range names {
		acc, err := l.store.Load(ctx, name)
		if err != nil {
			return err
		}
		err = (&book{acc: acc}).changes(ctx, l.store, func(c *Change) error {
			if c.Request == nil {
				return nil
			}
			if op, ok := c.Request.Op.(EarnRequest); ok && op.Order != nil {
				return visit(op.Order.ID)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
