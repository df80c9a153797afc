package campaign

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Preview is an audience in numbers. Customers = Matched + Rejected + Undecided.
type Preview struct {
	Customers int `json:"customers"` // all that came
	Matched   int `json:"matched"`   // the rule is true of them; held out or not
	HeldOut   int `json:"held_out"`  // of the matched
	Rejected  int `json:"rejected"`  // the rule is false of them
	Undecided int `json:"undecided"` // the rule is unknown of them, for want of a fact

	// ByMissing counts the undecided by the fact they lack, most first, then by name. A customer who
	// lacks two facts is counted under both.
	ByMissing []Missing `json:"by_missing,omitempty"`
	Warnings  []Warning `json:"warnings,omitempty"`
}

// Missing is a fact and the number of undecided customers that lack it.
type Missing struct {
	Fact      string `json:"fact"`
	Customers int    `json:"customers"`
}

// Treated returns the number of customers to address: the matched that are not held out.
func (p Preview) Treated() int { return p.Matched - p.HeldOut }

// Size is the number of matched customers that is expected. Outside it a preview warns; nothing is
// refused.
type Size struct {
	// Min is the fewest matched customers that are worth a campaign. 0 means 1.
	Min int `json:"min,omitempty"`
	// Max is the most that are meant. 0 sets no limit.
	Max int `json:"max,omitempty"`
	// MaxPPM is the largest share of all customers that is meant, in parts per million. 0 sets no
	// limit but one: a rule that selects everybody is taken for a mistake. 1,000,000 allows even that.
	MaxPPM int `json:"max_ppm,omitempty"`
}

// Warning is a stable word for what looks wrong about an audience.
type Warning string

// The warnings.
const (
	TooSmall Warning = "too_small"
	TooLarge Warning = "too_large"
)

// Text returns the warning as a sentence for people: in Chinese where lang is zh or begins with zh-,
// and else in English.
func (w Warning) Text(lang string) string {
	zh := lang == "zh" || strings.HasPrefix(lang, "zh-")
	switch {
	case w == TooSmall && zh:
		return "符合条件的客户太少"
	case w == TooSmall:
		return "too few customers match"
	case w == TooLarge && zh:
		return "符合条件的客户太多"
	case w == TooLarge:
		return "too many customers match"
	}
	return string(w)
}

func (s Size) check() error {
	switch {
	case s.Min < 0 || s.Max < 0 || s.Max > 0 && s.Max < s.Min:
		return fmt.Errorf("campaign: size: min %d and max %d are not a range", s.Min, s.Max)
	case s.MaxPPM < 0 || s.MaxPPM > Buckets:
		return fmt.Errorf("%w, not %d (size/max_ppm)", ErrShare, s.MaxPPM)
	}
	return nil
}

func (s Size) warnings(p Preview) (w []Warning) {
	if p.Matched < max(s.Min, 1) {
		w = append(w, TooSmall)
	}
	// In counts of millionths, so that nothing is rounded.
	over := s.MaxPPM > 0 && int64(p.Matched)*Buckets > int64(p.Customers)*int64(s.MaxPPM)
	everybody := s.MaxPPM == 0 && p.Matched == p.Customers && p.Customers > 1
	if s.Max > 0 && p.Matched > s.Max || over || everybody {
		w = append(w, TooLarge)
	}
	return w
}

func byMissing(count map[string]int) []Missing {
	var list []Missing
	for fact, n := range count {
		list = append(list, Missing{fact, n})
	}
	slices.SortFunc(list, func(a, b Missing) int {
		return cmp.Or(cmp.Compare(b.Customers, a.Customers), cmp.Compare(a.Fact, b.Fact))
	})
	return list
}
