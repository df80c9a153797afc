package pointstest

import (
	"errors"
	"fmt"
	"maps"

	"github.com/regulars-go/regulars/points"
)

// till is a naive model of a few accounts at one instant, without lots: a value that is copied before
// it changes.
type till map[string]purse

// purse is an account: what it has, its holds by name, and what was asked and told under its keys.
type purse struct {
	version, available, held int64
	holds                    map[string]int64
	closed                   map[string]points.Kind
	keys                     map[string][2]string
}

// String is the same for equal tills: package fmt sorts maps.
func (t till) String() string { return fmt.Sprint(map[string]purse(t)) }

func (t till) with(account string) (till, purse) {
	t = maps.Clone(t)
	p := t[account]
	p.holds, p.closed, p.keys = maps.Clone(p.holds), maps.Clone(p.closed), maps.Clone(p.keys)
	if p.holds == nil {
		p.holds, p.closed, p.keys = map[string]int64{}, map[string]points.Kind{}, map[string][2]string{}
	}
	return t, p
}

// do does what a call asks for.
func (t till) do(c *call) (till, told) {
	p := t[c.account]
	if c.op == nil {
		return t, told{text: p.balance()}
	}
	key := keyOf(c.op)
	if first, taken := p.keys[key]; taken {
		if first[0] != c.asked {
			return t, told{text: "key reused"}
		}
		return t, told{first[1], true}
	}
	next, p := t.with(c.account)
	if refusal := p.do(c.op); refusal != "" {
		return t, told{text: refusal}
	}
	p.version++
	text := fmt.Sprintf("version %d, %s", p.version, p.balance())
	p.keys[key] = [2]string{c.asked, text}
	next[c.account] = p
	if op, ok := c.op.(points.TransferRequest); ok {
		to := next[op.To]
		to.version++
		to.available += op.Points
		next[op.To] = to
	}
	return next, told{text: text}
}

// do moves the points of an operation that was not done before, or says why not.
func (p *purse) do(op points.Op) string {
	var spend int64
	switch op := op.(type) {
	case points.EarnRequest:
		p.available += op.Points
		return ""
	case points.RedeemRequest:
		spend = op.Points
	case points.TransferRequest:
		spend = op.Points
	case points.HoldRequest:
		spend = op.Points
		if p.available >= spend {
			p.held += spend
			p.holds[op.Hold] = spend
		}
	case points.CaptureRequest:
		_, refusal := p.end(op.Hold, points.KindCapture)
		return refusal
	case points.VoidRequest:
		n, refusal := p.end(op.Hold, points.KindVoid)
		p.available += n
		return refusal
	default:
		return "the till does not know " + string(op.Kind())
	}
	if p.available < spend {
		return fmt.Sprintf("insufficient: %d available, %d held", p.available, p.held)
	}
	p.available -= spend
	return ""
}

// end takes the points of a hold out of it.
func (p *purse) end(hold string, by points.Kind) (int64, string) {
	n, open := p.holds[hold]
	switch {
	case p.closed[hold] != "":
		return 0, "closed by " + string(p.closed[hold])
	case !open:
		return 0, "unknown"
	}
	delete(p.holds, hold)
	p.closed[hold] = by
	p.held -= n
	return n, ""
}

func (p *purse) balance() string { return fmt.Sprintf("%d available, %d held", p.available, p.held) }

// keyOf is the key of an operation that the till knows, with the holds' own kept apart.
func keyOf(op points.Op) string {
	switch op := op.(type) {
	case points.EarnRequest:
		return op.Key
	case points.RedeemRequest:
		return op.Key
	case points.TransferRequest:
		return op.Key
	case points.HoldRequest:
		return "hold:" + op.Hold
	case points.CaptureRequest:
		return "capture:" + op.Hold
	case points.VoidRequest:
		return "void:" + op.Hold
	default:
		return ""
	}
}

// answer is what a ledger says, in the words of a till; no words if it could not tell.
func answer(r points.Receipt, err error) told {
	var insufficient *points.InsufficientError
	var closed *points.HoldClosedError
	switch {
	case err == nil:
		return told{fmt.Sprintf("version %d, %s", r.Version, balanceText(r.Balance)), r.Replayed}
	case errors.As(err, &insufficient):
		return told{text: fmt.Sprintf("insufficient: %d available, %d held", insufficient.Available, insufficient.Held)}
	case errors.As(err, &closed):
		return told{text: "closed by " + string(closed.By)}
	case errors.Is(err, points.ErrUnknown):
		return told{text: "unknown"}
	case errors.Is(err, points.ErrKeyReused):
		return told{text: "key reused"}
	}
	return told{}
}

func balanceText(b points.Balance) string {
	return fmt.Sprintf("%d available, %d held", b.Available, b.Held)
}
