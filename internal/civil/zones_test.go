package civil

import (
	"archive/zip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// allZones lists every zone of the tz database that comes with Go.
func allZones(t *testing.T) []string {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	require.NoError(t, err)
	file := filepath.Join(strings.TrimSpace(string(root)), "lib", "time", "zoneinfo.zip")
	if _, err := os.Stat(file); err != nil {
		t.Skip("no zoneinfo.zip in this Go installation: set GOROOT to a full one")
	}
	z, err := zip.OpenReader(file)
	require.NoError(t, err)
	defer func() { require.NoError(t, z.Close()) }()
	var names []string
	for _, f := range z.File {
		if !f.FileInfo().IsDir() {
			names = append(names, f.Name)
		}
	}
	require.Greater(t, len(names), 400)
	return names
}

// TestEveryTransition compares Start and Of, around every clock change of every zone from 1970 to
// 2037, with the definition spelled out: walk the minutes and note when a date is first reached.
func TestEveryTransition(t *testing.T) {
	until := time.Date(2038, 1, 1, 0, 0, 0, 0, time.UTC)
	changes := 0
	for _, name := range allZones(t) {
		loc, err := time.LoadLocation(name)
		require.NoError(t, err)
		at := time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC).In(loc)
		for {
			_, change := at.ZoneBounds()
			if change.IsZero() || change.After(until) {
				break
			}
			changes++
			walk(t, loc, change)
			at = change
		}
	}
	require.Greater(t, changes, 20_000)
}

func walk(t *testing.T, loc *time.Location, change time.Time) {
	t.Helper()
	date := func(s int64) Day {
		y, m, d := time.Unix(s, 0).In(loc).Date()
		return Date(y, m, d)
	}
	// Offsets are whole minutes but for a few before 1973; those zones are walked by seconds.
	_, before := change.Add(-time.Second).Zone()
	_, after := change.Zone()
	step := int64(900)
	for before%int(step) != 0 || after%int(step) != 0 || change.Unix()%step != 0 {
		step = map[int64]int64{900: 60, 60: 1}[step]
	}
	from := change.Unix() - 27*3600
	latest := date(from)
	clock := NewClock(loc)
	for s := from + step; s <= change.Unix()+27*3600; s += step {
		for d := date(s); latest < d; {
			latest++
			if got := latest.Start(loc).Unix(); got != s {
				t.Fatalf("%v: %v starts at %v, not %v", loc, latest, time.Unix(s, 0).UTC(), time.Unix(got, 0).UTC())
			}
		}
		if got := Of(time.Unix(s, 0), loc); got != latest {
			t.Fatalf("%v: %v is in %v, not %v", loc, time.Unix(s, 0).UTC(), latest, got)
		}
		if got := clock.Day(time.Unix(s, 0)); got != latest {
			t.Fatalf("%v: %v is in %v, not %v", loc, time.Unix(s, 0).UTC(), latest, got)
		}
	}
}
