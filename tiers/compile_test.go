package tiers

import (
	"errors"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestProblems(t *testing.T) {
	leaf := func(m Metric, bound string, w Window) Condition { return AtLeast(m, dec(bound), w) }
	deep := leaf(Orders, "1", Rolling(1))
	for range maxDepth {
		deep = All(deep)
	}
	year := Rolling(12)
	for name, c := range map[string]struct {
		change func(*Config)
		want   []string
	}{
		"zone":         {func(c *Config) { c.Zone = "Mars/Olympus" }, []string{"/zone"}},
		"no zone":      {func(c *Config) { c.Zone = "" }, []string{"/zone"}},
		"machine zone": {func(c *Config) { c.Zone = "Local" }, []string{"/zone"}},
		"scale":        {func(c *Config) { c.Scale = 19 }, []string{"/scale"}},
		"no levels":    {func(c *Config) { c.Levels = nil }, []string{"/levels"}},
		"ids":          {func(c *Config) { c.Levels[0].ID, c.Levels[2].ID = "", "silver" }, []string{"/levels/0/id", "/levels/2/id"}},
		"NUL":          {func(c *Config) { c.Levels[0].ID = "a\x00" }, []string{"/levels/0/id"}},
		"base asks":    {func(c *Config) { c.Levels[0].Keep = leaf(Orders, "1", year) }, []string{"/levels/0"}},
		"no enter":     {func(c *Config) { c.Levels[1].Enter = Condition{} }, []string{"/levels/1/enter"}},
		"equal bounds": {func(c *Config) { c.Levels[2].Enter = leaf(NetSpend, "1000", year) }, []string{"/levels/2/enter"}},
		"falling":      {func(c *Config) { c.Levels[3].Enter = leaf(NetSpend, "999.99", year) }, []string{"/levels/3/enter"}},
		"same tree": {func(c *Config) {
			c.Levels[2].Enter, c.Levels[3].Enter = Any(spend("7"), orders("9")), Any(spend("7"), orders("9"))
		}, []string{"/levels/3/enter"}},
		"falling most": {func(c *Config) {
			c.Levels[1].Enter, c.Levels[2].Enter = most(DaysSinceOrder, "30"), most(DaysSinceOrder, "60")
		}, []string{"/levels/2/enter"}},
		"keep harder":    {func(c *Config) { c.Levels[1].Keep = leaf(NetSpend, "1000.01", year) }, []string{"/levels/1/keep"}},
		"too deep":       {func(c *Config) { c.Levels[1].Enter = deep }, []string{"/levels/1/enter" + strings.Repeat("/all/0", maxDepth)}},
		"too many":       {func(c *Config) { c.Levels[1].Enter = Any(make([]Condition, 600)...); many(&c.Levels[1].Enter) }, []string{"/levels/1/enter/any/499"}},
		"empty":          {func(c *Config) { c.Levels[1].Enter = Condition{Window: year} }, []string{"/levels/1/enter/metric"}},
		"a group of one": {func(c *Config) { c.Levels[2].Enter = All(Any(spend("1000"))) }, []string{"/levels/2/enter"}},
		"empty list":     {func(c *Config) { c.Levels[1].Enter = Any([]Condition{}...) }, []string{"/levels/1/enter/any"}},
		"no list":        {func(c *Config) { c.Levels[1].Keep, c.Levels[2].Keep = All(), Any() }, []string{"/levels/1/keep/all", "/levels/2/keep/any"}},
		"both":           {func(c *Config) { c.Levels[1].Enter.All = []Condition{deep} }, []string{"/levels/1/enter"}},
		"n of all":       {func(c *Config) { c.Levels[1].Enter = Condition{All: []Condition{spend("1")}, N: 1} }, []string{"/levels/1/enter"}},
		"n too large":    {func(c *Config) { c.Levels[1].Enter = AnyN(3, spend("1000"), orders("3")) }, []string{"/levels/1/enter/n"}},
		"n negative":     {func(c *Config) { c.Levels[1].Enter = AnyN(-1, spend("1000"), orders("3")) }, []string{"/levels/1/enter/n"}},
		"contradiction":  {func(c *Config) { c.Levels[1].Enter = All(orders("5"), AtMost(Orders, dec("4"), year)) }, []string{"/levels/1/enter/all"}},
		"reversed":       {func(c *Config) { c.Levels[1].Enter = All(AtMost(Orders, dec("4"), year), orders("5")) }, []string{"/levels/1/enter/all"}},
		"no bound":       {func(c *Config) { c.Levels[1].Enter.AtLeast = nil }, []string{"/levels/1/enter"}},
		"two bounds":     {func(c *Config) { c.Levels[1].Enter.AtMost = new(dec("1")) }, []string{"/levels/1/enter"}},
		"zero bound":     {func(c *Config) { c.Levels[1].Enter = leaf(NetSpend, "0.00", year) }, []string{"/levels/1/enter/at_least"}},
		"below zero":     {func(c *Config) { c.Levels[1].Enter = most(DaysSinceOrder, "-1") }, []string{"/levels/1/enter/at_most"}},
		"third decimal":  {func(c *Config) { c.Levels[1].Enter = leaf(NetSpend, "1000.001", year) }, []string{"/levels/1/enter/at_least"}},
		"half an order":  {func(c *Config) { c.Levels[1].Enter = leaf(Orders, "1.5", year) }, []string{"/levels/1/enter/at_least"}},
		"giant":          {func(c *Config) { c.Levels[1].Enter = leaf(NetSpend, "1e10000", year) }, []string{"/levels/1/enter/at_least"}},
		"no window":      {func(c *Config) { c.Levels[1].Enter.Window = Window{} }, []string{"/levels/1/enter/window"}},
		"needless":       {func(c *Config) { c.Levels[1].Enter = leaf(DaysSinceJoin, "30", year) }, []string{"/levels/1/enter/window"}},
		"window kind":    {func(c *Config) { c.Levels[1].Enter.Window.Kind = "yearly" }, []string{"/levels/1/enter/window"}},
		"window length":  {func(c *Config) { c.Levels[1].Enter.Window = Rolling(0) }, []string{"/levels/1/enter/window"}},
		"window long":    {func(c *Config) { c.Levels[1].Enter.Window = RollingDays(-1) }, []string{"/levels/1/enter/window"}},
		"window extra":   {func(c *Config) { c.Levels[1].Enter.Window = Window{Kind: KindLifetime, Months: 1} }, []string{"/levels/1/enter/window"}},
		"period":         {func(c *Config) { c.Levels[1].Enter.Window = Calendar("week") }, []string{"/levels/1/enter/window"}},
		"start":          {func(c *Config) { c.Levels[1].Enter.Window = FixedYear("4-1") }, []string{"/levels/1/enter/window"}},
		"metric":         {func(c *Config) { c.Levels[1].Enter.Metric = "spend" }, []string{"/levels/1/enter/metric"}},
		"number":         {func(c *Config) { c.Levels[1].Enter.Number = "reviews" }, []string{"/levels/1/enter/number"}},
		"undeclared":     {func(c *Config) { c.Levels[1].Enter.Metric = Custom }, []string{"/levels/1/enter/number"}},
		"numbers":        {func(c *Config) { c.Numbers = []Number{{Name: "a"}, {Name: "a", Scale: -1}} }, []string{"/numbers/1/scale", "/numbers/1/name"}},
		"min orders":     {func(c *Config) { c.Levels[1].Enter.MinOrders = 3 }, []string{"/levels/1/enter/min_orders"}},
		"min negative":   {func(c *Config) { c.Levels[1].Enter = leaf(MeanOrder, "1", year); c.Levels[1].Enter.MinOrders = -3 }, []string{"/levels/1/enter/min_orders"}},
		"all at once": {
			func(c *Config) { c.Zone, c.Scale, c.Levels[1].Enter, c.Levels[2].ID = "x", -1, Condition{}, "" },
			[]string{"/zone", "/scale", "/levels/1/enter", "/levels/2/id"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := house()
			c.change(&cfg)
			l, err := New(cfg)
			assert.Nil(t, l)
			e, ok := errors.AsType[*ConfigError](err)
			require.True(t, ok, "%v", err)
			var paths []string
			for _, p := range e.Problems {
				paths = append(paths, p.Path)
				assert.NotEmpty(t, p.Detail)
				assert.Contains(t, err.Error(), p.Detail)
			}
			assert.Equal(t, c.want, paths, err.Error())
			assert.Panics(t, func() { MustNew(cfg) })
		})
	}
}

func most(m Metric, bound string) Condition { return AtMost(m, dec(bound), Window{}) }

func many(c *Condition) {
	for i := range c.Any {
		c.Any[i] = AtLeast(Orders, decimal.NewFromInt(int64(i)+1), Rolling(12))
	}
}

func TestLadderKeepsNothingOfItsConfig(t *testing.T) {
	cfg := house()
	cfg.Numbers = []Number{{Name: "reviews"}}
	l := MustNew(cfg)
	*cfg.Levels[1].Enter.AtLeast = dec("1")
	cfg.Levels[1].ID, cfg.Numbers[0].Name = "tin", "views"
	f := Facts{Orders: []Order{bought(t, "2025-01-01", "10")}, Numbers: []Counted{{Name: "reviews", At: day(t, "2025-01-01")}}}
	assert.Equal(t, "bronze", decide(t, l, f, "2025-01-02", Held{}).Level)
	assert.Equal(t, []string{"bronze", "silver", "gold", "platinum"}, l.Levels())
	rank, ok := l.Rank("gold")
	assert.Equal(t, 2, rank)
	assert.True(t, ok)
	_, ok = l.Rank("tin")
	assert.False(t, ok)
}
