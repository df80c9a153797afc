package points

import (
	"encoding/binary"
	"math/big"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// codec writes values into bytes, or reads them back: one description of a value serves both ways.
// Whether something is there at all, as most fields of most values are not, takes one bit; the bits
// follow the bytes.
type codec struct {
	buf     []byte // what was written
	reading bool
	text    string // what is left to read
	words   string // and of its bits
	bits    uint64 // the latest, from the lowest
	n       int    // how many of them
	flags   []byte // full words of bits that were written
	op      Op     // what is kept beside the bytes
	timings []*Timing
}

// encode writes a change.
func (t *codec) encode(c *Change) []byte {
	*t = codec{buf: t.buf[:0], flags: t.flags[:0]}
	t.change(c)
	t.flush()
	t.buf = append(t.buf, t.flags...)
	t.buf = binary.LittleEndian.AppendUint32(t.buf, uint32(len(t.flags))) //nolint:gosec // no change has so many
	return t.buf
}

// decode reads what encode wrote.
func (t *codec) decode(text string, c *Change) {
	last := len(text) - 4
	from := last - int(binary.LittleEndian.Uint32([]byte(text[last:])))
	t.reading, t.text, t.words = true, text[:from], text[from:last]
	t.flush()
	t.change(c)
}

// has says whether something is there: when writing as it is told, when reading as it was when written.
func (t *codec) has(is bool) bool {
	if t.n == 64 {
		t.flush()
	}
	bit := uint64(1) << t.n
	t.n++
	if t.reading {
		return t.bits&bit != 0
	}
	if is {
		t.bits |= bit
	}
	return is
}

// flush begins the next word of bits.
func (t *codec) flush() {
	if t.reading {
		t.bits, t.words = binary.LittleEndian.Uint64([]byte(t.words[:8])), t.words[8:]
	} else {
		t.flags = binary.LittleEndian.AppendUint64(t.flags, t.bits)
		t.bits = 0
	}
	t.n = 0
}

func (t *codec) change(c *Change) {
	t.name(&c.Key) // the two that are looked for come first
	t.name(&c.Of)
	t.name((*string)(&c.Kind))
	t.word(&c.Cause)
	t.instant(&c.At)
	t.request(&c.Request, c)
	size(t, &c.Entries)
	for i := range c.Entries {
		t.entry(&c.Entries[i], c)
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
	switch r.Op.(type) {
	case EarnRequest, *EarnRequest:
		if op := in(r.Op, new(EarnRequest)); plain(op.At) && !op.shares() {
			return requestEarn
		}
	case RedeemRequest, *RedeemRequest:
		if plain(in(r.Op, new(RedeemRequest)).At) {
			return requestRedeem
		}
	case HoldRequest, *HoldRequest:
		if plain(in(r.Op, new(HoldRequest)).At) {
			return requestHold
		}
	case CaptureRequest, *CaptureRequest:
		if plain(in(r.Op, new(CaptureRequest)).At) {
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
		var v EarnRequest
		if t.earn(in(*op, &v), of); t.reading {
			*op = v
		}
	case requestRedeem:
		var v RedeemRequest
		if t.redeem(in(*op, &v), of); t.reading {
			*op = v
		}
	case requestHold:
		var v HoldRequest
		if t.hold(in(*op, &v), of); t.reading {
			*op = v
		}
	case requestCapture:
		var v CaptureRequest
		if t.capture(in(*op, &v), of); t.reading {
			*op = v
		}
	default:
		if t.reading {
			*op = cloneOp(t.op)
		} else {
			v, _ := value(*op) // the room of a session is not kept
			t.op = cloneOp(v)
		}
	}
}

// in returns where a request lies, which is the room for a value.
func in[T Op](op Op, room *T) *T {
	switch v := any(op).(type) {
	case *T:
		return v
	case T:
		*room = v
	}
	return room
}

func (t *codec) earn(r *EarnRequest, of *Change) {
	t.head(&r.Account, &r.Key, &r.At, of.Key, of)
	t.number(&r.Points)
	t.word(&r.For)
	t.word(&r.Family)
	t.word(&r.Color)
}

func (t *codec) redeem(r *RedeemRequest, of *Change) {
	t.head(&r.Account, &r.Key, &r.At, of.Key, of)
	t.number(&r.Points)
	t.spend(&r.Spend)
	wordList(t, &r.Prefer)
	t.flag(&r.AllowPartial)
}

func (t *codec) hold(r *HoldRequest, of *Change) {
	t.head(&r.Account, &r.Hold, &r.At, strings.TrimPrefix(of.Key, holdKey("")), of)
	t.number((*int64)(&r.TTL))
	t.number(&r.Points)
	t.spend(&r.Spend)
	wordList(t, &r.Prefer)
	t.flag(&r.AllowPartial)
}

func (t *codec) capture(r *CaptureRequest, of *Change) {
	t.head(&r.Account, &r.Hold, &r.At, strings.TrimPrefix(of.Of, holdKey("")), of)
	t.word(&r.Key)
	t.number(&r.Points)
	t.flag(&r.TopUp)
}

// head carries the account, a name and the instant of what a change is about, which are mostly its own.
func (t *codec) head(account, key *string, at *time.Time, usual string, of *Change) {
	if !t.has(*account != of.Account || *key != usual || *at != of.At) {
		*account, *key, *at = of.Account, usual, of.At
		return
	}
	t.word(account)
	t.word(key)
	t.instant(at)
}

func (t *codec) spend(s *Spend) {
	if !t.has(s.Order != "" || s.Reward != "" || !s.Money.IsZero() || !s.Cash.IsZero() || s.Lines != nil) {
		return
	}
	t.word(&s.Order)
	t.word(&s.Reward)
	t.money(&s.Money)
	t.money(&s.Cash)
	t.moneyList(&s.Lines)
}

func (t *codec) entry(e *Entry, of *Change) {
	kind, from, to := of.Kind.usual()
	if t.has(e.Kind != kind || e.From != from || e.To != to || e.At != of.At) {
		t.word((*string)(&e.Kind))
		t.word((*string)(&e.From))
		t.word((*string)(&e.To))
		t.instant(&e.At)
	} else {
		e.Kind, e.From, e.To, e.At = kind, from, to, of.At
	}
	t.number(&e.Points)
	size(t, &e.Slices)
	for i := range e.Slices {
		s := &e.Slices[i]
		if t.has(s.Points != e.Points) { // of several
			t.number(&s.Points)
		} else {
			s.Points = e.Points
		}
		t.lot(&s.Lot)
	}
	t.word(&e.Of)
}

// usual returns what most entries of a change of a kind are.
func (k Kind) usual() (kind Kind, from, to Bucket) {
	switch k {
	case KindEarn:
		return KindEarn, Outside, InAvailable
	case KindRedeem:
		return KindRedeem, InAvailable, InRedeemed
	case KindHold:
		return KindHold, InAvailable, InHeld
	case KindCapture:
		return KindRedeem, InHeld, InRedeemed
	case KindExpire:
		return KindExpire, InAvailable, InExpired
	case KindRefund:
		return KindClaw, InAvailable, InClawed
	default:
		return k, "", ""
	}
}

func (t *codec) lot(l *Lot) {
	t.word(&l.ID)
	t.word(&l.Of)
	t.instant(&l.EarnedAt)
	t.instantOr(&l.ActiveFrom, l.EarnedAt)
	t.instant(&l.ExpiresAt)
	t.number(&l.Available)
	if t.has(l.Pending|l.Held != 0) {
		t.number(&l.Pending)
		t.number(&l.Held)
	}
	if !t.has(l.rare()) {
		return
	}
	t.word(&l.Parent)
	t.word(&l.Family)
	t.word(&l.Color)
	t.word(&l.Awaits)
	t.timing(&l.Timing)
	t.flag(&l.Migrated)
}

func (t *codec) receipt(r *Receipt, of *Change) {
	t.head(&r.Account, &r.Key, &r.At, of.Key, of)
	if t.has(r.Kind != of.Kind || r.Version != of.Version) {
		t.word((*string)(&r.Kind))
		t.number(&r.Version)
	} else {
		r.Kind, r.Version = of.Kind, of.Version
	}
	if t.has(len(of.Entries) == 0 || r.Points != of.Entries[0].Points) {
		t.number(&r.Points)
	} else {
		r.Points = of.Entries[0].Points
	}
	t.number(&r.Balance.Available)
	if t.has(r.Balance.Pending|r.Balance.Held|r.Balance.Debt != 0) {
		t.number(&r.Balance.Pending)
		t.number(&r.Balance.Held)
		t.number(&r.Balance.Debt)
	}
	if !t.has(r.Reinstated|r.Owed|r.Lapsed|r.Shortfall != 0 || !r.ShortfallMoney.IsZero() ||
		!r.Money.IsZero() || r.Lines != nil || r.Reasons != nil) {
		return
	}
	t.number(&r.Reinstated)
	t.number(&r.Owed)
	t.number(&r.Lapsed)
	t.number(&r.Shortfall)
	t.money(&r.ShortfallMoney)
	t.money(&r.Money)
	t.moneyList(&r.Lines)
	wordList(t, &r.Reasons)
}

// number carries a number, of which zero takes no room.
func (t *codec) number(n *int64) {
	if t.has(*n != 0) {
		t.digits(n)
	}
}

func (t *codec) digits(n *int64) {
	if !t.reading {
		t.buf = binary.AppendVarint(t.buf, *n) // small numbers of either sign are short
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
	*n = int64(u>>1) ^ -int64(u&1) //nolint:gosec // undoes the zigzag of a varint
}

func (t *codec) flag(b *bool) { *b = t.has(*b) }

// name carries a text. Those that were read share one string.
func (t *codec) name(s *string) {
	n := int64(len(*s))
	t.digits(&n)
	if !t.reading {
		t.buf = append(t.buf, *s...)
		return
	}
	*s, t.text = t.text[:n], t.text[n:]
}

// cutName cuts a name off that a codec wrote.
func cutName(b []byte) (text, rest []byte) {
	n, w := binary.Varint(b)
	return b[w : w+int(n)], b[w+int(n):]
}

// word carries a text, of which none takes no room.
func (t *codec) word(s *string) {
	if t.has(*s != "") {
		t.name(s)
	}
}

func wordList[T ~string](t *codec, list *[]T) {
	size(t, list)
	for i := range *list {
		s := string((*list)[i])
		t.word(&s)
		(*list)[i] = T(s)
	}
}

// size carries the length of a list, nil apart from empty, and makes the list where it reads.
func size[T any](t *codec, list *[]T) {
	if !t.has(*list != nil) {
		return
	}
	n := int64(len(*list))
	t.digits(&n)
	if t.reading {
		*list = make([]T, n)
	}
}

func (t *codec) instant(at *time.Time) {
	if !t.has(!at.IsZero()) {
		return
	}
	nanos := int64(at.Nanosecond() % 1000) // beyond whole microseconds
	if !t.reading {
		t.buf = binary.LittleEndian.AppendUint64(t.buf, uint64(at.UnixMicro())) //nolint:gosec // read back as it was
		t.number(&nanos)
		return
	}
	whole := int64(binary.LittleEndian.Uint64([]byte(t.text[:8]))) //nolint:gosec // as above
	t.text = t.text[8:]
	t.number(&nanos)
	*at = time.UnixMicro(whole).Add(time.Duration(nanos)).UTC()
}

// instantOr carries an instant that is mostly the usual one.
func (t *codec) instantOr(at *time.Time, usual time.Time) {
	if t.has(*at != usual) {
		t.instant(at)
	} else {
		*at = usual
	}
}

func (t *codec) timing(p **Timing) {
	if !t.has(*p != nil) {
		return
	}
	n := int64(len(t.timings))
	if !t.reading {
		t.timings = append(t.timings, (*p).clone())
	}
	t.digits(&n)
	if t.reading {
		*p = t.timings[n].clone()
	}
}

func (t *codec) moneyList(list *[]decimal.Decimal) {
	size(t, list)
	for i := range *list {
		t.money(&(*list)[i])
	}
}

func (t *codec) money(d *decimal.Decimal) {
	if !t.has(!d.IsZero()) {
		return
	}
	var digits string
	exp := int64(d.Exponent())
	if !t.reading {
		digits = string(d.Coefficient().Append(nil, 62))
	}
	t.name(&digits)
	t.digits(&exp)
	if t.reading {
		coefficient, _ := new(big.Int).SetString(digits, 62)
		*d = decimal.NewFromBigInt(coefficient, int32(exp)) //nolint:gosec // it came from an int32
	}
}
