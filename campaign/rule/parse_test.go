package rule

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// stored puts a rule into its envelope.
func stored(rule string) string {
	return `{"format":1,"schema":"shop.customer","schema_version":1,"rule":` + rule + `}`
}

func TestParseReadsEveryOperator(t *testing.T) {
	for _, rule := range []string{
		`{"field":"region","known":true}`,
		`{"field":"region","known":false}`,
		`{"field":"region","eq":"GD"}`,
		`{"field":"region","ne":"GD"}`,
		`{"field":"region","in":["GD","ZJ"]}`,
		`{"field":"region","not_in":["GD","ZJ"]}`,
		`{"field":"orders","eq":-3}`,
		`{"field":"orders","ne":9223372036854775807}`,
		`{"field":"orders","under":-9223372036854775808}`,
		`{"field":"orders","at_most":0}`,
		`{"field":"orders","over":1}`,
		`{"field":"orders","at_least":1}`,
		`{"field":"orders","between":{"min":1,"max":3}}`,
		`{"field":"spend","eq":"0"}`,
		`{"field":"spend","over":"500.01"}`,
		`{"field":"spend","under":"-0.000000000000000001"}`,
		`{"field":"spend","at_least":"12345678901234567890123456789012345678"}`,
		`{"field":"spend","at_most":"12345678901234567890123456789012345678e18"}`,
		`{"field":"spend","between":{"min":"1.5","max":"2"}}`,
		`{"field":"tier","at_least":"silver"}`,
		`{"field":"tier","at_most":"silver"}`,
		`{"field":"tier","in":["bronze","gold"]}`,
		`{"field":"last_order","before":"2025-06-15T12:00:00Z"}`,
		`{"field":"last_order","after":"2025-06-15T12:00:00.000001Z"}`,
		`{"field":"last_order","between":{"from":"2025-06-15T12:00:00Z","until":"2025-06-16T12:00:00Z"}}`,
		`{"field":"last_order","within":{"days":30}}`,
		`{"field":"last_order","within":{"hours":25}}`,
		`{"field":"last_order","older_than":{"microseconds":1}}`,
		`{"field":"last_order","within_next":{"minutes":61}}`,
		`{"field":"last_order","within_days":{"days":7,"zone":"Asia/Shanghai"}}`,
		`{"field":"last_order","older_than_days":{"days":36600,"zone":"UTC"}}`,
		`{"field":"birthday","near":{"before":7,"after":0,"leap":"mar1","zone":"Asia/Shanghai"}}`,
		`{"field":"birthday","this_month":{"zone":"Europe/London"}}`,
		`{"field":"birthday","month_in":[2,12]}`,
		`{"field":"birthday","before":"2007-06-15"}`,
		`{"field":"birthday","between":{"from":"1990-01-01","until":"2000-01-01"}}`,
		`{"field":"consent","is":false}`,
		`{"field":"tags","any":["gift","vip"]}`,
		`{"field":"tags","all":["\"quoted\\\u000a","加大码"]}`,
		`{"field":"tags","none":["vip"]}`,
		`{"func":"frequent","version":2}`,
		`{"all":[{"any":[{"not":{"field":"consent","is":true}}]},{"or_else":{"rule":{"field":"orders","eq":1},"value":false}}]}`,
	} {
		r, err := shop.Parse([]byte(stored(rule)))
		require.NoError(t, err, rule)
		assert.Equal(t, stored(rule), mustJSON(t, r), "canonical text is printed as it was read")
		assert.NotEmpty(t, r.Text(English))
		assert.NotEqual(t, r.Text(English), r.Text(Chinese))
	}
}

func TestCanonicalFormIsOne(t *testing.T) {
	const want = `{"all":[{"field":"spend","over":"500"},{"field":"region","in":["GD","ZJ"]},{"field":"last_order","within":{"days":2}},{"field":"last_order","before":"2025-06-15T04:00:00Z"}]}`
	hash := shop.MustParse(stored(want)).Hash()
	for _, rule := range []string{
		` { "all" : [ { "over":"500.00","field":"spend" } ,{"field":"region","in":["ZJ","GD","ZJ"]},{"field":"last_order","within":{"hours":48}},` +
			`{"field":"last_order","before":"2025-06-15T12:00:00.0000009+08:00"}]} `,
		`{"\u0061ll":[{"field":"spend","over":"5e2"},{"field":"region","in":["\u0047D","ZJ"]},{"field":"last_order","within":{"microseconds":172800000000}},{"field":"last_order","before":"2025-06-15T04:00:00Z"}]}`,
	} {
		r, err := shop.Parse([]byte(stored(rule)))
		require.NoError(t, err)
		assert.Equal(t, stored(want), mustJSON(t, r))
		assert.Equal(t, hash, r.Hash())
	}
	other := shop.MustParse(stored(strings.Replace(want, "500", "501", 1)))
	assert.NotEqual(t, hash, other.Hash())
	assert.Len(t, hash, 64)
}

func TestParseRefuses(t *testing.T) {
	leaf := `{"field":"orders","eq":1}`
	deep := func(n int) string { return strings.Repeat(`{"not":`, n) + leaf + strings.Repeat(`}`, n) }
	many := func(n int) string { return `{"all":[` + strings.TrimSuffix(strings.Repeat(leaf+",", n), ",") + `]}` }
	list := func(n int) string {
		return `{"field":"region","in":["` + strings.Join(strings.Split(strings.Repeat("a", n), ""), `","`) + `"]}`
	}
	const head = len(`{"format":1,"schema":"shop.customer","schema_version":1,"rule":`)
	for _, c := range []struct {
		name, text string
		code       Code
		path       string
		offset     int // -1: not looked at
	}{
		{"empty", ``, CodeSyntax, "", 0},
		{"not json", `hello`, CodeSyntax, "", 0},
		{"no object", `[]`, CodeWrongType, "", 0},
		{"trailing", stored(leaf) + `x`, CodeTrailing, "", len(stored(leaf))},
		{"truncated", stored(leaf)[:head+10], CodeSyntax, "/field", head + 10},
		{"bad utf-8", stored("{\"field\":\"region\",\"eq\":\"\xff\"}"), CodeBadText, "", head + 24},
		{"lone surrogate", stored(`{"field":"region","eq":"\ud800"}`), CodeSyntax, "/eq", head + 24},
		{"control character", stored("{\"field\":\"region\",\"eq\":\"\n\"}"), CodeSyntax, "/eq", head + 24},
		{"byte order mark", "\ufeff" + stored(leaf), CodeSyntax, "", 0},
		{"comment", stored(leaf + `/**/`), CodeSyntax, "", head + len(leaf)},
		{"comma at the end", stored(`{"all":[` + leaf + `,]}`), CodeSyntax, "/all/1", head + 8 + len(leaf) + 1},
		{"duplicate key", stored(`{"field":"orders","eq":1,"eq":1}`), CodeDuplicateKey, "/eq", head + 25},
		{"duplicate key by escape", stored(`{"field":"orders","eq":1,"\u0065q":1}`), CodeDuplicateKey, "/eq", head + 25},
		{"unknown envelope key", strings.Replace(stored(leaf), `"rule"`, `"name":"x","rule"`, 1), CodeUnknownKey, "/name", -1},
		{"missing envelope key", `{"format":1,"schema":"shop.customer","rule":` + leaf + `}`, CodeMissingKey, "", 0},
		{"other format", strings.Replace(stored(leaf), `"format":1`, `"format":2`, 1), CodeFormat, "/format", 10},
		{"other schema", strings.Replace(stored(leaf), `shop.customer`, `shop.order`, 1), CodeSchema, "/schema", -1},
		{"newer version", strings.Replace(stored(leaf), `_version":1`, `_version":2`, 1), CodeVersion, "/schema_version", -1},
		{"version 0", strings.Replace(stored(leaf), `_version":1`, `_version":0`, 1), CodeBadValue, "/schema_version", -1},
		{"wrong case", stored(`{"All":[` + leaf + `]}`), CodeUnknownKey, "/All", head + 7},
		{"wrong case of operator", stored(`{"field":"region","IN":["GD"]}`), CodeUnknownOp, "/IN", head + 23},
		{"unknown field", stored(`{"all":[` + leaf + `,{"field":"regoin","in":["GD"]}]}`), CodeUnknownField, "/all/1/field", -1},
		{"unknown function", stored(`{"func":"frequent","version":3}`), CodeUnknownFunc, "/func", head + 8},
		{"operator of another type", stored(`{"field":"region","over":"1"}`), CodeUnknownOp, "/over", -1},
		{"number as text", stored(`{"field":"orders","eq":"1"}`), CodeWrongType, "/eq", head + 23},
		{"money as number", stored(`{"field":"spend","over":500}`), CodeWrongType, "/over", -1},
		{"null", stored(`{"field":"region","eq":null}`), CodeWrongType, "/eq", -1},
		{"null in list", stored(`{"field":"region","in":["GD",null]}`), CodeWrongType, "/in/1", -1},
		{"fraction", stored(`{"field":"orders","eq":1.0}`), CodeBadValue, "/eq", -1},
		{"too large a number", stored(`{"field":"orders","eq":9223372036854775808}`), CodeBadValue, "/eq", -1},
		{"leading zero", stored(`{"field":"orders","eq":01}`), CodeSyntax, "", -1},
		{"hostile exponent", stored(`{"field":"spend","over":"1e30000000"}`), CodeBadValue, "/over", head + 24},
		{"exponent over the limit", stored(`{"field":"spend","over":"1e19"}`), CodeBadValue, "/over", -1},
		{"39 digits", stored(`{"field":"spend","over":"123456789012345678901234567890123456789"}`), CodeBadValue, "/over", -1},
		{"no decimal", stored(`{"field":"spend","over":".5"}`), CodeBadValue, "/over", -1},
		{"min over max", stored(`{"field":"spend","between":{"min":"2","max":"1"}}`), CodeBadValue, "/between", -1},
		{"empty list", stored(`{"all":[` + leaf + `,` + leaf + `,` + leaf + `,` + leaf + `,{"field":"region","in":[]}]}`), CodeEmptyList, "/all/4/in", -1},
		{"empty all", stored(`{"any":[{"all":[]}]}`), CodeEmptyList, "/any/0/all", -1},
		{"two operators", stored(`{"field":"orders","over":1,"under":3}`), CodeUnknownKey, "/under", -1},
		{"a condition in another case", stored(`{"Field":"orders","over":1}`), CodeUnknownKey, "/Field", -1},
		{"nothing in a node", stored(`{}`), CodeMissingKey, "", head},
		{"two kinds", stored(`{"all":[` + leaf + `],"any":[` + leaf + `]}`), CodeUnknownKey, "/any", -1},
		{"no rank", stored(`{"field":"tier","at_least":"Silver"}`), CodeBadValue, "/at_least", -1},
		{"unknown zone", stored(`{"field":"last_order","within_days":{"days":1,"zone":"Asia/Peking"}}`), CodeBadZone, "/within_days/zone", -1},
		{"local zone", stored(`{"field":"last_order","within_days":{"days":1,"zone":"Local"}}`), CodeBadZone, "/within_days/zone", -1},
		{"zone that is a path", stored(`{"field":"last_order","within_days":{"days":1,"zone":"../../etc/passwd"}}`), CodeBadZone, "/within_days/zone", -1},
		{"no days", stored(`{"field":"last_order","within_days":{"days":0,"zone":"UTC"}}`), CodeBadValue, "/within_days/days", -1},
		{"no span", stored(`{"field":"last_order","within":{"days":0}}`), CodeBadValue, "/within/days", -1},
		{"too long a span", stored(`{"field":"last_order","within":{"days":106752}}`), CodeBadValue, "/within/days", -1},
		{"two units", stored(`{"field":"last_order","within":{"days":1,"hours":1}}`), CodeMissingKey, "/within", -1},
		{"unknown policy", stored(`{"field":"birthday","near":{"before":0,"after":0,"leap":"Feb28","zone":"UTC"}}`), CodeBadValue, "/near/leap", -1},
		{"too near", stored(`{"field":"birthday","near":{"before":367,"after":0,"leap":"only","zone":"UTC"}}`), CodeBadValue, "/near/before", -1},
		{"no month", stored(`{"field":"birthday","month_in":[13]}`), CodeBadValue, "/month_in/0", -1},
		{"no date", stored(`{"field":"birthday","before":"2025-02-29"}`), CodeBadValue, "/before", -1},
		{"no instant", stored(`{"field":"last_order","before":"2025-02-28"}`), CodeBadValue, "/before", -1},
		{"nul", stored(`{"field":"region","eq":"a\u0000"}`), CodeBadText, "/eq", -1},
		{"long text", stored(`{"field":"region","eq":"` + strings.Repeat("x", 257) + `"}`), CodeTextTooLong, "/eq", -1},
		{"long list", stored(list(1001)), CodeListTooLong, "/in", -1},
		{"33 levels", stored(deep(32)), CodeTooDeep, strings.Repeat("/not", 32), -1},
		{"deep nonsense", strings.Repeat("[", 60_000), CodeTooDeep, strings.Repeat("/0", deepest+1), deepest + 1},
		{"501 nodes", stored(many(500)), CodeTooManyNodes, "/all/499", -1},
		{"over 64 KiB", stored(leaf) + strings.Repeat(" ", MaxBytes), CodeTooLarge, "", MaxBytes},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := shop.Parse([]byte(c.text))
			require.Error(t, err)
			assert.Nil(t, r)
			assert.True(t, strings.HasPrefix(err.Error(), "rule: "), err.Error())
			ps := Problems(err)
			require.Len(t, ps, 1, "%v", err)
			assert.Equal(t, c.code, ps[0].Code, "%v", err)
			assert.Equal(t, c.path, ps[0].Path, "%v", err)
			if c.offset >= 0 {
				assert.Equal(t, c.offset, ps[0].Offset, "%v", err)
			}
			assert.GreaterOrEqual(t, ps[0].Offset, 0)
			assert.Less(t, len(err.Error()), 1000, "a hostile text is not repeated in the error")
		})
	}
	for name, text := range map[string]string{"32 levels": deep(31), "500 nodes": many(499), "1000 in a list": list(1000)} {
		_, err := shop.Parse([]byte(stored(text)))
		require.NoError(t, err, name)
	}
}

func TestAllProblemsAreReported(t *testing.T) {
	_, err := shop.Parse([]byte(stored(`{"all":[{"field":"regoin","in":["GD"]},{"field":"orders","over":"1"},{"any":[{"field":"spend","over":"x"}]}]}`)))
	var paths []string
	for _, p := range Problems(err) {
		paths = append(paths, p.Path)
	}
	assert.Equal(t, []string{"/all/0/field", "/all/1/over", "/all/2/any/0/over"}, paths)

	_, err = shop.Compile(All(Region.In(), Tier.AtLeast("platinum"), Any(Last.Within(0), Birthday.Near(-1, 0, LeapOnly+1, nil))))
	paths = nil
	for _, p := range Problems(err) {
		paths = append(paths, p.Path)
		assert.Equal(t, -1, p.Offset)
	}
	assert.Equal(t, []string{
		"/all/0/in", "/all/1/at_least", "/all/2/any/0/within",
		"/all/2/any/1/near/before", "/all/2/any/1/near/leap", "/all/2/any/1/near/zone",
	}, paths)
}

func TestCompileRefuses(t *testing.T) {
	other := NewSchema[*customer]("other", 1)
	foreign := other.Flag("flag", func(*customer) (bool, bool) { return true, true }).Is(true)
	deep := OptIn.Is(true)
	for range MaxDepth {
		deep = Not(deep)
	}
	for name, c := range map[string]struct {
		e    Expr[*customer]
		code Code
	}{
		"zero":            {Expr[*customer]{}, CodeNoExpr},
		"zero inside":     {All(OptIn.Is(true), Expr[*customer]{}), CodeOtherSchema},
		"other schema":    {foreign, CodeOtherSchema},
		"mixed schemas":   {All(OptIn.Is(true), Any(foreign)), CodeOtherSchema},
		"deep":            {deep, CodeTooDeep},
		"unknown kind":    {shop.Expr(&Node{Kind: "xor"}), CodeUnknownKey},
		"nil node":        {shop.Expr(nil), CodeNoExpr},
		"nil kid":         {shop.Expr(&Node{Kind: KindNot, Kids: []*Node{nil}}), CodeNoExpr},
		"two under not":   {shop.Expr(&Node{Kind: KindNot, Kids: []*Node{OptIn.Is(true).node, OptIn.Is(true).node}}), CodeBadValue},
		"no arguments":    {shop.Expr(&Node{Kind: KindField, Name: "region", Type: TypeText, Op: OpEq}), CodeBadValue},
		"wrong type":      {shop.Expr(&Node{Kind: KindField, Name: "region", Type: TypeInt, Op: OpEq, Ints: []int64{1}}), CodeUnknownOp},
		"fixed zone":      {Last.WithinDays(1, time.FixedZone("CST", 8*3600)), CodeBadZone},
		"hostile decimal": {Spend.Over(dec("1").Shift(30_000_000)), CodeBadValue},
		"half a micro":    {Last.Within(500 * time.Nanosecond), CodeBadValue},
		"zero instant":    {Last.Before(time.Time{}), CodeBadValue},
		"no year":         {Birthday.Before(Date{0, 1, 1}), CodeBadValue},
	} {
		_, err := shop.Compile(c.e)
		require.NotEmpty(t, Problems(err), name)
		assert.Equal(t, c.code, Problems(err)[0].Code, "%s: %v", name, err)
	}
	assert.Panics(t, func() { shop.MustCompile(Region.In()) })
	assert.Panics(t, func() { shop.MustParse("{}") })
}

// TestParseReportsAllProblems: what the grammar forbids and what the values may not be, in their order.
func TestParseReportsAllProblems(t *testing.T) {
	_, err := shop.Parse([]byte(`{"format":1,"schema":"shop.customer","schema_version":1,"rule":{"all":[
		{"field":"region","in":[]},{"field":"nope","eq":1},{"not":{"field":"orders","eq":"x"}},{"func":"nope","version":1},
		{"field":"birthday","near":{"before":-1,"after":0,"leap":"feb30","zone":"Mars"}},{"any":[]},
		{"field":"orders","between":{"min":2,"max":1}},{"field":"region","eq":"GD"}]}}`))
	var got []string
	for _, p := range Problems(err) {
		got = append(got, p.Path+" "+string(p.Code))
	}
	assert.Equal(t, []string{
		"/all/0/in empty_list", "/all/1/field unknown_field", "/all/2/not/eq wrong_type", "/all/3/func unknown_function",
		"/all/4/near/leap bad_value", "/all/4/near/zone bad_zone", "/all/5/any empty_list", "/all/6/between bad_value",
	}, got)
}

func TestSchemaReportsItsMistakes(t *testing.T) {
	s := NewSchema[*customer]("bad schema", 0)
	s.Flag("a", nil)
	a := s.Flag("b", func(*customer) (bool, bool) { return true, true })
	s.Flag("b", func(*customer) (bool, bool) { return true, true })
	s.Ranked("ranks", []string{"x", "x"}, func(*customer) (string, bool) { return "", false })
	s.Func("f", 0, func(*customer) Truth { return True })
	s.TimedFunc("g", 1, nil, nil)
	s.Migrate(1, nil)
	_, err := s.Compile(a.Is(true))
	assert.Len(t, Problems(err), 9, "%v", err)
	for _, p := range Problems(err) {
		assert.Equal(t, CodeBadSchema, p.Code)
	}
	_, err = s.Parse([]byte(`{}`))
	assert.Len(t, Problems(err), 9)
}

func TestMigrations(t *testing.T) {
	get := func(*customer) (string, bool) { return "GD", true }
	s := NewSchema[*customer]("shop", 3)
	s.Text("province", get)
	s.Ranked("level", []string{"one", "two"}, func(*customer) (string, bool) { return "two", true })
	s.Migrate(1, RenameField("region", "province"))
	s.Migrate(2, func(c json.RawMessage) (json.RawMessage, error) {
		switch {
		case strings.Contains(string(c), "gold"):
			return json.RawMessage(`{"any":[{"field":"level","at_least":"two"},{"field":"level","known":false}]}`), nil
		case strings.Contains(string(c), "refused"):
			return nil, errors.New("no longer sold")
		case strings.Contains(string(c), "broken"):
			return json.RawMessage(`{`), nil
		case strings.Contains(string(c), "flood"):
			return json.RawMessage(`"` + strings.Repeat("x", MaxBytes) + `"`), nil
		}
		return c, nil
	})
	text := `{"format":1,"schema":"shop","schema_version":%d,"rule":{"all":[{"field":"region","in":["GD"]},{"not":{"field":"tier","eq":"%s"}}]}}`
	r, err := s.Parse(fmt.Appendf(nil, text, 1, "gold"))
	require.NoError(t, err)
	assert.JSONEq(t,
		`{"format":1,"schema":"shop","schema_version":3,"rule":{"all":[{"field":"province","in":["GD"]},{"not":{"any":[{"field":"level","at_least":"two"},{"field":"level","known":false}]}}]}}`,
		mustJSON(t, r))
	for word, code := range map[string]Code{"refused": CodeMigration, "broken": CodeMigration, "flood": CodeTooLarge, "left alone": CodeUnknownField} {
		_, err = s.Parse(fmt.Appendf(nil, text, 1, word))
		require.Len(t, Problems(err), 1, "%v", err)
		assert.Equal(t, code, Problems(err)[0].Code)
		assert.Contains(t, Problems(err)[0].Path, "/all/1/not")
		assert.Equal(t, strings.Index(text, `{"field":"tier"`)-1, Problems(err)[0].Offset, "where the stored condition stands")
	}
	out, err := RenameField("region", "province")(json.RawMessage(" {\"eq\":\"region\", \"field\": \"region\"}\n"))
	require.NoError(t, err)
	assert.JSONEq(t, `{"eq":"region","field":"province"}`, string(out), "within a migration of the caller's own")
	gap := NewSchema[*customer]("shop", 3)
	gap.Text("province", get)
	gap.Migrate(2, RenameField("region", "province"))
	_, err = gap.Parse(fmt.Appendf(nil, text, 1, "gold"))
	assert.Equal(t, CodeNoMigration, Problems(err)[0].Code)
}

// FuzzParseRule feeds hostile texts to the reader: it must not panic, and what it accepts must come back
// the same from its own canonical text, with every output of the rule in bounded time.
func FuzzParseRule(f *testing.F) {
	for _, rule := range []string{
		`{"field":"region","in":["GD","\u4e0a"]}`,
		`{"all":[{"not":{"field":"spend","over":"1.50e-3"}},{"or_else":{"rule":{"field":"consent","is":true},"value":false}}]}`,
		`{"any":[{"field":"birthday","near":{"before":7,"after":366,"leap":"only","zone":"Asia/Shanghai"}},{"func":"frequent","version":2}]}`,
		`{"field":"last_order","within_days":{"days":36600,"zone":"America/Los_Angeles"}}`,
		`{"all":[{"field":"tags","none":["a","b"]},{"field":"tags","all":["a"]},{"field":"tier","at_least":"gold"}]}`,
	} {
		f.Add([]byte(stored(rule)))
	}
	f.Add([]byte(stored(`{"field":"region","eq":"A&B <\u2028>"}`)))
	f.Add([]byte(strings.Repeat(`{"all":[`, 200)))
	w := newWorld(3)
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := shop.Parse(text)
		if err != nil {
			if len(Problems(err)) == 0 {
				t.Fatalf("an error without a problem: %v", err)
			}
			return
		}
		first, err := r.MarshalJSON()
		if err != nil {
			t.Skip("escapes made it larger than it may be")
		}
		back, err := shop.Parse(first)
		if err != nil {
			t.Fatalf("%s does not read its own text %s: %v", text, first, err)
		}
		if second, err := back.MarshalJSON(); err != nil || !bytes.Equal(first, second) || back.Hash() != r.Hash() {
			t.Fatalf("printed %s, then %s, %v", first, second, err)
		}
		if text := mustJSON(t, r); len(text) <= MaxBytes {
			if escaped, err := shop.Parse([]byte(text)); err != nil || escaped.Hash() != r.Hash() {
				t.Fatalf("%s through encoding/json is another rule: %v", first, err)
			}
		}
		r.Findings()
		c, now := w.customer(), w.instant()
		if got := r.Test(c, now); got != back.Test(c, now) || got != r.Explain(c, now).Verdict || got != naive(r.root.node, c, now) {
			t.Fatalf("%s: verdicts differ on %v", first, r.Explain(c, now))
		}
		r.NextChange(c, now)
		r.Text(Chinese)
	})
}
