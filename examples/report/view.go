package report

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"
)

// view is what the template reads: everything measured and worded already.
type view struct {
	Data  Data
	Words words
	Heat  grid
	Tiles picture
	Rows  []tableRow
	Bars  picture
}

type picture struct {
	W, H  float64
	Boxes []box
}

// box is a rectangle with a tooltip and text.
type box struct {
	rect
	Fill, Ink, Title string
	Text             []line
}

type line struct {
	X, Y, Size float64
	Anchor     string
	Text       string
}

type grid struct {
	picture
	Axes []line
}

const (
	width  = 720 // of every picture, in pixels before scaling
	margin = 48  // left of the heat map and below it, for its axes
	head   = 26  // above it
	pad    = 6   // between a tile's edge and its text
	gap    = 2
)

func heat(d Data) (g grid) {
	if len(d.Heat) == 0 {
		return g
	}
	most, total := 0, 0
	for _, row := range d.Heat {
		for _, n := range row {
			most = max(most, n)
			total += n
		}
	}
	words := texts[d.Lang]
	bins := len(d.Heat)
	w, h := float64(width-margin)/float64(len(d.Heat[0])), min(72, 480/float64(bins))
	bottom := head + h*float64(bins)
	g.W, g.H = width, bottom+margin
	for i := range d.Heat {
		r := bins - i // the best score is drawn on top
		y := head + h*float64(i)
		g.Axes = append(g.Axes, line{margin - 10, y + h/2, 14, "end", strconv.Itoa(r)})
		for j, n := range d.Heat[r-1] {
			fill, ink := shade(math.Sqrt(ratio(n, most))) // by area: one crowded cell must not blanch the rest
			x := margin + w*float64(j)
			b := box{
				rect: rect{x, y, w - gap, h - gap}, Fill: fill, Ink: ink,
				Title: fmt.Sprintf("%s %d × %s %d: %s %s (%s)", words.Recency, r, words.Frequency, j+1, count(n), words.Customers, percent(n, total)),
			}
			if lines, ok := wrap(count(n), 15, w, h); ok {
				b.Text = []line{{x + (w-gap)/2, y + (h-gap)/2, 15, "middle", lines[0]}}
			}
			g.Boxes = append(g.Boxes, b)
		}
	}
	for j := range d.Heat[0] {
		g.Axes = append(g.Axes, line{margin + w*(float64(j)+0.5), bottom + 14, 14, "middle", strconv.Itoa(j + 1)})
	}
	g.Axes = append(g.Axes,
		line{margin, 10, 14, "start", words.Recency + " ↑"},
		line{width - gap, bottom + 38, 14, "end", words.Frequency + " →"})
	return g
}

func tiles(d Data) (p picture) {
	weights := make([]int, len(d.Segments))
	total, most := 0, 0.0
	each := make([]float64, len(d.Segments)) // spend per customer, for the colour only
	for i, s := range d.Segments {
		weights[i] = s.Customers
		total += s.Customers
		if s.Customers > 0 {
			spend, _ := strconv.ParseFloat(s.Spend.String(), 64)
			each[i] = max(0, spend) / float64(s.Customers)
			most = max(most, each[i])
		}
	}
	if total == 0 {
		return p
	}
	p.W, p.H = width, 420
	for i, t := range squarify(weights, rect{0, 0, p.W, p.H}) {
		if weights[i] == 0 {
			continue
		}
		s := d.Segments[i]
		depth := 0.0
		if most > 0 {
			depth = math.Sqrt(each[i] / most)
		}
		b := box{rect: rect{t.X, t.Y, max(t.W-gap, 0), max(t.H-gap, 0)}, Title: tip(d, s, total)}
		b.Fill, b.Ink = shade(depth)
		label := s.Label.in(d.Lang)
		for _, size := range []float64{16, 13, 10} {
			lines, ok := wrap(label, size, t.W-2*pad, t.H-2*pad)
			if !ok {
				continue
			}
			if float64(len(lines)+1)*size*lineHeight <= t.H-2*pad {
				lines = append(lines, percent(s.Customers, total))
			}
			for k, text := range lines {
				b.Text = append(b.Text, line{t.X + pad, t.Y + pad + size*lineHeight*(float64(k)+0.5), size, "start", text})
			}
			break
		}
		p.Boxes = append(p.Boxes, b)
	}
	return p
}

func tip(d Data, s Segment, total int) string {
	words := texts[d.Lang]
	return fmt.Sprintf("%s: %s %s (%s), %s %s, %s %s %s", s.Label.in(d.Lang),
		count(s.Customers), words.Customers, percent(s.Customers, total),
		count(s.Orders), words.Orders, words.Spend, money(s.Spend), d.Currency)
}

type tableRow struct{ Name, Other, Customers, Share, Orders, Spend, Each string }

// rows are the segments as a table, and their total as its last row.
func rows(d Data) []tableRow {
	if len(d.Segments) == 0 {
		return nil
	}
	var all Segment
	for _, s := range d.Segments {
		all.Customers += s.Customers
		all.Orders += s.Orders
		all.Spend = all.Spend.Add(s.Spend)
	}
	all.Label = Label{EN: texts[d.Lang].Total}
	var out []tableRow
	for _, s := range slices.Concat(d.Segments, []Segment{all}) {
		row := tableRow{
			Name: s.Label.in(d.Lang), Customers: count(s.Customers), Share: percent(s.Customers, all.Customers),
			Orders: count(s.Orders), Spend: money(s.Spend), Each: "–",
		}
		if other := s.Label.in(d.Lang.other()); other != row.Name {
			row.Other = other
		}
		if s.Customers > 0 {
			row.Each = money(s.Spend.DivRound(decimal.NewFromInt(int64(s.Customers)), 2))
		}
		out = append(out, row)
	}
	return out
}

func (l Lang) other() Lang {
	if l == Chinese {
		return English
	}
	return Chinese
}

// One colour a stage, in the order the stages appear: grey, blue, green, amber, and grey again.
var stages = []string{"#7b8794", "#2b7bbb", "#2f8f5b", "#c77700"}

func bars(d Data) (p picture) {
	most, total := 0, 0
	stage := map[Label]int{}
	for _, s := range d.Lifecycle {
		most = max(most, s.Customers)
		total += s.Customers
		if _, ok := stage[s.Stage]; !ok {
			stage[s.Stage] = len(stage)
		}
	}
	if len(d.Lifecycle) == 0 {
		return p
	}
	const height, label, figure = 34, 220, 130
	p.W, p.H = width, height*float64(len(d.Lifecycle))
	words := texts[d.Lang]
	for i, s := range d.Lifecycle {
		y := height * float64(i)
		long := (width - label - figure) * ratio(s.Customers, most)
		name, part := s.Label.in(d.Lang), s.Stage.in(d.Lang)
		share := percent(s.Customers, total)
		p.Boxes = append(p.Boxes, box{
			rect:  rect{label, y + 4, max(long, 1), height - 8},
			Fill:  stages[stage[s.Stage]%len(stages)],
			Title: fmt.Sprintf("%s (%s): %s %s (%s)", name, part, count(s.Customers), words.Customers, share),
			Text: []line{
				{label - 12, y + height/2, 14, "end", name + " · " + part},
				{label + long + 8, y + height/2, 14, "start", count(s.Customers) + " · " + share},
			},
		})
	}
	return p
}
