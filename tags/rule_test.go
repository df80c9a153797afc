package tags

import (
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func each[T any](list ...T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range list {
			if !yield(v, nil) {
				return
			}
		}
	}
}

func then[T any](seq iter.Seq2[T, error], last error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for v, err := range seq {
			if !yield(v, err) {
				return
			}
		}
		var none T
		yield(none, last)
	}
}

// payDay is for who buys when the wages come: at least three orders in the current and the five months
// before, every one of them on the 10th to the 15th of its month, in the shop's zone.
func payDay(s shopper, at time.Time) bool {
	y, m, _ := at.In(shanghai).Date()
	from, until := time.Date(y, m-5, 1, 0, 0, 0, 0, shanghai), time.Date(y, m+1, 1, 0, 0, 0, 0, shanghai)
	n := 0
	for _, o := range s.orders {
		if o.at.Before(from) || !o.at.Before(until) || o.at.After(at) {
			continue
		}
		if day := o.at.In(shanghai).Day(); day < 10 || day > 15 {
			return false
		}
		n++
	}
	return n >= 3
}

// gifts is for who ordered a gift within the last year.
func gifts(s shopper, at time.Time) bool {
	for _, o := range s.orders {
		if o.gift && !o.at.After(at) && o.at.After(at.AddDate(-1, 0, 0)) {
			return true
		}
	}
	return false
}

func on3(days ...string) []order {
	var list []order
	for _, d := range days {
		list = append(list, order{at: on(d)})
	}
	return list
}

func TestPayDay(t *testing.T) {
	for name, c := range map[string]struct {
		orders []order
		want   bool
	}{
		"three on the days":       {on3("2025-01-10", "2025-02-15T23:59:59.999", "2025-03-12"), true},
		"the 16th has begun":      {on3("2025-01-10", "2025-02-16", "2025-03-12"), false},
		"the 9th":                 {on3("2025-01-10", "2025-02-09T23:59:59.999999", "2025-03-12"), false},
		"two":                     {on3("2025-02-15", "2025-03-12"), false},
		"one outside the months":  {on3("2024-09-30", "2025-01-10", "2025-02-15", "2025-03-12"), true},
		"one too old to count":    {on3("2024-09-12", "2025-02-15", "2025-03-12"), false},
		"the first of the months": {on3("2024-10-10", "2025-02-15", "2025-03-12"), true},
		"the zone decides":        {[]order{{at: time.Date(2025, 1, 9, 16, 0, 0, 0, time.UTC)}, on3("2025-02-15")[0], on3("2025-03-12")[0]}, true},
		"not yet known":           {on3("2025-01-10", "2025-02-15", "2025-03-21"), false},
	} {
		assert.Equal(t, c.want, payDay(shopper{orders: c.orders}, on("2025-03-20")), name)
	}
}

func TestTagAll(t *testing.T) {
	tg := tagger(t,
		Tagging[shopper]{Tag: "plus-size", Rule: RuleFunc[shopper](wears), Revocable: true},
		Tagging[shopper]{Tag: "pay-day", Rule: RuleFunc[shopper](payDay), Revocable: true},
		Tagging[shopper]{Tag: "gift", Rule: RuleFunc[shopper](gifts), For: 90 * 24 * time.Hour},
		Tagging[shopper]{Tag: "vip", Source: "rule:region", Revocable: true,
			Rule: RuleFunc[shopper](func(s shopper, _ time.Time) bool { return s.region == "GD" })},
		referrer(true),
	)
	lin := shopper{id: "lin", region: "GD", referrals: 3, orders: append(on3("2025-01-10", "2025-02-15"), order{on("2025-03-12"), "2XL", true})}
	mei := shopper{id: "mei", region: "SH", orders: on3("2025-01-01")}
	sets := map[string]Set{"mei": {{Tag: "vip", Source: "rule:region", From: on("2024-01-01")}}}
	stop := errors.New("the cursor broke")
	var report Report
	for out, err := range TagAll(tg, on("2025-03-20"), then(each(lin, mei), stop), func(s shopper) Set { return sets[s.id] }) {
		report.Add(out.Change, err)
		sets[out.Customer.id] = out.Set
	}
	assert.Equal(t, []string{"gift", "pay-day", "plus-size", "referrer", "vip"}, house.At(sets["lin"], on("2025-03-20")))
	assert.Equal(t, []string{"pay-day", "plus-size", "referrer", "vip"}, house.At(sets["lin"], on("2025-06-18")), "90 days later")
	assert.Empty(t, house.At(sets["mei"], on("2025-03-20")))
	assert.Equal(t, Report{Holders: 3, Changed: 2, Failed: []Failure{{"", stop}}, Tags: []TagCount{
		{"gift", 1, 0, 0, 0}, {"pay-day", 1, 0, 0, 0}, {"plus-size", 1, 0, 0, 0}, {"referrer", 1, 0, 0, 0}, {"vip", 1, 0, 1, 0},
	}}, report)

	report = Report{}
	for out, err := range TagAll(tg, on("2025-03-20"), each(lin, mei), func(s shopper) Set { return sets[s.id] }) {
		report.Add(out.Change, err)
	}
	assert.Equal(t, Report{Holders: 2, Unchanged: 2}, report, "a second run changes nothing")
	for range TagAll(tg, on("2025-03-20"), each(lin, mei), func(shopper) Set { return nil }) {
		break
	}
}

func TestTaggerInExclusiveGroups(t *testing.T) {
	always := RuleFunc[shopper](func(shopper, time.Time) bool { return true })
	for _, group := range groups[:4] {
		for _, order := range [][]int{{0, 1}, {1, 0}} {
			tg := tagger(t, Tagging[shopper]{Tag: group[order[0]], Rule: always}, Tagging[shopper]{Tag: group[order[1]], Rule: always})
			var s Set
			for i, day := range []string{"2025-01-01", "2025-01-02", "2025-01-03"} {
				var change Change
				var err error
				s, change, err = tg.Tag(shopper{}, s, on(day))
				require.NoError(t, err)
				assert.Equal(t, i > 0, change.Empty(), "%v %s: %+v", group, day, change)
				assert.Equal(t, []string{group[1]}, house.At(s, on(day)), "the higher rank, whatever the order")
			}
		}
	}
}

func TestTaggerRefused(t *testing.T) {
	rule := RuleFunc[shopper](wears)
	for name, list := range map[string][]Tagging[shopper]{
		"unknown":  {{Tag: "nobody", Rule: rule}},
		"no rule":  {{Tag: "vip"}},
		"source":   {{Tag: "vip", Rule: rule, Source: "a\x00"}},
		"by hand":  {{Tag: "vip", Rule: rule, Source: "manual:anna"}},
		"negative": {{Tag: "vip", Rule: rule, For: -1}},
		"twice":    {{Tag: "vip", Rule: rule}, {Tag: "vip", Rule: rule, Source: "rule:vip"}},
	} {
		_, err := NewTagger(house, list...)
		require.Error(t, err, name)
		require.True(t, errors.Is(err, ErrInvalid) || errors.Is(err, ErrUnknownTag), name)
		assert.Regexp(t, "^tags: ", err.Error())
	}
	_, err := NewTagger(house, Tagging[shopper]{Tag: "vip", Rule: rule}, Tagging[shopper]{Tag: "vip", Rule: rule, Source: "rule:other"})
	require.NoError(t, err)
	_, _, err = tagger(t, referrer(true)).Tag(shopper{}, nil, time.Time{})
	require.ErrorIs(t, err, ErrInvalid)
	_, _, err = tagger(t, Tagging[shopper]{Tag: "vip", Rule: rule}).Tag(shopper{}, nil, time.Time{}) // asks for nothing
	require.ErrorIs(t, err, ErrInvalid)
}
