package report

import (
	"fmt"

	"github.com/shopspring/decimal"
)

// Data is what a page shows. A part left empty is left out of the page.
type Data struct {
	Title    string
	AsOf     string // the date the figures are of, as it is to be read
	Currency string // the label of every amount, CNY say
	Lang     Lang

	// Heat counts customers: Heat[r-1][f-1] of them have recency score r and frequency score f. It is
	// a rectangle of 2 to 20 scores each way.
	Heat      [][]int
	Segments  []Segment
	Lifecycle []State
}

// Lang is the language of headings and labels. The zero value is English.
type Lang string

// The languages of a page.
const (
	English Lang = "en"
	Chinese Lang = "zh"
)

// Label is a name in both languages. An empty one of the two borrows the other.
type Label struct{ EN, ZH string }

func (l Label) in(lang Lang) string {
	if l.EN == "" || lang == Chinese && l.ZH != "" {
		return l.ZH
	}
	return l.EN
}

// Segment is one tile of the tree map and one row of the table.
type Segment struct {
	Label     Label
	Customers int
	Orders    int
	Spend     decimal.Decimal // net of refunds, so it may be negative
}

// State is one bar of the lifecycle. Bars of one stage share a colour; states keep the order they are given in.
type State struct {
	Label     Label
	Stage     Label
	Customers int
}

const (
	minScores, maxScores = 2, 20
	maxExponent          = 18
)

func (d Data) check() error {
	if d.Lang != "" && d.Lang != English && d.Lang != Chinese {
		return fmt.Errorf("report: lang: %q is neither %q nor %q", d.Lang, English, Chinese)
	}
	for i, row := range d.Heat {
		if len(row) != len(d.Heat[0]) {
			return fmt.Errorf("report: heat[%d]: %d scores, but heat[0] has %d", i, len(row), len(d.Heat[0]))
		}
		for j, n := range row {
			if n < 0 {
				return fmt.Errorf("report: heat[%d][%d]: %d customers", i, j, n)
			}
		}
	}
	if n := len(d.Heat); n > 0 && (n < minScores || n > maxScores || len(d.Heat[0]) < minScores || len(d.Heat[0]) > maxScores) {
		return fmt.Errorf("report: heat: %d by %d scores, want %d to %d each way", n, len(d.Heat[0]), minScores, maxScores)
	}
	for i, s := range d.Segments {
		if s.Customers < 0 || s.Orders < 0 {
			return fmt.Errorf("report: segments[%d]: %d customers, %d orders", i, s.Customers, s.Orders)
		}
		if e := s.Spend.Exponent(); e < -maxExponent || e > maxExponent { // 1e9999 would fill the page
			return fmt.Errorf("report: segments[%d].spend: out of range", i)
		}
	}
	for i, s := range d.Lifecycle {
		if s.Customers < 0 {
			return fmt.Errorf("report: lifecycle[%d]: %d customers", i, s.Customers)
		}
	}
	return nil
}
