package rfm

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestModelSurvivesJSON(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 42))
	for round := range 40 {
		customers, m := randomModel(t, r, round)
		for _, model := range []*Model{m, m.Trim()} {
			data := mustJSON(t, model)
			read, err := ParseModel(data)
			require.NoError(t, err, "%s", data)
			assert.JSONEq(t, string(data), string(mustJSON(t, read)))
			var again Model
			require.NoError(t, json.Unmarshal(data, &again))
			assert.Equal(t, m.ID(), again.ID())
			for _, sum := range customers.All() {
				want, err := m.Score(sum, customers.AsOf()+7)
				require.NoError(t, err)
				got, err := read.Score(sum, customers.AsOf()+7)
				require.NoError(t, err)
				require.Equal(t, want, got)
			}
		}
		p, err := ParsePopulation(mustJSON(t, m.Population()))
		require.NoError(t, err)
		assertJSON(t, m.Population(), p)
		refit, err := p.scheme.Fit(m.At(), p)
		require.NoError(t, err)
		assertJSON(t, m, refit)
	}
}

func TestParseModelRefuses(t *testing.T) {
	_, m := randomModel(t, rand.New(rand.NewPCG(43, 44)), 1)
	data := string(mustJSON(t, m.Trim()))
	for _, c := range []struct{ old, new, want string }{
		{`"version":1`, `"version":2`, "rfm: model: version: 2 is not known"},
		{`"version":1`, `"version":1,"version":1`, "duplicate_key"},
		{`"version":1`, `"Version":1`, "unknown_key"},
		{`"zone":"UTC"`, `"zone":"Mars/Olympus"`, `rfm: model: config: rfm: zone: "Mars/Olympus" is not a known time zone`},
		{`"customers":`, `"customers":-`, "customers: below zero"},
		{`"recency":[{"value":"`, `"recency":[{"value":"0"},{"value":"`, "rfm: model: cuts: recency: "},
		{`"recency":[{"value":"`, `"recency":[{"value":"1e999`, "rfm: model: "},
		{`"frequency":[[`, `"frequency":[[],[`, "rfm: model: cuts: frequency: 2 lists, not 1"},
		{`"frequency":[[{"value":"`, `"frequency":[[{"value":"99`, "is not better than the one before it"},
		{`"frequency":[[{"value":"`, `"frequency":[[{"value":"9223372036854775`, "rfm: model: cuts: list 0: frequency: cut 0: "},
		{data, data + "x", "trailing_bytes"},
	} {
		changed := strings.Replace(data, c.old, c.new, 1)
		require.NotEqual(t, data, changed, c.old)
		_, err := ParseModel([]byte(changed))
		require.ErrorContains(t, err, c.want)
		kept := *m
		require.Error(t, m.UnmarshalJSON([]byte(changed)))
		require.Equal(t, kept, *m)
	}
}

// Decimals are strings in JSON, whatever another package switched.
func TestJSONKeepsDecimalsAsStrings(t *testing.T) {
	customers, m := randomModel(t, rand.New(rand.NewPCG(45, 46)), 2)
	want := string(mustJSON(t, m))
	sum, _ := customers.Of(3)
	wantSum := string(mustJSON(t, sum))
	decimal.MarshalJSONWithoutQuotes = true
	defer func() { decimal.MarshalJSONWithoutQuotes = false }()
	assert.Equal(t, want, string(mustJSON(t, m)))
	assert.Equal(t, wantSum, string(mustJSON(t, sum)))
	v, _, err := m.Scheme().Values(sum, customers.AsOf())
	require.NoError(t, err)
	assert.Contains(t, string(mustJSON(t, v)), `"monetary":"`)
	c := Config{Zone: "UTC", F: Binning{Rule: FixedCuts, Cuts: []decimal.Decimal{dec("2"), dec("5")}}}
	again, err := ParseConfig(mustJSON(t, c))
	require.NoError(t, err)
	assert.Equal(t, string(mustJSON(t, c)), string(mustJSON(t, again)))
}

func TestSummarySurvivesJSON(t *testing.T) {
	s := MustCompile(Config{Zone: "UTC", Scale: 2, KeepDays: true})
	c, err := SummarizeSlice(s, Before(time.Date(2024, 4, 1, 0, 0, 0, 0, time.UTC)), story(rand.New(rand.NewPCG(47, 48)), 200, 20))
	require.NoError(t, err)
	for _, sum := range c.All() {
		var read Summary
		require.NoError(t, json.Unmarshal(mustJSON(t, sum), &read))
		assertJSON(t, sum, read)
		merged, err := s.Merge(read, Summary{})
		require.NoError(t, err)
		assertJSON(t, sum, merged)
	}
}

func TestSummaryIsReadStrictly(t *testing.T) {
	sum := Summary{Orders: 1, ActiveDays: 1, First: 9, Last: 9, Net: dec("5"), Gross: dec("5")}
	data := string(mustJSON(t, sum))
	for _, c := range []struct{ old, new, want string }{
		{`"orders":1`, `"orders":1,"orders":2`, "duplicate_key"},
		{`"orders":1`, `"Orders":1`, "unknown_key"},
		{`"orders":1`, `"orders":null`, "wrong_type"},
		{`"net":"5"`, `"net":5`, `wrong_type at "/net"`},
		{`"1970-01-10"`, `"10 January"`, `bad_value at "/first"`},
	} {
		changed := strings.Replace(data, c.old, c.new, 1)
		require.NotEqual(t, data, changed)
		_, err := ParseSummary([]byte(changed))
		require.ErrorContains(t, err, "rfm: summary: ")
		require.ErrorContains(t, err, c.want)
		kept := sum
		require.Error(t, json.Unmarshal([]byte(changed), &kept))
		assert.Equal(t, sum, kept)
	}
	_, err := ParseSummary([]byte(data + "{}"))
	require.ErrorContains(t, err, "trailing_bytes")
}

func TestScoreDoesNotAllocate(t *testing.T) {
	_, m := randomModel(t, rand.New(rand.NewPCG(49, 50)), 1)
	sum := Summary{Orders: 3, ActiveDays: 2, First: 19700, Last: 19720, LastGap: 20, Net: dec("12.34"), Gross: dec("15.00"), Refunds: dec("2.66")}
	v := Values{Recency: 3, Frequency: 3, Monetary: dec("12.34")}
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		_, _ = m.Score(sum, m.AsOf())
		_, _ = m.ScoreValues(v)
	}))
}

// As many as 100 bins, over more customers than that and fewer.
func TestManyBins(t *testing.T) {
	for _, n := range []int64{1, 7, 99, 100, 1000} {
		b := Binning{Bins: 100}
		s := MustCompile(Config{Zone: "UTC", R: b, F: b, M: b})
		p := s.NewPopulation()
		for i := range n {
			require.NoError(t, p.Add(Values{Recency: n - i, Frequency: 1 + i*1000, Monetary: decimal.NewFromInt(i)}))
		}
		m, err := s.Fit(at(t, "UTC", "2024-01-01"), p)
		require.NoError(t, err)
		for i := range n {
			want := uint8(1 + 100*i/n)
			score, err := m.ScoreValues(Values{Recency: n - i, Frequency: 1 + i*1000, Monetary: decimal.NewFromInt(i)})
			require.NoError(t, err)
			require.Equal(t, Score{want, want, want}, score)
		}
	}
}

// A model is of an instant, wherever the clock hung that showed it.
func TestModelIsOfTheInstantNotOfItsZone(t *testing.T) {
	s := MustCompile(Config{Zone: "Asia/Shanghai"})
	at := time.Date(2024, 4, 1, 0, 0, 0, 999, time.UTC)
	here, err := s.Fit(at, s.NewPopulation())
	require.NoError(t, err)
	there, err := s.Fit(at.In(s.Zone()), s.NewPopulation())
	require.NoError(t, err)
	assert.Equal(t, here.ID(), there.ID())
	assert.Equal(t, here, there)
	read, err := ParseModel(mustJSON(t, there))
	require.NoError(t, err)
	assert.Equal(t, here.At(), read.At())
}

func TestNamed(t *testing.T) {
	_, m := randomModel(t, rand.New(rand.NewPCG(51, 52)), 1)
	named, err := m.Named("spring 2024")
	require.NoError(t, err)
	assert.Equal(t, "spring 2024", named.ID())
	assert.Regexp(t, `^2024-04-01-[0-9a-f]{8}$`, m.ID())
	_, err = m.Named("")
	require.ErrorContains(t, err, "rfm: id: ")
}

func TestFitRefuses(t *testing.T) {
	s := MustCompile(Config{Zone: "UTC"})
	p := s.NewPopulation()
	require.NoError(t, p.Count(Recency, dec("3"), 0, 5))
	_, err := s.Fit(at(t, "UTC", "2024-01-01"), p)
	require.ErrorContains(t, err, "rfm: population: 5 customers have a recency, 0 a frequency and 0 a monetary value")
	_, err = s.Fit(time.Time{}, s.NewPopulation())
	require.ErrorContains(t, err, "rfm: at: is missing")
	for _, err := range []error{
		p.Count(Recency, dec("1.5"), 0, 1), p.Count(Recency, dec("-1"), 0, 1), p.Count(Frequency, dec("0"), 0, 1),
		p.Count(Monetary, dec("0.5"), 0, 0), p.Count(Monetary, dec("1e30"), 0, 1), p.Add(Values{}), p.Add(Values{Recency: -1, Frequency: 1}),
		MustCompile(Config{Zone: "UTC", Nested: true}).NewPopulation().Count(Recency, dec("1"), 0, 1),
	} {
		require.Error(t, err)
	}
	other := MustCompile(Config{Zone: "UTC", Monetary: MeanOrder})
	require.ErrorContains(t, p.Merge(other.NewPopulation()), "rfm: monetary: net_spend and mean_order")
}

// A model keeps its population as it was, whatever happens to the one it was fitted to or handed out.
func TestModelIsImmutable(t *testing.T) {
	for _, c := range []Config{{Zone: "UTC"}, {Zone: "UTC", Nested: true}, {Zone: "UTC", Monetary: MeanOrder}} {
		s := MustCompile(c)
		p := s.NewPopulation()
		grow := func(p *Population) {
			for i := range int64(50) {
				require.NoError(t, p.Add(Values{Recency: i * 1000, Frequency: 1 + i*i*i, Monetary: decimal.NewFromInt(i - 20), Per: i % 3}))
			}
		}
		grow(p)
		m, err := s.Fit(at(t, "UTC", "2024-01-01"), p)
		require.NoError(t, err)
		want := string(mustJSON(t, m))
		first, second := m.Population(), m.Population()
		before := string(mustJSON(t, first))
		grow(p)
		require.Equal(t, before, string(mustJSON(t, first)))
		require.NoError(t, first.Merge(p))
		if !c.Nested {
			for d := range Dimension(3) {
				require.NoError(t, first.Count(d, dec("7"), 0, 5))
			}
		}
		assert.Equal(t, want, string(mustJSON(t, m)))
		assert.Equal(t, before, string(mustJSON(t, second)))
	}
	s := MustCompile(Config{Zone: "UTC"})
	m, err := s.Fit(at(t, "UTC", "2024-01-01"), s.NewPopulation())
	require.NoError(t, err)
	assert.Nil(t, m.Trim().Population())
}

// However counts come in, their sum stays where products with it are exact.
func TestPopulationsDoNotOverflow(t *testing.T) {
	s := MustCompile(Config{Zone: "UTC"})
	p, one := s.NewPopulation(), s.NewPopulation()
	for d := range Dimension(3) {
		require.NoError(t, p.Count(d, dec("1"), 0, maxPopulation-1))
		require.NoError(t, p.Count(d, dec("2"), 0, 1))
		require.NoError(t, one.Count(d, dec("2"), 0, 1))
	}
	full := string(mustJSON(t, p))
	require.ErrorContains(t, p.Count(Recency, dec("3"), 0, 1), "rfm: recency: a count of 1 customers")
	require.ErrorContains(t, p.Add(Values{Frequency: 1}), "rfm: population: a count of 1 customers")
	require.ErrorContains(t, p.Merge(one), "rfm: recency: 9007199254740992 and 1 customers are too many")
	assert.Equal(t, full, string(mustJSON(t, p)), "what is refused changes nothing")
	_, err := s.Fit(at(t, "UTC", "2024-01-01"), p)
	require.NoError(t, err)
	_, err = ParsePopulation([]byte(strings.Replace(full, `"customers":1}`, `"customers":2}`, 1)))
	require.ErrorContains(t, err, "population: entry 1: rfm: recency: a count of 2 customers")

	require.ErrorContains(t, p.Count(Dimension(7), dec("1"), 0, 1), "rfm: population: no dimension has the number 7")
	require.ErrorContains(t, one.Count(Frequency, decimal.NewFromInt(mostWhole+1), 0, 1), "rfm: frequency: ")
	require.ErrorContains(t, one.Add(Values{Recency: mostWhole + 1, Frequency: 1}), "above 2^53")
}

// What nobody fitted, compiled or gave is an error wherever there is one to return.
func TestZeroValuesAreErrors(t *testing.T) {
	s := MustCompile(Config{Zone: "UTC"})
	c, err := SummarizeSlice(s, Before(at(t, "UTC", "2024-01-01")), []Order[int](nil))
	require.NoError(t, err)
	for name, fails := range map[string]func(m *Model, p *Population) error{
		"marshal model":      func(m *Model, _ *Population) error { _, err := m.MarshalJSON(); return err },
		"score":              func(m *Model, _ *Population) error { _, err := m.Score(Summary{Orders: 1}, 0); return err },
		"score values":       func(m *Model, _ *Population) error { _, err := m.ScoreValues(Values{Frequency: 1}); return err },
		"scores":             func(m *Model, _ *Population) error { _, err := c.Scores(m); return err },
		"explain":            func(m *Model, _ *Population) error { _, err := m.Explain(Summary{}, 0, Eleven()); return err },
		"explain values":     func(m *Model, _ *Population) error { _, err := m.ExplainValues(Values{}, nil); return err },
		"next change":        func(m *Model, _ *Population) error { _, _, err := m.NextChange(Summary{}, 0); return err },
		"next segment":       func(m *Model, _ *Population) error { _, _, _, err := m.NextSegment(Summary{}, 0, Grid()); return err },
		"drift":              func(m *Model, _ *Population) error { _, err := MeasureDrift(m, m, c); return err },
		"marshal population": func(_ *Model, p *Population) error { _, err := p.MarshalJSON(); return err },
		"add":                func(_ *Model, p *Population) error { return p.Add(Values{Frequency: 1}) },
		"count":              func(_ *Model, p *Population) error { return p.Count(Monetary, dec("1"), 0, 1) },
		"merge into":         func(_ *Model, p *Population) error { return p.Merge(s.NewPopulation()) },
		"merge":              func(_ *Model, p *Population) error { return s.NewPopulation().Merge(p) },
		"fit":                func(_ *Model, p *Population) error { _, err := s.Fit(at(t, "UTC", "2024-01-01"), p); return err },
		"summarize": func(*Model, *Population) error {
			_, err := Summarize[int](s, Before(at(t, "UTC", "2024-01-01")), nil)
			return err
		},
		"gather": func(*Model, *Population) error {
			_, err := Gather[int](s, Before(at(t, "UTC", "2024-01-01")), nil)
			return err
		},
	} {
		require.ErrorContains(t, fails(new(Model), new(Population)), "rfm: ", name)
		require.ErrorContains(t, fails(nil, nil), "rfm: ", name)
	}
	assert.Zero(t, s.Bins(9))
	assert.Empty(t, slices.Collect(s.NewPopulation().Histogram(9)))
}

func TestCompileReportsEverything(t *testing.T) {
	_, err := Compile(Config{
		Scale: 19, Frequency: 7, Monetary: 9, Weights: Weights{R: -1},
		R: Binning{Bins: 1}, F: Binning{Rule: MeanRule, Bins: 3, Ties: High},
		M: Binning{Rule: FixedCuts, Cuts: []decimal.Decimal{dec("5"), dec("5"), dec("1e20")}},
	})
	for _, want := range []string{
		"rfm: zone: ", "rfm: scale: 19 ", "rfm: frequency: ", "rfm: monetary: ", "rfm: weights: ",
		"rfm: r: bins: 1 ", "rfm: f: bins: 3, but the mean rule makes 2", "rfm: m: cuts[1]: 5 is not above", "rfm: m: cuts[2]: ",
	} {
		require.ErrorContains(t, err, want)
	}
	for _, zone := range []string{"", "Local", "Asia/Atlantis", "../etc/passwd"} {
		_, err := Compile(Config{Zone: zone})
		require.ErrorContains(t, err, "rfm: zone: ")
	}
	for _, currency := range []string{"\xff", strings.Repeat("x", 256)} {
		_, err := Compile(Config{Zone: "UTC", Currency: currency})
		require.EqualError(t, err, "rfm: currency: must be 255 bytes of UTF-8 at most")
	}
	for _, bad := range []string{`{"zone":"UTC","zone":"UTC"}`, `{"Zone":"UTC"}`, `{"zone":"UTC"} x`, `{"zone":null}`, `{"m":{"rule":"best"}}`} {
		_, err := ParseConfig([]byte(bad))
		require.ErrorContains(t, err, "rfm: config: ")
	}
	cuts := []decimal.Decimal{dec("1"), dec("2")}
	s := MustCompile(Config{Zone: "UTC", F: Binning{Rule: FixedCuts, Cuts: cuts}})
	cuts[0] = dec("9")
	s.Config().F.Cuts[1] = dec("9")
	assert.Equal(t, "1", s.Config().F.Cuts[0].String(), "a scheme is immutable")
	assert.Equal(t, "2", s.Config().F.Cuts[1].String())
	assert.Equal(t, 3, s.Bins(Frequency))
}
