package rule

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"
)

// MarshalJSON returns the rule as canonical JSON, which [Schema.Parse] reads back to the same rule. Two
// rules have the same text if and only if they consist of the same conditions in the same order, however
// their amounts were written and their lists ordered. A rule made in Go that takes more than [MaxBytes]
// is an error, since it could not be read back. What [encoding/json.Marshal] makes of it has <, > and & escaped: the
// same rule, and another text than the one that is hashed.
func (r *Rule[C]) MarshalJSON() ([]byte, error) {
	out := r.canonical()
	if len(out) > MaxBytes {
		return nil, definitionError([]Problem{{Code: CodeTooLarge, Offset: -1, Detail: fmt.Sprintf("%d bytes", len(out))}})
	}
	return out, nil
}

// Hash returns the SHA-256 of the canonical JSON in hexadecimal: a name for exactly this definition
// under this version of the schema, to be kept with what was decided by it.
func (r *Rule[C]) Hash() string {
	sum := sha256.Sum256(r.canonical())
	return hex.EncodeToString(sum[:])
}

func (r *Rule[C]) canonical() []byte {
	b := fmt.Appendf(nil, `{"format":%d,"schema":`, Format)
	b = appendString(b, r.schema.id)
	b = fmt.Appendf(b, `,"schema_version":%d,"rule":`, r.schema.version)
	return append(r.root.node.append(b), '}')
}

// append writes the node as canonical JSON.
func (n *Node) append(b []byte) []byte {
	b = append(b, '{')
	switch n.Kind {
	case KindAll, KindAny:
		b = appendKey(b, string(n.Kind))
		b = appendList(b, n.Kids, func(b []byte, k *Node) []byte { return k.append(b) })
	case KindNot:
		b = n.Kids[0].append(appendKey(b, "not"))
	case KindOrElse:
		b = append(appendKey(b, "or_else"), '{')
		b = n.Kids[0].append(appendKey(b, "rule"))
		b = append(strconv.AppendBool(append(b, `,"value":`...), n.Value), '}')
	case KindFunc:
		b = appendString(appendKey(b, "func"), n.Name)
		b = strconv.AppendInt(append(b, `,"version":`...), int64(n.Version), 10)
	default:
		b = appendString(appendKey(b, "field"), n.Name)
		b = n.appendArgs(appendKey(append(b, ','), string(n.Op)))
	}
	return append(b, '}')
}

func (n *Node) appendArgs(b []byte) []byte {
	switch operators[n.Type][n.Op] {
	case formBool:
		return strconv.AppendBool(b, n.Bool)
	case formText:
		return appendString(b, n.Texts[0])
	case formTexts:
		return appendList(b, unique(n.Texts), appendString)
	case formInt:
		return appendInt(b, n.Ints[0])
	case formInts:
		return appendPair(b, "min", "max", n.Ints, appendInt)
	case formMoney:
		return appendMoney(b, n.Decimals[0])
	case formMoneys:
		return appendPair(b, "min", "max", n.Decimals, appendMoney)
	case formTime:
		return appendTime(b, n.Times[0])
	case formTimes:
		return appendPair(b, "from", "until", n.Times, appendTime)
	case formDate:
		return appendDate(b, n.Dates[0])
	case formDates:
		return appendPair(b, "from", "until", n.Dates, appendDate)
	case formSpan:
		count, unit := inUnits(n.Span)
		return append(appendInt(appendKey(append(b, '{'), unit), count), '}')
	case formDays:
		b = appendInt(appendKey(append(b, '{'), "days"), int64(n.Days))
		return appendZone(append(b, ','), n.Zone)
	case formNear:
		b = appendInt(appendKey(append(b, '{'), "before"), int64(n.Before))
		b = appendInt(appendKey(append(b, ','), "after"), int64(n.After))
		b = appendString(appendKey(append(b, ','), "leap"), n.Leap.String())
		return appendZone(append(b, ','), n.Zone)
	case formZone:
		return appendZone(append(b, '{'), n.Zone)
	default: // formMonths
		return appendList(b, unique(n.Ints), appendInt)
	}
}

// inUnits returns elapsed time in the longest unit that measures it.
func inUnits(d time.Duration) (count int64, unit string) {
	i := slices.IndexFunc(units, func(u unitOfTime) bool { return d%u.span == 0 })
	return int64(d / units[i].span), units[i].name
}

func appendKey(b []byte, key string) []byte { return append(appendString(b, key), ':') }

func appendInt(b []byte, n int64) []byte { return strconv.AppendInt(b, n, 10) }

func appendMoney(b []byte, d decimal.Decimal) []byte { return appendString(b, decimalText(d)) }

func appendTime(b []byte, t time.Time) []byte { return appendString(b, instantText(t)) }

func appendDate(b []byte, d Date) []byte { return appendString(b, d.String()) }

// appendZone writes the last member of an object.
func appendZone(b []byte, z *time.Location) []byte {
	return append(appendString(appendKey(b, "zone"), z.String()), '}')
}

func appendList[T any](b []byte, list []T, item func([]byte, T) []byte) []byte {
	b = append(b, '[')
	for i, t := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = item(b, t)
	}
	return append(b, ']')
}

func appendPair[T any](b []byte, first, second string, pair []T, item func([]byte, T) []byte) []byte {
	b = item(appendKey(append(b, '{'), first), pair[0])
	b = item(appendKey(append(b, ','), second), pair[1])
	return append(b, '}')
}

// appendString quotes valid UTF-8, escaping no more than JSON asks for.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c < ' ':
			b = fmt.Appendf(b, `\u%04x`, c)
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}
