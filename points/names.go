package points

// names finds the latest change under the hash of a name: of its own key, or of one that it refers to.
// It is a small open table for each account, since what one operation looks for then lies together in
// memory; the changes before the latest are chained to it. The zero value is empty.
type names struct {
	slots []uint64 // hash and place; 0 is free
	used  int
}

// find returns the slot of a hash, or the free one where it belongs; nil if there are no slots.
func (n *names) find(hash uint32) *uint64 {
	if len(n.slots) == 0 {
		return nil
	}
	mask := uint32(len(n.slots) - 1) //nolint:gosec // a power of two, far below the limit
	for i := hash & mask; ; i = (i + 1) & mask {
		if s := &n.slots[i]; *s == 0 || uint32(*s>>32) == hash {
			return s
		}
	}
}

// latest returns the latest change under a hash, or 0.
func (n *names) latest(hash uint32) place {
	if s := n.find(hash); s != nil {
		return place(uint32(*s)) //nolint:gosec // the lower half
	}
	return 0
}

// set makes a change the latest under a hash and returns the one that was.
func (n *names) set(hash uint32, p place) (before place) {
	if n.used >= len(n.slots)/4*3 {
		n.grow()
	}
	s := n.find(hash)
	if before = place(uint32(*s)); *s == 0 { //nolint:gosec // as above
		n.used++
	}
	*s = uint64(hash)<<32 | uint64(uint32(p)) //nolint:gosec // places are positive
	return before
}

func (n *names) grow() {
	old := n.slots
	n.slots = make([]uint64, max(4, 2*len(old)))
	for _, s := range old {
		if s != 0 {
			*n.find(uint32(s >> 32)) = s
		}
	}
}
