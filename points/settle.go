package points

import (
	"cmp"
	"slices"
	"time"
)

// What time does by itself, in the order in which it happens at one instant.
const (
	activation = iota
	timeout
	expiry
)

type event struct {
	at   time.Time
	rank int
	id   string // of the lot or hold
}

func (e event) compare(o event) int {
	return cmp.Or(e.at.Compare(o.at), cmp.Compare(e.rank, o.rank), cmp.Compare(e.id, o.id))
}

// settle brings the account to an instant: every activation, timeout and expiry up to and including
// it becomes a change of its own, dated when it happened. A sweeper does the same earlier, so it
// makes no difference whether one runs.
func (b *book) settle(at time.Time) error {
	if len(b.posted) > 0 { // an earlier operation of the unit may have set something in motion
		b.tidy()
	}
	if b.acc.Due.IsZero() || b.acc.Due.After(at) {
		return nil
	}
	events := b.events(at)
	lots := make(map[string]int, b.lots.len())
	for i := range b.lots.len() {
		lots[b.lots.id(i)] = i
	}
	for len(events) > 0 {
		e := events[0]
		events = events[1:]
		switch e.rank {
		case activation:
			l := b.lots.at(lots[e.id])
			if b.activate(l, e.at) {
				b.post(&Change{Kind: KindActivate, Of: l.Of, At: e.at})
			}
		case timeout:
			again, err := b.timeout(e.id, e.at, lots)
			if err != nil {
				return err
			}
			for i := len(lots); i < b.lots.len(); i++ { // those that came with grace
				lots[b.lots.id(i)] = i
			}
			for _, l := range again { // released with some life left, which may end before at
				if next := (event{l.ExpiresAt, expiry, l.ID}); !l.ExpiresAt.IsZero() && !l.ExpiresAt.After(at) {
					i, _ := slices.BinarySearchFunc(events, next, event.compare)
					events = slices.Insert(events, i, next)
				}
			}
		case expiry:
			l := b.lots.at(lots[e.id])
			if b.expire(l, e.at) {
				b.post(&Change{Kind: KindExpire, Of: l.Of, At: e.at})
			}
		}
	}
	b.tidy()
	return nil
}

func (b *book) events(until time.Time) []event {
	var events []event
	due := func(t time.Time, rank int, id string) {
		if !t.IsZero() && !t.After(until) {
			events = append(events, event{t, rank, id})
		}
	}
	for i, k := range b.lots.order {
		own := b.lots.rank(k)
		if b.lots.in(i, InPending) > 0 {
			due(own.active.time(), activation, own.id)
		}
		due(own.expires.time(), expiry, own.id)
	}
	for i := range b.acc.Holds {
		due(b.acc.Holds[i].ExpiresAt, timeout, b.acc.Holds[i].ID)
	}
	slices.SortFunc(events, event.compare)
	return events
}

// activate makes a lot's pending points available, which first repays debt.
func (b *book) activate(l *Lot, at time.Time) bool {
	if l.Pending == 0 {
		return false
	}
	b.enter(KindActivate, at, InPending, InAvailable)
	b.move(l, l.Pending)
	b.repay(l, at)
	return true
}

// expire ends what a lot has pending and available; what is held waits for its hold.
func (b *book) expire(l *Lot, at time.Time) bool {
	for _, from := range []Bucket{InPending, InAvailable} {
		if n := *l.bucket(from); n > 0 {
			b.enter(KindExpire, at, from, InExpired)
			b.move(l, n)
		}
	}
	return len(b.entries) > 0
}

// timeout releases a hold that ran out and returns the lots it gave points back to.
func (b *book) timeout(id string, at time.Time, lots map[string]int) ([]*Lot, error) {
	i := slices.IndexFunc(b.acc.Holds, func(h Hold) bool { return h.ID == id })
	hold := b.acc.Holds[i]
	b.acc.Holds = slices.Delete(b.acc.Holds, i, i+1)
	var freed []*Lot
	for n, pin := range hold.Pins {
		i, ok := lots[pin.Lot]
		if !ok {
			return nil, ErrCorrupt
		}
		freed = append(freed, b.release(&hold, n, b.lots.at(i), pin.Points, at))
	}
	b.post(&Change{Kind: KindTimeout, Of: hold.ref(), Cause: hold.ID, At: at})
	return freed, nil
}

// release gives n points that the ith pin of a hold set aside back to their lot, which it returns. Points
// whose lot has ended meanwhile lapse, or go to a lot of their own that lives for the programme's grace:
// so each release has its days, whatever else of the lot was released before. It goes behind the others
// until the order is restored.
func (b *book) release(h *Hold, i int, l *Lot, n int64, at time.Time) *Lot {
	from := InHeld
	if l.ended(at) {
		days := b.terms(at).RegraceDays
		if days == 0 {
			b.lapse(l, n, InHeld)
			return l
		}
		b.enter(KindRelease, at, InHeld, InTransferred)
		b.move(l, n)
		l = b.lots.append(Lot{
			ID: lotID(h.ID, i), Of: l.Of, Parent: l.ID, Family: l.Family, Color: l.Color,
			EarnedAt: l.EarnedAt, ActiveFrom: at, ExpiresAt: b.through(at, days),
		})
		from, b.moved = Outside, true
	}
	b.enter(KindRelease, at, from, InAvailable)
	b.move(l, n)
	b.repay(l, at)
	return l
}

// ref is what changes of the hold refer to: its order if it has one, so that a refund finds them.
func (h *Hold) ref() string { return keyOr(h.Of, h.ID) }

func holdKey(id string) string { return "hold:" + id }
