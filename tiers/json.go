package tiers

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/internal/fixed"
	"github.com/regulars-go/regulars/internal/strictjson"
)

// JSONError is a stored Config that cannot be read: a stable word such as unknown_key, the JSON Pointer
// of the place, and the byte where the reader stopped.
type JSONError struct {
	Code    string
	Pointer string
	Offset  int
	Detail  string
}

func (e *JSONError) Error() string {
	return fmt.Sprintf("tiers: %s at %q (byte %d): %s", e.Code, e.Pointer, e.Offset, e.Detail)
}

var jsonLimits = strictjson.Limits{Bytes: 1 << 20, Depth: 2*maxDepth + 8, List: 1000, Text: 256}

// ParseConfig reads a Config from JSON: the fields by their names in snake_case, decimals as strings,
// and "version": 1. It refuses what encoding/json would let through, such as a key that stands twice or
// that nobody knows, with a *[JSONError]. [New] judges what the Config says.
func ParseConfig(data []byte) (Config, error) {
	var stored struct {
		Version int      `json:"version"`
		Zone    string   `json:"zone"`
		Scale   int      `json:"scale"`
		Numbers []Number `json:"numbers"`
		Levels  []Level  `json:"levels"`
	}
	err := strictjson.Unmarshal(data, &stored, jsonLimits)
	if e, ok := errors.AsType[*strictjson.Error](err); ok {
		return Config{}, &JSONError{e.Code, e.Pointer, e.Offset, e.Detail}
	}
	if stored.Version != 1 {
		return Config{}, &JSONError{strictjson.CodeValue, "/version", len(data), "this library reads version 1"}
	}
	return Config{Zone: stored.Zone, Scale: stored.Scale, Numbers: stored.Numbers, Levels: stored.Levels}, nil
}

// UnmarshalJSON is [ParseConfig].
func (c *Config) UnmarshalJSON(data []byte) error {
	parsed, err := ParseConfig(data)
	if err == nil {
		*c = parsed
	}
	return err
}

// MarshalJSON writes what [ParseConfig] reads.
func (c Config) MarshalJSON() ([]byte, error) {
	type plain Config
	return json.Marshal(struct {
		Version int `json:"version"`
		plain
	}{1, plain(c)})
}

// MarshalJSON writes decimals as strings, whatever the decimal package's variables say.
func (c Condition) MarshalJSON() ([]byte, error) {
	type plain Condition
	least, err := quoted(c.AtLeast)
	if err != nil {
		return nil, err
	}
	most, err := quoted(c.AtMost)
	if err != nil {
		return nil, err
	}
	return json.Marshal(struct {
		AtLeast *string `json:"at_least,omitempty"`
		AtMost  *string `json:"at_most,omitempty"`
		plain
	}{least, most, plain(c)})
}

func quoted(d *decimal.Decimal) (*string, error) {
	if d == nil {
		return nil, nil
	}
	if err := fixed.Check(*d); err != nil {
		return nil, fmt.Errorf("tiers: bound: %w", err)
	}
	return new(d.StringFixed(max(0, -d.Exponent()))), nil
}
