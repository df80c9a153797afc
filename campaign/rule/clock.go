package rule

import (
	"math"
	"sync/atomic"
	"time"

	"github.com/regulars-go/regulars/internal/civil"
)

const (
	// noTime stands for the zero instant: conditions that need the time are unknown then.
	noTime = math.MinInt64
	never  = math.MaxInt64
	// Instants further than 73,000 years from 1970 are taken to be that far, so that no sum overflows.
	farthest  = 1 << 61
	perSecond = 1_000_000
)

// micro returns an instant in microseconds since 1970, truncated.
func micro(t time.Time) int64 {
	s := t.Unix()
	if s >= farthest/perSecond || s <= -farthest/perSecond {
		if s > 0 {
			return farthest
		}
		return -farthest
	}
	return s*perSecond + int64(t.Nanosecond())/1000
}

// moment returns the instant of an evaluation in microseconds.
func moment(at time.Time) int64 {
	if at.IsZero() {
		return noTime
	}
	return micro(at)
}

func instant(us int64) time.Time { return time.UnixMicro(us).UTC() }

// daily derives a value from the day an instant belongs to, once a day: a rule is tested for many
// customers at about the same time. It is safe for concurrent use.
type daily[T any] struct {
	zone   *time.Location
	derive func(today civil.Day) T
	last   atomic.Pointer[today[T]]
}

type today[T any] struct {
	from, until int64
	value       T
}

func (d *daily[T]) at(us int64) *T {
	t := d.last.Load()
	if t == nil || us < t.from || us >= t.until {
		t = d.turn(us)
	}
	return &t.value
}

func (d *daily[T]) turn(us int64) *today[T] {
	day := civil.Of(time.UnixMicro(us), d.zone)
	t := &today[T]{micro(day.Start(d.zone)), micro((day + 1).Start(d.zone)), d.derive(day)}
	d.last.Store(t)
	return t
}
