package campaign

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"iter"
	"log/slog"
	"slices"
	"time"

	"github.com/regulars-go/regulars/campaign/rule"
)

// Arm is the side of an audience a customer is on.
type Arm uint8

// The arms. A treated member is addressed; a control member was selected and is held out.
const (
	Outside Arm = iota
	Treated
	Control
)

// String returns outside, treated or control.
func (a Arm) String() string { return [...]string{"outside", "treated", "control"}[min(a, Control)] }

// Audience is a frozen snapshot: who was selected at one instant, and who of them is held out. It
// does not change when customers do, which is what a journey needs that takes a week; at each touch
// only consent, caps and the like are asked again. An Audience is immutable and safe for concurrent use.
type Audience struct {
	at       time.Time
	holdOut  HoldOut
	treated  []string // in order, byte by byte, as is control
	control  []string
	preview  Preview
	evidence [sha256.Size]byte
}

// Preview returns the counts of the audience.
func (a Audience) Preview() Preview {
	p := a.preview
	p.ByMissing, p.Warnings = slices.Clone(p.ByMissing), slices.Clone(p.Warnings)
	return p
}

// At returns the instant the rule was asked at.
func (a Audience) At() time.Time { return a.at }

// HoldOut returns the hold-out the audience was frozen under.
func (a Audience) HoldOut() HoldOut { return a.holdOut }

// Treated yields the ids of the customers to address, in byte order.
func (a Audience) Treated() iter.Seq[string] { return slices.Values(a.treated) }

// Control yields the ids of the selected customers that are held out, in byte order.
func (a Audience) Control() iter.Seq[string] { return slices.Values(a.control) }

// Arm returns the arm of a customer, in a binary search.
func (a Audience) Arm(id string) Arm {
	if _, ok := slices.BinarySearch(a.treated, id); ok {
		return Treated
	}
	if _, ok := slices.BinarySearch(a.control, id); ok {
		return Control
	}
	return Outside
}

// Trace returns, in hexadecimal, a SHA-256 over the instant, the hold-out and every customer's id and
// verdict, the rejected and the undecided included. Two runs that gave every customer the same answer
// have the same trace, in whatever order the customers came.
func (a Audience) Trace() string { return hex.EncodeToString(a.evidence[:]) }

// LogValue shows the counts and the trace, and no id.
func (a Audience) LogValue() slog.Value {
	return slog.GroupValue(
		slog.Time("at", a.at),
		slog.Int("customers", a.preview.Customers),
		slog.Int("matched", a.preview.Matched),
		slog.Int("held_out", a.preview.HeldOut),
		slog.Int("undecided", a.preview.Undecided),
		slog.String("trace", a.Trace()),
	)
}

// freeze takes the verdicts, sorted by id.
func (a *Audience) freeze(all []verdict) {
	h := sha256.New()
	line := []byte("regulars audience 1")
	line = binary.BigEndian.AppendUint64(line, uint64(a.at.UnixMicro()))
	line = binary.BigEndian.AppendUint32(line, uint32(a.holdOut.ppm))
	line = append(append(line, a.holdOut.salt...), 0)
	for _, v := range all {
		h.Write(line)
		line = append(append(line[:0], v.id...), 0, byte(v.truth))
		a.preview.Customers++
		switch v.truth {
		case rule.True:
			a.preview.Matched++
			if a.holdOut.holds(v.id) {
				a.preview.HeldOut++
				a.control = append(a.control, v.id)
			} else {
				a.treated = append(a.treated, v.id)
			}
		case rule.False:
			a.preview.Rejected++
		case rule.Unknown:
			a.preview.Undecided++
		}
	}
	h.Write(line)
	h.Sum(a.evidence[:0])
}
