package tiers

import (
	"strings"

	"github.com/shopspring/decimal"
)

// Reason is why a [Decision] is what it is: a stable word for machines, with [Reason.Text] for people.
type Reason string

// The reasons.
const (
	// Entered says that the condition to enter a level above the one held holds.
	Entered Reason = "entered"
	// Kept says that the level held is kept.
	Kept Reason = "kept"
	// Lost says that the level held asks for more than there is.
	Lost Reason = "lost"
	// Base says that the member stays on the first level.
	Base Reason = "base"
)

// Text returns the reason as a phrase: in Chinese where lang is "zh" or begins with "zh-", else in
// English.
func (r Reason) Text(lang string) string {
	words := map[Reason][2]string{
		Entered: {"entered the level", "达到升级条件"},
		Kept:    {"kept the level", "满足保级条件"},
		Lost:    {"no longer meets what the level asks", "不再满足保级条件"},
		Base:    {"on the first level", "处于初始等级"},
	}
	w, ok := words[r]
	if !ok {
		return string(r)
	}
	return pick(lang, w[0], w[1])
}

func pick(lang, english, chinese string) string {
	if tag := strings.ToLower(lang); tag == "zh" || strings.HasPrefix(tag, "zh-") || strings.HasPrefix(tag, "zh_") {
		return chinese
	}
	return english
}

// Text returns the comparison as a line such as "net spend 5,100.00 ≥ 5,000.00 (2024-02-02 to
// 2025-02-01)", in the language [Reason.Text] explains.
func (e Evidence) Text(lang string) string {
	kind := metrics[e.Metric]
	name := pick(lang, kind.en, kind.zh)
	if e.Metric == Custom {
		name = e.Number
	}
	sign := "≥"
	switch {
	case e.AtMost && e.Holds:
		sign = "≤"
	case e.AtMost:
		sign = ">"
	case !e.Holds:
		sign = "<"
	}
	value := thousands(e.Value)
	if e.Missing {
		value, sign = pick(lang, "none", "无"), "/"
	}
	line := name + " " + value + " " + sign + " " + thousands(e.Bound)
	switch {
	case e.To == "":
		return line
	case e.From == "":
		return line + pick(lang, " (up to ", "（截至 ") + e.To + pick(lang, ")", "）")
	default:
		return line + pick(lang, " (", "（") + e.From + pick(lang, " to ", " 至 ") + e.To + pick(lang, ")", "）")
	}
}

// thousands writes 1234567.80 as 1,234,567.80.
func thousands(d decimal.Decimal) string {
	s := d.StringFixed(max(0, -d.Exponent()))
	whole, rest, _ := strings.Cut(s, ".")
	if rest != "" {
		rest = "." + rest
	}
	sign, digits := "", whole
	if strings.HasPrefix(whole, "-") {
		sign, digits = "-", whole[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits + rest
}
