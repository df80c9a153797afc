package rfm

// row is an entry on its way to its customer.
type row[K comparable] struct {
	key   K
	probe uint64
	entry
}

// record is a customer in a table.
type record[K comparable] struct {
	key K
	cell
}

const pageSize = 64

// table is an open-addressing hash table from keys to cells, made to be small enough, with its like, for
// the processor's cache. Records lie in pages that never move, so growing copies only the index; the
// index holds one byte of each hash apart from the positions, so that most lookups touch one record.
// Records come out in the order in which they came in.
type table[K comparable] struct {
	tags  []uint8 // 0 where empty
	ids   []uint32
	pages [][]record[K]
	size  int
	days  ledger
}

func (t *table[K]) at(id int) *record[K] { return &t.pages[id/pageSize][id%pageSize] }

// find returns the number of a key, and adds it where it is new.
func (t *table[K]) find(h *hashes[K], key K, probe uint64) int {
	if t.size*4 >= len(t.tags)*3 {
		t.grow(h)
	}
	tag, mask := uint8(probe>>56)|1, len(t.tags)-1
	for i := int(probe) & mask; ; i = (i + 1) & mask {
		switch t.tags[i] {
		case tag:
			if id := int(t.ids[i]); t.at(id).key == key {
				return id
			}
		case 0:
			t.tags[i], t.ids[i] = tag, uint32(t.size)
			return t.push(key)
		}
	}
}

// lookup returns the number of a key, or -1.
func (t *table[K]) lookup(key K, probe uint64) int {
	if t.size == 0 {
		return -1
	}
	tag, mask := uint8(probe>>56)|1, len(t.tags)-1
	for i := int(probe) & mask; t.tags[i] != 0; i = (i + 1) & mask {
		if id := int(t.ids[i]); t.tags[i] == tag && t.at(id).key == key {
			return id
		}
	}
	return -1
}

func (t *table[K]) push(key K) int {
	if t.size%pageSize == 0 {
		t.pages = append(t.pages, make([]record[K], 0, pageSize))
	}
	page := &t.pages[len(t.pages)-1]
	*page = append(*page, record[K]{key: key})
	t.size++
	return t.size - 1
}

// grow doubles the index.
func (t *table[K]) grow(h *hashes[K]) {
	n := max(64, 2*len(t.tags))
	t.tags, t.ids = make([]uint8, n), make([]uint32, n)
	var keys [pageSize]K
	var place [pageSize]uint8
	var probe [pageSize]uint64
	id := uint32(0)
	for _, page := range t.pages {
		for i := range page {
			keys[i] = page[i].key
		}
		h.batch(keys[:len(page)], place[:], probe[:])
		for _, p := range probe[:len(page)] {
			i := int(p) & (n - 1)
			for t.tags[i] != 0 {
				i = (i + 1) & (n - 1)
			}
			t.tags[i], t.ids[i] = uint8(p>>56)|1, id
			id++
		}
	}
}

// add counts rows, in order.
func (t *table[K]) add(h *hashes[K], rows []row[K], ordered bool) error {
	for i := range rows {
		r := &rows[i]
		id := t.find(h, r.key, r.probe)
		c := &t.at(id).cell
		if r.qualifies && !ordered && (c.orders == 0 || r.day != c.last) {
			t.days.note(uint32(id), r.day)
		}
		sure := !c.unsure
		if err := c.add(r.entry); err != nil {
			return err
		}
		if c.unsure && sure {
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
