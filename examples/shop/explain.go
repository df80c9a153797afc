package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/campaign/rule"
	"github.com/regulars-go/regulars/rfm"
	"github.com/regulars-go/regulars/tiers"
)

// explainCustomer prints every decision about one customer, with the numbers it rests on.
func (s *shop) explainCustomer(ctx context.Context, w io.Writer) error {
	c, err := s.find(s.whom)
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Customer %s as of %s (%s)\n", c.ID, s.asOf.In(s.loc).Format(time.DateOnly), s.zone)
	for _, part := range []func(context.Context, *strings.Builder, *customer) error{
		s.explainScore, s.explainLifecycle, s.explainTier, s.explainPoints, s.explainTags, s.explainRules,
	} {
		if err := part(ctx, &b, c); err != nil {
			return err
		}
	}
	_, err = io.WriteString(w, b.String())
	return err
}

func (s *shop) explainScore(_ context.Context, b *strings.Builder, c *customer) error {
	e, err := s.model.Explain(c.Summary, s.model.AsOf(), s.segments)
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "\nScore (model %s of %d customers)\n", s.model.ID(), s.model.Customers())
	if e.Score.IsZero() {
		fmt.Fprintf(b, "  none: nothing was bought and kept\n")
		return nil
	}
	for _, d := range []struct {
		name, better string
		rfm.Reasoning
	}{
		{"recency in days", "fewer", e.Recency}, {"frequency in orders", "more", e.Frequency}, {"money in " + s.currency, "more", e.Monetary},
	} {
		fmt.Fprintf(b, "  %-20s %s: score %d of %d, better than %s of the customers", d.name, d.Value, d.Score, d.Bins, percent(d.Worse))
		if m := d.Missing; m != nil {
			least := "from"
			if m.Beyond {
				least = "above"
			}
			fmt.Fprintf(b, "; score %d %s %s %s", m.Score, least, m.Amount, d.better)
		}
		fmt.Fprintln(b)
	}
	if e.Next != nil {
		fmt.Fprintf(b, "  if nothing is bought, the score changes in %d days\n", e.Days)
	}
	if c.Segment.Key != "" {
		fmt.Fprintf(b, "  segment %s %s\n", c.Segment.EN, c.Segment.ZH)
	}
	return nil
}

func (s *shop) explainLifecycle(_ context.Context, b *strings.Builder, c *customer) error {
	course, err := s.lifecycle.Explain(c.Summary, s.model.AsOf())
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "\nLifecycle\n  %s\n  %s\n", course.Text("en"), course.Text("zh"))
	return nil
}

func (s *shop) explainTier(_ context.Context, b *strings.Builder, c *customer) error {
	a, err := s.ladder.Activity(facts(s.books[c.ID]))
	if err != nil {
		return err
	}
	e, err := s.ladder.Explain(a, s.asOf, tiers.Held{})
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "\nTier\n  %s: %s\n", e.Level, e.Reason.Text("en"))
	for _, l := range slices.Backward(e.Levels) {
		if l.Finding.Evidence != nil {
			fmt.Fprintf(b, "  %-8s asks: %s\n", l.Level, l.Finding.Evidence.Text("en"))
		}
	}
	return nil
}

func (s *shop) explainPoints(ctx context.Context, b *strings.Builder, c *customer) error {
	now, err := s.ledger.Balance(ctx, c.ID, s.asOf)
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "\nPoints\n  %d available, %d pending, %d owed\n", now.Available, now.Pending, now.Debt)
	return nil
}

func (s *shop) explainTags(_ context.Context, b *strings.Builder, c *customer) error {
	tags := "none"
	if len(c.Tags) > 0 {
		tags = strings.Join(c.Tags, ", ")
	}
	fmt.Fprintf(b, "\nTags\n  %s\n", tags)
	return nil
}

func (s *shop) explainRules(_ context.Context, b *strings.Builder, c *customer) error {
	for _, name := range ruleNames {
		r := s.rules[name]
		e := r.Explain(c, s.asOf)
		fmt.Fprintf(b, "\nRule %q is %s: %s\n", name, e.Verdict, r.Text(rule.English))
		for _, step := range e.Leaves() {
			fact := "not known"
			if step.Known {
				fact = "is " + step.Value
			}
			if step.Kind == rule.KindFunc {
				fact = "the shop's own operator"
			}
			fmt.Fprintf(b, "  %-7s %s (%s)\n", step.Verdict, step.Text(rule.English), fact)
		}
		if missing := e.Missing(); len(missing) > 0 {
			fmt.Fprintf(b, "  undecided for want of: %s\n", strings.Join(missing, ", "))
		}
		if next, ok := r.NextChange(c, s.asOf); ok {
			fmt.Fprintf(b, "  may change by itself on %s\n", next.In(s.loc).Format(time.DateTime))
		}
	}
	return nil
}

func percent(f rfm.Fraction) string {
	return share(decimal.NewFromInt(f.Num), decimal.NewFromInt(f.Den)) + " %"
}
