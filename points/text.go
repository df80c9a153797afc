package points

import (
	"strconv"
	"strings"
)

// Lang is a language of the catalogue.
type Lang string

// The languages of the catalogue.
const (
	English Lang = "en"
	Chinese Lang = "zh"
)

// Text renders the note as a sentence; English for a language the catalogue does not have, and the
// bare reason for a word it does not know. Amounts of money are in minor units, as in the note.
func (n Note) Text(lang Lang) string {
	t, ok := catalogue[n.Reason]
	if !ok {
		return string(n.Reason)
	}
	form := t.en
	if lang == Chinese {
		form = t.zh
	}
	return strings.NewReplacer(
		"{of}", n.Of, "{line}", strconv.Itoa(n.Line),
		"{have}", strconv.FormatInt(n.Have, 10), "{need}", strconv.FormatInt(n.Need, 10),
	).Replace(form)
}

type phrase struct{ en, zh string }

var catalogue = map[Reason]phrase{
	Earned:             {"rule {of} gave {need} points", "规则 {of} 发放 {need} 积分"},
	Bonused:            {"bonus {of} gave {need} points", "奖励 {of} 发放 {need} 积分"},
	Multiplied:         {"multiplied by {of}", "享受倍数 {of}"},
	ZeroBasis:          {"nothing that earns points is left to pay", "没有可累积积分的金额"},
	DiscountExceeds:    {"the discount of {need} exceeds the amount of {have}; the amount counts as zero", "优惠 {need} 超过金额 {have}，按零计算"},
	NetOfEarlierRefund: {"refunds that came before the order were taken off", "已扣除先于订单到达的退款"},
	RuleCap:            {"cap {of} took {need} points from a rule", "规则上限 {of} 扣减 {need} 积分"},
	OrderCap:           {"cap {of} took {need} points from the order", "订单上限 {of} 扣减 {need} 积分"},
	PeriodCap:          {"cap {of} took {need} points for its period", "周期上限 {of} 扣减 {need} 积分"},

	NotYet:         {"it has not begun", "活动尚未开始"},
	Over:           {"it is over", "活动已经结束"},
	OtherDay:       {"it is for other days", "不在适用的日期"},
	OtherChannel:   {"it is not for channel {of}", "不适用于渠道 {of}"},
	NotInGroup:     {"it is not for this buyer's groups", "买家不在适用的人群"},
	NotFirstOrder:  {"it is for first orders", "仅限首单"},
	NotBirthday:    {"it is not the buyer's birthday", "不在买家生日期间"},
	NoGift:         {"the programme has no such gift", "没有设置该奖励"},
	NoLine:         {"no line that earns points matches", "没有符合条件的商品"},
	BelowSpend:     {"the order does not reach the amount: {of}", "订单未达到金额：{of}"},
	TakenBy:        {"rule {of} of the same family applies instead", "同类规则 {of} 优先适用"},
	RoundedAway:    {"less than a whole unit is rounded away", "不足一个单位，已舍去"},
	AlreadyGranted: {"{of} was granted before", "{of} 已经发放过"},

	BalanceLimit:  {"{need} points are available", "可用积分 {need}"},
	BelowMinimum:  {"{have} points are below the minimum of {need}", "{have} 积分低于最低使用数量 {need}"},
	StepLimit:     {"points are used in steps of {need}", "积分须按 {need} 的倍数使用"},
	MaxPercent:    {"points may pay at most {need} of the goods' price in minor units", "积分最多抵扣商品金额 {need}（最小货币单位）"},
	MaxAmount:     {"points may pay at most {need} in minor units", "积分最多抵扣 {need}（最小货币单位）"},
	DayLimit:      {"{have} of {need} points a day were used", "今日已使用 {have} 积分，每日上限 {need}"},
	OrderTotal:    {"the goods that points may pay cost {need} in minor units", "可用积分支付的商品金额为 {need}（最小货币单位）"},
	ExcludedLine:  {"line {line} cannot be paid with points", "第 {line} 行商品不能使用积分"},
	BurnRate:      {"a point is worth {of} times the usual", "每积分价值为通常的 {of} 倍"},
	NotRedeemable: {"these points cannot be redeemed", "该积分不能兑换"},
}
