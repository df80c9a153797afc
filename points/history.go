package points

import (
	"iter"
	"slices"
)

// memLog holds what a [MemStore] recorded of many accounts as bytes: they take a fifth of the room of
// the structs, and the garbage collector need not look into them.
type memLog struct {
	chunks [][]byte
	codec  codec // whose room is used again and again
}

const firstChunk, lastChunk = 1 << 10, 1 << 20

// write adds a change at the end.
func (m *memLog) write(c *Change) place {
	m.codec = codec{buf: m.codec.buf[:0]}
	m.codec.change(c)
	body := m.codec.buf
	last := len(m.chunks) - 1
	if last < 0 || cap(m.chunks[last])-len(m.chunks[last]) < len(body) {
		last++
		room := min(firstChunk<<min(last, 16), lastChunk)
		m.chunks = append(m.chunks, make([]byte, 0, max(room, len(body))))
	}
	chunk := &m.chunks[last]
	*chunk = append(*chunk, body...)
	return place{chunk: int32(last), from: int32(len(*chunk) - len(body)), to: int32(len(*chunk))} //nolint:gosec // chunks are small
}

func (m *memLog) body(p place) []byte { return m.chunks[p.chunk][p.from:p.to] }

// history finds the changes of one account in the log.
type history struct {
	places []place // by version, less one
	heavy  map[int]heavy
	keys   map[uint64]int32 // the latest change, counted from 1, whose key has a hash
	of     map[uint64]int32 // and the latest that refers to one
}

// place is where a change lies, with the changes before it whose names have the same hash, 0 for none.
type place struct{ chunk, from, to, key, of int32 }

// heavy is the part of a change that never alters, that few changes have and that is shared instead
// of written out.
type heavy struct {
	op       Op
	evidence Evidence
	timings  []*Timing
}

// add records a change, with the request, the evidence and the terms it refers to.
func (h *history) add(log *memLog, c *Change) {
	p := log.write(c)
	n := int32(len(h.places)) + 1 //nolint:gosec // no account in memory has two billion changes
	link := func(names *map[uint64]int32, name string, before *int32) {
		if name == "" {
			return
		}
		if *names == nil {
			*names = map[uint64]int32{}
		}
		hash := memHash(name)
		*before, (*names)[hash] = (*names)[hash], n
	}
	link(&h.keys, c.Key, &p.key)
	link(&h.of, c.Of, &p.of)
	h.places = append(h.places, p)
	if t := &log.codec; t.op != nil || t.timings != nil || !c.Evidence.IsZero() {
		if h.heavy == nil {
			h.heavy = map[int]heavy{}
		}
		h.heavy[int(n)-1] = heavy{t.op, c.Evidence, t.timings}
	}
}

// at returns a change that shares nothing with h that anyone can alter.
func (h *history) at(log *memLog, account string, i int) Change {
	x := h.heavy[i]
	t := codec{reading: true, text: string(log.body(h.places[i])), op: x.op, timings: x.timings}
	c := Change{Account: account, Version: int64(i) + 1, Evidence: x.evidence}
	t.change(&c)
	return c
}

// keyed yields the changes with a key. There is one at most, but hashes may collide.
func (h *history) keyed(log *memLog, key string) iter.Seq[int] {
	return func(yield func(int) bool) {
		if key == "" || len(h.keys) == 0 {
			return
		}
		for n := h.keys[memHash(key)]; n > 0; n = h.places[n-1].key {
			if is, _ := cutWord(log.body(h.places[n-1])); string(is) == key && !yield(int(n)-1) {
				return
			}
		}
	}
}

// referring yields the changes that refer to a key, the latest first.
func (h *history) referring(log *memLog, key string) iter.Seq[int] {
	return func(yield func(int) bool) {
		if key == "" || len(h.of) == 0 {
			return
		}
		for n := h.of[memHash(key)]; n > 0; n = h.places[n-1].of {
			_, rest := cutWord(log.body(h.places[n-1]))
			if is, _ := cutWord(rest); string(is) == key && !yield(int(n)-1) {
				return
			}
		}
	}
}

// find returns the changes that have one of the keys or refer to one, in order.
func (h *history) find(log *memLog, account string, keys []string) []Change {
	var room [8]int
	at := room[:0]
	for _, key := range keys {
		for i := range h.keyed(log, key) {
			at = append(at, i)
		}
		for i := range h.referring(log, key) {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return nil
	}
	slices.Sort(at)
	at = slices.Compact(at)
	found := make([]Change, len(at))
	for i, j := range at {
		found[i] = h.at(log, account, j)
	}
	return found
}
