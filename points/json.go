package points

import (
	"encoding/json"
	"errors"

	"github.com/regulars-go/regulars/internal/strictjson"
)

// JSONError is a refusal of [ParseConfig]: a stable word, the JSON Pointer of the value or member it
// is about, and the byte at which the reader stopped. The words are syntax, bad_utf8, duplicate_key,
// unknown_key, wrong_type, bad_value, trailing_bytes and limit.
type JSONError struct {
	Code    string
	Pointer string
	Offset  int
	Detail  string
}

func (e *JSONError) Error() string {
	inner := strictjson.Error{Code: e.Code, Pointer: e.Pointer, Offset: e.Offset, Detail: e.Detail}
	return "points: policy: " + inner.Error()
}

var configLimits = strictjson.Limits{Bytes: 1 << 20, Depth: 16, List: 10_000, Text: 255}

// ParseConfig reads a Config from JSON, strictly: keys that stand twice, that nobody knows or that
// differ in case, broken UTF-8, null, a number where text is due, and anything after the document are
// refused with a [*JSONError]. Decimals are strings. The document needs "version": 1. It is read,
// not yet checked: [Compile] does that.
func ParseConfig(data []byte) (Config, error) {
	var c Config
	err := strictjson.Unmarshal(data, &c, configLimits)
	if at, ok := errors.AsType[*strictjson.Error](err); ok {
		return Config{}, &JSONError{at.Code, at.Pointer, at.Offset, at.Detail}
	}
	if err != nil {
		return Config{}, err
	}
	if c.Format != 1 {
		return Config{}, &JSONError{strictjson.CodeValue, "/version", 0, "the version must be given and be 1"}
	}
	return c, nil
}

// MarshalJSON writes the Config that the policy was compiled from, which [ParseConfig] reads; of
// several revisions, the latest.
func (p *Policy) MarshalJSON() ([]byte, error) { return json.Marshal(p.cfg) }
