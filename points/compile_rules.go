package points

import (
	"fmt"
	"slices"
	"time"
)

func item(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

// terms are compiled rules, modifiers or bonuses: the part that is frozen with an order, and what must
// hold for the order as a whole.
type terms[T any] struct {
	list  []*T
	conds []cond
}

func (t *terms[T]) add(c cond, term *T) {
	t.list, t.conds = append(t.list, term), append(t.conds, c)
}

// cond holds the conditions on the order as a whole.
type cond struct {
	always            bool // there are none
	from, until       time.Time
	weekdays, days    uint32 // bits
	channels, groups  []string
	first, onBirthday bool
}

func (c *compiler) rules(cfg *Config) {
	p := c.p
	p.shared.Stacks = []Stack{oneOf(c, "stack", cfg.Stack, Sum, Product, Best)}
	for i, g := range cfg.StackGroups {
		path := item("stack_groups", i)
		c.word(path+".name", g.Name, true)
		if _, taken := c.groups[g.Name]; taken && g.Name != "" {
			c.bad(path+".name", "%q is defined already", g.Name)
		}
		c.groups[g.Name] = len(p.shared.Stacks)
		p.shared.Stacks = append(p.shared.Stacks, oneOf(c, path+".stack", g.Stack, Sum, Product, Best))
	}
	every := map[string]string{} // family -> its rule without conditions
	for i, r := range cfg.Rules {
		path := item("rules", i)
		c.capID(path+".id", r.ID)
		t := &ruleTerm{ID: r.ID, lotTerm: c.lot(path+".", r.Family, r.Color, r.Pending, r.Expiry, cfg)}
		c.rate(path, &r, t)
		var w cond
		w, t.Scope, t.Spend = c.when(path+".when", &r.When)
		if all, ok := every[r.Family]; ok {
			c.bad(path, "can never earn: rule %q before it has every line of the family", all)
		} else if w.always && t.Scope == nil && t.Spend.IsZero() {
			every[r.Family] = r.ID
		}
		p.rules.add(w, t)
	}
	for i, m := range cfg.Modifiers {
		c.modifier(item("modifiers", i), &m, cfg)
	}
	for i, b := range cfg.Bonuses {
		path := item("bonuses", i)
		c.capID(path+".id", b.ID)
		c.points(path+".points", b.Points)
		t := &bonusTerm{
			ID: b.ID, Points: b.Points, MultiplyMe: b.MultiplyMe, Keep: b.Keep,
			lotTerm: c.lot(path+".", b.Family, b.Color, b.Pending, b.Expiry, cfg),
		}
		var w cond
		w, t.Scope, t.Spend = c.when(path+".when", &b.When)
		p.bonuses.add(w, t)
	}
}

func (c *compiler) lot(path, family, color string, wait *Pending, end *Expiry, cfg *Config) lotTerm {
	c.word(path+"family", family, false)
	c.word(path+"color", color, false)
	return lotTerm{Family: family, Color: color, Timing: c.timing(path, wait, end, cfg)}
}

func (c *compiler) rate(path string, r *Rule, t *ruleTerm) {
	kinds := 0
	if r.Linear != nil {
		kinds++
		t.Kind, t.Points, t.Per = linear, r.Linear.Points, c.number(path+".linear.per", r.Linear.Per, false)
		c.points(path+".linear.points", t.Points)
	}
	if r.Step != nil {
		kinds++
		t.Kind, t.Points, t.Per = step, r.Step.Points, c.number(path+".step.per", r.Step.Per, false)
		if oneOf(c, path+".step.of", r.Step.Of, PerOrder, PerLine) == PerLine {
			t.Kind = lineStep
		}
		c.points(path+".step.points", t.Points)
	}
	if r.Unit != nil {
		kinds++
		t.Kind, t.Points = unit, r.Unit.Points
		c.points(path+".unit.points", t.Points)
	}
	if kinds != 1 {
		c.bad(path, "needs exactly one of linear, step and unit")
	}
}

func (c *compiler) modifier(path string, m *Modifier, cfg *Config) {
	c.id(path+".id", m.ID)
	t := &modifierTerm{ID: m.ID, Factor: c.number(path+".factor", m.Factor, false), Families: slices.Clone(m.Families)}
	stack, ok := c.groups[m.StackGroup]
	if !ok {
		c.bad(path+".stack_group", "%q is not defined in stack_groups", m.StackGroup)
	}
	t.Stack = stack
	var w cond
	w, t.Scope, t.Spend = c.when(path+".when", &m.When)
	for i, family := range m.Families {
		if !slices.ContainsFunc(cfg.Rules, func(r Rule) bool { return r.Family == family }) &&
			!slices.ContainsFunc(cfg.Bonuses, func(b Bonus) bool { return b.MultiplyMe && b.Family == family }) {
			c.bad(item(path+".families", i), "no rule and no multiplied bonus is of family %q", family)
		}
	}
	for _, r := range c.p.rules.list {
		if t.Scope != nil && r.Kind == step && (len(t.Families) == 0 || slices.Contains(t.Families, r.Family)) {
			c.bad(path+".when", "chooses lines, but rule %q counts steps over the order; count its steps per line, or limit the modifier to other families", r.ID)
		}
	}
	c.p.modifiers.add(w, t)
}

func (c *compiler) when(path string, w *When) (cond, *lineSet, num) {
	loc := c.p.loc
	switch {
	case w.Zone == "":
	case w.From == "" && w.Until == "":
		c.bad(path+".zone", "is the zone of from and until, and there is neither")
	default:
		loc = c.zone(path+".zone", w.Zone)
	}
	out := cond{
		from: c.instant(path+".from", w.From, loc), until: c.instant(path+".until", w.Until, loc),
		weekdays: c.bits(path+".weekdays", w.Weekdays, 7), days: c.bits(path+".month_days", w.MonthDays, 31),
		channels: c.words(path+".channels", w.Channels), groups: c.words(path+".groups", w.Groups),
		first: w.First, onBirthday: w.Birthday,
	}
	if !out.from.IsZero() && !out.until.IsZero() && !out.from.Before(out.until) {
		c.bad(path+".until", "is not after from, so this never holds")
	}
	out.always = out.from.IsZero() && out.until.IsZero() && out.weekdays|out.days == 0 && len(out.channels)+len(out.groups) == 0 && !out.first && !out.onBirthday
	set := &lineSet{
		Tags: c.words(path+".tags", w.Tags), Without: c.words(path+".without_tags", w.WithoutTags), SKUs: c.words(path+".skus", w.SKUs),
	}
	for i, tag := range w.WithoutTags {
		if slices.Contains(w.Tags, tag) && len(w.Tags) == 1 {
			c.bad(item(path+".without_tags", i), "excludes the only tag that is asked for")
		}
	}
	if len(w.Tags)+len(w.WithoutTags)+len(w.SKUs) == 0 {
		set = nil
	}
	return out, set, c.number(path+".spend", w.Spend, true)
}

func (c *compiler) bits(path string, days []int, most int) (mask uint32) {
	for i, d := range days {
		if d < 1 || d > most {
			c.bad(item(path, i), "must be 1 to %d, is %d", most, d)
			continue
		}
		mask |= 1 << d
	}
	return mask
}

// caps checks the caps and puts them in the order in which they apply.
func (c *compiler) caps(cfg *Config) {
	owners := map[string]bool{"": true}
	for _, r := range cfg.Rules {
		owners[r.ID] = true
	}
	for _, b := range cfg.Bonuses {
		owners[b.ID] = true
	}
	for _, a := range cfg.Actions {
		owners[a.ID] = true
	}
	for _, id := range giftIDs {
		owners[id] = owners[id] || cfg.gives(id)
	}
	seen := map[string]bool{givenToday: true}
	for i, k := range cfg.Caps {
		path := item("caps", i)
		c.word(path+".id", k.ID, true)
		if seen[k.ID] {
			c.bad(path+".id", "%q is the id of another counter", k.ID)
		}
		seen[k.ID] = true
		if !owners[k.Of] {
			c.bad(path+".of", "%q is no rule, bonus, action or gift of this policy", k.Of)
		}
		c.atLeastZero(path+".points", k.Points)
		per := oneOf(c, path+".per", k.Per, EachOrder, EachDay, EachWeek, EachMonth, EachQuarter, EachYear, Ever)
		c.p.caps = append(c.p.caps, capTerm{ID: k.ID, Of: k.Of, Per: per, Points: k.Points})
	}
	slices.SortStableFunc(c.p.caps, func(a, b capTerm) int { return a.rank() - b.rank() })
}

// rank puts the caps of one rule before those of everything, so that what an order keeps under the
// latter never grows when a rule gives less.
func (c *capTerm) rank() int {
	rank := 0
	if c.Of == "" {
		rank = 2
	}
	if c.Per != EachOrder {
		rank++
	}
	return rank
}
