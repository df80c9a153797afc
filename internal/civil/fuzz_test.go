package civil

import (
	"testing"
	"time"
)

// FuzzDate checks the calendar against package time, which counts it in another way.
func FuzzDate(f *testing.F) {
	f.Add(int32(0), 1)
	f.Add(int32(-719528), 12)
	f.Add(int32(19782), -48)
	f.Fuzz(func(t *testing.T, n int32, months int) {
		d := Day(n % 4_000_000)
		want := time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(d))
		y, m, day := d.Date()
		if wy, wm, wd := want.Date(); y != wy || m != wm || day != wd || d.Weekday() != want.Weekday() {
			t.Fatalf("day %d is %v, package time says %v", d, d, want)
		}
		if Date(y, m, day) != d {
			t.Fatalf("day %d does not survive the round trip", d)
		}
		months %= 10_000
		carried := time.Date(y, m+time.Month(months), day+months, 0, 0, 0, 0, time.UTC)
		if got := Date(y, m+time.Month(months), day+months); got.utc() != carried {
			t.Fatalf("%d-%d-%d carried is %v, package time says %v", y, int(m)+months, day+months, got, carried)
		}
		sum := d.AddMonths(months)
		sy, sm, sd := sum.Date()
		if (sy*12+int(sm))-(y*12+int(m)) != months || sd != min(day, DaysIn(sy, sm)) {
			t.Fatalf("%v %+d months is %v", d, months, sum)
		}
	})
}

// FuzzOf checks that every instant lies within the day it is said to belong to, in zones with every
// kind of clock change, and that a Clock that has seen other instants answers the same.
func FuzzOf(f *testing.F) {
	zones := []string{
		"UTC", "Asia/Shanghai", "America/Sao_Paulo", "Africa/Cairo", "Pacific/Apia", "America/St_Johns",
		"Europe/London", "Asia/Kathmandu", "Antarctica/Troll", "Australia/Lord_Howe", "America/Godthab",
	}
	f.Add(int64(1541300400), int64(0), 2)
	f.Add(int64(1325239200), int64(-1), 4)
	f.Add(int64(1162089000), int64(61), 5)
	f.Fuzz(func(t *testing.T, s, step int64, zone int) {
		loc := load(t, zones[uint(zone)%uint(len(zones))])
		clock := NewClock(loc)
		for i := range int64(3) {
			at := time.Unix(s%4_000_000_000+i*(step%200_000), 0)
			d := clock.Day(at)
			if at.Before(d.Start(loc)) || !at.Before((d + 1).Start(loc)) {
				t.Fatalf("%v in %v is not in day %v, %v to %v", at.UTC(), loc, d, d.Start(loc), (d + 1).Start(loc))
			}
			if got := Of(at, loc); got != d {
				t.Fatalf("%v in %v: clock says %v, Of says %v", at.UTC(), loc, d, got)
			}
		}
	})
}
