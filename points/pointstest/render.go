package pointstest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/regulars-go/regulars/points"
)

// Lots writes the open lots and holds of an account as a table, in a zone.
func Lots(acc points.Account, zone *time.Location) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "lot\tpending\tavailable\theld\tactive\texpires")
	for _, l := range acc.Lots {
		active := stamp(l.ActiveFrom, zone, "on "+l.Awaits)
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%s\t%s\n", l.ID, l.Pending, l.Available, l.Held, active, stamp(l.ExpiresAt, zone, "never"))
	}
	for _, h := range acc.Holds {
		fmt.Fprintf(w, "%s\t\t\t%d\t\t%s\n", h.ID, h.Points, stamp(h.ExpiresAt, zone, ""))
	}
	if acc.Debt > 0 {
		fmt.Fprintf(w, "debt\t\t%d\t\t\t\n", -acc.Debt)
	}
	_ = w.Flush() // a strings.Builder never fails
	return b.String()
}

// Statement writes a statement as text, in a zone: for golden files and for reading.
func Statement(s points.Statement, zone *time.Location) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: opening %d\n", s.Account, s.Opening.Net())
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, l := range s.Lines {
		fmt.Fprintf(w, "%s\t%s\t%s\t%+d\t%d\t%d\t%d\t%d\n", stamp(l.At, zone, ""), l.Kind, l.ID, l.Points,
			l.Balance.Available, l.Balance.Pending, l.Balance.Held, l.Balance.Debt)
	}
	_ = w.Flush() // a strings.Builder never fails
	fmt.Fprintf(&b, "closing %d\n", s.Closing.Net())
	return b.String()
}

func stamp(t time.Time, zone *time.Location, zero string) string {
	if t.IsZero() {
		return zero
	}
	return t.In(zone).Format("2006-01-02 15:04:05")
}

// Golden compares text with a file, such as "testdata/statement.txt". With POINTSTEST_UPDATE set in the
// environment it writes the file instead.
func Golden(t testing.TB, file, got string) {
	t.Helper()
	if os.Getenv("POINTSTEST_UPDATE") != "" {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (set POINTSTEST_UPDATE=1 to write it)", err)
	}
	if got != string(want) {
		t.Errorf("%s differs:\n got:\n%s\nwant:\n%s", file, got, want)
	}
}
