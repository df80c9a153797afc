package rule

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestText shows where the words depend on the numbers: one and many, today and around it.
func TestText(t *testing.T) {
	z := zone(t, "Asia/Shanghai")
	from := time.Date(2025, 6, 15, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		e      Expr[*customer]
		en, zh string
	}{
		{Region.In("GD"), `region is "GD"`, `地区为"GD"`},
		{Region.NotIn("GD"), `region is not "GD"`, `地区不为"GD"`},
		{Region.NotIn("GD", "ZJ"), `region is none of "GD", "ZJ"`, `地区不为"GD"、"ZJ"中任何一个`},
		{Tags.Any("a"), `tags include "a"`, `标签含有"a"`},
		{Tags.All("a", "b"), `tags include all of "a", "b"`, `标签含有"a"、"b"全部`},
		{Tags.None("a"), `tags do not include "a"`, `标签不含"a"`},
		{Orders.Between(1, 5), "orders is from 1 to 5 inclusive", "订单数从1到5（含）"},
		{Last.Within(24 * time.Hour), "last order is within the last 1 day", "最近下单在最近1天内"},
		{Last.OlderThan(90 * time.Minute), "last order is 90 minutes ago or longer", "最近下单距今已满90分钟"},
		{
			Last.WithinDays(7, z), "last order is within the last 7 calendar days including today (Asia/Shanghai)",
			"最近下单在最近7个自然日（含今天，Asia/Shanghai）内",
		},
		{
			Last.Between(from, from.AddDate(0, 1, 0)), "last order is from 2025-06-15T12:00:00Z up to but excluding 2025-07-15T12:00:00Z",
			"最近下单从2025-06-15T12:00:00Z起，至2025-07-15T12:00:00Z前",
		},
		{
			Birthday.Near(0, 0, LeapFeb28, z), "birthday is today (29 February counts as the 28th in common years; Asia/Shanghai)",
			"生日在今天（平年2月29日按2月28日计；Asia/Shanghai）",
		},
		{
			Birthday.Near(7, 0, LeapMar1, z), "birthday is at most 7 days ahead (29 February counts as 1 March in common years; Asia/Shanghai)",
			"生日在7天之内到来（平年2月29日按3月1日计；Asia/Shanghai）",
		},
		{
			Birthday.Near(3, 1, LeapOnly, z),
			"birthday is at most 3 days ahead or at most 1 day past (29 February does not count in common years; Asia/Shanghai)",
			"生日在3天之内到来，或者过去不超过1天（平年2月29日不计；Asia/Shanghai）",
		},
		{Not(OptIn.Is(true)).OrElse(true), "(not (consent is yes); yes if not known)", "（非（同意接收为是）；未知时视为是）"},
		{Any(All(Orders.Eq(1), Region.Known()), OptIn.Missing()), "(orders is 1 and region is known) or consent is not known", "（订单数为1，并且地区已知），或者同意接收未知"},
	} {
		r := shop.MustCompile(c.e)
		assert.Equal(t, c.en, r.Text(English))
		assert.Equal(t, c.zh, r.Text(Chinese))
	}
}
