package report

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// count writes a whole number with its thousands apart.
func count(n int) string { return group(strconv.Itoa(n)) }

// money writes an amount with at least two decimals, and as many more as it has.
func money(d decimal.Decimal) string { return group(d.StringFixed(max(2, -d.Exponent()))) }

func group(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, places, found := strings.Cut(s, ".")
	if found {
		places = "." + places
	}
	var b strings.Builder
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	return sign + b.String() + places
}

// percent writes part of whole with one decimal; nothing of nothing is 0.0%.
func percent(part, whole int) string {
	return fmt.Sprintf("%.1f%%", 100*ratio(part, whole))
}

func ratio(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// wrap breaks a label into the lines of at most width pixels, or says that it does not fit into height.
func wrap(s string, size, width, height float64) ([]string, bool) {
	var lines []string
	for word := range strings.FieldsSeq(s) {
		last := len(lines) - 1
		switch {
		case last >= 0 && breadth(lines[last]+" "+word, size) <= width:
			lines[last] += " " + word
		case breadth(word, size) <= width:
			lines = append(lines, word)
		default:
			return nil, false
		}
	}
	return lines, float64(len(lines))*size*lineHeight <= height
}

const lineHeight = 1.25

// breadth guesses how wide a text is drawn: a CJK character is as wide as it is high.
func breadth(s string, size float64) (w float64) {
	for _, c := range s {
		if utf8.RuneLen(c) > 2 {
			w += size
		} else {
			w += 0.58 * size
		}
	}
	return w
}

// shade returns a colour between a pale and a deep blue, and the colour of text upon it.
func shade(t float64) (fill, ink string) {
	pale, deep := [3]float64{0xe6, 0xf0, 0xfa}, [3]float64{0x0b, 0x4a, 0x82}
	var c [3]int
	for i := range c {
		c[i] = int(pale[i] + t*(deep[i]-pale[i]) + 0.5)
	}
	ink = "#10202f"
	if t > 0.5 {
		ink = "#ffffff"
	}
	return fmt.Sprintf("#%02x%02x%02x", c[0], c[1], c[2]), ink
}
