package points

import "slices"

// Terms are the programme's choices about points that already exist. A [Ledger] follows them; the
// zero value of each field is the default named there.
type Terms struct {
	// Refund is what happens to points that a refund claws back and that are spent already; DebtCap
	// bounds the debt of one account, 0 for no bound.
	Refund  RefundMode `json:"refund,omitempty"`
	DebtCap int64      `json:"debt_cap,omitempty"`
	// Reinstate is what happens to points that a refund gives back and whose lot has expired.
	// ReinstateDays is the length of the grace, 30 if zero.
	Reinstate     ReinstateMode `json:"reinstate,omitempty"`
	ReinstateDays int           `json:"reinstate_days,omitempty"`
	// RegraceDays gives points that a hold releases after their expiry as many days more, from their
	// release and in a lot of their own; 0 lets them lapse.
	RegraceDays int `json:"regrace_days,omitempty"`
	// BackDated is what happens to a credit whose points have expired before it is known.
	// BackDatedDays is the length of the grace.
	BackDated     BackDatedMode `json:"back_dated,omitempty"`
	BackDatedDays int           `json:"back_dated_days,omitempty"`
	// TransferPerDay bounds the points that one account gives to others in a local day, without the
	// fees; 0 for no bound.
	TransferPerDay int64 `json:"transfer_per_day,omitempty"`
	// FreezeBlocksCapture refuses a capture on a frozen account; by default a hold that was granted
	// may be captured.
	FreezeBlocksCapture bool `json:"freeze_blocks_capture,omitempty"`
	// Activity lists the kinds of operations that move an inactivity deadline; earn and redeem if empty.
	Activity []string `json:"activity,omitempty"`
	// DedupeOnce takes a once-only award back when a merge brings two of them together.
	DedupeOnce bool `json:"dedupe_once,omitempty"`
}

// RefundMode is what happens when clawed points are spent already.
type RefundMode string

// The refund modes. The zero value is AllowDebt.
const (
	AllowDebt     RefundMode = "allow_debt"     // the account owes them
	WithinBalance RefundMode = "within_balance" // the rest is reported as shortfall
	OnlyPending   RefundMode = "only_pending"   // only the order's own pending points are taken
)

// ReinstateMode is what happens to reinstated points whose lot has expired.
type ReinstateMode string

// The reinstatement modes. The zero value is Grace.
const (
	Grace          ReinstateMode = "grace"           // a new lot lives for ReinstateDays
	OriginalExpiry ReinstateMode = "original_expiry" // they lapse at once
	FreshTTL       ReinstateMode = "fresh"           // a new lot lives as one earned today
)

// BackDatedMode is what happens to a credit that is born expired.
type BackDatedMode string

// The modes for back-dated credits. The zero value is BornExpired.
const (
	BornExpired    BackDatedMode = "born_expired"
	RejectExpired  BackDatedMode = "reject"
	GraceBackDated BackDatedMode = "grace" // it lives for BackDatedDays from when it is known
)

// activities are the operations that may count as activity. A capture counts as the redemption it is.
var activities = []Kind{KindEarn, KindRedeem, KindHold, KindConfirm, KindCheckIn, KindRefund, KindCancel, KindEdit, KindAdjust, KindTransfer, KindMerge}

func (c *compiler) terms(t Terms) {
	oneOf(c, "terms.refund", t.Refund, AllowDebt, WithinBalance, OnlyPending)
	oneOf(c, "terms.reinstate", t.Reinstate, Grace, OriginalExpiry, FreshTTL)
	oneOf(c, "terms.back_dated", t.BackDated, BornExpired, RejectExpired, GraceBackDated)
	c.atLeastZero("terms.debt_cap", t.DebtCap)
	c.atLeastZero("terms.transfer_per_day", t.TransferPerDay)
	for _, n := range []struct {
		path string
		days int
	}{
		{"terms.reinstate_days", t.ReinstateDays}, {"terms.regrace_days", t.RegraceDays}, {"terms.back_dated_days", t.BackDatedDays},
	} {
		if n.days < 0 || n.days > maxSpanDays {
			c.bad(n.path, "must be 0 to %d, is %d", maxSpanDays, n.days)
		}
	}
	if t.BackDated == GraceBackDated && t.BackDatedDays == 0 {
		c.bad("terms.back_dated_days", "a grace needs its days")
	}
	if t.DebtCap > 0 && t.Refund != "" && t.Refund != AllowDebt {
		c.bad("terms.debt_cap", "only %q makes debt", string(AllowDebt))
	}
	for i, word := range t.Activity {
		if !slices.Contains(activities, Kind(word)) {
			c.bad(item("terms.activity", i), "%.60q is not one of %q", word, activities)
		}
	}
}
