package rfm

import (
	"math/big"
	"math/bits"
)

// pace is how slowly a customer buys, relative to the shop, as an exact fraction: 1 is the shop's own
// pace, 1/3 and 3 are its bounds. The zero value is not a pace.
type pace struct{ num, den wide }

// pace returns ((span + k·G) / (days-1 + k)) / G within [1/3, 3], for a customer of that many distinct
// days (1 or more), span days from the first to the last of them. The shop's mean gap G counts as k gaps
// of the customer's own, so that one early order says little and ten say nearly everything.
func (l *Lifecycle) pace(days, span int64) pace {
	gap, prior := l.limits.MeanGap, int64(l.limits.Prior)
	p := pace{
		num: mul(span, gap.Den).plus(mul(prior, gap.Num)),
		den: mul(days-1+prior, gap.Num),
	}
	switch {
	case p.num.times(3).less(p.den):
		return pace{wide{lo: 1}, wide{lo: 3}}
	case p.den.times(3).less(p.num):
		return pace{wide{lo: 3}, wide{lo: 1}}
	}
	return p
}

// exceeded reports whether a number of days is more than limit·pace. Reaching it exactly is not more.
func (p pace) exceeded(limit, days int64) bool {
	return p.num.times(limit).less(p.den.times(days))
}

// reached reports whether a number of days is limit·pace or more.
func (p pace) reached(limit, days int64) bool {
	return !p.den.times(days).less(p.num.times(limit))
}

// days returns the most whole days that do not exceed limit·pace.
func (p pace) days(limit int64) int64 {
	most, beyond := int64(0), 3*limit+1 // a pace is at most 3
	for beyond-most > 1 {
		middle := (most + beyond) / 2
		if p.exceeded(limit, middle) {
			beyond = middle
		} else {
			most = middle
		}
	}
	return most
}

func (p pace) rat() *big.Rat { return new(big.Rat).SetFrac(p.num.big(), p.den.big()) }

// wide is an unsigned integer of 128 bits. Within the bounds of [Limits] and of day numbers nothing here
// comes near its end: the terms of a pace need 79 bits and are multiplied by at most 47 more.
type wide struct{ hi, lo uint64 }

// mul multiplies two numbers that are not negative.
func mul(a, b int64) wide {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	return wide{hi, lo}
}

func (x wide) times(n int64) wide {
	hi, lo := bits.Mul64(x.lo, uint64(n))
	return wide{hi + x.hi*uint64(n), lo}
}

func (x wide) plus(y wide) wide {
	lo, carry := bits.Add64(x.lo, y.lo, 0)
	hi, _ := bits.Add64(x.hi, y.hi, carry)
	return wide{hi, lo}
}

func (x wide) less(y wide) bool { return x.hi < y.hi || x.hi == y.hi && x.lo < y.lo }

func (x wide) big() *big.Int {
	hi := new(big.Int).SetUint64(x.hi)
	return hi.Add(hi.Lsh(hi, 64), new(big.Int).SetUint64(x.lo))
}
