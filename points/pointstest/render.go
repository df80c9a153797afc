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
	rows := []string{"lot\tpending\tavailable\theld\tactive\texpires"}
	for _, l := range acc.Lots {
		active := stamp(l.ActiveFrom, zone, "on "+l.Awaits)
		rows = append(rows, fmt.Sprintf("%s\t%d\t%d\t%d\t%s\t%s", l.ID, l.Pending, l.Available, l.Held, active, stamp(l.ExpiresAt, zone, "never")))
	}
	for _, h := range acc.Holds {
		rows = append(rows, fmt.Sprintf("%s\t\t\t%d\t\t%s", h.ID, h.Points, stamp(h.ExpiresAt, zone, "")))
	}
	if acc.Debt > 0 {
		rows = append(rows, fmt.Sprintf("debt\t\t%d\t\t\t", -acc.Debt))
	}
	return table(rows)
}

// table aligns the columns of rows.
func table(rows []string) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		_, _ = w.Write([]byte(row + "\n")) // a strings.Builder never fails
	}
	_ = w.Flush()
	return b.String()
}

// Statement writes a statement as text, in a zone: for golden files and for reading.
func Statement(s points.Statement, zone *time.Location) string {
	rows := make([]string, len(s.Lines))
	for i, l := range s.Lines {
		rows[i] = fmt.Sprintf("%s\t%s\t%s\t%+d\t%d\t%d\t%d\t%d", stamp(l.At, zone, ""), l.Kind, l.ID, l.Points,
			l.Balance.Available, l.Balance.Pending, l.Balance.Held, l.Balance.Debt)
	}
	return fmt.Sprintf("%s: opening %d\n%sclosing %d\n", s.Account, s.Opening.Net(), table(rows), s.Closing.Net())
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
