package main

import (
	"context"
	"time"

	"github.com/regulars-go/regulars/campaign/rule"
	"github.com/regulars-go/regulars/rfm"
)

// report gathers what the owner reads.
func (s *shop) report(ctx context.Context) (report, error) {
	r := report{
		Zone: s.zone, Currency: s.currency, AsOf: s.asOf.In(s.loc).Format(time.DateOnly),
		Points: s.points, Cuts: s.cuts(), digits: int32(s.scale),
	}
	if t := s.asOf.In(s.loc); rfm.DayOf(t, s.loc).Start(s.loc) != t {
		r.AsOf = t.Format(time.RFC3339)
	}
	var err error
	if r.Totals, err = s.totals(ctx); err != nil {
		return r, err
	}
	segments := s.segments.List()
	r.Segments = s.group(func(yield func(row)) {
		for _, g := range segments {
			yield(row{Key: g.Key, Label: g.EN, LabelZH: g.ZH})
		}
	}, func(c *customer) []string { return []string{c.Segment.Key} })
	r.Lifecycle = s.group(func(yield func(row)) {
		for _, state := range []rfm.State{rfm.Prospect, rfm.New, rfm.Growing, rfm.WonBack, rfm.Stable, rfm.AtRisk, rfm.Dormant, rfm.Lost} {
			yield(row{
				Key: state.String(), Label: state.Text("en"), LabelZH: state.Stage().Text("zh") + " " + state.Text("zh"),
				Group: state.Stage().String(),
			})
		}
	}, func(c *customer) []string { return []string{c.State.String()} })
	r.Tiers = s.group(func(yield func(row)) {
		for _, name := range s.ladder.Levels() {
			yield(row{Key: name, Label: name})
		}
	}, func(c *customer) []string { return []string{c.Tier} })
	r.Tags = s.group(func(yield func(row)) {
		for _, t := range s.vocabulary.Tags() {
			yield(row{Key: t.ID, Label: t.ID, LabelZH: t.Description})
		}
	}, func(c *customer) []string { return c.Tags })
	r.Rules = s.stored()
	won := s.audiences[winBack]
	p := won.Preview()
	r.Audience = audience{Rule: winBack, Matched: p.Matched, HeldOut: p.HeldOut, Touched: p.Treated(), Trace: won.Trace()}
	r.heat = s.heat()
	return r, nil
}

// group counts customers, orders and net spend by key; a customer may have several keys or none.
func (s *shop) group(define func(func(row)), keys func(*customer) []string) []row {
	var rows []row
	at := map[string]int{}
	define(func(r row) {
		at[r.Key] = len(rows)
		rows = append(rows, r)
	})
	for _, c := range s.customers {
		for _, key := range keys(c) {
			if i, ok := at[key]; ok {
				rows[i].Customers++
				rows[i].Orders += c.Summary.Orders
				rows[i].Net = rows[i].Net.Add(c.Summary.Net)
			}
		}
	}
	return rows
}

// totals counts the whole book, with what belongs to nobody and what was left out.
func (s *shop) totals(ctx context.Context) (totals, error) {
	t := totals{}
	for e, err := range entries(ctx, s.db, ``) {
		if err != nil {
			return t, err
		}
		switch {
		case !e.At.Before(s.asOf):
			t.Later++
		case e.Kind == adjust:
			t.Adjustments++
		case e.Customer == "":
			t.Anonymous++
			t.AnonymousAmount = t.AnonymousAmount.Add(e.Amount)
		case e.Kind == sale:
			t.Sales++
			t.SalesAmount = t.SalesAmount.Add(e.Amount)
		default:
			t.Refunds++
			t.RefundsAmount = t.RefundsAmount.Add(e.Amount)
		}
	}
	t.Net = t.SalesAmount.Add(t.RefundsAmount)
	t.Customers = len(s.customers)
	for _, c := range s.customers {
		if c.Summary.Prospect() {
			t.Prospects++
		} else {
			t.Scored++
		}
	}
	return t, nil
}

// cuts shows where one score ends and the next begins.
func (s *shop) cuts() []cuts {
	c := s.model.Cuts()
	list := func(cs []rfm.Cut, places int32) []string {
		out := make([]string, len(cs))
		for i, cut := range cs {
			out[i] = cut.Value.StringFixed(places)
		}
		return out
	}
	rows := []cuts{{"Recency, days", list(c.Recency, 0)}}
	if len(c.Frequency) > 0 {
		rows = append(rows, cuts{"Frequency, orders", list(c.Frequency[0], 0)})
	}
	if len(c.Monetary) > 0 {
		rows = append(rows, cuts{"Monetary, " + s.currency, list(c.Monetary[0], int32(s.scale))})
	}
	return rows
}

// stored says of each stored rule what it means and whom it selects.
func (s *shop) stored() []ruled {
	var list []ruled
	for _, name := range ruleNames {
		r, p := s.rules[name], s.audiences[name].Preview()
		one := ruled{
			Rule: name, Text: r.Text(rule.English), TextZH: r.Text(rule.Chinese), Hash: r.Hash(),
			Matched: p.Matched, Rejected: p.Rejected, Undecided: p.Undecided, Lacking: []lacking{},
			InSQL: len(s.asked[name].customers), Exact: s.asked[name].exact,
		}
		for _, m := range p.ByMissing {
			one.Lacking = append(one.Lacking, lacking{m.Fact, m.Customers})
		}
		for _, w := range p.Warnings {
			one.Warnings = append(one.Warnings, w.Text("en"))
		}
		list = append(list, one)
	}
	return list
}

// heat counts customers by recency and frequency score.
func (s *shop) heat() [][]int {
	scheme := s.model.Scheme()
	heat := make([][]int, scheme.Bins(rfm.Recency))
	for r := range heat {
		heat[r] = make([]int, scheme.Bins(rfm.Frequency))
	}
	for _, c := range s.customers {
		if !c.Score.IsZero() {
			heat[c.Score.R-1][c.Score.F-1]++
		}
	}
	return heat
}
