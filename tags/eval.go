package tags

// eval writes the words of an expression from an offset on into a block.
func (s *step) eval(block []uint64, from int) {
	if s.op == opIs {
		copy(block, s.words[from:])
		if s.not {
			for i := range block {
				block[i] = ^block[i]
			}
		}
		return
	}
	s.of[0].eval(block, from)
	for i := range s.of[1:] {
		next := &s.of[1+i]
		if next.op == opIs {
			fold(block, next.words[from:from+len(block)], s.op, next.not)
			continue
		}
		other := next.buffer[:len(block)]
		next.eval(other, from)
		fold(block, other, s.op, false)
	}
}

// fold joins words into a block, in four plain loops: one that asked inside would cost twice as much.
func fold(block, words []uint64, op op, not bool) {
	words = words[:len(block)]
	switch {
	case op == opAnd && !not:
		for i, w := range words {
			block[i] &= w
		}
	case op == opAnd:
		for i, w := range words {
			block[i] &^= w
		}
	case !not:
		for i, w := range words {
			block[i] |= w
		}
	default:
		for i, w := range words {
			block[i] |= ^w
		}
	}
}
