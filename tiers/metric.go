package tiers

// Metric is what a condition measures over its window.
type Metric string

// The metrics. An order counts on the local day it qualified. An order refunded in full counts no
// longer, from the refund's instant; its refund lowers the day of the order, not its own.
const (
	// NetSpend is the money of the orders less refunds, at the scale of the Config. Where orders were
	// refunded that the shop cannot name, it may be negative.
	NetSpend Metric = "net_spend"
	// Orders is the number of orders.
	Orders Metric = "orders"
	// Pieces is the number of pieces bought less those returned.
	Pieces Metric = "pieces"
	// MeanOrder is the mean order value (客单价): net spend by orders. It holds for nobody without orders.
	MeanOrder Metric = "mean_order"
	// MeanPiece is the mean price of a piece: net spend by pieces. It holds for nobody without pieces.
	MeanPiece Metric = "mean_piece"
	// Growth is the growth value (成长值) or points earned, whole. Spending points is no fact here, so it
	// lowers nothing.
	Growth Metric = "growth"
	// DaysSinceOrder is the number of local days since the latest order, 0 on its own day. It holds for
	// nobody without an order.
	DaysSinceOrder Metric = "days_since_order"
	// DaysSinceJoin is the number of local days since the member joined, 0 on that day. It holds for nobody
	// yet to join.
	DaysSinceJoin Metric = "days_since_join"
	// Custom is the sum of one of the shop's own [Number]s.
	Custom Metric = "custom"
)

// measure says how a metric is read from the facts.
type measure uint8

const (
	sumAmount measure = iota // of the list's facts
	sumPieces
	countOrders
	amountByOrders
	amountByPieces
	sinceOrder
	sinceJoin
)

type metricKind struct {
	measure
	en, zh string
	money  bool // at the scale of the Config; otherwise whole, or at the scale of its Number
	mean   bool
}

var metrics = map[Metric]metricKind{
	NetSpend:       {sumAmount, "net spend", "净消费", true, false},
	Orders:         {countOrders, "orders", "订单数", false, false},
	Pieces:         {sumPieces, "pieces", "件数", false, false},
	MeanOrder:      {amountByOrders, "mean order", "客单价", true, true},
	MeanPiece:      {amountByPieces, "mean piece price", "件单价", true, true},
	Growth:         {sumAmount, "growth", "成长值", false, false},
	DaysSinceOrder: {sinceOrder, "days since the last order", "距上次下单天数", false, false},
	DaysSinceJoin:  {sinceJoin, "days since joining", "入会天数", false, false},
	Custom:         {sumAmount, "", "", false, false},
}

// windowed reports whether a metric is taken over a window of days.
func (m measure) windowed() bool { return m < sinceOrder }
