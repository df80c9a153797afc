package points

import (
	"slices"
	"time"
)

// Change is one recorded step of an account: who asked for what, which points moved, and what the
// account was told. Changes are never altered. A Change is a plain value that survives JSON; a store
// needs Account, Version, Key and Of as columns and keeps the rest as it is. All instants but those of
// the Request are UTC.
type Change struct {
	Account string `json:"account"`
	// Version is the account's version after the change, 1 for its first.
	Version int64 `json:"version"`
	// Key names the mutation, once in the account's life. It is empty for what time does by itself
	// (activation, expiry, a hold that runs out): store it as NULL under the unique index.
	Key string `json:"key,omitempty"`
	// Of is the key that the change refers to, such as the "order:7" of a refund; it may be empty.
	Of string `json:"of,omitempty"`
	// Cause is, of a change without a key, the key of what it follows from: the hold that ran out, or the
	// operation or hold whose points lapsed. It is empty for a lot that becomes active or ends by itself.
	Cause string    `json:"cause,omitempty"`
	Kind  Kind      `json:"kind"`
	At    time.Time `json:"at"`
	// Request is what was asked for, in canonical form; nil for what time does by itself.
	Request *Request `json:"request,omitempty"`
	// Entries are the movements of points, in order.
	Entries []Entry `json:"entries,omitempty"`
	// Receipt is what the caller was told; its Entries are left out here.
	Receipt Receipt `json:"receipt,omitzero"`
	// Evidence are the terms in force and the facts of an order, frozen for later refunds.
	Evidence Evidence `json:"evidence,omitzero"`

	// State is the account after the change, with the change's version; nil where a later change of
	// the same commit supersedes it, and whenever a change is read back.
	State *Account `json:"-"`
}

// Kind says what a change or an entry is.
type Kind string

// The kinds of changes, which are the operations of a [Ledger], and of entries, which are movements.
const (
	KindEarn       Kind = "earn"       // points come in, pending or available
	KindConfirm    Kind = "confirm"    // an event makes pending points available
	KindActivate   Kind = "activate"   // pending points become available in time
	KindRedeem     Kind = "redeem"     // points are spent, at once or from a hold
	KindHold       Kind = "hold"       // points are set aside
	KindCapture    Kind = "capture"    // a hold is spent, in full or in part
	KindVoid       Kind = "void"       // a hold is given up
	KindProlong    Kind = "prolong"    // a hold gets more time
	KindTimeout    Kind = "timeout"    // a hold ran out
	KindRelease    Kind = "release"    // held points become available again
	KindExpire     Kind = "expire"     // points reached their expiry
	KindRefund     Kind = "refund"     // an order was paid back, in full or in part
	KindCancel     Kind = "cancel"     // an order was undone, with what was redeemed for it
	KindEdit       Kind = "edit"       // an order was changed
	KindClaw       Kind = "claw"       // points are taken back
	KindUnclaw     Kind = "unclaw"     // a claw-back is reversed
	KindReinstate  Kind = "reinstate"  // redeemed points come back
	KindDebt       Kind = "debt"       // what could not be taken back is owed
	KindRepay      Kind = "repay"      // a credit repays debt
	KindWriteOff   Kind = "write_off"  // debt is forgiven
	KindChargeback Kind = "chargeback" // the bank took an order's payment back
	KindWin        Kind = "win"        // a charge-back was won
	KindAdjust     Kind = "adjust"     // a person corrected the balance
	KindExtend     Kind = "extend"     // a lot lives longer
	KindFreeze     Kind = "freeze"     // spending is stopped
	KindUnfreeze   Kind = "unfreeze"   // spending is allowed again
	KindTransfer   Kind = "transfer"   // points go to another account
	KindReceive    Kind = "receive"    // points come from another account
	KindMerge      Kind = "merge"      // an account becomes an alias of another
	KindUnmerge    Kind = "unmerge"    // a merge is undone
	KindOpen       Kind = "open"       // an opening balance is imported
	KindCheckIn    Kind = "check_in"   // a member checked in
	KindForget     Kind = "forget"     // a member is erased
)

// Bucket is a place where the points of a lot can be. The points of a lot are always the sum of its buckets.
type Bucket string

// The buckets of a lot. Points are issued from Outside into InPending or InAvailable.
const (
	Outside       Bucket = ""
	InPending     Bucket = "pending"
	InAvailable   Bucket = "available"
	InHeld        Bucket = "held"
	InRedeemed    Bucket = "redeemed"
	InExpired     Bucket = "expired"
	InClawed      Bucket = "clawed"
	InTransferred Bucket = "transferred"
	InRepaid      Bucket = "repaid"
	// InDebt is what the member owes. It holds no lots.
	InDebt Bucket = "debt"
)

// Entry is one movement of points from a bucket to a bucket. Its Points are the sum of its slices,
// except where debt comes or goes: that moves no lot.
type Entry struct {
	Kind Kind `json:"kind"`
	// At is when the movement takes effect; for a back-dated credit it lies before its Change.At.
	At     time.Time `json:"at"`
	From   Bucket    `json:"from,omitempty"`
	To     Bucket    `json:"to,omitempty"`
	Points int64     `json:"points,omitempty"`
	Slices []Slice   `json:"slices,omitempty"`
	// Of is the key of the redemption that reinstated points come back from.
	Of string `json:"of,omitempty"`
}

// Slice is the part that one lot had in an entry.
type Slice struct {
	Points int64 `json:"points"`
	// Lot is the lot as the movement left it.
	Lot Lot `json:"lot"`
}

// Balance is what an account has at an instant.
type Balance struct {
	// Available can be spent now. It and Debt are never both positive.
	Available int64 `json:"available"`
	// Pending is earned but not yet available.
	Pending int64 `json:"pending"`
	// Held is set aside by open holds.
	Held int64 `json:"held"`
	// Debt is owed by the member.
	Debt int64 `json:"debt"`
}

// Net returns Available + Held - Debt, the sum that a statement follows.
func (b Balance) Net() int64 { return b.Available + b.Held - b.Debt }

// Clone returns a copy that shares nothing with c that anyone can alter.
func (c Change) Clone() Change {
	c.Request = c.Request.clone()
	c.Entries = cloneEntries(c.Entries)
	c.Receipt = c.Receipt.clone()
	if c.State != nil {
		s := c.State.Clone()
		s.Changes = nil
		c.State = &s
	}
	return c
}

func cloneEntries(entries []Entry) []Entry {
	entries = slices.Clone(entries)
	for i := range entries {
		entries[i].Slices = slices.Clone(entries[i].Slices)
	}
	ownTimings(entries)
	return entries
}

func ownTimings(entries []Entry) {
	for i := range entries {
		for j := range entries[i].Slices {
			lot := &entries[i].Slices[j].Lot
			lot.Timing = lot.Timing.clone()
		}
	}
}
