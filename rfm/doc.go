// Package rfm knows how recently, how often and for how much each customer bought: it turns orders into
// exact scores, scores into named segments, and days of purchase into stages of a customer's life.
//
// # From orders to scores
//
// Four values follow one another, and each step can be used alone:
//
//	orders     [Order], with refunds that carry their own instant
//	summaries  [Summary], one for each customer, made by [Summarize] or by a GROUP BY in SQL
//	model      [Model], the cuts that divide a [Population] into scores as of one day
//	scores     [Score], 1 (worst) to 5 in each of R, F and M, and the [Segment] they mean
//
// The common path is three calls: [SummarizeSlice] (or [Summarize], for a sequence), [Customers.Fit] and
// [Customers.Scores], under a [Scheme] that [Compile] makes of a [Config]. A shop whose database sums up
// its orders starts at [Gather], one that only has counts of values at [Scheme.NewPopulation] and
// [Population.Count], and an online request needs no more than a stored [Model] and [Model.Score].
//
// # What is counted
//
// Only what lies in the [Window] exists: orders from its first instant until before its last, refunds
// before its last. So a result never changes when later orders or refunds arrive. An order qualifies when
// something is left of it after its refunds; recency and frequency are of qualifying orders, money is of
// all. A credit, which is an order with an amount below zero, lowers money at its own instant and
// nothing else. A customer without a qualifying order is a prospect and has no score. [Report] counts
// everything that was left out.
//
// Recency is in civil days of the scheme's zone, frequency in orders or days with one, and money net of
// refunds, as a sum, per order or per piece, or the caller's own measure.
//
// # How it is scored
//
// By default customers with equal values always share a score, which depends on the value alone: with w
// of n customers strictly worse it is 1 + ⌊5w/n⌋. [Binning] names the other ways. All numbers are exact:
// money is whole minor units inside, means are fractions, cuts are values of customers found by counting
// and selection. [Model.Explain] shows the value, its cuts, the share that is worse, and what is missing
// for the next score; [Model.NextChange] the day on which time alone will change the score.
//
// # Segments
//
// [Eleven], [Grid] and [Eight] are the usual maps from scores to segments, with labels in English and
// 中文; [NewSegments] compiles others, and proves that each of the cells has exactly one segment.
//
// # Stages of life
//
// A [Lifecycle] tells how a customer stands by their own pace of buying, in eight states and the four
// stages 识别期, 发展期, 稳定期 and 衰退期. [FitLimits] finds its limits from the shop's own gaps between
// purchases.
package rfm
