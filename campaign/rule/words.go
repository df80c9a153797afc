package rule

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

func contains(list []string, s string) bool { return slices.Contains(list, s) }

func quote(s string) string { return strconv.Quote(s) }

func quoted(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = quote(s)
	}
	return out
}

// unique returns the members of a list, sorted and each once.
func unique[T cmp.Ordered](list []T) []T {
	return slices.Compact(slices.Sorted(slices.Values(list)))
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

func instantText(t time.Time) string {
	return t.UTC().Truncate(time.Microsecond).Format(time.RFC3339Nano)
}

// decimalText returns the one way a decimal is written: no zeros at the end, plain as long as that takes
// at most 38 digits, and with an exponent of at most 18 beyond.
func decimalText(d decimal.Decimal) string {
	digits := d.Coefficient().String()
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	exponent := int(d.Exponent())
	trimmed := strings.TrimRight(digits, "0")
	exponent += len(digits) - len(trimmed)
	switch digits = trimmed; {
	case digits == "":
		return "0"
	case exponent >= 0 && len(digits)+exponent <= 38:
		return sign + digits + strings.Repeat("0", exponent)
	case exponent >= 0:
		zeros := max(0, exponent-18)
		return sign + digits + strings.Repeat("0", zeros) + "e" + strconv.Itoa(exponent-zeros)
	case len(digits) > -exponent:
		point := len(digits) + exponent
		return sign + digits[:point] + "." + digits[point:]
	default:
		return sign + "0." + strings.Repeat("0", -exponent-len(digits)) + digits
	}
}
