package points

import (
	"encoding/binary"
	"math/big"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// codec writes values into bytes, or reads them back: one description of a value serves both ways.
type codec struct {
	buf     []byte // what was written
	reading bool
	text    string // what is left to read
	op      Op     // what is kept beside the bytes
	timings []*Timing
}

func (t *codec) change(c *Change) {
	word(t, &c.Key)
	word(t, &c.Of)
	word(t, &c.Kind)
	t.instant(&c.At)
	t.request(&c.Request, c)
	size(t, &c.Entries)
	for i := range c.Entries {
		t.entry(&c.Entries[i], c.At)
	}
	t.receipt(&c.Receipt, c)
}

// How a request is kept: not at all, beside the bytes, or written out where it is one of the usual.
const (
	noRequest = iota
	requestBeside
	requestEarn
	requestRedeem
	requestHold
	requestCapture
)

// form returns how a request is kept.
func form(r *Request) int64 {
	if r == nil {
		return noRequest
	}
	plain := func(at time.Time) bool { return at.Location() == time.UTC } // says no more than when
	switch op := r.Op.(type) {
	case EarnRequest:
		if plain(op.At) && !op.shares() {
			return requestEarn
		}
	case RedeemRequest:
		if plain(op.At) {
			return requestRedeem
		}
	case HoldRequest:
		if plain(op.At) {
			return requestHold
		}
	case CaptureRequest:
		if plain(op.At) {
			return requestCapture
		}
	}
	return requestBeside
}

func (t *codec) request(r **Request, of *Change) {
	kept := form(*r)
	if t.number(&kept); kept == noRequest {
		return
	}
	if t.reading {
		*r = new(Request)
	}
	op := &(*r).Op
	switch kept {
	case requestEarn:
		v, _ := (*op).(EarnRequest)
		if t.earn(&v, of); t.reading {
			*op = v
		}
	case requestRedeem:
		v, _ := (*op).(RedeemRequest)
		if t.redeem(&v, of); t.reading {
			*op = v
		}
	case requestHold:
		v, _ := (*op).(HoldRequest)
		if t.hold(&v, of); t.reading {
			*op = v
		}
	case requestCapture:
		v, _ := (*op).(CaptureRequest)
		if t.capture(&v, of); t.reading {
			*op = v
		}
	default:
		if t.reading {
			*op = cloneOp(t.op)
		} else {
			t.op = cloneOp(*op)
		}
	}
}

func (t *codec) earn(r *EarnRequest, of *Change) {
	t.wordOr(&r.Account, of.Account)
	t.wordOr(&r.Key, of.Key)
	t.instantOr(&r.At, of.At)
	t.number(&r.Points)
	word(t, &r.For)
	word(t, &r.Family)
	word(t, &r.Color)
}

func (t *codec) redeem(r *RedeemRequest, of *Change) {
	t.wordOr(&r.Account, of.Account)
	t.wordOr(&r.Key, of.Key)
	t.instantOr(&r.At, of.At)
	t.number(&r.Points)
	t.spend(&r.Spend)
	wordList(t, &r.Prefer)
	t.flag(&r.AllowPartial)
}

func (t *codec) hold(r *HoldRequest, of *Change) {
	t.wordOr(&r.Account, of.Account)
	t.wordOr(&r.Hold, strings.TrimPrefix(of.Key, holdKey("")))
	t.instantOr(&r.At, of.At)
	t.number((*int64)(&r.TTL))
	t.number(&r.Points)
	t.spend(&r.Spend)
	wordList(t, &r.Prefer)
	t.flag(&r.AllowPartial)
}

func (t *codec) capture(r *CaptureRequest, of *Change) {
	t.wordOr(&r.Account, of.Account)
	t.wordOr(&r.Hold, strings.TrimPrefix(of.Of, holdKey("")))
	word(t, &r.Key)
	t.instantOr(&r.At, of.At)
	t.number(&r.Points)
	t.flag(&r.TopUp)
}

func (t *codec) spend(s *Spend) {
	word(t, &s.Order)
	word(t, &s.Reward)
	t.money(&s.Money)
	t.money(&s.Cash)
	size(t, &s.Lines)
	for i := range s.Lines {
		t.money(&s.Lines[i])
	}
}

func (t *codec) entry(e *Entry, at time.Time) {
	word(t, &e.Kind)
	t.instantOr(&e.At, at)
	word(t, &e.From)
	word(t, &e.To)
	t.number(&e.Points)
	size(t, &e.Slices)
	for i := range e.Slices {
		t.number(&e.Slices[i].Points)
		t.lot(&e.Slices[i].Lot)
	}
	word(t, &e.Of)
}

func (t *codec) lot(l *Lot) {
	word(t, &l.ID)
	word(t, &l.Of)
	word(t, &l.Parent)
	word(t, &l.Family)
	word(t, &l.Color)
	t.instant(&l.EarnedAt)
	t.instant(&l.ActiveFrom)
	t.instant(&l.ExpiresAt)
	word(t, &l.Awaits)
	t.timing(&l.Timing)
	t.flag(&l.Migrated)
	t.number(&l.Pending)
	t.number(&l.Available)
	t.number(&l.Held)
}

func (t *codec) receipt(r *Receipt, of *Change) {
	usual := r.Account == of.Account && r.Key == of.Key && r.Kind == of.Kind && r.At.Equal(of.At) && r.Version == of.Version
	if t.flag(&usual); usual {
		r.Account, r.Key, r.Kind, r.At, r.Version = of.Account, of.Key, of.Kind, of.At, of.Version
	} else {
		word(t, &r.Account)
		word(t, &r.Key)
		word(t, &r.Kind)
		t.instant(&r.At)
		t.number(&r.Version)
	}
	for _, n := range []*int64{
		&r.Points, &r.Reinstated, &r.Owed, &r.Lapsed, &r.Shortfall,
		&r.Balance.Available, &r.Balance.Pending, &r.Balance.Held, &r.Balance.Debt,
	} {
		t.number(n)
	}
	t.money(&r.ShortfallMoney)
	t.money(&r.Money)
	wordList(t, &r.Reasons)
}

func (t *codec) number(n *int64) {
	if !t.reading {
		u := uint64(*n)<<1 ^ uint64(*n>>63) //nolint:gosec // zigzag: small numbers of either sign are short
		if u < 0x80 {
			t.buf = append(t.buf, byte(u))
		} else {
			t.buf = binary.AppendUvarint(t.buf, u)
		}
		return
	}
	var u uint64
	for i := 0; ; i++ {
		u |= uint64(t.text[i]&0x7f) << (7 * i)
		if t.text[i] < 0x80 {
			t.text = t.text[i+1:]
			break
		}
	}
	*n = int64(u>>1) ^ -int64(u&1) //nolint:gosec // undoes the zigzag
}

// cutWord cuts a word off that a codec wrote.
func cutWord(b []byte) (text, rest []byte) {
	n, w := binary.Varint(b)
	return b[w : w+int(n)], b[w+int(n):]
}

func (t *codec) flag(b *bool) {
	var n int64
	if *b {
		n = 1
	}
	t.number(&n)
	*b = n == 1
}

// word carries a text. Those that were read share one string.
func word[T ~string](t *codec, s *T) {
	n := int64(len(*s))
	t.number(&n)
	if !t.reading {
		t.buf = append(t.buf, *s...)
		return
	}
	*s, t.text = T(t.text[:n]), t.text[n:]
}

// wordOr carries a text that is mostly the usual one.
func (t *codec) wordOr(s *string, usual string) {
	same := *s == usual
	if t.flag(&same); same {
		*s = usual
		return
	}
	word(t, s)
}

func wordList[T ~string](t *codec, list *[]T) {
	size(t, list)
	for i := range *list {
		word(t, &(*list)[i])
	}
}

// size carries the length of a list, nil apart from empty, and makes the list where it reads.
func size[T any](t *codec, list *[]T) {
	n := int64(-1)
	if *list != nil {
		n = int64(len(*list))
	}
	t.number(&n)
	if t.reading && n >= 0 {
		*list = make([]T, n)
	}
}

func (t *codec) instant(at *time.Time) {
	zero := at.IsZero()
	if t.flag(&zero); zero {
		return
	}
	if !t.reading {
		t.buf = binary.LittleEndian.AppendUint64(t.buf, uint64(at.Unix())) //nolint:gosec // read back as it was
		t.buf = binary.LittleEndian.AppendUint32(t.buf, uint32(at.Nanosecond()))
		return
	}
	raw := []byte(t.text[:12])
	sec, nsec := int64(binary.LittleEndian.Uint64(raw)), int64(binary.LittleEndian.Uint32(raw[8:])) //nolint:gosec // as above
	*at, t.text = time.Unix(sec, nsec).UTC(), t.text[12:]
}

// instantOr carries an instant that is mostly the usual one.
func (t *codec) instantOr(at *time.Time, usual time.Time) {
	same := *at == usual //nolint:staticcheck // the same in every bit
	if t.flag(&same); same {
		*at = usual
		return
	}
	t.instant(at)
}

func (t *codec) timing(p **Timing) {
	n := int64(0)
	if !t.reading && *p != nil {
		t.timings = append(t.timings, (*p).clone())
		n = int64(len(t.timings))
	}
	t.number(&n)
	if t.reading && n > 0 {
		*p = t.timings[n-1].clone()
	}
}

func (t *codec) money(d *decimal.Decimal) {
	var digits string
	exp := int64(d.Exponent())
	if !t.reading && !d.IsZero() {
		digits = string(d.Coefficient().Append(nil, 62))
	}
	word(t, &digits)
	if digits == "" {
		return
	}
	t.number(&exp)
	if t.reading {
		coefficient, _ := new(big.Int).SetString(digits, 62)
		*d = decimal.NewFromBigInt(coefficient, int32(exp)) //nolint:gosec // it came from an int32
	}
}
