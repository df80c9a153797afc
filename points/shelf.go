package points

import (
	"cmp"
	"iter"
	"math"
	"slices"
	"strings"
	"time"
)

// shelf holds the open lots of a book in consumption order. They stay packed as they were stored,
// where others may be reading them too; those that an operation takes in hand are unpacked beside
// them. So an operation costs what it touches, however many lots an account has.
type shelf struct {
	packed []packedLot
	order  []int32     // places in packed, or of unpacked lots ^ places in loose
	loose  []*looseLot // what was unpacked or added
	fresh  int         // how many lots in the order were added
	cut    int         // how many packed lots were dropped from the front
	mixed  bool        // the other packed lots no longer stand in the order in which they were packed
	timed  bool        // some lot may have Timing
	next   micros      // what due is of the packed lots, 0 if that is not known
}

type looseLot struct {
	Lot
	from int32 // its place among the packed, or added
}

const added = -1

// packedLot is a [Lot] without the room of what most lots lack.
type packedLot struct {
	id, of                   string
	earned, active, expires  micros
	pending, available, held int64
	rare                     *rareLot // nil for most
}

type rareLot struct {
	parent, family, color, awaits string
	timing                        *Timing
	migrated                      bool
	exact                         *[3]time.Time // where the instants are no whole microseconds of UTC
}

// micros is an instant of a packed lot, in microseconds since 1970, or none.
type micros int64

const none = math.MaxInt64

func microsOf(t time.Time) micros {
	if t.IsZero() {
		return none
	}
	return micros(t.UnixMicro())
}

func (m micros) time() time.Time {
	if m == none {
		return time.Time{}
	}
	return time.UnixMicro(int64(m)).UTC()
}

// pack packs a lot; was is how it was packed before, if it was.
func (l *Lot) pack(was *packedLot) packedLot {
	p := packedLot{
		id: l.ID, of: l.Of, earned: microsOf(l.EarnedAt), active: microsOf(l.ActiveFrom), expires: microsOf(l.ExpiresAt),
		pending: l.Pending, available: l.Available, held: l.Held,
	}
	exact := [3]time.Time{l.EarnedAt, l.ActiveFrom, l.ExpiresAt} == [3]time.Time{p.earned.time(), p.active.time(), p.expires.time()}
	if !exact || l.rare() {
		p.rare = l.packRare(was, exact)
	}
	return p
}

func (l *Lot) packRare(was *packedLot, exact bool) *rareLot {
	rare := rareLot{parent: l.Parent, family: l.Family, color: l.Color, awaits: l.Awaits, timing: l.Timing, migrated: l.Migrated}
	if !exact {
		rare.exact = &[3]time.Time{l.EarnedAt, l.ActiveFrom, l.ExpiresAt}
	}
	if was != nil && was.rare != nil && *was.rare == rare {
		return was.rare
	}
	return &rare
}

// rare reports whether a lot has what most lots lack.
func (l *Lot) rare() bool {
	return l.Parent != "" || l.Family != "" || l.Color != "" || l.Awaits != "" || l.Timing != nil || l.Migrated
}

func (p *packedLot) unpack(l *Lot) {
	*l = Lot{
		ID: p.id, Of: p.of, EarnedAt: p.earned.time(), ActiveFrom: p.active.time(), ExpiresAt: p.expires.time(),
		Pending: p.pending, Available: p.available, Held: p.held,
	}
	if r := p.rare; r != nil {
		l.Parent, l.Family, l.Color, l.Awaits, l.Timing, l.Migrated = r.parent, r.family, r.color, r.awaits, r.timing, r.migrated
		if r.exact != nil {
			l.EarnedAt, l.ActiveFrom, l.ExpiresAt = r.exact[0], r.exact[1], r.exact[2]
		}
	}
}

// rank is what orders lots as they are consumed: the earliest expiry first, those that never expire
// last, then the earliest active, where those that await an event come first, then by id.
type rank struct {
	expires, active micros
	id              string
}

func (l *Lot) rank() rank { return rank{microsOf(l.ExpiresAt), microsOf(l.ActiveFrom), l.ID} }

func (r rank) compare(to rank) int {
	switch {
	case r.expires != to.expires:
		return cmp.Compare(r.expires, to.expires)
	case r.active != to.active:
		return cmp.Compare(r.active+1, to.active+1) // of none this is the least
	default:
		return strings.Compare(r.id, to.id)
	}
}

// before orders lots as they are consumed.
func before(a, b *Lot) int { return a.rank().compare(b.rank()) }

// hold takes packed lots over, to read them only, in the room that other lots left behind. What is known
// of them comes along: whether some may have Timing, and when they are due, or 0.
func (s *shelf) hold(packed []packedLot, timed bool, next micros) {
	order := slices.Grow(s.order[:0], len(packed))[:len(packed)]
	for i := range order {
		order[i] = int32(i) //nolint:gosec // no account has two billion open lots
	}
	*s = shelf{packed: packed, timed: timed, next: next, order: order, loose: s.loose[:0]}
}

// pack takes lots over in their order.
func (s *shelf) pack(lots []Lot) {
	packed, timed := make([]packedLot, len(lots)), false
	for i := range lots {
		packed[i] = lots[i].pack(nil)
		timed = timed || lots[i].Timing != nil
	}
	s.hold(packed, timed, 0)
}

func (s *shelf) len() int { return len(s.order) }

// at returns a lot, to read or to alter, for as long as the shelf is in use.
func (s *shelf) at(i int) *Lot {
	k := s.order[i]
	if k < 0 {
		return &s.loose[^k].Lot
	}
	l := s.room(k)
	s.packed[k].unpack(&l.Lot)
	s.order[i] = s.last()
	return &l.Lot
}

// room returns room for one more loose lot, mostly left behind by another.
func (s *shelf) room(from int32) *looseLot {
	n := len(s.loose)
	if n < cap(s.loose) {
		s.loose = s.loose[:n+1]
	} else {
		s.loose = append(s.loose, nil)
	}
	if s.loose[n] == nil {
		s.loose[n] = new(looseLot)
	}
	s.loose[n].from = from
	return s.loose[n]
}

func (s *shelf) last() int32 { return ^int32(len(s.loose) - 1) } //nolint:gosec // as above

// all yields the lots in order, to read or to alter. The order must not change meanwhile.
func (s *shelf) all() iter.Seq[*Lot] {
	return func(yield func(*Lot) bool) {
		for i := range s.order {
			if !yield(s.at(i)) {
				return
			}
		}
	}
}

// find returns the place of a lot in the order, or -1.
func (s *shelf) find(id string) int {
	for i := range s.order {
		if s.id(i) == id {
			return i
		}
	}
	return -1
}

func (s *shelf) id(i int) string {
	if k := s.order[i]; k >= 0 {
		return s.packed[k].id
	}
	return s.loose[^s.order[i]].ID
}

func (s *shelf) color(i int) string {
	k := s.order[i]
	if k < 0 {
		return s.loose[^k].Color
	}
	if rare := s.packed[k].rare; rare != nil {
		return rare.color
	}
	return ""
}

func (s *shelf) rank(k int32) rank {
	if k < 0 {
		return s.loose[^k].rank()
	}
	p := &s.packed[k]
	return rank{p.expires, p.active, p.id}
}

// in returns how many points of a lot are in a bucket of open points.
func (s *shelf) in(i int, b Bucket) int64 {
	k := s.order[i]
	if k < 0 {
		return *s.loose[^k].bucket(b)
	}
	switch p := &s.packed[k]; b {
	case InPending:
		return p.pending
	case InAvailable:
		return p.available
	default:
		return p.held
	}
}

// sum adds up what the lots hold. The ledger keeps it within int64.
func (s *shelf) sum() (sum Balance) {
	for i := range s.order {
		sum.Pending += s.in(i, InPending)
		sum.Available += s.in(i, InAvailable)
		sum.Held += s.in(i, InHeld)
	}
	return sum
}

// due returns the next instant at which a lot becomes active or ends by itself, given how many points
// of all lots are pending. It looks no further than it must.
func (s *shelf) due(pending int64) micros {
	if s.next != 0 && len(s.loose) == s.fresh && !s.mixed { // nothing happened to the packed lots
		due := s.next
		for _, l := range s.loose {
			due = min(due, l.due())
		}
		return due
	}
	due := micros(none)
	for i, k := range s.order {
		waits := s.in(i, InPending)
		if waits > 0 {
			due = min(due, s.rank(k).active)
			pending -= waits
		}
		if waits > 0 || s.in(i, InAvailable) > 0 { // held points wait for their hold
			due = min(due, s.rank(k).expires)
			if pending == 0 {
				break // the others end no earlier
			}
		}
	}
	return due
}

// due returns when a lot becomes active or ends by itself.
func (l *Lot) due() micros {
	due := micros(none)
	if l.Pending > 0 {
		due = microsOf(l.ActiveFrom)
	}
	if l.Pending > 0 || l.Available > 0 {
		due = min(due, microsOf(l.ExpiresAt))
	}
	return due
}

// append puts a lot behind the others and leaves their places as they are. The order must be restored.
func (s *shelf) append(lot Lot) *Lot {
	l := s.room(added)
	l.Lot = lot
	s.timed = s.timed || lot.Timing != nil
	s.fresh++
	s.order = append(s.order, s.last())
	return &l.Lot
}

// add puts a lot where it is to be consumed and returns its place.
func (s *shelf) add(lot Lot) *Lot {
	l := s.room(added)
	l.Lot = lot
	s.timed = s.timed || lot.Timing != nil
	at := len(s.order)
	if own := lot.rank(); at > 0 && s.rank(s.order[at-1]).compare(own) > 0 { // mostly the new lot is the last
		at, _ = slices.BinarySearchFunc(s.order, own, func(k int32, to rank) int { return s.rank(k).compare(to) })
	}
	s.fresh++
	s.order = slices.Insert(s.order, at, s.last())
	return &l.Lot
}

// sort restores the order after lots were altered.
func (s *shelf) sort() {
	compare := func(a, b int32) int { return s.rank(a).compare(s.rank(b)) }
	if !slices.IsSortedFunc(s.order, compare) {
		slices.SortFunc(s.order, compare)
		s.mixed = true
	}
}

// drop removes the lots that hold nothing.
func (s *shelf) drop() {
	front := 0
	for front < len(s.order) && s.closed(s.order[front]) && !s.added(s.order[front]) {
		front++
	}
	s.cut += front
	s.order = slices.Delete(s.order, 0, front)
	s.order = slices.DeleteFunc(s.order, func(k int32) bool { return s.closed(k) && s.forget(k) })
}

func (s *shelf) closed(k int32) bool { return k < 0 && !s.loose[^k].open() }

func (s *shelf) added(k int32) bool { return k < 0 && s.loose[^k].from == added }

// forget notes that a lot, not at the front, leaves the order.
func (s *shelf) forget(k int32) bool {
	if s.added(k) {
		s.fresh--
	} else {
		s.mixed = true
	}
	return true
}

// extract removes the lots that someone wants and returns them.
func (s *shelf) extract(want func(*Lot) bool) []Lot {
	var out []Lot
	for i := 0; i < len(s.order); {
		l := s.at(i)
		if !want(l) {
			i++
			continue
		}
		out = append(out, *l)
		s.forget(s.order[i])
		s.order = slices.Delete(s.order, i, i+1)
	}
	return out
}

// clear removes all lots.
func (s *shelf) clear() { s.order, s.fresh, s.mixed = s.order[:0], 0, true }

// lots returns copies of all lots, nil for none.
func (s *shelf) lots() []Lot {
	if len(s.order) == 0 {
		return nil
	}
	lots := make([]Lot, len(s.order))
	for i, k := range s.order {
		if k < 0 {
			lots[i] = s.loose[^k].Lot
		} else {
			s.packed[k].unpack(&lots[i])
		}
	}
	return lots
}

// onto returns the lots packed, for which it writes over those that the shelf was given: in place, or,
// where others may still be reading them, elsewhere.
func (s *shelf) onto(others bool) []packedLot {
	if s.mixed {
		list := make([]packedLot, len(s.order))
		for i, k := range s.order {
			if k < 0 {
				list[i] = s.repack(s.loose[^k])
			} else {
				list[i] = s.packed[k]
			}
		}
		return list
	}
	first := len(s.order) // of those that were added
	for left := s.fresh; left > 0; {
		if first--; s.added(s.order[first]) {
			left--
		}
	}
	list := s.packed
	if others && (first < len(s.order)-s.fresh || slices.ContainsFunc(s.loose, func(l *looseLot) bool { return l.from != added })) {
		list = slices.Clone(list)
	}
	for _, l := range s.loose {
		if l.from != added {
			list[l.from] = s.repack(l)
		}
	}
	if s.cut > 0 {
		clear(list[:s.cut]) // for the garbage collector
		if s.cut == len(list) {
			list = list[:0]
		} else {
			list = list[s.cut:]
		}
	}
	for i, k := range s.order[first:] {
		if s.added(k) {
			list = slices.Insert(list, first+i, s.repack(s.loose[^k]))
		}
	}
	return list
}

func (s *shelf) repack(l *looseLot) packedLot {
	if l.from != added {
		return l.pack(&s.packed[l.from])
	}
	own := l.Lot // its texts may be part of a request or of a change that was read, which nobody else needs
	for _, text := range []*string{&own.ID, &own.Of, &own.Parent, &own.Family, &own.Color, &own.Awaits} {
		*text = strings.Clone(*text)
	}
	return own.pack(nil)
}
