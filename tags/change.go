package tags

import (
	"log/slog"
	"slices"
	"strings"
	"time"
)

// Change is what one operation did to a Set. Assignments stand as they are after it.
type Change struct {
	Added []Assignment `json:"added,omitempty"`
	// Extended last longer than before, or would if no other tag had cut them.
	Extended []Assignment `json:"extended,omitempty"`
	// Closed last shorter, or would if no other tag had cut them. One that was planned, and now never begins,
	// is closed at its own first instant and gone from the Set.
	Closed []Assignment `json:"closed,omitempty"`
	// Refused are assignments that an exclusive group does not allow, and the reasons. They are not in the
	// Set; where one was, written at the same instant as a stronger, it is in the Set no more.
	Refused []Refusal `json:"refused,omitempty"`
}

// Refusal is an assignment that does not stand, and why.
type Refusal struct {
	Assignment Assignment `json:"assignment"`
	Why        Why        `json:"why"`
}

// Empty reports whether the operation left the Set as it was.
func (c Change) Empty() bool {
	return len(c.Added) == 0 && len(c.Extended) == 0 && len(c.Closed) == 0
}

// LogValue implements [slog.LogValuer].
func (c Change) LogValue() slog.Value {
	names := func(list []Assignment) string {
		words := make([]string, len(list))
		for i, a := range list {
			words[i] = a.Tag
		}
		return strings.Join(words, " ")
	}
	refused := make([]Assignment, len(c.Refused))
	for i, r := range c.Refused {
		refused[i] = r.Assignment
	}
	return slog.GroupValue(slog.String("added", names(c.Added)), slog.String("extended", names(c.Extended)),
		slog.String("closed", names(c.Closed)), slog.String("refused", names(refused)))
}

// Why is why an assignment was refused: a stable word for machines, with [Why.Text] for people.
type Why string

// The reasons.
const (
	// SameInstant says that a tag of higher rank, or earlier in byte order, began at the same instant.
	SameInstant Why = "same_instant"
	// Outranked says that a tag of at least the same rank holds.
	Outranked Why = "outranked"
	// Occupied says that the group refuses what would overlap a tag that was there before.
	Occupied Why = "occupied"
	// HeldByHand says that the tag that holds was given by hand, and the source may not close it.
	HeldByHand Why = "held_by_hand"
)

// Text returns the reason as a phrase: in Chinese where lang is "zh" or begins with "zh-", else in
// English.
func (w Why) Text(lang string) string {
	words := map[Why][2]string{
		SameInstant: {"another tag of the group that takes precedence began at the same instant", "同组中优先级更高的标签在同一时刻生效"},
		Outranked:   {"a tag of the group that ranks as high or higher holds", "同组中已有同级或更高等级的标签"},
		Occupied:    {"the group already has a tag at that time", "该时段同组已有标签"},
		HeldByHand:  {"the tag that holds was given by hand", "现有标签为人工添加"},
	}
	text, ok := words[w]
	if !ok {
		return string(w)
	}
	if lang = strings.ToLower(lang); lang == "zh" || strings.HasPrefix(lang, "zh-") || strings.HasPrefix(lang, "zh_") {
		return text[1]
	}
	return text[0]
}

// compare says what became of a Set. Refused assignments that were in it are not told again as closed.
func compare(before, after Set, refused []Refusal) Change {
	c := Change{Refused: refused}
	for _, a := range after {
		i := slices.IndexFunc(before, func(b Assignment) bool { return same(a, b) })
		if i < 0 {
			c.Added = append(c.Added, a)
			continue
		}
		b := before[i]
		switch {
		case longer(a.End(), b.End()), a.End().Equal(b.End()) && longer(a.Until, b.Until):
			c.Extended = append(c.Extended, a)
		case longer(b.End(), a.End()), a.End().Equal(b.End()) && longer(b.Until, a.Until) && !followed(after, a):
			c.Closed = append(c.Closed, a)
		}
	}
	for _, b := range before {
		is := func(a Assignment) bool { return same(a, b) }
		displaced := func(r Refusal) bool { return r.Why != Occupied && is(r.Assignment) }
		if !slices.ContainsFunc(after, is) && !slices.ContainsFunc(refused, displaced) {
			b.Until, b.Cut = b.From, time.Time{}
			c.Closed = append(c.Closed, b)
		}
	}
	return c
}

// followed reports whether an assignment hands over to the next of its source. One that was cut before then
// ends no earlier for it.
func followed(s Set, a Assignment) bool {
	return slices.ContainsFunc(s, func(b Assignment) bool {
		return b.Tag == a.Tag && b.Source == a.Source && b.From.Equal(a.Until)
	})
}

// longer reports whether one end is after another.
func longer(x, y time.Time) bool { return !y.IsZero() && endsAfter(x, y) }
