package rule

import "time"

// turnsTried bounds the search for the next change of a verdict.
const turnsTried = 1000

// NextChange returns the first instant after at when the rule's verdict on a customer will be another,
// with no new facts, and false if it never will be. What the shop does with it is its own scheduling:
// until then the verdict holds, and no nightly run is needed to find out.
//
// The instant is exact, to the microsecond, unless conditions turn a thousand times without turning the
// rule (two birthdays that never meet, say); then it is the last of those turns, until which the verdict
// is known to hold. With functions it is as exact as they are. At the zero instant there is no next one.
func (r *Rule[C]) NextChange(c C, at time.Time) (time.Time, bool) {
	if at.IsZero() {
		return time.Time{}, false
	}
	now := micro(at)
	verdict := r.test(c, now)
	for range turnsTried {
		now = r.root.turn(c, now)
		if now == never {
			return time.Time{}, false
		}
		if r.test(c, now) != verdict {
			break
		}
	}
	return instant(now), true
}

// turn returns the first instant after at when the verdict of a node may change, or never.
func (u *unit[C]) turn(c C, at int64) int64 {
	if len(u.kids) == 0 {
		if u.next == nil {
			return never
		}
		return u.next(c, at)
	}
	// One condition is enough to hold a junction: all of several is false as long as any one of them
	// is. So the verdict holds as long as the last of them.
	holds := False
	if u.node.Kind == KindAny {
		holds = True
	}
	held := len(u.kids) > 1 && u.test(c, at) == holds
	first, last := int64(never), at
	for _, k := range u.kids {
		if !held {
			first = min(first, k.turn(c, at))
		} else if k.test(c, at) == holds {
			last = max(last, k.turn(c, at))
		}
	}
	if held {
		return last
	}
	return first
}
