package rfm

import (
	"encoding/json"

	"github.com/shopspring/decimal"
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
