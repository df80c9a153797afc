package points

import "time"

// memState is an [Account] as a [MemStore] keeps it, without the room of what most accounts lack: of
// many accounts none is in the processor's cache when it is asked for. It shares the terms of lots and
// the pins of holds with whoever wrote it.
type memState struct {
	version, debt   int64
	due, at, active time.Time
	lots            []memLot
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

type memLot struct {
	id, of                  string
	earned, active, expires time.Time
	pending, available      int64
	held                    int64
	rare                    *memLotRare // nil for most
}

type memLotRare struct {
	parent, family, color, awaits string
	timing                        *Timing
	migrated                      bool
}

// set takes over a state.
func (s *memState) set(a *Account) {
	s.version, s.debt = a.Version, a.Debt
	s.due, s.at, s.active = a.Due, a.At, a.Active
	were := s.lots
	s.lots = were[:0]
	for i := range a.Lots {
		s.lots = append(s.lots, lotToKeep(&a.Lots[i]))
	}
	if len(were) > len(s.lots) {
		clear(were[len(s.lots):])
	}
	s.holds = append(s.holds[:0], a.Holds...)
	s.uses = append(s.uses[:0], a.Uses...)
	s.rare = nil
	if len(a.Frozen) > 0 || len(a.Disputes) > 0 || a.MergedInto != "" || a.Forgotten || a.Streak != (Streak{}) {
		s.rare = &memRare{append([]string(nil), a.Frozen...), append([]Dispute(nil), a.Disputes...), a.MergedInto, a.Forgotten, a.Streak}
	}
}

// into writes the state of an account into the room that another left behind.
func (s *memState) into(id string, a *Account) {
	lots := a.Lots[:0]
	for i := range s.lots {
		lots = append(lots, s.lots[i].lot())
	}
	*a = Account{
		ID: id, Version: s.version, Debt: s.debt,
		Due: s.due, At: s.at, Active: s.active,
		Lots: lots, Holds: append(a.Holds[:0], s.holds...), Uses: append(a.Uses[:0], s.uses...),
	}
	if r := s.rare; r != nil {
		a.Frozen, a.Disputes = append(a.Frozen, r.frozen...), append(a.Disputes, r.disputes...)
		a.MergedInto, a.Forgotten, a.Streak = r.mergedInto, r.forgotten, r.streak
	}
}

func lotToKeep(l *Lot) memLot {
	m := memLot{
		id: l.ID, of: l.Of, earned: l.EarnedAt, active: l.ActiveFrom, expires: l.ExpiresAt,
		pending: l.Pending, available: l.Available, held: l.Held,
	}
	if l.Parent != "" || l.Family != "" || l.Color != "" || l.Awaits != "" || l.Timing != nil || l.Migrated {
		m.rare = &memLotRare{l.Parent, l.Family, l.Color, l.Awaits, l.Timing, l.Migrated}
	}
	return m
}

func (m *memLot) lot() Lot {
	l := Lot{
		ID: m.id, Of: m.of, EarnedAt: m.earned, ActiveFrom: m.active, ExpiresAt: m.expires,
		Pending: m.pending, Available: m.available, Held: m.held,
	}
	if r := m.rare; r != nil {
		l.Parent, l.Family, l.Color, l.Awaits, l.Timing, l.Migrated = r.parent, r.family, r.color, r.awaits, r.timing, r.migrated
	}
	return l
}
