// Package strictjson reads stored configuration. What encoding/json lets through (a key twice, a key
// nobody knows, NAME for name, broken UTF-8, null, a second value after the first) is refused here,
// and every refusal says what is wrong, where in the document, and at which byte.
package strictjson

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The words an [Error] carries in Code.
const (
	CodeSyntax    = "syntax"
	CodeUTF8      = "bad_utf8"
	CodeDuplicate = "duplicate_key"
	CodeUnknown   = "unknown_key"
	CodeType      = "wrong_type"
	CodeValue     = "bad_value"
	CodeTrailing  = "trailing_bytes"
	CodeLimit     = "limit"
)

// Error is one refusal: a stable word, the JSON Pointer of the value or member it is about, and the
// offset of the byte where the reader stopped.
type Error struct {
	Code    string
	Pointer string
	Offset  int
	Detail  string
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s at %q (byte %d): %s", e.Code, e.Pointer, e.Offset, e.Detail)
}

// Limits bound what a document may cost. Every field must be set.
type Limits struct {
	Bytes int // the whole document
	Depth int // arrays and objects within one another
	List  int // elements of an array
	Text  int // bytes of a string, after unescaping
}

// Unmarshal reads one JSON document into what v points to. It knows structs with json tags, slices,
// pointers, strings, whole numbers, flags, and anything with UnmarshalText, which takes a string. A
// failure is an *[Error] and leaves v half filled.
func Unmarshal(data []byte, v any, limits Limits) error {
	r := reader{data: data, limits: limits}
	if len(data) > limits.Bytes {
		return r.fail(CodeLimit, "more than %d bytes", limits.Bytes)
	}
	if err := r.value(reflect.ValueOf(v).Elem()); err != nil {
		return err
	}
	if r.space(); r.at < len(r.data) {
		return r.fail(CodeTrailing, "something follows the document")
	}
	return nil
}

type reader struct {
	data   []byte
	at     int
	depth  int
	path   []string
	limits Limits
}

func (r *reader) fail(code, format string, args ...any) error {
	var p strings.Builder
	for _, step := range r.path {
		p.WriteByte('/')
		p.WriteString(strings.NewReplacer("~", "~0", "/", "~1").Replace(step))
	}
	return &Error{Code: code, Pointer: p.String(), Offset: r.at, Detail: fmt.Sprintf(format, args...)}
}

// mismatch says that something else stands where a value should: another kind of value, or none.
func (r *reader) mismatch(want string) error {
	if strings.IndexByte(`{["-0123456789tfn`, r.peek()) < 0 {
		return r.fail(CodeSyntax, "want %s", want)
	}
	return r.fail(CodeType, "want %s", want)
}

func (r *reader) space() {
	for r.at < len(r.data) && strings.IndexByte(" \t\r\n", r.data[r.at]) >= 0 {
		r.at++
	}
}

// peek skips white space and returns the next byte, or 0 at the end.
func (r *reader) peek() byte {
	if r.space(); r.at < len(r.data) {
		return r.data[r.at]
	}
	return 0
}

func (r *reader) value(v reflect.Value) error {
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		return r.value(v.Elem())
	}
	if u, ok := reflect.TypeAssert[encoding.TextUnmarshaler](v.Addr()); ok {
		return r.text(u)
	}
	switch v.Kind() {
	case reflect.Struct:
		return r.object(v)
	case reflect.Slice:
		return r.array(v)
	case reflect.String:
		s, err := r.str()
		v.SetString(s)
		return err
	case reflect.Bool:
		return r.flag(v)
	case reflect.Int, reflect.Int32, reflect.Int64:
		return r.whole(v)
	default:
		return r.fail(CodeType, "cannot read into %v", v.Type())
	}
}

func (r *reader) text(u encoding.TextUnmarshaler) error {
	r.peek()
	start := r.at
	s, err := r.str()
	if err != nil {
		return err
	}
	if err := u.UnmarshalText([]byte(s)); err != nil {
		r.at = start
		return r.fail(CodeValue, "%v", err)
	}
	return nil
}

func (r *reader) flag(v reflect.Value) error {
	c := r.peek()
	for _, word := range []string{"true", "false"} {
		if c == word[0] && strings.HasPrefix(string(r.data[r.at:min(len(r.data), r.at+5)]), word) {
			r.at += len(word)
			v.SetBool(word == "true")
			return nil
		}
	}
	return r.mismatch("true or false")
}

func (r *reader) whole(v reflect.Value) error {
	c := r.peek()
	start := r.at
	if c != '-' && (c < '0' || c > '9') {
		return r.mismatch("a whole number")
	}
	for r.at < len(r.data) && strings.IndexByte("+-.0123456789eE", r.data[r.at]) >= 0 {
		r.at++
	}
	word := string(r.data[start:r.at])
	n, err := strconv.ParseInt(word, 10, v.Type().Bits())
	if err != nil || strconv.FormatInt(n, 10) != word {
		r.at = start
		return r.fail(CodeType, "want a whole number that fits, not %.40s", word)
	}
	v.SetInt(n)
	return nil
}

func (r *reader) enter() error {
	if r.depth++; r.depth > r.limits.Depth {
		return r.fail(CodeLimit, "nested deeper than %d", r.limits.Depth)
	}
	r.at++
	return nil
}

// more reports whether another element follows: it eats the comma between elements, or the end.
func (r *reader) more(first bool, end byte) (bool, error) {
	switch c := r.peek(); {
	case c == end:
		r.at++
		r.depth--
		return false, nil
	case first:
		return true, nil
	case c == ',':
		r.at++
		if r.peek() == end {
			return false, r.fail(CodeSyntax, "a comma before %q", end)
		}
		return true, nil
	default:
		return false, r.fail(CodeSyntax, "want a comma or %q", end)
	}
}

func (r *reader) array(v reflect.Value) error {
	if r.peek() != '[' {
		return r.mismatch("an array")
	}
	if err := r.enter(); err != nil {
		return err
	}
	v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	for n := 0; ; n++ {
		again, err := r.more(n == 0, ']')
		if err != nil || !again {
			return err
		}
		if n == r.limits.List {
			return r.fail(CodeLimit, "more than %d elements", r.limits.List)
		}
		r.path = append(r.path, strconv.Itoa(n))
		element := reflect.New(v.Type().Elem()).Elem()
		if err := r.value(element); err != nil {
			return err
		}
		r.path = r.path[:len(r.path)-1]
		v.Set(reflect.Append(v, element))
	}
}

func (r *reader) object(v reflect.Value) error {
	if r.peek() != '{' {
		return r.mismatch("an object")
	}
	if err := r.enter(); err != nil {
		return err
	}
	var seen []string
	for {
		again, err := r.more(len(seen) == 0, '}')
		if err != nil || !again {
			return err
		}
		if r.peek() != '"' {
			return r.fail(CodeSyntax, "want a key in quotes")
		}
		start := r.at
		key, err := r.str()
		if err != nil {
			return err
		}
		r.path = append(r.path, key)
		field, ok := member(v, key)
		switch {
		case slices.Contains(seen, key):
			r.at = start
			return r.fail(CodeDuplicate, "the key %q stands twice", key)
		case !ok:
			r.at = start
			return r.fail(CodeUnknown, "%s", unknown(v.Type(), key))
		}
		seen = append(seen, key)
		if r.peek() != ':' {
			return r.fail(CodeSyntax, "want a colon after the key")
		}
		r.at++
		if err := r.value(field); err != nil {
			return err
		}
		r.path = r.path[:len(r.path)-1]
	}
}

func tag(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

func member(v reflect.Value, key string) (reflect.Value, bool) {
	for f, value := range v.Fields() {
		if name := tag(f); name == key && name != "" && name != "-" {
			return value, true
		}
	}
	return reflect.Value{}, false
}

func unknown(t reflect.Type, key string) string {
	for f := range t.Fields() {
		if name := tag(f); name != "-" && strings.EqualFold(name, key) {
			return fmt.Sprintf("no key %q here; it is written %q", key, name)
		}
	}
	return fmt.Sprintf("no key %.60q here", key)
}

// str reads a string literal. Escapes must name whole characters: a lone surrogate is refused.
func (r *reader) str() (string, error) {
	if r.peek() != '"' {
		return "", r.mismatch("a string")
	}
	r.at++
	var out []byte
	for r.at < len(r.data) {
		c := r.data[r.at]
		switch {
		case c == '"':
			r.at++
			return string(out), nil
		case c == '\\':
			ch, err := r.escape()
			if err != nil {
				return "", err
			}
			out = utf8.AppendRune(out, ch)
		case c < ' ':
			return "", r.fail(CodeSyntax, "a control character in a string")
		default:
			ch, size := utf8.DecodeRune(r.data[r.at:])
			if ch == utf8.RuneError && size == 1 {
				return "", r.fail(CodeUTF8, "not UTF-8")
			}
			out = append(out, r.data[r.at:r.at+size]...)
			r.at += size
		}
		if len(out) > r.limits.Text {
			return "", r.fail(CodeLimit, "a string of more than %d bytes", r.limits.Text)
		}
	}
	return "", r.fail(CodeSyntax, "a string without an end")
}

const (
	escapes    = `"\/bfnrt`
	characters = "\"\\/\b\f\n\r\t"
)

func (r *reader) escape() (rune, error) {
	rest := r.data[r.at:]
	if len(rest) >= 2 {
		if i := strings.IndexByte(escapes, rest[1]); i >= 0 {
			r.at += 2
			return rune(characters[i]), nil
		}
	}
	ch, ok := hex(rest)
	if !ok {
		return 0, r.fail(CodeSyntax, "an unknown escape in a string")
	}
	size := 6
	if ch >= 0xd800 && ch < 0xe000 {
		low, ok := hex(rest[6:])
		if !ok || ch >= 0xdc00 || low < 0xdc00 || low >= 0xe000 {
			return 0, r.fail(CodeUTF8, "half a surrogate pair")
		}
		ch = (ch-0xd800)<<10 + (low - 0xdc00) + 0x10000
		size = 12
	}
	r.at += size
	return ch, nil
}

// hex reads the four digits of an escape such as \u4e2d.
func hex(b []byte) (rune, bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(b[2:6]), 16, 16)
	return rune(n), err == nil
}
