package pointstest

import (
	"testing"

	"github.com/regulars-go/regulars/points"
)

// TestExplain asks for an order of a few histories by hand.
func TestExplain(t *testing.T) {
	earn := points.EarnRequest{Account: "ann", Key: "e", Points: 10, At: day(1)}
	redeem := points.RedeemRequest{Account: "ann", Key: "r", Points: 10, At: day(1)}
	at := func(begun, ended int, op points.Op, text string) call {
		return call{op: op, account: "ann", asked: question(op, "ann"), begun: begun, ended: ended, told: told{text: text}}
	}
	again := func(c call) call { c.told.replayed = true; return c }
	unknown := func(c call) call { c.told, c.open, c.err = told{}, true, points.ErrAmbiguous; return c }
	failed := func(c call) call { c.told, c.err = told{}, points.ErrConflict; return c }
	const none, ten = "0 available, 0 held", "10 available, 0 held"
	earned := at(1, 4, earn, "version 1, "+ten)
	for name, tt := range map[string]struct {
		calls []call
		loose bool
		want  bool
	}{
		"nothing happened":                     {want: true},
		"one after the other":                  {calls: []call{earned, at(5, 6, redeem, "version 2, "+none)}, want: true},
		"a wrong sum":                          {calls: []call{at(1, 2, earn, "version 1, 11 available, 0 held")}},
		"a look before, meanwhile":             {calls: []call{earned, at(2, 3, nil, none)}, want: true},
		"a look after, meanwhile":              {calls: []call{earned, at(2, 3, nil, ten)}, want: true},
		"looks that go back":                   {calls: []call{at(1, 9, earn, earned.told.text), at(2, 3, nil, ten), at(4, 5, nil, none)}},
		"a stale look":                         {calls: []call{earned, at(5, 6, nil, none)}},
		"a look ahead":                         {calls: []call{at(5, 6, earn, earned.told.text), at(1, 2, nil, ten)}},
		"both spend the same points":           {calls: []call{earned, at(5, 8, redeem, "version 2, "+none), at(6, 7, points.RedeemRequest{Account: "ann", Key: "s", Points: 10, At: day(1)}, "version 2, "+none)}},
		"one is refused meanwhile":             {calls: []call{at(1, 6, earn, earned.told.text), at(2, 5, redeem, "insufficient: "+none)}, want: true},
		"refused though it was there":          {calls: []call{earned, at(5, 6, redeem, "insufficient: "+none)}},
		"a replay":                             {calls: []call{earned, again(at(2, 5, earn, earned.told.text))}, want: true},
		"done twice under a key":               {calls: []call{earned, at(5, 6, earn, "version 2, 20 available, 0 held")}},
		"replays of each other":                {calls: []call{again(earned), again(at(2, 5, earn, earned.told.text))}},
		"but where an answer was lost":         {calls: []call{again(earned), again(at(2, 5, earn, earned.told.text))}, loose: true, want: true},
		"unknown, and done":                    {calls: []call{unknown(earned), at(5, 6, nil, ten)}, want: true},
		"unknown, and not done":                {calls: []call{unknown(earned), at(5, 6, nil, none)}, want: true},
		"unknown, and done late":               {calls: []call{unknown(earned), at(5, 6, nil, none), at(7, 8, nil, ten)}, want: true},
		"unknown, and undone":                  {calls: []call{unknown(earned), at(5, 6, nil, ten), at(7, 8, nil, none)}},
		"surely not done":                      {calls: []call{failed(earned), at(5, 6, nil, none)}, want: true},
		"surely not done, and yet it was":      {calls: []call{failed(earned), at(5, 6, nil, ten)}},
		"another request under the key":        {calls: []call{earned, at(5, 6, points.EarnRequest{Account: "ann", Key: "e", Points: 11, At: day(1)}, "key reused")}, want: true},
		"a transfer that only one side saw":    {calls: []call{earned, at(5, 6, points.TransferRequest{Account: "ann", To: "bob", Key: "t", Points: 4, At: day(1)}, "version 2, 6 available, 0 held"), {account: "bob", asked: question(nil, "bob"), begun: 7, ended: 8, told: told{text: none}}}},
		"a hold that was captured is closed":   {calls: []call{earned, at(5, 6, points.HoldRequest{Account: "ann", Hold: "h", Points: 4}, "version 2, 6 available, 4 held"), at(7, 10, points.CaptureRequest{Account: "ann", Hold: "h"}, "version 3, 6 available, 0 held"), at(8, 9, points.VoidRequest{Account: "ann", Hold: "h"}, "closed by capture")}, want: true},
		"a hold that was voided and captured":  {calls: []call{earned, at(5, 6, points.HoldRequest{Account: "ann", Hold: "h", Points: 4}, "version 2, 6 available, 4 held"), at(7, 10, points.CaptureRequest{Account: "ann", Hold: "h"}, "version 3, 6 available, 0 held"), at(8, 9, points.VoidRequest{Account: "ann", Hold: "h"}, "version 3, 10 available, 0 held")}},
		"a void gives back what it had, once":  {calls: []call{earned, at(5, 6, points.HoldRequest{Account: "ann", Hold: "h", Points: 4}, "version 2, 6 available, 4 held"), at(7, 8, points.VoidRequest{Account: "ann", Hold: "h"}, "version 3, 10 available, 0 held"), again(at(9, 10, points.VoidRequest{Account: "ann", Hold: "h"}, "version 3, 10 available, 0 held"))}, want: true},
		"a hold that nobody took is not there": {calls: []call{earned, at(5, 6, points.CaptureRequest{Account: "ann", Hold: "h"}, "unknown")}, want: true},
	} {
		best, ok := explain(tt.calls, tt.loose)
		if ok != tt.want {
			t.Errorf("%s: explained %v, want %v\n%s", name, ok, tt.want, unexplained(tt.calls, best))
		}
	}
}
