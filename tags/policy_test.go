package tags

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// present lists what a Set has on the first of some months of 2025.
func present(s Set, months ...string) []string {
	var out []string
	for _, m := range months {
		tag := "-"
		for _, p := range house.At(s, on("2025-"+m+"-01")) {
			tag = p
		}
		out = append(out, tag)
	}
	return out
}

func TestPolicies(t *testing.T) {
	months := []string{"01", "03", "05", "07", "09"}
	for name, c := range map[string]struct {
		requests []Request
		want     []string
		why      Why // of the last request
	}{
		"latest wins for good": {
			[]Request{assign("growing", "rule:a", "2025-01-01"), assign("new", "rule:b", "2025-03-01", "2025-07-01")},
			[]string{"growing", "new", "new", "-", "-"}, "",
		},
		"one planned and called off": {
			[]Request{assign("growing", "rule:a", "2025-01-01"), assign("stable", "rule:b", "2025-05-01"), remove("stable", "rule:b", "2025-03-01")},
			[]string{"growing", "growing", "growing", "growing", "growing"}, "",
		},
		"back and forth": {
			[]Request{assign("growing", "rule:a", "2025-01-01"), assign("stable", "rule:b", "2025-03-01"), assign("growing", "rule:a", "2025-07-01", "2025-09-01")},
			[]string{"growing", "stable", "stable", "growing", "-"}, "",
		},
		"by hand is not closed": {
			[]Request{assign("growing", "manual:anna", "2025-01-01", "2025-05-01"), assign("stable", "rule:a", "2025-03-01")},
			[]string{"growing", "growing", "-", "-", "-"}, HeldByHand,
		},
		"by hand closes": {
			[]Request{assign("stable", "rule:a", "2025-01-01"), assign("new", Manual, "2025-05-01")},
			[]string{"stable", "stable", "new", "new", "new"}, "",
		},
		"rank rises": {
			[]Request{assign("size-m", "rule:a", "2025-01-01"), assign("size-l", "rule:b", "2025-05-01", "2025-09-01")},
			[]string{"size-m", "size-m", "size-l", "size-l", "-"}, "",
		},
		"rank does not fall": {
			[]Request{assign("size-l", "rule:a", "2025-01-01", "2025-07-01"), assign("size-m", "rule:b", "2025-05-01")},
			[]string{"size-l", "size-l", "size-l", "-", "-"}, Outranked,
		},
		"rank meets one planned": {
			[]Request{assign("size-l", "rule:a", "2025-05-01", "2025-07-01"), assign("size-xl", "rule:b", "2025-03-01")},
			[]string{"-", "size-xl", "size-xl", "size-xl", "size-xl"}, Outranked,
		},
		"refuse": {
			[]Request{assign("online", "rule:a", "2025-01-01", "2025-05-01"), assign("counter", "rule:b", "2025-03-01")},
			[]string{"online", "online", "-", "-", "-"}, Occupied,
		},
		"refuse one planned": {
			[]Request{assign("online", "rule:a", "2025-05-01"), assign("counter", "rule:b", "2025-01-01")},
			[]string{"-", "-", "online", "online", "online"}, Occupied,
		},
		"refuse to extend": {
			[]Request{assign("online", "rule:a", "2025-01-01", "2025-03-01"), assign("counter", "rule:b", "2025-05-01"), assign("online", "rule:a", "2025-01-01", "2025-07-01")},
			[]string{"online", "-", "counter", "counter", "counter"}, Occupied,
		},
		"half open": {
			[]Request{assign("online", "rule:a", "2025-01-01", "2025-05-01"), assign("counter", "rule:b", "2025-05-01")},
			[]string{"online", "online", "counter", "counter", "counter"}, "",
		},
		"suspended and back": {
			[]Request{assign("calm", Manual, "2025-01-01"), assign("festive", "rule:a", "2025-03-01", "2025-07-01")},
			[]string{"calm", "festive", "festive", "calm", "calm"}, "",
		},
		"suspended twice": {
			[]Request{assign("calm", "rule:a", "2025-01-01"), assign("winter", "rule:b", "2025-03-01", "2025-09-01"), assign("festive", "rule:c", "2025-05-01", "2025-07-01")},
			[]string{"calm", "winter", "festive", "winter", "calm"}, "",
		},
		"over while suspended": {
			[]Request{assign("calm", "rule:a", "2025-01-01", "2025-05-01"), assign("winter", "rule:b", "2025-03-01", "2025-07-01")},
			[]string{"calm", "winter", "winter", "-", "-"}, "",
		},
		"the winner taken away": {
			[]Request{assign("calm", "rule:a", "2025-01-01"), assign("winter", "rule:b", "2025-03-01"), remove("winter", "rule:b", "2025-05-01")},
			[]string{"calm", "winter", "calm", "calm", "calm"}, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, change := apply(t, nil, c.requests...)
			assert.Equal(t, c.want, present(s, months...))
			var why Why
			for _, r := range change.Refused {
				why = r.Why
				assert.NotEqual(t, why.Text("en"), why.Text("zh-CN"))
			}
			assert.Equal(t, c.why, why)
		})
	}
	assert.Equal(t, "else", Why("else").Text("en"))
}

func TestGivingAgain(t *testing.T) {
	months := []string{"01", "03", "05", "07"}
	march := assign("vip", "rule:a", "2025-01-01", "2025-05-01")
	for name, c := range map[string]struct {
		request Request
		want    []string
	}{
		"extends":           {assign("vip", "rule:a", "2025-03-01", "2025-07-01"), []string{"vip", "vip", "vip", "-"}},
		"never shortens":    {assign("vip", "rule:a", "2025-02-01", "2025-03-01"), []string{"vip", "vip", "-", "-"}},
		"for ever":          {assign("vip", "rule:a", "2025-02-01"), []string{"vip", "vip", "vip", "vip"}},
		"replace shortens":  {Request{Replace, "vip", "rule:a", on("2025-02-01"), on("2025-03-01")}, []string{"vip", "-", "-", "-"}},
		"replace lengthens": {Request{Replace, "vip", "rule:a", on("2025-02-01"), on("2025-06-01")}, []string{"vip", "vip", "vip", "-"}},
		"another's own":     {assign("vip", "rule:b", "2025-06-01"), []string{"vip", "vip", "-", "vip"}},
		"another's removal": {remove("vip", "rule:b", "2025-02-01"), []string{"vip", "vip", "-", "-"}},
		"removal":           {remove("vip", "rule:a", "2025-03-01"), []string{"vip", "-", "-", "-"}},
		"cleared by hand":   {Request{Action: Clear, Tag: "vip", Source: "manual:anna", At: on("2025-03-01")}, []string{"vip", "-", "-", "-"}},
	} {
		s, _ := apply(t, nil, march, c.request)
		assert.Equal(t, c.want, present(s, months...), name)
	}
	s, change := apply(t, nil, march, assign("vip", "rule:a", "2025-03-01", "2025-07-01"))
	require.Len(t, s, 1)
	assert.Equal(t, []Assignment{{Tag: "vip", Source: "rule:a", From: on("2025-01-01").UTC(), Until: on("2025-07-01").UTC()}}, change.Extended)
	at, ok := house.NextChange(s, on("2025-01-01"))
	assert.True(t, ok)
	assert.True(t, at.Equal(on("2025-07-01")))
	_, ok = house.NextChange(s, on("2025-07-01"))
	assert.False(t, ok)
}

// What an exclusive group refuses leaves the Set as it was, in what is planned and hidden too.
func TestRefusedChangesNothing(t *testing.T) {
	s, _ := apply(t, nil, assign("growing", "rule:a", "2025-01-01", "2025-10-01"), assign("growing", "rule:a", "2025-11-01"),
		assign("stable", Manual, "2025-03-01", "2025-10-01"))
	for _, r := range []Request{
		assign("growing", "rule:a", "2025-05-01"), assign("growing", "rule:a", "2025-03-01"),
		{Replace, "growing", "rule:a", on("2025-05-01"), on("2025-06-01")},
	} {
		after, change := apply(t, s, r)
		assert.Equal(t, s, after)
		assert.True(t, change.Empty())
		assert.Len(t, change.Refused, 1)
	}
	shorter, change := apply(t, s, Request{Replace, "growing", "rule:a", on("2025-02-01"), on("2025-04-01")})
	assert.Len(t, change.Closed, 2, "what is cut already is shorter too, and what was planned is gone")
	assert.Equal(t, []string{"growing", "stable", "-"}, present(shorter, "02", "05", "11"))
}

func TestRequestsRefused(t *testing.T) {
	s, _ := apply(t, nil, assign("vip", Manual, "2025-01-01"))
	for name, c := range map[string]struct {
		r    Request
		want error
	}{
		"unknown":       {assign("VIP", Manual, "2025-01-01"), ErrUnknownTag},
		"remove":        {remove("nobody", Manual, "2025-01-01"), ErrUnknownTag},
		"no source":     {assign("vip", "", "2025-01-01"), ErrInvalid},
		"bad source":    {assign("vip", "\xff", "2025-01-01"), ErrInvalid},
		"zero instant":  {Request{Action: Assign, Tag: "vip", Source: Manual}, ErrInvalid},
		"empty span":    {assign("vip", Manual, "2025-01-01", "2025-01-01"), ErrInvalid},
		"under a µs":    {Request{Assign, "vip", Manual, on("2025-01-01"), on("2025-01-01").Add(999)}, ErrInvalid},
		"year 10000":    {Request{Assign, "vip", Manual, on("2025-01-01"), on("2025-01-01").AddDate(8000, 0, 0)}, ErrInvalid},
		"no action":     {Request{Tag: "vip", Source: Manual, At: on("2025-01-01")}, ErrInvalid},
		"remove until":  {Request{Remove, "vip", Manual, on("2025-01-01"), on("2025-02-01")}, ErrInvalid},
		"rule clears":   {Request{Action: Clear, Tag: "vip", Source: "rule:a", At: on("2025-01-01")}, ErrInvalid},
		"manualx is no": {Request{Action: Clear, Tag: "vip", Source: "manualx", At: on("2025-01-01")}, ErrInvalid},
	} {
		after, change, err := house.Apply(s, c.r)
		require.ErrorIs(t, err, c.want, name)
		assert.Equal(t, s, after)
		assert.Equal(t, Change{}, change)
	}
	small := MustNew(Config{Tags: []Tag{{ID: "x", Description: "x"}}})
	assert.Equal(t, []string{"vip"}, small.At(s, on("2025-02-01")), "what an older vocabulary left is not lost")
	after, _, err := small.Apply(s, remove("vip", Manual, "2025-02-01"))
	require.NoError(t, err)
	assert.Empty(t, small.At(after, on("2025-02-01")))
}

// TestOneInstantAnyOrder: what is written at one instant, by sources that hold nothing yet, makes the same
// tag present in any order, and the same Set too, unless a person's tag was there to refuse some of it.
func TestOneInstantAnyOrder(t *testing.T) {
	for seed := range uint64(150) {
		r := dice{rand.New(rand.NewPCG(seed, 3))}
		group := groups[r.IntN(4)]
		start, _ := apply(t, nil, Request{Action: Assign, Tag: group[r.IntN(len(group))], Source: []Source{Manual, "import"}[r.IntN(2)], At: tick(0)})
		var writes []Request
		for _, source := range []Source{"rule:a", "rule:b", "manual:anna", "manual:bo"}[r.IntN(2):] {
			writes = append(writes, Request{Action: Assign, Tag: group[r.IntN(len(group))], Source: source, At: tick(5)})
		}
		want, _ := apply(t, start, writes...)
		for range 10 {
			r.Shuffle(len(writes), func(i, j int) { writes[i], writes[j] = writes[j], writes[i] })
			got, _ := apply(t, start, writes...)
			require.Equal(t, house.At(want, tick(5)), house.At(got, tick(5)), "seed %d: %v", seed, writes)
			if !start[0].Source.ByHand() {
				require.Equal(t, want, got, "seed %d: %v", seed, writes)
			}
		}
	}
}

// TestThePastStays: requests in the order of their instants never change what was true before them, and
// LatestWins never leaves the instant of a change of hands without a tag.
func TestThePastStays(t *testing.T) {
	for seed := range uint64(150) {
		r := dice{rand.New(rand.NewPCG(seed, 5))}
		group := groups[r.IntN(len(groups))]
		var s Set
		var plan []Request
		for range 12 {
			q, _, _ := r.request(group)
			plan = append(plan, q)
		}
		slices.SortStableFunc(plan, func(x, y Request) int { return x.At.Compare(y.At) })
		for _, q := range plan {
			next, change := apply(t, s, q)
			for i := 0; tick(i).Before(q.At); i++ {
				require.Equal(t, house.At(s, tick(i)), house.At(next, tick(i)), "seed %d: %+v changed instant %d", seed, q, i)
			}
			for _, a := range change.Closed {
				if !a.Cut.IsZero() && house.byID[a.Tag].policy == LatestWins {
					require.Len(t, house.At(next, a.End()), 1, "seed %d: %+v left a gap", seed, q)
				}
			}
			s = next
		}
	}
}

// TestAnotherVocabulary: a change of policy or rank is no reason to rewrite what was true before.
func TestAnotherVocabulary(t *testing.T) {
	vocabulary := func(p Policy, ranks ...int) *Vocabulary {
		c := Config{Groups: []Group{{ID: "g", Description: "g", Exclusive: p}}}
		for i, id := range []string{"a", "b", "c"} {
			c.Tags = append(c.Tags, Tag{ID: id, Description: id, Group: "g", Rank: ranks[i]})
		}
		return MustNew(c)
	}
	policies := []Policy{LatestWins, RankWins, Refuse, Suspend}
	for seed := range uint64(300) {
		r := dice{rand.New(rand.NewPCG(seed, 11))}
		var s Set
		for i := range 10 {
			v := vocabulary(policies[r.IntN(4)], r.IntN(3), r.IntN(3), r.IntN(3))
			q, _, _ := r.request([]string{"a", "b", "c"})
			q.At, q.Until = tick(2*i), time.Time{}
			next, _, err := v.Apply(s, q)
			require.NoError(t, err)
			for j := range 2 * i {
				require.Equal(t, v.At(s, tick(j)), v.At(next, tick(j)), "seed %d: %+v changed instant %d", seed, q, j)
				require.LessOrEqual(t, len(v.At(next, tick(j))), 1)
			}
			s = next
		}
	}
}
