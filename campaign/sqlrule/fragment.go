package sqlrule

import (
	"fmt"
	"strconv"
	"strings"
)

// mark stands in the text of a fragment for each of its arguments, in order. No identifier contains it.
const mark = "\x00"

// fragment is a piece of SQL with its arguments. Text comes from this package and from identifiers of
// the mapping; a value of a rule is always an argument.
type fragment struct {
	text string
	args []any
}

func raw(text string) fragment { return fragment{text: text} }

func bound(v any) fragment { return fragment{mark, []any{v}} }

// cat joins fragments, and strings as raw text, one after the other.
func cat(parts ...any) fragment {
	var text strings.Builder
	var args []any
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			text.WriteString(p)
		case fragment:
			text.WriteString(p.text)
			args = append(args, p.args...)
		default: // a value that nobody bound
			panic(fmt.Sprintf("sqlrule: %T is no SQL", p))
		}
	}
	return fragment{text.String(), args}
}

// list joins fragments with a separator between them.
func list(separator string, parts []fragment) fragment {
	var all []any
	for i, p := range parts {
		if i > 0 {
			all = append(all, separator)
		}
		all = append(all, p)
	}
	return cat(all...)
}

// render replaces the marks with placeholders, the first of them numbered first.
func (f fragment) render(dollars bool, first int) string {
	var b strings.Builder
	for i, part := range strings.Split(f.text, mark) {
		switch {
		case i == 0:
		case dollars:
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(first + i - 1))
		default:
			b.WriteByte('?')
		}
		b.WriteString(part)
	}
	return b.String()
}
