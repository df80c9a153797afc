package tiers

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const stored = `{
	"version": 1, "zone": "Asia/Shanghai", "scale": 2, "numbers": [{"name": "reviews"}],
	"levels": [
		{"id": "bronze"},
		{"id": "silver", "enter": {"metric": "net_spend", "at_least": "1000.00", "window": {"kind": "rolling", "months": 12}}},
		{"id": "gold",
		 "enter": {"any": [
			{"metric": "net_spend", "at_least": "5000", "window": {"kind": "fixed_year", "start": "04-01"}},
			{"all": [{"metric": "mean_order", "at_least": "300", "min_orders": 3, "window": {"kind": "calendar", "period": "quarter"}},
			         {"metric": "days_since_order", "at_most": "30"}]}]},
		 "keep": {"any": [
			{"metric": "custom", "number": "reviews", "at_least": "1", "window": {"kind": "since_entry"}},
			{"metric": "orders", "at_least": "6", "window": {"kind": "rolling", "days": 90}},
			{"metric": "growth", "at_least": "800", "window": {"kind": "lifetime"}}], "n": 2}}
	]}`

func TestConfigJSON(t *testing.T) {
	c, err := ParseConfig([]byte(stored))
	require.NoError(t, err)
	_, err = New(c)
	require.NoError(t, err)
	assert.Equal(t, FixedYear("04-01"), c.Levels[2].Enter.Any[0].Window)
	assert.Equal(t, 2, c.Levels[2].Keep.N)

	defer func(old bool) { decimal.MarshalJSONWithoutQuotes = old }(decimal.MarshalJSONWithoutQuotes)
	decimal.MarshalJSONWithoutQuotes = true // some other package's doing
	out, err := json.Marshal(c)
	require.NoError(t, err)
	var again Config
	require.NoError(t, json.Unmarshal(out, &again))
	assert.Equal(t, c, again)

	c.Levels[1].Keep = Any() // refused by New, and not forgotten on the way there
	out, err = json.Marshal(c)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(out, &again))
	assert.Equal(t, c, again)

	c.Levels[1].Enter.AtLeast = new(decimal.New(1, 1<<30))
	_, err = json.Marshal(c)
	require.ErrorContains(t, err, "out of range")
}

func TestConfigJSONRefused(t *testing.T) {
	for _, c := range []struct{ old, new, code, pointer string }{
		{`"version": 1`, `"version": 2`, "bad_value", "/version"},
		{`"version": 1, `, ``, "bad_value", "/version"},
		{`"zone"`, `"Zone"`, "unknown_key", "/Zone"},
		{`"n": 2`, `"n": 2, "n": 3`, "duplicate_key", "/levels/2/keep/n"},
		{`"at_least": "1000.00"`, `"at_least": 1000.00`, "wrong_type", "/levels/1/enter/at_least"},
		{`"1000.00"`, `"1e30000000"`, "bad_value", "/levels/1/enter/at_least"},
		{`"1000.00"`, `"a lot"`, "bad_value", "/levels/1/enter/at_least"},
		{`{"id": "bronze"}`, `null`, "wrong_type", "/levels/0"},
		{`"reviews"`, `"` + strings.Repeat("r", 300) + `"`, "limit", "/numbers/0/name"},
		{`]}`, `]} {}`, "trailing_bytes", ""},
	} {
		at := strings.LastIndex(stored, c.old)
		if c.old != `]}` {
			at = strings.Index(stored, c.old)
		}
		bad := stored[:at] + c.new + stored[at+len(c.old):]
		_, err := ParseConfig([]byte(bad))
		e, ok := errors.AsType[*JSONError](err)
		require.True(t, ok, "%s: %v", c.new, err)
		assert.Equal(t, []string{c.code, c.pointer}, []string{e.Code, e.Pointer}, err.Error())
		assert.True(t, strings.HasPrefix(err.Error(), "tiers: "))
	}
	var c Config
	require.Error(t, json.Unmarshal([]byte(`{"version":1,"Levels":[]}`), &c))
}

// FuzzParseConfig: nothing crashes, whatever compiles decides, and what was read is written and read again the same.
func FuzzParseConfig(f *testing.F) {
	f.Add([]byte(stored))
	f.Add([]byte(`{"version":1,"zone":"UTC","levels":[{"id":"a"},{"id":"b","enter":{"metric":"orders","at_least":"1e0","window":{"kind":"lifetime"}}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := ParseConfig(data)
		if err != nil {
			return
		}
		l, err := New(c)
		if err != nil {
			return
		}
		if a, err := l.Activity(Facts{Joined: day(t, "2024-01-01")}); err != nil {
			t.Fatal(err)
		} else if _, err := l.Explain(a, day(t, "2025-01-01"), Held{}); err != nil {
			t.Fatal(err)
		}
		out, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseConfig(out)
		if err != nil {
			t.Fatalf("%s: %v", out, err)
		}
		if x, err := New(again); err != nil || !reflect.DeepEqual(x.levels, l.levels) {
			t.Fatalf("%s compiles to something else: %v", out, err)
		}
	})
}
