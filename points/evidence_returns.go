package points

import (
	"fmt"
	"math/bits"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/internal/fixed"
)

// Return is one refund as the shop reports it. Amounts are prices after discounts, whatever paid
// them: of a line of 50.00 paid half with points, all of it returned is 50.00.
type Return struct {
	// Lines are refunded by name, Shipping as such; a refund of shipping takes no points back.
	Lines    []LineReturn    `json:"lines,omitempty"`
	Shipping decimal.Decimal `json:"shipping,omitzero"`
	// Amount names no line: it is spread over what is left of the lines, in proportion, and what
	// exceeds them is shipping.
	Amount decimal.Decimal `json:"amount,omitzero"`
	// Everything returns whatever is left.
	Everything bool `json:"everything,omitempty"`
}

// LineReturn names a line and how much of it is returned: units, an amount, or, with neither, all
// that is left of it.
type LineReturn struct {
	ID       string          `json:"id"`
	Quantity int64           `json:"quantity,omitempty"`
	Amount   decimal.Decimal `json:"amount,omitzero"`

	settled bool // Amount is what it took before the order was edited
}

// Returned is what the buyer gets back for returns, each part in the proportion in which it was
// paid, line by line. Points never become money.
type Returned struct {
	// Points are to be reinstated; PointsMoney is what they had paid.
	Points      int64           `json:"points"`
	PointsMoney decimal.Decimal `json:"points_money"`
	GiftCard    decimal.Decimal `json:"gift_card"`
	Cash        decimal.Decimal `json:"cash"`
	// Lines is the value returned of each line, Shipping that of the shipping.
	Lines    []decimal.Decimal `json:"lines,omitempty"`
	Shipping decimal.Decimal   `json:"shipping"`
	// Full says that nothing of the order is left.
	Full bool `json:"full"`
}

// Returned adds up all the returns so far. The difference between two calls is what one refund pays
// back. Returns of more than the order are [ErrRefundExceedsOrder].
func (e Evidence) Returned(returns ...Return) (Returned, error) {
	return e.returned(nil, returns...)
}

// returned is Returned where the known returns were accepted before and count as far as the order goes.
func (e Evidence) returned(known []Return, more ...Return) (Returned, error) {
	if e.f == nil {
		return Returned{}, errNoEvidence
	}
	l, err := e.f.returned(known, more, nil)
	if err != nil {
		return Returned{}, err
	}
	out := Returned{}
	_, out.Full = l.rest()
	var parts [3]int64
	add := func(x *paid, gone int64) decimal.Decimal {
		points, card, cash := x.tenders(gone)
		out.Points += share(x.Spent, points, x.ByPoints)
		parts[0] += points
		parts[1] += card
		parts[2] += cash
		return fixed.Decimal(gone, e.f.Decimals)
	}
	for i := range l.gone {
		out.Lines = append(out.Lines, add(&e.f.Lines[i].paid, l.gone[i]))
	}
	out.Shipping = add(&e.f.Shipping, l.shipping)
	out.PointsMoney, out.GiftCard, out.Cash = fixed.Decimal(parts[0], e.f.Decimals), fixed.Decimal(parts[1], e.f.Decimals), fixed.Decimal(parts[2], e.f.Decimals)
	return out, nil
}

// parts returns the points behind what was returned, the money they had paid and the value of it all,
// where the returns were accepted before.
func (e Evidence) parts(known []Return) (parts [3]int64, err error) {
	l, err := e.f.returned(known, nil, nil)
	if err != nil {
		return parts, err
	}
	add := func(x *paid, gone int64) {
		points, _, _ := x.tenders(gone)
		parts[0] += share(x.Spent, points, x.ByPoints)
		parts[1] += points
		parts[2] += gone
	}
	for i := range l.gone {
		add(&e.f.Lines[i].paid, l.gone[i])
	}
	add(&e.f.Shipping, l.shipping)
	return parts, nil
}

// loss is what returns took from an order, in minor units.
type loss struct {
	f        *frozen
	gone     []int64
	units    []int64 // of each line, returned by quantity
	shipping int64
	taken    []int64 // of each line that the latest return names
	nothing  bool    // is left
	known    bool    // the return was accepted before; what of it exceeds the order is let be

	// bare is the sum of the amounts without a line since the last named return, and left what the
	// lines had then. They are spread together, so a sum may come in any number of parts.
	bare int64
	left []int64
}

// returned applies returns in their order, those known first, and shows what each leaves.
func (f *frozen) returned(known, more []Return, show func(*loss) error) (*loss, error) {
	l := &loss{f: f, gone: make([]int64, len(f.Lines)), units: make([]int64, len(f.Lines))}
	for i, r := range slices.Concat(known, more) {
		l.known = i < len(known)
		if err := l.take(&r); err != nil {
			return nil, fmt.Errorf("%w (return %d)", err, i+1)
		}
		if show == nil {
			continue
		}
		if err := show(l); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// rest returns what is left of the order, and whether an order that was worth something is all gone.
func (l *loss) rest() (rest int64, gone bool) {
	worth := l.f.Shipping.Net
	rest = worth - l.shipping
	for i := range l.f.Lines {
		worth += l.f.Lines[i].Net
		rest += l.f.Lines[i].Net - l.gone[i]
	}
	return rest, l.nothing || worth > 0 && rest == 0
}

// legible brings an amount that was accepted before the order was known to what the order can count.
func (l *loss) legible(d decimal.Decimal) decimal.Decimal {
	if !l.known {
		return d
	}
	rest, _ := l.rest()
	if left := fixed.Decimal(rest, l.f.Decimals); d.GreaterThan(left) {
		return left
	}
	return d.RoundCeil(int32(l.f.Decimals))
}

func (l *loss) take(r *Return) error {
	l.taken = make([]int64, len(r.Lines))
	read := reader{decimals: l.f.Decimals}
	ship, bare := read.amount(l.legible(r.Shipping), 0, "shipping returned"), read.amount(l.legible(r.Amount), 0, "amount returned")
	for i := range r.Lines {
		n := l.f.line(r.Lines[i].ID)
		amount := read.amount(l.legible(r.Lines[i].Amount), n+1, "amount returned")
		if n < 0 && l.known {
			if !r.Lines[i].settled { // else the line has left the order, and its refund with it
				bare = read.sum(bare, amount)
			}
			continue
		}
		if n < 0 {
			return fmt.Errorf("%w: line %.60q", ErrUnknown, r.Lines[i].ID)
		}
		if read.err != nil {
			return read.err
		}
		before := l.gone[n]
		if err := l.line(n, &r.Lines[i], amount); err != nil {
			return err
		}
		l.taken[i] = l.gone[n] - before
	}
	if read.err != nil {
		return read.err
	}
	if len(r.Lines) > 0 {
		l.left = nil
	}
	if l.known {
		ship = min(ship, l.f.Shipping.Net-l.shipping)
		rest, _ := l.rest()
		bare = min(bare, rest-ship)
	}
	if l.nothing && !l.known && (ship > 0 || bare > 0 || r.Everything) {
		return ErrRefundExceedsOrder
	}
	if ship > l.f.Shipping.Net-l.shipping {
		return fmt.Errorf("%w: shipping", ErrRefundExceedsOrder)
	}
	l.shipping += ship
	if err := l.spread(bare); err != nil {
		return err
	}
	if r.Everything {
		l.nothing, l.shipping, l.left = true, l.f.Shipping.Net, nil
		for i := range l.gone {
			l.gone[i] = l.f.Lines[i].Net
		}
	}
	return nil
}

// settled returns known returns with what each took of the lines it names, so that they mean the same
// once the order is edited. What names no line is spread anew.
func (e Evidence) settled(known []Return) []Return {
	if e.f == nil {
		return known
	}
	list, n := make([]Return, 0, len(known)), 0
	_, err := e.f.returned(known, nil, func(l *loss) error {
		r := known[n].clone()
		n++
		for i := range r.Lines {
			x := &r.Lines[i]
			if e.f.line(x.ID) < 0 {
				continue
			}
			x.settled = true
			if took := fixed.Decimal(l.taken[i], e.f.Decimals); x.Amount.LessThan(took) { // an edit may make it less for a while
				x.Amount = took
			}
		}
		list = append(list, r)
		return nil
	})
	if err != nil {
		return known
	}
	return list
}

// line finds a line by id, or by number where it has none.
func (f *frozen) line(id string) int {
	for i := range f.Lines {
		if f.Lines[i].ID == id && id != "" {
			return i
		}
	}
	n, err := strconv.Atoi(id)
	if err != nil || n < 1 || n > len(f.Lines) || f.Lines[n-1].ID != "" || strconv.Itoa(n) != id {
		return -1
	}
	return n - 1
}

func (l *loss) line(n int, r *LineReturn, amount int64) error {
	x := &l.f.Lines[n]
	quantity, left := r.Quantity, x.Net-l.gone[n]
	if r.settled {
		l.units[n] += min(quantity, x.Quantity-l.units[n])
		l.gone[n] += min(amount, left)
		return nil
	}
	if l.known {
		counted := quantity > 0
		if quantity, amount = min(quantity, x.Quantity-l.units[n]), min(amount, left); quantity > 0 {
			amount = 0
		}
		if quantity == 0 && amount == 0 && (counted || left == 0) {
			return nil
		}
	}
	take := amount
	switch {
	case quantity < 0 || quantity > 0 && amount > 0:
		return fmt.Errorf("%w: line %d returns a quantity and an amount, or a negative one", ErrAmount, n+1)
	case quantity > x.Quantity-l.units[n]:
		return fmt.Errorf("%w: line %d has %d units left", ErrRefundExceedsOrder, n+1, x.Quantity-l.units[n])
	case quantity > 0:
		before := share(x.Net, l.units[n], x.Quantity)
		l.units[n] += quantity
		if take = share(x.Net, l.units[n], x.Quantity) - before; l.units[n] == x.Quantity {
			take = left // the last units are all that is left, whatever amounts came between
		}
	case amount == 0:
		if take = left; left == 0 && x.Net > 0 {
			return fmt.Errorf("%w: nothing is left of line %d", ErrRefundExceedsOrder, n+1)
		}
	}
	if take > left && !l.known {
		return fmt.Errorf("%w: line %d", ErrRefundExceedsOrder, n+1)
	}
	l.gone[n] += min(take, left)
	return nil
}

// spread takes an amount without a line.
func (l *loss) spread(amount int64) error {
	if amount == 0 {
		return nil
	}
	if l.left == nil {
		l.bare, l.left = 0, make([]int64, len(l.gone))
		for i := range l.left {
			l.left[i] = l.f.Lines[i].Net - l.gone[i]
		}
	}
	var goods int64
	for i := range l.gone {
		goods += l.f.Lines[i].Net - l.gone[i]
	}
	onGoods := min(amount, goods)
	if amount-onGoods > l.f.Shipping.Net-l.shipping {
		return ErrRefundExceedsOrder
	}
	l.shipping += amount - onGoods
	l.bare += onGoods
	for i, part := range divide(l.bare, l.left) {
		l.gone[i] = l.f.Lines[i].Net - l.left[i] + part
	}
	return nil
}

// divide spreads a total over weights so that no part ever shrinks when the total grows: the next
// unit always goes to the part with the highest weight/(2·part+1), ties to the earlier one (the
// method of Webster and Sainte-Laguë, https://en.wikipedia.org/wiki/Sainte-Lagu%C3%AB_method). For
// two parts that is the largest remainder; for more, the largest remainder now and then takes a unit
// back as the total grows, and a refund must not do that to a line. The total is at most the sum of
// the weights, so no part exceeds its weight.
func divide(total int64, weights []int64) []int64 {
	var sum, given int64
	for _, w := range weights {
		sum += w
	}
	parts := make([]int64, len(weights))
	if sum == 0 {
		return parts
	}
	for i, w := range weights {
		hi, lo := bits.Mul64(uint64(total), uint64(w))
		q, r := bits.Div64(hi, lo, uint64(sum))
		if r > uint64(sum)-r {
			q++
		}
		parts[i] = int64(q)
		given += parts[i]
	}
	for ; given < total; given++ {
		parts[first(parts, weights, 1)]++
	}
	for ; given > total; given-- {
		parts[first(parts, weights, -1)]--
	}
	return parts
}

// first returns the part that gets the next unit (by = 1) or that got the latest (by = -1).
func first(parts, weights []int64, by int64) int {
	best := -1
	for i, w := range weights {
		if w == 0 || by < 0 && parts[i] == 0 {
			continue
		}
		if best < 0 {
			best = i
			continue
		}
		// w/(2·part+by) against the best one's, without dividing.
		hi, lo := bits.Mul64(uint64(w), 2*uint64(parts[best])+uint64(by))
		bestHi, bestLo := bits.Mul64(uint64(weights[best]), 2*uint64(parts[i])+uint64(by))
		higher := hi > bestHi || hi == bestHi && lo > bestLo
		equal := hi == bestHi && lo == bestLo
		if by > 0 && higher || by < 0 && (equal || !higher) {
			best = i
		}
	}
	return best
}
