package pointstest

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/points"
)

// Fuzz lets the fuzzer write histories for a policy (orders, refunds, redemptions, holds, and time
// passing) and checks after every step that the books verify, that a refusal leaves nothing behind,
// that a repeated operation is a replay, that the sweeper makes no difference, that caps have counted
// what they granted, and, for a policy whose lots wait for no event and whose terms are the usual, that
// what is available is what a naive model says, which counts plain days and months by itself. In the
// end every order is refunded, and nothing of what they earned may be left.
//
// A history that goes wrong is printed: its last operations, as requests in JSON. The go command keeps
// the input beside the test and repeats it in every run. Let it not spend its time on making inputs
// smaller:
//
//	go test -fuzz FuzzHouse -fuzztime 1m -fuzzminimizetime 1x
func Fuzz(f *testing.F, policy *points.Policy) {
	f.Helper()
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 11))
		data := make([]byte, 180)
		for i := range data {
			data[i] = byte(r.Uint32())
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		g := newGame(t, policy)
		for len(data) >= 3 && g.n < 100 {
			g.step(data[0], int64(data[1])<<8|int64(data[2]))
			data = data[3:]
		}
		g.end()
	})
}

// game is one history of one member, on two ledgers of which one is swept.
type game struct {
	*testing.T
	policy       *points.Policy
	plain, swept *points.MemStore
	ledgers      [2]*points.Ledger
	at           time.Time
	n            int
	orders       []*played
	holds        []string
	book         *book
	told         []string
}

type played struct {
	id       string
	evidence points.Evidence
	returns  []points.Return
	left     decimal.Decimal
}

func newGame(t *testing.T, policy *points.Policy) *game {
	g := &game{T: t, policy: policy, plain: new(points.MemStore), swept: new(points.MemStore)}
	for i, s := range []points.Store{g.plain, g.swept} {
		l, err := points.New(s, policy)
		if err != nil {
			t.Fatal(err)
		}
		g.ledgers[i] = l
	}
	g.at = time.Date(2031, 3, 1, 12, 0, 0, 0, policy.Zone())
	g.book = newBook(policy)
	return g
}

func (g *game) step(what byte, n int64) {
	g.Helper()
	g.n++
	if what < 128 {
		g.at = g.at.Add(time.Duration(n%97) * 7 * time.Hour)
	} else { // soon after, while holds are open
		g.at = g.at.Add(time.Duration(n%97) * time.Minute)
	}
	if _, err := g.ledgers[1].Sweep(context.Background(), g.at); err != nil {
		g.Fatalf("sweep: %v", err)
	}
	g.book.pass(g.at)
	id := fmt.Sprint(g.n)
	what %= 8
	if (what == 1 || what == 2 || what > 5) && g.policy.Growth() {
		what = 0 // nobody spends a growth value
	}
	switch what {
	case 0, 7:
		g.earn(id, decimal.New(n, -2))
	case 1:
		g.redeem(id, 1+n%500)
	case 2:
		g.hold(id, 1+n%300, time.Duration(1+n%500)*time.Hour)
	case 3:
		g.finish(n)
	case 6: // nearly everything, at once or by way of a hold, so that a refund has to be owed
		have := g.account().Balance().Available
		if half := have / 2; half > 0 {
			g.hold(id+"h", half, time.Duration(1+n%500)*time.Hour)
			have -= half
		}
		if have > n%3 {
			g.redeem(id, have-n%3)
		}
	default:
		if len(g.orders) > 0 {
			g.refund(id, g.orders[int(n)%len(g.orders)], decimal.New(1+n%9000, -2))
		}
	}
	g.check()
}

// do runs an operation on both ledgers and compares the answers.
func (g *game) do(op points.Op) (points.Receipt, error) {
	g.Helper()
	before := g.raw()
	r, err := g.ledgers[0].Do(context.Background(), op)
	g.tell(op, r, err)
	other, otherErr := g.ledgers[1].Do(context.Background(), op)
	if (err == nil) != (otherErr == nil) || err == nil && r.Balance != other.Balance {
		g.Fatalf("step %d, %s: without sweeper %+v, %v; with sweeper %+v, %v", g.n, op.Kind(), r.Balance, err, other.Balance, otherErr)
	}
	if err != nil {
		if g.raw() != before {
			g.Fatalf("step %d, %s: refused with %v, but something was stored", g.n, op.Kind(), err)
		}
		return r, err
	}
	if again, err := g.ledgers[0].Do(context.Background(), op); err != nil || !again.Replayed {
		g.Fatalf("step %d, %s: repeated: %v, replayed %v", g.n, op.Kind(), err, again.Replayed)
	}
	return r, nil
}

// tell keeps an operation and its answer for a failure to print.
func (g *game) tell(op points.Op, r points.Receipt, err error) {
	g.Helper()
	request, mistake := json.Marshal(points.Request{Op: op})
	if mistake != nil {
		g.Fatal(mistake)
	}
	answer := fmt.Sprintf("%d points, balance %+v", r.Points, r.Balance)
	if err != nil {
		answer = err.Error()
	}
	g.told = append(g.told, fmt.Sprintf("%s: %s", request, answer))
}

// Fatalf tells the latest operations with what went wrong.
func (g *game) Fatalf(format string, args ...any) {
	g.Helper()
	const most = 40
	told := g.told[max(0, len(g.told)-most):]
	g.T.Fatalf("%s\nthe last %d of %d operations of the policy %s, revision %d:\n%s", fmt.Sprintf(format, args...),
		len(told), len(g.told), g.policy.Config().ID, g.policy.Config().Revision, strings.Join(told, "\n"))
}

func (g *game) account() points.Account {
	g.Helper()
	acc, err := g.ledgers[0].Account(context.Background(), "member", g.at)
	if err != nil {
		g.Fatalf("account: %v", err)
	}
	return acc
}

func (g *game) earn(id string, price decimal.Decimal) {
	g.Helper()
	o := points.Order{
		ID: id, Lines: []points.Line{{Price: price}},
		Placed: g.at, Paid: g.at, Received: g.at, Completed: g.at,
	}
	award, err := g.policy.Award(o, g.book.used()...)
	if err != nil {
		return // the policy refuses such an order, and so does the ledger
	}
	r, err := g.do(points.EarnRequest{Account: "member", Order: &o, At: g.at})
	if err != nil || r.Points != award.Points {
		g.Fatalf("step %d: the policy awards %d points, the ledger %d: %v", g.n, award.Points, r.Points, err)
	}
	g.orders = append(g.orders, &played{id: id, evidence: award.Evidence, left: price})
	g.book.use(award.Uses, 1)
	if wrong := g.book.earn(id, award.Lots, g.at); wrong != "" {
		g.Fatalf("step %d: %s", g.n, wrong)
	}
}

func (g *game) redeem(id string, n int64) {
	g.Helper()
	g.spend(points.RedeemRequest{Account: "member", Key: id, Points: n, At: g.at}, "", n, 0)
}

func (g *game) hold(id string, n int64, ttl time.Duration) {
	g.Helper()
	g.spend(points.HoldRequest{Account: "member", Hold: id, Points: n, TTL: ttl, At: g.at}, id, n, ttl)
}

func (g *game) spend(op points.Op, hold string, n int64, ttl time.Duration) {
	g.Helper()
	_, err := g.do(op)
	if want := g.book.allows(n, g.at); g.book.sure && want != (err == nil) {
		g.Fatalf("step %d: %s of %d: %v, the model has %d, and %d redeemed on %s", g.n, op.Kind(), n, err, g.book.available(), g.book.spent, g.book.day)
	}
	if err != nil {
		return
	}
	g.book.spend(hold, n, g.at, g.at.Add(ttl))
	if hold != "" {
		g.holds = append(g.holds, hold)
	}
}

func (g *game) finish(n int64) {
	g.Helper()
	if len(g.holds) == 0 {
		return
	}
	i := int(n) % len(g.holds)
	hold := g.holds[i]
	g.holds = slices.Delete(g.holds, i, i+1)
	var op points.Op = points.CaptureRequest{Account: "member", Hold: hold, At: g.at}
	if n%2 == 0 {
		op = points.VoidRequest{Account: "member", Hold: hold, At: g.at}
	}
	if _, err := g.do(op); err == nil {
		g.book.finish(hold, n%2 == 0, g.at)
	}
}

func (g *game) refund(id string, o *played, amount decimal.Decimal) {
	g.Helper()
	ret := points.Return{Amount: amount}
	if amount.GreaterThanOrEqual(o.left) {
		ret = points.Return{Everything: true}
		amount = o.left
	}
	was, err := o.evidence.After(o.returns...)
	if err != nil {
		g.Fatal(err)
	}
	if _, err := g.do(points.RefundRequest{Account: "member", Refund: id, Order: o.id, At: g.at, Return: ret}); err != nil {
		if o.left.IsPositive() {
			g.Fatalf("step %d: refund of %v of order %s: %v", g.n, amount, o.id, err)
		}
		return
	}
	o.left = o.left.Sub(amount)
	o.returns = append(o.returns, ret)
	is, err := o.evidence.After(o.returns...)
	if err != nil {
		g.Fatal(err)
	}
	if is.Points > was.Points {
		g.Fatalf("step %d: a refund of order %s raises its award from %d to %d", g.n, o.id, was.Points, is.Points)
	}
	g.book.use(was.Uses, -1)
	g.book.use(is.Uses, 1)
	if exchanges(was.Lots, is.Lots) {
		g.book.sure = false
	}
	g.book.claw(o.id, was.Points-is.Points)
}

// exchanges reports whether a return leaves more of some family or colour, as it may under a cap: the
// ledger takes points of one kind and gives some of another for them, which the model does not follow.
func exchanges(was, is []points.Grant) bool {
	sum := map[[2]string]int64{}
	for _, l := range was {
		sum[[2]string{l.Family, l.Color}] += l.Points
	}
	for _, l := range is {
		sum[[2]string{l.Family, l.Color}] -= l.Points
	}
	for _, n := range sum {
		if n < 0 {
			return true
		}
	}
	return false
}

func (g *game) check() {
	g.Helper()
	for _, l := range g.ledgers {
		if err := l.Verify(context.Background(), "member"); err != nil {
			g.Fatalf("step %d: %v", g.n, err)
		}
	}
	acc := g.account()
	if p, got, want, same := g.book.counters(acc, g.at); !same {
		g.Fatalf("step %d: cap %q has counted %d in the period from %s, the model %d", g.n, p.cap, got, time.UnixMicro(p.start).UTC().Format(time.RFC3339), want)
	}
	if !g.book.sure {
		return
	}
	if got, want := acc.Balance(), g.book.balance(); got != want {
		g.Fatalf("step %d, %s: balance %+v, the model has %+v\n%s", g.n, g.at.Format(time.RFC3339), got, want, Lots(acc, g.policy.Zone()))
	}
}

// end refunds what is left and compares the statements.
func (g *game) end() {
	g.Helper()
	for i, o := range g.orders {
		if !o.left.IsPositive() {
			continue
		}
		r, err := g.do(points.RefundRequest{Account: "member", Refund: fmt.Sprint("all", i), Order: o.id, At: g.at, Return: points.Return{Everything: true}})
		if err != nil {
			g.Fatalf("refunding all of order %s: %v", o.id, err)
		}
		if is, err := o.evidence.After(points.Return{Everything: true}); err != nil || is.Points != 0 {
			g.Fatalf("order %s keeps %d points after everything was returned (%v); the last refund took %d", o.id, is.Points, err, r.Points)
		}
	}
	var texts [2]string
	for i, l := range g.ledgers {
		s, err := l.Statement(context.Background(), "member", time.Time{}, g.at.AddDate(20, 0, 0))
		if err != nil {
			g.Fatalf("statement: %v", err)
		}
		texts[i] = Statement(s, g.policy.Zone())
	}
	if texts[0] != texts[1] {
		g.Fatalf("statement without sweeper:\n%s\nand with sweeper:\n%s", texts[0], texts[1])
	}
}

func (g *game) raw() string {
	acc, err := g.plain.Load(context.Background(), "member")
	if err != nil {
		g.Fatal(err)
	}
	data, err := json.Marshal(acc)
	if err != nil {
		g.Fatal(err)
	}
	return string(data)
}
