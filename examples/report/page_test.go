package report_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regulars-go/regulars/examples/report"
)

func shop() report.Data {
	segment := func(en, zh string, customers, orders int, spend string) report.Segment {
		return report.Segment{Label: report.Label{EN: en, ZH: zh}, Customers: customers, Orders: orders, Spend: decimal.RequireFromString(spend)}
	}
	state := func(en, zh, stage, stageZH string, customers int) report.State {
		return report.State{Label: report.Label{EN: en, ZH: zh}, Stage: report.Label{EN: stage, ZH: stageZH}, Customers: customers}
	}
	return report.Data{
		Title: "Tea shop", AsOf: "2026-07-01", Currency: "CNY",
		Heat: [][]int{
			{412, 120, 66, 31, 9},
			{301, 160, 98, 52, 20},
			{198, 170, 120, 88, 61},
			{140, 131, 125, 140, 133},
			{101, 90, 119, 187, 1342},
		},
		Segments: []report.Segment{
			segment("Champions", "冠军客户", 1342, 18211, "2914220.50"),
			segment("Loyal", "忠诚客户", 733, 5120, "699001.20"),
			segment("Potential Loyalist", "潜在忠诚客户", 610, 1933, "204113.00"),
			segment("New Customers", "新客户", 241, 241, "20511.90"),
			segment("Promising", "有潜力客户", 190, 210, "31877.00"),
			segment("Need Attention", "需要关注", 207, 801, "88120.75"),
			segment("About To Sleep", "即将沉睡", 288, 460, "30666.10"),
			segment("At Risk", "流失风险", 391, 1650, "190443.00"),
			segment("Cannot Lose Them", "不能失去", 60, 702, "140209.00"),
			segment("Hibernating", "休眠客户", 340, 391, "29004.40"),
			segment("Lost", "已流失", 12, 12, "-85.00"),
			segment("Nobody", "", 0, 0, "0"),
		},
		Lifecycle: []report.State{
			state("prospect", "潜客", "identification", "识别期", 380),
			state("new", "新客", "development", "发展期", 702),
			state("growing", "成长", "development", "发展期", 511),
			state("won back", "召回", "development", "发展期", 84),
			state("stable", "稳定", "stability", "稳定期", 1650),
			state("at risk", "流失风险", "decline", "衰退期", 498),
			state("dormant", "沉睡", "decline", "衰退期", 410),
			state("lost", "流失", "decline", "衰退期", 559),
		},
	}
}

// A page as a browser would hold it, as far as these tests ask.
type dom struct {
	boxes    map[string][]tile // by section
	text     string
	elements map[string]int
	attrs    []xml.Attr
}

type tile struct {
	title      string
	x, y, w, h float64
}

func open(t *testing.T, d report.Data) dom {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, report.Page(&b, d))
	out := dom{boxes: map[string][]tile{}, elements: map[string]int{}}
	r := xml.NewDecoder(&b)
	var path []string
	section := ""
	var text strings.Builder
	for {
		token, err := r.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err) // the page is well formed, tag by tag
		switch e := token.(type) {
		case xml.StartElement:
			name := e.Name.Local
			path = append(path, name)
			out.elements[name]++
			out.attrs = append(out.attrs, e.Attr...)
			at := map[string]float64{}
			for _, a := range e.Attr {
				at[a.Name.Local], _ = strconv.ParseFloat(a.Value, 64)
				if name == "section" && a.Name.Local == "id" {
					section = a.Value
				}
			}
			switch name {
			case "g":
				out.boxes[section] = append(out.boxes[section], tile{})
			case "rect":
				last := &out.boxes[section][len(out.boxes[section])-1]
				last.x, last.y, last.w, last.h = at["x"], at["y"], at["width"], at["height"]
			}
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			if n := len(path); n > 1 && path[n-1] == "title" && path[n-2] == "g" {
				out.boxes[section][len(out.boxes[section])-1].title += string(e)
			} else if n > 0 && path[n-1] != "style" {
				text.Write(e)
				text.WriteByte(' ')
			}
		}
	}
	out.text = text.String()
	return out
}

var customers = regexp.MustCompile(`: ([\d,]+) (?:customers|客户)|\): ([\d,]+) (?:customers|客户)`)

func sum(t *testing.T, tiles []tile) (n int) {
	t.Helper()
	for _, b := range tiles {
		m := customers.FindStringSubmatch(b.title)
		require.NotNil(t, m, b.title)
		k, err := strconv.Atoi(strings.ReplaceAll(m[1]+m[2], ",", ""))
		require.NoError(t, err)
		n += k
	}
	return n
}

func TestEveryFigureIsOnThePage(t *testing.T) {
	for _, lang := range []report.Lang{"", report.English, report.Chinese} {
		t.Run("lang "+string(lang), func(t *testing.T) {
			d := shop()
			d.Lang = lang
			p := open(t, d)
			heat, segments, lifecycle := 0, 0, 0
			for _, row := range d.Heat {
				for _, n := range row {
					heat += n
				}
			}
			for _, s := range d.Segments {
				segments += s.Customers
			}
			for _, s := range d.Lifecycle {
				lifecycle += s.Customers
			}
			assert.Len(t, p.boxes["heat"], 25)
			assert.Equal(t, heat, sum(t, p.boxes["heat"]))
			assert.Len(t, p.boxes["segments"], 11, "a segment without customers has no tile")
			assert.Equal(t, segments, sum(t, p.boxes["segments"]))
			assert.Len(t, p.boxes["lifecycle"], 8)
			assert.Equal(t, lifecycle, sum(t, p.boxes["lifecycle"]))
			assert.Equal(t, 3, p.elements["svg"])
			assert.Equal(t, 1+12+1, p.elements["tr"], "a heading, every segment, the total")
			assert.Contains(t, p.text, "4,348,081.85", "the total spend")
			assert.Contains(t, p.text, "-85.00")
		})
	}
}

func TestBestScoresAreTopRight(t *testing.T) {
	heat := open(t, shop()).boxes["heat"]
	var best, worst tile
	for _, b := range heat {
		switch {
		case strings.HasPrefix(b.title, "Recency 5 × Frequency 5:"):
			best = b
		case strings.HasPrefix(b.title, "Recency 1 × Frequency 1:"):
			worst = b
		}
	}
	assert.Equal(t, "Recency 5 × Frequency 5: 1,342 customers (30.4%)", best.title)
	assert.Less(t, best.y, worst.y)
	assert.Greater(t, best.x, worst.x)
}

func TestTilesGoWithTheirCustomersAndDoNotOverlap(t *testing.T) {
	d := shop()
	tiles := open(t, d).boxes["segments"]
	const gap = 2 // between tiles, taken from each
	total := 0.0
	for _, s := range d.Segments {
		total += float64(s.Customers)
	}
	for i, b := range tiles {
		want := float64(d.Segments[i].Customers) / total * 720 * 420
		assert.InEpsilon(t, want, (b.w+gap)*(b.h+gap), 0.01, b.title)
		for _, c := range tiles[:i] {
			apart := b.x+b.w <= c.x || c.x+c.w <= b.x || b.y+b.h <= c.y || c.y+c.h <= b.y
			assert.True(t, apart, "%s and %s", b.title, c.title)
		}
		assert.LessOrEqual(t, max(b.w/b.h, b.h/b.w), 5.0, "%s is a sliver", b.title)
	}
}

func TestLabelsAreText(t *testing.T) {
	d := shop()
	const evil = `<script>alert("x")</script> & 'co'`
	d.Title, d.AsOf, d.Currency = evil, evil, evil
	d.Segments[0].Label = report.Label{EN: evil}
	d.Lifecycle[0].Label, d.Lifecycle[0].Stage = report.Label{EN: evil}, report.Label{ZH: evil}
	p := open(t, d)
	assert.Zero(t, p.elements["script"])
	assert.Contains(t, p.text, evil)
	assert.Contains(t, p.boxes["segments"][0].title, evil)
	assert.Contains(t, p.boxes["lifecycle"][0].title, evil)
}

func TestPageAsksForNothing(t *testing.T) {
	p := open(t, shop())
	for _, name := range []string{"script", "link", "img", "iframe", "image", "use"} {
		assert.Zero(t, p.elements[name], name)
	}
	for _, a := range p.attrs {
		assert.NotContains(t, []string{"src", "href", "srcset", "onload", "style"}, a.Name.Local)
		assert.NotContains(t, a.Value, "//")
	}
}

func TestLanguages(t *testing.T) {
	d := shop()
	en := open(t, d)
	d.Lang = report.Chinese
	zh := open(t, d)
	assert.Contains(t, en.text, "Champions")
	assert.Contains(t, en.text, "冠军客户", "the other language stands beside it in the table")
	assert.Contains(t, zh.text, "最近购买与购买频次")
	assert.Contains(t, zh.boxes["segments"][0].title, "冠军客户: 1,342 客户")
	assert.Contains(t, zh.boxes["lifecycle"][1].title, "新客 (发展期): 702 客户")
	assert.Contains(t, zh.text, "Nobody", "a label without Chinese keeps its English")
}

func TestEmptyPartsAreLeftOut(t *testing.T) {
	p := open(t, report.Data{Title: "Nothing yet"})
	assert.Zero(t, p.elements["section"])
	p = open(t, report.Data{Title: "Nobody yet", Heat: [][]int{{0, 0}, {0, 0}}, Segments: []report.Segment{{Label: report.Label{EN: "New"}}}, Lifecycle: []report.State{{Label: report.Label{EN: "new"}}}})
	assert.Len(t, p.boxes["heat"], 4)
	assert.Empty(t, p.boxes["segments"])
	assert.Contains(t, p.text, "0.0%")
	assert.NotContains(t, p.text, "NaN")
}

func TestRefusals(t *testing.T) {
	for want, spoil := range map[string]func(*report.Data){
		`report: lang: "fr" is neither "en" nor "zh"`:        func(d *report.Data) { d.Lang = "fr" },
		"report: heat[2]: 4 scores, but heat[0] has 5":       func(d *report.Data) { d.Heat[2] = d.Heat[2][:4] },
		"report: heat[1][3]: -1 customers":                   func(d *report.Data) { d.Heat[1][3] = -1 },
		"report: heat: 1 by 5 scores, want 2 to 20 each way": func(d *report.Data) { d.Heat = d.Heat[:1] },
		"report: segments[3]: 241 customers, -1 orders":      func(d *report.Data) { d.Segments[3].Orders = -1 },
		"report: lifecycle[7]: -5 customers":                 func(d *report.Data) { d.Lifecycle[7].Customers = -5 },
		"report: segments[0].spend: out of range":            func(d *report.Data) { d.Segments[0].Spend = decimal.New(1, 5000) },
	} {
		d := shop()
		spoil(&d)
		var b bytes.Buffer
		require.EqualError(t, report.Page(&b, d), want)
		assert.Zero(t, b.Len(), "a refused page writes nothing")
	}
}

func ExamplePage() {
	var b bytes.Buffer
	err := report.Page(&b, report.Data{
		Title: "Tea shop",
		Heat:  [][]int{{3, 1}, {2, 5}},
	})
	fmt.Println(err, strings.Count(b.String(), "<rect"))
	fmt.Println(regexp.MustCompile("<title>R.*</title>").FindString(b.String()))
	// Output:
	// <nil> 4
	// <title>Recency 2 × Frequency 1: 2 customers (18.2%)</title>
}
