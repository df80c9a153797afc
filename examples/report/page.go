// Package report draws what a shop wants to see of its customers on one page: the heat map of recency
// and frequency scores, the tree map of segments, and the bars of the lifecycle.
//
// The page is one HTML file with the pictures inside it as SVG: no script, no style sheet or font to
// fetch, every figure readable in a tooltip and, for the segments, in a table. It comes from
// html/template, which escapes what the caller's labels hold. A charting library was looked for first:
// those for Go that draw tree maps do it in the browser, with a megabyte of script, and the small SVG
// ones have none.
package report

import (
	"bytes"
	_ "embed"
	"html/template"
	"io"
)

//go:embed page.html
var source string

var page = template.Must(template.New("page").Parse(source))

// Page writes the page. Data that cannot be drawn, a negative count or a ragged heat map, is an error
// that names the field, and nothing is written.
func Page(w io.Writer, d Data) error {
	if err := d.check(); err != nil {
		return err
	}
	if d.Lang == "" {
		d.Lang = English
	}
	var b bytes.Buffer
	err := page.Execute(&b, view{
		Data: d, Words: texts[d.Lang],
		Heat: heat(d), Tiles: tiles(d), Rows: rows(d), Bars: bars(d),
	})
	if err != nil {
		return err
	}
	_, err = w.Write(b.Bytes())
	return err
}
