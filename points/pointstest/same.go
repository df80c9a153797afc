package pointstest

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/regulars-go/regulars/points"
)

// text is a value as JSON, in which decimals and instants that mean the same look the same.
func text(t testing.TB, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("json: %v", err)
	}
	return string(data)
}

// same compares two values by their JSON.
func same(t testing.TB, what string, got, want any) {
	t.Helper()
	sameText(t, what, text(t, got), text(t, want))
}

// snapshot is everything a store holds of some accounts.
func snapshot(t testing.TB, s points.Store, accounts ...string) string {
	t.Helper()
	var b strings.Builder
	h, _ := s.(points.History)
	for _, account := range accounts {
		b.WriteString(text(t, load(t, s, account)))
		b.WriteByte('\n')
		if h == nil {
			continue
		}
		for c, err := range h.Changes(context.Background(), account, 0) {
			if err != nil {
				t.Fatalf("changes: %v", err)
			}
			b.WriteString(text(t, c))
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// sameText compares two texts and shows where they begin to differ.
func sameText(t testing.TB, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %s", what, diff(got, want))
	}
}

// diff shows the first line in which two texts differ, and of a long one what lies around the difference.
func diff(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	n := 0
	for n < len(g)-1 && n < len(w)-1 && g[n] == w[n] {
		n++
	}
	x, y, at := g[n], w[n], 0
	if len(x) > 400 || len(y) > 400 {
		for at < len(x) && at < len(y) && x[at] == y[at] {
			at++
		}
		x, y = around(x, at), around(y, at)
	}
	place := ""
	if len(g) > 1 || len(w) > 1 {
		place = fmt.Sprintf("line %d of %d and %d", n+1, len(g), len(w))
	}
	return fmt.Sprintf("%s\n got %s\nwant %s", place, x, y)
}

// around cuts a long line at both sides of a place.
func around(line string, at int) string {
	from, to := max(at-120, 0), min(at+200, len(line))
	cut := line[from:to]
	if from > 0 {
		cut = "…" + cut
	}
	if to < len(line) {
		cut += "…"
	}
	return strings.ToValidUTF8(cut, "")
}
