package report

// words are the page's own texts in one language.
type words struct {
	AsOf, Total, Customers, Orders, Spend, Share, PerCustomer string
	Heat, HeatNote, Recency, Frequency                        string
	Segments, SegmentsNote, Segment, Lifecycle, LifecycleNote string
}

var texts = map[Lang]words{
	English: {
		AsOf: "as of", Total: "Total", Customers: "customers", Orders: "orders", Spend: "spend", Share: "share", PerCustomer: "spend per customer",
		Heat: "Recency and frequency", HeatNote: "Customers by score; up is more recent, right is more often.", Recency: "Recency", Frequency: "Frequency",
		Segments: "Segments", SegmentsNote: "Area is customers; a darker tile spends more per customer.", Segment: "segment",
		Lifecycle: "Lifecycle", LifecycleNote: "Customers by state; the colour is the stage.",
	},
	Chinese: {
		AsOf: "截至", Total: "合计", Customers: "客户", Orders: "订单", Spend: "消费额", Share: "占比", PerCustomer: "人均消费",
		Heat: "最近购买与购买频次", HeatNote: "各得分的客户数：越靠上购买越近，越靠右购买越频繁。", Recency: "最近购买", Frequency: "购买频次",
		Segments: "客户分群", SegmentsNote: "面积为客户数；颜色越深，人均消费越高。", Segment: "分群",
		Lifecycle: "生命周期", LifecycleNote: "各状态的客户数；颜色表示所处阶段。",
	},
}
