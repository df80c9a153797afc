package strictjson

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type part struct {
	Name  string    `json:"name"`
	Count int       `json:"count,omitempty"`
	On    bool      `json:"on"`
	At    time.Time `json:"at,omitzero"`
	Of    []part    `json:"of,omitempty"`
	Best  *part     `json:"best,omitempty"`
	inner int       //nolint:unused // a field without a tag is no key
}

var small = Limits{Bytes: 1000, Depth: 4, List: 3, Text: 20}

func TestUnmarshal(t *testing.T) {
	var got part
	err := Unmarshal([]byte(` { "name":"\u8001客\ud83d\ude00\n", "count":-12, "on":true,
		"at":"2025-01-02T03:04:05Z", "of":[{"name":"a"},{"on":false}], "best":{"count":0} } `), &got, small)
	require.NoError(t, err)
	assert.Equal(t, part{
		Name: "老客😀\n", Count: -12, On: true, At: time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC),
		Of: []part{{Name: "a"}, {}}, Best: &part{},
	}, got)
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		in, code, pointer string
		offset            int
	}{
		{``, CodeSyntax, "", 0},
		{`{`, CodeSyntax, "", 1},
		{`{name:"a"}`, CodeSyntax, "", 1},
		{`{1:"a"}`, CodeSyntax, "", 1},
		{`{"name":`, CodeSyntax, "/name", 8},
		{`{"count":+1}`, CodeSyntax, "/count", 9},
		{`{"of":[`, CodeSyntax, "/of/0", 7},
		{`{"of":[,]}`, CodeSyntax, "/of/0", 7},
		{`{"on":true,,"name":""}`, CodeSyntax, "", 11},
		{"\ufeff{}", CodeSyntax, "", 0},
		{`{"best":[]}`, CodeType, "/best", 8},
		{`null`, CodeType, "", 0},
		{`{"name":null}`, CodeType, "/name", 8},
		{`{"name":"a","name":"b"}`, CodeDuplicate, "/name", 12},
		{`{"nam\u0065":"a","name":"b"}`, CodeDuplicate, "/name", 17},
		{`{"Name":"a"}`, CodeUnknown, "/Name", 1},
		{`{"inner":1}`, CodeUnknown, "/inner", 1},
		{`{"":1}`, CodeUnknown, "/", 1},
		{`{"a/b~":1}`, CodeUnknown, "/a~1b~0", 1},
		{`{"name":"a"} {}`, CodeTrailing, "", 13},
		{`{"name":"a",}`, CodeSyntax, "", 12},
		{`{"name" "a"}`, CodeSyntax, "/name", 8},
		{`{"of":[{}{}]}`, CodeSyntax, "/of", 9},
		{`{"of":{}}`, CodeType, "/of", 6},
		{`{"of":[{},{"count":1.0}]}`, CodeType, "/of/1/count", 19},
		{`{"count":1e3}`, CodeType, "/count", 9},
		{`{"count":01}`, CodeType, "/count", 9},
		{`{"count":-0}`, CodeType, "/count", 9},
		{`{"count":9223372036854775808}`, CodeType, "/count", 9},
		{`{"count":"1"}`, CodeType, "/count", 9},
		{`{"on":truth}`, CodeType, "/on", 6},
		{`{"at":"yesterday"}`, CodeValue, "/at", 6},
		{`{"name":"` + "\xff" + `"}`, CodeUTF8, "/name", 9},
		{`{"name":"\ud800"}`, CodeUTF8, "/name", 9},
		{`{"name":"\udc00\ud800"}`, CodeUTF8, "/name", 9},
		{`{"name":"\x"}`, CodeSyntax, "/name", 9},
		{`{"name":"a` + "\n" + `"}`, CodeSyntax, "/name", 10},
		{`{"name":"a`, CodeSyntax, "/name", 10},
		{`{"name":"a"`, CodeSyntax, "", 11},
		{`{"name":"` + strings.Repeat("a", 21) + `"}`, CodeLimit, "/name", 30},
		{`{"of":[{},{},{},{}]}`, CodeLimit, "/of", 16},
		{`{"of":[{"of":[{}]}]}`, CodeLimit, "/of/0/of/0", 14},
		{strings.Repeat(" ", 1001), CodeLimit, "", 0},
	} {
		var got part
		var e *Error
		require.ErrorAs(t, Unmarshal([]byte(c.in), &got, small), &e, c.in)
		assert.Equal(t, []any{c.code, c.pointer, c.offset}, []any{e.Code, e.Pointer, e.Offset}, "%s: %v", c.in, e)
	}
}

// FuzzUnmarshal: whatever is accepted here, encoding/json accepts too and reads the same from it.
func FuzzUnmarshal(f *testing.F) {
	f.Add([]byte(`{"name":"\u4e2d\ud83d\ude00","count":-1,"of":[{"on":true}],"best":{}}`))
	f.Add([]byte(`{"at":"2025-01-02T03:04:05.123456+08:00","name":"\/\b"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var ours, theirs part
		err := Unmarshal(data, &ours, small)
		if err != nil {
			if _, ok := errors.AsType[*Error](err); !ok {
				t.Fatalf("%T is not an *Error", err)
			}
			return
		}
		if err := json.Unmarshal(data, &theirs); err != nil || !reflect.DeepEqual(ours, theirs) {
			t.Fatalf("%q: read %+v, encoding/json reads %+v, %v", data, ours, theirs, err)
		}
	})
}
