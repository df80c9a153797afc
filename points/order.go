package points

import (
	"time"

	"github.com/shopspring/decimal"
)

// Order is what the shop knows about one purchase when it asks for points: plain facts, copied from
// its own tables. Nothing in it is looked up and no clock is read. Amounts are in Currency, taxes
// included.
type Order struct {
	// ID is the shop's own id of the order, 1 to 255 bytes. It names the award: two awards of one
	// order are one award.
	ID string `json:"id"`
	// Currency is the label of every amount here; empty means the policy's own.
	Currency string `json:"currency,omitempty"`
	// Rate is what one unit of Currency is worth in the policy's currency, as the shop exchanges it.
	// It is kept as evidence, so a refund months later uses it again. Needed exactly when Currency
	// is not the policy's.
	Rate decimal.Decimal `json:"rate,omitzero"`
	// Decimals are the minor digits of a Currency that is not the policy's; zero means as many as the
	// policy's has, [NoDecimals] none.
	Decimals int `json:"decimals,omitempty"`

	Lines []Line `json:"lines"`
	// Discount is taken off the whole order. It is spread over all lines by their amounts.
	Discount decimal.Decimal `json:"discount,omitzero"`
	// Shipping is paid on top of the lines and earns nothing.
	Shipping decimal.Decimal `json:"shipping,omitzero"`

	// PaidWithPoints is the part of the price that points paid, and PointsSpent how many points did. A
	// refund pays them back in the proportion of the lines; see [Line].PaidWithPoints.
	PaidWithPoints decimal.Decimal `json:"paid_with_points,omitzero"`
	PointsSpent    int64           `json:"points_spent,omitempty"`
	// PaidWithGiftCard is the part of the price that gift cards paid.
	PaidWithGiftCard decimal.Decimal `json:"paid_with_gift_card,omitzero"`

	// Channel is the shop's word for where it was sold, such as "online" or "counter".
	Channel string `json:"channel,omitempty"`
	// The instants the order went through. Zero means it has not, or the shop does not know.
	Placed    time.Time `json:"placed,omitzero"`
	Paid      time.Time `json:"paid,omitzero"`
	Received  time.Time `json:"received,omitzero"`
	Completed time.Time `json:"completed,omitzero"`

	// Times is the shop's own multiplier for this buyer, for example from the tier; zero means 1.
	Times decimal.Decimal `json:"times,omitzero"`
	// Groups are the shop's words for the buyer, such as a tier or a segment; a [When] may ask for one.
	Groups []string `json:"groups,omitempty"`
	// First says that this is the buyer's first order.
	First bool `json:"first,omitempty"`
	// Birthday is the buyer's; zero means unknown.
	Birthday MonthDay `json:"birthday,omitzero"`
}

func (o *Order) events() events {
	return events{instant(o.Placed), instant(o.Paid), instant(o.Received), instant(o.Completed)}
}

// Line is one position of an order.
type Line struct {
	// ID names the line within its order for refunds; empty means its number, from "1".
	ID string `json:"id,omitempty"`
	// SKU and Tags are the shop's words for the goods, for rules that ask for them.
	SKU  string   `json:"sku,omitempty"`
	Tags []string `json:"tags,omitempty"`
	// Quantity is the number of units; zero means one.
	Quantity int64 `json:"quantity,omitempty"`
	// Price is the price of one unit, tax included.
	Price decimal.Decimal `json:"price"`
	// Discount is taken off the line as a whole.
	Discount decimal.Decimal `json:"discount,omitzero"`
	// Tax is what the line's amount after its own discount contains in tax. Only a policy that
	// leaves tax out of its basis reads it.
	Tax decimal.Decimal `json:"tax,omitzero"`
	// PaidWithPoints is the part of the line that points paid, as [Quote] splits it where some lines cannot
	// be paid with points. Either no line has one, and the order's is spread over all by their amounts, or
	// those that have one sum to the order's, less what points paid of the shipping.
	PaidWithPoints decimal.Decimal `json:"paid_with_points,omitzero"`
	// GiftCard marks a gift card that is bought here. It earns nothing unless the policy says so.
	GiftCard bool `json:"gift_card,omitempty"`
}
