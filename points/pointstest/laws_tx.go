package pointstest

import (
	"context"
	"errors"
	"testing"

	"github.com/regulars-go/regulars/points"
)

var txLaws = []Law{
	{"Tx1", 2, "What a transaction did is there after it commits, and gone after it rolls back.", func(t testing.TB, h Harness) {
		if h.Tx == nil {
			t.Skip("the harness has no transactions")
		}
		s := h.Open(t)
		l := ledger(t, s)
		give(t, l, "ann", "start", 100)
		before := snapshot(t, s, "ann", "bob")
		boom := errors.New("the caller changed its mind")
		err := h.Tx(context.Background(), s, func(tx points.Store) error {
			give(t, l.With(tx), "bob", "k", 1)
			if _, err := l.With(tx).Redeem(context.Background(), points.RedeemRequest{Account: "ann", Key: "r", Points: 60, At: day(1)}); err != nil {
				t.Errorf("redeem in a transaction: %v", err)
			}
			if got := available(t, l.With(tx), "ann"); got != 40 {
				t.Errorf("inside the transaction %d are available, want 40", got)
			}
			return boom
		})
		if !errors.Is(err, boom) {
			t.Errorf("the transaction returned %v", err)
		}
		sameText(t, "after the rollback", snapshot(t, s, "ann", "bob"), before)
		err = h.Tx(context.Background(), s, func(tx points.Store) error {
			_, err := l.With(tx).Redeem(context.Background(), points.RedeemRequest{Account: "ann", Key: "r", Points: 60, At: day(1)})
			return err
		})
		if got := available(t, l, "ann"); err != nil || got != 40 {
			t.Errorf("after the commit: %v, %d available", err, got)
		}
	}},

	{"Tx2", 2, "A conflict inside a transaction is an ErrConflict, and the transaction stays usable.", func(t testing.TB, h Harness) {
		if h.Tx == nil {
			t.Skip("the harness has no transactions")
		}
		s := h.Open(t)
		add(t, s, "ann", "k", "", 5)
		err := h.Tx(context.Background(), s, func(tx points.Store) error {
			stale := load(t, tx, "ann")
			stale.Version--
			refused(t, tx.Commit(context.Background(), credit(stale, "l", "", 1)))
			refused(t, tx.Commit(context.Background(), credit(load(t, tx, "ann"), "k", "", 1)))
			return tx.Commit(context.Background(), credit(load(t, tx, "ann"), "m", "", 1))
		})
		if err != nil {
			t.Errorf("the transaction after two refusals: %v", err)
		}
		if got := load(t, s, "ann").Version; got != 2 {
			t.Errorf("version %d, want 2", got)
		}
	}},
}
