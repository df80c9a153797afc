package rfm

import (
	"errors"
	"fmt"
	"math/big"
)

// Percentiles are the shares of waits, in percent from 1 to 99 and strictly rising, that are over when a
// limit is reached. The zero value means 80, 90 and 95.
type Percentiles struct {
	AtRisk  int `json:"at_risk"`
	Dormant int `json:"dormant"`
	Lost    int `json:"lost"`
}

// FitLimits takes the limits from a shop's own gaps.
//
// A customer who is silent today may still come back, so their open gap counts as one that lasts at
// least until today (Kaplan and Meier, 1958): with S(t) the product over the closed gaps d <= t of
// 1 - (gaps of d days)/(gaps of d days or more, closed or open), percentile p is the least t with
// S(t) <= 1 - p/100. Where so many are silent that one of the three is never reached, the limits are
// percentiles of the closed gaps alone and say NotIdentified. Both are made strictly rising, by a day
// where percentiles coincide. The mean gap is that of all closed gaps, pooled. All of it is exact.
//
// It is an error if no gap was ever closed: then nobody came back, and there is nothing to learn from.
func FitLimits(g Gaps, at Percentiles) (Limits, error) {
	if at == (Percentiles{}) {
		at = Percentiles{AtRisk: 80, Dormant: 90, Lost: 95}
	}
	percents := [...]int{at.AtRisk, at.Dormant, at.Lost}
	below := 0
	for _, p := range percents {
		if p <= below || p > 99 {
			return Limits{}, fmt.Errorf("rfm: percentiles: want 1 to 99 percent, strictly rising, not %d", percents)
		}
		below = p
	}
	if err := g.check(); err != nil {
		return Limits{}, err
	}
	if len(g.Closed) == 0 {
		return Limits{}, errors.New("rfm: no customer bought on a second day, so limits cannot be fitted")
	}
	l := Limits{MeanGap: g.Mean()}
	days, ok := g.reach(percents[:])
	if !ok {
		l.NotIdentified = true
		closed := Gaps{Closed: g.Closed}
		days, _ = closed.reach(percents[:])
	}
	l.AtRisk = days[0]
	l.Dormant = max(days[1], l.AtRisk+1)
	l.Lost = max(days[2], l.Dormant+1)
	return l, l.complete()
}

// Percentile returns the least number of days within which percent of all waits are over, where open gaps
// count as [FitLimits] counts them. It is false where that share is never reached, or percent is not from
// 1 to 99. Percentile(50) is the median wait.
func (g Gaps) Percentile(percent int) (days int, ok bool) {
	if percent < 1 || percent > 99 || g.check() != nil {
		return 0, false
	}
	reached, ok := g.reach([]int{percent})
	if !ok {
		return 0, false
	}
	return reached[0], true
}

// reach returns the days at which rising percentages of the waits are over, and whether all of them are.
func (g *Gaps) reach(percents []int) (days []int, ok bool) {
	g.survival(0, func(t int, s fraction) bool {
		for len(days) < len(percents) && s.atMost(100-int64(percents[len(days)]), 100) {
			days = append(days, t)
		}
		return len(days) < len(percents)
	})
	return days, len(days) == len(percents)
}

// survival calls yield after every length of closed gaps beyond a number of days, with the share of the
// waits longer than those days that are longer than this as well, until it says stop.
func (g *Gaps) survival(beyond int, yield func(days int, s fraction) bool) {
	var waiting int64
	for _, c := range g.Closed {
		waiting += c.Count
	}
	for _, c := range g.Open {
		waiting += c.Count
	}
	s := fraction{big.NewInt(1), big.NewInt(1)}
	open := g.Open
	for _, c := range g.Closed {
		for ; len(open) > 0 && open[0].Days < c.Days; open = open[1:] { // one of the same length was still waiting
			waiting -= open[0].Count
		}
		if c.Days > beyond {
			s = s.times(waiting-c.Count, waiting)
			if !yield(c.Days, s) {
				return
			}
		}
		waiting -= c.Count
	}
}

// fraction is exact and never reduced: its terms grow by a few bytes a step, and are compared rarely.
type fraction struct{ num, den *big.Int }

func (f fraction) times(num, den int64) fraction {
	return fraction{new(big.Int).Mul(f.num, big.NewInt(num)), new(big.Int).Mul(f.den, big.NewInt(den))}
}

func (f fraction) atMost(num, den int64) bool {
	a := new(big.Int).Mul(f.num, big.NewInt(den))
	b := new(big.Int).Mul(f.den, big.NewInt(num))
	return a.Cmp(b) <= 0
}
