package rule

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// value is a JSON value with its place in the text, so that what is wrong with its meaning can be
// reported where it stands. Package encoding/json keeps neither offsets nor repeated keys.
type value struct {
	kind  byte // one of { [ " 0 t f n
	start int  // byte offset of its first byte in the rule
	raw   string
	text  string   // of a string, unescaped
	keys  []string // of an object
	kids  []*value // of an object or array
}

// deepest is the nesting at which reading stops: more than MaxDepth nodes can need.
const deepest = 3*MaxDepth + 8

// mostKeys is more than an object of a rule can have.
const mostKeys = 16

// reader reads strict JSON: RFC 8259, valid UTF-8, no key twice, nothing after the value.
type reader struct {
	in   string
	pos  int
	path []string
}

// fail returns the problem that stops the reading, where it stands.
func (r *reader) fail(code Code, at int, detail string) *Problem {
	var p *place
	path := r.path
	if len(path) > 0 && path[0] == "rule" {
		path = path[1:] // paths are relative to the rule
	}
	for _, key := range path {
		p = p.at(key)
	}
	return &Problem{Code: code, Path: p.String(), Offset: at, Detail: detail}
}

// readJSON reads one value that is all of the text.
func readJSON(in string) (*value, *Problem) {
	r := &reader{in: in}
	if len(in) > MaxBytes {
		return nil, r.fail(CodeTooLarge, MaxBytes, strconv.Itoa(len(in))+" bytes")
	}
	if !utf8.ValidString(in) {
		at := 0
		for c, size := utf8.DecodeRuneInString(in); c != utf8.RuneError || size > 1; c, size = utf8.DecodeRuneInString(in[at:]) {
			at += size
		}
		return nil, r.fail(CodeBadText, at, "not valid UTF-8")
	}
	r.space()
	v, p := r.value()
	if p != nil {
		return nil, p
	}
	if r.space(); r.pos < len(in) {
		return nil, r.fail(CodeTrailing, r.pos, "something follows the rule")
	}
	return v, nil
}

func (r *reader) space() {
	for r.pos < len(r.in) && strings.IndexByte(" \t\r\n", r.in[r.pos]) >= 0 {
		r.pos++
	}
}

// next says whether b follows, and if so passes over it and the space behind it.
func (r *reader) next(b byte) bool {
	if r.pos < len(r.in) && r.in[r.pos] == b {
		r.pos++
		r.space()
		return true
	}
	return false
}

func (r *reader) value() (*value, *Problem) {
	if len(r.path) > deepest {
		return nil, r.fail(CodeTooDeep, r.pos, "nested too deeply")
	}
	if r.pos == len(r.in) {
		return nil, r.fail(CodeSyntax, r.pos, "the text ends where a value should be")
	}
	v := &value{kind: r.in[r.pos], start: r.pos}
	var p *Problem
	switch v.kind {
	case '{':
		p = r.object(v)
	case '[':
		p = r.array(v)
	case '"':
		v.text, p = r.string()
	case 't', 'f', 'n':
		p = r.word(v)
	default:
		v.kind = '0'
		p = r.number()
	}
	v.raw = r.in[v.start:r.pos]
	return v, p
}

func (r *reader) object(v *value) *Problem {
	r.pos++
	r.space()
	for first := true; !r.next('}'); first = false {
		if !first && !r.next(',') {
			return r.fail(CodeSyntax, r.pos, "expected , or }")
		}
		at := r.pos
		if at == len(r.in) || r.in[at] != '"' {
			return r.fail(CodeSyntax, at, "expected a key")
		}
		key, p := r.string()
		if p != nil {
			return p
		}
		r.path = append(r.path, key)
		if len(v.keys) == mostKeys {
			return r.fail(CodeUnknownKey, at, "more keys than any object of a rule has")
		}
		if v.get(key) != nil {
			return r.fail(CodeDuplicateKey, at, "the key stands twice in one object")
		}
		if r.space(); !r.next(':') {
			return r.fail(CodeSyntax, r.pos, "expected :")
		}
		kid, p := r.value()
		if p != nil {
			return p
		}
		r.path = r.path[:len(r.path)-1]
		r.space()
		v.keys, v.kids = append(v.keys, key), append(v.kids, kid)
	}
	return r.unspace()
}

func (r *reader) array(v *value) *Problem {
	r.pos++
	r.space()
	for first := true; !r.next(']'); first = false {
		if !first && !r.next(',') {
			return r.fail(CodeSyntax, r.pos, "expected , or ]")
		}
		r.path = append(r.path, strconv.Itoa(len(v.kids)))
		kid, p := r.value()
		if p != nil {
			return p
		}
		r.path = r.path[:len(r.path)-1]
		r.space()
		v.kids = append(v.kids, kid)
	}
	return r.unspace()
}

// unspace takes back the space behind a closing bracket, which is not part of the value.
func (r *reader) unspace() *Problem {
	for strings.IndexByte(" \t\r\n", r.in[r.pos-1]) >= 0 {
		r.pos--
	}
	return nil
}

func (r *reader) word(v *value) *Problem {
	for _, w := range []string{"true", "false", "null"} {
		if strings.HasPrefix(r.in[r.pos:], w) {
			r.pos += len(w)
			v.text = w
			return nil
		}
	}
	return r.fail(CodeSyntax, r.pos, "expected a value")
}

func (r *reader) number() *Problem {
	start := r.pos
	r.skip("-")
	switch {
	case r.skip("0"):
	case r.digits():
	default:
		return r.fail(CodeSyntax, start, "expected a value")
	}
	if r.skip(".") && !r.digits() {
		return r.fail(CodeSyntax, r.pos, "expected a digit")
	}
	if r.skip("eE") {
		r.skip("+-")
		if !r.digits() {
			return r.fail(CodeSyntax, r.pos, "expected a digit")
		}
	}
	return nil
}

// skip passes over one byte if it is one of set.
func (r *reader) skip(set string) bool {
	if r.pos < len(r.in) && strings.IndexByte(set, r.in[r.pos]) >= 0 {
		r.pos++
		return true
	}
	return false
}

func (r *reader) digits() bool {
	start := r.pos
	for r.skip("0123456789") {
	}
	return r.pos > start
}

func (r *reader) string() (string, *Problem) {
	r.pos++
	var b strings.Builder
	for r.pos < len(r.in) {
		c := r.in[r.pos]
		switch {
		case c == '"':
			r.pos++
			return b.String(), nil
		case c < ' ':
			return "", r.fail(CodeSyntax, r.pos, "a control character in a string")
		case c == '\\':
			s, ok := r.escape()
			if !ok {
				return "", r.fail(CodeSyntax, r.pos, "no such escape")
			}
			b.WriteString(s)
		default:
			b.WriteByte(c)
			r.pos++
		}
	}
	return "", r.fail(CodeSyntax, r.pos, "a string without end")
}

const (
	escapes   = `"\/bfnrt`
	unescaped = "\"\\/\b\f\n\r\t"
)

// escape reads one escaped character, or two where they are the halves of one.
func (r *reader) escape() (string, bool) {
	if r.pos+1 < len(r.in) {
		if i := strings.IndexByte(escapes, r.in[r.pos+1]); i >= 0 {
			r.pos += 2
			return unescaped[i : i+1], true
		}
	}
	c, ok := r.unicode(r.pos)
	if !ok {
		return "", false
	}
	size := 6
	if utf16.IsSurrogate(c) {
		low, ok := r.unicode(r.pos + 6)
		if c = utf16.DecodeRune(c, low); !ok || c == utf8.RuneError {
			return "", false
		}
		size = 12
	}
	r.pos += size
	return string(c), true
}

// unicode reads the \u escape at a position.
func (r *reader) unicode(at int) (rune, bool) {
	if at+6 > len(r.in) || r.in[at:at+2] != `\u` {
		return 0, false
	}
	n, err := strconv.ParseUint(r.in[at+2:at+6], 16, 16)
	return rune(n), err == nil
}

// get returns the member of an object, or nil.
func (v *value) get(key string) *value {
	for i, k := range v.keys {
		if k == key {
			return v.kids[i]
		}
	}
	return nil
}

// find returns the value at a place, or the innermost one around it that is there.
func (v *value) find(pointer string) *value {
	for _, key := range strings.Split(pointer, "/")[1:] {
		key = strings.NewReplacer("~1", "/", "~0", "~").Replace(key)
		kid := v.get(key)
		if i, err := strconv.Atoi(key); err == nil && v.kind == '[' && i < len(v.kids) {
			kid = v.kids[i]
		}
		if kid == nil {
			return v
		}
		v = kid
	}
	return v
}
