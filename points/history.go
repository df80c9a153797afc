package points

import (
	"cmp"
	"iter"
	"slices"
)

// memLog holds what a part of a [MemStore] recorded of many accounts: changes as bytes, which take a
// fifth of the room of the structs and into which the garbage collector need not look, and where they lie.
type memLog struct {
	chunks  [][]byte
	records [][]record
	codec   codec // whose room is used again and again
	heavy   map[place]heavy
}

const firstChunk, lastChunk = 1 << 10, 1 << 20

// place is where the record of a change lies, counted from 1; 0 is none.
type place int32

// record tells of one change where it lies and which were before it.
type record struct {
	chunk, from, to int32
	version         int32
	before          place // of the account
	key, of         link
	erased          bool // and written anew
}

// link leads from a change to the one before that has a name with the same hash.
type link struct {
	hash   uint32
	before place
}

// under returns what was before a change under a hash.
func (r *record) under(hash uint32) place {
	if r.key.hash == hash && r.key.before != unnamed {
		return r.key.before
	}
	return r.of.before
}

const unnamed = -1

// Records lie in rows, the first of which are short, since most stores in tests stay small.
const firstRow, rowBits = 8, 10

func (m *memLog) record(p place) *record { return &m.records[(p-1)>>rowBits][(p-1)&(1<<rowBits-1)] }

// next returns the place of the next record.
func (m *memLog) next() place {
	last := len(m.records) - 1
	if last < 0 || len(m.records[last]) == cap(m.records[last]) {
		last++
		m.records = append(m.records, make([]record, 0, min(firstRow<<min(last, rowBits), 1<<rowBits)))
	}
	return place(last<<rowBits + len(m.records[last]) + 1) //nolint:gosec // no memory holds two billion changes
}

// file puts a record in the next place.
func (m *memLog) file(r record) {
	last := &m.records[len(m.records)-1]
	*last = append(*last, r)
}

// write adds the bytes of a change at the end and says where they lie.
func (m *memLog) write(c *Change) (r record) {
	body := m.codec.encode(c)
	last := len(m.chunks) - 1
	if last < 0 || cap(m.chunks[last])-len(m.chunks[last]) < len(body) {
		last++
		room := min(firstChunk<<min(last, 16), lastChunk)
		m.chunks = append(m.chunks, make([]byte, 0, max(room, len(body))))
	}
	chunk := &m.chunks[last]
	*chunk = append(*chunk, body...)
	return record{chunk: int32(last), from: int32(len(*chunk) - len(body)), to: int32(len(*chunk))} //nolint:gosec // chunks are small
}

func (m *memLog) body(r *record) []byte { return m.chunks[r.chunk][r.from:r.to] }

// heavy is the part of a change that never alters, that few changes have and that is shared instead
// of written out.
type heavy struct {
	op       Op
	evidence Evidence
	timings  []*Timing
}

// history finds the changes of one account in the log.
type history struct {
	names  names
	latest place
}

func nameHash(name string) uint32 { return uint32(memHash(name) >> 32) }

// add records a change, with the request, the evidence and the terms it refers to.
func (h *history) add(log *memLog, c *Change) {
	r := log.write(c)
	r.version, r.before = int32(c.Version), h.latest //nolint:gosec // versions are counted
	h.latest = log.next()
	r.key = h.link(c.Key)
	if r.of = h.link(c.Of); r.of.before == h.latest { // the two names share a hash
		r.of = r.key
	}
	log.file(r)
	if t := &log.codec; t.op != nil || t.timings != nil || !c.Evidence.IsZero() {
		if log.heavy == nil {
			log.heavy = map[place]heavy{}
		}
		log.heavy[h.latest] = heavy{t.op, c.Evidence, t.timings}
	}
}

// link makes the latest change the one that is found first by a name.
func (h *history) link(name string) link {
	if name == "" {
		return link{before: unnamed}
	}
	hash := nameHash(name)
	return link{hash, h.names.set(hash, h.latest)}
}

// at returns a change that shares nothing with the log that anyone can alter.
func (m *memLog) at(p place, account string) Change {
	x, r := m.heavy[p], m.record(p)
	t := codec{op: x.op, timings: x.timings}
	c := Change{Account: account, Version: int64(r.version), Evidence: x.evidence}
	t.decode(string(m.body(r)), &c)
	return c
}

// after returns the places of the changes with a version above one, the latest first.
func (h *history) after(log *memLog, version int64) []place {
	var list []place
	for p := h.latest; p != 0 && int64(log.record(p).version) > version; p = log.record(p).before {
		list = append(list, p)
	}
	return list
}

// named yields the changes that have a key, of which there is one at most, or refer to it, the latest
// first. Hashes may collide: the names themselves decide.
func (h *history) named(log *memLog, name string) iter.Seq2[place, bool] {
	return func(yield func(p place, has bool) bool) {
		if name == "" {
			return
		}
		hash := nameHash(name)
		for p := h.names.latest(hash); p > 0; {
			r := log.record(p)
			key, rest := cutName(log.body(r)) // of an erased change both are empty
			of, _ := cutName(rest)
			if has := string(key) == name; (has || string(of) == name) && !yield(p, has) {
				return
			}
			p = r.under(hash)
		}
	}
}

// find returns the changes that have one of the keys or refer to one, in order.
func (h *history) find(log *memLog, account string, keys []string) []Change {
	var room [8]place
	at := room[:0]
	for _, key := range keys {
		for p := range h.named(log, key) {
			at = append(at, p)
		}
	}
	if len(at) == 0 {
		return nil
	}
	slices.SortFunc(at, func(a, b place) int { return cmp.Compare(log.record(a).version, log.record(b).version) })
	at = slices.Compact(at)
	found := make([]Change, len(at))
	for i, p := range at {
		found[i] = log.at(p, account)
	}
	return found
}
