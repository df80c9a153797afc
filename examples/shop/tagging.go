package main

import (
	"context"
	"database/sql"

	"github.com/regulars-go/regulars/tags"
)

// words are the labels this shop knows. Each is defined before anybody carries it.
var words = tags.Config{Tags: []tags.Tag{
	{ID: "pay-day", Description: "发薪日买家: buys on the 10th to the 15th"},
	{ID: "big-basket", Description: "大额客单: spends much at a time"},
}}

// tag runs the stored rules over all customers, as one transaction, and reads what each carries then. A
// rule takes its own tag back when it matches no more; what a person gave stays.
func (s *shop) tag(ctx context.Context) (err error) {
	if s.vocabulary, err = tags.New(words); err != nil {
		return err
	}
	var taggings []tags.Tagging[*customer]
	for _, w := range words.Tags {
		taggings = append(taggings, tags.Tagging[*customer]{Tag: w.ID, Rule: s.rules[w.ID], Revocable: true})
	}
	tagger, err := tags.NewTagger(s.vocabulary, taggings...)
	if err != nil {
		return err
	}
	return s.within(ctx, func(tx *sql.Tx) error {
		book := tags.NewBook(s.vocabulary, s.labels.Tx(tx))
		for receipt, err := range tags.Run(ctx, book, tagger, s.asOf, s.stream(), func(c *customer) string { return c.ID }) {
			if err != nil {
				return err
			}
			if !receipt.Change.Empty() {
				s.retagged++
			}
		}
		for _, c := range s.customers {
			if c.Tags, err = book.At(ctx, c.ID, s.asOf); err != nil {
				return err
			}
		}
		return nil
	})
}

// within runs a function in a transaction that ends with all it did or with nothing.
func (s *shop) within(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after the commit
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}
