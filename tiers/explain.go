package tiers

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/internal/civil"
	"github.com/regulars-go/regulars/internal/fixed"
)

// Explanation is a [Decision] with everything that was compared.
type Explanation struct {
	Decision
	// Levels are all but the first, highest first. The first of them that holds is the decision.
	Levels []Ruling `json:"levels"`
}

// Ruling is what one level asked of the member, and how the facts answered.
type Ruling struct {
	Level   string  `json:"level"`
	Asks    Asks    `json:"asks"`
	Finding Finding `json:"finding"`
}

// Asks says which condition of a level the finding is about.
type Asks string

// Every level is asked for its Enter, and where that fails the level held and those below it for a Keep.
const (
	AsksEnter Asks = "enter"
	AsksKeep  Asks = "keep"
)

// Finding is the verdict on one condition: on a group, which needs that many Of its parts to hold, or on
// one comparison, which has Evidence.
type Finding struct {
	Holds    bool      `json:"holds"`
	Need     int       `json:"need,omitempty"`
	Of       []Finding `json:"of,omitempty"`
	Evidence *Evidence `json:"evidence,omitempty"`
}

// Evidence is one comparison with its two sides.
type Evidence struct {
	Metric Metric `json:"metric"`
	Number string `json:"number,omitempty"` // of a Custom metric
	// From and To are the first and last local day counted, as 2006-01-02. From is empty where the window
	// has no beginning, both are where the metric has no window, or the member has yet to join.
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
	// Value is what was measured, unless Missing. A mean has the decimals of money, rounded so that the
	// comparison shown is the comparison made, which is exact.
	Value   decimal.Decimal `json:"value"`
	Missing bool            `json:"missing,omitempty"`
	// Bound is what Value must be at least, or at most.
	Bound  decimal.Decimal `json:"bound"`
	AtMost bool            `json:"at_most,omitempty"`
	Holds  bool            `json:"holds"`
}

// Explain decides as [Ladder.Decide] does and tells why, level by level.
func (l *Ladder) Explain(a *Activity, at time.Time, held Held) (Explanation, error) {
	d, err := l.Decide(a, at, held)
	if err != nil {
		return Explanation{}, err
	}
	v, rank, err := l.view(a, at, held)
	if err != nil {
		return Explanation{}, err
	}
	e := Explanation{Decision: d}
	for i := len(l.levels) - 1; i > 0; i-- {
		r := Ruling{Level: l.levels[i].id, Asks: AsksEnter, Finding: v.find(l.levels[i].enter)}
		if keep := l.levels[i].keep; i <= rank && len(keep) > 0 && !r.Finding.Holds {
			r.Asks, r.Finding = AsksKeep, v.find(keep)
		}
		e.Levels = append(e.Levels, r)
	}
	return e, nil
}

func (v *view) find(tree []node) Finding {
	n := &tree[0]
	if n.need == 0 {
		e := v.evidence(n)
		return Finding{Holds: e.Holds, Evidence: &e}
	}
	f := Finding{Need: n.need, Holds: v.holds(tree)}
	for i := 1; i < n.size; i += tree[i].size {
		f.Of = append(f.Of, v.find(tree[i:]))
	}
	return f
}

func (v *view) evidence(n *node) Evidence {
	e := Evidence{Metric: n.metric, Bound: fixed.Decimal(n.bound, n.scale), AtMost: n.atMost}
	if n.metric == Custom {
		e.Number = v.ladder.numbers[n.list-listNumbers].Name
	}
	if n.measure.windowed() && v.begun(n) {
		e.From, e.To = dayText(n.span.first(v.day, v.joined.day, v.entered)), dayText(v.day)
	}
	value, ok := v.value(n)
	if e.Missing = !ok; ok {
		e.Value, e.Holds = value.decimal(n), value.meets(n)
	}
	return e
}

func dayText(d civil.Day) string {
	if d == everBefore {
		return ""
	}
	return d.String()
}
