package points

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/internal/fixed"
	"github.com/regulars-go/regulars/internal/strictjson"
)

// Problem is one thing wrong with a [Config]: where, as a JSON Pointer such as /rules/0/linear/per, and
// what.
type Problem struct {
	Path   string `json:"path"`
	Detail string `json:"detail"`
}

// ConfigError lists everything that is wrong with a Config.
type ConfigError struct{ Problems []Problem }

func (e *ConfigError) Error() string {
	var b strings.Builder
	b.WriteString("points: policy does not compile")
	for _, p := range e.Problems {
		fmt.Fprintf(&b, "\n%s: %s", p.Path, p.Detail)
	}
	return b.String()
}

// compiler gathers problems while it turns a Config into a Policy.
type compiler struct {
	problems []Problem
	p        *Policy
	ids      map[string]string // id -> path of its owner
	groups   map[string]int
	timings  map[string]int // pairs of pending and expiry as JSON -> their place in the policy's list
}

// pointer turns a path of the compiler, rules[0].per, into a JSON Pointer.
func pointer(path string) string {
	return "/" + strings.NewReplacer("[", "/", "]", "", ".", "/").Replace(path)
}

func (c *compiler) bad(path, format string, args ...any) {
	c.problems = append(c.problems, Problem{pointer(path), fmt.Sprintf(format, args...)})
}

// Compile checks a Config and makes a Policy. The error is a [*ConfigError] with every problem found,
// each with the path of its field; one that is longer than [ParseConfig] reads is reported alone, once
// everything else is right. The Config is copied.
func Compile(cfg Config) (*Policy, error) {
	c := compiler{p: &Policy{shared: &programme{Version: 1}}, ids: map[string]string{}, groups: map[string]int{"": 0}, timings: map[string]int{}}
	c.header(&cfg)
	c.rules(&cfg)
	c.caps(&cfg)
	c.gifts(&cfg)
	c.redeem(cfg.Redeem, cfg.Growth)
	c.terms(cfg.Terms)
	if len(c.problems) > 0 {
		return nil, &ConfigError{c.problems}
	}
	if err := c.copy(&cfg); err != nil {
		return nil, err
	}
	return c.p, nil
}

// copy keeps the Config as it reads from its own JSON, so that whatever compiles can be stored and read
// again: a list longer than the reader takes is a problem here already.
func (c *compiler) copy(cfg *Config) error {
	data, err := json.Marshal(cfg)
	if err == nil {
		err = strictjson.Unmarshal(data, &c.p.cfg, configLimits)
	}
	if at, ok := errors.AsType[*strictjson.Error](err); ok {
		return &ConfigError{[]Problem{{at.Pointer, at.Detail}}}
	}
	if err != nil {
		return fmt.Errorf("points: policy: %w", err)
	}
	return nil
}

// MustCompile is [Compile] for package variables: it panics on a Config that does not compile.
func MustCompile(c Config) *Policy {
	p, err := Compile(c)
	if err != nil {
		panic(err)
	}
	return p
}

func (c *compiler) header(cfg *Config) {
	p := c.p
	if cfg.Format != 0 && cfg.Format != 1 {
		c.bad("version", "is %d; this package reads version 1", cfg.Format)
	}
	cfg.Format = 1
	c.word("id", cfg.ID, true)
	if cfg.Revision < 1 {
		c.bad("revision", "must be 1 or more, is %d", cfg.Revision)
	}
	c.word("currency", cfg.Currency, true)
	p.id, p.revision, p.currency, p.growth = cfg.ID, cfg.Revision, cfg.Currency, cfg.Growth
	p.shared.Policy, p.shared.Revision = cfg.ID, cfg.Revision
	p.loc = c.zone("zone", cfg.Zone)
	switch {
	case cfg.Decimals == NoDecimals:
	case cfg.Decimals == 0:
		p.decimals = 2
	case cfg.Decimals > 0 && cfg.Decimals <= fixed.MaxExponent:
		p.decimals = cfg.Decimals
	default:
		c.bad("decimals", "must be 1 to %d, 0 for 2 or %d for none, is %d", fixed.MaxExponent, NoDecimals, cfg.Decimals)
	}
	p.since = c.instant("since", cfg.Since, p.loc)
	p.at = oneOf(c, "policy_at", cfg.PolicyAt, AtPaid, AtPlaced, AtReceived, AtCompleted)
	p.shared.Rounding = oneOf(c, "rounding", cfg.Rounding, Down, HalfUp, Up)
	p.shared.RoundAt = oneOf(c, "round_at", cfg.RoundAt, PerOrder, PerLine)
	p.shared.Basis = &Basis{
		ExcludeTax: cfg.Basis.ExcludeTax, PointsTender: cfg.Basis.PointsTender,
		GiftCards: cfg.Basis.GiftCards, ExcludeGiftCardTender: cfg.Basis.ExcludeGiftCardTender,
		ExcludeTags: c.words("basis.exclude_tags", cfg.Basis.ExcludeTags), ExcludeSKUs: c.words("basis.exclude_skus", cfg.Basis.ExcludeSKUs),
	}
	c.timing("", &cfg.Pending, &cfg.Expiry, cfg)
}

// oneOf checks an enum; the first word is what the zero value means.
func oneOf[T ~string](c *compiler, path string, got T, words ...T) T {
	if got == "" {
		return words[0]
	}
	if !slices.Contains(words, got) {
		c.bad(path, "%.60q is not one of %q", string(got), words)
	}
	return got
}

// word checks a name: up to 255 bytes of UTF-8 without NUL.
func (c *compiler) word(path, s string, needed bool) {
	switch {
	case s == "" && needed:
		c.bad(path, "is empty")
	case len(s) > 255 || !utf8.ValidString(s) || strings.ContainsRune(s, 0):
		c.bad(path, "must be at most 255 bytes of UTF-8 without NUL")
	}
}

func (c *compiler) words(path string, list []string) []string {
	for i, s := range list {
		c.word(fmt.Sprintf("%s[%d]", path, i), s, true)
	}
	return slices.Clone(list)
}

// id checks a name that must be unique in the policy.
func (c *compiler) id(path, id string) {
	c.word(path, id, true)
	if id == timesID {
		c.bad(path, "%q stands for the order's own multiplier", id)
	}
	if other, taken := c.ids[id]; taken && id != "" {
		c.bad(path, "%q is the id of %s already", id, pointer(other))
		return
	}
	c.ids[id] = path
}

// capID checks the id of something that a cap can bound, as it can the gifts.
func (c *compiler) capID(path, id string) {
	c.id(path, id)
	if slices.Contains(giftIDs, id) {
		c.bad(path, "%q is the id of a gift", id)
	}
}

func (c *compiler) zone(path, name string) *time.Location {
	loc, err := zone(name)
	if err != nil {
		c.bad(path, "%.60q is not the name of a time zone", name)
		return time.UTC
	}
	return loc
}

func (c *compiler) points(path string, n int64) {
	if n <= 0 {
		c.bad(path, "must be positive, is %d", n)
	}
}

func (c *compiler) atLeastZero(path string, n int64) {
	if n < 0 {
		c.bad(path, "must not be negative, is %d", n)
	}
}

// number checks a decimal that is a term: positive, or zero where optional.
func (c *compiler) number(path string, d decimal.Decimal, optional bool) num {
	n, err := toNum(d)
	switch {
	case err != nil:
		c.bad(path, "has more digits than a term may have")
	case n.sign() < 0 || n.sign() == 0 && !optional:
		c.bad(path, "must be positive, is %v", d)
	}
	return n
}

// money checks an amount of the policy's currency.
func (c *compiler) money(path string, d decimal.Decimal, optional bool) int64 {
	m, err := fixed.Minor(d, c.p.decimals)
	switch {
	case err != nil:
		c.bad(path, "is not an amount with %d decimals: %v", c.p.decimals, err)
	case m < 0 || m == 0 && !optional:
		c.bad(path, "must be positive, is %v", d)
	}
	return m
}
