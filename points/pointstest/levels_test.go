package pointstest

import "testing"

// A store that breaks a law is not asked about the next level, which might never answer.
func TestLevels(t *testing.T) {
	var asked []Law
	climb(func(law Law) bool { asked = append(asked, law); return law.ID != "S04" })
	for _, law := range asked {
		if law.Level != 1 {
			t.Errorf("%s was asked after a law of level 1 failed", law.ID)
		}
	}
	last := 0
	for _, law := range Laws() {
		if law.Level < last {
			t.Errorf("%s comes after a law of level %d", law.ID, last)
		}
		last = law.Level
	}
	n := 0
	climb(func(Law) bool { n++; return true })
	if n != len(Laws()) {
		t.Errorf("%d of %d laws were asked", n, len(Laws()))
	}
}
