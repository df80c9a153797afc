package rfm

import (
	"errors"
	"time"
	"unicode/utf8"
)

// Model is a fitted scoring: the cuts of one population as of one date. It is immutable and safe to
// share; scoring with it is pure, so a model fitted in January scores a customer of March without
// moving anybody else. It comes from [Scheme.Fit] or [ParseModel]: the zero Model has neither scheme nor
// cuts, and where there is an error to return it does.
type Model struct {
	scheme     *Scheme
	id         string
	at         time.Time
	asOf       Day
	customers  int64
	lines      lines
	steps      steps
	population *Population // nil where it was not kept
}

// lines are the cuts, by group of customers that they are for: see [Cuts].
type lines struct {
	r    []cut
	f, m [][]cut
}

// steps are the cuts in the form that is compared: a score is one more than the steps that a value
// reaches. Days are negative there, so that more is better everywhere.
type steps struct {
	r []int64
	f [][]int64
	m [][]point
}

// Cuts are the boundaries of a model, from worst to best. Recency has one list. Frequency and Monetary
// have one list too, or, where the scheme is nested, one for each R score, and one for each pair of R
// and F scores (index ×bins of F + F-1). A list is empty where there was no one to fit it to.
type Cuts struct {
	Recency   []Cut   `json:"recency"`
	Frequency [][]Cut `json:"frequency"`
	Monetary  [][]Cut `json:"monetary"`
}

// ID names the model. Unless the caller chose one it is made of the as-of day and a hash of the cuts.
func (m *Model) ID() string { return m.id }

// Named returns the same model under another id, 1 to 255 bytes long.
func (m *Model) Named(id string) (*Model, error) {
	if err := checkID(id); err != nil {
		return nil, err
	}
	named := *m
	named.id = id
	return &named, nil
}

func checkID(id string) error {
	if id == "" || !isName(id) {
		return errors.New("rfm: id: must be 1 to 255 bytes of UTF-8")
	}
	return nil
}

// isName reports whether a text can be stored and read again.
func isName(s string) bool { return len(s) <= 255 && utf8.ValidString(s) }

// Trim returns the model without its population: it scores all the same and is small to keep, but cannot
// tell how many customers are worse than a value.
func (m *Model) Trim() *Model {
	trimmed := *m
	trimmed.population = nil
	return &trimmed
}

// At returns the as-of instant of the fit, in UTC and whole microseconds.
func (m *Model) At() time.Time { return m.at }

// AsOf returns the civil day of [Model.At] in the scheme's zone.
func (m *Model) AsOf() Day { return m.asOf }

// Customers returns the number of customers the model was fitted to, prospects not among them.
func (m *Model) Customers() int64 { return m.customers }

// Population returns what the model was fitted to, or nil where it was trimmed away. Whatever is merged into
// it leaves the model as it is.
func (m *Model) Population() *Population {
	if m.population == nil {
		return nil
	}
	return m.population.snapshot()
}

// Scheme returns what the model was fitted with.
func (m *Model) Scheme() *Scheme { return m.scheme }

// compile makes the steps of the lines.
func (m *Model) compile() {
	m.steps = steps{r: daySteps(m.lines.r)}
	for _, list := range m.lines.f {
		m.steps.f = append(m.steps.f, countSteps(list))
	}
	for _, list := range m.lines.m {
		points := make([]point, len(list))
		for i, c := range list {
			if points[i] = c.at.point(); !c.inclusive {
				points[i] = points[i].next()
			}
		}
		m.steps.m = append(m.steps.m, points)
	}
}

// daySteps: up to and including a number of days, or strictly fewer.
func daySteps(cuts []cut) []int64 {
	days := make([]int64, len(cuts))
	for i, c := range cuts {
		if days[i] = -c.at.floor(); !c.inclusive {
			days[i] = 1 - c.at.ceil()
		}
	}
	return days
}

// countSteps: from a number of orders on, or strictly more.
func countSteps(cuts []cut) []int64 {
	counts := make([]int64, len(cuts))
	for i, c := range cuts {
		if counts[i] = c.at.ceil(); !c.inclusive {
			counts[i] = c.at.floor() + 1
		}
	}
	return counts
}

// passed returns how many steps a value reaches, without a branch on the value.
func passed(steps []int64, v int64) int {
	n := 0
	for _, s := range steps {
		reached := 0
		if v >= s {
			reached = 1
		}
		n += reached
	}
	return n
}

func passedPoints(steps []point, v point) int {
	n := len(steps)
	for _, s := range steps {
		missed := 0
		if v.less(s) {
			missed = 1
		}
		n -= missed
	}
	return n
}

// check makes sure that the model is not the zero one.
func (m *Model) check() error {
	if m == nil || m.scheme == nil {
		return errors.New("rfm: model: was neither fitted nor read")
	}
	return nil
}

// Score scores a summary as of a day; [Model.AsOf] is the day of the fit. A prospect has no score: the
// zero Score, as with [MeanPiece] a customer without pieces. It does not allocate.
func (m *Model) Score(sum Summary, asOf Day) (Score, error) {
	v, ok, err := m.values(sum, asOf)
	if err != nil || !ok {
		return Score{}, err
	}
	return m.score(v), nil
}

// ScoreValues scores values that were measured by [Scheme.Values] or by the caller.
func (m *Model) ScoreValues(v Values) (Score, error) {
	values, err := m.measured(v)
	if err != nil {
		return Score{}, err
	}
	return m.score(values), nil
}

func (m *Model) values(sum Summary, asOf Day) (measured, bool, error) {
	if err := m.check(); err != nil {
		return measured{}, false, err
	}
	return m.scheme.values(sum, asOf)
}

func (m *Model) measured(v Values) (measured, error) {
	if err := m.check(); err != nil {
		return measured{}, err
	}
	return m.scheme.measured(v)
}

func (m *Model) score(v measured) Score {
	r := passed(m.steps.r, -v.days)
	f := passed(m.steps.f[m.scheme.groupF(r)], v.count)
	at := point{hi: v.money.num}
	if v.money.den != 1 {
		at = v.money.point()
	}
	return Score{uint8(r + 1), uint8(f + 1), uint8(passedPoints(m.steps.m[m.scheme.groupM(r, f)], at) + 1)}
}

// groupF returns which list of frequency cuts is for an R score, which is counted from 0 here.
func (s *Scheme) groupF(r int) int {
	if !s.config.Nested {
		return 0
	}
	return r
}

// groupM returns which list of monetary cuts is for a pair of scores, counted from 0.
func (s *Scheme) groupM(r, f int) int {
	if !s.config.Nested {
		return 0
	}
	return r*s.bins[Frequency] + f
}

// Composite returns the weighted mean of a score, as a share of the highest possible: scores 5, 3 and 4 of
// 5 with weights 3, 2 and 1 give 25/30.
func (m *Model) Composite(s Score) Fraction {
	w, b := m.scheme.config.Weights, m.scheme.bins
	return Fraction{
		Num: w.R*int64(s.R) + w.F*int64(s.F) + w.M*int64(s.M),
		Den: w.R*int64(b[0]) + w.F*int64(b[1]) + w.M*int64(b[2]),
	}
}

// Code returns a score as its digits, 534, or with separators where a dimension has more than nine bins.
func (m *Model) Code(s Score) string {
	if max(m.scheme.bins[0], m.scheme.bins[1], m.scheme.bins[2]) > 9 {
		return s.String()
	}
	return string([]byte{'0' + s.R, '0' + s.F, '0' + s.M})
}
