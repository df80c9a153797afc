package tags

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const stored = `{"version": 1,
	"groups": [{"id": "life-stage", "description": "where the customer stands", "exclusive": "latest_wins"}],
	"tags": [{"id": "growing", "description": "buys more", "group": "life-stage", "rank": 2}, {"id": "双11", "description": "Singles' Day"}]}`

const storedSet = `{"version": 1, "assignments": [
	{"tag": "growing", "source": "rule:stage", "from": "2025-01-01T08:00:00+08:00", "cut": "2025-02-01T00:00:00Z"},
	{"tag": "双11", "source": "manual", "from": "2025-01-01T00:00:00.000001Z", "until": "2025-11-12T00:00:00Z"}]}`

func TestConfigJSON(t *testing.T) {
	c, err := ParseConfig([]byte(stored))
	require.NoError(t, err)
	v, err := New(c)
	require.NoError(t, err)
	assert.True(t, v.Has("双11"))
	assert.Equal(t, LatestWins, c.Groups[0].Exclusive)
	out, err := json.Marshal(c)
	require.NoError(t, err)
	var again Config
	require.NoError(t, json.Unmarshal(out, &again))
	assert.Equal(t, c, again)
}

func TestSetJSON(t *testing.T) {
	s, err := ParseSet([]byte(storedSet))
	require.NoError(t, err)
	assert.True(t, s[0].From.Equal(on("2025-01-01T08:00:00")))
	assert.True(t, s[0].End().Equal(s[0].Cut))
	out, err := json.Marshal(s)
	require.NoError(t, err)
	var again Set
	require.NoError(t, json.Unmarshal(out, &again))
	assert.True(t, equal(s, again))
	out, err = json.Marshal(Set(nil))
	require.NoError(t, err)
	assert.JSONEq(t, `{"version":1,"assignments":[]}`, string(out))

	s, err = ParseSet([]byte(`{"version":1,"assignments":[{"tag":"vip","source":"a","from":"2025-01-01T08:00:00.1234567+08:00"}]}`))
	require.NoError(t, err)
	assert.Equal(t, Set{{Tag: "vip", Source: "a", From: time.Date(2025, 1, 1, 0, 0, 0, 123456000, time.UTC)}}, s)

	out, err = json.Marshal(Card{Holder: "lin", Version: 1, Set: s})
	require.NoError(t, err)
	var card Card
	require.NoError(t, json.Unmarshal(out, &card))
	assert.True(t, equal(s, card.Set))
}

func TestJSONRefused(t *testing.T) {
	config := func(data []byte) error { _, err := ParseConfig(data); return err }
	set := func(data []byte) error { _, err := ParseSet(data); return err }
	for _, c := range []struct {
		read          func([]byte) error
		in, old, new  string
		code, pointer string
	}{
		{config, stored, `"version": 1`, `"version": 3`, "bad_value", "/version"},
		{config, stored, `"rank"`, `"Rank"`, "unknown_key", "/tags/0/Rank"},
		{config, stored, `"rank": 2`, `"rank": 2, "rank": 3`, "duplicate_key", "/tags/0/rank"},
		{config, stored, `"rank": 2`, `"rank": 2.5`, "wrong_type", "/tags/0/rank"},
		{config, stored, `"rank": 2`, `"rank": null`, "wrong_type", "/tags/0/rank"},
		{config, stored, `buys more`, "buys \xff", "bad_utf8", "/tags/0/description"},
		{config, stored, `Day"}]}`, `Day"}]} 1`, "trailing_bytes", ""},
		{config, stored, `Singles`, strings.Repeat("x", 5000), "limit", "/tags/1/description"},
		{set, storedSet, `"version": 1, `, ``, "bad_value", "/version"},
		{set, storedSet, `"source": "manual", `, ``, "bad_value", "/assignments/1"},
		{set, storedSet, `"until": "2025-11`, `"until": "2024-11`, "bad_value", "/assignments/1"},
		{set, storedSet, `2025-11-12T00:00:00Z`, `2025-11-12`, "bad_value", "/assignments/1/until"},
		{set, storedSet, `"from": "2025-01-01T00:00:00.000001Z", `, ``, "bad_value", "/assignments/1"},
		{set, storedSet, `"from": "2025-01-01T00:00:00.000001Z"`, `"from": "9999-12-31T23:00:00-12:00"`, "bad_value", "/assignments/1"},
		{set, storedSet, `"assignments": [`, `"assignments": [{"tag": "vip", "source": "a", "from": "2025-01-02T00:00:00Z"},
			{"tag": "vip", "source": "a", "from": "2025-01-01T00:00:00Z", "until": "2025-01-02T00:00:00.000001Z"}, `, "bad_value", "/assignments"},
		{set, storedSet, `"manual"`, `7`, "wrong_type", "/assignments/1/source"},
	} {
		require.Contains(t, c.in, c.old)
		err := c.read([]byte(strings.Replace(c.in, c.old, c.new, 1)))
		e, ok := errors.AsType[*JSONError](err)
		require.True(t, ok, "%s: %v", c.new, err)
		assert.Equal(t, []string{c.code, c.pointer}, []string{e.Code, e.Pointer}, err.Error())
		assert.True(t, strings.HasPrefix(err.Error(), "tags: "))
	}
	var c Config
	require.Error(t, json.Unmarshal([]byte(`{"version":1,"Tags":[]}`), &c))
	var s Set
	require.Error(t, json.Unmarshal([]byte(`[]`), &s))
}

// FuzzParse: nothing crashes, and what was read is written and read again the same.
func FuzzParse(f *testing.F) {
	f.Add([]byte(stored))
	f.Add([]byte(storedSet))
	f.Fuzz(func(t *testing.T, data []byte) {
		if s, err := ParseSet(data); err == nil {
			house.At(s, tick(3))
			out, err := json.Marshal(s)
			if err != nil {
				t.Fatal(err)
			}
			if again, err := ParseSet(out); err != nil || !equal(s, again) {
				t.Fatalf("%s: %+v, not %+v: %v", out, again, s, err)
			}
		}
		if c, err := ParseConfig(data); err == nil {
			v, err := New(c)
			if err != nil {
				return
			}
			for _, tag := range v.Tags() {
				if _, _, err := v.Apply(nil, Request{Action: Assign, Tag: tag.ID, Source: Manual, At: tick(1)}); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

func TestProblems(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Config)
		want   []string
	}{
		"group id":       {func(c *Config) { c.Groups[0].ID = "" }, []string{"/groups/0/id", "/tags/0/group", "/tags/0/rank"}},
		"group twice":    {func(c *Config) { c.Groups = append(c.Groups, c.Groups[0]) }, []string{"/groups/1/id"}},
		"no words":       {func(c *Config) { c.Groups[0].Description, c.Tags[1].Description = "", " " }, []string{"/groups/0/description", "/tags/1/description"}},
		"policy":         {func(c *Config) { c.Groups[0].Exclusive = "LatestWins" }, []string{"/groups/0/exclusive"}},
		"tag id":         {func(c *Config) { c.Tags[1].ID = strings.Repeat("x", 256) }, []string{"/tags/1/id"}},
		"tag twice":      {func(c *Config) { c.Tags[1].ID = "growing" }, []string{"/tags/1/id"}},
		"unknown group":  {func(c *Config) { c.Tags[1].Group = "stage" }, []string{"/tags/1/group"}},
		"needless rank":  {func(c *Config) { c.Tags[1].Rank = 1 }, []string{"/tags/1/rank"}},
		"all of them":    {func(c *Config) { c.Groups[0].Exclusive = "x"; c.Tags[0].ID = "a\x00"; c.Tags[1].ID = "\xff" }, []string{"/groups/0/exclusive", "/tags/0/id", "/tags/1/id"}},
		"nothing at all": {func(c *Config) { *c = Config{} }, nil},
	} {
		cfg, err := ParseConfig([]byte(stored))
		require.NoError(t, err)
		c.change(&cfg)
		_, err = New(cfg)
		if c.want == nil {
			require.NoError(t, err)
			continue
		}
		e, ok := errors.AsType[*ConfigError](err)
		require.True(t, ok, name)
		var paths []string
		for _, p := range e.Problems {
			paths = append(paths, p.Path)
			assert.Contains(t, err.Error(), p.Detail)
		}
		assert.Equal(t, c.want, paths, "%s: %v", name, err)
		assert.Panics(t, func() { MustNew(cfg) })
	}
}

func TestFindTags(t *testing.T) {
	ids := func(text string) []string {
		var out []string
		for _, tag := range house.Find(text) {
			out = append(out, tag.ID)
		}
		return out
	}
	assert.Equal(t, []string{"plus-size"}, ids("大码"))
	assert.Equal(t, []string{"gift", "pay-day"}, ids("HOW THE customer"), "by the description of the group")
	assert.Equal(t, []string{"size-m", "size-l", "size-xl", "plus-size"}, ids("Size"))
	assert.Equal(t, []string{"gift", "pay-day"}, ids("habit"))
	assert.Equal(t, "vip", ids("VIP")[0])
	assert.Len(t, ids(""), len(house.Tags()))
	assert.Empty(t, ids("nobody"))
	assert.True(t, house.Has("vip"))
	assert.False(t, house.Has("VIP"))
}
