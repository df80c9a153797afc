package points

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// Account is what a [Store] keeps of one account: its state after its latest change. It holds open
// lots and open holds only, so it stays small however long the history is. It is a plain value that
// survives JSON; a store reads ID, Version and Due and keeps the rest as it is. All instants are UTC
// in whole microseconds.
type Account struct {
	// ID is the caller's name of the account, compared byte by byte.
	ID string `json:"account"`
	// Version counts the changes; 0 is an account that was never written.
	Version int64 `json:"version"`
	// Due is the next instant at which something happens by itself (a lot becomes active or expires,
	// a hold runs out); zero if nothing will.
	Due time.Time `json:"due,omitzero"`
	// At is the instant of the latest change. A debit dated before it is refused.
	At time.Time `json:"at,omitzero"`
	// Active is the latest activity that counts against expiry by inactivity.
	Active time.Time `json:"active,omitzero"`
	// Debt is what a claw-back could not take; later credits repay it first.
	Debt int64 `json:"debt,omitempty"`
	// Frozen lists what froze the account: the keys of open charge-backs and freezes.
	Frozen []string `json:"frozen,omitempty"`
	// Disputes are the debts of charge-backs that may yet be won, less what was written off of them.
	Disputes []Dispute `json:"disputes,omitempty"`
	// MergedInto names the account that this one was merged into, if it was.
	MergedInto string `json:"merged_into,omitempty"`
	// Forgotten is set once the member was erased.
	Forgotten bool `json:"forgotten,omitempty"`
	// Extended is set once a lot was given more life by hand.
	Extended bool `json:"extended,omitempty"`
	// Lots are the open lots in consumption order.
	Lots []Lot `json:"lots,omitempty"`
	// Holds are the open holds in the order they were taken.
	Holds []Hold `json:"holds,omitempty"`
	// Uses counts what the periods of caps have granted, less what was taken back.
	Uses []Use `json:"uses,omitempty"`
	// Streak is the row of days on which the member checked in.
	Streak Streak `json:"streak,omitzero"`

	// Changes are the recorded changes that [Store.Load] was asked for. They are not part of the state.
	Changes []Change `json:"-"`
}

// Lot is a parcel of points that were earned together and expire together. An open lot has points
// pending, available or held; those that were spent, expired or taken back have left it and are in
// the entries.
type Lot struct {
	// ID is unique within the account: the key of the change that issued it, or of the hold that released
	// it with grace, with "#2", "#3" for further lots, and with "#1" for the first where the key itself
	// ends like that.
	ID string `json:"lot"`
	// Of is the natural key of what earned the points, such as "order:7"; empty for a bare award.
	Of string `json:"of,omitempty"`
	// Parent is the lot that this one came from by transfer, merge, reinstatement or a release with grace.
	Parent string `json:"parent,omitempty"`
	// Family is the family of rules that gave the points.
	Family string `json:"family,omitempty"`
	// Color tells points of different funders apart, such as "brand" and "platform"; the caller's word.
	Color string `json:"color,omitempty"`
	// EarnedAt is the instant the points count from.
	EarnedAt time.Time `json:"earned_at"`
	// ActiveFrom is when pending points become available; zero while they wait for Awaits.
	ActiveFrom time.Time `json:"active_from,omitzero"`
	// ExpiresAt is the first instant at which the points are gone; zero means never, or not yet known.
	ExpiresAt time.Time `json:"expires_at,omitzero"`
	// Awaits is the event that makes pending points available.
	Awaits string `json:"awaits,omitempty"`
	// Timing are the terms the points live under, kept where something is still open: they wait for
	// an event, or activity moves their expiry.
	Timing *Timing `json:"timing,omitempty"`
	// Migrated marks an opening balance.
	Migrated bool `json:"migrated,omitempty"`

	Pending   int64 `json:"pending,omitempty"`
	Available int64 `json:"available,omitempty"`
	Held      int64 `json:"held,omitempty"`
}

func (l *Lot) open() bool { return l.Pending > 0 || l.Available > 0 || l.Held > 0 }

// Hold sets points aside for a purchase that is under way. Its slices are protected from expiry
// until it is captured, voided or times out.
type Hold struct {
	// ID is the key of the change that took it, such as "hold:7".
	ID string `json:"hold"`
	// Of is the natural key of the order it is for, such as "order:7"; it may be empty.
	Of string `json:"of,omitempty"`
	// Points is the sum of the slices.
	Points int64 `json:"points"`
	// Money and Lines are what the points pay, see [Spend]; less than was asked for where they are fewer.
	Money decimal.Decimal   `json:"money,omitzero"`
	Lines []decimal.Decimal `json:"lines,omitempty"`
	// At and ExpiresAt bound the hold; at ExpiresAt it is released by itself.
	At        time.Time `json:"at"`
	ExpiresAt time.Time `json:"expires_at"`
	// Pins are the parts of lots that the hold set aside, in consumption order.
	Pins []Pin `json:"pins"`
	// Returned says that something of the order was paid back, so that what is captured comes back with it.
	Returned bool `json:"returned,omitempty"`
}

// Pin is a part of a lot that a hold set aside.
type Pin struct {
	Lot    string `json:"lot"`
	Points int64  `json:"points"`
}

// Dispute is what a win of a charge-back would forgive.
type Dispute struct {
	// Chargeback is the key of the charge-back.
	Chargeback string `json:"chargeback"`
	Points     int64  `json:"points"`
}

// Clone returns a copy that shares nothing with a that anyone can alter.
func (a Account) Clone() Account {
	a.Frozen, a.Disputes = slices.Clone(a.Frozen), slices.Clone(a.Disputes)
	a.Lots, a.Holds, a.Uses = slices.Clone(a.Lots), slices.Clone(a.Holds), slices.Clone(a.Uses)
	for i := range a.Lots {
		a.Lots[i].Timing = a.Lots[i].Timing.clone()
	}
	for i := range a.Holds {
		a.Holds[i].Pins = slices.Clone(a.Holds[i].Pins)
		a.Holds[i].Lines = slices.Clone(a.Holds[i].Lines)
	}
	return a
}

func (t *Timing) clone() *Timing {
	if t == nil {
		return nil
	}
	c := *t
	c.Expiry = c.Expiry.clone()
	return &c
}

func (e Expiry) clone() Expiry {
	e.Later, e.Earlier = slices.Clone(e.Later), slices.Clone(e.Earlier)
	for i := range e.Later {
		e.Later[i] = e.Later[i].clone()
	}
	for i := range e.Earlier {
		e.Earlier[i] = e.Earlier[i].clone()
	}
	return e
}
