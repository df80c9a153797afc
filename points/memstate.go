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
	timed           bool // some lot may have Timing
	holds           []Hold
	uses            []Use
	rare            *memRare // nil for most
}

type memRare struct {
	frozen     []string
	disputes   []Dispute
	mergedInto string
	forgotten  bool
	streak     Streak
}

// set takes over the state of a book.
func (s *memAccount) set(b *book) {
	a := &b.acc
	s.version, s.sum = a.Version, b.balance()
	s.due, s.at, s.active = a.Due, a.At, a.Active
	s.lots = b.lots.onto(s.readers > 1)
	s.timed = b.lots.timed && len(s.lots) > 0
	s.holds = append(s.holds[:0], a.Holds...)
	s.uses = append(s.uses[:0], a.Uses...)
	s.rare = nil
	if len(a.Frozen) > 0 || len(a.Disputes) > 0 || a.MergedInto != "" || a.Forgotten || a.Streak != (Streak{}) {
		s.rare = &memRare{append([]string(nil), a.Frozen...), append([]Dispute(nil), a.Disputes...), a.MergedInto, a.Forgotten, a.Streak}
	}
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
		a.MergedInto, a.Forgotten, a.Streak = r.mergedInto, r.forgotten, r.streak
	}
}
