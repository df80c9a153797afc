package pointstest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/regulars-go/regulars/points"
)

var raceLaws = []Law{
	{"S12", 3, "Of rival changes that follow the same version, one is applied: every success is visible, nothing else.", func(t testing.TB, h Harness) {
		s := h.Open(t)
		const writers, each = 8, 10
		errs := together(writers, func(w int) error {
			for i := range each {
				if err := insist(s, "ann", fmt.Sprint(w, "-", i)); err != nil {
					return err
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
			errs := together(8, func(int) error { return insist(s, name, "k") })
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

	{"S14", 3, "Commits that name the same accounts in opposite orders do not lock each other out, nor do transfers.", func(t testing.TB, h Harness) {
		s := h.Open(t)
		for round := range 40 {
			if err := opposed(s, fmt.Sprint("left", round), fmt.Sprint("right", round)); err != nil {
				t.Fatalf("two commits of the same two accounts, named in opposite orders: %v", err)
			}
			if l, r := load(t, s, fmt.Sprint("left", round)).Version, load(t, s, fmt.Sprint("right", round)).Version; l != 1 || r != 1 {
				t.Fatalf("after rival commits of two new accounts: versions %d and %d", l, r)
			}
		}
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

// opposed lets two commits of two new accounts meet, of which one names them the other way round.
func opposed(s points.Store, left, right string) error {
	const patience = 10 * time.Second
	start, done := make(chan struct{}), make(chan error, 2)
	for _, order := range [][]string{{left, right}, {right, left}} {
		go func() {
			var changes []points.Change
			for _, name := range order {
				changes = append(changes, credit(points.Account{ID: name}, "k", "", 1))
			}
			<-start
			done <- s.Commit(context.Background(), changes...)
		}()
	}
	close(start)
	late := time.NewTimer(patience)
	defer late.Stop()
	for range 2 {
		select {
		case err := <-done:
			if err != nil && !errors.Is(err, points.ErrConflict) {
				return err
			}
		case <-late.C:
			return fmt.Errorf("they wait for each other, for %v: lock accounts in one order", patience)
		}
	}
	return nil
}

// insist commits a change under a key once more whenever a rival was faster, until it is done or the
// key is taken. A store that refuses though nobody was faster would be asked for ever.
func insist(s points.Store, account, key string) error {
	const patience = 50
	behind, refused := int64(-1), 0
	for {
		acc, err := s.Load(context.Background(), account, key)
		if err != nil {
			return err
		}
		if len(acc.Changes) > 0 {
			return points.ErrKeyReused
		}
		if refused++; acc.Version != behind {
			behind, refused = acc.Version, 0
		}
		if refused == patience {
			return fmt.Errorf("refused %d times though nobody else wrote", refused)
		}
		if err = s.Commit(context.Background(), credit(acc, key, "", 1)); !errors.Is(err, points.ErrConflict) {
			return err
		}
	}
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
