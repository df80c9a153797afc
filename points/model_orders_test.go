package points

import (
	"slices"

	"github.com/shopspring/decimal"
)

// payBack reinstates the share of an order's redemptions that its refunds come to by now.
func (w *walk) payBack(name string, a *naiveAccount, order string, id func() string) {
	o := a.order(scope(name, order))
	var redeemed, back int64
	for _, s := range a.spent {
		if s.of == scope(name, order) {
			redeemed += s.total()
			back += s.back
		}
	}
	n := max(redeemed*(o.cents-o.rest(false))/o.cents-back, 0)
	for _, s := range slices.Backward(a.spent) {
		if s.of == scope(name, order) {
			part := min(n, s.total()-s.back)
			n -= part
			w.model.giveBack(a, s, part, w.at, id)
		}
	}
}

func (w *walk) refundSome(name string, a *naiveAccount) {
	order, id := w.pick("o"), w.id()
	o := a.order(scope(name, order))
	cents := 1 + w.r.Int64N(8000)
	if !o.earned && (len(o.returns) > 0 || cents > 100) { // keep an early refund within any order to come
		return
	}
	var want error
	if o.earned && cents > o.rest(false) {
		want = ErrRefundExceedsOrder
	}
	w.do(RefundRequest{Account: name, Refund: id, Order: order, At: w.at, Return: Return{Amount: decimal.New(cents, -2)}}, want)
	if want != nil {
		return
	}
	was := o.worth()
	o.returns = append(o.returns, naiveReturn{cents: cents})
	if o.earned {
		w.payBack(name, a, order, w.issue(w.realKey(name, "refund:"+id)))
		w.model.claw(a, scope(name, order), was-o.worth())
	}
}

func (w *walk) cancelOne(name string, a *naiveAccount) {
	order := w.pick("o")
	o := a.order(scope(name, order))
	cancelled := slices.ContainsFunc(o.returns, func(r naiveReturn) bool { return r.all && r.loss == nil })
	if !o.earned || cancelled || w.r.IntN(3) > 0 {
		return
	}
	w.do(CancelRequest{Account: name, Order: order, At: w.at}, nil)
	id := w.issue(w.realKey(name, "cancel:"+order))
	a.holds = slices.DeleteFunc(a.holds, func(h *naiveHold) bool {
		if h.of != scope(name, order) {
			return false
		}
		for i, p := range h.pins {
			w.model.release(a, h, i, p.n, w.at)
		}
		return true
	})
	for _, s := range slices.Backward(a.spent) {
		if s.of == scope(name, order) {
			w.model.giveBack(a, s, s.total()-s.back, w.at, id)
		}
	}
	was := o.worth()
	o.returns = append(o.returns, naiveReturn{all: true})
	w.model.claw(a, scope(name, order), was)
}

// issue names the lots of one operation as the ledger does, for ties.
func (w *walk) issue(key string) func() string {
	n := -1
	return func() string { n++; return lotID(key, n) }
}

func (w *walk) chargeback(name string, a *naiveAccount) {
	order := w.pick("o")
	o := a.order(scope(name, order))
	if !o.earned || o.rest(true) == 0 || o.lost {
		return
	}
	w.do(ChargebackRequest{Account: name, Chargeback: order, Order: order, At: w.at}, nil)
	loss := w.model.claw(a, scope(name, order), o.worth())
	o.lost = true
	o.returns = append(o.returns, naiveReturn{all: true, loss: &loss})
	a.frozen[scope(name, chargebackKey(order))] = true
	a.disputes = append(a.disputes, &loss)
}

func (w *walk) win(name string, a *naiveAccount) {
	order := w.pick("o")
	o := a.order(scope(name, order))
	at := slices.IndexFunc(o.returns, func(r naiveReturn) bool { return r.loss != nil })
	if at < 0 {
		return
	}
	w.do(WinRequest{Account: name, Chargeback: order, Order: order, At: w.at}, nil)
	loss, was := o.returns[at].loss, o.worth()
	o.returns = slices.Delete(o.returns, at, at+1)
	o.letOff -= loss.letOff
	id := w.issue(w.realKey(name, "win:"+order))
	a.disputes = slices.DeleteFunc(a.disputes, func(d *naiveLoss) bool { return d == loss })
	open := min(loss.owed, a.debt)
	a.debt -= open
	if rest := loss.owed - open; rest > 0 {
		w.model.earn(a, w.model.given(id(), w.at), rest, w.at, w.at)
	}
	n, taken := o.worth()-was-loss.took, int64(0)
	for _, p := range loss.pins {
		taken += p.n
	}
	kept := min(max(-n, 0), taken)
	taken -= kept
	for _, p := range slices.Backward(loss.pins) {
		part := min(p.n, taken)
		if taken -= part; part > 0 {
			w.model.restore(a, p, part, w.at, id())
		}
	}
	w.correct(name, a, order, n+kept, id)
	delete(a.frozen, scope(name, chargebackKey(order)))
}

// correct books what an order deserves more or less than before.
func (w *walk) correct(name string, a *naiveAccount, order string, n int64, id func() string) {
	if n > 0 {
		w.model.earnOrder(a, id(), scope(name, order), n, w.at)
	}
	w.model.claw(a, scope(name, order), max(-n, 0))
}
