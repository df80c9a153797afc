package tags

import (
	"fmt"
	"iter"
	"time"
)

// Index is who has which tag at one instant, over a population numbered from 0, a bit for each. It answers
// questions about millions of holders exactly and in microseconds. It does not change and is safe for
// concurrent use. A tag costs one bit a holder.
type Index struct {
	v    *Vocabulary
	n    int
	sets map[string][]uint64
}

// NewIndex reads the Sets of a population at an instant. The first Set is that of number 0.
func NewIndex(v *Vocabulary, at time.Time, population iter.Seq2[Set, error]) (*Index, error) {
	if at.IsZero() {
		return nil, fmt.Errorf("%w: at is zero", ErrInvalid)
	}
	x := &Index{v: v, sets: map[string][]uint64{}}
	for s, err := range population {
		if err != nil {
			return nil, err
		}
		for i := range s {
			if s[i].Active(at) && v.leads(s, i, at) {
				x.put(s[i].Tag)
			}
		}
		x.n++
	}
	for tag, words := range x.sets {
		x.sets[tag] = append(words, make([]uint64, x.words()-len(words))...)
	}
	return x, nil
}

// put gives the holder who is being read a tag.
func (x *Index) put(tag string) {
	words := x.sets[tag]
	for len(words) <= x.n/64 {
		words = append(words, 0)
	}
	words[x.n/64] |= 1 << (x.n % 64)
	x.sets[tag] = words
}

func (x *Index) words() int { return (x.n + 63) / 64 }

// Len returns the size of the population.
func (x *Index) Len() int { return x.n }

// Count returns how many answer an expression, and [ErrUnknownTag] or [ErrInvalid].
func (x *Index) Count(e Expr) (int, error) {
	sum := 0
	err := x.walk(e, func(_ int, block []uint64) { sum += ones(block) })
	return sum, err
}

// Select returns those who answer an expression, and the errors of [Index.Count].
func (x *Index) Select(e Expr) (Bits, error) {
	b := Bits{make([]uint64, x.words()), x.n}
	err := x.walk(e, func(from int, block []uint64) { copy(b.words[from:], block) })
	if err != nil {
		return Bits{}, err
	}
	return b, nil
}

// blockWords is how much of the population is worked on at a time: what stays in the nearest cache.
const blockWords = 256

// walk works an expression out, block by block.
func (x *Index) walk(e Expr, visit func(from int, block []uint64)) error {
	if err := e.check(x.v, 0); err != nil {
		return err
	}
	plan := x.plan(e)
	buffer := make([]uint64, blockWords)
	for from := 0; from < x.words(); from += blockWords {
		block := buffer[:min(blockWords, x.words()-from)]
		plan.eval(block, from)
		if rest := x.n % 64; rest > 0 && from+len(block) == x.words() {
			block[len(block)-1] &= 1<<rest - 1
		}
		visit(from, block)
	}
	return nil
}

// step is an expression over the words of an index. Negations lie at the leaves alone.
type step struct {
	op     op // opIs, opAnd or opOr
	not    bool
	words  []uint64
	of     []step
	buffer []uint64 // for the result of an opAnd or opOr
}

func (x *Index) plan(e Expr) step { return x.push(e, false) }

func (x *Index) push(e Expr, not bool) step {
	switch e.op {
	case opNot:
		return x.push(e.of[0], !not)
	case opIs:
		words := x.sets[e.tag]
		if words == nil {
			words = make([]uint64, x.words())
		}
		return step{op: opIs, not: not, words: words}
	default:
		s := step{op: e.op, buffer: make([]uint64, blockWords)}
		if not { // not (a and b) is (not a) or (not b)
			s.op = opAnd + opOr - e.op
		}
		for _, y := range e.of {
			s.of = append(s.of, x.push(y, not))
		}
		return s
	}
}
