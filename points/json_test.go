package points

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// everything uses every field of a Config.
const everything = `{
	"version": 1, "id": "house", "revision": 3, "since": "2025-06-01T09:00", "zone": "Asia/Shanghai",
	"currency": "CNY", "decimals": 2, "policy_at": "received", "rounding": "half_up", "round_at": "line",
	"basis": {"exclude_tax": true, "points_tender": true, "gift_cards": true, "exclude_gift_card_tender": true,
		"exclude_tags": ["tobacco"], "exclude_skus": ["0815"]},
	"rules": [
		{"id": "shoes", "linear": {"points": 2, "per": "1.00"}, "when": {"tags": ["shoes"], "without_tags": ["sale"]}},
		{"id": "base", "linear": {"points": 1, "per": "1.00"}, "family": "", "pending": {"event": "received", "days": 14}},
		{"id": "tens", "step": {"points": 5, "per": "10", "of": "line"}, "family": "extra", "color": "brand", "expiry": {"through": "2026-12-31"}},
		{"id": "each", "unit": {"points": 3}, "family": "units", "when": {"skus": ["a", "b"]}, "pending": {"hours": 2}}
	],
	"stack": "sum", "stack_groups": [{"name": "goods", "stack": "best"}],
	"modifiers": [{"id": "birthday", "factor": "2", "stack_group": "goods", "families": ["extra"],
		"when": {"birthday": true, "from": "2025-01-01", "until": "2026-01-01", "zone": "UTC", "weekdays": [6, 7], "month_days": [1, 15],
			"channels": ["online"], "groups": ["gold"], "first": true, "spend": "50.00"}}],
	"bonuses": [{"id": "hundred", "points": 50, "when": {"spend": "100"}, "multiply_me": true, "keep": true}],
	"caps": [{"id": "most", "points": 500}, {"id": "monthly", "of": "hundred", "per": "month", "points": 100}],
	"pending": {"event": "paid"},
	"expiry": {"later": [{"months": 12, "align": "month", "from": "activity"}, {"earlier": [{"days": 90}, {"through": "2027-01-01"}]}]},
	"birthday": {"leap": "mar1", "before": 3, "after": 3, "gift": {"points": 88}},
	"referral": {"referrer": {"points": 100}, "friend": {"points": 50, "color": "brand"}, "spend": "30", "any_order": true},
	"check_in": {"points": [1, 2, 5], "cycle": true, "zone": "Asia/Tokyo"},
	"actions": [{"id": "review", "points": 10, "once": "day", "from": "2025-01-01", "until": "2030-01-01"}],
	"redeem": {"points": 100, "money": "1.00", "min": 500, "step": 100, "max_percent": "50", "max_amount": "200.00",
		"max_per_day": 5000, "round_up_to_close": true, "exclude_tags": ["sale"], "exclude_skus": ["x"], "gift_cards": true},
	"terms": {"refund": "within_balance", "reinstate": "fresh", "reinstate_days": 10, "regrace_days": 7,
		"back_dated": "grace", "back_dated_days": 14, "freeze_blocks_capture": true, "activity": ["earn"], "dedupe_once": true}
}`

func TestParseConfig(t *testing.T) {
	c, err := ParseConfig([]byte(everything))
	require.NoError(t, err)
	p, err := Compile(c)
	require.NoError(t, err)
	printed, err := json.Marshal(p)
	require.NoError(t, err)
	again, err := ParseConfig(printed)
	require.NoError(t, err)
	assert.Equal(t, p.Config(), again)
	assert.True(t, c.Modifiers[0].When.Spend.Equal(dec("50")))
	assert.Equal(t, []string{"shoes"}, c.Rules[0].When.Tags)
	c.Rules[0].When.Tags[0] = "changed" // a compiled policy keeps its own copy
	assert.Equal(t, "shoes", p.Config().Rules[0].When.Tags[0])
	p.Config().Rules[0].When.Tags[0] = "changed"
	assert.Equal(t, "shoes", p.Config().Rules[0].When.Tags[0])
}

func TestParseConfigRefusals(t *testing.T) {
	for _, c := range []struct{ in, code, pointer string }{
		{`{}`, "bad_value", "/version"},
		{`{"version":2}`, "bad_value", "/version"},
		{`{"version":1,"id":"a","id":"b"}`, "duplicate_key", "/id"},
		{`{"version":1,"Id":"a"}`, "unknown_key", "/Id"},
		{`{"version":1,"rules":[{"linear":{"per":1.00}}]}`, "wrong_type", "/rules/0/linear/per"},
		{`{"version":1,"rules":[{"linear":{"per":"1,00"}}]}`, "bad_value", "/rules/0/linear/per"},
		{`{"version":1,"check_in":{"points":[1.5]}}`, "wrong_type", "/check_in/points/0"},
		{`{"version":1,"redeem":null}`, "wrong_type", "/redeem"},
		{`{"version":1,"id":"` + "\xff" + `"}`, "bad_utf8", "/id"},
		{`{"version":1} {"version":1}`, "trailing_bytes", ""},
		{`{"version":1,"expiry":` + nested(20) + `}`, "limit", "/expiry/later/0/later/0/later/0/later/0/later/0/later/0/later/0/later"},
	} {
		_, err := ParseConfig([]byte(c.in))
		var at *JSONError
		require.ErrorAs(t, err, &at, c.in)
		assert.Equal(t, c.code, at.Code, c.in)
		assert.Equal(t, c.pointer, at.Pointer, c.in)
	}
}

func nested(n int) string {
	if n == 0 {
		return "{}"
	}
	return `{"later":[` + nested(n-1) + `]}`
}

// FuzzPolicyJSON: whatever parses either compiles or says where it does not, and prints as what it is.
func FuzzPolicyJSON(f *testing.F) {
	f.Add([]byte(everything))
	f.Add([]byte(`{"version":1,"id":"x","revision":1,"zone":"UTC","currency":"EUR","rules":[{"id":"r","linear":{"points":1,"per":"1e-18"}}]}`))
	f.Add([]byte(`{"version":1,"id":"x","modifiers":[{"factor":"1e9999"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := ParseConfig(data)
		if err != nil {
			return
		}
		p, err := Compile(c)
		if err != nil {
			return
		}
		printed, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseConfig(printed)
		if err != nil {
			t.Fatalf("%v in %s", err, printed)
		}
		q, err := Compile(again)
		if err != nil {
			t.Fatal(err)
		}
		if twice, err := json.Marshal(q); err != nil || string(twice) != string(printed) {
			t.Fatalf("%s prints as %s", printed, twice)
		}
		Audit(p)
		o := sale("19.99", "5")
		o.Placed, o.Received, o.Completed = o.Paid, o.Paid, o.Paid
		if a, err := p.Award(o); err == nil {
			if _, err := a.Evidence.After(Return{Everything: true}); err != nil {
				t.Fatal(err)
			}
		}
	})
}
