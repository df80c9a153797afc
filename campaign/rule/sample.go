package rule

import (
	"math"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/internal/civil"
	"github.com/regulars-go/regulars/internal/fixed"
)

// A condition divides the values of its field at its constants and nowhere else. So the conditions of a
// rule on one field can be compared by what they say about a few samples: the constants, and a value
// on each side of them. What they say is asked of the very code that tests customers.

// maxSamples bounds the work; a group of conditions that needs more is not compared.
const maxSamples = 4096

// maxLabels is the number of labels in all sets of which conditions are compared.
const maxLabels = 8

// extent is the set of samples of a group for which a node holds, as the bits of a number.
type extent struct {
	group string
	holds *big.Int
	all   *big.Int
}

func (e *extent) empty() bool { return e.holds.Sign() == 0 }
func (e *extent) full() bool  { return e.holds.Cmp(e.all) == 0 }

// within says whether e holds only where f does.
func (e *extent) within(f *extent) bool {
	return new(big.Int).AndNot(e.holds, f.holds).Sign() == 0
}

func (e *extent) and(f *extent) *extent {
	return &extent{e.group, new(big.Int).And(e.holds, f.holds), e.all}
}

func (e *extent) or(f *extent) *extent {
	return &extent{e.group, new(big.Int).Or(e.holds, f.holds), e.all}
}

func (e *extent) not() *extent {
	return &extent{e.group, new(big.Int).Xor(e.holds, e.all), e.all}
}

// groupOf names the conditions a condition can be compared with, and is empty for none: whether a fact
// is known is not a matter of its value, and birthdays near today are near another day tomorrow.
func groupOf(n *Node) string {
	if n.Kind != KindField {
		return ""
	}
	switch n.Op {
	case OpKnown, OpNear, OpThisMonth:
		return ""
	case OpWithin, OpOlderThan, OpWithinNext:
		return n.Name + " from now"
	case OpWithinDays, OpOlderThanDays:
		return n.Name + " in days of " + n.Zone.String()
	case OpMonthIn:
		return n.Name + " by month"
	default:
		return n.Name
	}
}

// extents returns the extent of every condition below a node that has one.
func extents(root *Node) map[*Node]*extent {
	groups := map[string][]*Node{}
	var collect func(n *Node)
	collect = func(n *Node) {
		if g := groupOf(n); g != "" {
			groups[g] = append(groups[g], n)
		}
		for _, k := range n.Kids {
			collect(k)
		}
	}
	collect(root)
	out := map[*Node]*extent{}
	for group, nodes := range groups {
		holds, count := sampled(nodes)
		if count > maxSamples {
			continue
		}
		all := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), uint(count)), big.NewInt(1))
		for i, n := range nodes {
			out[n] = &extent{group, holds[i], all}
		}
	}
	return out
}

// sampled asks the conditions of a group about its samples. More than maxSamples are only counted.
func sampled(nodes []*Node) (holds []*big.Int, count int) {
	switch n := nodes[0]; n.Type {
	case TypeText:
		return ask(nodes, textSamples(nodes), bindText)
	case TypeRanked:
		return ask(nodes, n.Ranks, func(n *Node, get func(string) (string, bool)) leaf[string] {
			return bindRanked(n, n.Ranks, get)
		})
	case TypeFlag:
		return ask(nodes, []bool{false, true}, bindFlag)
	case TypeInt:
		return ask(nodes, intSamples(nodes), bindInt)
	case TypeMoney:
		return ask(nodes, moneySamples(nodes), bindMoney)
	case TypeInstant:
		return ask(nodes, instantSamples(nodes), bindInstant)
	case TypeDate:
		return ask(nodes, dateSamples(nodes), bindDate)
	default:
		return ask(nodes, labelSamples(nodes), bindLabels)
	}
}

// sampleNow is the instant at which conditions relative to now are compared: noon of some day.
var sampleNow = time.Date(2025, time.June, 15, 12, 0, 0, 0, time.UTC)

func ask[T any](nodes []*Node, samples []T, bind func(*Node, func(T) (T, bool)) leaf[T]) (holds []*big.Int, count int) {
	if len(samples) > maxSamples {
		return nil, len(samples)
	}
	for _, n := range nodes {
		test := bind(n, itself[T]).test
		set := new(big.Int)
		for i, s := range samples {
			if test(s, micro(sampleNow)) == True {
				set.SetBit(set, i, 1)
			}
		}
		holds = append(holds, set)
	}
	return holds, len(samples)
}

// textSamples are the constants, and a text that is none of them.
func textSamples(nodes []*Node) []string {
	var out []string
	for _, n := range nodes {
		out = append(out, n.Texts...)
	}
	out = unique(out)
	return append(out, strings.Repeat("x", len(slices.MaxFunc(out, func(a, b string) int { return len(a) - len(b) }))+1))
}

func intSamples(nodes []*Node) []int64 {
	var out []int64
	for _, n := range nodes {
		for _, k := range n.Ints {
			out = append(out, max(k, math.MinInt64+1)-1, k, min(k, math.MaxInt64-1)+1)
		}
	}
	return unique(out)
}

// moneySamples steps by the smallest difference two amounts can have.
func moneySamples(nodes []*Node) []decimal.Decimal {
	step := decimal.New(1, -fixed.MaxExponent)
	var out []decimal.Decimal
	for _, n := range nodes {
		for _, k := range n.Decimals {
			out = append(out, k.Sub(step), k, k.Add(step))
		}
	}
	return out
}

// instantSamples are the instants at which a verdict turns, for windows relative to now the bounds of
// the windows.
func instantSamples(nodes []*Node) []time.Time {
	var out []time.Time
	for _, n := range nodes {
		in := n.window(micro(sampleNow))
		for _, bound := range []int64{max(in.lo, -farthest), min(in.hi, farthest)} {
			out = append(out, instant(bound-1), instant(bound), instant(bound+1))
		}
	}
	return out
}

func dateSamples(nodes []*Node) []Date {
	var out []Date
	for m := time.January; nodes[0].Op == OpMonthIn && m <= time.December; m++ {
		out = append(out, Date{Month: m, Day: 1})
	}
	for _, n := range nodes {
		for _, k := range n.Dates {
			day := civil.Date(k.Year, k.Month, k.Day)
			for d := day - 1; d <= day+1; d++ {
				if y, m, md := d.Date(); y >= 1 && y <= 9999 {
					out = append(out, Date{y, m, md})
				}
			}
		}
	}
	return out
}

// labelSamples are all sets of the labels, if they are few.
func labelSamples(nodes []*Node) [][]string {
	var labels []string
	for _, n := range nodes {
		labels = append(labels, n.Texts...)
	}
	labels = unique(labels)
	if len(labels) > maxLabels {
		return make([][]string, maxSamples+1)
	}
	out := make([][]string, 1<<len(labels))
	for set := range out {
		for i, l := range labels {
			if set>>i&1 != 0 {
				out[set] = append(out[set], l)
			}
		}
	}
	return out
}
