package tags

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// The model knows no intervals. It keeps, for every tag and source, a row of instants: at which the tag was
// asked for, and at which an asking began. What is present it finds by walking the instants in order. The
// last instant stands for ever after.

const instants = 24

type lane struct {
	tag    string
	source Source
	asked  [instants]bool
	begin  [instants]bool
	// of the walk
	alive bool
	from  int
	on    [instants]bool
}

type model struct{ lanes []*lane }

func (m *model) lane(tag string, source Source) *lane {
	i := slices.IndexFunc(m.lanes, func(l *lane) bool { return l.tag == tag && l.source == source })
	if i < 0 {
		i = len(m.lanes)
		m.lanes = append(m.lanes, &lane{tag: tag, source: source})
	}
	return m.lanes[i]
}

// clear forgets what was asked from an instant until another.
func (l *lane) clear(from, until int) {
	for t := from; t < until; t++ {
		l.asked[t], l.begin[t] = false, false
	}
}

// nextBegin returns the first instant from t on at which an asking began.
func (l *lane) nextBegin(t int) int {
	for ; t < instants && !l.begin[t]; t++ {
	}
	return t
}

func (m *model) apply(r Request, at, until int) {
	l := m.lane(r.Tag, r.Source)
	before := make([]lane, len(m.lanes))
	for i, l := range m.lanes {
		before[i] = *l
	}
	begins := false // whether the request begins anything, which may then be refused
	switch r.Action {
	case Assign, Replace:
		if house.byID[r.Tag].policy == Refuse && m.taken(l, at, until) {
			return
		}
		if r.Action == Replace {
			l.clear(at+1, instants)
		}
		if !l.on[at] {
			l.clear(at, l.nextBegin(at+1))
			l.begin[at], begins = true, true
		}
		for t := at; t < until; t++ {
			l.asked[t] = true
		}
		if r.Action == Replace {
			l.clear(until, instants)
		}
	case Remove, Clear:
		for _, l := range m.lanes {
			if l.tag != r.Tag || r.Action == Remove && l.source != r.Source {
				continue
			}
			if l.on[at] {
				l.clear(at, instants)
			} else {
				l.clear(l.nextBegin(at), instants)
			}
		}
	}
	m.walk()
	if begins && !l.begin[at] {
		for i := range m.lanes {
			*m.lanes[i] = before[i]
		}
	}
}

// taken reports whether a rival that does not begin at the same instant is there at any instant asked for.
func (m *model) taken(l *lane, at, until int) bool {
	for _, o := range m.lanes {
		if !rivals(o, l) {
			continue
		}
		for t := at; t < until; t++ {
			begun := t // when the rival's time around t began
			for ; begun >= 0 && !o.begin[begun]; begun-- {
			}
			if o.on[t] && begun != at {
				return true
			}
		}
	}
	return false
}

func rivals(x, y *lane) bool {
	g := house.byID[x.tag].group
	return g != "" && g == house.byID[y.tag].group && x.tag != y.tag
}

// before reports whether x takes precedence over y, both beginning at one instant.
func before(x, y *lane) bool {
	if p, q := house.byID[x.tag].rank, house.byID[y.tag].rank; p != q {
		return p > q
	}
	return x.tag < y.tag || x.tag == y.tag && x.source.ByHand() && !y.source.ByHand()
}

func (m *model) walk() {
	for _, l := range m.lanes {
		l.alive, l.on = false, [instants]bool{}
	}
	for t := range instants {
		var begins []*lane
		for _, l := range m.lanes {
			l.alive = l.alive && l.asked[t]
			if l.begin[t] {
				l.alive = false
				begins = append(begins, l)
			}
		}
		for len(begins) > 0 {
			best := 0
			for i, l := range begins {
				if before(l, begins[best]) {
					best = i
				}
			}
			m.start(begins[best], t)
			begins = slices.Delete(begins, best, best+1)
		}
		for _, l := range m.lanes {
			l.on[t] = l.alive
		}
	}
}

func (m *model) start(l *lane, t int) {
	p := house.byID[l.tag].policy
	refused := false
	for _, o := range m.lanes {
		if !o.alive || !rivals(o, l) || p == Suspend {
			continue
		}
		refused = refused || o.from == t || p == Refuse || o.source.ByHand() && !l.source.ByHand() ||
			p == RankWins && house.byID[o.tag].rank >= house.byID[l.tag].rank
	}
	if refused {
		l.clear(t, l.nextBegin(t+1))
		return
	}
	for _, o := range m.lanes {
		if rivals(o, l) && p != Suspend {
			o.alive = false
		}
	}
	l.alive, l.from = true, t
}

// at returns the tags present at an instant.
func (m *model) at(t int) []string {
	var present []string
	for _, l := range m.lanes {
		if l.on[t] && !m.suspended(l, t) {
			present = append(present, l.tag)
		}
	}
	slices.Sort(present)
	return slices.Compact(present)
}

func (m *model) suspended(l *lane, t int) bool {
	began := func(l *lane) int {
		b := t
		for ; !l.begin[b]; b-- {
		}
		return b
	}
	return house.byID[l.tag].policy == Suspend && slices.ContainsFunc(m.lanes, func(o *lane) bool {
		return o.on[t] && rivals(o, l) && (began(o) > began(l) || began(o) == began(l) && before(o, l))
	})
}

var epoch = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

func tick(t int) time.Time { return epoch.Add(time.Duration(t) * time.Hour) }

type dice struct{ *rand.Rand }

func (r dice) request(group []string) (request Request, at, until int) {
	sources := []Source{"rule:a", "import", Manual, "manual:anna"}
	request = Request{
		Action: []Action{Assign, Assign, Assign, Assign, Replace, Remove, Remove, Clear}[r.IntN(8)],
		Tag:    group[r.IntN(len(group))], Source: sources[r.IntN(len(sources))],
	}
	at = r.IntN(instants - 1)
	until = instants
	if request.At = tick(at); request.Action == Clear {
		request.Source = Manual
	}
	if (request.Action == Assign || request.Action == Replace) && r.IntN(3) > 0 {
		until = at + 1 + r.IntN(instants-at-1)
		request.Until = tick(until)
	}
	return request, at, until
}

var groups = [][]string{
	{"new", "growing", "stable"}, {"size-m", "size-l", "size-xl"}, {"online", "counter"}, {"calm", "festive", "winter"}, {"vip", "gift"},
}

func agree(t *testing.T, seed uint64) {
	t.Helper()
	r := dice{rand.New(rand.NewPCG(seed, 7))}
	group := groups[r.IntN(len(groups))]
	var s Set
	var m model
	var log []string
	for range 25 {
		q, at, until := r.request(group)
		log = append(log, fmt.Sprintf("%s %s by %s from %d until %d", q.Action, q.Tag, q.Source, at, until))
		before := slices.Clone(s)
		next, change, err := house.Apply(s, q)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(s, before) {
			t.Fatalf("seed %d: the Set handed in was changed", seed)
		}
		m.apply(q, at, until)
		if change.Empty() && !equal(s, next) {
			t.Fatalf("seed %d: nothing is told of the change\n%v\nset %+v\nbefore %+v", seed, log, next, s)
		}
		for i := range instants {
			got, want := house.At(next, tick(i)), m.at(i)
			if !slices.Equal(got, want) {
				t.Fatalf("seed %d, instant %d: %v, the model says %v\n%v\nset %+v\nbefore %+v", seed, i, got, want, log, next, s)
			}
			if len(got) > 1 && house.byID[group[0]].group != "" {
				t.Fatalf("seed %d, instant %d: both %v\n%v", seed, i, got, log)
			}
		}
		if twice(next) {
			t.Fatalf("seed %d: a source overlaps itself\n%v\nset %+v", seed, log, next)
		}
		told(t, s, next, change)
		again, change, err := house.Apply(next, q)
		if err != nil || !change.Empty() || !slices.Equal(again, next) {
			t.Fatalf("seed %d: the same request again did %+v, %v\n%v", seed, change, err, log)
		}
		s = next
	}
}

// told checks that a Change is what turns one Set into the next.
func told(t *testing.T, before, after Set, c Change) {
	t.Helper()
	rebuilt := slices.DeleteFunc(slices.Clone(before), func(a Assignment) bool {
		touched := func(b Assignment) bool { return same(a, b) }
		return slices.ContainsFunc(slices.Concat(c.Extended, c.Closed), touched) ||
			slices.ContainsFunc(c.Refused, func(r Refusal) bool { return r.Why != Occupied && touched(r.Assignment) })
	})
	for _, a := range slices.Concat(c.Added, c.Extended, c.Closed) {
		if end := a.End(); end.IsZero() || end.After(a.From) {
			rebuilt = append(rebuilt, a)
		}
	}
	slices.SortFunc(rebuilt, compareAssignments)
	if !slices.EqualFunc(rebuilt, after, func(x, y Assignment) bool { return same(x, y) && x.End().Equal(y.End()) }) {
		t.Fatalf("change %+v\nturns %+v\ninto %+v\nnot %+v", c, before, rebuilt, after)
	}
}

func TestModel(t *testing.T) {
	for seed := range uint64(500) {
		agree(t, seed)
	}
}

func FuzzApply(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) { agree(t, seed) })
}
