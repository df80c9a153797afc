package pointstest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/regulars-go/regulars/points"
)

var eraseLaws = []Law{
	{"S30", 2, "A store that erases strips the requests, evidence and receipts of one account and keeps its keys and entries.", func(t testing.TB, h Harness) {
		s := h.Open(t)
		eraser, erases := s.(points.Eraser)
		history, remembers := s.(points.History)
		if !erases || !remembers {
			t.Skip("the store erases nothing")
		}
		l := ledger(t, s)
		order := points.Order{ID: "1", Paid: day(0), Lines: []points.Line{{ID: "secret", Price: money("80")}}}
		for _, op := range []points.Op{
			points.EarnRequest{Account: "ann", Order: &order, At: day(1)},
			points.EarnRequest{Account: "bob", Order: &order, At: day(1)},
			points.AdjustRequest{Account: "ann", Key: "a", Points: 5, At: day(1), By: points.By{Actor: "secret", Note: "secret"}},
			points.RedeemRequest{Account: "ann", Key: "r", Points: 50, At: day(1), Spend: points.Spend{Order: "1"}},
		} {
			if _, err := l.Do(context.Background(), op); err != nil {
				t.Fatalf("%s: %v", op.Kind(), err)
			}
		}
		bob, state := snapshot(t, s, "bob"), text(t, load(t, s, "ann"))
		was := recorded(t, history, "ann")
		if err := eraser.Erase(context.Background(), "ann"); err != nil {
			t.Fatalf("erase: %v", err)
		}
		for i := range was {
			was[i].Request, was[i].Evidence, was[i].Receipt = nil, points.Evidence{}, points.Receipt{}
		}
		same(t, "the changes of an erased account", recorded(t, history, "ann"), was)
		same(t, "those that are found by a key", load(t, s, "ann", "order:1", "a").Changes, was[:3])
		if strings.Contains(snapshot(t, s, "ann"), "secret") {
			t.Error("something of what was erased is still there")
		}
		sameText(t, "the state of an erased account", text(t, load(t, s, "ann")), state)
		sameText(t, "another account", snapshot(t, s, "bob"), bob)
		refused(t, s.Commit(context.Background(), credit(load(t, s, "ann"), "a", "", 1)))
		if err := l.Verify(context.Background(), "ann"); err != nil {
			t.Errorf("the books of an erased account: %v", err)
		}
		for i := range 2 {
			if err := eraser.Erase(context.Background(), []string{"ann", "nobody"}[i]); err != nil {
				t.Errorf("erasing %s: %v", []string{"once more", "who was never there"}[i], err)
			}
		}
		if got := fmt.Sprint(load(t, s, "nobody").Version); got != "0" {
			t.Errorf("erasing made an account of version %s", got)
		}
	}},
}

// recorded lists the changes of an account.
func recorded(t testing.TB, h points.History, account string) (list []points.Change) {
	t.Helper()
	for c, err := range h.Changes(context.Background(), account, 0) {
		if err != nil {
			t.Fatalf("changes: %v", err)
		}
		list = append(list, c)
	}
	return list
}
