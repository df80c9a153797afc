package tiers

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/regulars-go/regulars/internal/civil"
)

var (
	// ErrZeroTime reports a question without an instant: there is no clock in here.
	ErrZeroTime = errors.New("tiers: the instant is zero")
	// ErrUnknownLevel reports a level the ladder does not have.
	ErrUnknownLevel = errors.New("tiers: the ladder has no such level")
	// ErrForeign reports an [Activity] that another ladder made.
	ErrForeign = errors.New("tiers: the activity was made by another ladder")
)

// Held is the level a member stands on and since when. The zero Held is the first level, since ever.
type Held struct {
	Level string
	Since time.Time
}

// Decision is the level a member reaches at an instant, and why. It is computed from the facts alone: a
// shop that promises a level until a date keeps the promise with its own dates.
type Decision struct {
	At     time.Time `json:"at"`
	Level  string    `json:"level"`
	Rank   int       `json:"rank"`
	Reason Reason    `json:"reason"`
}

// LogValue implements [slog.LogValuer].
func (d Decision) LogValue() slog.Value {
	return slog.GroupValue(
		slog.Time("at", d.At), slog.String("level", d.Level), slog.Int("rank", d.Rank), slog.String("reason", string(d.Reason)))
}

// Decide returns the highest level the member reaches at an instant, truncated to microseconds. Who meets
// a level's Enter reaches it, however many levels that skips; the level held and those below it are
// reached by their Keep as well. A fact counts from its own instant on. Decide does not allocate.
//
// The errors are [ErrZeroTime], [ErrUnknownLevel], [ErrForeign], and one for years outside 1 to 9999.
func (l *Ladder) Decide(a *Activity, at time.Time, held Held) (Decision, error) {
	v, rank, err := l.view(a, at, held)
	if err != nil {
		return Decision{}, err
	}
	d := l.decide(&v, rank)
	d.At = at.Truncate(time.Microsecond)
	return d, nil
}

func (l *Ladder) decide(v *view, held int) Decision {
	top := len(l.levels) - 1
	for ; top > 0; top-- {
		if v.reaches(&l.levels[top], top, held) {
			break
		}
	}
	d := Decision{Level: l.levels[top].id, Rank: top, Reason: Kept}
	switch {
	case top > held:
		d.Reason = Entered
	case top < held:
		d.Reason = Lost
	case top == 0:
		d.Reason = Base
	}
	return d
}

// view checks a question and returns the member at that instant, and the rank held.
func (l *Ladder) view(a *Activity, at time.Time, held Held) (view, int, error) {
	switch {
	case at.IsZero():
		return view{}, 0, ErrZeroTime
	case a == nil || a.ladder != l:
		return view{}, 0, ErrForeign
	}
	clock := civil.NewClock(l.zone)
	micro, day, err := instant(&clock, at)
	if err != nil {
		return view{}, 0, fmt.Errorf("tiers: at: %w", err)
	}
	v := view{Activity: a, at: micro, day: day, entered: everBefore}
	if held == (Held{}) {
		return v, 0, nil
	}
	rank, ok := l.Rank(held.Level)
	if !ok {
		return view{}, 0, ErrUnknownLevel
	}
	if !held.Since.IsZero() {
		if _, v.entered, err = instant(&clock, held.Since); err != nil {
			return view{}, 0, fmt.Errorf("tiers: held.since: %w", err)
		}
	}
	return v, rank, nil
}
