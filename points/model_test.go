package points

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

// walk drives a ledger and the naive model through the same random history.
type walk struct {
	*bench
	model *naive
	r     *rand.Rand
	at    time.Time
	n     int
	names []string
	log   []string
	ops   []Op
	asked []remembered
}

func newWalk(t *testing.T, seed uint64) *walk {
	t.Helper()
	m := &naive{
		regrace: int(seed % 3), life: int(seed%2) * 12, idle: seed%8 == 3, wait: int(seed % 5 / 3),
		accounts: map[string]*naiveAccount{}, alias: map[string]string{},
	}
	b := newBench(t, func(c *Config) {
		c.Zone = "America/New_York"
		c.Terms.RegraceDays = m.regrace
		c.Expiry = Expiry{Days: m.life}
		if m.idle {
			c.Expiry.From = FromActivity
		}
		if m.wait > 0 {
			c.Rules[0].Pending = &Pending{Event: "received", Days: m.wait}
		}
		c.CheckIn = &CheckIn{Points: visits, Cycle: true}
	})
	m.zone = b.zone
	w := &walk{
		bench: b, r: rand.New(rand.NewPCG(seed, 1)), names: []string{"ann", "bob", "cat"},
		model: m, at: b.on("2025-02-20 12:00"),
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("seed %d; the last steps:", seed)
			for _, line := range w.log[max(0, len(w.log)-40):] {
				t.Log(line)
			}
		}
	})
	return w
}

// tick lets some time pass; some steps jump over the days on which clocks change.
func (w *walk) tick() {
	switch w.r.IntN(6) {
	case 0:
		w.at = w.at.Add(time.Duration(1+w.r.IntN(20)) * 24 * time.Hour)
	case 1, 2:
		w.at = w.at.Add(time.Duration(1+w.r.IntN(48)) * time.Hour)
	case 3: // to a midnight, where things happen
		w.at = w.model.endOf(w.at, w.r.IntN(3))
	default:
		w.at = w.at.Add(time.Duration(1+w.r.IntN(3600)) * time.Second)
	}
}

func (w *walk) id() string { w.n++; return fmt.Sprint(w.n) }

// pick returns a word of a small set, so that operations meet.
func (w *walk) pick(kind string) string { return fmt.Sprint(kind, w.r.IntN(4)) }

// do runs an operation on the ledger; the model has said whether it must be refused, and why.
func (w *walk) do(op Op, want error) Receipt {
	w.t.Helper()
	before := w.rawAll()
	r, err := w.Do(ctx, op)
	w.ops = append(w.ops, op)
	w.log = append(w.log, fmt.Sprintf("%s %s %+v: %v", op.head().at.Format("2006-01-02 15:04:05"), op.Kind(), op, err))
	if want != nil {
		require.ErrorIs(w.t, err, want)
		require.Equal(w.t, before, w.rawAll(), "a refused operation left a trace")
		return r
	}
	require.NoError(w.t, err)
	again, err := w.Do(ctx, op)
	require.NoError(w.t, err)
	require.True(w.t, again.Replayed)
	return r
}

func (w *walk) rawAll() string {
	if w.n%7 != 0 { // it is slow
		return ""
	}
	all := ""
	for _, name := range w.names {
		all += w.raw(name)
	}
	return all
}

func (w *walk) same() {
	w.t.Helper()
	for _, name := range w.names {
		a := w.model.account(name)
		w.model.pass(a, w.at)
		got, err := w.Account(ctx, name, w.at)
		require.NoError(w.t, err)
		require.Equal(w.t, a.balance(), got.Balance(), name)
		require.Equal(w.t, w.modelLots(a), ledgerLots(got.Lots), name)
		require.Equal(w.t, len(a.frozen) > 0, len(got.Frozen) > 0, name)
		require.NoError(w.t, w.Verify(ctx, name))
	}
}

type plainLot struct {
	active, expires          int64
	pending, available, held int64
}

func (w *walk) modelLots(a *naiveAccount) []plainLot {
	var list []plainLot
	for _, l := range a.lots {
		if l.pending+l.available+l.held > 0 {
			list = append(list, plainLot{l.active.UnixMicro(), l.expires.UnixMicro(), l.pending, l.available, l.held})
		}
	}
	return sorted(list)
}

func ledgerLots(lots []Lot) []plainLot {
	var list []plainLot
	for _, l := range lots {
		list = append(list, plainLot{l.ActiveFrom.UnixMicro(), l.ExpiresAt.UnixMicro(), l.Pending, l.Available, l.Held})
	}
	return sorted(list)
}

func sorted(list []plainLot) []plainLot {
	slices.SortFunc(list, func(x, y plainLot) int {
		return cmp.Or(cmp.Compare(x.expires, y.expires), cmp.Compare(x.active, y.active), cmp.Compare(x.available, y.available), cmp.Compare(x.held, y.held), cmp.Compare(x.pending, y.pending))
	})
	return list
}

func (w *walk) step() {
	w.t.Helper()
	w.tick()
	name := w.names[w.r.IntN(len(w.names))]
	a := w.model.account(name)
	w.model.pass(a, w.at)
	steps := []func(string, *naiveAccount){
		w.bare, w.bare, w.buy, w.buy, w.redeemSome, w.redeemSome, w.holdSome, w.holdSome, w.captureOne,
		w.captureOne, w.voidOne, w.refundSome, w.refundSome, w.cancelOne, w.chargeback, w.win, w.adjust,
		w.writeOff, w.transfer, w.reinstateSome, w.extend, w.sweepSome, w.mergeRarely,
		w.editSome, w.editSome, w.confirmOne, w.confirmOne, w.prolongOne, w.freeze, w.unfreeze, w.unfreeze, w.checkIn, w.checkIn,
	}
	steps[w.r.IntN(len(steps))](name, a)
	w.same()
	w.remember(name)
}

func (w *walk) bare(name string, a *naiveAccount) {
	wait, life, n := w.r.IntN(3)*2, w.r.IntN(4)*8, 1+w.r.Int64N(200)
	id := w.id()
	w.do(EarnRequest{Account: name, Key: id, Points: n, At: w.at, Pending: &Pending{Days: wait}, Expiry: &Expiry{Days: life}}, nil)
	w.model.earn(a, &naiveLot{id: w.realKey(name, id), earned: w.at, wait: wait, life: life}, n, w.at, w.at)
	w.model.acts(a, w.at)
}

// scope keeps the keys of merged accounts apart in the model, as the caller of the ledger sees them.
func scope(name, id string) string { return name + "/" + id }

func (w *walk) buy(name string, a *naiveAccount) {
	order := w.pick("o")
	o := a.order(scope(name, order))
	if o.earned {
		return
	}
	o.earned, o.paid, o.cents = true, w.at, 100+w.r.Int64N(20000)
	w.do(EarnRequest{Account: name, At: w.at, Order: w.facts(order, o)}, nil)
	id := w.issue(w.realKey(name, orderKey(order)))
	if len(o.returns) > 0 {
		w.payBack(name, a, order, id)
	}
	if n := o.worth(); n > 0 {
		w.model.earnOrder(a, id(), scope(name, order), n, w.at)
	}
	w.model.acts(a, w.at)
}

func (w *walk) facts(id string, o *naiveOrder) *Order {
	return &Order{ID: id, Paid: o.paid, Lines: []Line{{Price: decimal.New(o.cents, -2)}}}
}

// returned gives back of a redemption what was paid back of its order before.
func (w *walk) returned(name string, a *naiveAccount, order, key string) {
	if o := a.order(scope(name, order)); o.earned && o.rest(false) < o.cents {
		w.payBack(name, a, order, w.issue(w.realKey(name, key)))
	}
}

func (w *walk) spendError(a *naiveAccount, n int64) error {
	switch {
	case len(a.frozen) > 0:
		return ErrFrozen
	case a.available() < n:
		return ErrInsufficient
	}
	return nil
}

func (w *walk) redeemSome(name string, a *naiveAccount) {
	n, order, id := 1+w.r.Int64N(150), w.pick("o"), w.id()
	want := w.spendError(a, n)
	w.do(RedeemRequest{Account: name, Key: id, Points: n, At: w.at, Spend: Spend{Order: order}}, want)
	if want == nil {
		a.spent = append(a.spent, &naiveSpend{key: scope(name, id), of: scope(name, order), pins: a.take(n, nil)})
		w.returned(name, a, order, id)
		w.model.acts(a, w.at)
	}
}

func (w *walk) holdSome(name string, a *naiveAccount) {
	n, order, id := 1+w.r.Int64N(100), w.pick("o"), w.id()
	ttl := time.Duration(1+w.r.IntN(5*24*60)) * time.Minute
	want := w.spendError(a, n)
	w.do(HoldRequest{Account: name, Hold: id, Points: n, At: w.at, TTL: ttl, Spend: Spend{Order: order}}, want)
	if want != nil {
		return
	}
	h := &naiveHold{id: scope(name, id), of: scope(name, order), key: w.realKey(name, holdKey(id)), expires: w.at.Add(ttl), pins: a.take(n, nil)}
	for _, p := range h.pins {
		p.lot.held += p.n
	}
	a.holds = append(a.holds, h)
}

// openHold picks a hold that was taken under this name.
func (w *walk) openHold(name string, a *naiveAccount) (int, string) {
	for i, h := range a.holds {
		if id, ok := cutScope(name, h.id); ok {
			return i, id
		}
	}
	return -1, ""
}

func cutScope(name, id string) (string, bool) {
	if len(id) > len(name) && id[:len(name)+1] == name+"/" {
		return id[len(name)+1:], true
	}
	return "", false
}

func (w *walk) captureOne(name string, a *naiveAccount) {
	i, id := w.openHold(name, a)
	if i < 0 {
		return
	}
	h := a.holds[i]
	var held int64
	for _, p := range h.pins {
		held += p.n
	}
	n := 1 + w.r.Int64N(held+held/4+1)
	var want error
	switch {
	case n > held && len(a.frozen) > 0:
		want = ErrFrozen
	case n > held && a.available() < n-held:
		want = ErrInsufficient
	}
	w.do(CaptureRequest{Account: name, Hold: id, Points: n, TopUp: true, At: w.at}, want)
	if want != nil {
		return
	}
	a.holds = slices.Delete(a.holds, i, i+1)
	s := &naiveSpend{key: scope(name, "capture:"+id), of: h.of}
	left := n
	for i, p := range h.pins {
		part := min(p.n, left)
		left -= part
		p.lot.held -= part
		if part > 0 {
			s.pins = append(s.pins, naivePin{p.lot, part, *p.lot})
		}
		if p.n > part {
			w.model.release(a, h, i, p.n-part, w.at)
		}
	}
	s.pins = append(s.pins, a.take(left, nil)...)
	a.spent = append(a.spent, s)
	if order, ok := cutScope(name, h.of); ok {
		w.returned(name, a, order, "capture:"+id)
	}
	w.model.acts(a, w.at)
}

func (w *walk) voidOne(name string, a *naiveAccount) {
	i, id := w.openHold(name, a)
	if i < 0 {
		return
	}
	w.do(VoidRequest{Account: name, Hold: id, At: w.at}, nil)
	h := a.holds[i]
	a.holds = slices.Delete(a.holds, i, i+1)
	for i, p := range h.pins {
		w.model.release(a, h, i, p.n, w.at)
	}
}

func (w *walk) adjust(name string, a *naiveAccount) {
	n, id := w.r.Int64N(100)-40, w.id()
	var want error
	switch {
	case n == 0:
		want = ErrAmount
	case n < 0 && a.available() < -n:
		want = ErrInsufficient
	}
	w.do(AdjustRequest{Account: name, Key: id, Points: n, At: w.at, By: By{"ann", "test"}}, want)
	switch {
	case want != nil:
	case n < 0:
		a.take(-n, nil)
	default:
		w.model.earn(a, w.model.given(w.realKey(name, id), w.at), n, w.at, w.at)
	}
}

func (w *walk) writeOff(name string, a *naiveAccount) {
	var want error
	n := 1 + w.r.Int64N(30)
	if n > a.debt {
		want = ErrAmount
	}
	w.do(WriteOffRequest{Account: name, Key: w.id(), Points: n, At: w.at, By: By{"ann", "test"}}, want)
	if want != nil {
		return
	}
	sure := a.debt // what no charge-back disputes goes first
	for _, d := range a.disputes {
		sure -= min(d.owed, sure)
	}
	a.debt -= n
	n = max(n-sure, 0)
	for _, d := range a.disputes {
		part := min(n, d.owed)
		d.owed -= part
		n -= part
	}
}

func (w *walk) transfer(name string, a *naiveAccount) {
	to := w.names[w.r.IntN(len(w.names))]
	b := w.model.account(to)
	n, id := 1+w.r.Int64N(80), w.id()
	want := w.spendError(a, n)
	if a == b {
		want = ErrSameAccount
	}
	w.do(TransferRequest{Account: name, To: to, Key: id, Points: n, At: w.at}, want)
	if want != nil {
		return
	}
	w.model.pass(b, w.at)
	for i, p := range a.take(n, nil) {
		l := &naiveLot{available: p.n}
		l.id, l.earned, l.active, l.expires = lotID(scoped(w.real(name), w.realKey(name, id)), i), p.lot.earned, p.lot.active, p.lot.expires
		l.life, l.idle, l.least = p.lot.life, p.lot.idle, p.lot.least
		b.lots = append(b.lots, l)
		b.repay(l)
	}
}

// real is the account a name stands for now, and realKey the form a key has in it.
func (w *walk) real(name string) string {
	for w.model.alias[name] != "" {
		name = w.model.alias[name]
	}
	return name
}

func (w *walk) realKey(name, key string) string {
	for w.model.alias[name] != "" {
		key = scoped(name, key)
		name = w.model.alias[name]
	}
	return key
}

func (w *walk) reinstateSome(name string, a *naiveAccount) {
	for _, s := range a.spent {
		key, ok := cutScope(name, s.key)
		if !ok || s.back == s.total() || w.r.IntN(3) > 0 {
			continue
		}
		n, id := 1+w.r.Int64N(s.total()), w.id()
		var want error
		if n > s.total()-s.back {
			want = ErrAmount
		}
		w.do(ReinstateRequest{Account: name, Key: id, Redemption: key, Points: n, At: w.at}, want)
		if want == nil {
			w.model.giveBack(a, s, n, w.at, w.issue(w.realKey(name, id)))
		}
		return
	}
}

func (w *walk) extend(name string, a *naiveAccount) {
	a.sort()
	got, err := w.Account(ctx, name, w.at)
	require.NoError(w.t, err)
	if len(got.Lots) == 0 || got.Lots[0].ExpiresAt.IsZero() || !got.Lots[0].ExpiresAt.After(w.at) {
		return
	}
	var first *naiveLot
	for _, l := range a.lots {
		if l.pending+l.available+l.held > 0 {
			first = l
			break
		}
	}
	w.do(ExtendRequest{Account: got.ID, Key: w.id(), Lot: got.Lots[0].ID, Days: 5, At: w.at, By: By{"ann", "test"}}, nil)
	first.longer, first.merges = w.model.endOf(first.expires.Add(-time.Second), 5), 0
	if first.idle {
		first.least, first.expires = first.longer, first.longer
	} else {
		first.until(first.longer)
	}
}

// sweepSome writes down what time has done, now and then: no answer may depend on it.
func (w *walk) sweepSome(string, *naiveAccount) {
	_, err := w.Sweep(ctx, w.at)
	require.NoError(w.t, err)
}

func (w *walk) mergeRarely(name string, a *naiveAccount) {
	into := w.names[w.r.IntN(len(w.names))]
	b := w.model.account(into)
	if a == b || w.r.IntN(12) > 0 || w.model.alias[name] != "" {
		return
	}
	w.do(MergeRequest{Account: name, Into: into, At: w.at}, nil)
	w.model.pass(b, w.at)
	for _, l := range a.lots {
		l.id = scoped(name, l.id)
		if l.merges++; l.merges > 1 {
			l.longer = time.Time{}
		}
	}
	for _, h := range a.holds {
		h.key = scoped(name, h.key)
	}
	w.model.alias[name] = w.real(into)
	if b.visit.Before(a.visit) || b.visit.Equal(a.visit) && b.streak < a.streak {
		b.visit, b.streak = a.visit, a.streak
	}
	last := later(a.active, b.active)
	b.lots = append(b.lots, a.lots...)
	b.holds = append(b.holds, a.holds...)
	b.spent = append(b.spent, a.spent...)
	b.debt += a.debt
	b.disputes = append(b.disputes, a.disputes...)
	for k := range a.frozen {
		b.frozen[k] = true
	}
	maps.Copy(b.orders, a.orders)
	b.active = last
	for _, l := range b.lots {
		if l.expires.After(w.at) {
			w.model.follow(b, l)
		}
	}
	b.sort()
	for _, l := range b.lots {
		b.repay(l)
	}
}

func TestModel(t *testing.T) {
	walks, steps := 60, 150
	if testing.Short() {
		walks = 8
	}
	for seed := range uint64(walks) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w := newWalk(t, seed)
			for range steps {
				w.step()
			}
			w.recall()
			for _, name := range w.names {
				w.ids(name, w.at.Add(400*24*time.Hour))
			}
		})
	}
}

// TestSweeper repeats random histories with a sweeper that runs always, late, at random or never: the
// statements are the same to the byte.
func TestSweeper(t *testing.T) {
	seeds := 12
	if testing.Short() {
		seeds = 3
	}
	sweepers(t, seeds)
}

func sweepers(t *testing.T, seeds int) {
	t.Helper()
	for seed := range uint64(seeds) {
		w := newWalk(t, seed)
		for range 120 {
			w.step()
		}
		var want []string
		for _, name := range []string{"as it was", "never", "always", "late", "random"} {
			b := &bench{t: t, store: new(MemStore), zone: w.zone}
			b.Ledger = must(New(b.store, w.Policy()))
			r := rand.New(rand.NewPCG(seed, 2))
			if name == "as it was" {
				b = w.bench
			}
			for i, op := range w.ops {
				if name == "as it was" {
					break
				}
				at := op.head().at
				switch {
				case name == "always":
					for d := w.ops[max(i-1, 0)].head().at; !d.After(at); d = d.Add(6 * time.Hour) {
						must(b.Sweep(ctx, d))
					}
					must(b.Sweep(ctx, at))
				case name == "late" && i%25 == 24, name == "random" && r.IntN(4) == 0:
					must(b.Sweep(ctx, at))
				}
				b.Do(ctx, op)
			}
			for i, account := range w.names {
				s, err := b.Statement(ctx, account, time.Time{}, w.at.Add(400*24*time.Hour))
				require.NoError(t, err)
				data, err := json.Marshal(s)
				require.NoError(t, err)
				if name == "as it was" {
					want = append(want, string(data))
				}
				require.Equal(t, want[i], string(data), "seed %d, sweeper %s", seed, name)
			}
		}
	}
}
