package rule

import (
	"fmt"
	"strings"
	"time"
)

// Lang is a language of plain text.
type Lang string

// The languages. Any other reads as English.
const (
	English Lang = "en"
	Chinese Lang = "zh"
)

// Text returns the rule in plain words, for the people who decide about it. Fields and functions are
// called by their [Title], or by their name.
func (r *Rule[C]) Text(lang Lang) string { return r.schema.speaker().text(r.root.node, lang) }

// speaker knows what things are called.
type speaker struct {
	fields map[string]title
	funcs  map[funcKey]title
}

func (s *Schema[C]) speaker() *speaker {
	say := &speaker{make(map[string]title, len(s.fields)), make(map[funcKey]title, len(s.functions))}
	for _, f := range s.fields {
		say.fields[f.Name] = f.title
	}
	for key, fn := range s.functions {
		say.funcs[key] = fn.named
	}
	return say
}

// phrase is a sentence in both languages. %s stands for the subject or the first part, then for the argument.
type phrase struct{ en, zh string }

func (p phrase) in(lang Lang) string {
	if lang == Chinese {
		return p.zh
	}
	return p.en
}

var phrases = map[Op]phrase{
	OpEq:            {"%s is %s", "%s为%s"},
	OpNe:            {"%s is not %s", "%s不为%s"},
	OpIn:            {"%s is one of %s", "%s为%s之一"},
	OpNotIn:         {"%s is none of %s", "%s不为%s中任何一个"},
	OpUnder:         {"%s is under %s", "%s小于%s"},
	OpAtMost:        {"%s is at most %s", "%s不超过%s"},
	OpOver:          {"%s is over %s", "%s大于%s"},
	OpAtLeast:       {"%s is at least %s", "%s不低于%s"},
	OpBetween:       {"%s is from %s", "%s从%s"},
	OpBefore:        {"%s is before %s", "%s早于%s"},
	OpAfter:         {"%s is after %s", "%s晚于%s"},
	OpWithin:        {"%s is within the last %s", "%s在最近%s内"},
	OpOlderThan:     {"%s is %s ago or longer", "%s距今已满%s"},
	OpWithinNext:    {"%s is within the next %s", "%s在未来%s内"},
	OpWithinDays:    {"%s is within the last %s", "%s在最近%s内"},
	OpOlderThanDays: {"%s is before the last %s", "%s早于最近%s"},
	OpNear:          {"%s is %s", "%s%s"},
	OpThisMonth:     {"%s is in the current month (%s)", "%s在本月（%s）"},
	OpMonthIn:       {"%s is in %s", "%s在%s"},
	OpIs:            {"%s is %s", "%s为%s"},
	OpAny:           {"%s include any of %s", "%s含有%s之一"},
	OpAll:           {"%s include all of %s", "%s含有%s全部"},
	OpNone:          {"%s include none of %s", "%s不含%s中任何一个"},
}

var (
	phraseKnown   = phrase{"%s is known", "%s已知"}
	phraseMissing = phrase{"%s is not known", "%s未知"}
	// phrasesOfOne are the operators of lists where the list has one member.
	phrasesOfOne = map[Op]phrase{
		OpIn:    phrases[OpEq],
		OpNotIn: phrases[OpNe],
		OpAny:   {"%s include %s", "%s含有%s"},
		OpAll:   {"%s include %s", "%s含有%s"},
		OpNone:  {"%s do not include %s", "%s不含%s"},
	}
	phraseFunc  = phrase{"%s (version %d)", "%s（第%d版）"}
	phraseNot   = phrase{"not (%s)", "非（%s）"}
	phraseGroup = phrase{"(%s)", "（%s）"}
	phraseElse  = map[bool]phrase{
		true:  {"(%s; yes if not known)", "（%s；未知时视为是）"},
		false: {"(%s; no if not known)", "（%s；未知时视为否）"},
	}
	phraseAnd   = phrase{" and ", "，并且"}
	phraseOr    = phrase{" or ", "，或者"}
	phraseComma = phrase{", ", "、"}
	phraseYesNo = map[bool]phrase{true: {"yes", "是"}, false: {"no", "否"}}
	phraseTo    = phrase{"%s to %s inclusive", "%s到%s（含）"}
	phraseUntil = phrase{"%s up to but excluding %s", "%s起，至%s前"}
	phraseDays  = phrase{"%s including today (%s)", "%s（含今天，%s）"}
	phraseToday = phrase{"today", "在今天"}
	phraseAhead = phrase{"at most %s ahead", "在%s之内到来"}
	phrasePast  = phrase{"at most %s past", "过去不超过%s"}
	phraseZone  = phrase{"%s (%s; %s)", "%s（%s；%s）"}
	phraseLeap  = map[Leap]phrase{
		LeapFeb28: {"29 February counts as the 28th in common years", "平年2月29日按2月28日计"},
		LeapMar1:  {"29 February counts as 1 March in common years", "平年2月29日按3月1日计"},
		LeapOnly:  {"29 February does not count in common years", "平年2月29日不计"},
	}
	phraseUnits = map[string]phrase{
		"days": {"%d days", "%d天"}, "hours": {"%d hours", "%d小时"}, "minutes": {"%d minutes", "%d分钟"},
		"seconds": {"%d seconds", "%d秒"}, "microseconds": {"%d microseconds", "%d微秒"},
		"calendar days": {"%d calendar days", "%d个自然日"},
	}
)

func (s *speaker) text(n *Node, lang Lang) string {
	switch n.Kind {
	case KindAll:
		return s.joined(n, phraseAnd, lang)
	case KindAny:
		return s.joined(n, phraseOr, lang)
	case KindNot:
		return fmt.Sprintf(phraseNot.in(lang), s.text(n.Kids[0], lang))
	case KindOrElse:
		return fmt.Sprintf(phraseElse[n.Value].in(lang), s.text(n.Kids[0], lang))
	case KindFunc:
		return fmt.Sprintf(phraseFunc.in(lang), s.funcs[funcKey{n.Name, n.Version}].or(n.Name, lang), n.Version)
	case KindField:
	}
	name := s.fields[n.Name].or(n.Name, lang)
	switch {
	case n.Op == OpKnown && n.Bool:
		return fmt.Sprintf(phraseKnown.in(lang), name)
	case n.Op == OpKnown:
		return fmt.Sprintf(phraseMissing.in(lang), name)
	}
	says := phrases[n.Op]
	if one, ok := phrasesOfOne[n.Op]; ok && len(n.Texts) == 1 {
		says = one
	}
	return fmt.Sprintf(says.in(lang), name, argText(n, lang))
}

func (s *speaker) joined(n *Node, with phrase, lang Lang) string {
	parts := make([]string, len(n.Kids))
	for i, k := range n.Kids {
		parts[i] = s.text(k, lang)
		if (k.Kind == KindAll || k.Kind == KindAny) && len(k.Kids) > 1 && len(n.Kids) > 1 {
			parts[i] = fmt.Sprintf(phraseGroup.in(lang), parts[i])
		}
	}
	return strings.Join(parts, with.in(lang))
}

func (t title) or(name string, lang Lang) string {
	if called := phrase(t).in(lang); called != "" {
		return called
	}
	return name
}

// argText returns the argument of an operator in words.
func argText(n *Node, lang Lang) string {
	switch operators[n.Type][n.Op] {
	case formBool:
		return phraseYesNo[n.Bool].in(lang)
	case formText, formTexts:
		return strings.Join(quoted(n.Texts), phraseComma.in(lang))
	case formInt:
		return fmt.Sprint(n.Ints[0])
	case formInts:
		return fmt.Sprintf(phraseTo.in(lang), fmt.Sprint(n.Ints[0]), fmt.Sprint(n.Ints[1]))
	case formMoney:
		return decimalText(n.Decimals[0])
	case formMoneys:
		return fmt.Sprintf(phraseTo.in(lang), decimalText(n.Decimals[0]), decimalText(n.Decimals[1]))
	case formTime:
		return instantText(n.Times[0])
	case formTimes:
		return fmt.Sprintf(phraseUntil.in(lang), instantText(n.Times[0]), instantText(n.Times[1]))
	case formDate:
		return n.Dates[0].String()
	case formDates:
		return fmt.Sprintf(phraseUntil.in(lang), n.Dates[0], n.Dates[1])
	case formSpan:
		count, unit := inUnits(n.Span)
		return counted(count, unit, lang)
	case formDays:
		return fmt.Sprintf(phraseDays.in(lang), counted(int64(n.Days), "calendar days", lang), n.Zone)
	case formNear:
		return fmt.Sprintf(phraseZone.in(lang), nearText(n, lang), phraseLeap[n.Leap].in(lang), n.Zone)
	case formZone:
		return n.Zone.String()
	default: // formMonths
		parts := make([]string, len(n.Ints))
		for i, m := range n.Ints {
			parts[i] = phrase{time.Month(m).String(), fmt.Sprintf("%d月", m)}.in(lang)
		}
		return strings.Join(parts, phraseComma.in(lang))
	}
}

// nearText says how far ahead or past a birthday may be.
func nearText(n *Node, lang Lang) string {
	if n.Before == 0 && n.After == 0 {
		return phraseToday.in(lang)
	}
	var parts []string
	if n.Before > 0 {
		parts = append(parts, fmt.Sprintf(phraseAhead.in(lang), counted(int64(n.Before), "days", lang)))
	}
	if n.After > 0 {
		parts = append(parts, fmt.Sprintf(phrasePast.in(lang), counted(int64(n.After), "days", lang)))
	}
	return strings.Join(parts, phraseOr.in(lang))
}

// counted returns a number of some unit; one of it has no s in English.
func counted(n int64, unit string, lang Lang) string {
	text := fmt.Sprintf(phraseUnits[unit].in(lang), n)
	if n == 1 {
		text = strings.TrimSuffix(text, "s")
	}
	return text
}
