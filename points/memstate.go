package points

import "time"

// memAccount is an account as a [MemStore] keeps it, without the room of what most accounts lack: of
// many accounts none is in the processor's cache when it is asked for. It shares the terms of lots and
// the pins of holds with whoever wrote it.
type memAccount struct {
	history
	readers         int // that borrowed the lots
	version         int64
	sum             Balance
	due, at, active time.Time
	lots            []packedLot
	gone            int    // places before them in the same memory
	timed           bool   // some lot may have Timing
	next            micros // when the lots are due
	holds           []Hold
	uses            []Use
	rare            *memRare // nil for most
}

type memRare struct {
	frozen     []string
	disputes   []Dispute
	mergedInto string
	forgotten  bool
	extended   bool
	streak     Streak
}

// set takes over the state of a book.
func (s *memAccount) set(b *book) {
	a := &b.acc
	s.version, s.sum = a.Version, b.balance()
	s.due, s.at, s.active = a.Due, a.At, a.Active
	s.next = b.lots.due(s.sum.Pending)
	s.keep(b.lots.onto(s.readers > 1))
	s.timed = b.lots.timed && len(s.lots) > 0
	s.holds = refill(s.holds, a.Holds)
	s.uses = refill(s.uses, a.Uses)
	s.rare = nil
	if len(a.Frozen) > 0 || len(a.Disputes) > 0 || a.MergedInto != "" || a.Forgotten || a.Extended || a.Streak != (Streak{}) {
		s.rare = &memRare{append([]string(nil), a.Frozen...), append([]Dispute(nil), a.Disputes...), a.MergedInto, a.Forgotten, a.Extended, a.Streak}
	}
}

// keep takes lots over, out of memory that has become much too large for them.
func (s *memAccount) keep(lots []packedLot) {
	s.gone += cap(s.lots) - cap(lots)
	if n := cap(lots); n == 0 || n > cap(s.lots) || &lots[:n][n-1] != &s.lots[:cap(s.lots)][cap(s.lots)-1] {
		s.gone = 0 // other memory
	}
	if wasteful(len(lots), s.gone+cap(lots)) {
		lots, s.gone = append([]packedLot(nil), lots...), 0
	}
	s.lots = lots
}

func wasteful(used, room int) bool { return room > 4*used+16 }

// refill puts a list into the room of another.
func refill[T any](room, list []T) []T {
	if wasteful(len(list), cap(room)) {
		room = nil
	}
	clear(room[min(len(list), len(room)):]) // for the garbage collector
	return append(room[:0], list...)
}

// into writes the state of an account, but for its lots, into the room that another left behind.
func (s *memAccount) into(id string, a *Account) {
	*a = Account{
		ID: id, Version: s.version, Debt: s.sum.Debt,
		Due: s.due, At: s.at, Active: s.active,
		Holds: append(a.Holds[:0], s.holds...), Uses: append(a.Uses[:0], s.uses...),
	}
	if r := s.rare; r != nil {
		a.Frozen, a.Disputes = append(a.Frozen, r.frozen...), append(a.Disputes, r.disputes...)
		a.MergedInto, a.Forgotten, a.Extended, a.Streak = r.mergedInto, r.forgotten, r.extended, r.streak
	}
}
