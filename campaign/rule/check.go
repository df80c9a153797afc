package rule

import (
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/internal/fixed"
)

// form is the shape of an operator's argument: it decides how the argument is checked, read and printed.
type form int

const (
	formBool   form = iota + 1
	formText        // Texts[0]
	formTexts       // Texts
	formInt         // Ints[0]
	formInts        // Ints[0], Ints[1]: both included
	formMoney       // Decimals[0]
	formMoneys      // Decimals[0], Decimals[1]: both included
	formTime        // Times[0]
	formTimes       // Times[0], Times[1]: half open
	formDate        // Dates[0]
	formDates       // Dates[0], Dates[1]: half open
	formSpan        // Span
	formDays        // Days, Zone
	formNear        // Before, After, Leap, Zone
	formZone        // Zone
	formMonths      // Ints
)

// operators says which operators a type has, and what each takes.
var operators = map[Type]map[Op]form{
	TypeText: {OpKnown: formBool, OpEq: formText, OpNe: formText, OpIn: formTexts, OpNotIn: formTexts},
	TypeInt: {
		OpKnown: formBool, OpEq: formInt, OpNe: formInt, OpUnder: formInt, OpAtMost: formInt,
		OpOver: formInt, OpAtLeast: formInt, OpBetween: formInts,
	},
	TypeMoney: {
		OpKnown: formBool, OpEq: formMoney, OpNe: formMoney, OpUnder: formMoney, OpAtMost: formMoney,
		OpOver: formMoney, OpAtLeast: formMoney, OpBetween: formMoneys,
	},
	TypeRanked: {
		OpKnown: formBool, OpEq: formText, OpNe: formText, OpIn: formTexts, OpNotIn: formTexts,
		OpAtMost: formText, OpAtLeast: formText,
	},
	TypeInstant: {
		OpKnown: formBool, OpBefore: formTime, OpAfter: formTime, OpBetween: formTimes, OpWithin: formSpan,
		OpOlderThan: formSpan, OpWithinNext: formSpan, OpWithinDays: formDays, OpOlderThanDays: formDays,
	},
	TypeDate: {
		OpKnown: formBool, OpBefore: formDate, OpAfter: formDate, OpBetween: formDates,
		OpNear: formNear, OpThisMonth: formZone, OpMonthIn: formMonths,
	},
	TypeFlag:   {OpKnown: formBool, OpIs: formBool},
	TypeLabels: {OpKnown: formBool, OpAny: formTexts, OpAll: formTexts, OpNone: formTexts},
}

// Operators returns the operators of a type in alphabetical order.
func Operators(t Type) []Op { return sortedKeys(operators[t]) }

// checker collects what is wrong with a tree of nodes.
type checker struct {
	problems []Problem
	nodes    int
}

func (k *checker) add(p *place, code Code, format string, args ...any) {
	k.problems = append(k.problems, p.problem(code, format, args...))
}

// checkArgs checks the arguments of a field condition whose operator belongs to its type.
func (k *checker) checkArgs(n *Node, p *place) {
	p = p.at(string(n.Op))
	switch operators[n.Type][n.Op] {
	case formText:
		if k.count(p, len(n.Texts), 1) {
			k.text(n, n.Texts[0], p)
		}
	case formTexts:
		if k.list(p, len(n.Texts)) {
			for i, s := range n.Texts {
				k.text(n, s, p.item(i))
			}
		}
	case formInt:
		k.count(p, len(n.Ints), 1)
	case formInts:
		if k.count(p, len(n.Ints), 2) && n.Ints[0] > n.Ints[1] {
			k.add(p, CodeBadValue, "min %d is over max %d", n.Ints[0], n.Ints[1])
		}
	case formMoney:
		if k.count(p, len(n.Decimals), 1) {
			k.money(n.Decimals[0], p)
		}
	case formMoneys:
		if k.count(p, len(n.Decimals), 2) && k.money(n.Decimals[0], p.at("min")) && k.money(n.Decimals[1], p.at("max")) &&
			n.Decimals[0].GreaterThan(n.Decimals[1]) {
			k.add(p, CodeBadValue, "min is over max")
		}
	case formTime:
		if k.count(p, len(n.Times), 1) {
			k.time(n.Times[0], p)
		}
	case formTimes:
		if k.count(p, len(n.Times), 2) && k.time(n.Times[0], p.at("from")) && k.time(n.Times[1], p.at("until")) &&
			micro(n.Times[0]) >= micro(n.Times[1]) {
			k.add(p, CodeBadValue, "from is not before until")
		}
	case formDate:
		if k.count(p, len(n.Dates), 1) {
			k.date(n.Dates[0], p)
		}
	case formDates:
		if k.count(p, len(n.Dates), 2) && k.date(n.Dates[0], p.at("from")) && k.date(n.Dates[1], p.at("until")) &&
			n.Dates[0].index() >= n.Dates[1].index() {
			k.add(p, CodeBadValue, "from is not before until")
		}
	case formSpan:
		if n.Span <= 0 || n.Span%time.Microsecond != 0 {
			k.add(p, CodeBadValue, "%v is not a positive number of microseconds", n.Span)
		}
	case formDays:
		if n.Days < 1 || n.Days > MaxDays {
			k.add(p.at("days"), CodeBadValue, "%d is not 1 to %d days", n.Days, MaxDays)
		}
		k.zone(n.Zone, p.at("zone"))
	case formNear:
		k.near(n.Before, p.at("before"))
		k.near(n.After, p.at("after"))
		if n.Leap > LeapOnly {
			k.add(p.at("leap"), CodeBadValue, "%v is no leap-day policy", n.Leap)
		}
		k.zone(n.Zone, p.at("zone"))
	case formZone:
		k.zone(n.Zone, p.at("zone"))
	case formMonths:
		if k.list(p, len(n.Ints)) {
			for i, m := range n.Ints {
				if m < 1 || m > 12 {
					k.add(p.item(i), CodeBadValue, "%d is no month", m)
				}
			}
		}
	case formBool:
	}
}

func (k *checker) count(p *place, got, want int) bool {
	if got != want {
		k.add(p, CodeBadValue, "%d arguments instead of %d", got, want)
	}
	return got == want
}

func (k *checker) list(p *place, n int) bool {
	switch {
	case n == 0:
		k.add(p, CodeEmptyList, "a list needs at least one member")
	case n > MaxList:
		k.add(p, CodeListTooLong, "%d members, at most %d are allowed", n, MaxList)
	default:
		return true
	}
	return false
}

func (k *checker) text(n *Node, s string, p *place) {
	if why := textProblem(s); why != "" {
		k.add(p, why, "%.20q…", s)
		return
	}
	if n.Type == TypeRanked && !contains(n.Ranks, s) {
		k.add(p, CodeBadValue, "%q is not one of %s", s, strings.Join(quoted(n.Ranks), ", "))
	}
}

// textProblem returns what is wrong with a text constant, if anything.
func textProblem(s string) Code {
	switch {
	case len(s) > MaxText:
		return CodeTextTooLong
	case !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0: // PostgreSQL cannot hold a NUL
		return CodeBadText
	}
	return ""
}

func (k *checker) money(d decimal.Decimal, p *place) bool {
	if err := fixed.Check(d); err != nil {
		k.add(p, CodeBadValue, "a decimal of more than %d digits or an exponent beyond %d", fixed.MaxDigits, fixed.MaxExponent)
		return false
	}
	return true
}

func (k *checker) time(t time.Time, p *place) bool {
	if y := t.UTC().Year(); t.IsZero() || y < 1 || y > 9999 {
		k.add(p, CodeBadValue, "an instant that is zero or outside the years 1 to 9999")
		return false
	}
	return true
}

func (k *checker) date(d Date, p *place) bool {
	if d.Year == 0 || !d.valid() {
		k.add(p, CodeBadValue, "%v is no date with a year", d)
		return false
	}
	return true
}

// maxNear is the longest span before or after a birthday: a year.
const maxNear = 366

func (k *checker) near(days int, p *place) {
	if days < 0 || days > maxNear {
		k.add(p, CodeBadValue, "%d is not 0 to %d days", days, maxNear)
	}
}

func (k *checker) zone(z *time.Location, p *place) {
	if z == nil {
		k.add(p, CodeBadZone, "no zone")
		return
	}
	if _, err := loadZone(z.String()); err != nil {
		k.add(p, CodeBadZone, "%q is no zone of the tz database", z.String())
	}
}

// zones holds the zones seen so far, of which the tz database has a few hundred.
var zones sync.Map

// loadZone returns the zone of a name. A rule keeps a zone by name, so the name decides what it means;
// Local is refused because it would mean something else on the next machine.
func loadZone(name string) (*time.Location, error) {
	if z, ok := zones.Load(name); ok {
		return z.(*time.Location), nil
	}
	if name == "" || name == "Local" || len(name) > 64 {
		return nil, fmt.Errorf("no zone %q", name)
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		return nil, err
	}
	zones.Store(name, z)
	return z, nil
}
