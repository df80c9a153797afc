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
	AwaitsOrder:        {"the order is not known yet and will earn net of this refund", "订单尚未到达，到达后将按扣除退款计算"},
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
	BeatenBy:       {"{of} is larger and applies instead", "{of} 倍数更高，优先适用"},
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
	FrozenLimit:   {"the account is frozen and cannot spend points", "账户已冻结，暂不能使用积分"},

	EarnBurn:         {"points can be worth {of} times what was paid for them", "最坏情况下，所得积分价值为支付金额的 {of} 倍"},
	GiftCardLoop:     {"gift cards earn when they are bought and again when they are used", "购买和使用礼品卡都会累积积分，可循环套利"},
	GiftCardSwap:     {"points can buy gift cards, and what those pay for earns again", "积分可购买礼品卡，礼品卡消费又累积积分"},
	BonusKept:        {"bonus {of} is kept when a refund takes the order below its amount", "部分退款后订单不足门槛，奖励 {of} 仍被保留"},
	BonusUnguarded:   {"bonus {of} comes with every order, whatever its amount, and no cap bounds it over a period", "奖励 {of} 不限金额、不限次数，且没有周期上限"},
	BonusForFree:     {"bonus {of} is worth money and comes with an order of any amount", "奖励 {of} 有价值，却不限订单金额即可获得"},
	ActionUncapped:   {"no cap bounds action {of} over a period", "行为 {of} 没有周期上限"},
	ReferralUncapped: {"no cap bounds what a referrer earns over a period", "推荐奖励没有周期上限"},
	ReferralForFree:  {"a friend's order of any amount pays for the referral", "好友任意金额的订单即可触发推荐奖励"},
	GiftForFree:      {"accounts that are merged keep a birthday gift worth {of} each; dedupe_once takes back all but one", "合并的账户各自保留价值 {of} 的生日礼；启用 dedupe_once 则只保留一份"},
	PendingOutlives:  {"points can expire before they can be used, such as those earned on {of}", "积分可能在生效前过期，例如 {of} 获得的积分"},
	UnitUnbounded:    {"rule {of} gives points for goods of any price", "规则 {of} 不限商品价格按件发放积分"},
	OrderMissing:     {"the ledger does not know the order", "积分账本中没有该订单"},
	OrderDiffers:     {"the ledger has the order with other facts", "积分账本中的订单内容不一致"},
	RefundMissing:    {"the ledger does not know the refund", "积分账本中没有该退款"},
	RefundUnknown:    {"the ledger has a refund that the shop does not name", "积分账本中有商店未列出的退款"},
	RefundDiffers:    {"the ledger has the refund with other amounts", "积分账本中的退款内容不一致"},
	RoundsUp:         {"the smallest order earns a whole point", "向上取整使最小的订单也能获得一个积分"},
}
