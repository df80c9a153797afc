package rfm

// Every enumeration is a word in text and JSON; its number means nothing outside.
var (
	dimensionLabels = []label{
		{"recency", "recency", "最近一次消费"}, {"frequency", "frequency", "消费频率"}, {"monetary", "monetary value", "消费金额"},
	}
	frequencyLabels = []label{
		{"orders", "orders", "订单数"}, {"days", "days with an order", "消费天数"},
	}
	monetaryLabels = []label{
		{"net_spend", "net spend", "净消费额"}, {"mean_order", "mean order value", "客单价"},
		{"mean_piece", "mean piece price", "件单价"}, {"own", "own measure", "自定义"},
	}
	ruleLabels = []label{
		{"quantiles", "quantiles", "分位数"}, {"fixed", "fixed cuts", "固定阈值"}, {"mean", "better than the mean", "均值"},
	}
	tiesLabels = []label{
		{"low", "low", "取低"}, {"mid", "mid", "取中"}, {"high", "high", "取高"},
	}
)

// String returns the dimension's word, as JSON has it.
func (d Dimension) String() string { return word(dimensionLabels, "Dimension", d) }

// Text returns the dimension's label in a language, "en" or "zh"; any other language gives English.
func (d Dimension) Text(lang string) string { return text(dimensionLabels, d, lang) }

// MarshalText writes the dimension's word.
func (d Dimension) MarshalText() ([]byte, error) { return marshalWord(dimensionLabels, "dimension", d) }

// UnmarshalText reads the dimension's word.
func (d *Dimension) UnmarshalText(b []byte) error {
	return unmarshalWord(dimensionLabels, "dimension", d, b)
}

// String returns the measure's word, as JSON has it.
func (f FrequencyMeasure) String() string { return word(frequencyLabels, "FrequencyMeasure", f) }

// Text returns the measure's label in a language, "en" or "zh"; any other language gives English.
func (f FrequencyMeasure) Text(lang string) string { return text(frequencyLabels, f, lang) }

// MarshalText writes the measure's word.
func (f FrequencyMeasure) MarshalText() ([]byte, error) {
	return marshalWord(frequencyLabels, "frequency measure", f)
}

// UnmarshalText reads the measure's word.
func (f *FrequencyMeasure) UnmarshalText(b []byte) error {
	return unmarshalWord(frequencyLabels, "frequency measure", f, b)
}

// String returns the measure's word, as JSON has it.
func (m MonetaryMeasure) String() string { return word(monetaryLabels, "MonetaryMeasure", m) }

// Text returns the measure's label in a language, "en" or "zh"; any other language gives English.
func (m MonetaryMeasure) Text(lang string) string { return text(monetaryLabels, m, lang) }

// MarshalText writes the measure's word.
func (m MonetaryMeasure) MarshalText() ([]byte, error) {
	return marshalWord(monetaryLabels, "monetary measure", m)
}

// UnmarshalText reads the measure's word.
func (m *MonetaryMeasure) UnmarshalText(b []byte) error {
	return unmarshalWord(monetaryLabels, "monetary measure", m, b)
}

// String returns the rule's word, as JSON has it.
func (r Rule) String() string { return word(ruleLabels, "Rule", r) }

// Text returns the rule's label in a language, "en" or "zh"; any other language gives English.
func (r Rule) Text(lang string) string { return text(ruleLabels, r, lang) }

// MarshalText writes the rule's word.
func (r Rule) MarshalText() ([]byte, error) { return marshalWord(ruleLabels, "rule", r) }

// UnmarshalText reads the rule's word.
func (r *Rule) UnmarshalText(b []byte) error { return unmarshalWord(ruleLabels, "rule", r, b) }

// String returns the choice's word, as JSON has it.
func (t Ties) String() string { return word(tiesLabels, "Ties", t) }

// Text returns the choice's label in a language, "en" or "zh"; any other language gives English.
func (t Ties) Text(lang string) string { return text(tiesLabels, t, lang) }

// MarshalText writes the choice's word.
func (t Ties) MarshalText() ([]byte, error) { return marshalWord(tiesLabels, "ties", t) }

// UnmarshalText reads the choice's word.
func (t *Ties) UnmarshalText(b []byte) error { return unmarshalWord(tiesLabels, "ties", t, b) }
