package main

import (
	"cmp"
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/regulars-go/regulars/campaign"
	"github.com/regulars-go/regulars/campaign/rule"
	"github.com/regulars-go/regulars/examples/sqlite"
	"github.com/regulars-go/regulars/points"
	"github.com/regulars-go/regulars/rfm"
	"github.com/regulars-go/regulars/tags"
	"github.com/regulars-go/regulars/tiers"
)

// shop is one look at the shop: its customers as of an instant, and the rules they were judged by.
type shop struct {
	options
	db     *sql.DB
	store  *sqlite.Points
	labels *sqlite.Tags

	scale  int
	policy *points.Policy
	ledger *points.Ledger
	ladder *tiers.Ladder
	schema *rule.Schema[*customer]
	rules  map[string]*rule.Rule[*customer]

	segments  *rfm.Segments
	model     *rfm.Model
	lifecycle *rfm.Lifecycle

	books     map[string][]entry
	customers []*customer // in order of id
	points    balances
	audiences map[string]campaign.Audience // by rule
	asked     map[string]asked             // by rule

	vocabulary *tags.Vocabulary
	retagged   int // customers whose tags this run changed
}

//go:embed rules/*.json
var ruleFiles embed.FS

// ruleNames are the stored rules: the first chooses the audience, the others tag.
var ruleNames = []string{winBack, "pay-day", "big-basket"}

const winBack = "win-back"

const expiringDays = 60

// look judges every customer as of the instant asked for.
func (s *shop) look(ctx context.Context) (err error) {
	if s.asOf.IsZero() {
		if s.asOf, err = lastDay(ctx, s.db, s.loc); err != nil {
			return err
		}
	}
	if s.ledger, err = points.New(s.store, s.policy); err != nil {
		return err
	}
	if s.ladder, err = newLadder(s.zone, s.scale); err != nil {
		return err
	}
	if err := s.readRules(); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{s.readBooks, s.score, s.level, s.weigh, s.tag, s.choose, s.askSQL} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return s.agree()
}

// readRules compiles the shop's stored rules.
func (s *shop) readRules() error {
	s.schema = newSchema(s.loc)
	s.rules = map[string]*rule.Rule[*customer]{}
	for _, name := range ruleNames {
		data, err := ruleFiles.ReadFile("rules/" + name + ".json")
		if err != nil {
			return err
		}
		if s.rules[name], err = s.schema.Parse(data); err != nil {
			return fmt.Errorf("rules/%s.json: %w", name, err)
		}
	}
	return nil
}

// readBooks gathers each customer's lines up to the instant.
func (s *shop) readBooks(ctx context.Context) error {
	s.books = map[string][]entry{}
	for e, err := range entries(ctx, s.db, `WHERE `+concerned+` AND at < ? ORDER BY customer, at, id`, s.asOf.UnixMicro()) {
		if err != nil {
			return err
		}
		if len(s.books[e.Customer]) == 0 {
			s.customers = append(s.customers, &customer{ID: e.Customer})
		}
		c := s.customers[len(s.customers)-1]
		s.books[e.Customer] = append(s.books[e.Customer], e)
		if e.Region != "" {
			c.Region = e.Region // the latest one known
		}
		if b, ok := parseBirthday(e.Birthday); ok {
			c.Birthday = b
		}
		if e.Kind == sale && e.Amount.IsPositive() {
			c.Sales = append(c.Sales, e.At.In(s.loc))
		}
	}
	return nil
}

// orders turns the books into what rfm counts: a refund goes with the sale it names, and without one
// it is a credit on its own.
func (s *shop) orders() iter.Seq2[rfm.Order[string], error] {
	return func(yield func(rfm.Order[string], error) bool) {
		for _, c := range s.customers {
			book := s.books[c.ID]
			refunds := map[string][]rfm.Refund{}
			sales := map[string]bool{}
			for _, e := range book {
				sales[e.ID] = e.Kind == sale
				if e.RefundOf != "" {
					refunds[e.RefundOf] = append(refunds[e.RefundOf], rfm.Refund{At: e.At, Amount: e.Amount.Neg(), Units: int32(-e.Units)})
				}
			}
			for _, e := range book {
				if e.Kind == refund && sales[e.RefundOf] {
					continue
				}
				o := rfm.Order[string]{Customer: e.Customer, At: e.At, Amount: e.Amount, Units: int32(max(e.Units, 0)), Refunds: refunds[e.ID]}
				if !yield(o, nil) {
					return
				}
			}
		}
	}
}

// score summarises, fits and scores, and tells each customer's segment and state.
func (s *shop) score(context.Context) error {
	scheme, err := rfm.Compile(rfm.Config{Zone: s.zone, Currency: s.currency, Scale: s.scale, KeepDays: true})
	if err != nil {
		return err
	}
	summaries, err := rfm.Summarize(scheme, rfm.Before(s.asOf), s.orders())
	if err != nil {
		return err
	}
	if s.model, err = summaries.Fit(); err != nil {
		return err
	}
	s.segments = rfm.Eleven()
	for _, c := range s.customers {
		c.Summary, _ = summaries.Of(c.ID)
		if c.Score, err = s.model.Score(c.Summary, s.model.AsOf()); err != nil {
			return err
		}
		c.Segment = s.segments.Of(c.Score)
	}
	return s.live()
}

// houseLimits serve a shop whose customers have not come back yet, so that there is nothing to learn from.
var houseLimits = rfm.Limits{AtRisk: 60, Dormant: 90, Lost: 120, MeanGap: rfm.Fraction{Num: 30, Den: 1}}

// live learns the limits of the lifecycle from the shop's own gaps and tells each customer's state.
func (s *shop) live() (err error) {
	var gaps rfm.Gaps
	for _, c := range s.customers {
		if err := gaps.Add(c.Summary, s.model.AsOf()); err != nil {
			return err
		}
	}
	limits := houseLimits
	if len(gaps.Closed) > 0 {
		if limits, err = rfm.FitLimits(gaps, rfm.Percentiles{}); err != nil {
			return err
		}
	}
	if s.lifecycle, err = rfm.NewLifecycle(limits); err != nil {
		return err
	}
	for _, c := range s.customers {
		if c.State, err = s.lifecycle.State(c.Summary, s.model.AsOf()); err != nil {
			return err
		}
	}
	return nil
}

// level decides each customer's tier.
func (s *shop) level(context.Context) error {
	for _, c := range s.customers {
		a, err := s.ladder.Activity(facts(s.books[c.ID]))
		if err != nil {
			return fmt.Errorf("customer %q: %w", c.ID, err)
		}
		d, err := s.ladder.Decide(a, s.asOf, tiers.Held{})
		if err != nil {
			return err
		}
		c.Tier = d.Level
	}
	return nil
}

// weigh reads the points each customer has.
func (s *shop) weigh(ctx context.Context) (err error) {
	s.points, err = outstanding(ctx, s.ledger, s.customers, s.asOf, expiringDays)
	return err
}

// choose asks every stored rule of all customers and freezes whom each selects. Of the win-back audience
// one in ten is held out to compare with.
func (s *shop) choose(context.Context) (err error) {
	s.audiences = map[string]campaign.Audience{}
	for _, name := range ruleNames {
		c := campaign.Criteria[*customer]{Rule: s.rules[name], ID: func(c *customer) string { return c.ID }, At: s.asOf}
		if name == winBack {
			c.HoldOut = campaign.MustHoldOut("win-back-2026", 100_000)
		}
		if s.audiences[name], err = campaign.Select(s.stream(), c); err != nil {
			return fmt.Errorf("rule %s: %w", name, err)
		}
	}
	return nil
}

func (s *shop) stream() iter.Seq2[*customer, error] {
	return func(yield func(*customer, error) bool) {
		for _, c := range s.customers {
			if !yield(c, nil) {
				return
			}
		}
	}
}

func (s *shop) find(id string) (*customer, error) {
	i, found := slices.BinarySearchFunc(s.customers, id, func(c *customer, id string) int { return cmp.Compare(c.ID, id) })
	if !found {
		return nil, errors.New("-customer: nobody of that id is in the book before " + s.asOf.In(s.loc).Format(time.DateOnly))
	}
	return s.customers[i], nil
}
