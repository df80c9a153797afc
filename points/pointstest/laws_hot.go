package pointstest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/regulars-go/regulars/points"
)

var hotLaws = []Law{
	{"S28", 3, "On a hot account a race is lost only to a winner, so that nobody starves.", func(t testing.TB, h Harness) {
		// A ledger gives up after 200 lost races. The rivals of one writer commit 189 times, and every
		// race it loses is one of those: whatever the schedule, it comes through.
		const writers, each = 64, 3
		s := h.Open(t)
		give(t, ledger(t, s), "hot", "start", 1000)
		racers := make([]*racer, writers)
		for w := range racers {
			racers[w] = &racer{Store: s}
		}
		start := time.Now() //nolint:forbidigo // it is reported, and judges nothing
		errs := together(writers, func(w int) error {
			l, err := points.New(racers[w], suitePolicy)
			if err != nil {
				return err
			}
			for i := range each {
				racers[w].next()
				key := fmt.Sprint(w, "-", i)
				if w%2 == 0 {
					_, err = l.Earn(context.Background(), points.EarnRequest{Account: "hot", Key: key, Points: 3, At: day(1)})
				} else {
					_, err = l.Redeem(context.Background(), points.RedeemRequest{Account: "hot", Key: key, Points: 2, At: day(1)})
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		took := time.Since(start) //nolint:forbidigo // as above
		var lost []int
		total, unfair := 0, 0
		for w, r := range racers {
			if errs[w] != nil {
				t.Errorf("writer %d: %v", w, errs[w])
			}
			lost = append(lost, r.lost...)
			unfair += r.unfair
		}
		for _, n := range lost {
			total += n
		}
		slices.Sort(lost)
		t.Logf("%d writers, %d commits in %v, %.0f a second; races lost: %d, half of the operations at most %d, all at most %d",
			writers, len(lost), took, float64(len(lost))/took.Seconds(), total, lost[len(lost)/2], lost[len(lost)-1])
		if unfair > 0 {
			t.Errorf("%d of %d commits were refused with ErrConflict though the account was still at the version they follow", unfair, total)
		}
		acc := load(t, s, "hot")
		if want := int64(1000 + writers/2*each*(3-2)); acc.Version != 1+writers*each || acc.Balance().Available != want {
			t.Errorf("version %d and %d points, want %d and %d", acc.Version, acc.Balance().Available, 1+writers*each, want)
		}
	}},
}

// racer counts the races that one writer of an account loses, and those that nobody won.
type racer struct {
	points.Store
	lost   []int // by operation
	behind int64 // the version that the last commit followed, if it lost
	unfair int
}

func (r *racer) next() { r.lost, r.behind = append(r.lost, 0), -1 }

func (r *racer) Load(ctx context.Context, account string, keys ...string) (points.Account, error) {
	acc, err := r.Store.Load(ctx, account, keys...)
	if err == nil && acc.Version <= r.behind {
		r.unfair++
	}
	r.behind = -1
	runtime.Gosched() // the others go first: the account is hot
	return acc, err
}

func (r *racer) Commit(ctx context.Context, changes ...points.Change) error {
	err := r.Store.Commit(ctx, changes...)
	if errors.Is(err, points.ErrConflict) {
		r.lost[len(r.lost)-1]++
		r.behind = changes[0].Version - 1
	}
	return err
}
