package rfm

import (
	"strings"
	"sync"
)

// Eleven returns the widespread map of 11 segments over 5×5×5 scores. It is a list of codes that names
// every cell once.
func Eleven() *Segments { return eleven() }

// Grid returns the map of 10 segments over recency and frequency alone, 5×5×5 with every M alike, as mobile
// marketing tools draw it.
func Grid() *Segments { return grid() }

// Eight returns the 8 classes 重要价值 to 一般挽留 over 2×2×2 scores, in which 2 is better than the rule and 1
// is not. They are made for [MeanRule], and work with any rule of two bins.
func Eight() *Segments { return eight() }

var (
	eleven = sync.OnceValue(func() *Segments {
		return MustSegments(SegmentConfig{Segments: []SegmentRule{
			{Key: "champions", EN: "Champions", ZH: "冠军客户", Where: strings.Fields(
				"445 454 455 544 545 554 555")},
			{Key: "loyal", EN: "Loyal", ZH: "忠诚客户", Where: strings.Fields(
				"335 344 345 354 355 435 444 543")},
			{Key: "potential_loyalist", EN: "Potential Loyalist", ZH: "潜在忠诚客户", Where: strings.Fields(
				"323 333 341 342 351 352 353 423 431 432 433 441 442 451 452 453 531 532 533 541 542 551 552 553")},
			{Key: "new_customers", EN: "New Customers", ZH: "新客户", Where: strings.Fields(
				"311 411 412 421 422 511 512")},
			{Key: "promising", EN: "Promising", ZH: "有潜力客户", Where: strings.Fields(
				"313 314 315 413 414 415 424 425 513 514 515 521 522 523 524 525")},
			{Key: "need_attention", EN: "Need Attention", ZH: "需关注客户", Where: strings.Fields(
				"324 325 334 343 434 443 534 535")},
			{Key: "about_to_sleep", EN: "About To Sleep", ZH: "即将沉睡客户", Where: strings.Fields(
				"213 221 231 241 251 312 321 331")},
			{Key: "at_risk", EN: "At Risk", ZH: "流失风险客户", Where: strings.Fields(
				"124 125 133 134 135 142 143 145 152 153 224 225 234 235 242 243 244 245 252 253 254 255")},
			{Key: "cannot_lose_them", EN: "Cannot Lose Them", ZH: "不可流失客户", Where: strings.Fields(
				"113 114 115 144 154 155 214 215")},
			{Key: "hibernating", EN: "Hibernating", ZH: "沉睡客户", Where: strings.Fields(
				"122 123 132 211 212 222 223 232 233 322 332")},
			{Key: "lost", EN: "Lost", ZH: "流失客户", Where: strings.Fields(
				"111 112 121 131 141 151")},
		}})
	})
	grid = sync.OnceValue(func() *Segments {
		return MustSegments(SegmentConfig{Segments: []SegmentRule{
			{Key: "champions", EN: "Champions", ZH: "冠军客户", Where: []string{"5[4-5]*"}},
			{Key: "loyal_customers", EN: "Loyal Customers", ZH: "忠诚客户", Where: []string{"[3-4][4-5]*"}},
			{Key: "potential_loyalists", EN: "Potential Loyalists", ZH: "潜在忠诚客户", Where: []string{"[4-5][2-3]*"}},
			{Key: "new_customers", EN: "New Customers", ZH: "新客户", Where: []string{"51*"}},
			{Key: "promising", EN: "Promising", ZH: "有潜力客户", Where: []string{"41*"}},
			{Key: "need_attention", EN: "Need Attention", ZH: "需关注客户", Where: []string{"33*"}},
			{Key: "about_to_sleep", EN: "About To Sleep", ZH: "即将沉睡客户", Where: []string{"3[1-2]*"}},
			{Key: "cannot_lose", EN: "Can't Lose", ZH: "不可流失客户", Where: []string{"[1-2]5*"}},
			{Key: "at_risk", EN: "At Risk", ZH: "流失风险客户", Where: []string{"[1-2][3-4]*"}},
			{Key: "hibernating", EN: "Hibernating", ZH: "沉睡客户", Where: []string{"[1-2][1-2]*"}},
		}})
	})
	eight = sync.OnceValue(func() *Segments {
		return MustSegments(SegmentConfig{R: 2, F: 2, M: 2, Segments: []SegmentRule{
			{Key: "important_value", EN: "Important value", ZH: "重要价值", Where: []string{"222"}},
			{Key: "important_develop", EN: "Important develop", ZH: "重要发展", Where: []string{"212"}},
			{Key: "important_keep", EN: "Important keep", ZH: "重要保持", Where: []string{"122"}},
			{Key: "important_win_back", EN: "Important win-back", ZH: "重要挽留", Where: []string{"112"}},
			{Key: "general_value", EN: "General value", ZH: "一般价值", Where: []string{"221"}},
			{Key: "general_develop", EN: "General develop", ZH: "一般发展", Where: []string{"211"}},
			{Key: "general_keep", EN: "General keep", ZH: "一般保持", Where: []string{"121"}},
			{Key: "general_win_back", EN: "General win-back", ZH: "一般挽留", Where: []string{"111"}},
		}})
	})
)
