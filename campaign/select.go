package campaign

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/regulars-go/regulars/campaign/rule"
)

// Rule is what selecting asks of a rule: an answer of three values, and where it is unknown, the facts
// it lacked. A compiled [rule.Rule] has both methods.
type Rule[C any] interface {
	Test(c C, at time.Time) rule.Truth
	Explain(c C, at time.Time) rule.Explanation
}

// Criteria say whom a campaign addresses.
type Criteria[C any] struct {
	// Rule selects a customer where it is true, never where it is unknown.
	Rule Rule[C]
	// ID returns the id that the hold-out hashes and the audience keeps: the customer's, or the
	// household's where the stream has one item a household.
	ID func(C) string
	// At is the instant the rule is asked at. It is truncated to microseconds; a zero one is refused.
	At time.Time
	// HoldOut keeps its share of the selected from being addressed. The zero value holds nobody out.
	HoldOut HoldOut
	// Size is the size that is expected of the audience. Outside it the preview carries a warning.
	Size Size
}

// DuplicateError reports a customer that came twice. An audience counts people, so it is refused.
type DuplicateError struct {
	ID string // not part of the text, which may reach a log
}

func (*DuplicateError) Error() string { return "campaign: a customer came twice" }

// Select asks the rule of every customer and freezes the answers as an [Audience]. The order of the
// customers makes no difference. It stops at the first error of the iterator (wrapped), at an id that is
// not one ([ErrID], with the place in the stream) and, once all have come, at an id that came twice
// ([DuplicateError]); then there is no audience at all, rather than a part of one. While it runs it holds
// the id and some 50 bytes of each customer, and afterwards the ids of the selected.
func Select[C any](customers iter.Seq2[C, error], s Criteria[C]) (Audience, error) {
	if err := s.check(); err != nil {
		return Audience{}, err
	}
	a := Audience{at: s.At.Truncate(time.Microsecond), holdOut: s.HoldOut}
	missing := map[string]int{}
	var all []verdict
	for c, err := range customers {
		if err != nil {
			return Audience{}, fmt.Errorf("campaign: reading customer %d: %w", len(all)+1, err)
		}
		v := verdict{id: s.ID(c), truth: s.Rule.Test(c, a.at)}
		if err := checkID(v.id); err != nil {
			return Audience{}, fmt.Errorf("%w (customer %d)", err, len(all)+1)
		}
		if v.truth == rule.Unknown {
			for _, fact := range s.Rule.Explain(c, a.at).Missing() {
				missing[fact]++
			}
		}
		all = append(all, v)
	}
	slices.SortFunc(all, func(v, w verdict) int { return cmp.Compare(v.id, w.id) })
	for i := 1; i < len(all); i++ {
		if all[i].id == all[i-1].id {
			return Audience{}, &DuplicateError{all[i].id}
		}
	}
	a.freeze(all)
	a.preview.ByMissing = byMissing(missing)
	a.preview.Warnings = s.Size.warnings(a.preview)
	return a, nil
}

// verdict is what became of one customer.
type verdict struct {
	id    string
	truth rule.Truth
}

func (s Criteria[C]) check() error {
	var errs []error
	// What a failed Compile leaves behind is a nil as well.
	if r, ok := s.Rule.(*rule.Rule[C]); s.Rule == nil || ok && r == nil {
		errs = append(errs, errors.New("campaign: criteria without a rule"))
	}
	if s.ID == nil {
		errs = append(errs, errors.New("campaign: criteria without an id function"))
	}
	if s.At.IsZero() {
		errs = append(errs, errors.New("campaign: criteria without an instant"))
	}
	if err := s.Size.check(); err != nil {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
