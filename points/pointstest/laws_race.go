package pointstest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/regulars-go/regulars/points"
)

var raceLaws = []Law{
	{"S12", 3, "Of rival changes that follow the same version, one is applied: every success is visible, nothing else.", func(t testing.TB, h Harness) {
		s := h.Open(t)
		const writers, each = 8, 10
		errs := together(writers, func(w int) error {
			for i := range each {
				for {
					acc, err := s.Load(context.Background(), "ann")
					if err != nil {
						return err
					}
					err = s.Commit(context.Background(), credit(acc, fmt.Sprint(w, "-", i), "", 1))
					if err == nil {
						break
					}
					if !errors.Is(err, points.ErrConflict) {
						return err
					}
				}
			}
			return nil
		})
		for _, err := range errs {
			if err != nil {
				t.Errorf("a writer failed: %v", err)
			}
		}
		acc := load(t, s, "ann")
		if acc.Version != writers*each || acc.Balance().Available != writers*each {
			t.Errorf("after %d successes: version %d, %d points", writers*each, acc.Version, acc.Balance().Available)
		}
	}},

	{"S13", 3, "Of rival changes with the same key, one is applied.", func(t testing.TB, h Harness) {
		s := h.Open(t)
		for round := range 10 {
			name := fmt.Sprint("ann", round)
			errs := together(8, func(int) error {
				for {
					acc, err := s.Load(context.Background(), name, "k")
					if err != nil || len(acc.Changes) > 0 {
						return errors.Join(err, points.ErrKeyReused)
					}
					if err = s.Commit(context.Background(), credit(acc, "k", "", 1)); !errors.Is(err, points.ErrConflict) {
						return err
					}
				}
			})
			won := 0
			for _, err := range errs {
				switch {
				case err == nil:
					won++
				case !errors.Is(err, points.ErrKeyReused):
					t.Errorf("a writer failed: %v", err)
				}
			}
			if acc := load(t, s, name); won != 1 || acc.Version != 1 {
				t.Errorf("%d writers won, version %d", won, acc.Version)
			}
		}
	}},

	{"S14", 3, "Transfers in opposite directions do not lock each other out.", func(t testing.TB, h Harness) {
		s := h.Open(t)
		l := ledger(t, s)
		for _, name := range []string{"ann", "bob"} {
			give(t, l, name, "start", 1000)
		}
		errs := together(4, func(w int) error {
			from, to := "ann", "bob"
			if w%2 == 1 {
				from, to = to, from
			}
			for i := range 10 {
				_, err := l.Transfer(context.Background(), points.TransferRequest{
					Account: from, To: to, Key: fmt.Sprint(w, "-", i), Points: 10, At: day(1),
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
		for _, err := range errs {
			if err != nil {
				t.Errorf("a transfer failed: %v", err)
			}
		}
		if a, b := available(t, l, "ann"), available(t, l, "bob"); a != 1000 || b != 1000 {
			t.Errorf("after as many transfers each way: %d and %d", a, b)
		}
	}},
}

// together runs n functions at once.
func together(n int, f func(int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-start
			errs[i] = f(i)
		})
	}
	close(start)
	wg.Wait()
	return errs
}
