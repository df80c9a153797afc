package pointstest

import (
	"fmt"
	"strings"
)

// mistake says what is wrong with a line that would do something else than it says.
func (s *Step) mistake() string {
	earn, redeem, hold, refund := s.Earn != "", s.Redeem != 0, s.Hold != "", s.Refund != ""
	for _, f := range []struct {
		name     string
		set, use bool
	}{
		{"Times", s.Times != "", earn},
		{"Order", s.Order != "", earn || redeem || hold || refund || s.Confirm != ""},
		{"TTL", s.TTL != 0, hold},
		{"Points", s.Points != 0, hold || s.Capture != ""},
		{"Line", s.Line != "", refund},
	} {
		if f.set && !f.use {
			return "nothing that happens uses " + f.name
		}
	}
	switch {
	case refund && s.Order == "":
		return "Refund needs an Order"
	case s.Confirm != "" && s.Order == "":
		return "Confirm needs an Order"
	}
	return ""
}

// does says what happens on a line, for a report of it.
func (s *Step) does() string {
	var words []string
	for _, f := range []struct {
		name  string
		value any
		set   bool
	}{
		{"account", s.Account, s.Account != ""}, {"earn", s.Earn, s.Earn != ""}, {"times", s.Times, s.Times != ""},
		{"give", s.Give, s.Give != 0}, {"redeem", s.Redeem, s.Redeem != 0}, {"hold", s.Hold, s.Hold != ""},
		{"capture", s.Capture, s.Capture != ""}, {"void", s.Void, s.Void != ""}, {"refund", s.Refund, s.Refund != ""},
		{"cancel", s.Cancel, s.Cancel != ""}, {"confirm", s.Confirm, s.Confirm != ""}, {"points", s.Points, s.Points != 0},
		{"line", s.Line, s.Line != ""}, {"order", s.Order, s.Order != ""}, {"do", "something", s.Do != nil},
	} {
		if f.set {
			words = append(words, fmt.Sprint(f.name, " ", f.value))
		}
	}
	if len(words) == 0 {
		return ""
	}
	return strings.Join(words, ", ") + ": "
}
