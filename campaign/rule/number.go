package rule

import "math"

// IntField is a field of whole numbers.
type IntField[C any] struct{ handle[C] }

// Eq is the condition that the number is n.
func (f IntField[C]) Eq(n int64) Expr[C] { return f.leaf(Node{Op: OpEq, Ints: []int64{n}}) }

// Ne is the condition that the number is known and not n.
func (f IntField[C]) Ne(n int64) Expr[C] { return f.leaf(Node{Op: OpNe, Ints: []int64{n}}) }

// Under is the condition that the number is less than n.
func (f IntField[C]) Under(n int64) Expr[C] { return f.leaf(Node{Op: OpUnder, Ints: []int64{n}}) }

// AtMost is the condition that the number is n or less.
func (f IntField[C]) AtMost(n int64) Expr[C] { return f.leaf(Node{Op: OpAtMost, Ints: []int64{n}}) }

// Over is the condition that the number is more than n.
func (f IntField[C]) Over(n int64) Expr[C] { return f.leaf(Node{Op: OpOver, Ints: []int64{n}}) }

// AtLeast is the condition that the number is n or more.
func (f IntField[C]) AtLeast(n int64) Expr[C] { return f.leaf(Node{Op: OpAtLeast, Ints: []int64{n}}) }

// Between is the condition that the number is from lo to hi, both included.
func (f IntField[C]) Between(lo, hi int64) Expr[C] {
	return f.leaf(Node{Op: OpBetween, Ints: []int64{lo, hi}})
}

// interval is a set of int64: those from lo to hi, or with out set all the others.
type interval struct {
	lo, hi int64
	out    bool
}

var nothing = interval{lo: math.MinInt64, hi: math.MaxInt64, out: true}

func (i interval) has(v int64) bool {
	return (uint64(v)-uint64(i.lo) <= uint64(i.hi)-uint64(i.lo)) != i.out
}

// span returns the interval from lo to hi, which is nothing if they are the wrong way round.
func span(lo, hi int64) interval {
	if lo > hi {
		return nothing
	}
	return interval{lo: lo, hi: hi}
}

// intInterval returns the numbers for which a condition on an int field holds.
func intInterval(n *Node) interval {
	k := n.Ints[0]
	switch n.Op {
	case OpUnder:
		if k == math.MinInt64 {
			return nothing
		}
		return span(math.MinInt64, k-1)
	case OpAtMost:
		return span(math.MinInt64, k)
	case OpOver:
		if k == math.MaxInt64 {
			return nothing
		}
		return span(k+1, math.MaxInt64)
	case OpAtLeast:
		return span(k, math.MaxInt64)
	case OpBetween:
		return span(k, n.Ints[1])
	default: // eq, ne
		return interval{lo: k, hi: k, out: n.Op == OpNe}
	}
}

func bindInt[C any](n *Node, get func(C) (int64, bool)) leaf[C] {
	in := intInterval(n)
	return leaf[C]{test: func(c C, _ int64) Truth {
		v, ok := get(c)
		if !ok {
			return Unknown
		}
		return Of(in.has(v))
	}}
}
