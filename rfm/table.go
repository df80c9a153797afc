package rfm

import "errors"

var errCrowd = errors.New("rfm: more than 16 million customers with keys that are neither integers nor strings")

// row is a tick on its way to its customer.
type row[K comparable] struct {
	key K
	tick
}

// record is a customer in a table.
type record[K comparable] struct {
	key K
	cell
}

const (
	pageSize = 64
	tagShift = 24 // a slot is one byte of the hash and 24 bits of the record's number, counted from 1
	idMask   = 1<<tagShift - 1
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
}

func (t *table[K]) at(id int) *record[K] { return &t.pages[id/pageSize][id%pageSize] }

// find returns the number of a key, and adds it where it is new. There must be room, see reserve.
func (t *table[K]) find(key K, probe uint64) int {
	mask := uint64(len(t.slots) - 1)
	for i := probe & mask; ; i = (i + 1) & mask {
		slot := t.slots[i]
		if slot == 0 {
			t.push(key)
			t.slots[i] = uint32(probe>>56)<<tagShift | uint32(t.size)
			return t.size - 1
		}
		if id := int(slot&idMask) - 1; slot>>tagShift == uint32(probe>>56) && t.at(id).key == key {
			return id
		}
	}
}

// lookup returns the number of a key, or -1.
func (t *table[K]) lookup(key K, probe uint64) int {
	mask := uint64(len(t.slots) - 1)
	for i := probe & mask; t.size > 0; i = (i + 1) & mask {
		slot := t.slots[i]
		if slot == 0 {
			break
		}
		if id := int(slot&idMask) - 1; slot>>tagShift == uint32(probe>>56) && t.at(id).key == key {
			return id
		}
	}
	return -1
}

func (t *table[K]) push(key K) {
	if t.size%pageSize == 0 {
		t.pages = append(t.pages, make([]record[K], 0, pageSize))
	}
	page := &t.pages[len(t.pages)-1]
	*page = append(*page, record[K]{key: key})
	t.size++
}

// reserve makes room for more records, three for every four slots at most.
func (t *table[K]) reserve(h *hashes[K], more int) error {
	n := max(64, len(t.slots))
	for (t.size+more)*4 > n*3 {
		n *= 2
	}
	if t.size+more > idMask {
		return errCrowd
	}
	if n == len(t.slots) {
		return nil
	}
	t.slots = make([]uint32, n)
	mask := uint64(n - 1)
	var keys [pageSize]K
	var probes [pageSize]uint64
	id := uint32(0)
	for _, page := range t.pages {
		for i := range page {
			keys[i] = page[i].key
		}
		h.probe(keys[:len(page)], probes[:])
		for _, p := range probes[:len(page)] {
			i := p & mask
			for t.slots[i] != 0 {
				i = (i + 1) & mask
			}
			id++
			t.slots[i] = uint32(p>>56)<<tagShift | id
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
}

// add counts rows, in order.
func (t *table[K]) add(h *hashes[K], b *batch[K], rows []row[K], ordered bool) error {
	for len(rows) > 0 {
		n := min(len(rows), batchSize)
		if err := t.addBatch(h, b, rows[:n], ordered); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// addBatch asks memory, which is the bottleneck, for everything at once: first for all slots, then for all
// records that are probably the right ones. Only then does it count.
func (t *table[K]) addBatch(h *hashes[K], b *batch[K], rows []row[K], ordered bool) error {
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
		if r := t.at(int(ids[i])); r.key == keys[i] {
			records[i] = r
		}
	}
	for i := range rows {
		row, r := &rows[i], records[i]
		if r == nil {
			ids[i] = uint32(t.find(keys[i], probes[i]))
			r = t.at(int(ids[i]))
		}
		if row.units >= 0 && !ordered && (r.orders == 0 || row.day != r.last) {
			t.days.note(ids[i], row.day)
		}
		sure := !r.unsure
		if err := r.add(row.tick); err != nil {
			return err
		}
		if r.unsure && sure {
			if ordered {
				return ErrDays
			}
			t.days.unsure++
		}
	}
	return nil
}

// settle makes sure of all days, once every row is in, and keeps the lists if wanted.
func (t *table[K]) settle(keep bool) {
	if t.days.unsure > 0 || keep {
		t.days.settle(t.size, keep, func(id int) *cell { return &t.at(id).cell })
	}
	t.days.pages, t.days.unsure = nil, 0
}
