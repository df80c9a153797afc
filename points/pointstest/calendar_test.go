package pointstest

import (
	"testing"
	"time"

	"github.com/regulars-go/regulars/points"
)

// The model counts days and months by itself, and agrees with the terms that lots live under.
func TestCalendar(t *testing.T) {
	for _, name := range []string{"Asia/Shanghai", "America/New_York", "America/Sao_Paulo", "Africa/Cairo"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		for day := range 800 {
			at := time.Date(2018, 1, 1+day, 23, 30, 0, 0, zone)
			for _, e := range []points.Expiry{{Days: 1}, {Days: 30}, {Months: 1}, {Months: 13, Days: 2}} {
				timing := points.Timing{Zone: name, Pending: points.Pending{Days: day % 3}, Expiry: e}
				active, ends, err := timing.Confirm(at, time.Time{})
				if err != nil {
					t.Fatal(err)
				}
				if from := waited(timing.Pending, at, zone); !from.Equal(active) {
					t.Fatalf("%s, %v, %+v: active from %v, the model says %v", name, at, timing.Pending, active, from)
				}
				if got := lastDay(e, active, zone); !got.Equal(ends) {
					t.Fatalf("%s, %v, %+v: ends %v, the model says %v", name, active, e, ends, got)
				}
			}
		}
	}
}

// The model's counters are compared with those of the account, either way.
func TestCounters(t *testing.T) {
	b := newBook(suitePolicy)
	b.use([]points.Use{{Cap: "monthly", Period: day(0), Points: 7}}, 1)
	use := func(c string, n int64) points.Account {
		return points.Account{Uses: []points.Use{{Cap: c, Period: day(0), Points: n}}}
	}
	for _, wrong := range []points.Account{{}, use("monthly", 6), use("yearly", 7)} {
		if _, _, _, same := b.counters(wrong, day(1)); same {
			t.Errorf("%+v passes for 7 of a month", wrong.Uses)
		}
	}
	if _, _, _, same := b.counters(use("monthly", 7), day(1)); !same {
		t.Error("7 of a month do not pass for 7 of a month")
	}
	if _, _, _, same := b.counters(points.Account{}, day(900)); !same {
		t.Error("a ledger may let go of a period after two years")
	}
}
