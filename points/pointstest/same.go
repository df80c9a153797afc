package pointstest

import (
	"context"
	"encoding/json"
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
	if g, w := text(t, got), text(t, want); g != w {
		t.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
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

// sameText compares two snapshots.
func sameText(t testing.TB, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n got %s\nwant %s", what, got, want)
	}
}
