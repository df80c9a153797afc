package rfm

import (
	"encoding/json"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/internal/strictjson"
)

// The decimals of plain values are strings in JSON, so that no reader rounds them. The methods below say
// so again, because package decimal has a switch for all of a program that says otherwise.

// MarshalJSON writes the summary with its amounts as strings.
func (s Summary) MarshalJSON() ([]byte, error) {
	type plain Summary
	return json.Marshal(struct {
		plain
		Net     exact `json:"net"`
		Gross   exact `json:"gross"`
		Refunds exact `json:"refunds"`
	}{plain(s), exact(s.Net), exact(s.Gross), exact(s.Refunds)})
}

// ParseSummary reads a summary that was written as JSON, strictly: unknown and repeated keys, another
// case, broken UTF-8 and trailing bytes are refused, with JSON Pointer and byte offset. Whether its numbers
// fit one another is seen by whatever takes the summary.
func ParseSummary(data []byte) (Summary, error) {
	type plain Summary
	var s plain
	if err := strictjson.Unmarshal(data, &s, summaryLimits); err != nil {
		return Summary{}, fmt.Errorf("rfm: summary: %w", err)
	}
	return Summary(s), nil
}

var summaryLimits = strictjson.Limits{Bytes: 1 << 26, Depth: 4, List: 1 << 22, Text: 256}

// UnmarshalJSON reads a summary as [ParseSummary] does.
func (s *Summary) UnmarshalJSON(data []byte) error {
	read, err := ParseSummary(data)
	if err == nil {
		*s = read
	}
	return err
}

// MarshalJSON writes the values with the amount as a string.
func (v Values) MarshalJSON() ([]byte, error) {
	type plain Values
	return json.Marshal(struct {
		plain
		Monetary exact `json:"monetary"`
	}{plain(v), exact(v.Monetary)})
}

// MarshalJSON writes the cut with its value as a string.
func (c Cut) MarshalJSON() ([]byte, error) {
	type plain Cut
	return json.Marshal(struct {
		Value exact `json:"value"`
		plain
	}{exact(c.Value), plain(c)})
}

// MarshalJSON writes the share with its value as a string.
func (s Share) MarshalJSON() ([]byte, error) {
	type plain Share
	return json.Marshal(struct {
		Value exact `json:"value"`
		plain
	}{exact(s.Value), plain(s)})
}

// MarshalJSON writes the cuts as strings.
func (b Binning) MarshalJSON() ([]byte, error) {
	type plain Binning
	return json.Marshal(struct {
		plain
		Cuts []exact `json:"cuts,omitempty"`
	}{plain(b), exacts(b.Cuts)})
}

func exacts(list []decimal.Decimal) []exact {
	out := make([]exact, len(list))
	for i, d := range list {
		out[i] = exact(d)
	}
	return out
}
