package rule

import (
	"math/bits"
	"time"

	"github.com/regulars-go/regulars/internal/civil"
)

// block tells, for those of the w-th 64 customers whose bits are set in of, who fulfils a condition and
// who does not. A customer with neither bit is undecided.
type block func(w int, of uint64) (yes, no uint64)

// Select tests the rule on every customer of a table of its schema at one instant. The verdicts are
// those of [Rule.Test]. A table of another schema is an error.
func (r *Rule[C]) Select(t *Table[C], at time.Time) (Selection, error) {
	if t.schema != r.schema {
		return Selection{}, definitionError([]Problem{{Code: CodeOtherSchema, Offset: -1, Detail: "the table is of another schema"}})
	}
	words := (len(t.rows) + 63) / 64
	s := Selection{len(t.rows), make(mask, words), make(mask, words)}
	test := r.root.block(t, moment(at))
	for w := range words {
		yes, no := test(w, t.live(w))
		s.selected[w], s.known[w] = yes, yes|no
	}
	return s, nil
}

// block compiles a node for the customers of a table at one instant.
func (u *unit[C]) block(t *Table[C], at int64) block {
	if len(u.kids) == 0 {
		return u.leafBlock(t, at)
	}
	kids := make([]block, len(u.kids))
	for i, k := range u.kids {
		kids[i] = k.block(t, at)
	}
	switch first := kids[0]; u.node.Kind {
	case KindAll:
		return func(w int, of uint64) (yes, no uint64) {
			yes = of
			for _, kid := range kids {
				y, n := kid(w, of&^no) // nobody is asked again who is out already
				yes &= y
				if no |= n; no == of {
					break
				}
			}
			return yes, no
		}
	case KindAny:
		return func(w int, of uint64) (yes, no uint64) {
			no = of
			for _, kid := range kids {
				y, n := kid(w, of&^yes)
				no &= n
				if yes |= y; yes == of {
					break
				}
			}
			return yes, no
		}
	case KindNot:
		return func(w int, of uint64) (yes, no uint64) {
			no, yes = first(w, of)
			return yes, no
		}
	default: // or_else
		value := u.node.Value
		return func(w int, of uint64) (yes, no uint64) {
			yes, no = first(w, of)
			if value {
				return of &^ no, no
			}
			return yes, of &^ yes
		}
	}
}

func (u *unit[C]) leafBlock(t *Table[C], at int64) block {
	n, c := u.node, t.columns[u.node.Name]
	if u.fn != nil || c.rows || n.relative() && at == noTime {
		return u.rowBlock(t, at)
	}
	if n.Op == OpKnown {
		return func(w int, of uint64) (yes, no uint64) {
			yes, no = of&c.known.word(w), of&^c.known.word(w)
			if !n.Bool {
				yes, no = no, yes
			}
			return yes, no
		}
	}
	switch n.Type {
	case TypeText, TypeRanked:
		// The field's own test decides about each word there is, once.
		holds := make([]uint64, max(1, len(c.words)))
		test := bindText(n, itself[string]).test
		if n.Type == TypeRanked {
			test = bindRanked(n, n.Ranks, itself[string]).test
		}
		for code, word := range c.words {
			holds[code] = uint64(test(word, at) / True)
		}
		return c.inTable(holds)
	case TypeInt:
		return c.inInterval(intInterval(n))
	case TypeMoney:
		return c.inInterval(inUnit(n, c.scale))
	case TypeInstant:
		return c.inInterval(n.window(at))
	case TypeDate:
		if n.Op == OpBefore || n.Op == OpAfter || n.Op == OpBetween {
			return u.rowBlock(t, at)
		}
		days := n.months()
		if n.Op != OpMonthIn {
			days = n.birthdays(civil.Of(instant(at), n.Zone))
		}
		holds := make([]uint64, len(days)*64)
		for i := range holds {
			holds[i] = days[i/64] >> (i % 64) & 1
		}
		return c.inTable(holds)
	case TypeFlag:
		return c.inMask(c.yes, !n.Bool)
	default: // labels
		return c.inMask(c.labelled(n), n.Op == OpNone)
	}
}

func itself[T any](t T) (T, bool) { return t, true }

// labelled returns the customers who have one of the labels of a condition, or all of them.
func (c *column) labelled(n *Node) mask {
	out := make(mask, len(c.known))
	for i, l := range unique(n.Texts) {
		if i == 0 || n.Op != OpAll {
			out.add(c.sets[l])
			continue
		}
		has := make(mask, len(out))
		has.add(c.sets[l])
		for w := range out {
			out[w] &= has[w]
		}
	}
	return out
}

// inMask is the block of a condition that holds for the bits of m, or for the others.
func (c *column) inMask(m mask, others bool) block {
	return func(w int, of uint64) (yes, no uint64) {
		of &= c.known.word(w)
		yes, no = of&m.word(w), of&^m.word(w)
		if others {
			yes, no = no, yes
		}
		return yes, no
	}
}

// few is the number of customers up to which they are looked at one by one, instead of all 64 in a row.
const few = 24

// inInterval is the block of a condition that holds for the numbers of an interval.
func (c *column) inInterval(in interval) block {
	lo, width := uint64(in.lo), uint64(in.hi)-uint64(in.lo)
	return func(w int, of uint64) (yes, no uint64) {
		of &= c.known.word(w)
		nums := c.nums[w*64 : min(w*64+64, len(c.nums))]
		if bits.OnesCount64(of) <= few {
			for left := of; left != 0; left &= left - 1 {
				if i := bits.TrailingZeros64(left); uint64(nums[i])-lo <= width {
					yes |= left & -left
				}
			}
		} else {
			for i, v := range nums {
				// No branch here: half the customers would be mispredicted.
				var hit uint64
				if uint64(v)-lo <= width {
					hit = 1
				}
				yes |= hit << (i & 63)
			}
		}
		yes &= of
		if in.out {
			return of &^ yes, yes
		}
		return yes, of &^ yes
	}
}

// inTable is the block of a condition that depends on a code alone; holds is 1 for the codes for which
// it does.
func (c *column) inTable(holds []uint64) block {
	return func(w int, of uint64) (yes, no uint64) {
		of &= c.known.word(w)
		codes := c.codes[w*64 : min(w*64+64, len(c.codes))]
		if bits.OnesCount64(of) <= few {
			for left := of; left != 0; left &= left - 1 {
				i := bits.TrailingZeros64(left)
				yes |= holds[codes[i]] << (i & 63)
			}
		} else {
			for i, code := range codes {
				yes |= holds[code] << (i & 63)
			}
		}
		yes &= of
		return yes, of &^ yes
	}
}

// rowBlock tests a condition customer by customer.
func (u *unit[C]) rowBlock(t *Table[C], at int64) block {
	return func(w int, of uint64) (yes, no uint64) {
		for ; of != 0; of &= of - 1 {
			i := bits.TrailingZeros64(of)
			switch u.test(t.rows[w*64+i], at) {
			case True:
				yes |= 1 << i
			case False:
				no |= 1 << i
			case Unknown:
			}
		}
		return yes, no
	}
}
