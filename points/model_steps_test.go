package points

import (
	"maps"
	"slices"
	"time"

	"github.com/stretchr/testify/require"
)

// visits are what check-ins earn, day by day.
var visits = []int64{3, 0, 7}

func (w *walk) checkIn(name string, a *naiveAccount) {
	y, m, d := w.at.In(w.zone).Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	id := w.id()
	var want error
	if today.Equal(a.visit) {
		want = ErrAlreadyGranted
	}
	w.do(CheckInRequest{Account: name, Key: id, At: w.at}, want)
	if want != nil {
		return
	}
	if a.visit.AddDate(0, 0, 1).Equal(today) {
		a.streak++
	} else {
		a.streak = 1
	}
	a.visit = today
	if n := visits[(a.streak-1)%len(visits)]; n > 0 {
		w.model.earn(a, w.model.given(w.realKey(name, id), w.at), n, w.at, w.at)
	}
}

func (w *walk) prolongOne(name string, a *naiveAccount) {
	i, id := w.openHold(name, a)
	if i < 0 {
		return
	}
	ttl := time.Duration(1+w.r.IntN(5*24*60)) * time.Minute
	var want error
	if w.at.Add(ttl).Before(a.holds[i].expires) {
		want = ErrWouldShorten
	}
	w.do(ProlongRequest{Account: name, Hold: id, Key: w.id(), At: w.at, TTL: ttl}, want)
	if want == nil {
		a.holds[i].expires = w.at.Add(ttl)
	}
}

func (w *walk) editSome(name string, a *naiveAccount) {
	order, id := w.pick("o"), w.id()
	o := a.order(scope(name, order))
	now := *o
	now.cents = 100 + w.r.Int64N(20000)
	var want error
	if !o.earned {
		want = ErrUnknown
	}
	w.do(EditRequest{Account: name, Edit: id, Order: w.facts(order, &now), At: w.at}, want)
	if want != nil {
		return
	}
	was := o.worth()
	o.cents = now.cents
	w.correct(name, a, order, o.worth()-was, w.issue(w.realKey(name, "edit:"+id)))
}

// confirmOne tells that an order was received, for which its points may wait.
func (w *walk) confirmOne(name string, a *naiveAccount) {
	order := w.pick("o")
	o := a.order(scope(name, order))
	if !o.received.IsZero() {
		return
	}
	var want error
	if !o.earned {
		want = ErrUnknown
	}
	w.do(ConfirmRequest{Account: name, Of: orderKey(order), Event: "received", At: w.at}, want)
	if want != nil {
		return
	}
	o.received = w.at
	for _, l := range a.lots {
		if l.of != scope(name, order) || !l.awaits {
			continue
		}
		w.model.awake(a, l, w.at)
		if !l.active.After(w.at) {
			l.available, l.pending = l.available+l.pending, 0
			a.repay(l)
		}
	}
}

func (w *walk) freeze(name string, a *naiveAccount) {
	if w.r.IntN(3) > 0 { // it stops so much
		return
	}
	id := w.id()
	w.do(FreezeRequest{Account: name, Key: id, At: w.at, By: By{"ann", "test"}}, nil)
	a.frozen[scope(name, id)] = true
}

func (w *walk) unfreeze(name string, a *naiveAccount) {
	for _, key := range slices.Sorted(maps.Keys(a.frozen)) {
		if by, ok := cutScope(name, key); ok {
			w.do(UnfreezeRequest{Account: name, Key: w.id(), Freeze: by, At: w.at, By: By{"ann", "test"}}, nil)
			delete(a.frozen, key)
			return
		}
	}
	w.do(UnfreezeRequest{Account: name, Key: w.id(), Freeze: "nothing", At: w.at, By: By{"ann", "test"}}, ErrUnknown)
}

// remembered is an answer that was given when its instant was the present.
type remembered struct {
	name    string
	at      time.Time
	balance Balance
	ends    []Expiring
}

func (w *walk) remember(name string) {
	w.t.Helper()
	balance, err := w.Balance(ctx, name, w.at)
	require.NoError(w.t, err)
	ends, err := w.Expiring(ctx, name, w.at, 20)
	require.NoError(w.t, err)
	w.asked = append(w.asked, remembered{name, w.at, balance, ends})
}

// recall asks again what was asked before. Only points that were booked later under an earlier date
// make a difference.
func (w *walk) recall() {
	w.t.Helper()
	for i := 0; i < len(w.asked); i += 1 + w.r.IntN(10) {
		was := w.asked[i]
		balance, err := w.Balance(ctx, was.name, was.at)
		require.NoError(w.t, err)
		if balance != was.balance {
			continue
		}
		ends, err := w.Expiring(ctx, was.name, was.at, 20)
		require.NoError(w.t, err)
		require.Equal(w.t, was.ends, ends, "%s at %v", was.name, was.at)
	}
}
