package rfm

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"
)

// Trial is how well the scores of one day told who would buy afterwards. All figures are exact.
type Trial struct {
	// AsOf is the day of the scores, Until the day up to which purchases were waited for.
	AsOf  Day `json:"as_of"`
	Until Day `json:"until"`
	// Customers is the number of customers scored, Prospects of those left out for want of a score, and
	// Returned of those scored who bought again.
	Customers int64 `json:"customers"`
	Prospects int64 `json:"prospects"`
	Returned  int64 `json:"returned"`
	// Segments are sorted by name; R, F and M have one group for each score given, the lowest first.
	Segments []Group `json:"segments,omitempty"`
	R        []Group `json:"r"`
	F        []Group `json:"f"`
	M        []Group `json:"m"`
	// AUC tells how well each score ranks customers.
	AUC AUC `json:"auc"`
}

// Group is the customers of one segment or of one score.
type Group struct {
	Name      string `json:"name"`
	Customers int64  `json:"customers"`
	Returned  int64  `json:"returned"`
	// Lift is the share of them who returned over the share of all customers who did: 3/1 is three times
	// as many as a blind choice finds. Its Den is zero where nobody returned at all.
	Lift Fraction `json:"lift"`
}

// AUC is, for each score and for the composite of all three, the probability that of two customers, one
// who returned and one who did not, the first had the better score, equal scores counting half: 1/2 is
// what chance does. Den is zero where everybody returned or nobody did.
type AUC struct {
	R         Fraction `json:"r"`
	F         Fraction `json:"f"`
	M         Fraction `json:"m"`
	Composite Fraction `json:"composite"`
}

// Backtest scores the customers of one snapshot with a model, and counts who of them has an order in a
// second snapshot, whose window must begin where that of the first ends; of [Customers], who know their
// window, this is made sure. For a fair trial the model must not know more than the first snapshot does.
// Segment names the segment of a score; nil leaves segments out.
func Backtest[K comparable](m *Model, before, after Snapshot[K], segment func(Score) string) (*Trial, error) {
	t := &Trial{AsOf: before.AsOf(), Until: after.AsOf()}
	if t.AsOf > t.Until {
		return nil, fmt.Errorf("rfm: backtest: the scores of %v are later than the purchases up to %v", t.AsOf, t.Until)
	}
	first, ok1 := before.(interface{ Window() Window })
	second, ok2 := after.(interface{ Window() Window })
	if ok1 && ok2 && momentOf(first.Window().At) != momentOf(second.Window().From) {
		return nil, fmt.Errorf("rfm: backtest: the window of the purchases begins at %v, not where that of the scores ends, %v",
			second.Window().From, first.Window().At)
	}
	segments := outcomes[string]{}
	r, f, money, composite := outcomes[int64]{}, outcomes[int64]{}, outcomes[int64]{}, outcomes[int64]{}
	var all outcome
	for key, sum := range before.All() {
		score, err := m.Score(sum, t.AsOf)
		if err != nil {
			return nil, fmt.Errorf("rfm: backtest: %w", err)
		}
		if score.IsZero() {
			t.Prospects++
			continue
		}
		later, _ := after.Of(key)
		returned := later.Orders > 0
		all.count(returned)
		r.count(int64(score.R), returned)
		f.count(int64(score.F), returned)
		money.count(int64(score.M), returned)
		composite.count(m.Composite(score).Num, returned)
		if segment != nil {
			segments.count(segment(score), returned)
		}
	}
	if t.Customers, t.Returned = all.customers, all.returned; t.Customers > mostCustomers {
		return nil, errors.New("rfm: backtest: more than 2^31 customers")
	}
	t.Segments = segments.groups(all)
	t.R, t.F, t.M = r.groups(all), f.groups(all), money.groups(all)
	t.AUC = AUC{r.auc(all), f.auc(all), money.auc(all), composite.auc(all)}
	return t, nil
}

// BacktestOrders is the whole trial in one call: it summarises the orders before an instant, fits a model
// to them, scores, and looks who bought from that instant until another. The sequence is ranged over
// twice and must give the same orders both times.
func BacktestOrders[K comparable](s *Scheme, orders iter.Seq2[Order[K], error], at, until time.Time, segment func(Score) string) (*Trial, error) {
	before, err := Summarize(s, Before(at), orders)
	if err != nil {
		return nil, err
	}
	m, err := before.Fit()
	if err != nil {
		return nil, err
	}
	after, err := Summarize(s, Window{From: at, At: until}, orders)
	if err != nil {
		return nil, err
	}
	return Backtest(m, before, after, segment)
}

// mostCustomers keeps the product of two numbers of customers within an int64.
const mostCustomers = 1 << 31

// outcome is what became of some customers.
type outcome struct{ customers, returned int64 }

func (o *outcome) count(returned bool) {
	o.customers++
	if returned {
		o.returned++
	}
}

// outcomes are what became of customers, by segment or by score.
type outcomes[G cmp.Ordered] map[G]outcome

func (o outcomes[G]) count(group G, returned bool) {
	sum := o[group]
	sum.count(returned)
	o[group] = sum
}

func (o outcomes[G]) groups(all outcome) []Group {
	var groups []Group
	for _, g := range slices.Sorted(maps.Keys(o)) {
		lift := Fraction{o[g].returned * all.customers, o[g].customers * all.returned}
		groups = append(groups, Group{fmt.Sprint(g), o[g].customers, o[g].returned, lift})
	}
	return groups
}

// auc counts pairs of one who returned and one who did not, in halves.
func (o outcomes[G]) auc(all outcome) Fraction {
	var halves, below int64 // below is how many with a lower score did not return
	for _, g := range slices.Sorted(maps.Keys(o)) {
		stayed := o[g].customers - o[g].returned
		halves += o[g].returned * (2*below + stayed)
		below += stayed
	}
	return Fraction{halves, 2 * all.returned * (all.customers - all.returned)}
}
