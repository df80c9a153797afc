package points

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// The sentinels of a ledger. Test for them with [errors.Is]; some come as typed errors that say more.
// None names the account.
var (
	// ErrConflict is a lost race: the account moved on, or the key was taken. A [Ledger] retries by
	// itself; one from [Ledger.With] does not, because the whole transaction must be run again.
	ErrConflict = errors.New("points: lost a race for the account")
	// ErrKeyReused is another request under a used key; see [KeyReusedError].
	ErrKeyReused = errors.New("points: key was used for another request")
	// ErrInsufficient is a debit beyond the available points; see [InsufficientError].
	ErrInsufficient = errors.New("points: not enough points")
	// ErrHoldClosed is a capture, void or extension of a hold that is not open; see [HoldClosedError].
	ErrHoldClosed = errors.New("points: hold is closed")
	// ErrUnknown is a reference to an order, hold, lot or redemption that the account does not have, or to
	// a rule, an action or a revision that the policy does not have.
	ErrUnknown = errors.New("points: unknown reference")
	// ErrOutOfOrder is a debit dated before the account's latest change.
	ErrOutOfOrder = errors.New("points: dated before the latest change")
	// ErrAmount is a number of points or an amount of money that is not allowed here.
	ErrAmount = errors.New("points: invalid amount")
	// ErrID is an account, key or reference that is empty, over 255 bytes, not UTF-8 or holds a NUL, or a
	// key that begins as those of another kind of operation do, such as "order:" or "cancel:".
	ErrID = errors.New("points: invalid id")
	// ErrOverflow is a sum beyond int64.
	ErrOverflow = errors.New("points: number out of range")
	// ErrFrozen is a hold, redemption or transfer of a frozen account.
	ErrFrozen = errors.New("points: account is frozen")
	// ErrGrowth is a redemption, hold or transfer of a growth value, which nobody can spend.
	ErrGrowth = errors.New("points: a growth value cannot be spent")
	// ErrDayLimit is a redemption, hold or transfer beyond what the policy allows in a local day.
	ErrDayLimit = errors.New("points: over the limit of the day")
	// ErrRefundExceedsOrder is a refund beyond what is left of its order.
	ErrRefundExceedsOrder = errors.New("points: refund exceeds the order")
	// ErrAlreadyGranted is an award that is given once and was given.
	ErrAlreadyGranted = errors.New("points: already granted")
	// ErrSameAccount is a transfer or merge of an account with itself.
	ErrSameAccount = errors.New("points: both accounts are the same")
	// ErrMergeCycle is a merge of an account into one that was merged into it.
	ErrMergeCycle = errors.New("points: merge would form a cycle")
	// ErrNotClean is an unmerge of accounts that were used since; see [NotCleanError].
	ErrNotClean = errors.New("points: merge can no longer be undone")
	// ErrWouldShorten is an extension that would end a lot earlier.
	ErrWouldShorten = errors.New("points: would shorten the life of the points")
	// ErrExpired is an extension of points that are gone, or a credit that is born expired where the policy refuses it.
	ErrExpired = errors.New("points: points have expired")
	// ErrForgotten is an operation on an account that was erased.
	ErrForgotten = errors.New("points: account was erased")
	// ErrAmbiguous marks an error of the store after which nobody knows whether the change was
	// committed. Repeating the operation with its key settles it.
	ErrAmbiguous = errors.New("points: outcome unknown, repeat with the same key")
	// ErrNoHistory is a question that needs a store with [History].
	ErrNoHistory = errors.New("points: the store keeps no history")
	// ErrCorrupt is a store that handed out what no ledger has written.
	ErrCorrupt = errors.New("points: stored data is inconsistent")
)

// KeyReusedError names the fields in which a request differs from the one recorded under its key.
type KeyReusedError struct {
	Key    string
	Fields []Difference
}

func (e *KeyReusedError) Error() string {
	fields := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		fields[i] = f.String()
	}
	return fmt.Sprintf("%v: %s", ErrKeyReused, strings.Join(fields, ", "))
}

// Is makes the error match [ErrKeyReused].
func (e *KeyReusedError) Is(target error) bool { return target == ErrKeyReused }

// InsufficientError says what an account had when a debit was refused.
type InsufficientError struct {
	Need      int64
	Available int64
	Held      int64
	Pending   int64
	// NextActive is the next instant at which pending points become available; zero if none will by time alone.
	NextActive time.Time
}

func (e *InsufficientError) Error() string {
	s := fmt.Sprintf("%v: need %d, available %d, held %d, pending %d", ErrInsufficient, e.Need, e.Available, e.Held, e.Pending)
	if !e.NextActive.IsZero() {
		s += ", next available " + e.NextActive.Format(time.RFC3339)
	}
	return s
}

// Is makes the error match [ErrInsufficient].
func (e *InsufficientError) Is(target error) bool { return target == ErrInsufficient }

// HoldClosedError says how a hold was closed.
type HoldClosedError struct {
	// By is [KindCapture], [KindVoid], [KindTimeout] or [KindCancel], of its order.
	By Kind
}

func (e *HoldClosedError) Error() string {
	how := map[Kind]string{KindCapture: "captured", KindVoid: "voided", KindTimeout: "expired", KindCancel: "given up with its order"}[e.By]
	return ErrHoldClosed.Error() + ": " + how
}

// Is makes the error match [ErrHoldClosed].
func (e *HoldClosedError) Is(target error) bool { return target == ErrHoldClosed }

// NotCleanError lists what stands in the way of an unmerge.
type NotCleanError struct{ Blocks []string }

func (e *NotCleanError) Error() string {
	return ErrNotClean.Error() + ": " + strings.Join(e.Blocks, ", ")
}

// Is makes the error match [ErrNotClean].
func (e *NotCleanError) Is(target error) bool { return target == ErrNotClean }

// AlreadyGrantedError names the award that was given before, such as "birthday:2025".
type AlreadyGrantedError struct{ Key string }

func (e *AlreadyGrantedError) Error() string { return ErrAlreadyGranted.Error() + ": " + e.Key }

// Is makes the error match [ErrAlreadyGranted].
func (e *AlreadyGrantedError) Is(target error) bool { return target == ErrAlreadyGranted }
