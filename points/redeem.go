package points

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/internal/fixed"
)

var _ = register(RedeemRequest{})

// Spend is what points are spent on. It is recorded with a redemption or a hold. Amounts are in the
// policy's currency, not negative; the ledger does not ask whether they fit the points.
type Spend struct {
	// Order is the id of the order that the points pay for; cancelling it gives them back.
	Order string `json:"order,omitempty"`
	// Reward is the caller's id of a reward that the points buy.
	Reward string `json:"reward,omitempty"`
	// Money is what the points pay for, Cash what the buyer pays beside them; zero for none. Where fewer
	// points are granted than were asked for, [Receipt].Money says what they pay.
	Money decimal.Decimal `json:"money,omitzero"`
	Cash  decimal.Decimal `json:"cash,omitzero"`
	// Lines is Money split over the order's lines, as [Quote] returns it. Where both are given, the lines
	// sum to the money, else the request is refused with [ErrAmount].
	Lines []decimal.Decimal `json:"lines,omitempty"`
}

func (s Spend) ref() string {
	if s.Order == "" {
		return ""
	}
	return orderKey(s.Order)
}

func (s Spend) refs() []string {
	if s.Order == "" {
		return nil
	}
	return []string{s.ref()}
}

func (s Spend) check() error {
	if s.Order != "" {
		if err := checkID("order", s.Order); err != nil {
			return err
		}
	}
	if s.Reward != "" {
		if err := checkID("reward", s.Reward); err != nil {
			return err
		}
	}
	if err := checkMoney("money", s.Money); err != nil {
		return err
	}
	if err := checkMoney("cash", s.Cash); err != nil {
		return err
	}
	for i, d := range s.Lines {
		if err := checkMoney("lines", d); err != nil {
			return fieldError{"lines." + strconv.Itoa(i), ErrAmount}
		}
	}
	if len(s.Lines) > 0 && !s.Money.IsZero() && !sumOf(s.Lines).Equal(s.Money) {
		return fieldError{"lines: do not sum to money", ErrAmount}
	}
	return nil
}

func sumOf(list []decimal.Decimal) (sum decimal.Decimal) {
	for _, d := range list {
		sum = sum.Add(d)
	}
	return sum
}

// pays returns what n points pay of the money and the lines that some points pay: in proportion, rounded
// down to the minor unit, and the lines of it by largest remainder.
func pays(money decimal.Decimal, lines []decimal.Decimal, n, of int64, decimals int) (decimal.Decimal, []decimal.Decimal) {
	lines = slices.Clone(lines)
	total := sumOf(lines)
	if n == of || money.IsZero() && total.IsZero() {
		return money, lines
	}
	unit := int32(decimals) //nolint:gosec // no currency has so many
	part := func(d decimal.Decimal) decimal.Decimal {
		q, _ := d.Mul(decimal.NewFromInt(n)).QuoRem(decimal.NewFromInt(of), unit)
		return q
	}
	if total.IsZero() {
		return part(money), lines
	}
	whole := part(total)
	left := whole
	rests, order := make([]decimal.Decimal, len(lines)), make([]int, len(lines))
	for i, d := range lines {
		lines[i], rests[i] = whole.Mul(d).QuoRem(total, unit)
		left, order[i] = left.Sub(lines[i]), i
	}
	slices.SortStableFunc(order, func(i, j int) int { return rests[j].Cmp(rests[i]) })
	for one := decimal.New(1, -unit); left.IsPositive(); left, order = left.Sub(one), order[1:] {
		lines[order[0]] = lines[order[0]].Add(one)
	}
	return part(money), lines
}

// RedeemRequest spends points at once.
type RedeemRequest struct {
	Account string `json:"account"`
	Key     string `json:"key"`
	// At is when the points are spent; zero means now.
	At     time.Time `json:"at,omitzero"`
	Points int64     `json:"points"`
	Spend
	// Prefer lists colours to spend first, in this order.
	Prefer []string `json:"prefer,omitempty"`
	// AllowPartial spends what there is if that is less; the receipt says how much, and what it pays of
	// Money and Lines: in proportion, rounded down to the minor unit.
	AllowPartial bool `json:"allow_partial,omitempty"`
}

// Redeem spends available points, those that expire first first, up to what [Redeem].MaxPerDay allows
// in a local day. Points for an order of which something was paid back before come back at once in the
// share of it, as they would have with a refund that came after; [Receipt].Reinstated says how many.
func (l *Ledger) Redeem(ctx context.Context, r RedeemRequest) (Receipt, error) {
	return usual(ctx, l, r, func(s *session) *RedeemRequest { return &s.redeem })
}

// Kind implements [Op].
func (RedeemRequest) Kind() Kind { return KindRedeem }

func (r RedeemRequest) head() head     { return head{r.Account, r.Key, r.At} }
func (r RedeemRequest) refs() []string { return r.Spend.refs() }

func (r RedeemRequest) check() error {
	if r.Points <= 0 {
		return fieldError{"points", ErrAmount}
	}
	if err := r.Spend.check(); err != nil {
		return err
	}
	if err := checkWords("prefer", r.Prefer...); err != nil {
		return err
	}
	return checkID("key", r.Key)
}

func (r RedeemRequest) shares() bool { return r.Prefer != nil || r.Lines != nil }

func (r RedeemRequest) clone() Op {
	r.Prefer, r.Lines = slices.Clone(r.Prefer), slices.Clone(r.Lines)
	return r
}

func (r RedeemRequest) plan(p *plan) error {
	n, err := p.redeemable(r.Points, r.AllowPartial)
	if err != nil {
		return err
	}
	p.enter(KindRedeem, p.at, InAvailable, InRedeemed)
	p.takePreferring(n, r.Prefer)
	p.receipt.Points = n
	p.receipt.Money, p.receipt.Lines = pays(r.Money, r.Lines, n, r.Points, p.revision(p.at).decimals)
	p.spent(p.at, n)
	if err := p.reinstateNow(r.ref()); err != nil {
		return err
	}
	return p.done(r.ref())
}

// spendable says how many of n points can be redeemed, held or given away now.
func (p *plan) spendable(n int64, partial bool) (int64, error) {
	if p.revision(p.at).growth {
		return 0, ErrGrowth
	}
	if len(p.acc.Frozen) > 0 {
		return 0, ErrFrozen
	}
	have := p.balance()
	if have.Available >= n {
		return n, nil
	}
	if partial && have.Available > 0 {
		return have.Available, nil
	}
	return 0, p.short(n, have)
}

func (b *book) short(n int64, have Balance) error {
	e := &InsufficientError{Need: n, Available: have.Available, Held: have.Held, Pending: have.Pending}
	for l := range b.lots.all() {
		if l.Pending > 0 && !l.ActiveFrom.IsZero() && (e.NextActive.IsZero() || l.ActiveFrom.Before(e.NextActive)) {
			e.NextActive = l.ActiveFrom
		}
	}
	return e
}

// takePreferring takes n points along the latest entry, preferred colours first.
func (b *book) takePreferring(n int64, colors []string) {
	for _, color := range colors {
		n -= b.pick(n, func(i int) bool { return b.lots.color(i) == color })
	}
	b.take(n, nil)
}

// checkMoney refuses an amount that is negative or beyond the limits of the door.
func checkMoney(path string, d decimal.Decimal) error {
	if err := fixed.Check(d); err != nil || d.IsNegative() {
		return fieldError{path, ErrAmount}
	}
	return nil
}
