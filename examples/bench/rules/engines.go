package rules

import (
	"slices"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/interpreter"
	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
)

// The engines have no third truth value and no decimals, so they are asked an easier question: whether
// the customer is selected, on cents, ranks and microseconds made beforehand.

// row is a customer as expr gets it.
type row struct {
	HasOptIn, HasRegion, HasLevel, HasSpend, HasOrders, HasLast, HasBirthday, HasTags bool

	OptIn                                bool
	Region                               string
	Level, Spend, Orders, Last, Birthday int
	Tags                                 []string
	Since, Now, From, Until              int
}

// monthDay writes a day of the year so that it can be compared; the asked days cross no New Year.
func monthDay(month time.Month, day int) int { return int(month)*100 + day }

func newRow(c *Customer) *row {
	_, m, d := Now.In(shop).Date()
	_, um, ud := Now.In(shop).AddDate(0, 0, birthdays).Date()
	has := func(f Facts) bool { return c.Has&f != 0 }
	return &row{
		has(HasOptIn), has(HasRegion), has(HasLevel), has(HasSpend), has(HasOrders), has(HasLast), has(HasBirthday), has(HasTags),
		c.OptIn, c.Region, slices.Index(levels, c.Level), int(c.Spend.Shift(2).BigInt().Int64()), int(c.Orders),
		int(c.Last.UnixMicro()), monthDay(c.Birthday.Month, c.Birthday.Day), c.Tags,
		int(Now.Add(-lately).UnixMicro()), int(Now.UnixMicro()), monthDay(m, d), monthDay(um, ud),
	}
}

const exprSource = `HasOptIn && OptIn
	&& HasRegion && Region in ["GD", "ZJ", "SH", "JS"]
	&& HasLevel && Level >= 1
	&& HasSpend && Spend > 50000
	&& HasOrders && Orders >= 3
	&& HasLast && Last > Since && Last <= Now
	&& (HasBirthday && Birthday >= From && Birthday <= Until
		|| HasTags && ("gift" in Tags || "plus-size" in Tags))`

// CompileExpr compiles the question for expr-lang/expr.
func CompileExpr() (*vm.Program, error) {
	return expr.Compile(exprSource, expr.Env(row{}), expr.AsBool())
}

const celSource = `has_opt_in && opt_in
	&& has_region && region in ["GD", "ZJ", "SH", "JS"]
	&& has_level && level >= 1
	&& has_spend && spend > 50000
	&& has_orders && orders >= 3
	&& has_last && last > since && last <= now
	&& (has_birthday && birthday >= from && birthday <= until
		|| has_tags && ("gift" in tags || "plus-size" in tags))`

// CELEnv declares the facts to CEL; it is made once for all rules.
func CELEnv() (*cel.Env, error) {
	var options []cel.EnvOption
	for _, name := range []string{"has_opt_in", "has_region", "has_level", "has_spend", "has_orders", "has_last", "has_birthday", "has_tags", "opt_in"} {
		options = append(options, cel.Variable(name, cel.BoolType))
	}
	for _, name := range []string{"level", "spend", "orders", "last", "birthday", "since", "now", "from", "until"} {
		options = append(options, cel.Variable(name, cel.IntType))
	}
	return cel.NewEnv(append(options, cel.Variable("region", cel.StringType), cel.Variable("tags", cel.ListType(cel.StringType)))...)
}

// CompileCEL compiles the question for CEL.
func CompileCEL(env *cel.Env) (cel.Program, error) {
	ast, issues := env.Compile(celSource)
	if err := issues.Err(); err != nil {
		return nil, err
	}
	return env.Program(ast, cel.EvalOptions(cel.OptOptimize))
}

// activation is a customer as CEL gets it: values of its own types, made beforehand.
type activation struct {
	hasOptIn, hasRegion, hasLevel, hasSpend, hasOrders, hasLast, hasBirthday, hasTags ref.Val

	optIn, region, level, spend, orders, last, birthday, tags ref.Val
	since, now, from, until                                   ref.Val
}

func newActivation(c *Customer) *activation {
	r := newRow(c)
	return &activation{
		types.Bool(r.HasOptIn), types.Bool(r.HasRegion), types.Bool(r.HasLevel), types.Bool(r.HasSpend),
		types.Bool(r.HasOrders), types.Bool(r.HasLast), types.Bool(r.HasBirthday), types.Bool(r.HasTags),
		types.Bool(r.OptIn), types.String(r.Region), types.Int(r.Level), types.Int(r.Spend), types.Int(r.Orders),
		types.Int(r.Last), types.Int(r.Birthday), types.NewStringList(types.DefaultTypeAdapter, r.Tags),
		types.Int(r.Since), types.Int(r.Now), types.Int(r.From), types.Int(r.Until),
	}
}

// Parent implements CEL's activation: there is none.
func (a *activation) Parent() interpreter.Activation { return nil }

// ResolveName implements CEL's activation.
func (a *activation) ResolveName(name string) (any, bool) {
	switch name {
	case "has_opt_in":
		return a.hasOptIn, true
	case "has_region":
		return a.hasRegion, true
	case "has_level":
		return a.hasLevel, true
	case "has_spend":
		return a.hasSpend, true
	case "has_orders":
		return a.hasOrders, true
	case "has_last":
		return a.hasLast, true
	case "has_birthday":
		return a.hasBirthday, true
	case "has_tags":
		return a.hasTags, true
	case "opt_in":
		return a.optIn, true
	case "region":
		return a.region, true
	case "level":
		return a.level, true
	case "spend":
		return a.spend, true
	case "orders":
		return a.orders, true
	case "last":
		return a.last, true
	case "birthday":
		return a.birthday, true
	case "tags":
		return a.tags, true
	case "since":
		return a.since, true
	case "now":
		return a.now, true
	case "from":
		return a.from, true
	case "until":
		return a.until, true
	default:
		return nil, false
	}
}
