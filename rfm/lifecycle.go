package rfm

import "fmt"

// Lifecycle tells the state of customers by fixed rules and frozen [Limits]. It is immutable and safe for
// concurrent use. Make one with [NewLifecycle].
//
// It counts distinct days of purchase, not orders, and civil days in the zone that the summaries were
// made in; the as-of day is a [Day] in the same zone. All comparisons are exact.
type Lifecycle struct{ limits Limits }

// NewLifecycle compiles limits. The error lists all that is wrong with them, each with its path.
func NewLifecycle(limits Limits) (*Lifecycle, error) {
	if err := limits.complete(); err != nil {
		return nil, err
	}
	return &Lifecycle{limits}, nil
}

// MustLifecycle is [NewLifecycle] for limits known to be right; it panics where they are not.
func MustLifecycle(limits Limits) *Lifecycle {
	l, err := NewLifecycle(limits)
	if err != nil {
		panic(err)
	}
	return l
}

// Limits returns the limits, with zero fields filled in.
func (l *Lifecycle) Limits() Limits { return l.limits }

// State returns a customer's state as of the given day, from what was summarised up to it. Let n be the
// number of active days, S the days from the first to the last of them, a the days of silence since, G
// the mean gap, k the prior, and
//
//	pace = ((S + k·G) / (n - 1 + k)) / G, at least 1/3 and at most 3
//
// The state is the first of these that holds:
//
//	prospect   n = 0
//	lost       a > Lost·pace
//	dormant    a > Dormant·pace
//	at_risk    a > AtRisk·pace
//	new        n = 1
//	won_back   the last gap > Dormant·(pace before the last order)
//	stable     n >= 3 and S >= AtRisk·pace
//	growing    otherwise
//
// Between orders a state can only worsen. A customer won back is so until their next order, unless that
// ends a long gap again, or until they are at risk. A summary that contradicts itself, or has a day
// after the as-of day, is an error; one whose days nobody counted is [ErrDays]. State does not allocate.
func (l *Lifecycle) State(s Summary, on Day) (State, error) {
	f, err := s.facts(on)
	if err != nil {
		return 0, err
	}
	return l.state(f), nil
}

func (l *Lifecycle) state(f facts) State {
	if f.days == 0 {
		return Prospect
	}
	p := l.pace(f.days, f.span)
	if s := l.decline(p, f.silence, 1, 1); s != Prospect {
		return s
	}
	switch {
	case f.days == 1:
		return New
	case l.pace(f.days-1, f.span-f.gap).exceeded(int64(l.limits.Dormant), f.gap):
		return WonBack
	case f.days >= 3 && p.reached(int64(l.limits.AtRisk), f.span):
		return Stable
	default:
		return Growing
	}
}

// decline returns the state of decline that a silence means under limits of num/den their size, or
// Prospect where it means none.
func (l *Lifecycle) decline(p pace, silence, num, den int64) State {
	switch silence *= den; {
	case p.exceeded(int64(l.limits.Lost)*num, silence):
		return Lost
	case p.exceeded(int64(l.limits.Dormant)*num, silence):
		return Dormant
	case p.exceeded(int64(l.limits.AtRisk)*num, silence):
		return AtRisk
	default:
		return Prospect
	}
}

// facts are all that a state depends on: the number of active days, the days from the first to the last
// of them, between the last two, and since the last.
type facts struct{ days, span, gap, silence int64 }

// facts reads a summary as of a day, and refuses one that no list of days could have made.
func (s Summary) facts(on Day) (facts, error) {
	if s.Orders == 0 && s.ActiveDays == 0 && s.LastGap == 0 {
		return facts{}, nil
	}
	if s.Orders > 0 && (s.ActiveDays == 0 || s.ActiveDays > 1 && s.LastGap == 0) {
		return facts{}, fmt.Errorf("rfm: active_days, last_gap: not known: %w", ErrDays)
	}
	s.Days = nil // the list says nothing more, and checking it would take a while
	if err := checkDays(s); err != nil {
		return facts{}, err
	}
	if s.Last > on {
		return facts{}, fmt.Errorf("rfm: last: %v is after the as-of day, %v", s.Last, on)
	}
	return facts{
		days:    s.ActiveDays,
		span:    int64(s.Last) - int64(s.First),
		gap:     int64(s.LastGap),
		silence: int64(on) - int64(s.Last),
	}, nil
}
