package rfm

// ScoreChange is a change of score that time alone will bring.
type ScoreChange struct {
	// On is the first day with the score. It begins at On.Start(zone).
	On    Day   `json:"on"`
	Score Score `json:"score"`
}

// NextChange returns the next change of a customer's score if they do nothing, so that a shop can score
// them again on that day and not before. It is false where the R score is the lowest already or is lost after
// the year 9999 only, and for prospects. With a nested scheme F and M change along with R.
func (m *Model) NextChange(sum Summary, asOf Day) (change ScoreChange, ok bool, err error) {
	v, ok, err := m.values(sum, asOf)
	if err != nil || !ok {
		return ScoreChange{}, false, err
	}
	change, ok = m.next(v, sum.Last)
	return change, ok, nil
}

func (m *Model) next(v measured, last Day) (ScoreChange, bool) {
	// The steps reached by now come first; of these the last is lost first.
	reached := passed(m.steps.r, -v.days)
	if reached == 0 {
		return ScoreChange{}, false
	}
	v.days = 1 - m.steps.r[reached-1]
	on := int64(last) + v.days
	if on > int64(lastDay) {
		return ScoreChange{}, false
	}
	return ScoreChange{Day(on), m.score(v)}, true
}

// NextSegment returns the next change of score that is also one of segment, see [Model.NextChange]. A map
// for another number of scores is refused.
func (m *Model) NextSegment(sum Summary, asOf Day, segments *Segments) (change ScoreChange, segment Segment, ok bool, err error) {
	now, err := m.Score(sum, asOf)
	if err == nil {
		err = segments.fits(m.scheme)
	}
	if err != nil {
		return ScoreChange{}, Segment{}, false, err
	}
	from := segments.Of(now)
	for {
		if change, ok, err = m.NextChange(sum, asOf); !ok || err != nil {
			return ScoreChange{}, Segment{}, false, err
		}
		if to := segments.Of(change.Score); to != from {
			return change, to, true, nil
		}
		asOf = change.On
	}
}
