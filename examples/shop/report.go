package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/shopspring/decimal"

	pictures "github.com/regulars-go/regulars/examples/report"
)

// report is what the shop's owner reads. Amounts are exact, in the shop's currency.
type report struct {
	Source    string   `json:"source"`
	Zone      string   `json:"zone"`
	Currency  string   `json:"currency"`
	AsOf      string   `json:"as_of"`
	Import    imported `json:"import"`
	Ledger    booked   `json:"ledger"`
	Retagged  int      `json:"retagged"`
	Totals    totals   `json:"totals"`
	Cuts      []cuts   `json:"cuts"`
	Segments  []row    `json:"segments"`
	Lifecycle []row    `json:"lifecycle"`
	Tiers     []row    `json:"tiers"`
	Tags      []row    `json:"tags"`
	Points    balances `json:"points"`
	Rules     []ruled  `json:"rules"`
	Audience  audience `json:"audience"`
	Pictures  string   `json:"pictures,omitempty"` // the file they were written to

	digits int32   // of an amount
	heat   [][]int // customers by R and F score
}

type totals struct {
	Customers       int             `json:"customers"`
	Scored          int             `json:"scored"`
	Prospects       int             `json:"prospects"`
	Sales           int             `json:"sales"`
	SalesAmount     decimal.Decimal `json:"sales_amount"`
	Refunds         int             `json:"refunds"`
	RefundsAmount   decimal.Decimal `json:"refunds_amount"`
	Net             decimal.Decimal `json:"net"`
	Anonymous       int             `json:"anonymous_lines"`
	AnonymousAmount decimal.Decimal `json:"anonymous_amount"`
	Adjustments     int             `json:"adjustments"`
	Later           int             `json:"later_lines"`
}

type cuts struct {
	Measure string   `json:"measure"`
	Points  []string `json:"cuts"`
}

// row is one line of a table of groups of customers.
type row struct {
	Key       string          `json:"key"`
	Label     string          `json:"label"`
	LabelZH   string          `json:"label_zh,omitempty"`
	Group     string          `json:"group,omitempty"`
	Customers int             `json:"customers"`
	Orders    int64           `json:"orders"`
	Net       decimal.Decimal `json:"net"`
}

// booked counts what became of the entries that concern points.
type booked struct {
	Booked   int `json:"booked"`
	Replayed int `json:"replayed"`
}

type balances struct {
	Accounts    int   `json:"accounts"`
	Available   int64 `json:"available"`
	Pending     int64 `json:"pending"`
	Debt        int64 `json:"debt"`
	Expiring    int64 `json:"expiring"`
	ExpiringIn  int   `json:"expiring_within_days"`
	ExpiringFor int   `json:"expiring_accounts"`
}

// ruled is a stored rule, in words, and what it says of all customers.
type ruled struct {
	Rule      string    `json:"rule"`
	Text      string    `json:"text"`
	TextZH    string    `json:"text_zh"`
	Hash      string    `json:"hash"`
	Matched   int       `json:"matched"`
	Rejected  int       `json:"rejected"`
	Undecided int       `json:"undecided"`
	InSQL     int       `json:"in_sql"`    // customers the same rule selects in the database
	Exact     bool      `json:"sql_exact"` // without a residual in Go
	Lacking   []lacking `json:"lacking"`
	Warnings  []string  `json:"warnings,omitempty"`
}

// audience is whom the campaign addresses, and whom it leaves alone to compare with.
type audience struct {
	Rule    string `json:"rule"`
	Matched int    `json:"matched"`
	HeldOut int    `json:"held_out"`
	Touched int    `json:"touched"`
	Trace   string `json:"trace"` // the same for the same customers, facts, rule and hold-out
}

type lacking struct {
	Fact      string `json:"fact"`
	Customers int    `json:"customers"`
}

func (r report) json(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(r)
}

// text prints the report for people.
func (r report) text(w io.Writer) error {
	p := &printer{w: w, report: r}
	p.head()
	p.cutPoints()
	p.groups("Segments", r.Segments, true)
	p.groups("Lifecycle", r.Lifecycle, false)
	p.groups("Tiers", r.Tiers, false)
	p.groups("Tags", r.Tags, false)
	p.points()
	p.rules()
	p.addressed()
	p.closing()
	return p.err
}

type printer struct {
	report
	w   io.Writer
	err error
}

func (p *printer) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

func (p *printer) head() {
	t := p.Totals
	p.printf("regulars · 老客户: %s\n", p.Source)
	p.printf("as of %s (%s), amounts in %s\n\n", p.AsOf, p.Zone, p.Currency)
	p.table([]any{"Totals", "count", p.Currency}, [][]any{
		{"Sales", t.Sales, p.money(t.SalesAmount)},
		{"Refunds", t.Refunds, p.money(t.RefundsAmount)},
		{"Net", "", p.money(t.Net)},
		{"Customers scored", t.Scored, ""},
		{"Prospects (no purchase left)", t.Prospects, ""},
		{"Lines without a customer", t.Anonymous, p.money(t.AnonymousAmount)},
		{"Adjustments, left out", t.Adjustments, ""},
		{"Lines from that day on, left out", t.Later, ""},
	})
}

func (p *printer) cutPoints() {
	rows := make([][]any, len(p.Cuts))
	for i, c := range p.Cuts {
		rows[i] = []any{c.Measure, strings.Join(c.Points, "  ")}
	}
	p.table([]any{"Cut points", "from score 1|2 to 4|5"}, rows)
}

// groups prints customers, orders and money by group, with shares of the whole.
func (p *printer) groups(title string, rows []row, shares bool) {
	var customers int
	var orders int64
	var net decimal.Decimal
	for _, r := range rows {
		customers, orders, net = customers+r.Customers, orders+r.Orders, net.Add(r.Net)
	}
	header := []any{title, "", "customers", "orders", p.Currency}
	if shares {
		header = append(header, "% customers", "% orders", "% spend")
	}
	var lines [][]any
	for _, r := range rows {
		line := []any{r.Label, r.LabelZH, r.Customers, r.Orders, p.money(r.Net)}
		if shares {
			line = append(line, share(decimal.NewFromInt(int64(r.Customers)), decimal.NewFromInt(int64(customers))),
				share(decimal.NewFromInt(r.Orders), decimal.NewFromInt(orders)), share(r.Net, net))
		}
		lines = append(lines, line)
	}
	p.table(header, lines)
}

func (p *printer) points() {
	b := p.Points
	p.table([]any{"Points", ""}, [][]any{
		{"Outstanding", b.Available},
		{"Pending", b.Pending},
		{"Owed after refunds", b.Debt},
		{fmt.Sprintf("Expiring within %d days", b.ExpiringIn), b.Expiring},
		{"… of so many members", b.ExpiringFor},
	})
}

func (p *printer) rules() {
	var rows [][]any
	for _, r := range p.Rules {
		p.printf("Rule %q: %s\n%s\n", r.Rule, r.Text, r.TextZH)
		lack := make([]string, len(r.Lacking))
		for i, l := range r.Lacking {
			lack[i] = fmt.Sprintf("%d lack %s", l.Customers, l.Fact)
		}
		how := "the same in SQL"
		if !r.Exact {
			how = "the same in SQL and a residual"
		}
		remarks := strings.Join(append(append([]string{how}, lack...), r.Warnings...), ", ")
		rows = append(rows, []any{r.Rule, remarks, r.Matched, r.Rejected, r.Undecided})
	}
	p.table([]any{"Stored rules", "remarks", "matched", "rejected", "undecided"}, rows)
}

func (p *printer) addressed() {
	a := p.Audience
	p.table([]any{"Audience of " + a.Rule, "customers"}, [][]any{
		{"Matched", a.Matched}, {"… held out for comparison", a.HeldOut}, {"… to be touched", a.Touched},
	})
}

func (p *printer) closing() {
	if p.Pictures != "" {
		p.printf("Pictures of all this: %s\n", p.Pictures)
	}
	p.printf("%d lines read, %d new. %d bookings made, %d found as they were. %d customers tagged anew.\n",
		p.Import.Read, p.Import.New, p.Ledger.Booked, p.Ledger.Replayed, p.Retagged)
	if p.Import.New == 0 && p.Ledger.Booked == 0 && p.Retagged == 0 {
		p.printf("Nothing changed: the same balances, the same entries.\n")
	}
}

func (p *printer) table(header []any, rows [][]any) {
	t := table.NewWriter()
	style := table.StyleLight
	style.Format.Header = text.FormatDefault
	t.SetStyle(style)
	t.AppendHeader(header)
	for _, r := range rows {
		t.AppendRow(r)
	}
	var right []table.ColumnConfig
	for i := range header {
		_, words := firstOf(rows, i).(string)
		label := i == 0 || i == 1 && words && len(header) > 3
		if !label {
			right = append(right, table.ColumnConfig{Number: i + 1, Align: text.AlignRight, AlignHeader: text.AlignRight})
		}
	}
	t.SetColumnConfigs(right)
	p.printf("%s\n\n", t.Render())
}

// firstOf returns the first cell of a column.
func firstOf(rows [][]any, column int) any {
	if len(rows) == 0 {
		return nil
	}
	return rows[0][column]
}

func (p *printer) money(d decimal.Decimal) string { return d.StringFixed(p.digits) }

// share returns part of whole in percent, to one place; nothing of nothing is no share.
func share(part, whole decimal.Decimal) string {
	if whole.IsZero() {
		return "–"
	}
	return part.Mul(decimal.NewFromInt(100)).DivRound(whole, 1).StringFixed(1)
}

// page writes the report's pictures to a file: a page that needs nothing else.
func (r report) page(file string) (err error) {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return pictures.Page(f, r.pictures())
}

func (r report) pictures() pictures.Data {
	d := pictures.Data{Title: "regulars · 老客户: " + r.Source, AsOf: r.AsOf, Currency: r.Currency, Heat: r.heat}
	for _, s := range r.Segments {
		d.Segments = append(d.Segments, pictures.Segment{
			Label: pictures.Label{EN: s.Label, ZH: s.LabelZH}, Customers: s.Customers, Orders: int(s.Orders), Spend: s.Net,
		})
	}
	for _, s := range r.Lifecycle {
		d.Lifecycle = append(d.Lifecycle, pictures.State{
			Label: pictures.Label{EN: s.Label, ZH: s.LabelZH}, Stage: pictures.Label{EN: s.Group}, Customers: s.Customers,
		})
	}
	return d
}
