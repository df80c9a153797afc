package points

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/internal/fixed"
)

// Redeem says what points are worth and how many may be used. MaxPerDay alone is enforced by a [Ledger],
// which refuses a redemption, hold or gift beyond it with [ErrDayLimit]. All other limits need the order,
// or do not hold for rewards and for points that close a payment: [Policy.Quote] keeps to them, and a
// ledger takes whatever number of points it is asked for.
type Redeem struct {
	// Points are worth Money of the policy's currency. A ledger does not compare them with the money of a
	// redemption.
	Points int64           `json:"points"`
	Money  decimal.Decimal `json:"money"`
	// Min is the least number of points in one redemption, Step what it must be a multiple of; 0 for none.
	// Quotes keep to them, a ledger does not ask.
	Min  int64 `json:"min,omitempty"`
	Step int64 `json:"step,omitempty"`
	// MaxPercent bounds the money by the goods that may be paid with points, less what gift cards pay of
	// them, and MaxAmount by itself; 0 for no bound. The percentage is rounded down to the minor unit. What
	// points pay of the order already counts against both. Quotes keep to them, a ledger does not ask.
	MaxPercent decimal.Decimal `json:"max_percent,omitzero"`
	MaxAmount  decimal.Decimal `json:"max_amount,omitzero"`
	// MaxPerDay bounds the points one account redeems in a local day; 0 for no bound. Open holds count,
	// reinstated points count no longer. Quotes keep to it, and a ledger enforces it.
	MaxPerDay int64 `json:"max_per_day,omitempty"`
	// RoundUpToClose lets points close a payment that they miss by less than one minor unit, in quotes;
	// otherwise money from points always rounds down.
	RoundUpToClose bool `json:"round_up_to_close,omitempty"`
	// ExcludeTags and ExcludeSKUs name lines that points cannot pay; gift cards never can unless
	// GiftCards is set. Quotes keep to them, a ledger does not ask.
	ExcludeTags []string `json:"exclude_tags,omitempty"`
	ExcludeSKUs []string `json:"exclude_skus,omitempty"`
	GiftCards   bool     `json:"gift_cards,omitempty"`
}

// Ask is a question to [Policy.Quote].
type Ask struct {
	Order Order
	// Wanted is how many points the buyer would like to use; zero means as many as possible.
	Wanted int64
	// Balance is what is available, UsedToday what the account has redeemed in the local day or holds.
	Balance   int64
	UsedToday int64
	// Frozen says that the account may not spend now: the quote is 0 and says so.
	Frozen bool
	// Times multiplies what a point is worth to this buyer, for example by tier; zero means 1.
	Times decimal.Decimal
	// At is the instant of the question, which chooses the policy's revision.
	At time.Time
}

// Quote is the largest legal redemption and everything that kept it from being larger. Its money is
// the most that is legal, its points the fewest that pay it: points that would buy nothing are left out.
type Quote struct {
	Points int64           `json:"points"`
	Money  decimal.Decimal `json:"money"`
	// Lines is Money split over the order's lines by largest remainder; excluded lines have none. Give the
	// order that earns the same in [Line].PaidWithPoints, so that a refund pays each line back as it was paid.
	Lines []decimal.Decimal `json:"lines,omitempty"`
	// Limits are all that bind, with their numbers.
	Limits []Note `json:"limits,omitempty"`
}

// Quote returns the largest legal amount up to what is wanted, and all limits that bind it. It is
// pure. The order must be in the policy's currency; what gift cards or other points pay of it already
// is left out, and what those points pay counts against the limits of money. A policy that redeems
// nothing quotes 0.
func (p *Policy) Quote(a Ask) (Quote, error) {
	p, err := p.in(instant(a.At))
	if err != nil {
		return Quote{}, err
	}
	if a.Wanted < 0 || a.Balance < 0 || a.UsedToday < 0 {
		return Quote{}, fmt.Errorf("%w: wanted %d, balance %d, used today %d", ErrAmount, a.Wanted, a.Balance, a.UsedToday)
	}
	if a.Order.ID == "" {
		a.Order.ID = "quote" // an order may not have one yet
	}
	f := p.blank("", instant(a.At))
	if _, err := f.facts(&a.Order); err != nil {
		return Quote{}, err
	}
	if f.Currency != p.currency {
		return Quote{}, fmt.Errorf("%w: points pay %s, not %.20q", ErrAmount, p.currency, f.Currency)
	}
	if p.burn == nil {
		return Quote{Limits: []Note{{Reason: NotRedeemable}}}, nil
	}
	q := quoting{burn: p.burn, f: f, times: one}
	if !a.Times.IsZero() {
		if q.times, err = toNum(a.Times); err != nil || q.times.sign() < 0 {
			return Quote{}, fmt.Errorf("%w: times must be a positive number of at most 18 digits", ErrAmount)
		}
	}
	return q.quote(&a)
}

// quoting is a quote being worked out.
type quoting struct {
	*burn
	f        *frozen
	times    num
	goods    int64 // what points may still pay, in minor units
	before   int64 // and what they could before some paid
	paid     int64 // what points paid of the order
	closes   bool  // points may close the payment of all of it
	room     []int64
	excluded []Note
	limits   []limit
}

// limit is the most points that something allows.
type limit struct {
	points int64
	note   Note
}

func (q *quoting) quote(a *Ask) (Quote, error) {
	q.measure()
	if err := q.bounds(a); err != nil {
		return Quote{}, err
	}
	n := q.limits[0].points
	for _, l := range q.limits {
		n = min(n, l.points)
	}
	var out Quote
	if a.Wanted == 0 || n < a.Wanted {
		out.Limits = q.binding(n)
	} else {
		n = a.Wanted
	}
	full := n
	if q.step > 0 && n%q.step != 0 {
		n -= n % q.step
		out.Limits = append(out.Limits, Note{Reason: StepLimit, Have: full, Need: q.step})
	}
	if n < q.min {
		if full >= q.min {
			full = n
		}
		out.Limits = append(out.Limits, Note{Reason: BelowMinimum, Have: full, Need: q.min})
		n = 0
	}
	return out, q.settle(&out, n)
}

// measure finds what points may pay, line by line.
func (q *quoting) measure() {
	q.room = make([]int64, len(q.f.Lines))
	q.paid = q.f.Shipping.ByPoints
	for i := range q.f.Lines {
		x := &q.f.Lines[i]
		q.paid += x.ByPoints
		if !q.payable.earns(x) {
			q.excluded = append(q.excluded, Note{Reason: ExcludedLine, Line: i + 1})
			continue
		}
		q.room[i] = x.Net - x.ByPoints - x.ByCard
		q.goods += q.room[i]
		q.before += x.Net - x.ByCard
	}
}

// bounds lists what each limit allows.
func (q *quoting) bounds(a *Ask) error {
	q.closes = q.close && q.goods > 0
	q.limits = append(q.limits, limit{a.Balance, Note{Reason: BalanceLimit, Need: a.Balance}})
	if a.Frozen {
		q.limits = append(q.limits, limit{0, Note{Reason: FrozenLimit}})
	}
	if q.perDay > 0 {
		q.limits = append(q.limits, limit{max(0, q.perDay-a.UsedToday), Note{Reason: DayLimit, Have: a.UsedToday, Need: q.perDay}})
	}
	money := []Note{{Reason: OrderTotal, Need: q.goods}}
	if !q.maxPercent.IsZero() {
		part := num{m: q.before}.mul(q.maxPercent)
		most, err := quotient(part.int(), scaled(big.NewInt(100), part.e), false)
		if err != nil {
			return err
		}
		money = append(money, Note{Reason: MaxPercent, Need: max(most-q.paid, 0)})
	}
	if q.maxAmount > 0 {
		money = append(money, Note{Reason: MaxAmount, Need: max(q.maxAmount-q.paid, 0)})
	}
	for _, m := range money {
		// The most points whose money, rounded down as it is paid, is within the limit.
		most := int64(math.MaxInt64) // where no number of points reaches the limit
		beyond, err := q.needed(min(m.Need, math.MaxInt64-1)+1, q.times, q.f.Decimals, true)
		switch {
		case err == nil:
			most = beyond - 1
		case !errors.Is(err, ErrOverflow):
			return err
		}
		q.limits = append(q.limits, limit{most, m})
		q.closes = q.closes && m.Need >= q.goods
	}
	return nil
}

// binding returns the notes of the limits that allow no more than n points.
func (q *quoting) binding(n int64) (notes []Note) {
	money := false
	for _, l := range q.limits {
		if l.points == n {
			notes = append(notes, l.note)
			money = money || l.note.Reason == OrderTotal || l.note.Reason == MaxPercent
		}
	}
	if !money {
		return notes
	}
	notes = append(notes, q.excluded...)
	if q.times != one {
		notes = append(notes, Note{Reason: BurnRate, Of: q.times.String()})
	}
	return notes
}

// settle turns points into money and splits it over the lines.
func (q *quoting) settle(out *Quote, n int64) error {
	d := q.f.Decimals
	minor, err := q.worth(n, q.times, d, false)
	if err != nil {
		return err
	}
	up, err := q.worth(n, q.times, d, true)
	if err != nil {
		return err
	}
	var fewer int64 // no more points than the money takes
	if q.closes && up >= q.goods {
		minor = q.goods
		fewer, err = q.needed(minor-1, q.times, d, false)
		fewer++
	} else {
		fewer, err = q.needed(minor, q.times, d, true)
	}
	if err != nil {
		return err
	}
	if minor > 0 {
		fewer = max(fewer, min(q.min, n))
	}
	if q.step > 0 && fewer%q.step != 0 {
		fewer += min(q.step-fewer%q.step, n-fewer) // n itself is a whole number of steps
	}
	if fewer < n {
		if !slices.ContainsFunc(out.Limits, func(l Note) bool { return l.Reason == OrderTotal || l.Reason == MaxPercent || l.Reason == MaxAmount }) {
			out.Limits = append(out.Limits, Note{Reason: RoundedAway, Have: n, Need: fewer})
		}
		n = fewer
	}
	weights := make([]int64, len(q.room))
	for i, r := range q.room {
		if r > 0 {
			weights[i] = q.f.Lines[i].Amount
		}
	}
	out.Points, out.Money = n, fixed.Decimal(minor, d)
	if minor == 0 {
		return nil
	}
	parts := make([]int64, len(weights))
	if err := spread(parts, minor, weights, q.room); err != nil {
		return err
	}
	for _, part := range parts {
		out.Lines = append(out.Lines, fixed.Decimal(part, d))
	}
	return nil
}
