package pointstest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/internal/civil"
	"github.com/regulars-go/regulars/points"
)

// Step is one line of a scenario: at most one thing happens, and then the account has Want available.
// Names of holds and orders are the scenario's own; an order without one is named by the number of
// its line, from "1". A field that nothing on the line uses is refused, as is a first line without At.
type Step struct {
	// At is a local day, "2026-01-31", a day and time, "2026-01-31 18:30", or an RFC 3339 instant. A
	// day alone is its first instant. Empty means the line before. A credit may be dated before an
	// earlier line, as in a late import; what it leads to is then judged at the latest instant so far.
	At string
	// Account is whose account it is; "member" if empty.
	Account string

	Earn   string // an order of this amount is paid
	Times  string // with this multiplier
	Order  string // under this name; also the order that a redemption or hold is for
	Give   int64  // bare points
	Redeem int64
	Hold   string // takes a hold of Points for TTL, or 30 minutes
	TTL    time.Duration
	// Points are those of a hold, or of a partial capture.
	Points  int64
	Capture string // captures a hold
	Void    string // gives a hold up
	Refund  string // an amount of Order, or "all"
	Line    string // of the line of Order with this ID; that of a played order is "1"
	Cancel  string // an order
	Confirm string // an event for Order, such as "received"
	// Do is any other operation, made for the account and the instant of the line.
	Do func(account string, at time.Time) points.Op

	// Want is what is available afterwards.
	Want int64
	// Rest is the rest of the balance, where the scenario cares.
	Rest *Rest
	// Err is the error that refuses the operation, matched with errors.Is.
	Err error
}

// Rest is what an account has beside available points.
type Rest struct{ Pending, Held, Debt int64 }

// Sweepers are the ways in which [Play] lets a sweeper run: no answer may depend on it.
var Sweepers = []string{"never", "always", "late", "random"}

// Play plays a scenario against a policy, on a fresh MemStore, once for every way to run a sweeper. A
// line that goes wrong is reported with its number and date, what was wanted, what came, and the lots.
func Play(t testing.TB, policy *points.Policy, steps []Step) {
	t.Helper()
	var first string
	for _, sweeper := range Sweepers {
		s := &stage{TB: t, policy: policy, sweeper: sweeper, dice: rand.New(rand.NewPCG(1, 2))}
		s.open()
		for i := range steps {
			if !s.play(i, steps[i]) {
				return
			}
		}
		got := s.statements()
		if first == "" {
			first = got
		}
		if got != first {
			t.Errorf("statements with sweeper %s:\n%s\nand with sweeper %s:\n%s", sweeper, got, Sweepers[0], first)
		}
	}
}

// stage is one performance of a scenario.
type stage struct {
	testing.TB
	policy  *points.Policy
	sweeper string
	ledger  *points.Ledger
	at      time.Time
	latest  time.Time // of all lines so far
	names   []string
	lines   int
	dice    *rand.Rand // the same in every run
}

func (s *stage) open() {
	l, err := points.New(new(points.MemStore), s.policy)
	if err != nil {
		s.Fatalf("pointstest: %v", err)
	}
	s.ledger = l
}

func (s *stage) play(i int, step Step) bool {
	s.Helper()
	s.lines = i + 1
	if mistake := step.mistake(); mistake != "" {
		s.Errorf("line %d: %s", i+1, mistake)
		return false
	}
	if step.At == "" && s.at.IsZero() {
		s.Errorf("line %d: the first line needs At", i+1)
		return false
	}
	if step.At != "" {
		at, err := s.instant(step.At)
		if err != nil {
			s.Errorf("line %d: %v", i+1, err)
			return false
		}
		s.sweep(at)
		if s.at = at; at.After(s.latest) {
			s.latest = at
		}
	}
	account := step.Account
	if account == "" {
		account = "member"
	}
	if !slices.Contains(s.names, account) {
		s.names = append(s.names, account)
	}
	op, err := s.op(i, account, step)
	if err != nil {
		s.Errorf("line %d: %v", i+1, err)
		return false
	}
	var refused error
	if op != nil {
		_, refused = s.ledger.Do(context.Background(), op)
	}
	return s.judge(account, step, refused)
}

// judge compares a line with what came of it.
func (s *stage) judge(account string, step Step, refused error) bool {
	s.Helper()
	var wrong []string
	if !errors.Is(refused, step.Err) {
		wrong = append(wrong, fmt.Sprintf("want error %v, got %v", step.Err, refused))
	}
	acc, err := s.ledger.Account(context.Background(), account, s.latest)
	if err != nil {
		s.Errorf("line %d, %s, sweeper %s: %s%v", s.lines, s.local(s.at), s.sweeper, step.does(), err)
		return false
	}
	have := acc.Balance()
	if have.Available != step.Want {
		wrong = append(wrong, fmt.Sprintf("want %d available, got %d", step.Want, have.Available))
	}
	if r := step.Rest; r != nil && *r != (Rest{have.Pending, have.Held, have.Debt}) {
		wrong = append(wrong, fmt.Sprintf("want %+v, got {Pending:%d Held:%d Debt:%d}", *r, have.Pending, have.Held, have.Debt))
	}
	if len(wrong) == 0 {
		return true
	}
	s.Errorf("line %d, %s, sweeper %s: %s%s\n%s", s.lines, s.local(s.at), s.sweeper, step.does(), strings.Join(wrong, "; "), Lots(acc, s.policy.Zone()))
	return false
}

func (s *stage) op(i int, account string, step Step) (points.Op, error) {
	var ops []points.Op
	name := fmt.Sprint(i + 1)
	order := step.Order
	if order == "" && step.Earn != "" {
		order = name
	}
	spend := points.Spend{Order: step.Order}
	if step.Earn != "" {
		o, err := s.order(order, step)
		if err != nil {
			return nil, err
		}
		ops = append(ops, points.EarnRequest{Account: account, At: s.at, Order: o})
	}
	if step.Give != 0 {
		ops = append(ops, points.EarnRequest{Account: account, Key: "line:" + name, At: s.at, Points: step.Give})
	}
	if step.Redeem != 0 {
		ops = append(ops, points.RedeemRequest{Account: account, Key: "line:" + name, At: s.at, Points: step.Redeem, Spend: spend})
	}
	if step.Hold != "" {
		ttl := step.TTL
		if ttl == 0 {
			ttl = 30 * time.Minute
		}
		ops = append(ops, points.HoldRequest{Account: account, Hold: step.Hold, At: s.at, TTL: ttl, Points: step.Points, Spend: spend})
	}
	if step.Capture != "" {
		ops = append(ops, points.CaptureRequest{Account: account, Hold: step.Capture, At: s.at, Points: step.Points})
	}
	if step.Void != "" {
		ops = append(ops, points.VoidRequest{Account: account, Hold: step.Void, At: s.at})
	}
	if step.Refund != "" {
		r := points.Return{Everything: step.Refund == "all"}
		if !r.Everything {
			amount, err := decimal.NewFromString(step.Refund)
			if err != nil {
				return nil, fmt.Errorf("refund %q is no amount", step.Refund)
			}
			r.Amount = amount
		}
		if step.Line != "" {
			r = points.Return{Lines: []points.LineReturn{{ID: step.Line, Amount: r.Amount}}}
		}
		ops = append(ops, points.RefundRequest{Account: account, Refund: "line:" + name, Order: step.Order, At: s.at, Return: r})
	}
	if step.Cancel != "" {
		ops = append(ops, points.CancelRequest{Account: account, Order: step.Cancel, At: s.at})
	}
	if step.Confirm != "" {
		ops = append(ops, points.ConfirmRequest{Account: account, Of: "order:" + step.Order, Event: step.Confirm, At: s.at})
	}
	if step.Do != nil {
		ops = append(ops, step.Do(account, s.at))
	}
	switch len(ops) {
	case 0:
		return nil, nil
	case 1:
		return ops[0], nil
	}
	return nil, fmt.Errorf("%d things happen on one line", len(ops))
}

// order is a paid order of one line, without the event that points may wait for.
func (s *stage) order(id string, step Step) (*points.Order, error) {
	price, err := decimal.NewFromString(step.Earn)
	if err != nil {
		return nil, fmt.Errorf("earn %q is no amount", step.Earn)
	}
	o := &points.Order{ID: id, Placed: s.at, Paid: s.at, Lines: []points.Line{{ID: "1", Price: price}}}
	if step.Times != "" {
		if o.Times, err = decimal.NewFromString(step.Times); err != nil {
			return nil, fmt.Errorf("times %q is no number", step.Times)
		}
	}
	switch s.policy.Config().PolicyAt {
	case points.AtReceived:
		o.Received = s.at
	case points.AtCompleted:
		o.Completed = s.at
	default:
	}
	return o, nil
}

// instant reads the instant of a line.
func (s *stage) instant(text string) (time.Time, error) {
	zone := s.policy.Zone()
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	if at, err := time.ParseInLocation("2006-01-02 15:04", text, zone); err == nil {
		return at, nil
	}
	day, err := civil.Parse(text)
	if err != nil {
		return time.Time{}, fmt.Errorf("instant %q is not of the form 2006-01-02, 2006-01-02 15:04 or RFC 3339", text)
	}
	return day.Start(zone), nil
}

// sweep lets the sweeper run between two lines, in its own way.
func (s *stage) sweep(until time.Time) {
	s.Helper()
	run := func(at time.Time) {
		if _, err := s.ledger.Sweep(context.Background(), at); err != nil {
			s.Fatalf("sweep: %v", err)
		}
	}
	switch s.sweeper {
	case "always":
		if !s.at.IsZero() {
			for at, n := s.at, 0; at.Before(until) && n < 1000; at, n = at.Add(24*time.Hour), n+1 {
				run(at)
			}
		}
		run(until)
	case "late": // by a day or by a month
		run(until.AddDate(0, -(s.lines % 2), -1))
	case "random":
		if s.dice.IntN(3) == 0 {
			run(until)
		}
	}
}

// statements are those of all accounts as text, until a year after the latest.
func (s *stage) statements() string {
	s.Helper()
	var b strings.Builder
	for _, name := range s.names {
		st, err := s.ledger.Statement(context.Background(), name, time.Time{}, s.latest.AddDate(1, 0, 0))
		if err != nil {
			s.Fatalf("statement: %v", err)
		}
		b.WriteString(Statement(st, s.policy.Zone()))
	}
	return b.String()
}

func (s *stage) local(at time.Time) string {
	return at.In(s.policy.Zone()).Format("2006-01-02 15:04:05")
}
