package points

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/internal/fixed"
)

// fact is a line of an order as evidence: amounts in minor units of the order's currency.
type fact struct {
	ID       string   `json:"id,omitempty"`
	SKU      string   `json:"sku,omitempty"`
	Tags     []string `json:"tags,omitempty"`
	Quantity int64    `json:"quantity,omitempty"`
	GiftCard bool     `json:"gift_card,omitempty"`
	Amount   int64    `json:"amount,omitempty"` // after the line's own discount
	Tax      int64    `json:"tax,omitempty"`    // contained in Amount
	paid
}

// paid says what a line or the shipping costs and what paid it: points, gift cards, and the rest in cash.
type paid struct {
	Net      int64 `json:"net,omitempty"` // after its share of the order's discount
	ByPoints int64 `json:"by_points,omitempty"`
	ByCard   int64 `json:"by_card,omitempty"`
	Spent    int64 `json:"spent,omitempty"` // points behind ByPoints
}

// reader turns an order's decimals into minor units and keeps the first thing wrong with them.
type reader struct {
	decimals int
	err      error
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
}

// amount reads money that must not be negative. Line 0 is the order itself.
func (r *reader) amount(d decimal.Decimal, line int, name string) int64 {
	if d == (decimal.Decimal{}) { // not set, as most are
		return 0
	}
	m, err := fixed.Minor(d, r.decimals)
	if err == nil && m >= 0 {
		return m
	}
	at := "order " + name
	if line > 0 {
		at = fmt.Sprintf("line %d %s", line, name)
	}
	if err == nil {
		r.fail("%w: %s is negative", ErrAmount, at)
	} else {
		r.fail("%w: %s: %w", ErrAmount, at, err)
	}
	return 0
}

func (r *reader) sum(a, b int64) int64 {
	s, err := fixed.Add(a, b)
	if err != nil {
		r.fail("%w: the order's amounts", ErrOverflow)
	}
	return s
}

// facts fills in what an order says; the terms are there already. Notes report what was unusual.
func (f *frozen) facts(o *Order) ([]Note, error) {
	if err := validOrder(o); err != nil {
		return nil, err
	}
	if err := f.exchange(o); err != nil {
		return nil, err
	}
	f.Order = o.ID
	r := reader{decimals: f.Decimals}
	var notes []Note
	if f.Lines = nil; len(o.Lines) > 0 {
		f.Lines = make([]fact, len(o.Lines))
	}
	var few [36]int64
	weights := few[:]
	if n := 3 * len(o.Lines); n > len(few) {
		weights = make([]int64, n)
	}
	weights = weights[:3*len(o.Lines)] // and room for the splits below
	var total, named, tags int64
	for i := range o.Lines {
		l, x := &o.Lines[i], &f.Lines[i]
		x.ID, x.SKU, x.Quantity, x.GiftCard = l.ID, l.SKU, max(1, l.Quantity), l.GiftCard
		gross, err := fixed.Mul(r.amount(l.Price, i+1, "price"), x.Quantity)
		if err != nil {
			r.fail("%w: line %d", ErrOverflow, i+1)
		}
		off := r.amount(l.Discount, i+1, "discount")
		if off > gross {
			notes = append(notes, Note{Reason: DiscountExceeds, Line: i + 1, Have: gross, Need: off})
		}
		x.Amount = max(0, gross-off)
		if x.Tax = r.amount(l.Tax, i+1, "tax"); x.Tax > x.Amount {
			r.fail("%w: line %d tax is more than its amount", ErrAmount, i+1)
		}
		total = r.sum(total, x.Amount)
		x.ByPoints = r.amount(l.PaidWithPoints, i+1, "paid_with_points")
		named = r.sum(named, x.ByPoints)
		weights[i] = x.Amount
		tags += int64(len(l.Tags))
	}
	off, points, card := r.amount(o.Discount, 0, "discount"), r.amount(o.PaidWithPoints, 0, "paid_with_points"), r.amount(o.PaidWithGiftCard, 0, "paid_with_gift_card")
	f.Shipping = paid{Net: r.amount(o.Shipping, 0, "shipping")}
	r.sum(total, f.Shipping.Net)
	switch {
	case r.err != nil:
		return nil, r.err
	case named > points:
		return nil, fmt.Errorf("%w: points pay more of the lines than of the order", ErrAmount)
	}
	if off > total {
		notes = append(notes, Note{Reason: DiscountExceeds, Have: total, Need: off})
		off = total
	}
	f.copyTags(o, int(tags))
	if err := f.split(weights, off, points, named, card, o.PointsSpent); err != nil {
		return nil, err
	}
	return notes, nil
}

// exchange settles currency and rate.
func (f *frozen) exchange(o *Order) error {
	if o.Currency == "" || o.Currency == f.Currency {
		if !o.Rate.IsZero() || o.Decimals != 0 {
			return fmt.Errorf("%w: order in %s has its own rate or decimals, but that is the policy's currency", ErrAmount, f.Currency)
		}
		return nil
	}
	if err := checkID("order currency", o.Currency); err != nil {
		return err
	}
	rate, err := toNum(o.Rate)
	if err != nil || rate.sign() <= 0 {
		return fmt.Errorf("%w: order in %.20q needs a positive rate in %s of at most 18 digits", ErrAmount, o.Currency, f.Currency)
	}
	switch {
	case o.Decimals == NoDecimals:
		f.Decimals = 0
	case o.Decimals < 0 || o.Decimals > fixed.MaxExponent:
		return fmt.Errorf("%w: order decimals %d", ErrAmount, o.Decimals)
	case o.Decimals > 0:
		f.Decimals = o.Decimals
	}
	f.Currency, f.Rate = o.Currency, rate
	return nil
}

func validOrder(o *Order) error {
	if err := checkID("order id", o.ID); err != nil {
		return err
	}
	if o.PointsSpent < 0 {
		return fmt.Errorf("%w: points spent is negative", ErrAmount)
	}
	if o.Birthday != (MonthDay{}) && !o.Birthday.valid() {
		return fmt.Errorf("%w: order birthday %v is no day of a year", ErrAmount, o.Birthday)
	}
	for _, t := range [...]time.Time{o.Placed, o.Paid, o.Received, o.Completed} {
		if err := checkInstant("order", t); err != nil {
			return err
		}
	}
	for i := range o.Lines {
		l := &o.Lines[i]
		if l.Quantity < 0 {
			return fmt.Errorf("%w: line %d quantity is negative", ErrAmount, i+1)
		}
		if l.ID == "" {
			continue
		}
		if err := checkID("line id", l.ID); err != nil {
			return err
		}
	}
	return uniqueLines(o.Lines)
}

func uniqueLines(lines []Line) error {
	const few = 16
	var seen map[string]int
	if len(lines) > few {
		seen = make(map[string]int, len(lines))
	}
	for i := range lines {
		id := lines[i].ID
		if id == "" {
			continue
		}
		other := -1
		if seen == nil {
			for j := range i {
				if lines[j].ID == id {
					other = j
				}
			}
		} else if at, taken := seen[id]; taken {
			other = at
		} else {
			seen[id] = i
		}
		if other >= 0 {
			return fmt.Errorf("%w: lines %d and %d have the same id", ErrID, other+1, i+1)
		}
	}
	return nil
}

func (f *frozen) copyTags(o *Order, n int) {
	if n == 0 {
		return
	}
	all := make([]string, 0, n)
	for i := range o.Lines {
		from := len(all)
		all = append(all, o.Lines[i].Tags...)
		if len(all) > from {
			f.Lines[i].Tags = all[from:len(all):len(all)]
		}
	}
}

// split spreads the order's discount and tenders over its lines by their amounts, but for points whose
// lines the order names. What the tenders pay beyond the lines is shipping.
func (f *frozen) split(weights []int64, off, points, named, card, spent int64) error {
	n := len(f.Lines)
	weights, room, parts := weights[:n], weights[n:2*n], weights[2*n:]
	var goods int64
	if err := spread(parts, off, weights, weights); err != nil {
		return err
	}
	for i := range f.Lines {
		x := &f.Lines[i]
		x.Net = x.Amount - parts[i]
		room[i] = x.Net
		goods += x.Net
	}
	for _, tender := range []struct {
		paid, named int64
		of          func(*paid) *int64
	}{
		{points, named, func(x *paid) *int64 { return &x.ByPoints }},
		{card, 0, func(x *paid) *int64 { return &x.ByCard }},
	} {
		if tender.named > 0 {
			for i := range f.Lines {
				part := *tender.of(&f.Lines[i].paid)
				if room[i] -= part; room[i] < 0 {
					return fmt.Errorf("%w: points pay more of line %d than it costs", ErrAmount, i+1)
				}
				weights[i] = room[i] // by which the rest of it is paid
			}
			goods -= tender.named
			*tender.of(&f.Shipping) = tender.paid - tender.named
			continue
		}
		if tender.paid == 0 {
			continue
		}
		onGoods := min(tender.paid, goods)
		goods -= onGoods
		*tender.of(&f.Shipping) = tender.paid - onGoods
		if err := spread(parts, onGoods, weights, room); err != nil {
			return err
		}
		for i, part := range parts {
			*tender.of(&f.Lines[i].paid) = part
			room[i] -= part
		}
	}
	if f.Shipping.ByPoints > f.Shipping.Net || f.Shipping.ByCard > f.Shipping.Net-f.Shipping.ByPoints {
		return fmt.Errorf("%w: points and gift cards pay more than the order costs", ErrAmount)
	}
	return f.splitSpent(points, spent)
}

func (f *frozen) splitSpent(paid, spent int64) error {
	if spent == 0 {
		return nil
	}
	if paid == 0 {
		return fmt.Errorf("%w: points were spent but paid nothing", ErrAmount)
	}
	by := make([]int64, 0, len(f.Lines)+1)
	for i := range f.Lines {
		by = append(by, f.Lines[i].ByPoints)
	}
	parts, err := fixed.Split(spent, append(by, f.Shipping.ByPoints))
	if err != nil {
		return fmt.Errorf("%w: points spent", ErrOverflow)
	}
	for i := range f.Lines {
		f.Lines[i].Spent = parts[i]
	}
	f.Shipping.Spent = parts[len(f.Lines)]
	return nil
}

// spread divides total by weights, never giving a part more than its room; what the rounding would
// put over goes to the first part that has room. Total must not exceed the sum of room.
func spread(parts []int64, total int64, weights, room []int64) error {
	if total == 0 {
		clear(parts)
		return nil
	}
	if err := fixed.SplitInto(parts, total, weights); err != nil {
		return fmt.Errorf("%w: %w", ErrOverflow, err)
	}
	var over int64
	for i := range parts {
		if parts[i] > room[i] {
			over += parts[i] - room[i]
			parts[i] = room[i]
		}
	}
	for i := 0; over > 0; i++ {
		more := min(over, room[i]-parts[i])
		parts[i] += more
		over -= more
	}
	return nil
}
