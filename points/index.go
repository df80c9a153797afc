package points

// index finds the latest place of a hash in one look at memory: a map of millions of small entries
// costs several. The zero value is empty.
type index struct {
	slots []slot // a power of two of them, at least half of them free
	used  int
}

type slot struct {
	hash uint32
	at   place // 0 if the slot is free
}

// get returns the place of a hash, 0 if it has none.
func (x *index) get(hash uint32) place {
	if x.used == 0 {
		return 0
	}
	return x.slot(hash).at
}

// put gives a hash a new place and returns the one it had.
func (x *index) put(hash uint32, at place) (before place) {
	if x.used*2 >= len(x.slots) {
		old := x.slots
		x.slots = make([]slot, max(16, 2*len(old)))
		for _, s := range old {
			if s.at != 0 {
				*x.slot(s.hash) = s
			}
		}
	}
	s := x.slot(hash)
	before = s.at
	if before == 0 {
		x.used++
	}
	*s = slot{hash, at}
	return before
}

// slot returns the slot of a hash, or the free one where it belongs.
func (x *index) slot(hash uint32) *slot {
	last := uint32(len(x.slots) - 1) //nolint:gosec // no memory holds four billion slots
	for i := hash & last; ; i = (i + 1) & last {
		if s := &x.slots[i]; s.at == 0 || s.hash == hash {
			return s
		}
	}
}
