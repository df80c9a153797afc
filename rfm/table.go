package rfm

import (
	"errors"
	"iter"
	"unsafe"
)

var errCrowd = errors.New("rfm: more than 8 million customers with keys that are neither integers nor strings")

// row is a tick on its way to its customer.
type row[K comparable] struct {
	key  K
	tick packed
}

// record is a customer in a table.
type record[K comparable] struct {
	key K
	cell
}

const (
	pageBytes = 4096 - 8 // with the allocator's own word a page of memory
	pageShift = 7        // a record's number is that of its page and, in these low bits, its place there
	pageSpan  = 1 << pageShift
	tagShift  = 24 // a slot is one byte of the hash and 24 bits of the record's number, counted from 1
	idMask    = 1<<tagShift - 1
)

// table is an open-addressing hash table from keys to cells, made to be small enough, with its like, for
// the processor's cache. Records lie in pages that never move, so growing copies only the slots; a slot
// holds a byte of the hash, so that most lookups touch one record. Records come out in the order in which
// they came in.
type table[K comparable] struct {
	slots []uint32 // 0 where empty
	pages [][]record[K]
	size  int
	days  ledger
	first int // records that got their first qualifying order from add
}

func (t *table[K]) at(id uint32) *record[K] { return &t.pages[id>>pageShift][id%pageSpan] }

// all yields the numbers of the records, in order.
func (t *table[K]) all() iter.Seq2[uint32, *record[K]] {
	return func(yield func(uint32, *record[K]) bool) {
		for p, page := range t.pages {
			for i := range page {
				if !yield(uint32(p<<pageShift+i), &page[i]) {
					return
				}
			}
		}
	}
}

// find returns the number of a key, and adds it where it is new. There must be room, see reserve.
func (t *table[K]) find(key K, probe uint64) uint32 {
	mask := uint64(len(t.slots) - 1)
	for i := probe & mask; ; i = (i + 1) & mask {
		slot := t.slots[i]
		if slot == 0 {
			id := t.push(key)
			t.slots[i] = uint32(probe>>56)<<tagShift | (id + 1)
			return id
		}
		if id := slot&idMask - 1; slot>>tagShift == uint32(probe>>56) && t.at(id).key == key {
			return id
		}
	}
}

// lookup returns the number of a key, if it is there.
func (t *table[K]) lookup(key K, probe uint64) (id uint32, ok bool) {
	mask := uint64(len(t.slots) - 1)
	for i := probe & mask; t.size > 0; i = (i + 1) & mask {
		slot := t.slots[i]
		if slot == 0 {
			break
		}
		if id := slot&idMask - 1; slot>>tagShift == uint32(probe>>56) && t.at(id).key == key {
			return id, true
		}
	}
	return 0, false
}

func (t *table[K]) push(key K) uint32 {
	last := len(t.pages) - 1
	if last < 0 || len(t.pages[last]) == cap(t.pages[last]) {
		t.pages = append(t.pages, make([]record[K], 0, min(pageSpan, max(1, pageBytes/int(unsafe.Sizeof(record[K]{}))))))
		last++
	}
	t.pages[last] = append(t.pages[last], record[K]{key: key})
	t.size++
	return uint32(last<<pageShift + len(t.pages[last]) - 1)
}

// reserve makes room for more records, three for every four slots at most.
func (t *table[K]) reserve(h *hashes[K], more int) error {
	n := max(64, len(t.slots))
	for (t.size+more)*4 > n*3 {
		n *= 2
	}
	if (len(t.pages)+more)<<pageShift > idMask {
		return errCrowd
	}
	if n == len(t.slots) {
		return nil
	}
	t.slots = make([]uint32, n)
	mask := uint64(n - 1)
	var keys [pageSpan]K
	var probes [pageSpan]uint64
	for n, page := range t.pages {
		for i := range page {
			keys[i] = page[i].key
		}
		h.probe(keys[:len(page)], probes[:])
		for id, p := range probes[:len(page)] {
			i := p & mask
			for t.slots[i] != 0 {
				i = (i + 1) & mask
			}
			t.slots[i] = uint32(p>>56)<<tagShift | uint32(n<<pageShift+id+1)
		}
	}
	return nil
}

// batch is the working space of one goroutine.
type batch[K comparable] struct {
	keys    [batchSize]K
	places  [batchSize]uint8
	probes  [batchSize]uint64
	ids     [batchSize]uint32
	records [batchSize]*record[K]
	wide    []tick // those of the rows that do not fit
}

// care is what is done about days that lie between others, see ErrDays.
type care uint8

const (
	noteDays    care = iota // every active day is noted
	scattered               // so too, and nobody is sure before all are in: they are only read when asked for
	hopeForNone             // nothing is noted: it is seen afterwards whether it would have been needed
	promised                // it is an error
)

// add counts rows, in order.
func (t *table[K]) add(h *hashes[K], b *batch[K], rows []row[K], care care) error {
	for len(rows) > 0 {
		n := min(len(rows), batchSize)
		if err := t.addBatch(h, b, rows[:n], care); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// addBatch asks memory, which is the bottleneck, for everything at once: first for all slots, then for all
// records that are probably the right ones. Only then does it count.
func (t *table[K]) addBatch(h *hashes[K], b *batch[K], rows []row[K], care care) error {
	if err := t.reserve(h, len(rows)); err != nil {
		return err
	}
	keys, probes, ids, records := b.keys[:len(rows)], b.probes[:len(rows)], b.ids[:len(rows)], b.records[:len(rows)]
	for i := range rows {
		keys[i] = rows[i].key
	}
	h.probe(keys, probes)
	mask := uint64(len(t.slots) - 1)
	for i, p := range probes {
		ids[i] = t.slots[p&mask]
	}
	for i, slot := range ids {
		records[i] = nil
		if slot == 0 || slot>>tagShift != uint32(probes[i]>>56) {
			continue
		}
		ids[i] = slot&idMask - 1
		if r := t.at(ids[i]); r.key == keys[i] {
			records[i] = r
		}
	}
	for i := range rows {
		tick, r := rows[i].tick.unpack(b.wide), records[i]
		if r == nil {
			ids[i] = t.find(keys[i], probes[i])
			r = t.at(ids[i])
		}
		if care <= scattered && tick.units >= 0 && (r.orders == 0 || tick.day != r.last) {
			t.days.note(ids[i], tick.day)
		}
		sure := !r.unsure
		if err := r.add(tick); err != nil {
			return of(r.key, err)
		}
		if r.orders == 1 && tick.units >= 0 {
			t.first++
			r.unsure = care == scattered
		}
		if r.unsure && sure {
			if care == promised {
				return of(r.key, ErrDays)
			}
			t.days.unsure++
		}
	}
	return nil
}

// settle makes sure of all days, once every row is in, and keeps the lists if wanted.
func (t *table[K]) settle(keep bool) {
	if t.days.unsure > 0 || keep {
		t.days.settle(len(t.pages)<<pageShift, keep, func(id uint32) *cell { return &t.at(id).cell })
	}
	t.days.pages, t.days.wide, t.days.unsure = nil, nil, 0
}
